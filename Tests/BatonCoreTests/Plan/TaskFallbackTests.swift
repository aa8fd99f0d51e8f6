import Testing

@testable import BatonCore

/// What of a task its other way takes over, and what it leaves.
@Suite struct TaskFallbackTests {
    private static let failure = Failure(.permanent, "test.broken", "it broke {{tasks.t.output}}", remedy: "none")

    private static func fallenBack(_ change: (inout TaskFallback) -> Void) throws -> TaskSpec {
        var task = TaskSpec(id: "t", description: "Brew.")
        (task.assignedAgent, task.model, task.input) = ("ada", "lab/m", ["cups": 2])
        var fallback = TaskFallback()
        change(&fallback)
        task.fallback = fallback
        var plan = Plan(id: "p", agents: [AgentProfile(id: "ada"), AgentProfile(id: "bob")], tasks: [task])
        let taken = plan.take(.taskFellBack(TaskIndex(0), Self.failure))
        #expect(taken)
        return plan.tasks[0]
    }

    @Test func `another type takes the place of the agent, and the rest stays`() throws {
        let task = try Self.fallenBack { $0.agentType = "brewer" }
        #expect(task.agentType == "brewer" && task.assignedAgent == nil)
        #expect(task.model == "lab/m" && task.description == "Brew.")
    }

    @Test func `another model or tier takes the place of the model, and the agent stays`() throws {
        let model = try Self.fallenBack { $0.model = "lab/n" }
        #expect(model.model == "lab/n" && model.assignedAgent == "ada")
        let tier = try Self.fallenBack { $0.complexity = "deep" }
        #expect(tier.model == nil && tier.complexity == "deep" && tier.assignedAgent == "ada")
    }

    @Test func `what failed stands in the input as words, and there is no third way`() throws {
        let task = try Self.fallenBack { $0.description = "Buy." }
        #expect(task.description == "Buy." && task.fallback == nil)
        #expect(task.input["cups"] == 2 && task.input["failure"]?["code"] == "test.broken")
        #expect(task.input["failure"]?["message"]?.string?.contains("{{") == false)
    }
}
