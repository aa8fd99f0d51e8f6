import BatonCore
import Testing

/// A run under test: built from a plan, fed commands, read as short lines.
///
/// After every command it checks that folding the emitted facts gives an equal run, and before, that the folded run
/// would have decided the same.
struct RunScene {
    private(set) var run: Run
    private(set) var facts: [Recorded]
    private(set) var changes = Changes()
    var now: Timestamp
    var foldsAlong = true

    init(
        _ plan: Plan,
        mode: RunMode = .real,
        seed: UInt64 = 1,
        prices: PriceTable = .none,
        at: Timestamp = RunScene.noon
    ) throws {
        let seed = RunSeed(
            run: RunID("r"),
            plan: plan,
            stored: .zero,
            seed: seed,
            mode: mode,
            engine: "test",
            prices: prices
        )
        var out = Emission()
        self.run = Run.create(seed, at: at, by: .engine, &out)
        self.facts = out.facts
        self.now = at
    }

    static let noon = Timestamp(microseconds: 1_800_000_000_000_000)

    /// Puts a command to the run and reads what it emits.
    @discardableResult
    mutating func when(_ command: Command, by: Origin = .engine) throws -> [String] {
        let twin = self.foldsAlong ? Self.fold(self.facts) : nil
        let first = self.facts.count
        try self.handle(command, by: by)
        if var twin {
            var out = Emission()
            try twin.handle(command, at: self.now, by: by, &out)
            #expect(out.facts.map(\.event) == self.facts[first...].map(\.event), "a folded run decides the same")
            #expect(Essence(twin) == Essence(self.run))
        }
        return self.facts[first...].map { self.line($0.event) }
    }

    /// As ``when(_:by:)``, for a command that must be refused: gives the code.
    mutating func refusal(of command: Command, by: Origin = .engine) -> String? {
        let before = Essence(self.run)
        do {
            _ = try self.when(command, by: by)
            return nil
        } catch let refusal as Refusal {
            #expect(Essence(self.run) == before, "a refusal changes nothing")
            #expect(!refusal.message.isEmpty && !refusal.remedy.isEmpty)
            return refusal.code
        } catch {
            return "\(error)"
        }
    }

    private mutating func handle(_ command: Command, by: Origin) throws {
        var out = Emission()
        try self.run.handle(command, at: self.now, by: by, &out)
        self.facts += out.facts
        self.changes = out.changes
    }

    /// Adds a fact that no rule has made, as a forged journal may hold it.
    mutating func append(_ fact: Recorded) {
        self.run.apply(fact, &self.changes)
        self.facts.append(fact)
    }

    mutating func pass(_ duration: Duration) { self.now = self.now + duration }

    static func fold(_ facts: [Recorded]) -> Run? {
        guard let first = facts.first, var run = Run(first) else { return nil }
        var changes = Changes()
        for fact in facts.dropFirst() { run.apply(fact, &changes) }
        return run
    }

    // MARK: Names

    func task(_ id: TaskID) -> TaskIndex { self.run.index(of: id) ?? TaskIndex(-1) }

    /// The key that is owed or stopping for a task.
    func key(_ id: TaskID) -> StepKey {
        let task = self.task(id)
        return self.run.owed.keys.first { $0.task == task } ?? self.run.stopping.keys.first { $0.task == task }
            ?? StepKey(task: task, attempt: 1, step: 1, delivery: 1)
    }

    func state(_ id: TaskID) -> String? { self.run.record(self.task(id))?.state.word }

    var end: RunEnd? {
        if case .ended(let end) = self.run.phase { return end }
        return nil
    }

    private func name(_ task: TaskIndex) -> String { self.run.spec(task).id.text }

    private func name(_ key: StepKey) -> String {
        "\(self.name(key.task))#\(key.attempt).\(key.step)/\(key.delivery)"
    }

    private func name(_ agent: AgentIndex) -> String { self.run.profile(agent).id.text }

