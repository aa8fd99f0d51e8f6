import BatonCore

// The end of an engine, and the next one.
extension World {
    mutating func die() throws {
        self.report.crashes += 1
        self.failuresInARow += 1
        if self.failuresInARow == 3 { self.reach(.crashThriceInARow) }
        let isBusy = !self.executions.isEmpty
        if !isBusy { self.reach(.crashWithNothingInHand) }
        for case let ledger? in self.ledgers {
            if ledger.phase == .paused { self.reach(.crashWhilePaused) }
            if case .stopping = ledger.phase { self.reach(.crashWhileStopping) }
        }
        // A result may be on its way still, from what was killed a moment too late.
        for var execution in self.executions where self.choices.chance(self.faults.rate(.lateResult), .faults) {
            execution.due = self.clock + Int64(self.choices.below(40_000_000, .faults))
            self.wire.append(execution)
        }
        self.executions.removeAll(keepingCapacity: true)
        self.engine = nil
    }

    mutating func restart() throws {
        self.clock += Int64(self.choices.below(5000, .faults)) * 1000
        if self.choices.chance(self.faults.rate(.longOutage), .faults) {
            self.clock += World.day
            self.reach(.outageOfADay)
        }
        self.generation += 1
        var engine = SimulatedEngine(runs: self.seeds.count, slots: self.slots, name: "e\(self.generation)")
        var batch: [SimulatedEngine.Input] = []
        for run in self.seeds.indices {
            guard let ledger = self.ledgers[run] else { continue }
            let isThorough = self.journal.folds % 16 == 0
            try ledger.checkPromises(self.journal.rows[run].facts)
            guard let folded = try self.journal.fold(run, isThorough: isThorough) else {
                throw Violation("I-01 a run is still there", ledger.name)
            }
            guard folded.head.value == ledger.position else {
                throw Violation("I-01 nothing durable is lost", "\(folded.head.value) of \(ledger.position)")
            }
            guard !folded.isEnded else { continue }
            // Shares are no history: the next engine tells them anew.
            ledger.shares = ledger.capacities
            try ledger.checkWords(of: folded)
            engine.runs[run] = SimulatedEngine.Live(folded)
            batch.append(.adopt(run))
            // `baton resume` adopts a paused run to go on with it; a server may leave it paused.
            if folded.phase == .paused, self.choices.below(2, .people) == 0 {
                self.reach(.resumedAfterCrash)
                batch.append(.command(run, .resume, by: .engine))
            }
        }
        self.log?.note(self.clock, "engine \(self.generation) takes over \(batch.count)")
        self.engine = engine
        if self.choices.chance(self.faults.rate(.nonsense), .people),
            let run = engine.runs.firstIndex(where: { $0 != nil })
        {
            batch.append(.command(run, .pause(now: true), by: .person("p")))
        }
        if batch.isEmpty { return }
        try self.turn(batch, isRecovery: true)
    }
}
