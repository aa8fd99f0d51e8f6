import Testing

@testable import BatonCore

/// What a task says and what changes nothing is found before a run.
@Suite struct EffectCheckTests {
    private static func findings(_ change: (inout Plan) -> Void) -> [Diagnostic] {
        var (ada, sh) = (AgentProfile(id: "ada"), AgentProfile(id: "sh"))
        (ada.model, ada.maxConcurrentTasks) = ("ollama/m", 3)
        sh.command = ["true"]
        var plan = Plan(id: "p", agents: [ada, sh], tasks: [TaskSpec(id: "t", description: "Do.")])
        plan.tasks[0].assignedAgent = "ada"
        change(&plan)
        return EffectCheck.diagnostics(of: plan)
    }

    private static func fallback(_ change: (inout TaskFallback) -> Void) -> [Diagnostic] {
        Self.findings { plan in
            var fallback = TaskFallback()
            change(&fallback)
            plan.tasks[0].fallback = fallback
        }
    }

    @Test func `a fallback that names nothing is an error, and one that changes nothing is warned of`() {
        #expect(Self.fallback { _ in }.map(\.severity) == [.error])
        for found in [Self.fallback { $0.assignedAgent = "ada" }, Self.fallback { $0.description = "Do." }] {
            #expect(found.map(\.code) == ["plan.fallback"] && found[0].severity == .warning)
        }
        #expect(Self.fallback { $0.assignedAgent = "sh" }.isEmpty)
        #expect(Self.fallback { $0.model = "ollama/n" }.isEmpty)
    }

    @Test func `a fallback that finds nobody, or a model for a command, is warned of`() {
        let nobody = Self.fallback { $0.agentType = "gardener" }
        #expect(nobody.map(\.severity) == [.warning] && nobody[0].message.contains("finds nobody"))
        let command = Self.fallback { ($0.assignedAgent, $0.model) = ("sh", "ollama/n") }
        #expect(command.map(\.severity) == [.warning] && command[0].message.contains("names a model"))
    }

    @Test func `a call that nobody can share is warned of, with what hinders it`() {
        let hindrance = { (change: @escaping (inout Plan) -> Void) -> String? in
            Self.findings { plan in
                plan.tasks[0].sharesCall = true
                change(&plan)
            }.first?.message
        }
        #expect(hindrance { _ in } == nil)
        #expect(hindrance { $0.tasks[0].assignedAgent = "sh" }?.contains("asks a model") == true)
        #expect(hindrance { $0.agents[0].tools = ["read_file"] }?.contains("tools: []") == true)
        #expect(hindrance { ($0.agents[0].tools, $0.tasks[0].tools) = (["read_file"], []) } == nil)
        #expect(hindrance { $0.agents[0].maxConcurrentTasks = 1 }?.contains("max_concurrent_tasks") == true)
    }
}
