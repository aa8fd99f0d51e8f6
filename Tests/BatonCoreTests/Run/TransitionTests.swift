import BatonCore
import Testing

/// Every pair of a task's state and a command, and of a run's phase and a command: named events or a refusal.
@Suite struct TransitionTests {
    /// `x` is the task in question; `y` waits for it; `z` is elsewhere and already done, so that a run may end partial.
    private static func plan(_ x: TaskSpec) -> Plan {
        Sketch.plan(
            [Sketch.agent("w"), Sketch.agent("p", type: "person")],
            [
                Sketch.task("z") {
                    $0.priority = 5
                    $0.assignedAgent = "w"
                }, x, Sketch.task("y", after: ["x"]) { $0.assignedAgent = "w" },
            ]
        ) { $0.staffing = .strict }
    }

    private static func begin(mode: RunMode = .real, _ edit: (inout TaskSpec) -> Void = { _ in }) throws -> RunScene {
        var scene = try RunScene(
            Self.plan(
                Sketch.task("x") {
                    $0.assignedAgent = "w"
                    edit(&$0)
                }
            ),
            mode: mode
        )
        // The way into a state is checked elsewhere.
        scene.foldsAlong = false
        try scene.when(.slots(1))
        try scene.when(.returned(scene.key("z"), .done))
        return scene
    }

    private static func running() throws -> RunScene {
        var scene = try Self.begin()
        try scene.when(.slots(1))
        return scene
    }

    private static func scene(_ name: String) throws -> RunScene {
        var scene: RunScene
        switch name {
        case "waiting":
            scene = try RunScene(
                Sketch.plan([Sketch.agent("w")], [Sketch.task("b"), Sketch.task("x", after: ["b"])])
            )
        case "scheduled":
            scene = try Self.begin(mode: .rehearsal) { $0.scheduledDate = Plan.PlannedDate("2027-01-16") }
            scene.now = scene.now + .seconds(86_400)
        case "ready": scene = try Self.begin()
        case "running": scene = try Self.running()
        case "stopping timed_out":
            scene = try Self.running()
            scene.pass(.seconds(3600))
            try scene.when(.tick)
        case "stopping skipped":
            scene = try Self.running()
            try scene.when(.skip(scene.task("x")))
        case "stopping paused":
            scene = try Self.running()
            try scene.when(.pause(now: true))
            try scene.when(.resume)
        case "resting":
            scene = try Self.running()
            try scene.when(.returned(scene.key("x"), .fault(.transient)))
        case "blocked work":
            scene = try Self.begin {
                $0.assignedAgent = "p"
                $0.timeout = .seconds(3600)
            }
            try scene.when(.slots(1))
        case "blocked staffing":
            scene = try Self.begin {
                $0.assignedAgent = nil
                $0.requiredSkills = ["law": 9]
            }
            try scene.when(.slots(1))
        case "blocked unknown":
            scene = try Self.running()
            try scene.when(.recovered(engine: "test"))
        case "ended":
            scene = try Self.running()
            try scene.when(.returned(scene.key("x"), .done))
        case "run paused":
            scene = try Self.running()
            try scene.when(.pause(now: false))
        case "run paused at once":
            scene = try Self.running()
            try scene.when(.pause(now: true))
        case "run stopping":
            scene = try Self.running()
            try scene.when(.cancel)
        case "run ended":
            scene = try Self.begin()
            try scene.when(.cancel)
        default: throw Unknown(name: name)
        }
        // Whatever waits for time is due.
        if let wake = scene.run.nextWake { scene.now = max(scene.now, wake) }
        return scene
    }

    private struct Unknown: Error {
        let name: String
    }

    private static let commands = [
        "done", "failed", "permanent", "stopped", "stale", "slots", "tick", "recovered", "answer done", "answer again",
        "answer assign", "answer skip", "answer fail", "pause", "pause now", "resume", "cancel", "skip",
    ]

