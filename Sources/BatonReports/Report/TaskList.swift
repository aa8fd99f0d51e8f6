import BatonCore

/// Tasks that a page names in one table: all of them, or of a large run what is notable.
struct TaskList {
    let heading: String
    let tasks: [TaskIndex]
    /// How many there are of the kind, those that are not named among them.
    let count: Int

    static func all(of report: RunReport) -> [TaskList] {
        guard report.isLarge else {
            return [TaskList(heading: "Tasks", tasks: report.tasks.map(\.task), count: report.tasks.count)]
        }
        var seen: Set<TaskIndex> = []
        let kinds = [
            ("Tasks that failed", report.rootFailures.compactMap(\.root)),
            ("Tasks in hand, resting or blocked", report.tasks.map(\.task).filter { Self.isOpen(report.state($0)) }),
            ("Tasks that took longest", report.slowest(RunReport.mostNotable).map(\.task)),
        ]
        // A task is named once, where it is most notable.
        return kinds.map { heading, tasks in
            let fresh = tasks.filter { seen.insert($0).inserted }
            return TaskList(heading: heading, tasks: Array(fresh.prefix(RunReport.mostNotable)), count: fresh.count)
        }.filter { !$0.tasks.isEmpty }
    }

    private static func isOpen(_ state: TaskState?) -> Bool {
        switch state {
        case .running, .stopping, .resting, .blocked: true
        case .waiting, .scheduled, .ready, .ended, nil: false
        }
    }
}
