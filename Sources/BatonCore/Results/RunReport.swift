/// What there is to tell of a run at one moment, before it has a format: folded from its events alone.
///
/// Outputs are not in it: whoever prints a report fetches those that were stored by hash.
package struct RunReport: Sendable {
    package let sheet: RunSheet
    /// The moment it tells of: the end of an ended run.
    package let now: Timestamp
    /// One for each task, in plan order.
    package let tasks: [TaskAccount]
    /// One for each agent, in plan order.
    package let agents: [Contribution]
    package let failures: [FailureGroup]
    package let timeline: Timeline
    package let decisions: [Decision]
    package let groups: [TaskGroup]
    /// Who said what, in order.
    package let words: [SpokenWord]
    package let statistics: Statistics
    let moments: TaskMoments

    /// Folds all facts of a run; nil if the first is not `created`.
    ///
    /// - Parameter clock: the time of whoever asks; attempts in hand have lasted until then, unless it is a rehearsal.
    package init?(_ facts: [Recorded], at clock: Timestamp = .zero) {
        guard let sheet = RunSheet(facts) else { return nil }
        self.sheet = sheet
        let last = sheet.run.now
        let now = sheet.endedAt ?? (sheet.run.seed.mode == .rehearsal ? last : max(last, clock))
        self.now = now
        self.tasks = sheet.run.tasks.indices.map { TaskAccount(TaskIndex($0), in: sheet, at: now) }
        self.agents = Contribution.all(of: sheet, at: now)
        self.moments = TaskMoments(facts, of: sheet.run)
        self.failures = FailureGroup.all(of: sheet.run)
        self.timeline = Timeline(facts)
        self.decisions = Decision.all(in: facts)
        self.words = SpokenWord.all(in: facts)
        self.groups = TaskGroup.all(of: self.tasks, in: sheet.run)
        self.statistics = Statistics(
            sheet,
            self.tasks,
            self.agents,
            self.decisions,
            recoveries: facts.count { if case .recovered = $0.event { true } else { false } },
            at: now
        )
    }

    package var run: Run { self.sheet.run }

    package var plan: Plan { self.sheet.run.plan }

    package var isRehearsal: Bool { self.sheet.run.seed.mode == .rehearsal }

    /// From the first event to the moment it tells of.
    package var elapsed: Duration { max(.zero, self.now - self.run.began) }

    package func id(_ task: TaskIndex) -> TaskID {
        self.plan.tasks.indices.contains(task.offset) ? self.plan.tasks[task.offset].id : TaskID("#\(task.value)")
    }

    package func state(_ task: TaskIndex) -> TaskState? { self.run.record(task)?.state }

    /// The name of an agent as people call it.
    package func name(_ agent: AgentIndex) -> String {
        self.plan.agents.indices.contains(agent.offset) ? self.plan.agents[agent.offset].name : "#\(agent.value)"
    }
}

/// A task of a report: its attempts and their times together.
package struct TaskAccount: Sendable {
    package let task: TaskIndex
    package let attempts: [RunSheet.AttemptSheet]
    /// All its attempts together, without the waits between them.
    package let took: Duration
    package let usage: Usage
    /// Whether it is a person's own work, so that its time is mostly waiting.
    package let isPersons: Bool

    init(_ task: TaskIndex, in sheet: RunSheet, at now: Timestamp) {
        self.task = task
        self.attempts = sheet.attempts[task.offset]
        self.took = self.attempts.reduce(Duration.zero) { $0.addingSaturated($1.span(at: now)) }
        self.usage = self.attempts.reduce(Usage.none) { $0 + $1.usage }
        self.isPersons = self.attempts.last.map { sheet.run.plan.isPersons($0.assignment) } ?? false
    }

    package var startedAt: Timestamp? { self.attempts.first?.startedAt }

    /// The last attempt that did not succeed.
    package var lastFailure: Failure? { self.attempts.last { $0.failure != nil }?.failure }
}
