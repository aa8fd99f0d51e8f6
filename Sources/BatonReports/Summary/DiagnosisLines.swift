package import BatonCore

/// What `baton show --diagnostics` says: how a run went as a whole, and what held it up.
package struct DiagnosisLines: Sendable {
    /// More of one kind are only counted.
    private static let most = 8
    private static let mostTasks = 40

    private let report: RunReport
    private let diagnosis: RunDiagnosis
    private let viewer: Viewer

    package init(_ report: RunReport, for viewer: Viewer) {
        self.report = report
        self.diagnosis = RunDiagnosis(report)
        self.viewer = viewer
    }

    package var lines: [StyledText] {
        let standing = RunSummary.standing(of: self.report.sheet, after: self.report.elapsed)
        var lines = [StyledText("Run \(self.report.run.id): \(standing)", .strong)]
        for (title, part) in [
            ("EXECUTION", self.execution), ("PERFORMANCE", self.performance), ("TIMES", self.times),
            ("CONTRIBUTIONS", self.contributions),
            ("ISSUES", self.issues), ("DEPENDENCIES", self.graph),
        ] { lines += [StyledText(), StyledText(title, .faint)] + part }
        return lines.map { $0.cut(to: max(40, self.viewer.width)) }
    }

    // MARK: Times

    private var times: [StyledText] {
        let table = TimesTable(self.diagnosis.times, most: Self.most)
        guard !table.rows.isEmpty else { return [StyledText("no task that was begun has ended")] }
        let head = table.columns.map { $0.uppercased() }
        let widths = head.indices.map { column in
            ([head] + table.rows).map { TextWidth.of($0[column]) }.max() ?? 0
        }
        return ([head] + table.rows).map { row in
            StyledText(zip(row, widths).map { TextWidth.column($0, $1) }.joined(separator: "  "))
        }
    }

    // MARK: Execution and performance

    private var execution: [StyledText] {
        let rate = self.diagnosis.successRate.map { "\(Self.whole($0))% of those tried" } ?? "none tried yet"
        let statistics = self.report.statistics
        return [
            StyledText(
                "\(self.diagnosis.completed) of \(CountText.of(self.report.run.counts.shown.total, "task")) completed, "
                    + "\(self.diagnosis.failed) failed: \(rate)"
            ),
            StyledText("\(CountText.of(statistics.attempts, "attempt")), \(statistics.retries) after a first one"),
        ]
    }

    private var performance: [StyledText] {
        let diagnosis = self.diagnosis
        let efficiency = diagnosis.parallelEfficiency.map { ", \(Self.whole($0 * 100))% of what they could do" } ?? ""
        let pace = diagnosis.tasksPerMinute.map { ", \(NumberText.tenths($0)) tasks completed a minute" } ?? ""
        var lines = [
            StyledText("\(SpanText.of(diagnosis.elapsed)) in all\(pace)"),
            StyledText(
                "\(SpanText.of(diagnosis.worked)) of work on \(CountText.of(diagnosis.slots, "slot"))\(efficiency)"
            ),
        ]
        if !diagnosis.criticalPath.tasks.isEmpty {
            let path = Self.listed(diagnosis.criticalPath.tasks.map { self.report.id($0).text }, by: " > ")
            lines.append(StyledText("critical path, \(SpanText.of(diagnosis.criticalPath.duration)): \(path)"))
        }
        for stretch in diagnosis.stretches {
            let span = "\(SpanText.of(stretch.from)) to \(SpanText.of(stretch.to))"
            let busy = TextWidth.column("\(Self.whole(stretch.busyShare * 100))%", 4)
            lines.append(StyledText("  \(TextWidth.column(span, 24))  \(busy) busy, \(stretch.completed) completed"))
        }
        return lines
    }

    private var contributions: [StyledText] {
        let agents = self.report.agentsByWork
        guard !agents.isEmpty else { return [StyledText("nobody has done anything yet")] }
        let width = min(24, max(5, agents.map { TextWidth.of($0.id.text) }.max() ?? 0))
        let header = "\(TextWidth.column("AGENT", width))  DONE  FAILED  ATTEMPTS  BUSY         USED BY OTHERS"
        return [StyledText(header, .faint)]
            + agents.map { agent in
                StyledText(
                    "\(TextWidth.column(agent.id.text, width))  \(TextWidth.column("\(agent.completed)", 4))  "
                        + "\(TextWidth.column("\(agent.failed)", 6))  \(TextWidth.column("\(agent.attempts)", 8))  "
                        + "\(TextWidth.column(SpanText.of(agent.busy), 11))  \(agent.usedByOthers)"
                )
            }
    }

    // MARK: Issues

    private var issues: [StyledText] {
        let issues = self.diagnosis.issues
        let lines = [
            self.part(issues.failures) { failure in
                let tasks = CountText.of(failure.tasks.count, "task")
                return "failed, \(tasks): [\(failure.code)] \(PlainText.line(failure.message, limit: 200))"
            },
            self.part(issues.emptyMeetings) { empty in
                "meeting \(self.report.id(empty.task)): \(MeetingWords.words(of: empty))"
            },
            self.part(issues.tooLong) { overrun in
                let end = overrun.isTimedOut ? ", and was stopped by its time limit" : ""
                return "too long: \(self.report.id(overrun.task)) took \(SpanText.of(overrun.took)), "
                    + "estimated \(SpanText.of(overrun.estimate))\(end)"
            },
            self.part(issues.blocked, self.blocked),
            self.part(issues.bottlenecks, self.bottleneck),
            issues.underUse.map { underUse in
                [StyledText("under-use: \(Self.whole(underUse.busyShare * 100))% of what the slots could do was done")]
                    + self.help(underUse.remedy)
            } ?? [],
            self.part(issues.retried) { account in
                "tried again: \(self.report.id(account.task)), \(CountText.of(account.attempts.count - 1, "time"))"
            },
        ].flatMap(\.self)
        return lines.isEmpty ? [StyledText("none")] : lines
    }

    private func blocked(_ block: RunDiagnosis.Issues.Block) -> String {
        let tasks = CountText.of(block.tasks.count, "task")
        let others = Self.listed(block.tasks.prefix(4).map { self.report.id($0).text }, by: ", ")
        let behind = block.tasks.isEmpty ? "" : ", with \(tasks) behind it: \(others)"
        guard let question = block.question else {
            return "blocked by \(self.report.id(block.by)), \(tasks): \(others)"
        }
        return "blocked: \(self.report.id(block.by)) waits for an answer to \(question)\(behind)"
    }

    private func bottleneck(_ bottleneck: RunDiagnosis.Issues.Bottleneck) -> [StyledText] {
        let share = "\(Self.whole(bottleneck.share * 100))% of the critical path, \(SpanText.of(bottleneck.time))"
        let lost = bottleneck.lost > .zero ? ", and \(SpanText.of(bottleneck.lost)) were lost" : ""
        return [StyledText("bottleneck: \(self.report.name(bottleneck.agent)) had \(share)\(lost)")]
            + self.help(bottleneck.remedy)
    }

    // A remedy is of no use cut off.
    private func help(_ remedy: String) -> [StyledText] {
        StyledText("  what would help: \(remedy)").wrapped(to: max(40, self.viewer.width), indent: 4)
    }

    private func part<Item>(_ items: [Item], _ lines: (Item) -> [StyledText]) -> [StyledText] {
        let more = items.count - Self.most
        return items.prefix(Self.most).flatMap(lines)
            + (more > 0 ? [StyledText("  … and \(more) more of this kind", .faint)] : [])
    }

    private func part<Item>(_ items: [Item], _ words: (Item) -> String) -> [StyledText] {
        let more = items.count - Self.most
        return items.prefix(Self.most).map { StyledText(words($0)) }
            + (more > 0 ? [StyledText("  … and \(more) more of this kind", .faint)] : [])
    }

    private var graph: [StyledText] {
        let run = self.report.run
        let lines = run.tasks.indices.prefix(Self.mostTasks).map { offset in
            let needs = run.graph.dependencies[TaskIndex(offset)].map { self.report.id(TaskIndex(Int($0))).text }
            let words = needs.isEmpty ? "needs nothing" : "needs \(Self.listed(needs, by: ", "))"
            return StyledText("\(self.report.id(TaskIndex(offset))) \(words)")
        }
        let more = run.tasks.count - lines.count
        let graph = self.viewer.command(["graph", run.id.text])
        return lines + (more > 0 ? [StyledText("… and \(more) more; \(graph) draws them", .faint)] : [])
    }

    // MARK: Words

    private static func listed(_ names: [String], by separator: String) -> String {
        let more = names.count - Self.most
        return names.prefix(Self.most).joined(separator: separator) + (more > 0 ? "\(separator)… \(more) more" : "")
    }

    // A number of the journal may be absurd and must not trap.
    private static func whole(_ value: Double) -> String {
        Int64(exactly: value.rounded()).map { "\($0)" } ?? "?"
    }
}
