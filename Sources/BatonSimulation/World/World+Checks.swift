import BatonCore

// What has to hold after an append, besides what the books check.
extension World {
    mutating func afterAppend(_ wokenAt: Timestamp?, _ wroteSomething: Bool) throws {
        guard let engine = self.engine else { return }
        if let wokenAt { for ledger in self.ledgers { try ledger?.checkDue(at: wokenAt) } }
        for run in self.seeds.indices {
            guard let live = engine.runs[run], let ledger = self.ledgers[run] else { continue }
            // A single run has all slots; one of several has been told how many.
            let slots = self.seeds.count == 1 ? self.slots : live.granted
            if wroteSomething || live.granted != nil, let slots, let task = ledger.startable(slots) {
                throw Violation("I-23 what can start is started", "\(ledger.name) \(ledger.tasks[task].id)")
            }
            if wroteSomething || live.granted != nil, let slots, let task = ledger.returnable(slots) {
                throw Violation("I-23 what can go on goes on", "\(ledger.name) \(ledger.tasks[task].id)")
            }
            // What is decided and not stored is in the run already, and in no book.
            guard wroteSomething, live.out.facts.isEmpty else { continue }
            if let due = ledger.firstDue, live.look({ $0.nextWake.map { $0 > due } ?? true }) {
                throw Violation("the engine is woken when something is due", "\(ledger.name) at \(due)")
            }
            if self.choices.below(2, .faults) == 1 { try self.rehearseCrash(run, live) }
        }
        if wroteSomething { try self.checkFairness() }
    }

    // A grant is reckoned by what a run might use, so a slot may lie idle for a batch; the next one grants it to another.
    mutating func checkFairness() throws {
        guard self.seeds.count > 1 else { return }
        let inHand = self.ledgers.reduce(0) { $0 + ($1?.inHand ?? 0) }
        let share = self.slots / self.seeds.count
        for run in self.seeds.indices {
            guard inHand < self.slots, let ledger = self.ledgers[run], ledger.inHand < share,
                let task = ledger.startable(share)
            else {
                self.starved[run] = 0
                continue
            }
            self.starved[run] += 1
            if self.starved[run] > 3 * self.seeds.count {
                throw Violation(
                    "fairness: a free slot goes to who has less than a share",
                    "\(ledger.name) task \(task)"
                )
            }
        }
    }

    // As if the engine died here: the fold is the live run, makes the same decisions, and can be taken over.
    mutating func rehearseCrash(_ run: Int, _ live: SimulatedEngine.Live) throws {
        guard var folded = try self.journal.fold(run, isThorough: self.journal.folds % 16 == 0) else { return }
        var left = Emission()
        guard live.look({ folded.hasSameState(as: $0) }) else {
            throw Violation("I-04 fold equals live state", "at \(folded.head.value)")
        }
        try self.ledgers[run]?.checkWords(of: folded)
        try self.ledgers[run]?.checkStanding(of: folded)
        if self.choices.below(64, .forks) == 63 { try self.rehearseFork(of: folded, run) }
        guard self.journal.folds % 4 == 0 else { return }
        try folded.handle(.shares(live.shares), at: self.now, by: .engine, &left)
        var other = live.run
        var right = Emission()
        let later = self.now + .seconds(30)
        for command in [Command.tick, .slots(self.slots)] {
            try folded.handle(command, at: later, by: .engine, &left)
            try other.handle(command, at: later, by: .engine, &right)
        }
        guard left.facts == right.facts else {
            throw Violation("I-04 fold decides as live does", "at \(folded.head.value)")
        }
        try folded.handle(.recovered(engine: "other"), at: later, by: .engine, &left)
        // What is being stopped was handed out with the same command, before something strict failed.
        let handedOut = Set(left.changes.started)
        guard folded.damage == nil, folded.isEnded || folded.stopping.keys.allSatisfy(handedOut.contains) else {
            throw Violation("I-07 a take-over leaves nothing undecided", "at \(folded.head.value)")
        }
    }
}
