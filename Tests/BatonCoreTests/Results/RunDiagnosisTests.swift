import Testing

@testable import BatonCore

/// The figures of a run as a whole, worked out by hand.
@Suite struct RunDiagnosisTests {
    private static func failure(_ kind: Failure.Class) -> Failure {
        Failure(kind, "test.fault", "it broke", remedy: "none")
    }

    /// Ten seconds of two slots: `a` 0 to 4, `b` behind it 4 to 10, `c` 0 to 4 and again 6 to 8, `d` behind `c` never.
    private static func scene() throws -> RunScene {
        var plan = Sketch.plan(
            [Sketch.agent("w"), Sketch.agent("v", most: 2)],
            [
                Sketch.task("a") {
                    $0.assignedAgent = "w"
                    $0.estimatedHours = 0.001
                },
                Sketch.task("b", after: ["a"]) { $0.assignedAgent = "v" },
                Sketch.task("c") {
                    $0.assignedAgent = "v"
                    $0.retryDelay = .seconds(2)
                },
                Sketch.task("d", after: ["c"]) { $0.assignedAgent = "v" },
            ]
        )
        plan.defaults.maxConcurrentTasks = 2
        var scene = try RunScene(plan)
        try scene.when(.slots(9))
        scene.pass(.seconds(4))
        try scene.when(.returned(scene.key("a"), .done))
        try scene.when(.returned(scene.key("c"), .failed(Self.failure(.transient), .none)))
        try scene.when(.slots(9))
        scene.pass(.seconds(2))
        try scene.when(.tick)
        try scene.when(.slots(9))
        scene.pass(.seconds(2))
        try scene.when(.returned(scene.key("c"), .failed(Self.failure(.permanent), .none)))
        scene.pass(.seconds(2))
        try scene.when(.returned(scene.key("b"), .done))
        #expect(scene.end == .partial)
        return scene
    }

    private static func report(_ scene: RunScene) throws -> RunReport {
        try #require(RunReport(scene.facts, at: scene.now))
    }

    private static func names(_ tasks: [TaskIndex], _ report: RunReport) -> [TaskID] { tasks.map { report.id($0) } }

    @Test func `execution and performance are those of the events`() throws {
        let report = try Self.report(try Self.scene())
        let diagnosis = RunDiagnosis(report)
        #expect(diagnosis.elapsed == .seconds(10))
        // a 4 s, b 6 s, c 4 s and 2 s.
        #expect(diagnosis.worked == .seconds(16))
        #expect(diagnosis.slots == 2)
        #expect(diagnosis.parallelEfficiency == 0.8)
        #expect(diagnosis.tasksPerMinute == 12)
        // a and b completed, c failed; d was not tried.
        #expect(diagnosis.successRate == 200.0 / 3)
        #expect(Self.names(diagnosis.criticalPath.tasks, report) == ["a", "b"])
        #expect(diagnosis.criticalPath.duration == .seconds(10))
    }

    @Test func `the time of a run is told in stretches with what was done in each`() throws {
        let stretches = RunDiagnosis(try Self.report(try Self.scene())).stretches
        #expect(stretches.map(\.from) == (0..<10).map { .seconds($0) })
        #expect(stretches.map(\.to) == (1...10).map { .seconds($0) })
        #expect(stretches.map(\.busyShare) == [1, 1, 1, 1, 0.5, 0.5, 1, 1, 0.5, 0.5])
        #expect(stretches.map(\.completed) == [0, 0, 0, 0, 1, 0, 0, 0, 0, 1])
    }

    @Test func `issues say what failed, took too long, was blocked, held the run up and was tried again`() throws {
        let report = try Self.report(try Self.scene())
        let issues = RunDiagnosis(report).issues
        #expect(issues.failures.map(\.code) == ["test.fault"])
        #expect(issues.failures.map { Self.names($0.tasks, report) } == [["c"]])
        #expect(issues.tooLong.map { report.id($0.task) } == ["a"])
        #expect(issues.tooLong.map(\.took) == [.seconds(4)])
        #expect(issues.tooLong.map(\.estimate) == [.milliseconds(3600)])
        #expect(issues.blocked.map { report.id($0.by) } == ["c"])
        #expect(issues.blocked.map { Self.names($0.tasks, report) } == [["d"]])
        #expect(issues.bottlenecks.map { report.name($0.agent) } == ["v", "w"])
        #expect(issues.bottlenecks.map { Self.names($0.tasks, report) } == [["b"], ["a"]])
        #expect(issues.bottlenecks.map(\.time) == [.seconds(6), .seconds(4)])
        #expect(issues.bottlenecks.map(\.share) == [0.6, 0.4])
        #expect(issues.retried.map { report.id($0.task) } == ["c"])
    }

