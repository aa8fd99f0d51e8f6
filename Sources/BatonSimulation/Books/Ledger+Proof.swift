import BatonCore

// Done is proved: what an attempt brings counts when its checks have passed, one after the other.
extension Ledger {
    func added(_ specs: [TaskSpec], _ made: [AgentProfile], _ fact: Recorded) throws {
        self.join(made)
        if case .agent(_, let task) = fact.by { try self.checkBrokenDown(specs, by: task) }
        if let spec = specs.first, case .engine = fact.by { try self.checkCalled(spec) }
        guard specs.contains(where: { $0.proves != nil }) else { return try self.added(specs, fact) }
        let task = try self.checkClaim(specs, made, fact)
        try self.added(specs, fact)
        self.reached.insert(.claimed)
        self.tasks[task.offset].place = .running
        self.tasks[task.offset].checks.append(self.tasks.count - 1)
        self.goAway(task)
    }

    private func checkClaim(_ specs: [TaskSpec], _ made: [AgentProfile], _ fact: Recorded) throws -> TaskIndex {
        guard case .engine = fact.by, let above = specs.first?.delegatedBy,
            let offset = self.tasks.firstIndex(where: { $0.id == above })
        else { throw Violation("a check proves a task", self.name) }
        let (task, book) = (TaskIndex(offset), self.tasks[offset])
        let place = book.checks.count
        guard specs.count == 1, book.doneWhen.indices.contains(place), specs[0].proves == book.doneWhen[place] else {
            throw self.violation("a claim is put to its checks, one after the other", task, "\(specs.map(\.id))")
        }
        switch book.place {
        case .running, .stopping(.timedOut), .stopping(.paused), .stopping(.decided): break
        case .waiting, .ready, .stopping, .resting, .blocked, .completed, .failed, .skipped, .cancelled:
            throw self.violation("who claims has something in hand", task, "\(book.place)")
        }
        guard !book.isOut, book.isThrough, book.result?.output != nil, self.isProved(book), !self.isStopping else {
            throw self.violation("only what is done is claimed", task)
        }
        let agent = self.plan.agents.firstIndex { $0.id == specs[0].assignedAgent }
        if specs[0].proves?.review != nil, agent.map({ self.doers(of: book).contains(AgentIndex($0)) }) ?? true {
            throw self.violation("nobody reviews what is his own", task, "\(specs[0].id)")
        }
        return task
    }

    // Those of its attempt, and of what its parts have brought.
    private func doers(of book: TaskBook) -> Set<AgentIndex> {
        guard book.isWhole else { return Set(book.agents) }
        return book.needs.map { self.tasks[$0] }.filter { $0.whole == book.id }.reduce(into: Set(book.agents)) {
            found,
            part in
            if part.place == .completed, let lead = part.lead { found.insert(lead) }
            found.formUnion(self.doers(of: part))
        }
    }

    /// What a person has done is a claim, if it has to be proved.
    func claimsWork(_ task: TaskIndex, _ content: Content) {
        self.tasks[task.offset].result = .done(content, .none)
        self.tasks[task.offset].talk = nil
        self.tasks[task.offset].place = .running
        self.withPeople -= 1
        self.inHand += 1
    }

    /// Whether the last check that was made has been passed; those before it had been when it was made.
    func isProved(_ book: TaskBook) -> Bool {
        book.checks.suffix(1).allSatisfy {
            self.tasks[$0].isLeftOut || self.tasks[$0].place == .completed && !self.isDenied($0)
        }
    }

    // What the simulator brings for a check says so; who signs says yes by answering.
    private func isDenied(_ check: Int) -> Bool {
        let output = self.tasks[check].end?.inlined
        let proves = self.tasks[check].proves
        if proves?.signature != nil { return false }
        return output?[proves?.review == nil ? "passed" : "approved"] != true
    }

    /// What is not proved does not complete.
    func checkProved(_ task: TaskIndex, _ book: TaskBook) throws {
        guard !book.doneWhen.isEmpty else { return }
        guard book.checks.count == book.doneWhen.count, self.isProved(book) else {
            throw self.violation("what is not proved is not done", task, "\(book.checks)")
        }
        self.reached.insert(.proved)
        if book.checks.contains(where: { self.tasks[$0].isLeftOut }) { self.reached.insert(.checkLeftOut) }
    }

    // Nobody else is there for the next check than who has done the work.
    private func isNextItsOwn(_ book: TaskBook) -> Bool {
        guard book.doneWhen.indices.contains(book.checks.count) else { return false }
        let reviewer = book.doneWhen[book.checks.count].review
        return self.doers(of: book).contains { self.plan.agents[$0.offset].id.text == reviewer }
    }

    /// What is proved does not fail.
    func checkRefuted(_ task: TaskIndex, _ book: TaskBook) throws {
        guard !book.checks.isEmpty else { return }
        guard book.checks.suffix(1).allSatisfy({ self.tasks[$0].place.isEnded }) else {
            throw self.violation("a claim waits for its check", task)
        }
        if self.isProved(book), !self.isNextItsOwn(book) { throw self.violation("what is proved is done", task) }
        self.reached.insert(.refuted)
    }

    /// Whether a check of the simulator is passed, which draws nothing.
    static func approves(_ key: StepKey) -> Bool { (key.task.value + key.attempt) % 3 != 0 }
}
