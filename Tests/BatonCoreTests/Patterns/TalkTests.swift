import Testing

@testable import BatonCore

/// Work in rounds: everybody speaks once in each, and hears all that was said before.
@Suite struct TalkTests {
    private static func plan(_ pattern: TeamPattern, _ change: (inout TaskSpec) -> Void = { _ in }) -> Plan {
        var task = TaskSpec(id: "m", description: "What next?")
        (task.pattern, task.rounds, task.voters) = (pattern, 3, ["ann", "bob"])
        change(&task)
        let agents = ["ann", "bob", "jo"].map { AgentProfile(id: AgentID($0)) }
        return Plan(id: "p", agents: agents, tasks: [task])
    }

    @Test func `each round waits for all that was said in the rounds before, also by those who failed`() {
        let plan = Self.plan(.parallel).unfolded
        #expect(plan.tasks.map(\.id) == ["m", "m.1", "m.2", "m.1.r2", "m.2.r2", "m.1.r3", "m.2.r3"])
        #expect(plan.tasks[3].dependencies == ["m.1", "m.2"])
        #expect(plan.tasks[6].dependencies == ["m.1", "m.2", "m.1.r2", "m.2.r2"])
        #expect(plan.tasks[6].onDependencyFailure == .run && plan.tasks[6].assignedAgent == "bob")
        #expect(plan.tasks.dropFirst().allSatisfy { plan.isTalk($0) })
        #expect(plan.unfolded == plan)
        #expect(PlanCheck.diagnostics(of: Self.plan(.parallel)).isEmpty)
    }

    @Test func `what counts in a consensus is what was said last`() throws {
        let plan = Self.plan(.consensus) { $0.judge = "jo" }.unfolded
        let judge = try #require(plan.tasks.first { $0.isJudging })
        #expect(judge.dependencies == ["m.1.r3", "m.2.r3"] && !plan.isTalk(judge))
        let said = [
            ("m.1", "red"), ("m.2", "blue"), ("m.1.r2", "red"), ("m.2.r2", "blue"), ("m.1.r3", "blue"),
            ("m.2.r3", "blue"),
        ]
        let parts = said.map { PartResult(task: TaskID($0.0), output: .string($0.1)) }
        let result = try Ballot.result(of: plan.tasks[0], parts: parts).get()
        #expect(result["consensus"] == true && result["winning_result"] == "blue" && result["total_agents"] == 2)
    }

    @Test func `rounds and managers belong to their patterns`() {
        let found = PlanCheck.diagnostics(
            of: Self.plan(.sequential) { task in
                task.manager = "jo"
                task.voters = []
                task.subtasks = [TaskSpec(id: "x"), TaskSpec(id: "y")]
            }
        )
        #expect(
            Set(found.filter { $0.code == "plan.no_effect" }.map { $0.message.split(separator: " ")[0] }) == [
                "rounds", "manager",
            ]
        )
    }
}
