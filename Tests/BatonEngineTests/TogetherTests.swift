import BatonCore
import BatonEngine
import Testing

/// Each pattern in one Swift call.
@Suite struct TogetherTests {
    private static let agents = [
        FunctionAgent("red", type: "painter") { _ in "Red." }, FunctionAgent("crimson", type: "painter") { _ in "red" },
        FunctionAgent("blue", type: "painter") { _ in "blue" },
        FunctionAgent("echo") { work in .array(work.dependencies.map { $0.output ?? .null }) },
        FunctionAgent("bad") { _ in throw Oops() },
    ]

    private struct Oops: Error {}

    private static func task(_ id: TaskID, _ agent: AgentID) -> TaskSpec {
        var task = TaskSpec(id: id)
        (task.assignedAgent, task.maxAttempts) = (agent, 1)
        return task
    }

    private func play(_ body: @Sendable @escaping (Engine, [AgentProfile]) async throws -> Void) async throws {
        try await Engine(agents: Self.agents).running { try await body($0, Self.agents.map(\.profile)) }
    }

    @Test func `a sequence gives each step what came before it, and goes on behind a failure`() async throws {
        try await self.play { engine, team in
            let told = try await engine.sequence(
                [Self.task("", "blue"), Self.task("", "bad"), Self.task("", "echo")],
                among: team
            )
            #expect(told.output?[0]?["output"] == "blue")
            #expect(told.output?[1]?["status"] == "failed")
            #expect(told.output?[2]?["output"] == ["blue", .null])
            #expect(told.output?[2]?["task_id"] == "sequence.3")
        }
    }

    @Test func `functions meet without a plan, hear one another, and what they decide is written down`() async throws {
        let heard = FunctionAgent("eve") { work in
            let said = work.dependencies.compactMap(\.output)
            let isNew = !said.contains("Risk (low): the water is cold")
            return said.contains("Decision: tea\nAction: eve: boil water in 1 days") && isNew
                ? "Risk (low): the water is cold" : "PASS"
        }
        let ann = FunctionAgent("ann") { work in
            work.dependencies.count == 1 ? "Decision: tea\nAction: eve: boil water in 1 days" : "PASS"
        }
        try await Engine(agents: [ann, heard]).running { engine in
            let told = try await engine.meeting(
                "What do we drink?",
                attendees: ["ann", "eve"],
                rounds: 3,
                among: [ann.profile, heard.profile]
            )
            let output = try #require(told.output)
            #expect(output["decisions"] == [["text": "tea", "evidence": ["meeting.ann.r1"]]])
            #expect(output["risks"]?[0]?["evidence"] == ["meeting.eve.r2"])
            #expect(output["action_items"]?[0]?["owner"] == "eve" && output["ended_by"] == "silence")
            let run = try #require(try await engine.journal.heads().first)
            #expect(run.totalTasks == 1)
        }
    }

    @Test func `tasks at once come back in the order of the list`() async throws {
        try await self.play { engine, team in
            let told = try await engine.parallel([Self.task("z", "blue"), Self.task("a", "red")], among: team)
            #expect(told.output?.elements?.compactMap { $0["task_id"]?.string } == ["z", "a"])
        }
    }

    @Test func `parts of one thing are joined as is wanted`() async throws {
        try await self.play { engine, team in
            var second = Self.task("two", "echo")
            second.dependencies = ["one"]
            let parts = [Self.task("one", "blue"), second]
            let told = try await engine.hierarchy("Paint {{it}}.", subtasks: parts, among: team)
            #expect(told.output?["main_task"] == "Paint {{it}}.")
            #expect(told.output?["results"]?[1]?["output"] == ["blue"])
            let made = try await engine.hierarchy(
                "Paint.",
                subtasks: parts,
                aggregation: .synthesis,
                by: "echo",
                among: team
            )
            #expect(made.output == ["blue", ["blue"]])
        }
    }

    @Test func `a decision says what was agreed on, or that nothing was`() async throws {
        try await self.play { engine, team in
            let voters = ["painter", "painter", "painter"]
            let told = try await engine.consensus("Which?", voters: voters, among: team)
            #expect(told.output?["consensus"] == true)
            #expect(told.output?["winning_result"] == "Red.")
            let strict = try await engine.consensus("Which?", voters: voters, minAgreement: 0.7, among: team)
            #expect(strict.output?["consensus"] == false)
            await #expect(throws: BatonError.self) {
                try await engine.consensus("Which?", voters: ["red"], among: team)
            }
        }
    }
}
