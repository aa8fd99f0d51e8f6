import BatonCore

/// When which task was in hand, as a picture: a row for each task, or for many tasks a lane for each agent.
struct GanttChart {
    /// More tasks than this are drawn as lanes of agents.
    static let mostRows = 60
    private static let mostLanes = 40
    private static let label = 190
    private static let axis = 700
    // Room for the words behind a bar that ends with the run.
    private static let right = 170
    private static let rowHeight = 24
    private static let top = 26

    private let report: RunReport
    private let time: TimeAxis

    init(_ report: RunReport) {
        self.report = report
        self.time = TimeAxis(span: report.elapsed, left: Self.label, width: Self.axis)
    }

    private var started: [TaskAccount] {
        self.report.tasks.filter { !$0.attempts.isEmpty }.sorted { left, right in
            let (first, second) = (left.startedAt ?? .zero, right.startedAt ?? .zero)
            return first == second ? left.task < right.task : first < second
        }
    }

    var caption: String {
        self.report.tasks.count > Self.mostRows
            ? "How busy each agent was, over time. The higher the bar, the more of what it can have in hand."
            : "Attempts over time. ✓ completed, ✗ failed (outline), ▶ in hand, waiting for a person (dashes)."
    }

    func draw(on page: inout HTMLWriter) {
        if self.report.tasks.count > Self.mostRows { self.lanes(on: &page) } else { self.rows(on: &page) }
    }

    private func frame(
        _ page: inout HTMLWriter,
        rows: Int,
        title: String,
        description: String,
        _ body: (inout HTMLWriter) -> Void
    ) {
        let height = Self.top + rows * Self.rowHeight + 6
        page.svg(
            width: Self.label + Self.axis + Self.right,
            height: height,
            title: title,
            description: description,
            name: "gantt"
        ) { page in
            for tick in self.time.ticks {
                let x = self.time.x(tick.at)
                page.element(
                    "line",
                    [("class", "grid"), ("x1", x), ("x2", x), ("y1", "\(Self.top - 6)"), ("y2", "\(height - 4)")]
                ) { _ in }
                page.element("text", [("class", "tick"), ("x", x), ("y", "14")], text: tick.name)
            }
            body(&page)
        }
    }

    private func label(_ text: String, row: Int, to page: inout HTMLWriter) {
        let y = Self.top + row * Self.rowHeight + 16
        page.element("text", [("class", "name"), ("x", "0"), ("y", "\(y)")], text: TextWidth.cut(text, to: 25))
    }

    private func since(_ moment: Timestamp) -> Duration { max(.zero, moment - self.report.run.began) }

    // MARK: Tasks

    private func rows(on page: inout HTMLWriter) {
        let started = self.started
        let left = self.report.tasks.count - started.count
        let description =
            "A row for each task that was started, in the order of starting; a bar for each attempt. "
            + (left > 0 ? "\(CountText.of(left, "task")) never started. " : "") + "The table of tasks says the same."
        self.frame(&page, rows: started.count, title: "Gantt chart of the attempts", description: description) { page in
            for (row, account) in started.enumerated() {
                self.label(self.report.id(account.task).text, row: row, to: &page)
                for attempt in account.attempts { self.bar(attempt, account, row: row, to: &page) }
            }
        }
    }

    private func bar(_ attempt: RunSheet.AttemptSheet, _ account: TaskAccount, row: Int, to page: inout HTMLWriter) {
        let (start, end) = (self.since(attempt.startedAt), self.since(attempt.endedAt ?? self.report.now))
        let state = Self.state(of: attempt)
        let isLast = attempt.number == account.attempts.last?.number
        let y = Self.top + row * Self.rowHeight
        page.element("g") { page in
            let words =
                "\(self.report.id(account.task)), attempt \(attempt.number) by "
                + "\(self.report.name(attempt.assignment.lead)): \(attempt.result), \(SpanText.of(end - start))"
            page.element("title", text: words)
            page.element(
                "rect",
                [
                    ("class", "bar \(state.rawValue)\(account.isPersons ? " person" : "")"), ("x", self.time.x(start)),
                    ("y", "\(y + 4)"), ("width", self.time.width(from: start, to: end)), ("height", "16"), ("rx", "3"),
                ]
            ) { _ in }
        }
        // Between two attempts there is no room for words; the last one speaks for the task.
        guard isLast else { return }
        let tries = attempt.number > 1 ? ", attempt \(attempt.number)" : ""
        let text = "\(state.mark) \(SpanText.of(account.took))\(tries)"
        page.element(
            "text",
            [("class", "value"), ("x", self.time.x(after: end)), ("y", "\(y + 16)")],
            text: text
        )
    }

    static func state(of attempt: RunSheet.AttemptSheet) -> GraphState {
        switch attempt.result {
        case "running": .running
        case "completed": .completed
        case "failed": .failed
        case "skipped": .skipped
        case "unknown", "blocked": .blocked
        default: .cancelled
        }
    }

    // MARK: Agents

    private func lanes(on page: inout HTMLWriter) {
        let agents = Array(self.report.agentsByWork.prefix(Self.mostLanes))
        let left = self.report.agentsByWork.count - agents.count
        let description =
            "A lane for each agent; the height of the bar tells how much of what the agent can have in hand it had. "
            + (left > 0 ? "\(CountText.of(left, "agent")) with less work are left out. " : "")
            + "The table of agents says the same in sums."
        let bins = BusyBins(self.report)
        self.frame(&page, rows: agents.count, title: "How busy each agent was", description: description) { page in
            for (row, agent) in agents.enumerated() {
                self.label(agent.name, row: row, to: &page)
                let y = Self.top + row * Self.rowHeight
                for span in bins.spans(of: agent.agent) {
                    let height = span.level * 4
                    page.element(
                        "rect",
                        [
                            ("class", "bar busy"), ("x", self.time.x(span.from)), ("y", "\(y + 20 - height)"),
                            ("width", self.time.width(from: span.from, to: span.to)), ("height", "\(height)"),
                        ]
                    ) { _ in }
                }
            }
        }
    }
}
