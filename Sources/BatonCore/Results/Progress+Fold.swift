extension Progress {
    /// Begins with the first event; nil if that is not `created`.
    package init?(_ fact: Recorded) {
        guard case .created(let seed) = fact.event else { return nil }
        self.plan = seed.plan
        self.totalTasks = seed.plan.tasks.count
        self.began = fact.at
        self.updated = fact.at
        self.hands = Hands(tasks: seed.plan.tasks.count)
        self.tallies = Array(repeating: Tally(), count: seed.plan.agents.count)
        self.ends = Array(repeating: .none, count: seed.plan.tasks.count)
    }

    /// Takes in the next event.
    package mutating func take(_ fact: Recorded) {
        let gap = fact.at - self.updated
        self.updated = max(self.updated, fact.at)
        switch fact.event {
        case .attemptStarted(let task, _, let assignment): self.start(task, assignment, fact.at)
        case .stepReturned(_, let result): self.spent = self.spent + result.usage.money
        case .taskRested(let task, _, _):
            self.release(task, fact.at)
            self.withdrawQuestions(of: task)
        case .taskFellBack(let task, _):
            self.plan.take(fact.event)
            self.release(task, fact.at)
            self.withdrawQuestions(of: task)
        case .taskReady(let task): self.release(task, fact.at)
        case .taskEnded(let task, let end): self.finish(task, end, fact.at)
        case .asked(let question):
            self.questions[question.id] = question.task
            self.openQuestions = self.questions.count
            if question.kind == .unknownOutcome || question.kind == .blocker { self.release(question.task, fact.at) }
        case .answered(let id, let answer):
            if let task = self.questions.removeValue(forKey: id), answer.choice == .again {
                self.release(task, fact.at)
            }
            self.openQuestions = self.questions.count
        case .ended(let end): self.end = end
        case .tasksAdded, .delegated:
            self.plan.take(fact.event)
            self.grow()
            for task in self.plan.waiters(of: fact.event) { self.hands.leave(task, at: fact.at) }
            self.runningTasks = self.hands.count
        case .taskEdited(let task, _):
            self.plan.take(fact.event)
            self.withdrawQuestions(of: task)
        case .tasksReset(let tasks): for task in tasks { self.takeBack(task) }
        case .forked(let seed, _, _):
            self.fork(seed.plan, fact.at)
            self.hands.workAnew(fact.at)
        case .recovered: self.passOver(gap)
        case .stepOwed(let key, _):
            self.hands.comeBack(key.task, at: fact.at)
            self.runningTasks = self.hands.count
        case .created, .stopRequested, .stepLost, .staleResult, .attemptHeld, .paused, .resumed, .stopping,
            .taskReprioritized, .steered:
            break
        }
    }

    private mutating func passOver(_ gap: Duration) {
        let plan = self.plan
        self.hands.passOver(gap) { plan.isPerson($0) }
    }

    private mutating func start(_ task: TaskIndex, _ assignment: Assignment, _ now: Timestamp) {
        self.hands.take(task, assignment, at: now)
        self.runningTasks = self.hands.count
    }

    private mutating func release(_ task: TaskIndex, _ now: Timestamp, isDone: Bool = false) {
        let lead = self.hands.lead(of: task)
        guard let since = self.hands.put(task, at: now) else { return }
        self.runningTasks = self.hands.count
        if isDone, let lead { self.measure(task, by: lead, now - since) }
    }

    private mutating func withdrawQuestions(of task: TaskIndex) {
        guard !self.questions.isEmpty else { return }
        for (id, asked) in self.questions where asked == task { self.questions[id] = nil }
        self.openQuestions = self.questions.count
    }

    private mutating func finish(_ task: TaskIndex, _ end: TaskEnd, _ now: Timestamp) {
        if let lead = self.hands.lead(of: task), self.tallies.indices.contains(lead.offset) {
            switch end {
            case .completed: self.tallies[lead.offset].completed += 1
            case .failed:
                self.tallies[lead.offset].failed += 1
                self.failedWith[task] = lead
            case .skipped, .cancelled: break
            }
        }
        self.release(task, now, isDone: end.word == "completed")
        self.withdrawQuestions(of: task)
        switch end {
        case .completed: self.completedTasks += 1
        case .failed: self.failedTasks += 1
        case .skipped: self.skippedTasks += 1
        case .cancelled: self.cancelledTasks += 1
        }
        if self.ends.indices.contains(task.offset) { self.ends[task.offset] = EndMark(end) }
    }

    private mutating func takeBack(_ task: TaskIndex) {
        guard self.ends.indices.contains(task.offset) else { return }
        switch self.ends[task.offset] {
        case .none: return
        case .completed: self.completedTasks -= 1
        case .failed: self.failedTasks -= 1
        case .skipped: self.skippedTasks -= 1
        case .cancelled: self.cancelledTasks -= 1
        }
        self.ends[task.offset] = .none
        // Only what did not complete begins anew within a run.
        guard let lead = self.failedWith.removeValue(forKey: task) else { return }
        self.tallies[lead.offset].failed -= 1
    }

    private mutating func grow() {
        let joined = self.plan.agents.count - self.tallies.count
        if joined > 0 { self.tallies += Array(repeating: Tally(), count: joined) }
        let added = self.plan.tasks.count - self.ends.count
        guard added > 0 else { return }
        self.totalTasks = self.plan.tasks.count
        self.hands.grow(by: added)
        self.ends += Array(repeating: .none, count: added)
    }

    // Another run from here on: what begins anew has not ended, and nobody is at work on it.
    private mutating func fork(_ plan: Plan, _ now: Timestamp) {
        let old = self.plan.tasks
        self.plan = plan
        self.grow()
        self.end = nil
        // What agents did before was done for the other run, and counts there.
        self.tallies = Array(repeating: Tally(), count: self.tallies.count)
        self.failedWith = [:]
        for task in plan.begunAnew(since: old, PlanGraph(plan.tasks)) {
            self.takeBack(task)
            self.release(task, now)
            self.withdrawQuestions(of: task)
        }
    }
}

extension Progress.EndMark {
    fileprivate init(_ end: TaskEnd) {
        switch end {
        case .completed: self = .completed
        case .failed: self = .failed
        case .skipped: self = .skipped
        case .cancelled: self = .cancelled
        }
    }
}
