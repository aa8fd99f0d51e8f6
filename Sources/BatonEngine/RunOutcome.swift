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
        /// What of it is claimed, verified and accepted.
        public let proof: Proof
    }

    /// One attempt of a task.
    public struct AttemptOutcome: Sendable {
        /// From 1.
        public let number: Int
        /// Who performed it.
        public let agent: AgentID
        /// When it started.
        public let startedAt: Timestamp
        /// How long it lasted; nil while it goes on.
        public let duration: Duration?
        /// `running`, `completed`, `failed`, `stopped`, `skipped`, `cancelled`, or `unknown` after a crash.
        public let result: String
        /// Why, if it failed.
        public let failure: Failure?
        /// What it has used.
        public let usage: Usage
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

    static func attempts(of task: TaskID, in run: RunID, reader: JournalReader) async throws -> [AttemptOutcome] {
        guard let sheet = RunSheet(try await reader.all(of: run)), let index = sheet.run.index(of: task) else {
            throw BatonError(
                .unknownRun,
                "run \(run) has no task \(PlainText.line(task.text, limit: 60))",
                remedy: "the run's plan names its tasks"
            )
        }
        return sheet.attempts[index.offset].map { attempt in
            AttemptOutcome(
                number: Int(attempt.number),
                agent: attempt.agent,
                startedAt: attempt.startedAt,
                duration: attempt.endedAt.map { attempt.span(at: $0) },
                result: attempt.result,
                failure: attempt.failure,
                usage: attempt.usage
            )
        }
    }

    static func of(_ folded: Run, reader: JournalReader) async throws -> RunOutcome {
        var tasks: [TaskOutcome] = []
        tasks.reserveCapacity(folded.tasks.count)
        for (offset, record) in folded.tasks.enumerated() {
            var output: JSON?
            var failure: Failure?
            switch record.state {
            case .ended(.completed(.inline(let value))): output = value
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
                    attempts: Int(record.attempts),
                    proof: folded.proof(of: TaskIndex(offset))
                )
            )
        }
        var end: RunEnd?
        if case .ended(let how) = folded.phase { end = how }
        return RunOutcome(run: folded.id, end: end, tasks: tasks)
    }
}
