/// How far, how fast, how well and for how much a run goes on, folded from its facts: for watchers, beside its events.
package struct LiveFigures: Sendable {
    private let run: RunID
    private let mode: RunMode
    private var progress: Progress
    package private(set) var position: Position
    private var tokens: Int64 = 0
    private var eta = Eta()
    // Of the plan as it is now; nil until it is needed.
    private var graph: PlanGraph?

    /// Begins with the first fact; nil if that is not `created`.
    ///
    /// - Parameter run: whose they are; a fork begins with facts of another.
    package init?(of run: RunID, _ fact: Recorded) {
        guard case .created(let seed) = fact.event, let progress = Progress(fact) else { return nil }
        self.run = run
        self.mode = seed.mode
        self.progress = progress
        self.position = fact.position
    }

    /// Takes in the next fact.
    package mutating func take(_ fact: Recorded) {
        self.progress.take(fact)
        self.position = fact.position
        switch fact.event {
        case .stepReturned(_, let result): self.tokens = self.tokens.addingSaturated(result.usage.tokens)
        case .tasksAdded, .delegated, .taskEdited, .taskFellBack, .forked: self.graph = nil
        case .created, .recovered, .attemptStarted, .stepOwed, .stopRequested, .stepLost, .staleResult, .attemptHeld,
            .taskRested,
            .taskReady, .taskEnded, .asked, .answered, .paused, .resumed, .stopping, .taskReprioritized, .tasksReset,
            .steered, .ended:
            break
        }
    }

    /// The figures at a moment.
    ///
    /// - Parameter clock: the time of whoever asks; a rehearsal and an ended run stay in their own.
    package mutating func json(at clock: Timestamp) -> JSON {
        let progress = self.progress
        let isOver = progress.end != nil || self.mode == .rehearsal
        let now = isOver ? progress.updated : max(progress.updated, clock)
        let graph = self.graph ?? PlanGraph(progress.plan.tasks)
        self.graph = graph
        self.eta.take(progress, in: graph)
        return [
            "run": .string(self.run.text), "position": .integer(self.position.value), "at": .string(now.description),
            "progress_percentage": .number(progress.percentage),
            "completed_tasks": .integer(Int64(progress.completedTasks)),
            "failed_tasks": .integer(Int64(progress.failedTasks)),
            "skipped_tasks": .integer(Int64(progress.skippedTasks)),
            "cancelled_tasks": .integer(Int64(progress.cancelledTasks)),
            "running_tasks": .integer(Int64(progress.runningTasks)),
            "total_tasks": .integer(Int64(progress.totalTasks)),
            "open_questions": .integer(Int64(progress.openQuestions)),
            "tasks_per_minute": progress.tasksPerMinute(at: now).map { .number($0) } ?? .null,
            "success_rate": progress.successRate.map { .number($0) } ?? .null, "load": .number(progress.load),
            "money_usd": .number(progress.spent.inUSD), "tokens": .integer(self.tokens),
            "eta_seconds": self.eta.left(at: now).map { .number($0.inSeconds) } ?? .null,
        ]
    }
}

extension Progress {
    /// Attempts in hand by the most that there could be, 0 to 1: by the plan, by what its agents can take, and by its tasks.
    package var load: Double {
        let limit = self.plan.defaults.enableParallelExecution ? self.plan.defaults.maxConcurrentTasks ?? .max : 1
        let most = max(1, min(limit, self.totalTasks))
        // Each counts as `most` at the most, so that no plan can make the sum overflow.
        let slots = self.plan.agents.reduce(0) { min(most, $0 + max(0, min(most, $1.maxConcurrentTasks))) }
        return slots > 0 ? min(1, Double(self.runningTasks) / Double(slots)) : 0
    }
}
