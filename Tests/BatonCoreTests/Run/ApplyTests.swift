import Testing

@testable import BatonCore

@Suite struct ApplyTests {
    private static func plan() -> Plan {
        Sketch.plan(
            [Sketch.agent("w", most: 2), Sketch.agent("p", type: "person")],
            [
                Sketch.task("a"), Sketch.task("b", after: ["a"]),
                Sketch.task("c", after: ["a"]) { $0.onDependencyFailure = .run },
                Sketch.task("d") { $0.assignedAgent = "p" },
            ]
        )
    }

    private static func key(_ task: Int, _ attempt: Int32 = 1, _ step: Int32 = 1, _ delivery: Int32 = 1) -> StepKey {
        StepKey(task: TaskIndex(task), attempt: attempt, step: step, delivery: delivery)
    }

    private static let lead = Assignment(lead: AgentIndex(0), agents: [AgentIndex(0)])
    private static let failure = Failure(.transient, "test.fault", "it failed", remedy: "none")

    private static func question(_ kind: Question.Kind, _ task: Int, id: Int = 1) -> Question {
        Question(
            id: QuestionID(id),
            kind: kind,
            task: TaskIndex(task),
            agent: nil,
            text: "?",
            options: [],
            deadline: nil
        )
    }

    private static func misfits() -> [Event] {
        let seed = RunSeed(run: RunID("r"), plan: Self.plan(), stored: .zero, seed: 1, mode: .real, engine: "test")
        let none = Assignment(lead: AgentIndex(0), agents: [])
        let stranger = Assignment(lead: AgentIndex(9), agents: [AgentIndex(9)])
        let absent = Assignment(lead: AgentIndex(0), agents: [AgentIndex(1)])
        return [
            .created(seed), .attemptStarted(TaskIndex(0), attempt: 2, Self.lead),
            .attemptStarted(TaskIndex(1), attempt: 1, Self.lead), .attemptStarted(TaskIndex(9), attempt: 1, Self.lead),
            .attemptStarted(TaskIndex(0), attempt: 1, none), .attemptStarted(TaskIndex(0), attempt: 1, stranger),
            .attemptStarted(TaskIndex(0), attempt: 1, absent), .stepOwed(Self.key(0), .perform),
            .stepOwed(Self.key(9), .perform), .stopRequested(Self.key(0), .cancelled),
            .stepReturned(Self.key(0), .done), .stepReturned(Self.key(99), .done), .stepLost(Self.key(0)),
            .taskRested(TaskIndex(9), until: .zero, Self.failure), .taskReady(TaskIndex(0)), .taskReady(TaskIndex(9)),
            .taskReady(TaskIndex(1)), .taskRested(TaskIndex(1), until: .zero, Self.failure),
            .taskRested(TaskIndex(0), until: .zero, Self.failure),
            .taskEnded(TaskIndex(9), .skipped(.person(note: ""))),
            .asked(Self.question(.work, 0)), .asked(Self.question(.unknownOutcome, 0)),
            .asked(Self.question(.staffing, 1)), .asked(Self.question(.staffing, 0, id: 2)),
            .asked(Self.question(.staffing, 9)), .answered(QuestionID(1), Answer(.done)), .resumed, .ended(.completed),
        ]
    }

    @Test func `an event that does not fit damages the run and changes nothing else`() throws {
        for event in Self.misfits() {
            let fresh = try RunScene(Self.plan()).run
            try Self.expectDamage(event, to: fresh)
        }
    }

    private static func expectDamage(_ event: Event, to run: Run) throws {
        var run = run
        let before = Essence(run)
        var changes = Changes()
        run.apply(Recorded(position: run.head.next, at: run.now, by: .engine, event: event), &changes)
        #expect(run.damage == run.head.next, "\(event)")
        #expect(Essence(run) == before, "\(event)")
        #expect(changes.started.isEmpty && changes.stopped.isEmpty)
        #expect(run.nextWake == nil)
        var out = Emission()
        do {
            try run.handle(.cancel, at: run.now, by: .engine, &out)
            Issue.record("a damaged run was acted on")
        } catch {
            #expect(error.code == "run.damaged")
        }
        run.apply(Recorded(position: run.head.next, at: run.now, by: .engine, event: .paused), &changes)
        #expect(Essence(run) == before)
    }

    @Test func `misfits of a run in hand, with a question and at its end are damage too`() throws {
        var scene = try RunScene(Self.plan())
        try scene.when(.slots(8))
        for event: Event in [
            .attemptStarted(TaskIndex(0), attempt: 2, Self.lead), .stepOwed(Self.key(0), .perform),
            .stepOwed(Self.key(0, 1, 2), .perform), .stepOwed(Self.key(0, 1, 1, 3), .perform),
            .stepOwed(Self.key(0, 2), .perform), .stepReturned(Self.key(0, 1, 1, 2), .done),
            .taskEnded(TaskIndex(0), .completed(.inline(nil))), .taskRested(TaskIndex(0), until: .zero, Self.failure),
            .answered(QuestionID(1), Answer(.assign(AgentIndex(9)))), .answered(QuestionID(2), Answer(.done)),
            .taskReady(TaskIndex(3)), .asked(Self.question(.work, 0, id: 2)), .ended(.failed), .resumed,
        ] { try Self.expectDamage(event, to: scene.run) }
        try scene.when(.cancel)
        try Self.expectDamage(.stopping(.person), to: scene.run)
        try Self.expectDamage(.ended(.cancelled), to: scene.run)
        try Self.expectDamage(.paused, to: scene.run)
        try scene.when(.returned(scene.key("a"), .halted))
        #expect(scene.end == .cancelled)
        try Self.expectDamage(.recovered(engine: "next"), to: scene.run)
    }