    func line(_ event: Event) -> String {
        switch event {
        case .created: "created"
        case .recovered: "recovered"
        case .attemptStarted(let task, let attempt, let assignment):
            "attempt \(self.name(task))#\(attempt) by "
                + ([assignment.lead] + assignment.agents.filter { $0 != assignment.lead }).map { self.name($0) }
                .joined(separator: "+") + (assignment.gaps.isEmpty ? "" : " short")
        case .stepOwed(let key, _): "owed \(self.name(key))"
        case .stopRequested(let key, let reason): "stop \(self.name(key)) \(reason.word)"
        case .stepReturned(let key, .done): "returned \(self.name(key)) done"
        case .stepReturned(let key, .replied(let reply, _)): "returned \(self.name(key)) said \(reply.text.shown)"
        case .stepReturned(let key, .offered(let catalogue)):
            "returned \(self.name(key)) offered \(catalogue.tools.map(\.name).joined(separator: " "))"
        case .stepReturned(let key, .failed): "returned \(self.name(key)) failed"
        case .stepReturned(let key, .stopped): "returned \(self.name(key)) stopped"
        case .stepLost(let key): "lost \(self.name(key))"
        case .staleResult(let key): "stale \(self.name(key))"
        case .attemptHeld(let task): "held \(self.name(task))"
        case .taskFellBack(let task, let failure): "fall back \(self.name(task)) \(failure.code)"
        case .taskRested(let task, _, let failure): "rest \(self.name(task)) \(failure.code)"
        case .taskReady(let task): "ready \(self.name(task))"
        case .taskEnded(let task, let end): "end \(self.name(task)) \(self.word(end))"
        case .asked(let question): "asked \(question.id) \(question.kind.rawValue) \(self.name(question.task))"
        case .answered(let id, let answer): "answered \(id) \(self.word(answer.choice))"
        case .paused: "paused"
        case .resumed: "resumed"
        case .stopping(let cause): "stopping \(self.word(cause))"
        case .forked(let seed, _, let position): "forked \(seed.run) at \(position.value)"
        case .tasksAdded(let specs, _): "added \(specs.map(\.id.text).joined(separator: " "))"
        case .delegated(let delegation): self.line(delegation)
        case .taskEdited(let task, _): "edited \(self.name(task))"
        case .taskReprioritized(let task, let priority): "priority \(self.name(task)) \(priority)"
        case .tasksReset(let tasks): "reset \(tasks.map { self.name($0) }.joined(separator: " "))"
        case .steered(let directive): "steered \(directive.number)"
        case .ended(let end): "run \(end.rawValue)"
        }
    }

    private func line(_ delegation: Delegation) -> String {
        switch delegation.verdict {
        case .refused(let words): "\(self.name(delegation.task)) may not hand on: \(words)"
        case .granted(let spec, _, _):
            "\(self.name(delegation.task)) hands on \(spec.id) to \(spec.assignedAgent?.text ?? "nobody")"
        }
    }

    private func word(_ choice: Answer.Choice) -> String {
        if case .assign(let agent) = choice { return "\(choice.word) \(self.name(agent))" }
        return choice.word
    }

    private func word(_ end: TaskEnd) -> String {
        switch end {
        case .completed: "completed"
        case .failed(let failure): "failed \(failure.code)"
        case .skipped(.dependency(let task)): "skipped for \(self.name(task))"
        case .skipped(.unanswered(let question)): "skipped unanswered \(question)"
        case .skipped(.unneeded(let task)): "skipped as unneeded after \(self.name(task))"
        case .skipped(.decided): "skipped as decided"
        case .skipped(.person(let note)): "skipped by person" + (note.isEmpty ? "" : " (\(note))")
        case .cancelled(let cause): "cancelled \(self.word(cause))"
        }
    }

    private func word(_ cause: StopCause) -> String {
        switch cause {
        case .person: "person"
        case .strict(let task): "strict \(self.name(task))"
        case .timeLimit: "time_limit"
        }
    }
}

/// What two runs must have in common to be the same.
struct Essence: Equatable {
    let phase: Run.Phase
    let head: Position
    let now: Timestamp
    let tasks: [TaskRecord]
    let records: [AssignmentScore.Record]
    let owed: [StepKey: Run.Owed]
    let stopping: [StepKey: StopReason]
    let questions: [QuestionID: Question]
    let asked: Int
    let counts: Run.Counts
    let plan: Plan
    let directives: [Directive]

    init(_ run: Run) {
        self.plan = run.plan
        self.directives = run.directives
        self.phase = run.phase
        self.head = run.head
        self.now = run.now
        self.tasks = run.tasks
        self.records = run.records
        self.owed = run.owed
        self.stopping = run.stopping
        self.questions = run.questions
        self.asked = run.asked
        self.counts = run.counts
    }
}

extension StepResult {
    static let done = StepResult.done(.inline("output"), .none)
    static let halted = StepResult.stopped(.none)

    static func fault(_ kind: Failure.Class) -> StepResult {
        .failed(Failure(kind, "test.fault", "it failed", remedy: "none"), .none)
    }
}

/// Small plans for scenes.
enum Sketch {
    static func agent(_ id: AgentID, type: String? = "function", most: Int = 1) -> AgentProfile {
        var agent = AgentProfile(id: id)
        agent.type = type
        agent.maxConcurrentTasks = most
        return agent
    }

    static func task(_ id: TaskID, after: [TaskID] = [], _ edit: (inout TaskSpec) -> Void = { _ in }) -> TaskSpec {
        var task = TaskSpec(id: id, description: "do \(id)", dependencies: after)
        edit(&task)
        return task
    }

    static func plan(_ agents: [AgentProfile], _ tasks: [TaskSpec], _ edit: (inout Plan) -> Void = { _ in }) -> Plan {
        var plan = Plan(id: "p", agents: agents, tasks: tasks)
        plan.executionMode = .fullyAutomated
        edit(&plan)
        return plan
    }
}
