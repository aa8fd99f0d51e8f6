import BatonCore

// The run as it is in memory, held against the books.
extension Ledger {
    /// Each task stands where its events have put it, and waits for as many others as it needs still.
    func checkStanding(of run: Run) throws {
        guard run.tasks.count == self.tasks.count, self.hasSamePhase(as: run) else {
            throw Violation("a run stands where its events put it", "\(self.name) \(run.phase), not \(self.phase)")
        }
        for offset in self.tasks.indices {
            guard self.stands(offset, run.tasks[offset].state) else {
                let state = run.tasks[offset].state
                throw self.violation("a task stands where its events put it", TaskIndex(offset), "\(state)")
            }
            guard self.keeps(offset, run.tasks[offset]), run.plan.tasks[offset].priority == self.tasks[offset].priority,
                run.leads.isEmpty || run.leads[TaskIndex(offset)] == self.tasks[offset].chosen
            else {
                let record = run.tasks[offset]
                throw self.violation("a task keeps what was done and said for it", TaskIndex(offset), "\(record)")
            }
        }
        guard run.leads.count == self.tasks.count(where: { $0.chosen != nil }) else {
            throw Violation("a task keeps what was done and said for it", "\(self.name) \(run.leads.count) choices")
        }
        guard run.questions.count == self.open.count, run.questions == self.open else {
            throw Violation(
                "I-34 open is what was asked and not settled",
                "\(self.name) \(run.openQuestions.map(\.id))"
            )
        }
        guard run.counts.inHand == self.inHand, run.counts.withPeople == self.withPeople,
            zip(run.records, self.loads).allSatisfy({ Int($0.inHand) == $1 })
        else { throw Violation("who is busy is told by what is in hand", self.name) }
    }

    /// What has not ended, in words.
    var standing: String {
        let open = self.tasks.filter { !$0.place.isEnded }.map { "\($0.id) \($0.place)" }
        return "\(self.name) \(self.phase): \(open.prefix(10).joined(separator: ", "))"
    }

    private func keeps(_ task: Int, _ record: TaskRecord) -> Bool {
        record.attempts == self.tasks[task].attempts && record.granted == self.tasks[task].granted
            && record.hasBegun == self.tasks[task].hasBegun && record.isApproved == self.tasks[task].isApproved
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
        switch (state, self.tasks[task].place) {
        case (.waiting(let open), .waiting): Int(open) == self.openNeeds(of: task)
        case (.ready, .ready), (.running, .running): true
        case (.stopping(_, let reason), .stopping(let told)): reason == told
        case (.resting(let until), .resting(let told)): until == told
        case (.blocked(let id, let attempt), .blocked(let told, let holdsAgents)):
            id == told && holdsAgents == (attempt != nil)
        case (.ended(.completed), .completed), (.ended(.failed), .failed), (.ended(.skipped), .skipped),
            (.ended(.cancelled), .cancelled):
            true
        case (.waiting, _), (.scheduled, _), (.ready, _), (.running, _), (.stopping, _), (.resting, _), (.blocked, _),
            (.ended, _):
            false
        }
    }

    // What it needs and has not got: not ended, or not well enough for a task that runs only after success.
    private func openNeeds(of task: Int) -> Int {
        self.tasks[task].needs.count { other in
            let place = self.tasks[other].place
            return !place.isEnded || (place != .completed && self.rule(of: task, without: other) != .run)
        }
    }
}
