import BatonCore
import Testing

@Suite struct RuleTests {
    private static let w = Sketch.agent("w")

    // MARK: Dependencies

    @Test(arguments: [
        (TaskSpec.DependencyFailureRule.skip, ["end a failed test.fault", "end b skipped for a", "run failed"]),
        (.fail, ["end a failed test.fault", "end b failed task.dependency", "run failed"]),
        (.run, ["end a failed test.fault"]),
    ])
    func `a failed dependency skips, fails or frees its dependent`(
        rule: TaskSpec.DependencyFailureRule,
        events: [String]
    ) throws {
        let b = Sketch.task("b", after: ["a"]) { $0.onDependencyFailure = rule }
        var scene = try RunScene(Sketch.plan([Self.w], [Sketch.task("a"), b]))
        try scene.when(.slots(1))
        #expect(try Array(scene.when(.returned(scene.key("a"), .fault(.permanent))).dropFirst()) == events)
        if rule == .run {
            #expect(try scene.when(.slots(1)) == ["attempt b#1 by w", "owed b#1.1/1"])
            #expect(try scene.when(.returned(scene.key("b"), .done)).last == "run partial")
        }
    }

    @Test func `a failure runs through a diamond once, and what may run on runs`() throws {
        let tasks = [
            Sketch.task("a"), Sketch.task("b", after: ["a"]),
            Sketch.task("c", after: ["a"]) { $0.onDependencyFailure = .fail },
            Sketch.task("d", after: ["b", "c"]), Sketch.task("e", after: ["b", "c"]) { $0.onDependencyFailure = .run },
            Sketch.task("f", after: ["d"]),
        ]
        var scene = try RunScene(Sketch.plan([Self.w], tasks))
        try scene.when(.slots(1))
        let events = try scene.when(.returned(scene.key("a"), .fault(.permanent)))
        #expect(events.dropFirst().filter { $0.hasPrefix("end d") }.count == 1)
        #expect(
            events.dropFirst() == [
                "end a failed test.fault", "end b skipped for a", "end d skipped for b", "end f skipped for d",
                "end c failed task.dependency",
            ]
        )
        #expect(scene.state("e") == "ready")
    }

    @Test func `a person's skip takes its dependents along`() throws {
        var scene = try RunScene(Sketch.plan([Self.w], [Sketch.task("a"), Sketch.task("b", after: ["a"])]))
        #expect(
            try scene.when(.skip(scene.task("a")), by: .person("ann")) == [
                "end a skipped by person", "end b skipped for a", "run failed",
            ]
        )
        #expect(scene.facts.last?.by == .engine)
        #expect(scene.facts[1].by == .person("ann"))
    }

    @Test func `a chain of ten thousand tasks falls at once`() throws {
        let tasks = (0..<10_000).map { index in
            Sketch.task(TaskID("t\(index)"), after: index == 0 ? [] : [TaskID("t\(index - 1)")])
        }
        var scene = try RunScene(Sketch.plan([Self.w], tasks))
        scene.foldsAlong = false
        try scene.when(.slots(1))
        let events = try scene.when(.returned(scene.key("t0"), .fault(.permanent)))
        #expect(events.count == 10_002)
        #expect(scene.end == .failed)
    }

    @Test func `a task starts only when all it needs has completed`() throws {
        var scene = try RunScene(
            Sketch.plan(
                [Sketch.agent("w", most: 9)],
                [Sketch.task("a"), Sketch.task("b"), Sketch.task("c", after: ["a", "b"])]
            )
        )
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("a"), .done))
        #expect(try scene.when(.slots(9)) == [])
        try scene.when(.returned(scene.key("b"), .done))
        #expect(try scene.when(.slots(9)) == ["attempt c#1 by w", "owed c#1.1/1"])
    }

    // MARK: Strict and limits

    private static func strictPlan() -> Plan {
        Sketch.plan(
            [Sketch.agent("w", most: 2)],
            [Sketch.task("a") { $0.strict = true }, Sketch.task("b"), Sketch.task("c"), Sketch.task("d", after: ["a"])]
        )
    }

    @Test func `a strict task that fails stops the run`() throws {
        var scene = try RunScene(Self.strictPlan())
        try scene.when(.slots(2))
        #expect(
            try scene.when(.returned(scene.key("a"), .fault(.permanent))) == [
                "returned a#1.1/1 failed", "end a failed test.fault", "end d skipped for a", "stopping strict a",
                "stop b#1.1/1 cancelled", "end c cancelled strict a",
            ]
        )
        #expect(scene.changes.stopped == [scene.key("b")])
        #expect(try scene.when(.returned(scene.key("b"), .halted)).last == "run failed")
    }

    @Test func `a strict task that will be tried again stops nothing`() throws {
        var scene = try RunScene(Self.strictPlan())
        try scene.when(.slots(2))
        #expect(try scene.when(.returned(scene.key("a"), .fault(.transient))).last == "rest a test.fault")
    }

    @Test func `the time of a run is limited, also while it is paused`() throws {
        for pauses in [false, true] {
            var scene = try RunScene(
                Sketch.plan([Self.w], [Sketch.task("a"), Sketch.task("b")]) { $0.budget.time = .seconds(10) }
            )
            try scene.when(.slots(1))
            if pauses { try scene.when(.pause(now: false)) }
            #expect(scene.run.nextWake == RunScene.noon + .seconds(10))
            scene.pass(.seconds(10))
            #expect(
                try scene.when(.tick) == [
                    "stopping time_limit", "stop a#1.1/1 cancelled", "end b cancelled time_limit",
                ]
            )
            #expect(try scene.when(.returned(scene.key("a"), .halted)).last == "run failed")
        }
    }

    @Test func `at its time limit a run that has finished something is partial`() throws {
        var scene = try RunScene(
            Sketch.plan([Self.w], [Sketch.task("a"), Sketch.task("b")]) { $0.budget.time = .seconds(10) }
        )
        try scene.when(.slots(1))
        try scene.when(.returned(scene.key("a"), .done))
        scene.pass(.seconds(10))
        #expect(try scene.when(.tick).last == "run partial")
    }

    // MARK: Timeouts and retries

    @Test func `an attempt that takes too long is stopped and tried again`() throws {
        var scene = try RunScene(Sketch.plan([Self.w], [Sketch.task("a") { $0.timeout = .seconds(5) }]))
        try scene.when(.slots(1))
        #expect(scene.changes.started == [scene.key("a")])
        scene.pass(.milliseconds(4999))
        #expect(try scene.when(.tick) == [])
        scene.pass(.milliseconds(1))
        #expect(try scene.when(.tick) == ["stop a#1.1/1 timed_out"])
        #expect(scene.changes.stopped == [scene.key("a")])
        #expect(
            try scene.when(.returned(scene.key("a"), .halted)) == ["returned a#1.1/1 stopped", "rest a step.timed_out"]
        )
        scene.pass(.seconds(1))
        #expect(try scene.when(.tick) == ["ready a"])
        #expect(try scene.when(.slots(1)) == ["attempt a#2 by w", "owed a#2.1/1"])
    }

    @Test func `attempts never exceed the limit, and a pause at once counts for none`() throws {
        var scene = try RunScene(Sketch.plan([Self.w], [Sketch.task("a")]))
        try scene.when(.slots(1))
        try scene.when(.pause(now: true))
        try scene.when(.returned(scene.key("a"), .halted))
        try scene.when(.resume)
        var ends: [String] = []
        for _ in 0..<3 {
            scene.pass(.seconds(60))
            try scene.when(.tick)
            try scene.when(.slots(1))
            ends.append(try scene.when(.returned(scene.key("a"), .fault(.transient))).last ?? "")
        }
        #expect(ends == ["rest a test.fault", "rest a test.fault", "run failed"])
        #expect(scene.run.tasks[0].attempts == 4)
    }

    @Test func `a result with another key than the one owed is recorded and ignored`() throws {
        var scene = try RunScene(Sketch.plan([Sketch.agent("w", type: nil)], [Sketch.task("a"), Sketch.task("b")]))
        let never = StepKey(task: scene.task("b"), attempt: 1, step: 1, delivery: 1)
        try scene.when(.slots(1))
        let first = scene.key("a")
        try scene.when(.recovered(engine: "next"))
        #expect(try scene.when(.returned(first, .done)) == ["stale a#1.1/1"])
        try scene.when(.returned(scene.key("a"), .fault(.transient)))
        scene.pass(.seconds(1))
        try scene.when(.tick)
        #expect(try scene.when(.returned(first, .done)) == ["stale a#1.1/1"])
        #expect(try scene.when(.returned(never, .done)) == ["stale b#1.1/1"])
        #expect(scene.state("a") == "ready")
    }

    @Test func `a stop that nobody asked for is a failure that is tried again`() throws {
        var scene = try RunScene(Sketch.plan([Self.w], [Sketch.task("a")]))
        try scene.when(.slots(1))
        #expect(try scene.when(.returned(scene.key("a"), .halted)).last == "rest a step.stopped")
    }

    @Test func `a clock that goes back does not take events along`() throws {
        var scene = try RunScene(Sketch.plan([Self.w], [Sketch.task("a")]))
        try scene.when(.slots(1))
        scene.now = .zero
        try scene.when(.returned(scene.key("a"), .done))
        #expect(scene.facts.allSatisfy { $0.at == RunScene.noon })
    }

    // MARK: Capacity

    private static func started(_ plan: Plan, slots: Int) throws -> Int {
        var scene = try RunScene(plan)
        return try scene.when(.slots(slots)).filter { $0.hasPrefix("attempt") }.count
    }

    @Test func `agents, slots and the plan each limit what is in hand`() throws {
        let tasks = (0..<9).map { Sketch.task(TaskID("t\($0)")) }
        #expect(try Self.started(Sketch.plan([Self.w], tasks), slots: 9) == 1)
        #expect(try Self.started(Sketch.plan([Sketch.agent("w", most: 4)], tasks), slots: 9) == 4)
        #expect(try Self.started(Sketch.plan([Sketch.agent("w", most: 4)], tasks), slots: 3) == 3)
        #expect(try Self.started(Sketch.plan([Sketch.agent("w", most: 4)], tasks), slots: 0) == 0)
        #expect(
            try Self.started(
                Sketch.plan([Sketch.agent("w", most: 4)], tasks) { $0.defaults.maxConcurrentTasks = 2 },
                slots: 9
            )
                == 2
        )
        #expect(
            try Self.started(
                Sketch.plan([Sketch.agent("w", most: 4)], tasks) { $0.defaults.enableParallelExecution = false },
                slots: 9
            ) == 1
        )
    }

    @Test func `a busy agent blocks nobody else`() throws {
        let tasks = [
            Sketch.task("a") { $0.assignedAgent = "w" }, Sketch.task("b") { $0.assignedAgent = "w" },
            Sketch.task("c") { $0.assignedAgent = "v" },
        ]
        var scene = try RunScene(Sketch.plan([Self.w, Sketch.agent("v")], tasks))
        #expect(
            try scene.when(.slots(9)) == ["attempt a#1 by w", "owed a#1.1/1", "attempt c#1 by v", "owed c#1.1/1"]
        )
    }

    @Test func `a meeting waits until all who attend are free, and takes them all`() throws {
        let tasks = [
            Sketch.task("a") {
                $0.assignedAgent = "v"
                $0.priority = 5
            },
            Sketch.task("m") {
                $0.isMeeting = true
                $0.attendees = ["w", "v"]
                $0.priority = 4
            },
        ]
        var scene = try RunScene(Sketch.plan([Self.w, Sketch.agent("v")], tasks))
        #expect(try scene.when(.slots(9)) == ["attempt a#1 by v", "owed a#1.1/1"])
        try scene.when(.returned(scene.key("a"), .done))
        #expect(try scene.when(.slots(9)) == ["attempt m#1 by v+w", "owed m#1.1/1"])
        #expect(scene.run.records.map(\.inHand) == [1, 1])
    }
}
