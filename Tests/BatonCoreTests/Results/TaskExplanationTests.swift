import BatonSimulation
import BatonTestKit
import Testing

@testable import BatonCore

/// What is told of a task beyond its state.
@Suite struct TaskExplanationTests {
    private static func explanation(_ facts: [Recorded], _ task: TaskID) throws -> TaskExplanation {
        try #require(Inquiry(facts, about: task).flatMap { TaskExplanation($0) })
    }

    @Test func `a date is waited for since the last dependency has ended`() throws {
        let plan = Sketch.plan(
            [Sketch.agent("a")],
            [
                Sketch.task("first"),
                Sketch.task("later", after: ["first"]) { $0.scheduledDate = Plan.PlannedDate("2099-01-01") },
            ]
        )
        var scene = try RunScene(plan, mode: .rehearsal)
        scene.pass(.seconds(9))
        try scene.when(.slots(9))
        scene.pass(.seconds(9))
        try scene.when(.returned(scene.key("first"), .done))
        let later = try Self.explanation(scene.facts, "later")
        #expect(later.state.word == "scheduled")
        #expect(later.since == RunScene.noon + .seconds(18))
    }

    @Test func `the wait after a failure has the rule that set it`() throws {
        let failures: [(Failure, Inquiry.RestRule)] = [
            (Failure(.transient, "test.fault", "no", remedy: ""), .doubled(upTo: .seconds(4))),
            (Failure(.transient, "test.fault", "no", remedy: "", retryAfter: .seconds(1)), .doubled(upTo: .seconds(4))),
            (Failure(.transient, "test.fault", "no", remedy: "", retryAfter: .seconds(90)), .retryAfter(.seconds(90))),
        ]
        for (failure, rule) in failures {
            var scene = try RunScene(
                Sketch.plan([Sketch.agent("a")], [Sketch.task("t") { $0.retryDelay = .seconds(4) }])
            )
            try scene.when(.slots(9))
            try scene.when(.returned(scene.key("t"), .failed(failure, .none)))
            let rest = try #require(Inquiry(scene.facts, about: "t")?.rests.first)
            #expect(rest.rule == rule)
        }
        var scene = try RunScene(Sketch.plan([Sketch.agent("a")], [Sketch.task("t")]))
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("t"), .fault(.transient)))
        let event = Event.taskRested(TaskIndex(0), until: scene.now + .seconds(77), failures[0].0)
        let forged =
            scene.facts.dropLast() + [Recorded(position: scene.run.head, at: scene.now, by: .engine, event: event)]
        #expect(Inquiry(Array(forged), about: "t")?.rests.first?.rule == .other)
    }

    @Test func `a task that is ready may lack both somebody free and room`() throws {
        let plan = Sketch.plan([Sketch.agent("a")], [Sketch.task("one"), Sketch.task("two")]) {
            $0.defaults.maxConcurrentTasks = 1
        }
        var scene = try RunScene(plan)
        #expect(try Self.explanation(scene.facts, "two").waits == [.engine])
        try scene.when(.slots(9))
        #expect(try Self.explanation(scene.facts, "two").waits == [.busyAgents([AgentIndex(0)]), .room(limit: 1)])
    }

    @Test func `whose work keeps an agent busy is asked first`() throws {
        let plan = Sketch.plan(
            [Sketch.agent("p", type: "person")],
            [Sketch.task("one") { $0.assignedAgent = "p" }, Sketch.task("two") { $0.assignedAgent = "p" }]
        )
        var scene = try RunScene(plan)
        try scene.when(.slots(9))
        let two = try Self.explanation(scene.facts, "two")
        #expect(two.waits == [.busyAgents([AgentIndex(0)])])
        #expect(two.advice == [.answer(QuestionID(1)), .resume])
    }

    @Test func `whoever can answer is told to, not only to look`() throws {
        let plan = Sketch.plan(
            [Sketch.agent("a"), Sketch.agent("p", type: "person")],
            [
                Sketch.task("ask") { $0.assignedAgent = "p" }, Sketch.task("mid", after: ["ask"]),
                Sketch.task("last", after: ["mid"]),
            ]
        )
        var scene = try RunScene(plan)
        try scene.when(.slots(9))
        let last = try Self.explanation(scene.facts, "last")
        #expect(last.advice == [.answer(QuestionID(1)), .lookAt(TaskIndex(0)), .resume])
    }

    @Test func `attempts that do not count are told as such, and do not use up the limit`() throws {
        var scene = try RunScene(Sketch.plan([Sketch.agent("a")], [Sketch.task("t") { $0.maxAttempts = 1 }]))
        try scene.when(.slots(9))
        try scene.when(.pause(now: true))
        try scene.when(.returned(scene.key("t"), .halted))
        try scene.when(.resume)
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("t"), .fault(.transient)))
        let told = try Self.explanation(scene.facts, "t")
        #expect(told.attempts.map(\.sequel) == [.uncounted, .limit(1)])
    }

    @Test func `who skipped a task is known though its attempt stopped later`() throws {
        var scene = try RunScene(Sketch.plan([Sketch.agent("a")], [Sketch.task("t")]))
        try scene.when(.slots(9))
        try scene.when(.skip(TaskIndex(0)), by: .person("ada"))
        try scene.when(.returned(scene.key("t"), .halted))
        #expect(try Self.explanation(scene.facts, "t").endedBy == .person("ada"))
    }

    @Test func `an attempt that came back with a blocker is over, and does not count`() throws {
        var scene = try RunScene(Sketch.plan([Sketch.agent("a")], [Sketch.task("t")]))
        try scene.when(.slots(9))
        let blocked = Failure(.blocked, "agent.blocked", "no key", remedy: "answer")
        try scene.when(.returned(scene.key("t"), .failed(blocked, .none)))
        let waiting = try Self.explanation(scene.facts, "t")
        #expect(waiting.attempts.map(\.sheet.result) == ["blocked"])
        #expect(waiting.waits == [.answer(QuestionID(1))])
        try scene.when(.answer(QuestionID(1), Answer(.again, content: .inline("so"))), by: .person("ada"))
        try scene.when(.slots(9))
        let going = try Self.explanation(scene.facts, "t")
        #expect(going.attempts.map(\.sheet.result) == ["blocked", "running"])
        #expect(going.attempts.first?.sequel == .uncounted)
    }

    @Test func `over seeds every task at every moment is explained without a trap`() throws {
        var sequels: Set<String> = []
        for seed: UInt64 in 0..<40 {
            let facts = try Schedule.seed(seed).history()
            for count in stride(from: 1, through: facts.count, by: 7) {
                let part = Array(facts.prefix(count))
                let plan = try #require(Inquiry(part, about: nil)).run.plan
                for task in plan.tasks {
                    let inquiry = try #require(Inquiry(part, about: task.id))
                    let told = try #require(TaskExplanation(inquiry))
                    _ = told.json(inquiry)
                    // Cut in the middle of what one command brought, a task may be about to be skipped.
                    let isFalling = told.state.word == "waiting" && inquiry.openDependencies(of: told.task).isEmpty
                    #expect(told.state.isEnded == told.waits.isEmpty || isFalling)
                    #expect(!told.attempts.contains { $0.sequel == .unknown }, "seed \(seed), \(task.id), \(count)")
                    for account in told.attempts {
                        sequels.insert("\(account.sequel.map { "\($0)" } ?? "none")".prefix { $0 != "(" }.description)
                    }
                }
            }
        }
        #expect(sequels.isSuperset(of: ["none", "nextTry", "permanent", "limit", "uncounted", "person"]), "\(sequels)")
    }
}
