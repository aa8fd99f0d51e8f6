import BatonCore

/// What a budget of time has let go: what was worked, and what is set aside for what is out; in microseconds.
struct TimePurse: Equatable {
    var spent: Int64 = 0
    var reserved: Int64 = 0
}

/// What is set aside for a step.
struct TimeHold: Equatable {
    let begin: Timestamp
    let most: Int64

    var end: Timestamp { self.begin + .microseconds(self.most) }
}

// Budgets of time: what is worked and set aside stays within the limit, and no step goes on when its time is up.
extension Ledger {
    private func timed(_ task: TaskIndex) -> [(scope: BudgetScope, limit: Int64)] {
        guard self.tasks[task.offset].lead != nil else { return [] }
        return self.ownScopes(of: task).compactMap { scope in
            self.budget(of: scope).workTime.map { (scope, $0.microseconds) }
        }
    }

    private func left(_ task: TaskIndex) -> Int64? {
        self.timed(task).map { scope, limit in
            let purse = self.times[scope] ?? TimePurse()
            return limit - purse.spent - purse.reserved
        }.min()
    }

    /// - Parameter deadline: when its own time is up.
    func hold(_ task: TaskIndex, until deadline: Timestamp, isFirst: Bool, _ fact: Recorded) throws {
        guard let left = self.left(task) else { return }
        self.reached.insert(.timeHeld)
        if isFirst, left <= 0 { throw self.violation("I-27 nothing begins when its time is used up", task, "\(left)") }
        let most = max(0, min(left, (deadline - fact.at).microseconds))
        self.tasks[task.offset].timeHold = TimeHold(begin: fact.at, most: most)
        for (id, question) in self.open where question.kind.holdsAttempt && question.task == task {
            self.open[id] = nil
        }
        for (scope, limit) in self.timed(task) {
            self.times[scope, default: TimePurse()].reserved += most
            let purse = self.times[scope] ?? TimePurse()
            guard purse.spent + purse.reserved <= limit || !isFirst else {
                throw self.violation(
                    "I-27 what is worked and set aside stays within the budget",
                    task,
                    "\(purse) of \(limit)"
                )
            }
        }
    }

    /// When the step that is out has no more time: its own, or that of a budget.
    func deadline(of book: TaskBook) -> Timestamp {
        let own = book.owedAt + self.timeout(book)
        return book.timeHold.map { min($0.end, own) } ?? own
    }

    /// - Parameter now: nil if nobody knows how long it was worked on.
    func letGo(_ task: TaskIndex, at now: Timestamp?) {
        guard let hold = self.tasks[task.offset].timeHold else { return }
        self.tasks[task.offset].timeHold = nil
        let took = now.map { min(hold.most, max(0, ($0 - hold.begin).microseconds)) } ?? 0
        // Whatever the budgets are by now: it was set aside with both.
        for scope in self.tasks[task.offset].lead == nil ? [] : self.ownScopes(of: task) {
            guard self.times[scope] != nil else { continue }
            self.times[scope]?.reserved -= hold.most
            self.times[scope]?.spent += took
        }
    }

    /// Whether a budget is used up, so that a person may be asked for more.
    func isTimeUp(_ budget: Question.Budget) -> Bool {
        self.budget(of: budget.scope).workTime.map { self.times[budget.scope]?.spent ?? 0 >= $0.microseconds } ?? false
    }

    /// Whether it waits for more time, or for others to give some back.
    func waitsForTime(_ task: TaskIndex) -> Bool {
        guard self.tasks[task.offset].place == .running else { return false }
        let timed = self.timed(task)
        guard !timed.isEmpty else { return false }
        // Nothing is begun while the run is paused, or a fork that nobody has taken up.
        if self.awaitsEngine || self.phase == .paused { return true }
        let isAsked = self.open.values.contains { question in
            question.budget.map { budget in budget.measure == .time && timed.contains { $0.scope == budget.scope } }
                ?? false
        }
        return isAsked || timed.contains { self.times[$0.scope]?.reserved ?? 0 > 0 }
    }
}