    @Test func `contributions tell how much succeeded and what others built on`() throws {
        let agents = try Self.report(try Self.scene()).agents
        #expect(agents.map(\.successRate) == [100, 50])
        // b of v was begun on the result of a; nothing was begun on that of b.
        #expect(agents.map(\.usedByOthers) == [1, 0])
        #expect(agents.map(\.attempts) == [1, 3])
        #expect(agents.map(\.failedAttempts) == [0, 2])
    }

    @Test func `waiting, running and total time are told of each task, by type and by agent`() throws {
        let report = try Self.report(try Self.scene())
        let times = RunDiagnosis(report).times
        // a 0 to 4, b 4 to 10; c 0 to 4 and 6 to 8, with 2 s of waiting between; d never began.
        #expect(Self.names(times.tasks.map(\.task), report) == ["a", "b", "c"])
        #expect(times.tasks.map(\.total) == [.seconds(4), .seconds(6), .seconds(8)])
        #expect(times.tasks.map(\.running) == [.seconds(4), .seconds(6), .seconds(6)])
        #expect(times.tasks.map(\.waiting) == [.zero, .zero, .seconds(2)])
        #expect(times.byType.map(\.name) == ["a", "b", "c"])
        #expect(times.byAgent.map(\.name) == ["w", "v"])
        let led = times.byAgent[1]
        #expect(led.tasks == 2)
        #expect([led.waiting.mean, led.running.mean, led.total.mean] == [.seconds(1), .seconds(6), .seconds(7)])
        #expect([led.waiting.p95, led.running.p95, led.total.p95] == [.seconds(2), .seconds(6), .seconds(8)])
    }

    @Test func `the 95th percentile is the nearest rank`() {
        let spread = { (count: Int) in RunTimes.Spread((1...count).reversed().map { .seconds($0) }) }
        #expect([1, 2, 19, 20, 21, 100].map { spread($0).p95 } == [1, 2, 19, 19, 20, 95].map { .seconds($0) })
        #expect(spread(100).mean == .milliseconds(50_500))
        #expect(RunTimes.Spread([]).p95 == .zero)
    }

    private static func bottleneck(
        _ change: (inout Plan) -> Void,
        _ play: (inout RunScene) throws -> Void
    ) throws -> RunDiagnosis.Issues.Bottleneck? {
        var plan = Sketch.plan([Sketch.agent("w")], [Sketch.task("a"), Sketch.task("b")])
        change(&plan)
        var scene = try RunScene(plan)
        try scene.when(.slots(9))
        try play(&scene)
        return RunDiagnosis(try Self.report(scene)).issues.bottlenecks.first
    }

    // `a` for 4 s, then `b` for 5 s, which could have begun with it.
    private static func oneByOne(_ scene: inout RunScene) throws {
        scene.pass(.seconds(4))
        try scene.when(.returned(scene.key("a"), .done))
        try scene.when(.slots(9))
        scene.pass(.seconds(5))
        try scene.when(.returned(scene.key("b"), .done))
    }

    // `a` for 3 s, which fail, and after 2 s for 1 s more.
    private static func again(_ scene: inout RunScene) throws {
        scene.pass(.seconds(3))
        try scene.when(.returned(scene.key("a"), .failed(Self.failure(.transient), .none)))
        scene.pass(.seconds(2))
        try scene.when(.tick)
        try scene.when(.slots(9))
        scene.pass(.seconds(1))
        try scene.when(.returned(scene.key("a"), .done))
    }

    private static func once(_ scene: inout RunScene) throws {
        scene.pass(.seconds(3))
        try scene.when(.returned(scene.key("a"), .done))
    }

    // `a` is allowed after 9 s, begins 1 s later and takes 3 s.
    private static func afterApproval(_ scene: inout RunScene) throws {
        scene.pass(.seconds(9))
        try scene.when(.answer(QuestionID(1), Answer(.approve)), by: .person("ada"))
        scene.pass(.seconds(1))
        try scene.when(.slots(9))
        scene.pass(.seconds(3))
        try scene.when(.returned(scene.key("a"), .done))
    }

