extension RunTimes {
    func json(_ report: RunReport) -> JSON {
        [
            "tasks": .array(self.tasks.map { $0.json(report) }), "by_type": .array(self.byType.map(\.json)),
            "by_agent": .array(self.byAgent.map(\.json)),
        ]
    }
}

extension RunTimes.Span {
    fileprivate func json(_ report: RunReport) -> JSON {
        [
            "task": .string(report.id(self.task).text), "state": .string(report.state(self.task)?.word ?? ""),
            "attempts": .integer(Int64(report.tasks[self.task.offset].attempts.count)),
            "waiting_seconds": .number(self.waiting.inSeconds), "running_seconds": .number(self.running.inSeconds),
            "total_seconds": .number(self.total.inSeconds),
        ]
    }
}

extension RunTimes.Group {
    fileprivate var json: JSON {
        [
            "name": .string(self.name), "tasks": .integer(Int64(self.tasks)), "waiting_seconds": self.waiting.json,
            "running_seconds": self.running.json, "total_seconds": self.total.json,
        ]
    }
}

extension RunTimes.Spread {
    /// In seconds.
    package var json: JSON { ["mean": .number(self.mean.inSeconds), "p95": .number(self.p95.inSeconds)] }
}
