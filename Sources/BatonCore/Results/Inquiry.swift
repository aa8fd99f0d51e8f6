/// What `baton why` asks of a run's events beyond its sheet: since when each task stands where it stands, and how the
/// agents of one task were chosen.
package struct Inquiry: Sendable {
    /// A wait after a failed attempt.
    package struct Rest: Sendable {
        package let attempt: Int32
        package let from: Timestamp
        package let until: Timestamp
    }

    package private(set) var sheet: RunSheet
    /// The task that is asked about.
    package let subject: TaskIndex?
    package private(set) var since: [Timestamp]
    package private(set) var phaseSince: Timestamp
    /// When each open question was asked.
    package private(set) var asked: [QuestionID: Timestamp] = [:]
    /// Of the subject, one for each attempt.
    package private(set) var choices: [AgentChoice] = []
    package private(set) var rests: [Rest] = []

    package var run: Run { self.sheet.run }

    /// Folds all facts of a run; nil if they do not begin with `created`, or the run has no such task.
    package init?(_ facts: [Recorded], about task: TaskID?) {
        guard let first = facts.first, let sheet = RunSheet(first) else { return nil }
        self.sheet = sheet
        self.subject = task.flatMap { sheet.run.index(of: $0) }
        if task != nil, self.subject == nil { return nil }
        self.since = Array(repeating: first.at, count: sheet.run.tasks.count)
        self.phaseSince = first.at
        for fact in facts.dropFirst() { self.take(fact) }
    }

    private mutating func take(_ fact: Recorded) {
        if case .attemptStarted(let task, let attempt, let assignment) = fact.event, task == self.subject {
            self.choices.append(AgentChoice(of: task, attempt: attempt, assignment, before: self.run))
        }
        let answered = self.task(answeredBy: fact.event)
        self.sheet.take(fact)
        guard self.run.damage == nil else { return }
        switch fact.event {
        case .attemptStarted(let task, _, _), .taskReady(let task): self.mark(task, fact.at)
        case .stopRequested(let key, _): self.mark(key.task, fact.at)
        case .taskRested(let task, let until, _): self.rest(task, fact.at, until)
        case .taskEnded(let task, _):
            self.mark(task, fact.at)
            for dependent in self.run.graph.dependents[task] where self.run.tasks[Int(dependent)].state == .ready {
                self.since[Int(dependent)] = fact.at
            }
        case .asked(let question):
            self.asked[question.id] = fact.at
            self.mark(question.task, fact.at)
        case .answered(let id, _):
            self.asked[id] = nil
            if let answered { self.mark(answered, fact.at) }
        case .paused, .resumed, .stopping, .ended: self.phaseSince = fact.at
        case .created, .recovered, .stepOwed, .stepReturned, .stepLost, .staleResult: return
        }
    }

    private func task(answeredBy event: Event) -> TaskIndex? {
        guard case .answered(let id, _) = event else { return nil }
        return self.run.questions[id]?.task
    }

    private mutating func mark(_ task: TaskIndex, _ now: Timestamp) {
        if self.since.indices.contains(task.offset) { self.since[task.offset] = now }
    }

    private mutating func rest(_ task: TaskIndex, _ now: Timestamp, _ until: Timestamp) {
        self.mark(task, now)
        guard task == self.subject, let attempt = self.run.record(task)?.attempts else { return }
        self.rests.append(Rest(attempt: attempt, from: now, until: until))
    }

    /// From a task that waits or was skipped to the one that holds it up, or brought it down.
    ///
    /// - Returns: the chain behind the task, the root last; empty if the task itself is the root.
    package func chain(behind task: TaskIndex) -> [TaskIndex] {
        var chain: [TaskIndex] = []
        var current = task
        while let next = self.nextBehind(current), !chain.contains(next) {
            chain.append(next)
            current = next
        }
        return chain
    }

    private func nextBehind(_ task: TaskIndex) -> TaskIndex? {
        switch self.run.tasks[task.offset].state {
        case .waiting: self.openDependencies(of: task).first
        case .ended(.skipped(.dependency(let other))): other
        case .ended(.failed(let failure)) where failure.code == "task.dependency":
            self.run.graph.dependencies[task].map { TaskIndex(Int($0)) }.first { self.hasFallenShort($0) }
        case .scheduled, .ready, .running, .stopping, .resting, .blocked, .ended: nil
        }
    }

    private func hasFallenShort(_ task: TaskIndex) -> Bool {
        switch self.run.tasks[task.offset].state {
        case .ended(.failed), .ended(.skipped), .ended(.cancelled): true
        case .waiting, .scheduled, .ready, .running, .stopping, .resting, .blocked, .ended(.completed): false
        }
    }

    /// The tasks that a task still waits for, in plan order.
    package func openDependencies(of task: TaskIndex) -> [TaskIndex] {
        self.run.graph.dependencies[task].map { TaskIndex(Int($0)) }.filter { !self.run.tasks[$0.offset].state.isEnded }
    }
}
