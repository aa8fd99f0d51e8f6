import Testing

@testable import BatonCore

/// Which model is asked for a task.
@Suite struct ModelTierTests {
    private static func plan(_ change: (inout Plan) -> Void = { _ in }) -> Plan {
        var agent = AgentProfile(id: "ada")
        (agent.model, agent.fallbackModels) = ("ollama/own", ["ollama/spare"])
        var plan = Plan(id: "p", agents: [agent], tasks: [TaskSpec(id: "a")])
        plan.modelTiers = [
            Plan.ModelTier("simple", ["ollama/small"]), Plan.ModelTier("complex", ["ollama/large"]),
        ]
        change(&plan)
        return plan
    }

    @Test(
        arguments: [
            (nil, nil, "ollama/own"), (nil, "simple", "ollama/small"), (nil, "complex", "ollama/large"),
            ("ollama/this", "simple", "ollama/this"), ("ollama/this", nil, "ollama/this"),
        ] as [(String?, String?, String)]
    )
    func `the task's own goes before that of its complexity, and both before the agent's`(
        model: String?,
        complexity: String?,
        first: String
    ) {
        let plan = Self.plan { ($0.tasks[0].model, $0.tasks[0].complexity) = (model, complexity) }
        #expect(plan.models(of: plan.agents[0], for: plan.tasks[0]) == [first, "ollama/spare"])
    }

    @Test func `a complexity without a model is refused with the nearest`() {
        let found = PlanCheck.diagnostics(of: Self.plan { $0.tasks[0].complexity = "simpel" })
        #expect(found.contains { $0.code == "plan.unknown_tier" && $0.remedy == "did you mean simple?" })
        #expect(
            !PlanCheck.diagnostics(of: Self.plan { $0.tasks[0].complexity = "simple" }).contains {
                $0.severity == .error
            }
        )
    }

    @Test func `a tier of no known provider is warned of`() {
        let found = PlanCheck.diagnostics(
            of: Self.plan { $0.modelTiers[0] = Plan.ModelTier("simple", ["nobody/m"]) }
        )
        #expect(found.contains { $0.code == "plan.not_yet" && $0.message.contains("nobody/m") })
    }

    @Test func `prices are kept of all models, and one without a price is found behind a budget of money`() {
        let table = PriceTable.known
        var plan = Self.plan {
            $0.agents[0].model = "claude-haiku-4-5"
            $0.agents[0].fallbackModels = []
            $0.modelTiers = [Plan.ModelTier("simple", ["claude-sonnet-4-5"])]
            $0.tasks[0].model = "lab/unknown"
        }
        #expect(table.part(for: plan).all.map(\.name) == ["anthropic/claude-haiku-4-5", "anthropic/claude-sonnet-4-5"])
        #expect(table.missing(for: plan) == nil)
        plan.budget.money = Money(microUSD: 1)
        #expect(table.missing(for: plan) == "lab/unknown")
        plan.agents[0].type = "person"
        #expect(table.missing(for: plan) == nil)
    }

    @Test func `what is set aside for a question is by the price of the task's model`() throws {
        var reserved: [Money] = []
        for model in ["claude-haiku-4-5", "claude-opus-4-5"] {
            var plan = Self.plan { $0.tasks[0].model = model }
            plan.budget.money = Money(microUSD: 100_000_000)
            var scene = try RunScene(plan, prices: .known)
            try scene.when(.slots(9))
            guard case .model(let call)? = scene.run.owed[scene.key("a")]?.request else { continue }
            reserved.append(call.reserved?.money ?? .zero)
        }
        #expect(reserved.count == 2 && reserved[0] < reserved[1], "\(reserved)")
    }
}
