package import BatonCore

/// The lines of the live screen: how far, what went wrong, what is asked, who does what.
///
/// Pure: the same board, size and time give the same lines, each within the width, all within the height.
package struct LiveScreen {
    /// Columns and rows that may be used.
    package struct Size: Hashable, Sendable {
        package let width: Int
        package let height: Int

        package init(width: Int, height: Int) {
            self.width = width
            self.height = height
        }
    }

    let board: LiveBoard
    let size: Size
    let now: Timestamp
    let glyphs: Glyphs
    /// Counts the frames; turns the spinner.
    let tick: Int
    /// The question that stands at the prompt below, and so needs no row here.
    let asked: QuestionID?
    /// The last line that an attempt has said, if any.
    let said: (TaskID, Int) -> String?
    /// A command line from the words behind `baton`.
    let command: ([String]) -> String

    package init(
        _ board: LiveBoard,
        size: Size,
        now: Timestamp,
        glyphs: Glyphs,
        tick: Int,
        asked: QuestionID? = nil,
        said: @escaping (TaskID, Int) -> String?,
        command: @escaping ([String]) -> String = { (["baton"] + $0).joined(separator: " ") }
    ) {
        self.command = command
        self.board = board
        self.size = size
        // A rehearsal stays in its own time, and no span is negative.
        self.now = board.isRehearsal || board.isEnded ? board.updated : max(board.updated, now)
        self.glyphs = glyphs
        self.tick = tick
        self.asked = asked
        self.said = said
    }

    package var lines: [StyledText] {
        let isRoomy = self.size.height >= 12
        let gap = isRoomy ? 1 : 0
        let head = [self.title, self.bar] + (isRoomy ? [self.pace].compactMap(\.self) : [])
        var left = self.size.height - head.count
        let alerts = self.alerts(rows: max(2, left / 3))
        left -= alerts.isEmpty ? 0 : alerts.count + gap
        let agents = isRoomy ? self.agents(rows: self.roomForAgents(left - 2 * gap)) : []
        left -= agents.isEmpty ? 0 : agents.count + gap
        let tasks = self.tasks(rows: left - gap)
        var lines = head
        for block in [alerts, tasks, agents] where !block.isEmpty {
            if isRoomy { lines.append(StyledText()) }
            lines += block
        }
        // The last column stays free: a full line would wrap on some terminals.
        return lines.prefix(self.size.height).map { $0.cut(to: self.size.width - 1) }
    }

    // All of them if everything fits, else a third.
    private func roomForAgents(_ rows: Int) -> Int {
        let wanted = self.board.plan.agents.count + 1
        guard wanted > 2 else { return 0 }
        return self.board.plan.tasks.count + wanted <= rows ? wanted : min(wanted, rows / 3)
    }

    // MARK: The head

    private var title: StyledText {
        var end = StyledText("  \(self.state)", self.stateStyle)
        end.append("  \(SpanText.of(self.now - self.board.progress.began))")
        if self.board.isRehearsal { end.append("  \(StandIn.mark)", .waiting) }
        // State and time stay whole: the title gives way first, then the identifier.
        let room = max(0, self.size.width - 1 - end.width)
        let id = TextWidth.cut(self.board.run.text, to: max(0, room - 12))
        let title = PlainText.line(self.board.plan.title, limit: 200)
        var line = StyledText(TextWidth.cut(title, to: max(0, room - TextWidth.of(id) - 2)), .strong)
        line.append(id.isEmpty ? "" : "  \(id)", .faint)
        return line + end
    }

    private var state: String {
        guard case .running = self.board.phase, !self.board.questions.isEmpty else { return self.board.phase.word }
        return self.board.hasWorkInHand ? "running" : "waiting for people"
    }

    private var stateStyle: StyledText.Style {
        switch self.board.phase {
        case .running: self.board.questions.isEmpty ? .active : .waiting
        case .paused, .stopping: .waiting
        case .ended(.completed): .good
        case .ended: .bad
        }
    }

    private var bar: StyledText {
        let progress = self.board.progress
        let width = max(8, min(40, self.size.width / 4))
        let share = progress.totalTasks > 0 ? Double(progress.endedTasks) / Double(progress.totalTasks) : 1
        let full = min(width, Int(share * Double(width)))
        var line = StyledText(String(repeating: self.glyphs.bar.full, count: full), .active)
        line.append(String(repeating: self.glyphs.bar.empty, count: width - full), .faint)
        line.append(" \(Int(progress.percentage))%", .strong)
        line.append("  \(progress.endedTasks) of \(progress.totalTasks) ended")
        if !self.board.isEnded, let left = self.board.eta.left(at: self.now),
            progress.endedTasks < progress.totalTasks
        {
            line.append(", \(SpanText.left(left, isMeasured: self.board.eta.isMeasured))")
        }
        line.append(", \(progress.runningTasks) in hand")
        if progress.failedTasks > 0 { line.append(", \(progress.failedTasks) failed", .bad) }
        if progress.skippedTasks > 0 { line.append(", \(progress.skippedTasks) skipped", .waiting) }
        return line
    }

    // How fast, how well and for how much; nothing before the first end.
    private var pace: StyledText? {
        let progress = self.board.progress
        guard progress.endedTasks > 0 || progress.spent > .zero else { return nil }
        var parts: [String] = []
        if let rate = progress.tasksPerMinute(at: self.now) {
            parts.append("\(NumberText.tenths(rate)) tasks a minute")
        }
        if let rate = progress.successRate { parts.append("\(Int(rate.rounded()))% of those tried completed") }
        if progress.spent > .zero { parts.append("\(progress.spent) spent") }
        return parts.isEmpty ? nil : StyledText(parts.joined(separator: ", "), .faint)
    }
}
