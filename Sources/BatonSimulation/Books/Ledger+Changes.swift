import BatonCore

// What people change in the plan, and what begins anew.
extension Ledger {
    func added(_ specs: [TaskSpec], _ fact: Recorded) throws {
        self.reached.insert(.addedTasks)
        if case .agent(_, let task) = fact.by { try self.spawned(specs, by: task) }
        for spec in specs {
            var book = TaskBook(spec, self.plan)
            if case .agent(_, let task) = fact.by { book.adder = task }
            book.asksAbout = book.question.flatMap { self.open[$0]?.task }
            self.tasks.append(book)
        }
        self.relink(at: fact.at)
    }

    // I-22: what agents add by themselves has its limits, in number and in a row.
    private func spawned(_ specs: [TaskSpec], by task: TaskID) throws {
        try self.checkFollowing(specs, by: task)
        let depth = 1 + (self.depths[task] ?? 0)
        for spec in specs { self.depths[spec.id] = depth }
        guard self.depths.count <= self.plan.budget.fanOut ?? 200, depth <= self.plan.budget.depth ?? 4 else {
            throw Violation(
                "I-22 agents add no more than they may",
                "\(self.name) \(self.depths.count), \(depth) in a row"
            )
        }
        self.reached.insert(.spawned)
        if depth > 1 { self.reached.insert(.spawnedBySpawned) }
    }

    // Tasks that have not begun wait for what they need now.
    private func relink(at now: Timestamp) {
        let before = self.tasks.map(\.needs)
        self.link()
        // Between two attempts it may wait for others again.
        for task in self.tasks.indices where self.tasks[task].hasNotBegun || self.tasks[task].place == .waiting {
            let place = self.tasks[task].place
            self.count(task, at: now)
            guard task < before.count else { continue }
            if place == .ready, self.tasks[task].place == .waiting { self.reached.insert(.followerGained) }
            if place == .waiting, before[task].contains(where: { !self.tasks[task].needs.contains($0) }) {
                self.reached.insert(.followerLost)
            }
        }
    }

    func edited(_ task: TaskIndex, _ spec: TaskSpec, _ fact: Recorded) throws {
        let book = self.tasks[task.offset]
        guard book.hasNotBegun, spec.id == book.id else {
            throw self.violation("only what has not begun is edited", task)
        }
        if book.place == .ready { self.reached.insert(.editedWhileReady) }
        if case .blocked(let id, _) = book.place {
            self.reached.insert(.editedWhileBlocked)
            self.open[id] = nil
        }
        self.tasks[task.offset] = TaskBook(spec, self.plan)
        self.tasks[task.offset].attempts = book.attempts
        self.tasks[task.offset].granted = book.granted
        self.tasks[task.offset].wasStaffed = book.wasStaffed || book.chosen != nil
        // Its own needs are told by its new book; what is new in them is not what somebody took from a follower.
        self.tasks[task.offset].needs = []
        self.relink(at: fact.at)
    }

    func reset(_ tasks: [TaskIndex], _ fact: Recorded) throws {
        try self.checkRisen(tasks)
        for task in tasks {
            let place = self.tasks[task.offset].place
            if place == .completed { throw self.violation("I-02 what is complete never runs again", task) }
            guard place.isEnded else { throw self.violation("only what ended is reset", task) }
            self.reached.insert(.resetAfterFailure)
            self.fallen -= 1
            self.tasks[task.offset].place = .waiting
            self.tasks[task.offset].hasBegun = false
            self.tasks[task.offset].isApproved = false
            self.tasks[task.offset].isGivenUp = false
            self.tasks[task.offset].isUnneeded = false
            self.tasks[task.offset].isSpared = false
            self.tasks[task.offset].granted = self.tasks[task.offset].attempts
        }
        for task in tasks {
            self.count(task.offset, at: fact.at)
            for dependent in self.dependents[task.offset] {
                let place = self.tasks[dependent].place
                self.count(dependent, at: fact.at)
                if place == .ready, self.tasks[dependent].place == .waiting { self.reached.insert(.waitedAnew) }
            }
        }
    }

    /// A task that begins anew takes with it all that nothing else keeps down, and nothing else.
    private func checkRisen(_ tasks: [TaskIndex]) throws {
        var isDown = self.tasks.map { $0.place.isEnded && $0.place != .completed }
        let named =
            self.fork?.retried
            ?? tasks.filter {
                !self.tasks[$0.offset].isGivenUp && !self.tasks[$0.offset].isUnneeded
                    && !self.tasks[$0.offset].isSpared
            }
        guard self.fork != nil || named.count == 1 else {
            throw Violation("one task is retried at a time", "\(self.name) \(named)")
        }
        for task in named { isDown[task.offset] = false }
        var risen = Set(named)
        var rises = true
        while rises {
            rises = false
            for (offset, book) in self.tasks.enumerated() where isDown[offset] {
                let isBehind =
                    (book.place == .cancelled && !book.hasBegun || book.isUnneeded)
                    && book.needs.contains { risen.contains(TaskIndex($0)) }
                let isSpared = book.isSpared && risen.contains { self.votes($0.offset, with: offset) }
                guard book.isGivenUp || isBehind || isSpared else { continue }
                if book.needs.contains(where: { isDown[$0] && self.rule(of: offset, without: $0) != .run }) { continue }
                if isSpared { self.reached.insert(.askedAfterAll) }
                if isBehind, !book.isUnneeded { self.reached.insert(.roseFromCancelled) }
                isDown[offset] = false
                risen.insert(TaskIndex(offset))
                rises = true
                if !book.needs.contains(where: { named.contains(TaskIndex($0)) }) {
                    self.reached.insert(.roseFurtherBehind)
                }
            }
        }
        guard risen == Set(tasks) else {
            throw Violation(
                "a retry begins anew all that fell with the task, and nothing else",
                "\(self.name) \(tasks), not \(risen.sorted())"
            )
        }
    }
}
