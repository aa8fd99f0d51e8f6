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
        case "blocked approval":
            scene = try Self.begin { $0.needsApproval = true }
            try scene.when(.slots(1))
        case "blocked blocker":
            scene = try Self.running()
            let failure = Failure(.blocked, "agent.blocked", "no key", remedy: "answer")
            try scene.when(.returned(scene.key("x"), .failed(failure, .none)))
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
        "answer how", "answer approve", "answer assign", "answer skip", "answer fail", "pause", "pause now", "resume",
        "cancel", "skip",
        "retry", "reprioritize", "add", "edit", "steer",
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
        case "answer how": return .answer(question, Answer(.again, content: .inline("by the side door")))
        case "answer approve": return .answer(question, Answer(.approve))
        case "answer assign": return .answer(question, Answer(.assign(AgentIndex(0))))
        case "answer skip": return .answer(question, Answer(.skip))
        case "answer fail": return .answer(question, Answer(.fail))
        case "pause": return .pause(now: false)
        case "pause now": return .pause(now: true)
        case "resume": return .resume
        case "cancel": return .cancel
        case "skip": return .skip(scene.task("x"))
        case "retry": return .retry(scene.task("x"))
        case "reprioritize": return .reprioritize(scene.task("x"), 5)
        case "add": return .add([Sketch.task("new", after: ["x"])])
        case "edit":
            var spec = scene.run.spec(scene.task("x"))
            spec.description = "another"
            return .edit(scene.task("x"), spec)
        case "steer": return .steer(.task(scene.task("x")), .inline("hear"))
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

    @Test(arguments: Self.table.keys.sorted() + Self.blockedTable.keys.sorted())
    func `every command in every state gives named events or a refusal`(state: String) throws {
        let expected = try #require(Self.table[state] ?? Self.blockedTable[state])
        let rows = expected.split(separator: "\n").map { $0.split(separator: ":", maxSplits: 1).map(String.init) }
        #expect(rows.map { $0[0] } == Self.commands)
        for row in rows {
            let outcome = try Self.outcome(of: row[0], in: state)
            #expect(row[1] == " \(outcome)", "\(row[0]): \(outcome)")
        }
    }

    @Test func `a task that is not in the plan cannot be skipped`() throws {
        var scene = try Self.running()
        #expect(scene.refusal(of: .skip(TaskIndex(99))) == "run.state")
        #expect(scene.refusal(of: .skip(TaskIndex(-1))) == "run.state")
    }
}
