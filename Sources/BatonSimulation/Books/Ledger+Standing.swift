import BatonCore

// The run as it is in memory, held against the books.
extension Ledger {
    /// Each task stands where its events have put it, and waits for as many others as it needs still.
    func checkStanding(of run: Run) throws {
        guard run.tasks.count == self.tasks.count, self.hasSamePhase(as: run) else {
            throw Violation("a run stands where its events put it", "\(self.name) \(run.phase), not \(self.phase)")
        }
        for (offset, book) in self.tasks.enumerated() {
            let record = run.tasks[offset]
            guard self.stands(offset, record.state) else {
                throw self.violation("a task stands where its events put it", TaskIndex(offset), "\(record.state)")
            }
            guard record.attempts == book.attempts, record.granted == book.granted, record.hasBegun == book.hasBegun,
                record.isApproved == book.isApproved, run.leads[TaskIndex(offset)] == book.chosen,
                run.plan.tasks[offset].priority == book.priority
            else {
                throw self.violation("a task keeps what was done and said for it", TaskIndex(offset), "\(record)")
            }
        }
        guard run.questions == self.open else {
            throw Violation(
                "I-34 open is what was asked and not settled",
                "\(self.name) \(run.openQuestions.map(\.id))"
            )
        }
        guard run.counts.inHand == self.inHand, run.counts.withPeople == self.withPeople,
            zip(run.records, self.loads).allSatisfy({ Int($0.inHand) == $1 })
        else { throw Violation("who is busy is told by what is in hand", self.name) }
    }

    private func hasSamePhase(as run: Run) -> Bool {
        switch (run.phase, self.phase) {
        case (.running, .running), (.paused, .paused): true
        case (.stopping(let cause), .stopping(let told)): cause == told
        case (.ended(let end), .ended(let told)): end == told
        case (.running, _), (.paused, _), (.stopping, _), (.ended, _): false
        }
    }

    private func stands(_ task: Int, _ state: TaskState) -> Bool {
        let place = self.tasks[task].place
        switch state {
        case .waiting(let open): return place == .waiting && Int(open) == self.openNeeds(of: task)
        case .scheduled: return false
        case .ready: return place == .ready
        case .running: return place == .running
        case .stopping(_, let reason): return place == .stopping(reason)
        case .resting(let until): return place == .resting(until: until)
        case .blocked(let id, let attempt): return place == .blocked(id, holdsAgents: attempt != nil)
        case .ended(.completed): return place == .completed
        case .ended(.failed): return place == .failed
        case .ended(.skipped): return place == .skipped
        case .ended(.cancelled): return place == .cancelled
        }
    }

    // What it needs and has not got: not ended, or not well enough for a task that runs only after success.
    private func openNeeds(of task: Int) -> Int {
        self.tasks[task].needs.count { other in
            let place = self.tasks[other].place
            return !place.isEnded || (place != .completed && self.tasks[task].rule != .run)
        }
    }
}
