public import BatonCore

/// How a run ended, or stands, with the outputs of its tasks.
public struct RunOutcome: Sendable {
    /// One task's part.
    public struct TaskOutcome: Sendable {
        /// Which.
        public let task: TaskID
        /// Where it stands, such as `completed`, `failed` or `waiting`.
        public let state: String
        /// The output, if it completed.
        public let output: JSON?
        /// Why not, if it failed.
        public let failure: Failure?
        /// Attempts started.
        public let attempts: Int
    }

    /// Which run.
    public let run: RunID
    /// How it ended; nil if it has not.
    public let end: RunEnd?
    /// All tasks in plan order.
    public let tasks: [TaskOutcome]

    /// The output of a task that completed.
    public func output(of task: TaskID) -> JSON? { self.tasks.first { $0.task == task }?.output }

    /// Reads a run out of a journal.
    package static func read(_ run: RunID, from journal: any Journal) async throws -> RunOutcome {
        let reader = JournalReader(journal)
        return try await Self.of(try await reader.fold(run).run, reader: reader)
    }

    static func of(_ folded: Run, reader: JournalReader) async throws -> RunOutcome {
        var tasks: [TaskOutcome] = []
        tasks.reserveCapacity(folded.tasks.count)
        for (offset, record) in folded.tasks.enumerated() {
            var output: JSON?
            var failure: Failure?
            switch record.state {
            case .ended(.completed(let content)): output = try await reader.value(of: content, in: folded.id)
            case .ended(.failed(let why)): failure = why
            case .ended, .waiting, .scheduled, .ready, .running, .stopping, .resting, .blocked: break
            }
            tasks.append(
                TaskOutcome(
                    task: folded.plan.tasks[offset].id,
                    state: record.state.word,
                    output: output,
                    failure: failure,
                    attempts: Int(record.attempts)
                )
            )
        }
        var end: RunEnd?
        if case .ended(let how) = folded.phase { end = how }
        return RunOutcome(run: folded.id, end: end, tasks: tasks)
    }
}