    private static func command(_ name: String, _ scene: RunScene) throws -> Command {
        let question = scene.run.openQuestions.first?.id ?? QuestionID(1)
        let key = scene.key("x")
        switch name {
        case "done": return .returned(key, .done)
        case "failed": return .returned(key, .fault(.transient))
        case "permanent": return .returned(key, .fault(.permanent))
        case "stopped": return .returned(key, .halted)
        case "stale": return .returned(key.redelivered, .done)
        case "slots": return .slots(8)
        case "tick": return .tick
        case "recovered": return .recovered(engine: "next")
        case "answer done": return .answer(question, Answer(.done))
        case "answer again": return .answer(question, Answer(.again))
        case "answer assign": return .answer(question, Answer(.assign(AgentIndex(0))))
        case "answer skip": return .answer(question, Answer(.skip))
        case "answer fail": return .answer(question, Answer(.fail))
        case "pause": return .pause(now: false)
        case "pause now": return .pause(now: true)
        case "resume": return .resume
        case "cancel": return .cancel
        case "skip": return .skip(scene.task("x"))
        default: throw Unknown(name: name)
        }
    }

    private static func outcome(of command: String, in name: String) throws -> String {
        var scene = try Self.scene(name)
        let given = try Self.command(command, scene)
        scene.foldsAlong = true
        do {
            let events = try scene.when(given)
            return events.isEmpty ? "nothing" : events.joined(separator: ", ")
        } catch let refusal as Refusal {
            return "refused \(refusal.code)"
        }
    }

    @Test(arguments: Self.table.keys.sorted())
    func `every command in every state gives named events or a refusal`(state: String) throws {
        let expected = try #require(Self.table[state])
        let rows = expected.split(separator: "\n").map { $0.split(separator: ":", maxSplits: 1).map(String.init) }
        #expect(rows.map { $0[0] } == Self.commands)
        for row in rows {
            #expect("\(row[0]):\(row[1])" == "\(row[0]): \(try Self.outcome(of: row[0], in: state))")
        }
    }

    @Test func `a task that is not in the plan cannot be skipped`() throws {
        var scene = try Self.running()
        #expect(scene.refusal(of: .skip(TaskIndex(99))) == "run.state")
        #expect(scene.refusal(of: .skip(TaskIndex(-1))) == "run.state")
    }

