package import BatonCore

/// What `baton status` and `baton agents` say of a team.
package struct TeamLines {
    /// More pieces of one agent are only counted.
    private static let mostPieces = 4

    private let team: TeamStatus
    private let viewer: Viewer
    private let word: (String, RunID) -> String

    /// - Parameter word: what people see for the state of a run, where the journal does not know all of it.
    package init(
        _ team: TeamStatus,
        for viewer: Viewer,
        word: @escaping (String, RunID) -> String = { state, _ in state }
    ) {
        self.team = team
        self.viewer = viewer
        self.word = word
    }

    /// The team at a glance.
    ///
    /// - Parameter percent: a success rate below it is a warning.
    package func status(warningBelow percent: Double) -> [StyledText] {
        guard !self.team.runs.isEmpty else { return [StyledText("no run goes on here")] }
        let rate = self.team.successRate.map { ", \(Int($0.rounded()))% of those tried completed" } ?? ""
        var lines = [
            StyledText(
                "\(CountText.of(self.team.runs.count, "run")), \(CountText.of(self.team.members.count, "agent")), "
                    + "\(CountText.of(self.team.runningAttempts, "attempt")) in hand, \(self.team.queueLength) ready, "
                    + "\(CountText.of(self.team.openQuestions, "question")) open",
                .strong
            ),
            StyledText(
                "\(self.team.completedTasks) of \(CountText.of(self.team.totalTasks, "task")) completed, "
                    + "\(self.team.failedTasks) failed\(rate)"
            ),
        ]
        if let failure = self.team.warning(below: percent) {
            let words =
                "below \(Int(percent))%: the commonest failure, of \(CountText.of(failure.count, "task")), is [\(failure.code)] \(failure.message)"
            lines.append(StyledText(words, .bad))
        }
        let capabilities = self.team.capabilities.map { "\($0.capability) \($0.agents.count)" }
        if !capabilities.isEmpty {
            let more = capabilities.count > 12 ? " and \(capabilities.count - 12) more" : ""
            lines.append(StyledText("capabilities: \(capabilities.prefix(12).joined(separator: ", "))\(more)"))
        }
        lines.append(StyledText(""))
        for sheet in self.team.runs { lines.append(self.run(sheet)) }
        return (lines + [StyledText("")] + self.agents).map { $0.cut(to: self.viewer.width) }
    }

    /// A line for each agent: how busy it is, and with what since when.
    package var agents: [StyledText] {
        let names = self.team.members.map { TextWidth.of($0.profile.id.text) }
        let width = min(24, max(5, names.max() ?? 0))
        var lines = [
            StyledText("\(TextWidth.column("AGENT", width))  TYPE      IN HAND  DONE  FAILED  RATE  WORKS ON", .faint)
        ]
        for member in self.team.members {
            var line = StyledText("\(TextWidth.column(member.profile.id.text, width))  ")
            line.append("\(TextWidth.column(member.profile.kindWord, 8))  ")
            line.append(
                TextWidth.column("\(member.pieces.count)/\(member.capacity)", 7),
                member.pieces.isEmpty ? .faint : .active
            )
            line.append("  \(TextWidth.column("\(member.completed)", 4))  ")
            line.append("\(TextWidth.column("\(member.failed)", 6))  ", member.failed > 0 ? .bad : .plain)
            line.append("\(TextWidth.column(member.successRate.map { "\(Int($0.rounded()))%" } ?? "", 4))  ")
            line.append(self.works(of: member))
            lines.append(line.cut(to: self.viewer.width))
        }
        return lines
    }

    private func works(of member: TeamStatus.Member) -> String {
        let shown = member.pieces.prefix(Self.mostPieces).map { piece in
            let run = self.team.runs.count > 1 ? "\(piece.run)/" : ""
            return "\(run)\(piece.task) for \(SpanText.of(max(.zero, self.viewer.now - piece.since)))"
        }
        let more = member.pieces.count - shown.count
        return shown.joined(separator: ", ") + (more > 0 ? " and \(more) more" : "")
    }

    private func run(_ sheet: RunSheet) -> StyledText {
        let kinds = sheet.currentState.prefix(4).joined(separator: ", ")
        var line = StyledText("\(sheet.run.id): ")
        let state = self.word(sheet.run.phase.word, sheet.run.id)
        line.append(state, state == Run.Phase.running.word ? .good : .waiting)
        line.append(", \(Int(sheet.progress.percentage))%, \(sheet.progress.runningTasks) in hand, ")
        line.append("\(sheet.run.counts.ready) ready")
        if !sheet.run.isEnded, let left = self.team.remaining(of: sheet) {
            line.append(", \(SpanText.left(left, isMeasured: sheet.progress.isMeasured))")
        }
        line.append(kinds.isEmpty ? "" : ", now: \(kinds)")
        return line
    }
}
