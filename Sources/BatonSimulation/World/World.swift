package import BatonCore

/// Plays runs of the real rules against a world with crashes, a failing disk, late and doubled results, people and time.
///
/// The engine around the rules and everything outside of it are simulated; `Run.handle` and `Run.apply` are the real
/// ones. Everything follows from the choices.
package struct World {
    /// What a schedule came to.
    package struct Report: Equatable, Sendable {
        package var events = 0
        package var applied = 0
        package var crashes = 0
        package var replays = 0
        package var trace: UInt64 = 0
        package var reached = Reached()
        /// The most that providers have billed a run of.
        package var billed = Money.zero
    }

    struct Execution {
        let run: Int
        let key: StepKey
        var due: Int64
        var result: StepResult

        /// Whether a provider has sent a bill for it.
        var isBilled: Bool { self.result.usage != .none }
    }

    // A reference, so that a line is only made where somebody reads it.
    final class Log {
        private(set) var lines: [String] = []

        func note(_ clock: Int64, _ line: String) {
            let seconds = Double(clock - World.start) / 1_000_000
            self.lines.append("\(seconds) s  \(line.prefix(240))")
        }
    }

    static let start: Int64 = 1_800_000_000_000_000
    static let day: Int64 = 86_400_000_000

    var choices: Choices
    var faults: Faults
    var clock: Int64 = World.start
    // What the engine's clock shows differs from true time after somebody has set it.
    var offset: Int64 = 0
    let seeds: [RunSeed]
    let births: [Int64]
    let slots: Int
    var journal: SimulatedJournal
    var ledgers: [Ledger?]
    var engine: SimulatedEngine?
    var generation = 0
    var executions: [Execution] = []
    // Results on their way to whoever lives then.
    var wire: [Execution] = []
    var report = Report()
    var moments = 0
    var failuresInARow = 0
    // For how many appends each run had less than its share while slots were free.
    var starved: [Int]
    var crashAtAppend: Int?
    var appends = 0
    // One run has got a slot that another one has not given back: only a transaction over both prevents that.
    var wasTornBetweenRuns = false
    let log: Log?
    /// Providers count a token for every two bytes, or for more.
    let countsLongTokens: Bool

    var now: Timestamp { Timestamp(microseconds: self.clock + self.offset) }

    /// - Parameter budget: what each run may cost at most, its agents all thinking ones; nil leaves that to chance.
    package init(
        _ choices: Choices,
        number: UInt64 = 0,
        isTraced: Bool = false,
        crashAtAppend: Int? = nil,
        budget: Money? = nil
    ) {
        var choices = choices
        self.faults = Faults(&choices)
        let count = [1, 1, 1, 1, 1, 1, 2, 3][choices.below(8, .plan)]
        var seeds: [RunSeed] = []
        var births: [Int64] = []
        for run in 0..<count {
            var plan = PlanMaker.plan(&choices, isSmall: count > 1)
            if let budget { PlanMaker.bind(&plan, to: budget) }
            seeds.append(
                RunSeed(
                    run: Self.names[run],
                    plan: plan,
                    stored: .zero,
                    seed: number,
                    mode: .real,
                    engine: "sim",
                    prices: Ledger.prices.part(for: plan)
                )
            )
            births.append(Self.start + (run == 0 ? 0 : Int64(choices.below(40_000_000, .plan))))
        }
        self.seeds = seeds
        self.births = births
        self.slots = choices.below(3, .plan) == 0 ? 1024 : 1 + choices.below(6, .plan)
        self.journal = SimulatedJournal(runs: count, usesCodec: number % 64 == 7)
        self.ledgers = Array(repeating: nil, count: count)
        self.starved = Array(repeating: 0, count: count)
        self.countsLongTokens = choices.chance(150, .teams)
        self.choices = choices
        self.crashAtAppend = crashAtAppend
        self.log = isTraced ? Log() : nil
    }

    private static let names = (0..<3).map { RunID("sim-\($0)") }

    mutating func reach(_ situation: Sometimes) { self.report.reached.insert(situation) }

    // MARK: To the end

    /// Plays to the end of all runs.
    package mutating func play() throws -> Report {
        do {
            while !self.isOver { try self.moment() }
            try self.checkEnd()
        } catch let violation as Violation {
            self.log?.note(self.clock, "VIOLATION \(violation)")
            throw violation
        }
        return self.finished()
    }

    /// What happened, a line each, if it is traced.
    package var trace: [String] { self.log?.lines ?? [] }

    /// All facts of the first run.
    package var history: [Recorded] { self.journal.rows[0].facts }

    private mutating func finished() -> Report {
        for ledger in self.ledgers {
            guard let ledger else { continue }
            self.report.reached.formUnion(ledger.reached)
            self.report.events += Int(ledger.position)
        }
        self.report.applied = self.report.events + self.journal.replayed
        self.report.replays = self.journal.folds
        self.report.trace = self.journal.trace
        return self.report
    }

    private var isOver: Bool {
        self.ledgers.allSatisfy { ledger in
            if case .ended? = ledger?.phase { return true }
            return false
        }
    }

    // Some moments of trouble at most, then the world heals and all runs have to end.
    private mutating func moment() throws {
        self.moments += 1
        if self.moments == 250 {
            self.faults.heal()
            self.log?.note(self.clock, "the world heals")
        }
        guard self.moments < 6000 else { throw Violation("I-23 every run ends", "\(self.moments) moments") }
        guard self.engine != nil else { return try self.restart() }
        if self.faults.rate(.clockJump) > 0 { self.jump() }
        if self.choices.chance(self.faults.rate(.crash) / 4, .faults) {
            self.reach(.crashBetweenBatches)
            return try self.die()
        }
        let batch = self.batch()
        guard !batch.isEmpty || self.engine?.holdsSomething == true else { return try self.passTime() }
        try self.turn(batch, isRecovery: false)
    }

    private mutating func jump() {
        guard self.choices.chance(self.faults.rate(.clockJump), .faults) else { return }
        if self.choices.below(2, .faults) == 0 {
            self.offset += Self.day
            self.reach(.clockJumpedForward)
        } else {
            self.offset -= Self.day
            self.reach(.clockJumpedBack)
        }
        self.log?.note(self.clock, "the clock shows \(self.offset / 1_000_000) s more than it is")
    }

    private mutating func checkEnd() throws {
        for run in self.seeds.indices {
            let isThorough = self.journal.folds % 16 == 0
            guard let folded = try self.journal.fold(run, isThorough: isThorough) else { continue }
            guard folded.isEnded, folded.damage == nil else {
                throw Violation("I-05 a finished log folds to the finished run", "\(folded.phase)")
            }
            try self.ledgers[run]?.checkPromises(self.journal.rows[run].facts)
            try self.ledgers[run]?.checkWords(of: folded)
            try self.ledgers[run]?.checkStanding(of: folded)
            self.report.billed = max(self.report.billed, self.ledgers[run]?.billed ?? .zero)
            if self.choices.below(16, .forks) == 15 { try self.rehearseFork(of: folded, run) }
            if self.choices.below(8, .forks) == 7 { try self.rehearseCut(run) }
        }
    }

    // MARK: What may happen now

    private mutating func batch() -> [SimulatedEngine.Input] {
        var batch: [SimulatedEngine.Input] = []
        for run in self.seeds.indices where self.ledgers[run] == nil && self.births[run] <= self.clock {
            batch.append(.create(run))
        }
        self.takeResults(&batch)
        if let wake = self.engine?.nextWake, wake <= self.now,
            !self.choices.chance(self.faults.rate(.lateAlarm), .faults)
        {
            batch.append(.wake)
        }
        self.takeWishes(&batch)
        self.takeShares(&batch)
        return batch
    }

    /// What comes while the journal writes: results and people.
    mutating func meanwhile() -> [SimulatedEngine.Input] {
        var batch: [SimulatedEngine.Input] = []
        self.takeResults(&batch)
        self.takeWishes(&batch)
        return batch
    }

    private mutating func takeResults(_ batch: inout [SimulatedEngine.Input]) {
        var taken = 0
        while taken < 3 {
            let due = self.executions.indices.filter { self.executions[$0].due <= self.clock }
            guard !due.isEmpty else { break }
            let execution = self.executions.remove(at: due[self.choices.below(due.count, .work)])
            batch.append(.returned(execution.run, execution.key, execution.result))
            if self.choices.chance(self.faults.rate(.doubledResult), .faults) {
                self.reach(.doubledResult)
                var again = execution
                again.due = self.clock + Int64(self.choices.below(30_000_000, .work))
                self.wire.append(again)
            }
            taken += 1
            if self.choices.below(2, .work) == 0 { break }
        }
        guard let index = self.wire.firstIndex(where: { $0.due <= self.clock }) else { return }
        let late = self.wire.remove(at: index)
        batch.append(.returned(late.run, late.key, late.result))
        guard let ledger = self.ledgers[late.run] else { return }
        let book = ledger.tasks[late.key.task.offset]
        if case .ended = ledger.phase { self.reach(.lateResultAfterRunEnded) }
        if book.place.isEnded { self.reach(.lateResultAfterTaskEnded) }
        if let known = book.key, known.attempt == late.key.attempt, known.delivery > late.key.delivery, book.isOut {
            self.reach(.lateResultAfterRedelivery)
        }
    }

    private mutating func takeWishes(_ batch: inout [SimulatedEngine.Input]) {
        for index in self.seeds.indices {
            guard let live = self.engine?.runs[index] else { continue }
            let wishes = batch.count
            if live.look({ !$0.questions.isEmpty }), !self.choices.chance(self.faults.rate(.slowPeople), .people) {
                self.takeAnswer(live, index, &batch)
            }
            if live.look({ $0.phase == .paused }), !self.choices.chance(self.faults.rate(.slowPeople), .people) {
                self.wish(.resume, index, &batch)
            }
            if self.choices.chance(self.faults.rate(.controls), .people) {
                self.wish(live.look { Person.control($0, &self.choices) }, index, &batch)
                if self.choices.below(6, .people) == 5 { self.wish(.cancel, index, &batch) }
            }
            if self.choices.chance(self.faults.rate(.changes), .people) {
                self.wish(live.look { Person.change($0, &self.choices) }, index, &batch)
            }
            if self.choices.chance(self.faults.rate(.nonsense), .people) {
                let command = live.look { Person.nonsense($0, &self.choices) }
                if case .answer(let id, _) = command, id.number > live.look({ $0.asked }) {
                    self.reach(.answeredUnasked)
                }
                self.wish(command, index, &batch)
            }
            if batch.count - wishes > 1 { self.reach(.contradictionInOneBatch) }
        }
    }

    private mutating func takeAnswer(
        _ live: SimulatedEngine.Live,
        _ index: Int,
        _ batch: inout [SimulatedEngine.Input]
    ) {
        let open = live.look { $0.openQuestions }
        let question = open[self.choices.below(open.count, .people)]
        // What a manager is asked people mostly leave to it.
        if question.kind == .blocker || question.kind == .consultation, !self.executions.isEmpty,
            live.look({ Person.hasManager(question, $0) }), self.choices.below(8, .managers) > 0
        {
            return
        }
        // Whoever is asked what keeps a task back may first have done again what it needs.
        if question.kind == .blocker, self.choices.chance(5 * self.faults.rate(.changes), .people) {
            for task in live.look({ Person.fallenNeeds(of: question.task, $0) }) {
                self.wish(.retry(task), index, &batch)
            }
        }
        // Whoever is asked for a yes may first put another task before this one.
        if question.kind == .approval || question.kind == .staffing,
            self.choices.chance(2 * self.faults.rate(.changes), .links)
        {
            for command in live.look({ Person.putBefore(question.task, $0, &self.choices) }) {
                self.wish(command, index, &batch)
            }
        }
        let answer = live.look { Person.answer(to: question, $0, &self.choices) }
        self.wish(answer, index, &batch)
        // Who has chosen somebody may change the task before it starts.
        if question.kind == .staffing, self.choices.chance(5 * self.faults.rate(.changes), .people) {
            let other = live.look { Person.restaff(question.task, $0, &self.choices) }
            self.wish(other, index, &batch)
        }
        guard self.choices.chance(self.faults.rate(.nonsense), .people) else { return }
        self.reach(.answeredTwice)
        let again = live.look { Person.answer(to: question, $0, &self.choices) }
        self.wish(again, index, &batch)
    }

    private mutating func wish(_ command: Command, _ run: Int, _ batch: inout [SimulatedEngine.Input]) {
        batch.append(.command(run, command, by: self.origin(of: command, run)))
    }

    // MARK: Time

    private mutating func passTime() throws {
        var next: Int64?
        func take(_ moment: Int64) { if moment > self.clock { next = min(next ?? moment, moment) } }
        for execution in self.executions { take(execution.due) }
        for execution in self.wire { take(execution.due) }
        for run in self.seeds.indices where self.ledgers[run] == nil { take(self.births[run]) }
        if let wake = self.engine?.nextWake { take(wake.microseconds - self.offset) }
        if let next {
            self.clock = next
            return
        }
        let waits = self.engine?.runs.contains { live in
            guard let live else { return false }
            return !live.shares.isEmpty
                || live.look { run in
                    !run.questions.isEmpty || run.phase == .paused || run.nextWake.map { $0 <= self.now } ?? false
                }
        }
        guard waits == true else {
            throw Violation(
                "I-23 something goes on or somebody is asked",
                self.ledgers.compactMap { ledger in ledger.map { $0.standing } }.joined(separator: "; ")
            )
        }
        self.clock += 1_000_000
    }
}
