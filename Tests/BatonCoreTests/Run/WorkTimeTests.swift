import Testing

@testable import BatonCore

/// Agents and tasks may be worked on for so long, in all their attempts; what a step may take is set aside before it begins.
@Suite struct WorkTimeTests {
    private static func scene(most: Int = 1, tasks: Int = 1, _ change: (inout Plan) -> Void) throws -> RunScene {
        let plan = Sketch.plan(
            [Sketch.agent("a", most: most)],
            (0..<tasks).map { Sketch.task(TaskID("t\($0)")) }
        ) { plan in
            plan.defaults.taskTimeout = .seconds(60)
            change(&plan)
        }
        return try RunScene(plan)
    }

    private static func spent(_ scene: RunScene, _ scope: BudgetScope) -> Duration {
        .microseconds(scene.run.account(of: scope).spent.time)
    }

    @Test func `a task's attempts have its time together, and a person is asked for more`() throws {
        var scene = try Self.scene { $0.tasks[0].budget.workTime = .seconds(10) }
        try scene.when(.slots(9))
        scene.pass(.seconds(4))
        try scene.when(.returned(scene.key("t0"), .fault(.transient)))
        #expect(Self.spent(scene, .task(TaskIndex(0))) == .seconds(4))
        scene.pass(.seconds(100))
        try scene.when(.tick)
        try scene.when(.slots(9))
        scene.pass(.seconds(5))
        #expect(try scene.when(.tick) == [], "the rest between attempts is no work")
        scene.pass(.seconds(1))
        #expect(try scene.when(.tick) == ["stop t0#2.1/1 timed_out"])
        scene.pass(.seconds(2))
        try scene.when(.returned(scene.key("t0"), .stopped(.none)))
        #expect(Self.spent(scene, .task(TaskIndex(0))) == .seconds(10), "never more than was set aside")
        scene.pass(.seconds(100))
        try scene.when(.tick)
        #expect(try scene.when(.slots(9)).last == "asked q1 budget t0")
        let question = try #require(scene.run.openQuestions.first)
        #expect(question.text.hasPrefix("The time of task t0 is used up: 10s of 10s"))
        let answer = try scene.run.answer(.words("1m", .inline("1m")), to: QuestionID(1))
        #expect(answer.choice == .raise(60_000_000))
        try scene.when(.answer(QuestionID(1), answer))
        #expect(try scene.when(.slots(9)) == ["owed t0#3.1/1"])
    }

    @Test func `at a limit that stops the task fails`() throws {
        var scene = try Self.scene {
            ($0.tasks[0].budget.workTime, $0.tasks[0].budget.atLimit) = (.seconds(3), .stop)
        }
        try scene.when(.slots(9))
        scene.pass(.seconds(3))
        #expect(try scene.when(.tick) == ["stop t0#1.1/1 timed_out"])
        try scene.when(.returned(scene.key("t0"), .stopped(.none)))
        scene.pass(.seconds(100))
        try scene.when(.tick)
        #expect(try scene.when(.slots(9)).contains("end t0 failed budget.spent"))
    }

    @Test func `an agent's tasks share its time, and wait for what others give back`() throws {
        var scene = try Self.scene(most: 2, tasks: 2) { $0.agents[0].budget.workTime = .seconds(30) }
        #expect(
            try scene.when(.slots(9)) == ["attempt t0#1 by a", "owed t0#1.1/1", "attempt t1#1 by a"],
            "the first one may take all of it"
        )
        scene.pass(.seconds(10))
        try scene.when(.returned(scene.key("t0"), .done(.inline(1), .none)))
        #expect(try scene.when(.slots(9)) == ["owed t1#1.1/1"])
        scene.pass(.seconds(20))
        #expect(try scene.when(.tick) == ["stop t1#1.1/1 timed_out"])
    }

    @Test func `what fits beside each other runs beside each other`() throws {
        var scene = try Self.scene(most: 2, tasks: 2) {
            $0.agents[0].budget.workTime = .seconds(30)
            for offset in 0..<2 { $0.tasks[offset].timeout = .seconds(15) }
        }
        #expect(try scene.when(.slots(9)).filter { $0.hasPrefix("owed") }.count == 2)
    }

    @Test func `what a crash has cut off does not count, and the next engine goes on with what is left`() throws {
        var scene = try Self.scene {
            $0.tasks[0].budget.workTime = .seconds(10)
            $0.tasks[0].repeatable = true
        }
        try scene.when(.slots(9))
        scene.pass(.seconds(1000))
        #expect(try scene.when(.recovered(engine: "next")) == ["recovered", "owed t0#1.1/2"])
        #expect(Self.spent(scene, .task(TaskIndex(0))) == .zero)
        scene.pass(.seconds(10))
        #expect(try scene.when(.tick) == ["stop t0#1.1/2 timed_out"])
    }

    @Test(arguments: [(90, "90s"), (60, "1m"), (5400, "90m"), (7200, "2h"), (5, "5s"), (7, "7s")])
    func `a limit of time is read as it is told`(seconds: Int, words: String) {
        #expect(Spend.Measure.time.words(Int64(seconds) * 1_000_000) == words)
        #expect(Spend.Measure.time.amount(of: words) == Int64(seconds) * 1_000_000)
        #expect(Spend.Measure.time.amount(of: "soon") == nil && Spend.Measure.time.amount(of: "-1") == nil)
    }
}
