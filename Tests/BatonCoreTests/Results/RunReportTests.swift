import BatonCore
import Testing

/// What a report tells follows from the events alone.
@Suite struct RunReportTests {
    private static func report(_ scene: RunScene) throws -> RunReport {
        try #require(RunReport(scene.facts, at: scene.now))
    }

    private static func scene(_ tasks: [TaskSpec], _ agents: [AgentProfile]? = nil) throws -> RunScene {
        try RunScene(Sketch.plan(agents ?? [Sketch.agent("w", most: 9)], tasks))
    }

    private static func usage(_ tokens: Int64, micros: Int64) -> Usage {
        var usage = Usage()
        usage.tokens = tokens
        usage.money = Money(microUSD: micros)
        return usage
    }

    private static func names(_ tasks: [TaskIndex], _ report: RunReport) -> [TaskID] { tasks.map { report.id($0) } }

    // MARK: Figures

    @Test func `attempts, retries, time and usage are summed`() throws {
        var scene = try Self.scene([Sketch.task("a") { $0.retryDelay = .seconds(1) }, Sketch.task("b")])
        try scene.when(.slots(9))
        scene.pass(.seconds(4))
        let failure = Failure(.transient, "test.fault", "it failed", remedy: "none")
        try scene.when(.returned(scene.key("a"), .failed(failure, Self.usage(3, micros: 10))))
        scene.pass(.seconds(6))
        try scene.when(.tick)
        try scene.when(.slots(9))
        scene.pass(.seconds(2))
        try scene.when(.returned(scene.key("a"), .done(.inline(1), Self.usage(4, micros: 20))))
        try scene.when(.returned(scene.key("b"), .done(.inline(1), .none)))
        let report = try Self.report(scene)
        #expect(report.statistics.attempts == 3)
        #expect(report.statistics.retries == 1)
        #expect(report.statistics.elapsed == .seconds(12))
        #expect(report.statistics.busy == .seconds(4 + 2 + 12))
        #expect(report.statistics.parallelism == 1.5)
        #expect(report.statistics.usage == Self.usage(7, micros: 30))
        #expect(report.tasks[0].took == .seconds(6))
        #expect(report.tasks[0].attempts.map(\.usage.tokens) == [3, 4])
        #expect(Self.names(report.mended.map(\.task), report) == ["a"])
        #expect(report.rootFailures.isEmpty)
        #expect(Self.names(report.slowest(9).map(\.task), report) == ["b", "a"])
    }

