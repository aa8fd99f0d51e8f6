import BatonCore
import BatonReports
import BatonTestKit
import Testing

/// What `baton show --diagnostics` says of a run.
@Suite struct DiagnosisTests {
    @Test func `a run is diagnosed in lines that fit`() throws {
        var cook = AgentProfile(id: "cook")
        cook.command = ["cook"]
        cook.maxConcurrentTasks = 2
        var taster = AgentProfile(id: "taster")
        taster.type = "person"
        var tasks = ["soup", "salad"].map { TaskSpec(id: $0) }
        for place in tasks.indices {
            tasks[place].assignedAgent = "cook"
            tasks[place].maxAttempts = 1
        }
        tasks.append(TaskSpec(id: "menu", dependencies: ["salad"]))
        tasks[2].assignedAgent = "cook"
        tasks.append(TaskSpec(id: "verdict"))
        tasks[3].assignedAgent = "taster"
        tasks.append(TaskSpec(id: "dessert", dependencies: ["verdict"]))
        var stage = RunStage(Plan(id: "kitchen", agents: [cook, taster], tasks: tasks))
        try stage.start()
        try stage.pass(.seconds(10))
        try stage.finish("soup")
        try stage.fail("salad", Failure(.permanent, "exec.exit", "burnt", remedy: "stir"))
        try stage.pass(.seconds(10))
        let viewer = Viewer(
            width: 70,
            now: stage.now,
            timeOfDay: { CivilDate($0).time },
            command: { $0.joined(separator: " ") }
        )
        let report = try #require(RunReport(stage.facts, at: stage.now))
        let lines = DiagnosisLines(report, for: viewer).lines.map(\.plain)
        #expect(lines.allSatisfy { TextWidth.of($0) <= 70 })
        for words in [
            "1 of 5 tasks completed, 1 failed: 50% of those tried", "3 attempts, 0 after a first one",
            "20 s in all, 3.0 tasks completed a minute", "20 s of work on 2 slots, 50% of what they could do",
            "critical path, 10 s: soup", "0 ms to 2.0 s", "100% busy, 0 completed", "0%   busy, 0 completed",
            "cook    1     1       2         20 s         0",
            "failed, 1 task: [exec.exit] burnt", "blocked by salad, 1 task: menu",
            "blocked: verdict waits for an answer to q1, with 1 task behind it: ",
            "bottleneck: cook had 100% of the critical path, 10 s", "menu needs salad",
            "what would help: split soup, its longest task there",
            "agent  cook   2      0 ms    0 ms  10 s  10 s  10 s    10 s", "soup needs nothing",
        ] { #expect(lines.contains { $0.contains(words) }, "\(words) in \(lines)") }
    }
}
