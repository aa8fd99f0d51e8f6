import BatonCore
import BatonEngine

/// The table at the end of a run, and what `baton show` prints.
enum SummaryPrinter {
    /// More tasks than this are counted, not listed.
    private static let mostRows = 60

    static func lines(_ sheet: RunSheet, outputs: [TaskIndex: String], dataFolder: String) -> [String] {
        var lines = [Self.headline(sheet), ""]
        let rows = Self.shownTasks(sheet)
        let columns = Columns(sheet, rows)
        lines.append(columns.header)
        for task in rows { lines.append(Self.row(task, sheet, columns, outputs[task])) }
        if rows.count < sheet.run.tasks.count {
            lines.append(
                "… and \(sheet.run.tasks.count - rows.count) more; `baton show \(sheet.run.id) --json` has all"
            )
        }
        lines += Self.agentLines(sheet)
        lines += Self.questionLines(sheet, dataFolder)
        if sheet.run.seed.mode == .rehearsal {
            lines += ["", "\(StandIn.mark): stand-ins played every agent; no work was done and nothing was spent."]
        }
        return lines
    }

    static func headline(_ sheet: RunSheet) -> String {
        let counts = sheet.run.counts
        let parts = [
            ("completed", counts.completed), ("failed", counts.failed), ("skipped", counts.skipped),
            ("cancelled", counts.cancelled), ("in hand", sheet.progress.runningTasks),
        ].filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }
        let span = Console.span(Self.now(of: sheet) - sheet.run.began)
        let state = sheet.run.waitsOnlyForPeople ? "running, waiting only for people" : sheet.stateWord
        return "Run \(sheet.run.id): \(state) after \(span); \(counts.total) tasks"
            + (parts.isEmpty ? "" : ": \(parts.joined(separator: ", "))")
    }

    // What went wrong or goes on first, if not all can be shown.
    private static func shownTasks(_ sheet: RunSheet) -> [TaskIndex] {
        let all = sheet.run.tasks.indices.map { TaskIndex($0) }
        guard all.count > Self.mostRows else { return all }
        let notable = all.filter { task in
            switch sheet.run.tasks[task.offset].state {
            case .ended(.completed), .waiting: false
            case .scheduled, .ready, .running, .stopping, .resting, .blocked, .ended: true
            }
        }
        return Array((notable.isEmpty ? all : notable).prefix(Self.mostRows))
    }

    /// The widths of the table: names take what they need, results what is left.
    private struct Columns {
        let task: Int
        let agent: Int
        let time = 11

        init(_ sheet: RunSheet, _ rows: [TaskIndex]) {
            self.task = min(28, max(4, rows.map { sheet.run.plan.tasks[$0.offset].id.text.count }.max() ?? 4))
            self.agent = min(
                14,
                max(5, rows.compactMap { sheet.attempts[$0.offset].last?.agent.text.count }.max() ?? 5)
            )
        }

        var header: String {
            "\(Console.column("TASK", self.task))  STATE      \(Console.column("AGENT", self.agent))  TRIES  "
                + "\(Console.column("TIME", self.time))  RESULT"
        }

        var result: Int { max(12, Console.width - self.task - 9 - self.agent - 5 - self.time - 10) }
    }

    /// Now as the run sees it: a rehearsal and an ended run stand still.
    private static func now(of sheet: RunSheet) -> Timestamp {
        if let end = sheet.endedAt { return end }
        return sheet.run.seed.mode == .rehearsal ? sheet.run.now : max(sheet.run.now, SystemClock().now())
    }

    private static func row(_ task: TaskIndex, _ sheet: RunSheet, _ columns: Columns, _ output: String?) -> String {
        let record = sheet.run.tasks[task.offset]
        let attempts = sheet.attempts[task.offset]
        let state = Console.column(record.state.word, 9)
        let agent = Console.column(attempts.last?.agent.text ?? "", columns.agent)
        let tries = Console.column(attempts.isEmpty ? "" : "\(attempts.count)", 5)
        var time = ""
        if let last = attempts.last { time = Console.span((last.endedAt ?? Self.now(of: sheet)) - last.startedAt) }
        let result = PlainText.line(Self.result(record.state, sheet) ?? output ?? "", limit: columns.result)
        return
            "\(Console.column(sheet.run.plan.tasks[task.offset].id.text, columns.task))  \(Self.styled(state, record.state))  \(agent)  "
            + "\(tries)  \(Console.column(time, columns.time))  \(result)"
    }

    private static func styled(_ text: String, _ state: TaskState) -> String {
        switch state {
        case .ended(.completed): Console.styled(text, .good)
        case .ended(.failed): Console.styled(text, .bad)
        case .ended, .blocked, .resting: Console.styled(text, .waiting)
        case .waiting, .scheduled, .ready, .running, .stopping: text
        }
    }

    private static func result(_ state: TaskState, _ sheet: RunSheet) -> String? {
        switch state {
        case .ended(.failed(let failure)): "[\(failure.code)] \(failure.message)"
        case .ended(.skipped(.dependency(let task))): "\(sheet.run.plan.tasks[task.offset].id) did not complete"
        case .resting(let until): "next try at \(Console.localTime(until))"
        case .blocked(let question, _): "waits for an answer to \(question)"
        case .waiting, .scheduled, .ready, .running, .stopping, .ended: nil
        }
    }

    private static func agentLines(_ sheet: RunSheet) -> [String] {
        let loads = sheet.progress.agents
        guard loads.count > 1, loads.count <= 40 else { return [] }
        let width = min(20, max(5, loads.map(\.agent.text.count).max() ?? 5))
        var lines = ["", "\(Console.column("AGENT", width))  DONE  FAILED  IN HAND / WAITING FOR IT"]
        for (offset, load) in loads.enumerated() {
            let waiting = sheet.waiting(for: AgentIndex(offset)).map(\.text)
            let hands = load.inHand.map(\.text).joined(separator: " ")
            let queue = waiting.isEmpty ? "" : " / \(waiting.prefix(5).joined(separator: " "))"
            lines.append(
                "\(Console.column(load.agent.text, width))  \(Console.column("\(load.completed)", 4))  "
                    + "\(Console.column("\(load.failed)", 6))  \(PlainText.line(hands + queue, limit: max(12, Console.width - width - 16)))"
            )
        }
        return lines
    }

    private static func questionLines(_ sheet: RunSheet, _ dataFolder: String) -> [String] {
        guard !sheet.run.openQuestions.isEmpty else { return [] }
        return ["", "Waiting for people:"]
            + sheet.run.openQuestions.flatMap { Self.question($0, of: sheet.run, dataFolder: dataFolder) }
    }

    /// Whom a question is put to, with a comma behind; empty for whoever is in charge.
    static func asked(_ question: Question, of run: Run) -> String {
        question.agent.map { "\(PlainText.of(run.profile($0).name)), " } ?? ""
    }

    static func question(_ question: Question, of run: Run, dataFolder: String) -> [String] {
        let example = question.options.first ?? "..."
        let others = question.options.dropFirst().joined(separator: ", ")
        let text = PlainText.line(question.text, limit: 400)
        return [
            "  \(question.id)  \(Self.asked(question, of: run))\(run.spec(question.task).id): \(text)",
            "      \(CommandHint.line(["answer", run.id.text, question.id.description, example], dataFolder: dataFolder))"
                + (others.isEmpty ? "" : "  (or \(PlainText.line(others, limit: 120)))"),
        ]
    }
}