    @Test func `processor time is summed and of peaks the highest counts, for each agent and the run`() throws {
        var scene = try Self.scene([Sketch.task("a"), Sketch.task("b"), Sketch.task("c")])
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("a"), .done(.inline(1), Self.counted(.seconds(2), 300))))
        try scene.when(.returned(scene.key("b"), .done(.inline(1), Self.counted(.seconds(3), 200))))
        try scene.when(.returned(scene.key("c"), .done(.inline(1), .none)))
        let report = try Self.report(scene)
        #expect(report.agents[0].usage == Self.counted(.seconds(5), 300))
        #expect(report.statistics.usage == Self.counted(.seconds(5), 300))
        #expect(report.sheet.task(TaskIndex(0))["attempts"]?.elements?.map { $0["cpu_seconds"] } == [2.0])
        // What nobody counted is not nothing.
        #expect(report.sheet.task(TaskIndex(2))["attempts"]?.elements?.map { $0["cpu_seconds"] } == [JSON.null])
        #expect(report.sheet.task(TaskIndex(2))["attempts"]?.elements?.map { $0["peak_memory_bytes"] } == [JSON.null])
    }

    @Test func `nobody is sent to fork a run that would end as it did`() throws {
        var scene = try Self.scene([Sketch.task("a"), Sketch.task("b", after: ["a"]), Sketch.task("c")])
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("c"), .done))
        try scene.when(.skip(TaskIndex(0), note: "not today"), by: .person("ada"))
        try scene.when(.returned(scene.key("a"), .halted))
        #expect(scene.end == .partial)
        #expect(try Self.report(scene).nextSteps == [.use])
    }

    @Test func `a bound of memory gives way to a peak that is no less`() {
        func usage(peak: Int64? = nil, bound: Int64? = nil) -> Usage {
            var usage = Usage()
            usage.peakMemory = peak
            usage.peakMemoryBound = bound
            return usage
        }
        #expect(usage(bound: 30) + .none == usage(bound: 30))
        #expect(usage(bound: 30) + usage(bound: 40) == usage(bound: 40))
        #expect(usage(bound: 30) + usage(peak: 30) == usage(peak: 30))
        // One of the others may have had up to 30.
        #expect(usage(peak: 20) + usage(bound: 30) == usage(bound: 30))
        #expect(usage(peak: 20, bound: 30).storable == usage(bound: 30))
        #expect(usage(bound: -1).storable == usage(bound: 0))
    }

    private static func counted(_ cpu: Duration, _ memory: Int64) -> Usage {
        var usage = Usage()
        usage.cpu = cpu
        usage.peakMemory = memory
        return usage
    }

    @Test func `usage beyond the range stays at its end`() {
        let most = Self.usage(.max, micros: .max)
        #expect(most + most == most)
    }

    @Test func `an attempt in hand has lasted until the report, in a rehearsal until its last event`() throws {
        var scene = try Self.scene([Sketch.task("a")])
        try scene.when(.slots(1))
        let later = scene.now + .seconds(30)
        #expect(try #require(RunReport(scene.facts, at: later)).tasks[0].took == .seconds(30))
        var played = try RunScene(Sketch.plan([Sketch.agent("w")], [Sketch.task("a")]), mode: .rehearsal)
        try played.when(.slots(1))
        #expect(try #require(RunReport(played.facts, at: later)).tasks[0].took == .zero)
    }

    @Test func `a meeting counts once it is held, and keeps all who attend busy`() throws {
        let meeting = Sketch.task("m") {
            $0.isMeeting = true
            $0.attendees = ["v", "w"]
        }
        var scene = try Self.scene(
            [meeting, Sketch.task("after", after: ["m"])],
            [Sketch.agent("v"), Sketch.agent("w")]
        )
        try scene.when(.slots(9))
        #expect(try Self.report(scene).statistics.meetingsHeld == 0)
        scene.pass(.seconds(5))
        try scene.when(.returned(scene.key("m"), .done))
        let report = try Self.report(scene)
        #expect(report.statistics.meetingsHeld == 1)
        #expect(report.statistics.busy == .seconds(10))
        #expect(report.agents.map { $0.attempts + $0.attended } == [1, 1])
        #expect(report.agents.map(\.completed).reduce(0, +) == 1)
    }

    // MARK: Failures

    @Test func `tasks that were skipped or given up because of a failure stand under it`() throws {
        let tasks = [
            Sketch.task("a"), Sketch.task("b", after: ["a"]), Sketch.task("c", after: ["b"]),
            Sketch.task("d", after: ["c"]) { $0.onDependencyFailure = .fail }, Sketch.task("e", after: ["d"]),
            Sketch.task("f"), Sketch.task("g", after: ["f"]), Sketch.task("h"),
        ]
        var scene = try Self.scene(tasks)
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("a"), .fault(.permanent)))
        try scene.when(.returned(scene.key("f"), .fault(.permanent)))
        try scene.when(.returned(scene.key("h"), .done))
        let report = try Self.report(scene)
        #expect(report.failures.map { $0.root.map { report.id($0) } } == ["a", "f"])
        #expect(report.failures.map { Self.names($0.consequences, report) } == [["b", "c", "d", "e"], ["g"]])
        #expect(report.failures.map { $0.failure?.code } == ["test.fault", "test.fault"])
    }

    @Test func `ten thousand tasks in a chain find the failure that they began with`() throws {
        let tasks = (0..<10_000).map { number in
            Sketch.task(TaskID("t\(number)"), after: number == 0 ? [] : [TaskID("t\(number - 1)")])
        }
        var scene = try Self.scene(tasks)
        scene.foldsAlong = false
        try scene.when(.slots(1))
        try scene.when(.returned(scene.key("t0"), .fault(.permanent)))
        let report = try Self.report(scene)
        #expect(report.failures.count == 1)
        #expect(report.failures.first?.consequences.count == 9999)
    }

    @Test func `a task is not blamed for what another had brought down before`() throws {
        var scene = try Self.scene([
            Sketch.task("late"), Sketch.task("early"),
            Sketch.task("both", after: ["late", "early"]) { $0.onDependencyFailure = .fail },
        ])
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("early"), .fault(.permanent)))
        try scene.when(.returned(scene.key("late"), .fault(.permanent)))
        let report = try Self.report(scene)
        let groups = report.failures.map {
            "\($0.root.map { report.id($0) } ?? "-"): \(Self.names($0.consequences, report))"
        }
        #expect(Set(groups) == ["early: [both]", "late: []"])
    }

    @Test func `what a strict task stopped stands under it`() throws {
        var scene = try Self.scene([Sketch.task("a") { $0.strict = true }, Sketch.task("b")])
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("a"), .fault(.permanent)))
        try scene.when(.returned(scene.key("b"), .halted))
        let report = try Self.report(scene)
        #expect(report.failures.count == 1)
        #expect(report.failures.first?.failure?.code == "test.fault")
        #expect(report.failures.map { Self.names($0.consequences, report) } == [["b"]])
    }

    @Test func `a run that was cancelled keeps what is done and names what is not`() throws {
        var scene = try Self.scene([Sketch.task("a"), Sketch.task("b"), Sketch.task("c", after: ["b"])])
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("a"), .done))
        try scene.when(.cancel, by: .person("ada"))
        try scene.when(.returned(scene.key("b"), .halted))
        let report = try Self.report(scene)
        #expect(report.run.output(of: scene.task("a")) == .inline("output"))
        #expect(report.failures.map(\.cause) == [.stop(.person)])
        #expect(report.failures.map { Self.names($0.consequences, report) } == [["b", "c"]])
        #expect(report.decisions.map(\.by) == ["ada"])
        #expect(report.nextSteps == [.runAgain])
    }

    // MARK: People

    @Test func `a decision tells who was asked, who answered what, and how long it waited`() throws {
        let tasks = [Sketch.task("a") { $0.assignedAgent = "ann" }, Sketch.task("b") { $0.assignedAgent = "bob" }]
        let people = [Sketch.agent("ann", type: "person"), Sketch.agent("bob", type: "person")]
        var scene = try Self.scene(tasks, people)
        try scene.when(.slots(9))
        scene.pass(.seconds(10))
        let answer = Answer(.done, content: .inline("yes"), note: "with care")
        try scene.when(.answer(QuestionID(1), answer), by: .person("ann-on-laptop"))
        scene.pass(.seconds(5))
        let report = try Self.report(scene)
        #expect(report.decisions.map(\.isOpen) == [false, true])
        #expect(report.decisions.map { $0.waited(at: report.now) } == [.seconds(10), .seconds(15)])
        #expect(report.decisions[0].by == "ann-on-laptop")
        #expect(report.decisions[0].answer == answer)
        #expect(report.decisions[0].question?.agent == AgentIndex(0))
        // Both waited at the same time: that time counts once, and is nobody's work.
        #expect(report.statistics.waitedForPeople == .seconds(15))
        #expect(report.statistics.busy == .zero)
        #expect(report.nextSteps.first == .answer(try #require(report.decisions[1].question)))
    }

    @Test func `who skips what is in hand is named, though the engine ends it later`() throws {
        var scene = try Self.scene([Sketch.task("a")], [Sketch.agent("w")])
        try scene.when(.slots(9))
        try scene.when(.skip(scene.task("a"), note: "no"), by: .person("ada"))
        try scene.when(.returned(scene.key("a"), .stopped(.none)))
        let report = try Self.report(scene)
        #expect(report.decisions.map(\.by) == ["ada"])
    }

    @Test func `what people did unasked is a decision, and an answer counts once`() throws {
        let tasks = [
            Sketch.task("a") { $0.assignedAgent = "ann" }, Sketch.task("b", after: ["a"]),
            Sketch.task("c", after: ["a"]),
        ]
        var scene = try Self.scene(tasks, [Sketch.agent("ann", type: "person"), Sketch.agent("w")])
        try scene.when(.slots(9))
        try scene.when(.pause(now: false), by: .person("ada"))
        try scene.when(.resume, by: .person("ada"))
        try scene.when(.skip(scene.task("b")), by: .person("ada"))
        try scene.when(.answer(QuestionID(1), Answer(.skip)), by: .person("ann"))
        let report = try Self.report(scene)
        let orders = report.decisions.compactMap { decision -> Decision.Order? in
            if case .order(let order) = decision.matter { return order }
            return nil
        }
        #expect(orders == [.paused, .resumed, .skipped(scene.task("b"), note: "")])
        #expect(report.decisions.count == 4)
        #expect(report.decisions.map(\.by) == ["ann", "ada", "ada", "ada"])
        #expect(Self.names(report.failures.compactMap(\.root), report).contains("a"))
    }

    @Test func `a question whose task ended without an answer is withdrawn`() throws {
        var scene = try Self.scene(
            [Sketch.task("a") { $0.assignedAgent = "ann" }],
            [Sketch.agent("ann", type: "person")]
        )
        try scene.when(.slots(9))
        scene.pass(.seconds(3))
        try scene.when(.cancel, by: .person("ada"))
        let question = try #require(try Self.report(scene).decisions.first { $0.question != nil })
        #expect(!question.isOpen)
        #expect(question.answer == nil)
        #expect(question.waited(at: scene.now + .seconds(99)) == .seconds(3))
    }

    // MARK: Agents

    @Test func `each agent has what it did, what it has in hand and what waits for it`() throws {
        let tasks = ["a", "b", "c", "d"].map { id in
            Sketch.task(id) {
                $0.assignedAgent = "w"
                $0.priority = id == "d" ? 5 : 1
            }
        }
        var scene = try Self.scene(tasks, [Sketch.agent("w"), Sketch.agent("idle")])
        try scene.when(.slots(9))
        scene.pass(.seconds(3))
        try scene.when(.returned(scene.key("d"), .fault(.permanent)))
        try scene.when(.slots(9))
        let report = try Self.report(scene)
        #expect(report.agents.map(\.completed) == [0, 0])
        #expect(report.agents.map(\.failed) == [1, 0])
        #expect(report.agents.map(\.failedAttempts) == [1, 0])
        #expect(report.agents.map(\.inHand) == [["a"], []])
        #expect(report.agents.map(\.waiting) == [["b", "c"], []])
        #expect(report.agentsByWork.map(\.id) == ["w"])
    }

    @Test func `who completed most comes first, then who was busy longest`() throws {
        let tasks = [("a", "x"), ("b", "y"), ("c", "z"), ("d", "z")].map { id, agent in
            Sketch.task(TaskID(id)) { $0.assignedAgent = AgentID(agent) }
        }
        var scene = try Self.scene(tasks, [Sketch.agent("x"), Sketch.agent("y"), Sketch.agent("z", most: 2)])
        try scene.when(.slots(9))
        for id in ["a", "b", "c", "d"] {
            scene.pass(.seconds(id == "b" ? 9 : 1))
            try scene.when(.returned(scene.key(TaskID(id)), .done))
        }
        #expect(try Self.report(scene).agentsByWork.map(\.id) == ["z", "y", "x"])
    }

    // MARK: Any moment

    @Test func `after every event there is a report, and what has completed stays in it`() throws {
        var scene = try Self.scene([Sketch.task("a"), Sketch.task("b", after: ["a"]), Sketch.task("c")])
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("a"), .done))
        try scene.when(.returned(scene.key("c"), .fault(.permanent)))
        try scene.when(.slots(9))
        try scene.when(.cancel, by: .person("ada"))
        try scene.when(.returned(scene.key("b"), .halted))
        var completed = 0
        for count in 1...scene.facts.count {
            let report = try #require(RunReport(Array(scene.facts.prefix(count))))
            #expect(report.run.counts.all.completed >= completed)
            completed = report.run.counts.all.completed
            #expect(!report.nextSteps.isEmpty)
        }
        #expect(completed == 1)
        #expect(RunReport([]) == nil)
        #expect(RunReport(Array(scene.facts.dropFirst())) == nil)
    }

    @Test func `a long run tells only what is notable, and how much it leaves out`() throws {
        let tasks = (0..<300).map { Sketch.task(TaskID("t\($0)")) }
        var scene = try Self.scene(tasks, [Sketch.agent("w", most: 1000)])
        scene.foldsAlong = false
        try scene.when(.slots(1000))
        try scene.when(.returned(scene.key("t7"), .fault(.permanent)))
        #expect(try Self.report(scene).timeline.isNotableOnly == false)
        for number in 0..<300 where number != 7 {
            try scene.when(.returned(scene.key(TaskID("t\(number)")), .done))
        }
        let timeline = try Self.report(scene).timeline
        #expect(timeline.isNotableOnly)
        #expect(timeline.entries.map(\.kind) == ["created", "task_ended", "ended"])
        #expect(timeline.entries[1].agent == "w")
        #expect(timeline.entries.count + timeline.leftOut == 602)
    }

    @Test func `tasks are grouped by type, else by their names without numbers`() throws {
        let tasks = [
            Sketch.task("load-1"), Sketch.task("load-2"), Sketch.task("x") { $0.type = "check" }, Sketch.task("77"),
            Sketch.task("load-03.1") { $0.type = "check" },
        ]
        var scene = try Self.scene(tasks)
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("load-1"), .done))
        try scene.when(.returned(scene.key("x"), .fault(.permanent)))
        let groups = try Self.report(scene).groups
        #expect(groups.map(\.name) == ["load", "check", "77"])
        #expect(groups.map(\.tasks) == [2, 2, 1])
        #expect(groups.map(\.completed) == [1, 0, 0])
        #expect(groups.map(\.failed) == [0, 1, 0])
        #expect(groups.map(\.open) == [1, 1, 1])
    }

    @Test func `of too many groups the smallest are put together`() throws {
        let letters = "abcdefghijklmnopqrstuvwxyz"
        let names = letters.flatMap { first in ["a", "b"].map { "\(first)\($0)" } }
        let scene = try Self.scene((names + ["zz1", "zz2"]).map { Sketch.task(TaskID($0)) })
        let groups = try Self.report(scene).groups
        #expect(groups.count == 40)
        #expect(groups.contains { $0.name == "zz" && $0.tasks == 2 })
        #expect(groups.reduce(0) { $0 + $1.tasks } == names.count + 2)
        #expect(groups.contains { $0.name == TaskGroup.rest })
    }

    @Test func `what to do next follows from how the run stands`() throws {
        var scene = try Self.scene([Sketch.task("a")])
        try scene.when(.slots(9))
        #expect(try Self.report(scene).nextSteps == [.goOn])
        let key = scene.key("a")
        var failed = scene
        try failed.when(.returned(key, .fault(.permanent)))
        let mend = try #require(try Self.report(failed).nextSteps.first)
        guard case .mend(let task, let failure) = mend else {
            Issue.record("\(mend)")
            return
        }
        #expect(task == failed.task("a"))
        #expect(failure.remedy == "none")
        #expect(try Self.report(failed).nextSteps.last == .runAgain)
        try scene.when(.returned(key, .done))
        #expect(try Self.report(scene).nextSteps == [.use])
        var played = try RunScene(Sketch.plan([Sketch.agent("w")], [Sketch.task("a")]), mode: .rehearsal)
        try played.when(.slots(9))
        try played.when(.returned(played.key("a"), .done))
        #expect(try Self.report(played).nextSteps == [.runForReal])
    }
}
