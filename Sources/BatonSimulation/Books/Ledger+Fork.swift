import BatonCore

// What a fork keeps of its run, and what it begins anew.
extension Ledger {
    /// What whoever forks a run asks for, besides the plan.
    struct Fork {
        /// Tasks of the run that are others in the fork.
        let changed: [Int]
        var retried: [TaskIndex]
    }

    /// The books of a fork that is about to be made.
    convenience init(copying other: Ledger, for fork: Fork) {
        self.init(copying: other)
        self.fork = fork
    }

    func forked(_ seed: RunSeed, _ fact: Recorded) throws {
        guard let fork = self.fork, seed.plan.tasks.count >= self.tasks.count else {
            throw Violation("only who forks a run makes another one of it", self.name)
        }
        self.reach(fork, seed.plan)
        self.name = seed.run.text
        self.plan = seed.plan
        if self.phase != .paused { self.phase = .running }
        self.setClocks(fact.at)
        self.awaitsEngine = true
        self.forgetSpending()
        // Nobody has told the fork what is left of agents that it shares.
        self.shares = self.capacities
        let known = self.tasks.count
        for spec in seed.plan.tasks[known...] { self.tasks.append(TaskBook(spec, seed.plan)) }
        for offset in fork.changed { self.forget(offset) }
        self.link()
        var anew = Set(fork.changed).union(known..<self.tasks.count)
        var fresh = Array(anew)
        // What is asked after all takes nobody with it who comes after it.
        var asked: Set<Int> = []
        while let task = fresh.popLast() {
            for voter in self.tasks.indices where self.tasks[voter].isSpared && self.votes(task, with: voter) {
                asked.insert(voter)
                self.forget(voter)
            }
            for follower in self.dependents[task] where anew.insert(follower).inserted {
                self.forget(follower)
                fresh.append(follower)
            }
        }
        self.link()
        self.dropUnheard()
        for task in self.tasks.indices { self.count(task, at: fact.at) }
        self.fork?.retried.removeAll { anew.contains($0.offset) || asked.contains($0.offset) }
    }

    // The fork has the whole time of its plan, and people as long as they had left.
    func setClocks(_ now: Timestamp) {
        let gap = max(.zero, now - self.latest)
        if gap > .zero, !self.open.isEmpty { self.reached.insert(.forkedLaterWithQuestions) }
        self.limitedFrom = now
        for task in self.tasks.indices where self.tasks[task].isInHand {
            self.tasks[task].since = now
            self.tasks[task].idleSince = now
        }
        for (id, question) in self.open { self.open[id] = question.postponed(by: gap) }
    }

    // What the other run has spent and asked for is its own matter.
    private func forgetSpending() {
        self.purses = [:]
        self.times = [:]
        for task in self.tasks.indices {
            self.tasks[task].reserved = nil
            self.tasks[task].timeHold = nil
            if self.plan.tasks.indices.contains(task) { self.tasks[task].budget = self.plan.tasks[task].budget }
        }
        for (id, question) in self.open where question.kind == .budget { self.open[id] = nil }
    }

    // Nothing was ever done for the task as it is now, though its attempts are numbered on.
    private func forget(_ offset: Int) {
        let task = TaskIndex(offset)
        let book = self.tasks[offset]
        if book.place.isEnded, book.place != .completed { self.fallen -= 1 }
        self.release(task)
        for (id, question) in self.open where question.kind.holdsAttempt && question.task == task {
            self.open[id] = nil
        }
        self.tasks[offset] = TaskBook(self.plan.tasks[offset], self.plan)
        self.tasks[offset].attempts = book.attempts
        self.tasks[offset].granted = book.attempts
    }

    // Nobody waits any more for what was handed on by an attempt that is no more.
    private func dropUnheard() {
        for part in self.tasks.indices where !self.tasks[part].place.isEnded {
            guard let above = self.above(part).first, !self.waits(above, for: part) else { continue }
            self.forget(part)
            self.tasks[part].place = .skipped
            self.fallen += 1
        }
    }

    private func reach(_ fork: Fork, _ plan: Plan) {
        self.reached.insert(.forked)
        if self.phase == .paused { self.reached.insert(.forkedPaused) }
        if case .ended = self.phase { self.reached.insert(.forkedAfterTheEnd) }
        if !fork.retried.isEmpty { self.reached.insert(.forkedAndRetried) }
        if !fork.changed.isEmpty { self.reached.insert(.forkedAndChanged) }
    }
}
