/// Figures of a run.
package struct Statistics: Hashable, Sendable {
    /// From the first event to the end, or by now.
    package let elapsed: Duration
    package let attempts: Int
    /// Attempts beyond the first of each task.
    package let retries: Int
    /// The time of all attempts, counted once for every agent in them; people's own work is left out.
    package let busy: Duration
    /// How many agents were busy on average; nil while no time has passed.
    package let parallelism: Double?
    /// The time during which at least one question was open.
    package let waitedForPeople: Duration
    package let questions: Int
    package let meetingsHeld: Int
    /// How often a new engine took the run over.
    package let recoveries: Int
    package let usage: Usage
    /// Tasks that agents added.
    package let spawnedTasks: Int

    init(
        _ sheet: RunSheet,
        _ tasks: [TaskAccount],
        _ agents: [Contribution],
        _ decisions: [Decision],
        recoveries: Int,
        at now: Timestamp
    ) {
        self.elapsed = max(.zero, now - sheet.run.began)
        self.attempts = tasks.reduce(0) { $0 + $1.attempts.count }
        self.retries = tasks.reduce(0) { $0 + max(0, $1.attempts.count - 1) }
        let busy = agents.filter { !$0.isPerson }.reduce(Duration.zero) { $0.addingSaturated($1.busy) }
        self.busy = busy
        self.parallelism = self.elapsed > .zero ? busy.inSeconds / self.elapsed.inSeconds : nil
        self.waitedForPeople = Decision.waitedForPeople(decisions, at: now)
        self.questions = decisions.count { $0.question != nil }
        self.meetingsHeld = tasks.count { account in
            guard case let spec = sheet.run.spec(account.task), spec.isMeeting, !spec.isOfMeeting else { return false }
            if case .ended(.completed)? = sheet.run.record(account.task)?.state { return true }
            return false
        }
        self.recoveries = recoveries
        self.spawnedTasks = sheet.run.spawned.count
        self.usage = tasks.reduce(Usage.none) { $0 + $1.usage }
    }
}
