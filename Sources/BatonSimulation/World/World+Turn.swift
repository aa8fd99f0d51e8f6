import BatonCore

// One batch: handled in memory, appended once, released. And what a crash in it leaves.
extension World {
    enum Fate {
        case stored
        case crashBefore
        case crashAfter
        case crashWithinRelease
        case torn
        case failed
        case failedYetStored
    }

    mutating func turn(_ batch: [SimulatedEngine.Input], isRecovery: Bool) throws {
        guard var engine = self.engine else { return }
        self.engine = nil
        var wokenAt: Timestamp?
        for input in batch { try self.put(input, &engine, &wokenAt) }
        engine.grantSlots(self.now)
        let wroteSomething = engine.holdsSomething
        if planted(.ackBeforeAppend) { self.reply(engine.replies) }
        if planted(.effectBeforeAppend) { try self.release(engine.takeEffects(), &engine, isCut: false) }
        for case let live? in engine.runs where live.look({ $0.damage != nil }) {
            throw Violation("I-05 a rule emits what fits", "\(live.run.head)")
        }
        if wroteSomething {
            self.appends += 1
            let fate = self.fate(isRecovery)
            if try self.meet(fate, &engine) { return }
        } else {
            // Refusals alone: nothing is promised by them.
            engine.replies.removeAll(keepingCapacity: true)
        }
        self.engine = engine
        try self.afterAppend(wokenAt, wroteSomething)
    }

    private mutating func put(
        _ input: SimulatedEngine.Input,
        _ engine: inout SimulatedEngine,
        _ wokenAt: inout Timestamp?
    ) throws {
        switch input {
        case .create(let run):
            var out = Emission()
            let created = Run.create(self.seeds[run], at: self.now, by: .engine, &out)
            engine.runs[run] = SimulatedEngine.Live(created, out)
            self.log?.note(
                self.clock,
                "create run \(run): \(self.seeds[run].plan.tasks.count) tasks, \(self.seeds[run].plan.agents.count) agents"
            )
            engine.replies.append(SimulatedEngine.Reply(run: run, position: 1, isRefused: false))
        case .adopt(let run):
            _ = engine.handle(.recovered(engine: engine.name), run, by: .engine, self.now)
            if planted(.doubleRecovery) {
                _ = engine.handle(.recovered(engine: engine.name), run, by: .engine, self.now)
            }
        case .command(let run, let command, let by): try self.put(command, run, by, &engine)
        case .returned(let run, let key, let result):
            _ = engine.handle(.returned(key, result), run, by: .engine, self.now)
        case .shares(let run, let shares): self.tell(shares, run, &engine)
        case .wake:
            wokenAt = self.now
            engine.wake(self.now)
        }
    }

    private mutating func put(_ command: Command, _ run: Int, _ by: Origin, _ engine: inout SimulatedEngine) throws {
        let known = engine.runs[run]?.out.facts.count ?? 0
        // What is decided and not stored is in no book: then they cannot tell what may be asked for.
        let books = known == 0 && engine.runs[run] != nil ? self.ledgers[run] : nil
        let isAllowed = books?.allows(command)
        let isTaken = engine.handle(command, run, by: by, self.now)
        let brought = (engine.runs[run]?.out.facts.count ?? 0) - known
        self.log?.note(self.clock, "run \(run) \(command) \(isTaken ? "brings \(brought)" : "is refused")")
        if !isTaken, brought > 0 { throw Violation("a refusal brings nothing", "\(command)") }
        if let isAllowed, isAllowed != isTaken {
            throw Violation(isTaken ? "what makes no sense is refused" : "what makes sense is done", "\(command)")
        }
        if isTaken, let facts = engine.runs[run]?.out.facts[known...] { try self.check(facts, of: command, books) }
        if case .cancel = command, !isTaken { self.reach(.cancelledTwice) }
        let position = engine.runs[run]?.look { $0.head.value } ?? 0
        engine.replies.append(SimulatedEngine.Reply(run: run, position: position, isRefused: !isTaken || brought == 0))
    }

    private func check(_ facts: ArraySlice<Recorded>, of command: Command, _ books: Ledger?) throws {
        guard let first = facts.first, Ledger.fulfils(command, first.event) else {
            throw Violation("a command brings what it asks for", "\(command) \(facts.first?.event as Any)")
        }
        if case .pause(now: true) = command, let books, !books.stopsAll(facts) {
            throw Violation("a pause at once stops all that runs", books.name)
        }
    }

    // MARK: Fate

    private mutating func fate(_ isRecovery: Bool) -> Fate {
        if let crash = self.crashAtAppend {
            guard crash / 3 == self.appends else { return .stored }
            return [.crashBefore, .crashAfter, .crashWithinRelease][crash % 3]
        }
        let rate = self.faults.rate(isRecovery ? .crashInRecovery : .crash)
        if self.choices.chance(rate, .faults) {
            if isRecovery { self.reach(.crashInRecovery) }
            if self.choices.chance(self.faults.rate(.tornAppend), .faults) { return .torn }
            return [.crashBefore, .crashAfter, .crashWithinRelease][self.choices.below(3, .faults)]
        }
        guard self.choices.chance(self.faults.rate(.failedAppend), .faults) else { return .stored }
        return self.choices.below(3, .faults) == 2 ? .failedYetStored : .failed
    }