    private static let table: [String: String] = [
        "waiting": """
        done: stale x#1.1/1
        failed: stale x#1.1/1
        permanent: stale x#1.1/1
        stopped: stale x#1.1/1
        stale: stale x#1.1/2
        slots: attempt b#1 by w, owed b#1.1/1
        tick: nothing
        recovered: recovered
        answer done: refused question.closed
        answer again: refused question.closed
        answer assign: refused question.closed
        answer skip: refused question.closed
        answer fail: refused question.closed
        pause: paused
        pause now: paused
        resume: refused run.state
        cancel: stopping person, end b cancelled person, end x cancelled person, run cancelled
        skip: end x skipped by person
        """,
        "scheduled": """
        done: stale x#1.1/1
        failed: stale x#1.1/1
        permanent: stale x#1.1/1
        stopped: stale x#1.1/1
        stale: stale x#1.1/2
        slots: nothing
        tick: ready x
        recovered: recovered
        answer done: refused question.closed
        answer again: refused question.closed
        answer assign: refused question.closed
        answer skip: refused question.closed
        answer fail: refused question.closed
        pause: paused
        pause now: paused
        resume: refused run.state
        cancel: stopping person, end x cancelled person, end y cancelled person, run cancelled
        skip: end x skipped by person, end y skipped for x, run partial
        """,
        "ready": """
        done: stale x#1.1/1
        failed: stale x#1.1/1
        permanent: stale x#1.1/1
        stopped: stale x#1.1/1
        stale: stale x#1.1/2
        slots: attempt x#1 by w, owed x#1.1/1
        tick: nothing
        recovered: recovered
        answer done: refused question.closed
        answer again: refused question.closed
        answer assign: refused question.closed
        answer skip: refused question.closed
        answer fail: refused question.closed
        pause: paused
        pause now: paused
        resume: refused run.state
        cancel: stopping person, end x cancelled person, end y cancelled person, run cancelled
        skip: end x skipped by person, end y skipped for x, run partial
        """,
        "running": """
        done: returned x#1.1/1 done, end x completed
        failed: returned x#1.1/1 failed, rest x test.fault
        permanent: returned x#1.1/1 failed, end x failed test.fault, end y skipped for x, run partial
        stopped: returned x#1.1/1 stopped, rest x step.stopped
        stale: stale x#1.1/2
        slots: nothing
        tick: stop x#1.1/1 timed_out
        recovered: recovered, lost x#1.1/1, asked q1 unknown_outcome x
        answer done: refused question.closed
        answer again: refused question.closed
        answer assign: refused question.closed
        answer skip: refused question.closed
        answer fail: refused question.closed
        pause: paused
        pause now: paused, stop x#1.1/1 paused
        resume: refused run.state
        cancel: stopping person, stop x#1.1/1 cancelled, end y cancelled person
        skip: stop x#1.1/1 skipped
        """,
        "stopping timed_out": """
        done: returned x#1.1/1 done, end x completed
        failed: returned x#1.1/1 failed, rest x step.timed_out
        permanent: returned x#1.1/1 failed, rest x step.timed_out
        stopped: returned x#1.1/1 stopped, rest x step.timed_out
        stale: stale x#1.1/2
        slots: nothing
        tick: nothing
        recovered: recovered, returned x#1.1/1 stopped, rest x step.timed_out
        answer done: refused question.closed
        answer again: refused question.closed
        answer assign: refused question.closed
        answer skip: refused question.closed
        answer fail: refused question.closed
        pause: paused
        pause now: paused
        resume: refused run.state
        cancel: stopping person, end y cancelled person
        skip: refused run.state
        """,
        "stopping skipped": """
        done: returned x#1.1/1 done, end x skipped by person, end y skipped for x, run partial
        failed: returned x#1.1/1 failed, end x skipped by person, end y skipped for x, run partial
        permanent: returned x#1.1/1 failed, end x skipped by person, end y skipped for x, run partial
        stopped: returned x#1.1/1 stopped, end x skipped by person, end y skipped for x, run partial
        stale: stale x#1.1/2
        slots: nothing
        tick: nothing
        recovered: recovered, returned x#1.1/1 stopped, end x skipped by person, end y skipped for x, run partial
        answer done: refused question.closed
        answer again: refused question.closed
        answer assign: refused question.closed
        answer skip: refused question.closed
        answer fail: refused question.closed
        pause: paused
        pause now: paused
        resume: refused run.state
        cancel: stopping person, end y cancelled person
        skip: refused run.state
        """,
        "stopping paused": """
        done: returned x#1.1/1 done, end x completed
        failed: returned x#1.1/1 failed, ready x
        permanent: returned x#1.1/1 failed, ready x
        stopped: returned x#1.1/1 stopped, ready x
        stale: stale x#1.1/2
        slots: nothing
        tick: nothing
        recovered: recovered, returned x#1.1/1 stopped, ready x
        answer done: refused question.closed
        answer again: refused question.closed
        answer assign: refused question.closed
        answer skip: refused question.closed
        answer fail: refused question.closed
        pause: paused
        pause now: paused
        resume: refused run.state
        cancel: stopping person, end y cancelled person
        skip: refused run.state
        """,
        "resting": """
        done: stale x#1.1/1
        failed: stale x#1.1/1
        permanent: stale x#1.1/1
        stopped: stale x#1.1/1
        stale: stale x#1.1/2
        slots: nothing
        tick: ready x
        recovered: recovered
        answer done: refused question.closed
        answer again: refused question.closed
        answer assign: refused question.closed
        answer skip: refused question.closed
        answer fail: refused question.closed
        pause: paused
        pause now: paused
        resume: refused run.state
        cancel: stopping person, end x cancelled person, end y cancelled person, run cancelled
        skip: end x skipped by person, end y skipped for x, run partial
        """,
        "blocked work": """
        done: stale x#1.1/1
        failed: stale x#1.1/1
        permanent: stale x#1.1/1
        stopped: stale x#1.1/1
        stale: stale x#1.1/2
        slots: nothing
        tick: rest x step.timed_out
        recovered: recovered
        answer done: answered q1 done, end x completed
        answer again: refused question.answer
        answer assign: refused question.answer
        answer skip: answered q1 skip, end x skipped by person, end y skipped for x, run partial
        answer fail: answered q1 fail, end x failed person.failed, end y skipped for x, run partial
        pause: paused
        pause now: paused
        resume: refused run.state
        cancel: stopping person, end x cancelled person, end y cancelled person, run cancelled
        skip: end x skipped by person, end y skipped for x, run partial
        """,
        "blocked staffing": """
        done: stale x#1.1/1
        failed: stale x#1.1/1
        permanent: stale x#1.1/1
        stopped: stale x#1.1/1
        stale: stale x#1.1/2
        slots: nothing
        tick: nothing
        recovered: recovered
        answer done: refused question.answer
        answer again: refused question.answer
        answer assign: answered q1 assign w
        answer skip: answered q1 skip, end x skipped by person, end y skipped for x, run partial
        answer fail: answered q1 fail, end x failed person.failed, end y skipped for x, run partial
        pause: paused
        pause now: paused
        resume: refused run.state
        cancel: stopping person, end x cancelled person, end y cancelled person, run cancelled
        skip: end x skipped by person, end y skipped for x, run partial
        """,
        "blocked unknown": """
        done: stale x#1.1/1
        failed: stale x#1.1/1
        permanent: stale x#1.1/1
        stopped: stale x#1.1/1
        stale: stale x#1.1/2
        slots: nothing
        tick: nothing
        recovered: recovered
        answer done: answered q1 done, end x completed
        answer again: answered q1 again
        answer assign: refused question.answer
        answer skip: answered q1 skip, end x skipped by person, end y skipped for x, run partial
        answer fail: answered q1 fail, end x failed person.failed, end y skipped for x, run partial
        pause: paused
        pause now: paused
        resume: refused run.state
        cancel: stopping person, end x cancelled person, end y cancelled person, run cancelled
        skip: end x skipped by person, end y skipped for x, run partial
        """,
        "ended": """
        done: stale x#1.1/1
        failed: stale x#1.1/1
        permanent: stale x#1.1/1
        stopped: stale x#1.1/1
        stale: stale x#1.1/2
        slots: attempt y#1 by w, owed y#1.1/1
        tick: nothing
        recovered: recovered
        answer done: refused question.closed
        answer again: refused question.closed
        answer assign: refused question.closed
        answer skip: refused question.closed
        answer fail: refused question.closed
        pause: paused
        pause now: paused
        resume: refused run.state
        cancel: stopping person, end y cancelled person, run cancelled
        skip: refused run.state
        """,
        "run paused": """
        done: returned x#1.1/1 done, end x completed
        failed: returned x#1.1/1 failed, rest x test.fault
        permanent: returned x#1.1/1 failed, end x failed test.fault, end y skipped for x, run partial
        stopped: returned x#1.1/1 stopped, rest x step.stopped
        stale: stale x#1.1/2
        slots: nothing
        tick: stop x#1.1/1 timed_out
        recovered: recovered, lost x#1.1/1, asked q1 unknown_outcome x
        answer done: refused question.closed
        answer again: refused question.closed
        answer assign: refused question.closed
        answer skip: refused question.closed
        answer fail: refused question.closed
        pause: refused run.state
        pause now: refused run.state
        resume: resumed
        cancel: stopping person, stop x#1.1/1 cancelled, end y cancelled person
        skip: stop x#1.1/1 skipped
        """,
        "run paused at once": """
        done: returned x#1.1/1 done, end x completed
        failed: returned x#1.1/1 failed, ready x
        permanent: returned x#1.1/1 failed, ready x
        stopped: returned x#1.1/1 stopped, ready x
        stale: stale x#1.1/2
        slots: nothing
        tick: nothing
        recovered: recovered, returned x#1.1/1 stopped, ready x
        answer done: refused question.closed
        answer again: refused question.closed
        answer assign: refused question.closed
        answer skip: refused question.closed
        answer fail: refused question.closed
        pause: refused run.state
        pause now: refused run.state
        resume: resumed
        cancel: stopping person, end y cancelled person
        skip: refused run.state
        """,
        "run stopping": """
        done: returned x#1.1/1 done, end x cancelled person, run cancelled
        failed: returned x#1.1/1 failed, end x cancelled person, run cancelled
        permanent: returned x#1.1/1 failed, end x cancelled person, run cancelled
        stopped: returned x#1.1/1 stopped, end x cancelled person, run cancelled
        stale: stale x#1.1/2
        slots: nothing
        tick: nothing
        recovered: recovered, returned x#1.1/1 stopped, end x cancelled person, run cancelled
        answer done: refused question.closed
        answer again: refused question.closed
        answer assign: refused question.closed
        answer skip: refused question.closed
        answer fail: refused question.closed
        pause: refused run.state
        pause now: refused run.state
        resume: refused run.state
        cancel: refused run.state
        skip: refused run.state
        """,
        "run ended": """
        done: nothing
        failed: nothing
        permanent: nothing
        stopped: nothing
        stale: nothing
        slots: nothing
        tick: nothing
        recovered: nothing
        answer done: refused question.closed
        answer again: refused question.closed
        answer assign: refused question.closed
        answer skip: refused question.closed
        answer fail: refused question.closed
        pause: refused run.state
        pause now: refused run.state
        resume: refused run.state
        cancel: refused run.state
        skip: refused run.state
        """,
    ]
}
