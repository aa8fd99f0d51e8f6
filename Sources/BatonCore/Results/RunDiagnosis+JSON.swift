// Names are those of seed 001's aggregate and diagnostics where it has any.
extension RunDiagnosis {
    /// What `baton show --diagnostics --json` and the API answer: the part of a report that says how the run went as a whole.
    package static func json(of report: RunReport) -> JSON {
        let head: [(String, JSON)] = [
            ("run", .string(report.run.id.text)), ("state", .string(report.sheet.stateWord)),
            ("reported_at", .string(report.now.description)),
            ("contributions", .array(report.agents.map(\.json))),
        ]
        return .members(head + RunDiagnosis(report).members(of: report))
    }

    /// The members that a report and `show --diagnostics` share.
    package func members(of report: RunReport) -> [(String, JSON)] {
        [
            ("execution", self.execution(report)), ("performance", self.performance(report)),
            ("times", self.times.json(report)), ("issues", self.issues.json(report)),
            ("dependency_graph", Self.graph(report)),
        ]
    }

    private func execution(_ report: RunReport) -> JSON {
        let counts = report.run.counts.shown
        return [
            "success_rate": self.successRate.map { .number($0) } ?? .null,
            "total_tasks": .integer(Int64(counts.total)), "completed_tasks": .integer(Int64(counts.completed)),
            "failed_tasks": .integer(Int64(counts.failed)), "skipped_tasks": .integer(Int64(counts.skipped)),
            "cancelled_tasks": .integer(Int64(counts.cancelled)),
            "attempts": .integer(Int64(report.statistics.attempts)),
            "retries": .integer(Int64(report.statistics.retries)),
        ]
    }

    private func performance(_ report: RunReport) -> JSON {
        [
            "total_seconds": .number(self.elapsed.inSeconds), "carried_seconds": .number(self.carried.inSeconds),
            "worked_seconds": .number(self.worked.inSeconds),
            "slots": .integer(Int64(self.slots)),
            "parallel_efficiency": self.parallelEfficiency.map { .number($0) } ?? .null,
            "tasks_per_minute": self.tasksPerMinute.map { .number($0) } ?? .null,
            "critical_path": report.names(self.criticalPath.tasks),
            "critical_path_seconds": .number(self.criticalPath.duration.inSeconds),
            "over_time": .array(
                self.stretches.map {
                    [
                        "from_seconds": .number($0.from.inSeconds), "to_seconds": .number($0.to.inSeconds),
                        "completed": .integer(Int64($0.completed)), "busy_share": .number($0.busyShare),
                    ]
                }
            ),
        ]
    }

    private static func graph(_ report: RunReport) -> JSON {
        .array(
            report.run.tasks.indices.map { offset in
                let needs = report.run.graph.dependencies[TaskIndex(offset)].map { TaskIndex(Int($0)) }
                return ["task": .string(report.id(TaskIndex(offset)).text), "needs": report.names(needs)]
            }
        )
    }
}

extension RunDiagnosis.Issues {
    fileprivate func json(_ report: RunReport) -> JSON {
        [
            "failures": .array(
                self.failures.map {
                    [
                        "code": .string($0.code), "count": .integer(Int64($0.tasks.count)),
                        "tasks": report.names($0.tasks), "message": .string($0.message),
                    ]
                }
            ),
            "empty_meetings": .array(
                self.emptyMeetings.map {
                    [
                        "task": .string(report.id($0.task).text), "rounds": .integer(Int64($0.rounds)),
                        "objective": $0.objective.map { .string($0) } ?? .null, "has_context": .bool($0.hasContext),
                    ]
                }
            ),
            "too_long": .array(
                self.tooLong.map {
                    [
                        "task": .string(report.id($0.task).text), "seconds": .number($0.took.inSeconds),
                        "estimated_seconds": .number($0.estimate.inSeconds), "timed_out": .bool($0.isTimedOut),
                    ]
                }
            ),
            "blocked": .array(
                self.blocked.map {
                    [
                        "by": .string(report.id($0.by).text),
                        "question": $0.question.map { .string($0.description) } ?? .null,
                        "tasks": report.names($0.tasks),
                    ]
                }
            ),
            "bottlenecks": .array(
                self.bottlenecks.map {
                    [
                        "agent": .string(report.plan.agents[$0.agent.offset].id.text),
                        "tasks": report.names($0.tasks), "seconds": .number($0.time.inSeconds),
                        "share": .number($0.share), "lost_seconds": .number($0.lost.inSeconds),
                        "remedy": .string($0.remedy),
                    ]
                }
            ),
            "under_use": self.underUse.map {
                ["busy_share": .number($0.busyShare), "remedy": .string($0.remedy)]
            } ?? .null,
            "retried": .array(
                self.retried.map {
                    [
                        "task": .string(report.id($0.task).text), "retries": .integer(Int64($0.attempts.count - 1)),
                    ]
                }
            ),
        ]
    }
}

extension RunReport {
    fileprivate func names(_ tasks: [TaskIndex]) -> JSON { .array(tasks.map { .string(self.id($0).text) }) }
}
