package import BatonCore

/// A run as Markdown, results first: to be pasted, and to be read in a terminal as it is.
package struct MarkdownReport {
    private static let mostLines = 60
    private static let mostCharacters = 4000
    /// So many lines of results are shown; what comes after is told by its first line.
    private static let resultLines = 60
    private static let resultLinesOfLarge = 12
    private static let mostRows = 30

    private let report: RunReport
    private let sources: ReportSources

    /// The lines of the report, joined.
    package static func text(_ report: RunReport, _ sources: ReportSources) -> String {
        let page = MarkdownReport(report: report, sources: sources)
        var lines = page.head
        for section in ReportSection.all(of: report) {
            lines += ["## \(section.rawValue)", ""] + page.section(section) + [""]
        }
        return lines.dropLast().joined(separator: "\n")
    }

    private var run: String { self.report.run.id.text }

    private func command(_ words: String...) -> String { MarkdownText.code(self.sources.command(words)) }

    private var head: [String] {
        var lines = ["# \(MarkdownText.escaped(self.report.plan.title))", ""]
        if let banner = self.report.banner { lines += ["> \(banner)", ""] }
        lines += [
            "Run \(MarkdownText.escaped("\(self.run): \(self.report.headline)", begins: false)). \(self.report.meaning)",
            "",
        ]
        for part in Glance(self.report).parts {
            lines.append("- **\(part.question):**")
            for line in part.lines {
                let command = line.command.map { " \(MarkdownText.code(self.sources.command($0)))" } ?? ""
                lines.append("  - \(MarkdownText.escaped(line.subject + line.text))\(command)")
            }
        }
        return lines + [""]
    }

    private func section(_ section: ReportSection) -> [String] {
        switch section {
        case .results: self.results
        case .meetings: self.meetings
        case .graph: self.graph
        case .gantt: self.gantt
        case .agents: self.agents
        case .failures: self.failures
        case .timeline: self.timeline
        case .decisions: self.decisions
        case .figures:
            (ReportFigures.of(self.report) + self.sources.researchFigures(of: self.report)).map {
                "- \($0.name): \(MarkdownText.escaped($0.value, begins: false))"
            }
                + self.times
        }
    }

    private var times: [String] {
        let table = TimesTable(RunTimes(self.report), most: Self.mostRows)
        guard !table.rows.isEmpty else { return [] }
        let more = table.left > 0 ? ["", "… and \(table.left) more."] : []
        return ["", "\(TimesTable.caption):", ""]
            + MarkdownText.table(table.columns, numbers: Set(2...8), table.rows) + more
    }

    // MARK: Results

    private var results: [String] {
        let results = ResultList(
            self.report,
            self.sources,
            lines: Self.mostLines,
            characters: Self.mostCharacters,
            open: self.report.isLarge ? Self.resultLinesOfLarge : Self.resultLines,
            foldsLong: true
        )
        guard results.count > 0 else { return ["No task has completed yet: there is no result."] }
        let rows = results.lines.prefix(Self.mostRows).map { [self.report.id($0.task).text, $0.text] }
        let table = rows.isEmpty ? [] : MarkdownText.table(["Task", "Result, or its first line"], rows) + [""]
        let blocks = results.blocks.flatMap { self.block($0) }
        var lines = results.beginsWithLines ? table + blocks : blocks + table
        let left = self.report.run.counts.shown.completed - results.blocks.count - rows.count
        if left > 0 { lines.append("\(CountText.of(left, "task")) more: \(self.command("show", self.run, "TASK"))") }
        return lines.last == "" ? lines.dropLast() : lines
    }

    private func block(_ block: ResultList.Block) -> [String] {
        let id = self.report.id(block.task).text
        var lines = ["### \(MarkdownText.escaped(id))", ""]
        lines += MarkdownText.block(block.text.text, language: block.text.isJSON ? "json" : "text")
        if let cut = block.text.cut { lines += ["", "\(cut); all of it: \(self.command("show", self.run, id))"] }
        return lines + [""]
    }

    // MARK: Meetings

    private var meetings: [String] {
        let all = MeetingWords.all(self.report, self.sources)
        var lines = all.prefix(Self.mostRows).flatMap { self.minutes($0) }
        if all.count > Self.mostRows { lines.append("… and \(all.count - Self.mostRows) more.") }
        return lines.isEmpty ? ["No meeting has begun yet."] : lines
    }

    private func minutes(_ words: MeetingWords) -> [String] {
        var lines = [
            "### \(MarkdownText.escaped(self.report.id(words.meeting.task).text))", "",
            MarkdownText.escaped(words.summary), "",
        ]
        if let emptiness = words.emptiness { lines += [MarkdownText.escaped(emptiness), ""] }
        for (heading, items) in words.lists {
            lines.append("- **\(MarkdownText.escaped(heading)):**")
            for item in items.prefix(Self.mostRows) {
                lines.append("  - \(MarkdownText.escaped(words.line(of: item)))")
            }
            if items.count > Self.mostRows { lines.append("  - … and \(items.count - Self.mostRows) more") }
        }
        return lines + [""]
    }

    // MARK: Graph and Gantt chart

    private var graph: [String] {
        let drawing = GraphDrawing(self.report.sheet)
        let drawn = TextGraph.lines(drawing, columns: 100, drawsAll: false).lines.dropFirst().map(\.plain)
        var lines = MarkdownText.block(drawn.joined(separator: "\n"), language: "text") + [""]
        if self.report.isLarge {
            let rows = self.report.groups.map {
                [
                    $0.name, "\($0.tasks)", "\($0.completed)", "\($0.failed)", "\($0.skipped + $0.cancelled)",
                    "\($0.open)", SpanText.of($0.took), SpanText.of($0.longest),
                ]
            }
            let columns = ["Group", "Tasks", "Completed", "Failed", "Skipped", "Open", "Time", "Longest"]
            lines += MarkdownText.table(columns, numbers: Set(1...7), rows) + [""]
        }
        lines += self.proofs + self.words
        for list in TaskList.all(of: self.report) {
            let named = list.tasks.prefix(self.report.isLarge ? Self.mostRows : RunReport.mostTasksNamed)
            if self.report.isLarge { lines += ["\(list.heading), \(named.count) of \(list.count):", ""] }
            lines += self.table(of: Array(named)) + [""]
        }
        return Array(lines.dropLast())
    }

    private var proofs: [String] {
        let proofs = ProofTable(self.report, most: Self.mostRows)
        return Self.table(ProofTable.caption, proofs.left, ProofTable.columns, proofs.rows)
    }

    private var words: [String] {
        let words = WordTable(self.report, most: Self.mostRows) { self.report.since($0) }
        return Self.table(WordTable.caption, words.left, WordTable.columns, words.rows)
    }

    private static func table(_ caption: String, _ left: Int, _ columns: [String], _ rows: [[String]]) -> [String] {
        guard !rows.isEmpty else { return [] }
        return ["\(caption)\(left > 0 ? ", \(left) more not shown" : ""):", ""]
            + MarkdownText.table(columns, rows) + [""]
    }

    private func table(of tasks: [TaskIndex]) -> [String] {
        let rows = tasks.map { task -> [String] in
            let account = self.report.tasks[task.offset]
            return [
                self.report.id(task).text, self.report.state(task)?.word ?? "",
                account.attempts.last.map { self.report.name($0.assignment.lead) } ?? "", "\(account.attempts.count)",
                account.attempts.isEmpty ? "" : SpanText.of(account.took),
            ]
        }
        return MarkdownText.table(["Task", "State", "Agent", "Attempts", "Took"], numbers: [3, 4], rows)
    }

    private var gantt: [String] {
        let lines = TextGantt(self.report).lines(limit: Self.mostRows)
        guard !lines.isEmpty else { return ["No attempt has started yet."] }
        return MarkdownText.block(lines.joined(separator: "\n"), language: "text")
    }

    // MARK: Agents

    private var agents: [String] {
        let busiest = self.report.agentsByWork
        let shown = (busiest + self.report.agents.filter { $0.attempts + $0.attended == 0 }).prefix(Self.mostRows)
        let rows = shown.map { agent in
            [
                agent.name, "\(agent.completed)", "\(agent.failed)", "\(agent.attempts)", SpanText.of(agent.busy),
                Self.names(agent.inHand), Self.names(agent.waiting),
            ]
        }
        let columns = ["Agent", "Done", "Failed", "Attempts", "Busy", "In hand", "Waiting for it"]
        let left = self.report.agents.count - shown.count
        return MarkdownText.table(columns, numbers: Set(1...4), rows) + (left > 0 ? ["", "… and \(left) more."] : [])
    }

    private static func names(_ tasks: [TaskID]) -> String {
        tasks.prefix(5).map(\.text).joined(separator: ", ") + (tasks.count > 5 ? " … and \(tasks.count - 5) more" : "")
    }

    // MARK: Failures

    private var failures: [String] {
        var lines: [String] = []
        for group in self.report.failures.prefix(Self.mostRows) {
            let (subject, text) = ReportWords.sentence(of: group, in: self.report)
            lines.append("- \(MarkdownText.escaped(subject + text))")
            if let failure = group.failure {
                lines.append("  - What to do: \(MarkdownText.escaped(PlainText.line(failure.remedy, limit: 300)))")
                let causes = failure.causes.map { PlainText.line($0, limit: 200) }
                if causes.count > 1 {
                    lines.append("  - Causes: \(MarkdownText.escaped(causes.joined(separator: " ← ")))")
                }
            }
            if !group.consequences.isEmpty {
                let names = ReportWords.names(group.consequences, in: self.report)
                lines.append("  - Without a result because of it: \(MarkdownText.escaped(names))")
            }
        }
        let left = self.report.failures.count - Self.mostRows
        if left > 0 { lines.append("- … and \(left) more causes") }
        for account in self.report.mended.prefix(Self.mostRows) {
            guard let failure = account.lastFailure else { continue }
            let words =
                "\(self.report.id(account.task)) \(ReportWords.mended(account, in: self.report)): \(ReportWords.reason(failure))"
            lines.append("- \(MarkdownText.escaped(words))")
        }
        let more = self.report.mended.count - Self.mostRows
        if more > 0 { lines.append("- … and \(more) more tasks were tried again") }
        return lines.isEmpty ? [self.report.run.isEnded ? "Nothing failed." : "Nothing has failed so far."] : lines
    }

    // MARK: Timeline and decisions

    private var timeline: [String] {
        let entries = self.report.timeline.entries
        // How it began and how it ended tell most.
        let chosen =
            entries.count <= Self.mostRows ? entries : Array(entries.prefix(10) + entries.suffix(Self.mostRows - 10))
        let rows = chosen.map {
            [
                self.report.since($0.at), $0.task?.text ?? "", $0.agent?.text ?? "",
                PlainText.line($0.summary, limit: 90),
            ]
        }
        let left = entries.count - chosen.count + self.report.timeline.leftOut
        return MarkdownText.table(["After", "Task", "Agent", "What"], numbers: [0], rows)
            + (left > 0 ? ["", "\(left) more events: \(self.command("events", self.run))"] : [])
    }

    private var decisions: [String] {
        guard !self.report.decisions.isEmpty else { return ["No person was asked, and none took part."] }
        let chosen = self.report.decisions.filter(\.isOpen) + self.report.decisions.filter { !$0.isOpen }
        let rows = chosen.prefix(Self.mostRows).map { decision in
            [
                self.report.since(decision.at), ReportWords.asked(decision, in: self.report),
                ReportWords.matter(decision, in: self.report, limit: 120),
                ReportWords.answer(decision, in: self.report, limit: 120), decision.by ?? "",
                decision.question == nil ? "" : SpanText.of(decision.waited(at: self.report.now)),
            ]
        }
        let left = chosen.count - rows.count
        return MarkdownText.table(["After", "Asked", "About", "Answer", "By", "Waited"], numbers: [0, 5], rows)
            + (left > 0 ? ["", "… and \(left) more."] : [])
    }
}
