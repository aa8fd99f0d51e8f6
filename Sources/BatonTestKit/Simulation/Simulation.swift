package import BatonCore

/// Plays one run of the real rules against a world with crashes, late and doubled results, people and time.
///
/// The engine around the rules is replaced by this; `handle`, `apply` and the codec are the real ones. Everything follows
/// from the seed.
package struct Simulation {
    /// A rule that did not hold.
    package struct Violation: Error, CustomStringConvertible {
        package let seed: UInt64
        package let rule: String
        package let detail: String
        package var description: String { "seed \(seed): \(rule): \(detail)" }
    }

    /// What a seed came to.
    package struct Report: Equatable {
        package var end: RunEnd?
        package var events = 0
        package var crashes = 0
        package var stale = 0
        package var trace: UInt64 = 0
        package var saw: Set<String> = []
    }

    /// When the engine dies around an append.
    private enum Crash: CaseIterable {
        /// Before anything is on disk.
        case before
        /// On disk, and nobody was told.
        case after
    }

    private struct Execution {
        let key: StepKey
        let due: Timestamp
        var result: StepResult
        var isStopped = false
    }

    private let seed: UInt64
    private let crashAtAppend: Int?
    private var draws: SplitMix64
    private var run: Run
    private var now: Timestamp
    private var journal: SimulatedJournal
    private var ledger: Ledger
    private var executions: [Execution] = []
    private var late: [(StepKey, StepResult)] = []
    private var report = Report()
    private var isFaulty = true
    private var appends = 0
    private let crashRate: Int

    /// Plays a seed to its end.
    ///
    /// - Parameter crashAtAppend: dies at this append instead of at random ones.
    package static func play(seed: UInt64, crashAtAppend: Int? = nil) throws -> Report {
        var simulation = try Simulation(seed: seed, crashAtAppend: crashAtAppend)
        try simulation.playToEnd()
        return simulation.report
    }

    /// All facts of a seed played to its end, as they come out of the journal.
    package static func history(of seed: UInt64) throws -> [Recorded] {
        var simulation = try Simulation(seed: seed, crashAtAppend: nil)
        try simulation.playToEnd()
        return try simulation.journal.facts()
    }

    private init(seed: UInt64, crashAtAppend: Int?) throws {
        var draws = SplitMix64(seed: seed)
        let plan = PlanMaker.plan(&draws)
        self.seed = seed
        self.crashAtAppend = crashAtAppend
        self.now = Timestamp(microseconds: 1_800_000_000_000_000)
        self.crashRate = crashAtAppend == nil ? [0, 3, 10, 30][draws.below(4)] : 0
        let seedOfRun = RunSeed(
            run: RunID("sim-\(seed)"),
            plan: plan,
            stored: .zero,
            seed: seed,
            mode: .real,
            engine: "sim"
        )
        var out = Emission()
        self.run = Run.create(seedOfRun, at: self.now, by: .engine, &out)
        self.journal = SimulatedJournal(plan: plan)
        self.ledger = Ledger(plan: plan, seed: seed)
        self.draws = draws
        try self.journal.append(out.facts)
        try self.ledger.take(out.facts)
    }

    private mutating func playToEnd() throws {
        // 600 moments of trouble at most, then the world heals and the run has to end.
        var moments = 0
        while !self.run.isEnded {
            moments += 1
            if moments == 600 { self.isFaulty = false }
            guard moments < 4000 else { throw self.violation("I-23 liveness", "no end after \(moments) moments") }
            try self.moment()
        }
        self.report.end = { if case .ended(let end) = self.run.phase { end } else { nil } }()
        try self.checkFold()
        self.report.events = self.journal.count
        self.report.trace = self.journal.trace
    }

    private func violation(_ rule: String, _ detail: String) -> Violation {
        Violation(seed: self.seed, rule: rule, detail: detail)
    }

    // MARK: One moment

    private mutating func moment() throws {
        var out = Emission()
        let acted = try self.act(&out)
        try self.handle(.slots(1 + self.draws.below(8)), &out)
        if try self.commit(out) { return }
        if !acted, out.facts.isEmpty { try self.passTime() }
    }

    // Puts something that may happen now to the run; false if there was nothing.
    private mutating func act(_ out: inout Emission) throws -> Bool {
        if let index = self.executions.indices.filter({ self.executions[$0].due <= self.now }).randomElement(
            using: &self.draws
        ) {
            let execution = self.executions.remove(at: index)
            try self.handle(.returned(execution.key, execution.result), &out)
            if self.isFaulty, self.draws.chance(10) { self.late.append((execution.key, execution.result)) }
            return true
        }
        if let wake = self.run.nextWake, wake <= self.now {
            try self.handle(.tick, &out)
            return true
        }
        if !self.late.isEmpty, self.draws.chance(50) {
            let (key, result) = self.late.removeFirst()
            try self.handle(.returned(key, result), &out)
            self.report.saw.insert("late result")
            return true
        }
        return try self.actAsPerson(&out)
    }

    private mutating func actAsPerson(_ out: inout Emission) throws -> Bool {
        if let question = self.run.openQuestions.randomElement(using: &self.draws),
            !self.isFaulty || self.draws.chance(30)
        {
            try self.handle(.answer(question.id, self.answer(to: question)), &out)
            self.report.saw.insert("answered \(question.kind.rawValue)")
            return true
        }
        if case .paused = self.run.phase {
            guard !self.isFaulty || self.draws.chance(20) else { return false }
            try self.handle(.resume, &out)
            return true
        }
        guard self.isFaulty, self.draws.chance(3), case .running = self.run.phase else { return false }
        switch self.draws.below(8) {
        case 0...2:
            try self.handle(.pause(now: self.draws.chance(50)), &out)
            self.report.saw.insert("paused")
        case 3:
            try self.handle(.cancel, &out)
            self.report.saw.insert("cancelled")
        default:
            let task = TaskIndex(self.draws.below(self.run.counts.total))
            do { try self.handle(.skip(task), &out) } catch is Refusal { return false }
            self.report.saw.insert("skipped")
        }
        return true
    }

    private mutating func answer(to question: Question) -> Answer {
        if self.draws.chance(10) { return Answer(.fail) }
        if self.draws.chance(10) { return Answer(.skip) }
        switch question.kind {
        case .work: return Answer(.done, content: .inline("by hand"))
        case .staffing: return Answer(.assign(AgentIndex(self.draws.below(self.run.plan.agents.count))))
        case .unknownOutcome: return Answer(self.draws.chance(70) ? .again : .done)
        }
    }

    private mutating func handle(_ command: Command, _ out: inout Emission) throws {
        let known = out.facts.count
        try self.run.handle(command, at: self.now, by: .engine, &out)
        for fact in out.facts[known...] {
            if case .staleResult = fact.event { self.report.stale += 1 }
        }
    }

    private mutating func passTime() throws {
        let next = (self.executions.map(\.due) + [self.run.nextWake].compactMap { $0 }).filter { $0 > self.now }.min()
        if let next {
            self.now = next
            return
        }
        let isWaitingForPeople = !self.run.openQuestions.isEmpty || self.run.phase == .paused
        guard isWaitingForPeople || !self.late.isEmpty || self.executions.contains(where: { $0.due <= self.now }) else {
            throw self.violation("I-23 liveness", "nothing runs, nothing is owed, nobody is asked: \(self.run.counts)")
        }
        self.now = self.now + .seconds(1)
    }

    // MARK: Disk and death

    // Appends what was emitted and releases it; true if the engine died over it.
    private mutating func commit(_ out: Emission) throws -> Bool {
        guard !out.facts.isEmpty else { return false }
        self.appends += 1
        let dies =
            self.crashAtAppend.map { $0 / 2 == self.appends } ?? (self.isFaulty && self.draws.chance(self.crashRate))
        let crash: Crash =
            self.crashAtAppend.map { $0 % 2 == 0 ? .before : .after }
            ?? Crash.allCases[self.draws.below(2)]
        if dies, crash == .before {
            try self.die()
            return true
        }
        try self.journal.append(out.facts)
        try self.ledger.take(out.facts)
        if dies {
            try self.die()
            return true
        }
        try self.release(out.changes)
        if self.draws.chance(25) { try self.checkFold() }
        return false
    }

    private mutating func release(_ changes: Changes) throws {
        for key in changes.started { try self.start(key) }
        for key in changes.stopped {
            guard let index = self.executions.firstIndex(where: { $0.key == key }) else {
                self.executions.append(Execution(key: key, due: self.now, result: .stopped(.none)))
                continue
            }
            // Some finish just before the stop reaches them.
            let finishes = self.draws.chance(20)
            let old = self.executions[index]
            self.executions[index] = Execution(
                key: key,
                due: self.now + .milliseconds(self.draws.below(2000)),
                result: finishes ? old.result : .stopped(.none)
            )
        }
    }

    private mutating func start(_ key: StepKey) throws {
        guard self.run.owed[key] != nil else { return }
        try self.ledger.begin(key, isAuthorised: self.journal.holdsAuthorisation(of: key))
        let seconds = self.draws.chance(5) ? 10_000 : 1 + self.draws.below(15)
        let result: StepResult =
            self.draws.chance(20)
            ? .failed(
                Failure(self.draws.chance(30) ? .permanent : .transient, "sim.fault", "drawn", remedy: "none"),
                .none
            )
            : .done(.inline(.integer(Int64(key.task.value))), .none)
        self.executions.append(Execution(key: key, due: self.now + .seconds(seconds), result: result))
    }

    // The process is gone with all it had in memory; another one folds the journal.
    private mutating func die() throws {
        self.report.crashes += 1
        // A result may be on its way still, from what was killed a moment too late.
        for execution in self.executions where self.draws.chance(30) {
            self.late.append((execution.key, execution.result))
        }
        self.executions = []
        self.now = self.now + .milliseconds(self.draws.below(5000))
        guard let folded = try self.journal.fold() else { throw self.violation("I-01", "the journal lost the run") }
        self.run = folded
        if folded.isEnded { return }
        var out = Emission()
        try self.handle(.recovered(engine: "sim"), &out)
        _ = try self.commit(out)
    }

    private func checkFold() throws {
        guard let folded = try self.journal.fold() else { throw self.violation("I-04", "the journal does not fold") }
        guard Essence(folded) == Essence(self.run) else {
            throw self.violation("I-04 fold(journal) equals live state", "they differ at event \(self.run.head.value)")
        }
    }
}

/// What two runs must have in common to be the same.
private struct Essence: Equatable {
    let phase: Run.Phase
    let head: Position
    let tasks: [TaskRecord]
    let records: [AssignmentScore.Record]
    let owed: [StepKey: Run.Owed]
    let stopping: [StepKey: StopReason]
    let questions: [QuestionID: Question]
    let counts: Run.Counts
    let damage: Position?

    init(_ run: Run) {
        self.phase = run.phase
        self.head = run.head
        self.tasks = run.tasks
        self.records = run.records
        self.owed = run.owed
        self.stopping = run.stopping
        self.questions = run.questions
        self.counts = run.counts
        self.damage = run.damage
    }
}
