package import BatonCore

/// The table at the end of a run, and what `baton show` prints.
package struct RunSummary: Sendable {
    /// More tasks than this are counted, not listed.
    private static let mostRows = 60

    private let sheet: RunSheet
    private let outputs: [TaskIndex: String]
    private let viewer: Viewer

    /// - Parameter outputs: one line for each task that completed.
    package init(_ sheet: RunSheet, outputs: [TaskIndex: String], for viewer: Viewer) {
        self.sheet = sheet
        self.outputs = outputs
        self.viewer = viewer
    }

    package var lines: [StyledText] {
        var lines = [StyledText(self.headline), StyledText()]
        let rows = self.shownTasks
        let columns = Columns(self.sheet, rows, width: self.viewer.width)
        lines.append(columns.header)
        for task in rows { lines.append(self.row(task, columns)) }
        let shown = rows.count { !self.run.spec($0).isOfMeeting }
        let left = self.run.counts.shown.total - shown
        if left > 0 {
            lines.append(
                StyledText("… and \(left) more; \(self.viewer.command(["show", self.run.id.text, "--json"])) has all")
            )
        }
        lines += self.agentLines
        lines += self.questionLines
        if self.run.counts.shown.failed > 0 {
            let words = "Why, and what to do next: \(self.viewer.command(["why", self.run.id.text]))"
            lines += [StyledText(), StyledText(words)]
        }
        if self.run.seed.mode == .rehearsal {
            let words = "\(StandIn.mark): stand-ins played every agent; no work was done and nothing was spent."
            lines += [StyledText(), StyledText(words)]
        } else if let words = RehearsedWords.line(of: self.run.plan) {
            lines += [StyledText(), StyledText(words)]
        }
        return lines
    }

    private var run: Run { self.sheet.run }

    /// State, span and counts in one line.
    package var headline: String {
        "Run \(self.run.id): \(Self.standing(of: self.sheet, after: self.now - self.run.began))"
    }

    /// `partial after 3.4 s; 9 tasks: 8 completed, 1 failed`.
    static func standing(of sheet: RunSheet, after elapsed: Duration) -> String {
        let counts = sheet.run.counts.shown
        let parts = [
            ("completed", counts.completed), ("failed", counts.failed), ("skipped", counts.skipped),
            ("cancelled", counts.cancelled), ("in hand", sheet.progress.runningTasks),
        ].filter { $0.1 > 0 }.map { "\($0.1) \($0.0)" }
        let state = sheet.run.waitsOnlyForPeople ? "running, waiting only for people" : sheet.stateWord
        return "\(state) after \(SpanText.of(elapsed)); \(CountText.of(counts.total, "task"))"
            + (parts.isEmpty ? "" : ": \(parts.joined(separator: ", "))")
    }

    // What went wrong or goes on first, if not all can be shown.
    private var shownTasks: [TaskIndex] {
        // What was said in a meeting stands in its minutes; what fails there, or goes on, is shown.
        let all = self.run.tasks.indices.map { TaskIndex($0) }.filter { task in
            guard self.run.spec(task).isOfMeeting else { return true }
            return switch self.run.tasks[task.offset].state {
            case .running, .stopping, .resting, .blocked, .ended(.failed): true
            case .waiting, .scheduled, .ready, .ended: false
            }
        }
        guard all.count > Self.mostRows else { return all }
        let notable = all.filter { task in
            switch self.run.tasks[task.offset].state {
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
        let result: Int

        init(_ sheet: RunSheet, _ rows: [TaskIndex], width: Int) {
            self.task = min(28, max(4, rows.map { sheet.run.plan.tasks[$0.offset].id.text.count }.max() ?? 4))
            self.agent = min(
                14,
                max(5, rows.compactMap { sheet.attempts[$0.offset].last?.agent.text.count }.max() ?? 5)
            )
            self.result = max(12, width - self.task - 9 - self.agent - 5 - self.time - 10)
        }

        var header: StyledText {
            StyledText(
                "\(TextWidth.column("TASK", self.task))  STATE      \(TextWidth.column("AGENT", self.agent))  TRIES  "
                    + "\(TextWidth.column("TIME", self.time))  RESULT",
                .faint
            )
        }
    }

    // Now as the run sees it: a rehearsal and an ended run stand still.
    private var now: Timestamp {
        if let end = self.sheet.endedAt { return end }
        return self.run.seed.mode == .rehearsal ? self.run.now : max(self.run.now, self.viewer.now)
    }

    private func row(_ task: TaskIndex, _ columns: Columns) -> StyledText {
        let state = self.run.tasks[task.offset].state
        let attempts = self.sheet.attempts[task.offset]
        let tries = attempts.isEmpty ? "" : "\(attempts.count)"
        let time = attempts.last.map { SpanText.of($0.span(at: self.now)) } ?? ""
        let result = self.result(of: task, state) ?? self.outputs[task] ?? ""
        var line = StyledText("\(TextWidth.column(self.run.plan.tasks[task.offset].id.text, columns.task))  ")
        let verdict = self.run.verdict(of: task)
        let word = verdict.map { $0 ? "passed" : "refused" } ?? state.word
        line.append(TextWidth.column(word, 9), verdict == false ? .waiting : Self.style(state))
        line.append("  \(TextWidth.column(attempts.last?.agent.text ?? "", columns.agent))")
        line.append("  \(TextWidth.column(tries, 5))  \(TextWidth.column(time, columns.time))  ")
        line.append(TextWidth.cut(PlainText.line(result, limit: columns.result + 1), to: columns.result))
        return line.cut(to: max(40, self.viewer.width))
    }

    /// How a state looks.
    package static func style(_ state: TaskState) -> StyledText.Style {
        switch state {
        case .ended(.completed): .good
        case .ended(.failed): .bad
        case .ended, .blocked, .resting: .waiting
        case .waiting, .scheduled, .ready, .running, .stopping: .plain
        }
    }

    private func result(of task: TaskIndex, _ state: TaskState) -> String? {
        if case .ended(.failed(let failure)) = state { return "[\(failure.code)] \(failure.lastWords)" }
        if let question = self.run.question(holding: task) { return "waits for an answer to \(question.id)" }
        return Self.reason(of: state, in: self.run, for: self.viewer)
    }

    /// Why a task rests, waits for somebody, or was left out; nil in all other states.
    package static func reason(of state: TaskState, in run: Run, for viewer: Viewer) -> String? {
        switch state {
        case .ended(.skipped(.dependency(let task))): "\(run.plan.tasks[task.offset].id) did not complete"
        case .ended(.skipped(.unanswered(let question))): "nobody answered \(question) in time"
        case .ended(.skipped(.unneeded(let task))): "not needed after \(run.plan.tasks[task.offset].id)"
        case .ended(.skipped(.decided)): "the vote was decided without it"
        case .ended(.skipped(.person(let note))): note.isEmpty ? "by a person" : PlainText.line(note, limit: 200)
        case .resting(let until): "next try at \(viewer.timeOfDay(until))"
        case .blocked(let question, _): "waits for an answer to \(question)"
        case .waiting, .scheduled, .ready, .running, .stopping, .ended: nil
        }
    }

    private var agentLines: [StyledText] {
        let loads = self.sheet.progress.agents
        guard loads.count > 1, loads.count <= 40 else { return [] }
        let width = min(20, max(5, loads.map(\.agent.text.count).max() ?? 5))
        let header = "\(TextWidth.column("AGENT", width))  DONE  FAILED  IN HAND / WAITING FOR IT"
        var lines = [StyledText(), StyledText(header, .faint)]
        for (offset, load) in loads.enumerated() {
            let waiting = self.sheet.waiting(for: AgentIndex(offset)).map(\.text)
            let hands = load.inHand.map(\.text).joined(separator: " ")
            let queue = waiting.isEmpty ? "" : " / \(waiting.prefix(5).joined(separator: " "))"
            let row =
                "\(TextWidth.column(load.agent.text, width))  \(TextWidth.column("\(load.completed)", 4))  "
                + "\(TextWidth.column("\(load.failed)", 6))  \(hands)\(queue)"
            lines.append(StyledText(row).cut(to: max(self.viewer.width, width + 28)))
        }
        return lines
    }

    private var questionLines: [StyledText] {
        guard !self.run.openQuestions.isEmpty else { return [] }
        return [StyledText(), StyledText("Waiting for people:", .strong)]
            + self.run.openQuestions.flatMap { QuestionLines.of($0, in: self.run, for: self.viewer) }
    }
}
