import BatonCore
import BatonTestKit
import Testing

/// `baton stats`, against the real program.
@Suite(.ownThreads, .timeLimit(.minutes(30))) struct StatsCommandTests {
    @Test func `many runs are told by plan, and by agent if that is wanted`() throws {
        let folder = try TemporaryFolder()
        let baton = Binary(folder: folder.path)
        #expect(try baton("stats").code == 66)
        #expect(try baton("ask", "--command", "cat", "one").code == 0)
        #expect(try baton("ask", "--command", "false", "two").code == 1)
        #expect(try baton("ask", "--command", "cat", "three", "--id", "mine").code == 0)
        let told = try baton("stats", "--agents").output
        #expect(told.contains("PLAN"))
        #expect(told.contains("AGENT"))
        let json = try JSON(parsing: Array(try baton("stats", "--agents", "--json").output.utf8))
        #expect(json["runs"] == 3)
        #expect(json["plans"]?.elements?.map { $0["plan"] } == ["ask"])
        #expect(json["plans"]?[0]?["runs"] == 3)
        #expect(json["plans"]?[0]?["failed"] == 1)
        let cat = try #require(json["agents"]?.elements?.first { $0["agent"] == "cat" })
        #expect(cat["runs"] == 2)
        #expect(cat["success_rate"] == 100.0)
        let newest = try JSON(parsing: Array(try baton("stats", "--last", "1", "--json").output.utf8))
        #expect(newest["runs"] == 1)
        #expect(newest["agents"] == JSON.null)
        #expect(try baton("stats", "--last", "0").code == 64)
    }

    private static let plan = """
        project_id: twice
        defaults: {max_retry_attempts: 1}
        agents:
          - {agent_id: good, command: [cat]}
          - {agent_id: bad, command: [sh, -c, "test -e mended && echo yes"]}
        tasks:
          - {task_id: a, assigned_agent: good}
          - {task_id: b, assigned_agent: bad, dependencies: [a]}
        """

    @Test func `what a fork shares with another run counts once, and an end that is partial is not a failure`() throws {
        let folder = try TemporaryFolder()
        let baton = Binary(folder: folder.path)
        _ = try folder.write(Self.plan, to: "plan.yml")
        #expect(try baton("run", "plan.yml", "--id", "one").code == 1)
        _ = try folder.write("", to: "mended")
        #expect(try baton("fork", "one", "--id", "two", "--retry", "b").code == 0)
        #expect(try baton("resume", "two").code == 0)
        func json(_ arguments: String...) throws -> JSON {
            try JSON(parsing: Array(try baton.run(arguments + ["--json"]).output.utf8))
        }
        let told = try json("stats", "--agents")
        #expect(told["plans"]?.elements?.map { $0["plan"] } == ["twice"])
        #expect(told["plans"]?[0]?["partial"] == 1)
        #expect(told["plans"]?[0]?["failed"] == 0)
        let attempts = told["agents"]?.elements?.map { [$0["agent"], $0["runs"], $0["attempts"], $0["failed"]] }
        #expect(attempts == [["bad", 2, 2, 1], ["good", 1, 1, 0]])
        let lines = try baton("stats").output.split(separator: "\n").map { $0.split(separator: " ") }
        #expect(lines.first?.starts(with: ["PLAN", "RUNS", "DONE", "PARTIAL", "FAILED"]) == true)
        #expect(lines.last?.prefix(5) == ["twice", "2", "1", "1", "0"])
        // The agents of the fork did only what came after it.
        let agents = try #require(try json("agents", "two")["agents"]?.elements)
        #expect(agents.map { [$0["completed"], $0["failed"]] } == [[0, 0], [1, 0]])
        let report = try #require(try json("report", "two")["agents"]?.elements)
        #expect(report.map { [$0["agent"], $0["attempts"], $0["failed_attempts"]] }.contains(["bad", 1, 0]))
    }
}