    @Test(arguments: [-1, 0, 2, 99])
    func `a gap in the positions is damage`(step: Int64) throws {
        var run = try RunScene(Self.plan()).run
        var changes = Changes()
        let place = Position(run.head.value + step)
        run.apply(Recorded(position: place, at: run.now, by: .engine, event: .paused), &changes)
        #expect(run.damage == place)
    }

    @Test func `a run is folded only from created at position one`() throws {
        let facts = try RunScene(Self.plan()).facts
        #expect(Run(facts[0]) != nil)
        let late = Recorded(position: Position(2), at: .zero, by: .engine, event: facts[0].event)
        #expect(Run(late) == nil)
        #expect(Run(Recorded(position: Position(1), at: .zero, by: .engine, event: .paused)) == nil)
    }

    // MARK: Properties

    @Test func `random events in random order never trap, and after damage nothing changes`() throws {
        var draws = SplitMix64(seed: 21)
        let fresh = try RunScene(Self.plan()).run
        var fitted = 0
        for _ in 0..<150 {
            var run = fresh
            var changes = Changes()
            for _ in 0..<40 {
                let event = Self.event(&draws, run)
                let before = Essence(run)
                let wasDamaged = run.damage != nil
                let at = Timestamp(
                    microseconds: draws.chance(5) ? Int64(bitPattern: draws.next()) : run.now.microseconds
                )
                run.apply(Recorded(position: run.head.next, at: at, by: .engine, event: event), &changes)
                if run.damage != nil { #expect(Essence(run) == before) } else { fitted += 1 }
                if wasDamaged { break }
                // Most misfits are taken back, so that the walk gets far.
                if run.damage != nil, draws.chance(95) { run.damage = nil }
            }
            run.damage = nil
            Self.act(on: &run, &draws)
        }
        #expect(fitted > 600)
    }

    // Whatever fits may have been read from a journal: no command may trap on it.
    private static func act(on run: inout Run, _ draws: inout SplitMix64) {
        for _ in 0..<12 {
            var out = Emission()
            let key = run.owed.keys.sorted().first ?? run.stopping.keys.sorted().first ?? Self.key(draws.below(4))
            let question = run.openQuestions.first?.id ?? QuestionID(1)
            let commands: [Command] = [
                .slots(4), .tick, .recovered(engine: "next"), .returned(key, .done), .returned(key, .fault(.transient)),
                .answer(question, Answer(.done)), .answer(question, Answer(.again)), .pause(now: true), .resume,
                .skip(TaskIndex(draws.below(4))), .slots(1), .returned(key, .halted), .cancel,
                .retry(TaskIndex(draws.below(6))), .reprioritize(TaskIndex(draws.below(6)), draws.below(7)),
                .add([Self.newTask(&draws)]), .edit(TaskIndex(draws.below(4)), Self.newTask(&draws)),
                .steer(.task(TaskIndex(draws.below(6))), .inline("x")),
            ]
            try? run.handle(
                commands[draws.below(commands.count)],
                at: run.now + .seconds(draws.below(5000)),
                by: .engine,
                &out
            )
        }
    }

    private static func newTask(_ draws: inout SplitMix64, id: TaskID? = nil) -> TaskSpec {
        var task = TaskSpec(id: id ?? TaskID("n\(draws.below(30))"), description: "\(draws.below(9))")
        if draws.chance(50) { task.dependencies = [TaskID("t\(draws.below(14))")] }
        if draws.chance(20) { task.followUps = [TaskID("t\(draws.below(14))")] }
        if draws.chance(20) { task.requiredSkills = ["go": Double(1 + draws.below(9))] }
        task.onDependencyFailure = [.skip, .run, .fail][draws.below(3)]
        return task
    }

    private static func event(_ draws: inout SplitMix64, _ run: Run) -> Event {
        let task = TaskIndex(draws.below(5))
        let record = run.record(task)
        let attempt = (record?.attempts ?? 0) + (draws.chance(70) ? 0 : 1)
        let owed = run.owed.keys.sorted()
        var key = Self.key(task.offset, attempt, 1 + Int32(draws.below(2)), 1 + Int32(draws.below(2)))
        if !owed.isEmpty, draws.chance(60) { key = owed[draws.below(owed.count)] }
        switch draws.below(27) {
        case 22: return .tasksAdded([Self.newTask(&draws)])
        case 23: return .taskEdited(task, Self.newTask(&draws, id: run.record(task).map { _ in run.spec(task).id }))
        case 24: return .taskReprioritized(task, priority: Int32(draws.below(7)))
        case 25: return .tasksReset(draws.chance(50) ? [task] : [task, TaskIndex(draws.below(5))])
        case 26:
            return .steered(Directive(number: Int32(run.directives.count + 1), audience: .task(task), text: .inline(1)))
        case 0...2: return .attemptStarted(task, attempt: (record?.attempts ?? 0) + 1, Self.lead)
        case 3...5: return .stepOwed(draws.chance(30) ? key.redelivered : key, .perform)
        case 6: return .stopRequested(key, [.timedOut, .cancelled, .skipped(note: ""), .paused][draws.below(4)])
        case 7, 8:
            return .stepReturned(
                run.stopping.keys.sorted().first ?? key,
                [.done, .halted, .fault(.transient)][draws.below(3)]
            )
        case 9: return .stepLost(key)
        case 10: return .staleResult(key)
        case 11: return .taskRested(task, until: run.now + .seconds(draws.below(100)), Self.failure)
        case 12: return .taskReady(task)
        case 13:
            return .taskEnded(
                task,
                [.completed(.inline(1)), .failed(Self.failure), .skipped(.person(note: "")), .cancelled(.person)][
                    draws.below(4)
                ]
            )
        case 14, 15:
            return .asked(
                Self.question([.work, .staffing, .unknownOutcome][draws.below(3)], task.offset, id: run.asked + 1)
            )
        case 16, 17:
            let choices: [Answer.Choice] = [.done, .fail, .skip, .again, .assign(AgentIndex(draws.below(4)))]
            return .answered(QuestionID(1 + draws.below(max(1, run.asked))), Answer(choices[draws.below(5)]))
        case 18: return .paused
        case 19: return .resumed
        case 20: return draws.chance(10) ? .stopping(.person) : .recovered(engine: "x")
        default: return draws.chance(10) ? .ended(.completed) : .staleResult(key)
        }
    }

    @Test func `random commands keep the books: folding gives the same run and the same decisions`() throws {
        for seed in 0..<14 {
            var draws = SplitMix64(seed: UInt64(seed) + 100)
            var scene = try RunScene(Self.wilder(&draws))
            for _ in 0..<40 where scene.end == nil { try Self.step(&scene, &draws) }
            #expect(scene.run.damage == nil)
        }
    }

    private static func step(_ scene: inout RunScene, _ draws: inout SplitMix64) throws {
        do {
            let keys = (Array(scene.run.owed.keys) + Array(scene.run.stopping.keys)).sorted()
            switch draws.below(16) {
            case 12: try scene.when(.retry(TaskIndex(draws.below(16))))
            case 13: try scene.when(.reprioritize(TaskIndex(draws.below(16)), 1 + draws.below(5)))
            case 14: try scene.when(.add([Self.newTask(&draws)]))
            case 15:
                let task = TaskIndex(draws.below(14))
                try scene.when(.edit(task, Self.newTask(&draws, id: scene.run.spec(task).id)))
            case 0...3: try scene.when(.slots(1 + draws.below(4)))
            case 4...6:
                guard !keys.isEmpty else { return }
                let result: [StepResult] = [.done, .fault(.transient), .fault(.transient), .fault(.permanent), .halted]
                try scene.when(.returned(keys[draws.below(keys.count)], result[draws.below(5)]))
            case 7, 8:
                scene.pass(.seconds(draws.below(900)))
                try scene.when(.tick)
            case 9: try scene.when(draws.chance(30) ? .pause(now: draws.chance(50)) : .resume)
            case 10: try scene.when(draws.chance(20) ? .recovered(engine: "next") : .skip(TaskIndex(draws.below(30))))
            default:
                guard let question = scene.run.openQuestions.first else { return }
                let choices: [Answer.Choice] = [.done, .again, .assign(AgentIndex(draws.below(2))), .fail]
                try scene.when(.answer(question.id, Answer(choices[draws.below(4)])))
            }
        } catch is Refusal {}
    }

    private static func wilder(_ draws: inout SplitMix64) -> Plan {
        var w = Sketch.agent("w", most: 1 + draws.below(2))
        w.skillLevels = ["go": 5]
        var v = Sketch.agent("v", type: draws.chance(30) ? "person" : "function")
        v.repeatable = draws.chance(50)
        let tasks = (0..<14).map { index in
            Sketch.task(
                TaskID("t\(index)"),
                after: index > 3 && draws.chance(40) ? [TaskID("t\(draws.below(index))")] : []
            ) {
                $0.priority = 1 + draws.below(5)
                if draws.chance(30) { $0.requiredSkills = ["go": Double(1 + draws.below(7))] }
                if draws.chance(30) { $0.assignedAgent = draws.chance(50) ? "w" : "v" }
                if draws.chance(15) {
                    $0.isMeeting = true
                    $0.attendees = ["w", "v"]
                }
                $0.timeout = .seconds(2000)
                $0.onDependencyFailure = [.skip, .run, .fail][draws.below(3)]
            }
        }
        return Sketch.plan([w, v], tasks) { $0.staffing = draws.chance(60) ? .strict : .bestAvailable }
    }
}
