import BatonCore

/// Means and 95th percentiles of the times of tasks, by type and by agent, as texts of a table.
struct TimesTable {
    static let caption = "How long tasks waited, ran and took in all: on average, and 95 of 100 at most"

    let columns = ["By", "Name", "Tasks", "Waited", "p95", "Ran", "p95", "In all", "p95"]
    let rows: [[String]]
    /// How many more there are than rows.
    let left: Int

    /// - Parameter most: so many types and so many agents.
    init(_ times: RunTimes, most: Int) {
        let groups = times.byType.prefix(most).map { ("type", $0) } + times.byAgent.prefix(most).map { ("agent", $0) }
        self.rows = groups.map { kind, group in
            [kind, PlainText.line(group.name, limit: 40), "\(group.tasks)"]
                + [group.waiting, group.running, group.total].flatMap { [SpanText.of($0.mean), SpanText.of($0.p95)] }
        }
        self.left = times.byType.count + times.byAgent.count - self.rows.count
    }
}
