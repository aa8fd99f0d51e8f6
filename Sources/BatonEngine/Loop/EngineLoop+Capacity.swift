import BatonCore

/// Who may begin how much: slots of the engine, shares of agents.
extension EngineLoop {
    mutating func grantSlots(_ now: Timestamp) {
        guard !self.isOver, !self.draft.touched.isEmpty else { return }
        // What fails as it begins leaves its slot to others, of whom nobody may hear again.
        var ended = self.ended
        self.grant(now)
        while self.ended > ended {
            ended = self.ended
            self.grant(now)
        }
    }

    private var ended: Int { self.runs.values.reduce(0) { $0 + $1.run.counts.all.ended } }

    private mutating func grant(_ now: Timestamp) {
        self.turns &+= 1
        var order = self.runs.keys.sorted()
        // What cannot be divided goes to another run each time.
        if order.count > 1 {
            order = Array(order[(self.turns % order.count)...] + order[..<(self.turns % order.count)])
        }
        let wanted = order.map { self.runs[$0]?.run.wantedSlots ?? 0 }
        let held = order.map { self.runs[$0]?.run.counts.inHand ?? 0 }
        let grants = FairShare.grants(of: self.engine.configuration.slots, held: held, wanted: wanted)
        self.tellShares(self.shares(), now)
        for (run, grant) in zip(order, grants) { self.dispatch(grant, to: run, now) }
        guard !self.agents.isEmpty else { return }
        // A run may have been given what it could not use. Where nothing of an agent is left, it is offered to nobody: to reckon an
        // offer looks at all runs.
        let slots = Dictionary(zip(order, grants), uniquingKeysWith: { $1 })
        let roomy = self.agents.haveRoom { self.runs[$0]?.run }
        for run in self.agents.runs where roomy.contains(run) && self.mayUseMore(run, of: slots[run] ?? 0) {
            self.tellShares(self.shares(offering: run), now)
            self.dispatch(slots[run] ?? 0, to: run, now)
        }
        self.noteServed()
    }

    // Without a slot left an offer helps nobody, and reckoning one looks at all runs.
    private func mayUseMore(_ run: RunID, of slots: Int) -> Bool {
        guard let live = self.runs[run] else { return false }
        return live.run.counts.ready > 0 && live.run.counts.inHand < slots
    }

    private mutating func dispatch(_ slots: Int, to run: RunID, _ now: Timestamp) {
        guard self.runs[run]?.run.wantsDispatch ?? false else { return }
        // Refused only by a damaged run, and those are not adopted.
        try? self.put(.slots(slots), to: run, by: .engine, now)
    }

    // An agent of several runs is one: together they never have more in hand of it than it can take.
    private mutating func tellShares(_ shares: [RunID: [AgentIndex: Int]], _ now: Timestamp) {
        guard !shares.isEmpty || !self.sharing.isEmpty else { return }
        for run in self.sharing.union(shares.keys).sorted() {
            try? self.put(.shares(shares[run] ?? [:]), to: run, by: .engine, now)
        }
        self.sharing = Set(shares.keys)
    }

    private func shares(offering run: RunID? = nil) -> [RunID: [AgentIndex: Int]] {
        self.agents.isEmpty ? [:] : self.agents.shares(of: { self.runs[$0]?.run }, offering: run)
    }

    private mutating func noteServed() {
        let runs = self.runs
        self.agents.noteServed { runs[$0]?.run }
    }
}
