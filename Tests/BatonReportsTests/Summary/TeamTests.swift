import BatonReports
import BatonTestKit
import Testing

@testable import BatonCore

/// What `baton status` and `baton agents` say of a team.
@Suite struct TeamTests {
    private static func plan(_ tasks: [TaskSpec]) -> Plan {
        var cook = AgentProfile(id: "cook")
        cook.command = ["cook"]
        cook.capabilities = ["cooking"]
        cook.maxConcurrentTasks = 2
        var taster = AgentProfile(id: "taster")
        taster.type = "person"
        return Plan(id: "kitchen", agents: [cook, taster], tasks: tasks)
    }

    private static func task(_ id: TaskID, by agent: AgentID, type: String? = nil) -> TaskSpec {
        var task = TaskSpec(id: id)
        task.assignedAgent = agent
        task.type = type
        task.maxAttempts = 1
        return task
    }

    private static func stage() throws -> RunStage {
        var stage = RunStage(
            Self.plan([
                Self.task("soup", by: "cook", type: "boil"), Self.task("salad", by: "cook"),
                Self.task("bread", by: "cook"), Self.task("cake", by: "cook", type: "bake"),
                Self.task("verdict", by: "taster"),
            ])
        )
        try stage.start()
        try stage.finish("soup")
        try stage.start()
        try stage.fail("salad", Failure(.permanent, "exec.exit", "burnt", remedy: "stir"))
        try stage.start()
        return stage
    }

    private static func sheet(_ stage: RunStage) throws -> RunSheet { try #require(RunSheet(stage.facts)) }

    @Test func `agents of several runs that are equal are one`() throws {
        let sheet = try Self.sheet(try Self.stage())
        let team = TeamStatus([sheet, sheet])
        #expect(team.members.map(\.profile.id) == ["cook", "taster"])
        #expect(team.members[0].pieces.map(\.task) == ["bread", "cake", "bread", "cake"])
        #expect(team.members[0].load == 2)
        var other = Self.plan([Self.task("x", by: "cook")])
        other.agents[0].command = ["chef"]
        var stage = RunStage(other)
        try stage.start()
        #expect(TeamStatus([sheet, try Self.sheet(stage)]).members.count == 3)
    }

    @Test func `figures are those of the events`() throws {
        let team = TeamStatus([try Self.sheet(try Self.stage())])
        #expect(team.runningAttempts == 3)
        #expect(team.queueLength == 0)
        #expect(team.openQuestions == 1)
        #expect(team.successRate == 50)
        #expect(team.types.map(\.type) == ["command", "person"])
        #expect(team.capabilities.map(\.capability) == ["cooking"])
        #expect(team.runs[0].currentState == ["bread", "bake", "verdict"])
        #expect(team.members.map(\.successRate) == [50, nil])
        #expect(team.json["capability_counts"] == ["cooking": 1])
        #expect(TeamStatus([]).successRate == nil)
    }

    @Test func `a low success rate is a warning with the commonest failure`() throws {
        let team = TeamStatus([try Self.sheet(try Self.stage())])
        #expect(team.warning(below: 80)?.code == "exec.exit")
        #expect(team.warning(below: 80)?.count == 1)
        #expect(team.warning(below: 50) == nil)
        #expect(TeamStatus([]).warning(below: 100) == nil)
    }

    @Test func `a team is told of in a few lines that fit`() throws {
        var stage = try Self.stage()
        stage.now = stage.now + .seconds(5)
        let team = TeamStatus([try Self.sheet(stage)])
        let viewer = Viewer(
            width: 80,
            now: stage.now,
            timeOfDay: { CivilDate($0).time },
            command: { $0.joined(separator: " ") }
        )
        let lines = TeamLines(team, for: viewer).status(warningBelow: 80).map(\.plain)
        #expect(lines.allSatisfy { TextWidth.of($0) <= 80 })
        for words in [
            "1 run, 2 agents, 3 attempts in hand, 0 ready, 1 question open",
            "1 of 5 tasks completed, 1 failed, 50%",
            "below 80%: the commonest failure, of 1 task, is [exec.exit] burnt",
            "capabilities: cooking 1",
            "demo-1: running, 40%, 3 in hand, 0 ready, now: bread, bake, verdict",
            "cook    command   2/2      1     1       50%   bread for 5.0 s, cake for 5.0 s",
            "taster  person    1/1      0     0             verdict for 5.0 s",
        ] { #expect(lines.contains { $0.contains(words) }, "\(words) in \(lines)") }
        let nobody = TeamLines(TeamStatus([]), for: viewer).status(warningBelow: 80)
        #expect(nobody.map(\.plain) == ["no run goes on here"])
    }
}