    @Test func `a bottleneck tells the time lost and one thing to do about it`() throws {
        let busy = try #require(try Self.bottleneck({ _ in }, Self.oneByOne))
        #expect(busy.lost == .seconds(4))
        #expect(busy.remedy == "raise max_concurrent_tasks of w (now 1), or let another agent do such tasks")
        let narrow = try Self.bottleneck(
            { plan in
                plan.agents[0].maxConcurrentTasks = 4
                plan.defaults.maxConcurrentTasks = 1
            },
            Self.oneByOne
        )
        #expect(narrow?.lost == .seconds(4))
        #expect(narrow?.remedy == "raise defaults.max_concurrent_tasks (now 1)")
        let failing = try Self.bottleneck({ $0.tasks = [Sketch.task("a") { $0.retryDelay = .seconds(2) }] }, Self.again)
        #expect(failing?.lost == .seconds(5))
        #expect(failing?.remedy.hasPrefix("mend what fails: `baton why ") == true)
        let asked = try Self.bottleneck(
            { $0.tasks = [Sketch.task("a") { $0.needsApproval = true }] },
            Self.afterApproval
        )
        #expect(asked?.lost == .seconds(1), "nobody waited for the agent while a person was asked")
        let alone = try Self.bottleneck({ $0.tasks = [Sketch.task("a")] }, Self.once)
        #expect(alone?.lost == .zero)
        #expect(alone?.remedy == "split a, its longest task there: nothing waited for w")
    }

    @Test func `slots that stand empty are an issue, with what would fill them`() throws {
        var scene = try RunScene(
            Sketch.plan(
                [Sketch.agent("w", most: 4)],
                [Sketch.task("a"), Sketch.task("b", after: ["a"]), Sketch.task("c", after: ["b"])]
            )
        )
        for (task, seconds) in [("a", 2), ("b", 5), ("c", 3)] {
            try scene.when(.slots(9))
            scene.pass(.seconds(seconds))
            try scene.when(.returned(scene.key(TaskID(task)), .done))
        }
        let underUse = try #require(RunDiagnosis(try Self.report(scene)).issues.underUse)
        #expect(underUse.busyShare == 1.0 / 3)
        #expect(underUse.remedy.hasPrefix("split b, "))
        #expect(RunDiagnosis(try Self.report(try Self.scene())).issues.underUse == nil)
    }

    @Test func `an open question names what waits behind it, and a time limit is an issue`() throws {
        let tasks = [
            Sketch.task("own") { $0.assignedAgent = "ann" },
            Sketch.task("then", after: ["own"]), Sketch.task("last", after: ["then"]),
            Sketch.task("slow") {
                $0.assignedAgent = "w"
                $0.timeout = .seconds(5)
                $0.maxAttempts = 1
            },
        ]
        var scene = try RunScene(Sketch.plan([Sketch.agent("ann", type: "person"), Sketch.agent("w")], tasks))
        try scene.when(.slots(9))
        scene.pass(.seconds(5))
        try scene.when(.tick)
        try scene.when(.returned(scene.key("slow"), .halted))
        let report = try Self.report(scene)
        let diagnosis = RunDiagnosis(report)
        #expect(diagnosis.slots == 1)
        #expect(diagnosis.worked == .seconds(5))
        let issues = diagnosis.issues
        #expect(issues.blocked.map(\.question) == [QuestionID(1)])
        #expect(issues.blocked.map { Self.names($0.tasks, report) } == [["then", "last"]])
        #expect(issues.tooLong.map { report.id($0.task) } == ["slow"])
        #expect(issues.tooLong.map(\.isTimedOut) == [true])
    }

    @Test func `where nothing has happened nothing is made up`() throws {
        let report = try Self.report(try RunScene(Sketch.plan([Sketch.agent("w")], [Sketch.task("a")])))
        let json = JSON.members(RunDiagnosis(report).members(of: report))
        #expect(json["execution"]?["success_rate"] == .null)
        #expect(json["performance"]?["parallel_efficiency"] == .null)
        #expect(json["performance"]?["tasks_per_minute"] == .null)
        #expect(json["performance"]?["over_time"] == [])
        #expect(json["issues"]?["bottlenecks"] == [])
        #expect(json["dependency_graph"] == [["task": "a", "needs": []]])
    }

    @Test func `absurd times of a journal do not trap`() throws {
        var scene = try RunScene(
            Sketch.plan([Sketch.agent("w", most: .max), Sketch.agent("v", most: .max)], [Sketch.task("a")])
        )
        try scene.when(.slots(1))
        scene.append(Recorded(position: Position(4), at: Timestamp(microseconds: .min), by: .engine, event: .paused))
        scene.now = Timestamp(microseconds: .max)
        #expect(RunDiagnosis(try Self.report(scene)).slots == 1)
    }
}