    // Appends and releases; true if the engine is gone.
    private mutating func meet(_ fate: Fate, _ engine: inout SimulatedEngine) throws -> Bool {
        switch fate {
        case .stored, .crashWithinRelease:
            try self.store(&engine)
            self.failuresInARow = fate == .stored ? 0 : self.failuresInARow
            var effects = engine.takeEffects()
            if try self.slowDown() { try self.decideMeanwhile(&engine) }
            if planted(.decidedMeanwhileLeaves) { effects = engine.added(to: effects) }
            try self.release(effects, &engine, isCut: fate == .crashWithinRelease)
            guard fate == .crashWithinRelease else { return false }
            self.reach(.crashWithinRelease)
        case .crashBefore: self.reach(.crashBeforeAppend)
        case .crashAfter:
            try self.store(&engine)
            self.reach(.crashAfterAppend)
        case .torn: try self.tear(&engine)
        case .failed, .failedYetStored:
            self.reach(fate == .failed ? .appendFailed : .appendFailedYetStored)
            if fate == .failedYetStored { try self.store(&engine) }
            if planted(.stateKeptAfterFailedAppend) {
                for live in engine.runs { live?.out = Emission() }
                return false
            }
        }
        self.log?.note(self.clock, "\(fate)")
        try self.die()
        return true
    }

    private mutating func store(_ engine: inout SimulatedEngine) throws {
        for (run, live) in engine.runs.enumerated() {
            guard let live, !live.out.facts.isEmpty else { continue }
            try self.store(live.out.facts, of: run)
            live.out.facts.removeAll(keepingCapacity: true)
        }
        self.checkSlots(engine)
        let inHand = self.ledgers.reduce(0) { $0 + ($1?.inHand ?? 0) }
        if inHand > self.slots, !self.wasTornBetweenRuns {
            throw Violation("capacity of the engine", "\(inHand) of \(self.slots)")
        }
    }

    private mutating func checkSlots(_ engine: SimulatedEngine) {
        let live = self.ledgers.count { ($0?.inHand ?? 0) > 0 }
        if live > 1 { self.reach(.runsShareSlots) }
        if self.ledgers.reduce(0, { $0 + ($1?.inHand ?? 0) }) == self.slots { self.reach(.slotsUsedUp) }
    }

    private mutating func store(_ facts: [Recorded], of run: Int) throws {
        try self.journal.append(facts, to: run)
        if let log = self.log {
            for fact in facts { log.note(self.clock, "run \(run) #\(fact.position.value) \(fact.event)") }
        }
        if self.ledgers[run] == nil {
            self.ledgers[run] = Ledger(name: self.seeds[run].run.text, plan: self.seeds[run].plan, at: facts[0].at)
        }
        try self.ledgers[run]?.take(facts[...])
    }

    // An adapter without transactions: rows of some runs, or a part of a row.
    private mutating func tear(_ engine: inout SimulatedEngine) throws {
        let written = engine.runs.indices.filter { engine.runs[$0].map { !$0.out.facts.isEmpty } ?? false }
        if written.count > 1 {
            self.reach(.batchTornBetweenRuns)
            self.wasTornBetweenRuns = true
            try self.store(engine.runs[written[0]]?.out.facts ?? [], of: written[0])
        }
        guard let last = written.last, let facts = engine.runs[last]?.out.facts, facts.count > 1 else { return }
        self.reach(.rowTorn)
        try self.journal.append(facts, to: last, keeping: self.choices.below(facts.count, .faults))
        if !self.journal.rows[last].facts.isEmpty, (try? self.journal.fold(last, isThorough: false)) != nil {
            throw Violation("I-09 a torn row is refused", "run \(last)")
        }
        self.journal.dropTorn(last)
        // A run whose first row is torn was never there.
    }

    private mutating func slowDown() throws -> Bool {
        guard self.choices.chance(self.faults.rate(.slowAppend), .faults) else { return false }
        self.clock += Int64(self.choices.below(8_000_000, .faults))
        if self.executions.contains(where: { $0.due <= self.clock }) { self.reach(.resultDuringSlowAppend) }
        return true
    }

    // While the journal writes, the loop takes results and commands, and decides what it will write next.
    private mutating func decideMeanwhile(_ engine: inout SimulatedEngine) throws {
        self.engine = engine
        let batch = self.meanwhile()
        self.engine = nil
        var wokenAt: Timestamp?
        for input in batch { try self.put(input, &engine, &wokenAt) }
        if engine.holdsSomething { self.reach(.decidedWhileWriting) }
    }
}
