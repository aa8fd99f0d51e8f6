import OrderedCollections

// Names are those of seed 004's statistics where it has any.
extension TeamStatus {
    /// A success rate below it is a warning, unless somebody says otherwise: percent.
    package static let usualWarning = 80.0

    /// The figures of the team.
    package var json: JSON {
        [
            "active_runs": .integer(Int64(self.runs.count { !$0.run.isEnded })),
            "running_attempts": .integer(Int64(self.runningAttempts)),
            "queue_length": .integer(Int64(self.queueLength)),
            "open_questions": .integer(Int64(self.openQuestions)),
            "registered_agents": .integer(Int64(self.members.count)),
            "agent_types": .object(
                .init(self.types.map { ($0.type, .integer(Int64($0.count))) }, uniquingKeysWith: { $1 })
            ),
            "capabilities": .object(
                .init(
                    self.capabilities.map { ($0.capability, .array($0.agents.map { .string($0.text) })) },
                    uniquingKeysWith: { $1 }
                )
            ),
            "capability_counts": .object(
                .init(
                    self.capabilities.map { ($0.capability, .integer(Int64($0.agents.count))) },
                    uniquingKeysWith: { $1 }
                )
            ),
            "total_tasks": .integer(Int64(self.totalTasks)), "tasks_completed": .integer(Int64(self.completedTasks)),
            "tasks_failed": .integer(Int64(self.failedTasks)),
            "tasks_in_progress": .integer(Int64(self.runningAttempts)),
            "success_rate": self.successRate.map { .number($0) } ?? .null,
            "runs": .array(self.runs.map { self.json($0) }), "agents": .array(self.members.map(\.json)),
        ]
    }

    /// The same, and the commonest failure if the success rate is below a percentage.
    package func json(warningBelow percent: Double) -> JSON {
        guard let failure = self.warning(below: percent) else { return self.json.adding("warning", .null) }
        return self.json.adding(
            "warning",
            [
                "below_percent": .number(percent), "commonest_failure": .string(failure.code),
                "count": .integer(Int64(failure.count)), "message": .string(failure.message),
            ]
        )
    }

    private func json(_ sheet: RunSheet) -> JSON {
        let run = sheet.run
        return [
            "run": .string(run.id.text), "title": .string(run.plan.title), "state": .string(run.phase.word),
            "current_state": .array(sheet.currentState.map { .string($0) }),
            "running_attempts": .integer(Int64(sheet.progress.runningTasks)),
            "queue_length": .integer(Int64(run.counts.ready)),
            "progress_percentage": .number(sheet.progress.percentage),
            "eta_seconds": self.remaining(of: sheet).map { .number($0.inSeconds) } ?? .null,
        ]
    }
}

extension TeamStatus.Member {
    /// An agent with what it works on.
    package var json: JSON {
        [
            "agent": .string(self.profile.id.text), "name": .string(self.profile.name),
            "type": .string(self.profile.kindWord), "runs": .array(self.runs.map { .string($0.text) }),
            "capacity": .integer(Int64(self.capacity)), "load": .number(self.load),
            "completed": .integer(Int64(self.completed)), "failed": .integer(Int64(self.failed)),
            "success_rate": self.successRate.map { .number($0) } ?? .null,
            "in_hand": .array(
                self.pieces.map {
                    [
                        "run": .string($0.run.text), "task": .string($0.task.text),
                        "since": .string($0.since.description),
                    ]
                }
            ),
        ]
    }
}
