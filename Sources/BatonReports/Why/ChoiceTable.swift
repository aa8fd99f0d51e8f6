import BatonCore

/// The scores of all agents for one task, with their terms, and why others were no candidates.
struct ChoiceTable {
    /// More agents than this are counted.
    private static let mostRows = 12
    private static let mostObjections = 8

    private let choice: AgentChoice
    private let words: WhyWords
    private let width: Int

    init(_ choice: AgentChoice, words: WhyWords, width: Int) {
        self.choice = choice
        self.words = words
        self.width = width
    }

    var lines: [StyledText] {
        let first = self.choice.lead ?? self.choice.winner
        let ranked = self.choice.verdicts.sorted { left, right in
            let keys = [left, right].map { ($0.agent == first ? 0 : 1, $0.terms == nil ? 1 : 0, -($0.terms?.sum ?? 0)) }
            return keys[0] == keys[1] ? left.agent < right.agent : keys[0] < keys[1]
        }
        let scored = ranked.filter { $0.terms != nil }
        let shown = scored.prefix(Self.mostRows)
        let names = (shown.map(\.agent) + self.objections.map { $0.agents[0] }).map {
            TextWidth.of(self.words.name($0))
        }
        let column = min(20, max(5, names.max() ?? 5))
        var lines: [StyledText] = []
        if !shown.isEmpty {
            let header = "SCORE = SKILLS + PREFERENCE + LOAD + SUCCESS + SPEED"
            lines.append(StyledText("\(TextWidth.column("AGENT", column))  \(header)", .faint))
        }
        lines += shown.map { self.row($0, column, isFirst: $0.agent == first) }
        if scored.count > shown.count {
            lines.append(StyledText("… and \(scored.count - shown.count) more who suit", .faint))
        }
        let objections = self.objections
        lines += objections.prefix(Self.mostObjections).map { group in
            let names = group.agents.prefix(7).map { self.words.name($0) }
            let who = self.padded(self.words.list(names, of: group.agents.count), column)
            return StyledText("\(who)  ") + StyledText(group.reason, .faint)
        }
        let left = objections.dropFirst(Self.mostObjections).reduce(0) { $0 + $1.agents.count }
        if left > 0 { lines.append(StyledText("… and \(left) more for other reasons", .faint)) }
        if !self.choice.isAsRecorded {
            let other = self.choice.winner.map { self.words.name($0) } ?? "nobody"
            let words = self.choice.winner == self.choice.lead ? "reckoned with other scores" : "chosen \(other)"
            let made = "the run was made by \(self.words.engine)"
            lines.append(StyledText("The rules of this version would have \(words); \(made).", .waiting))
        }
        return lines
    }

    // Those who are no candidates, together with all others for whom the reason is the same.
    private var objections: [(reason: String, agents: [AgentIndex])] {
        var places: [String: Int] = [:]
        var groups: [(reason: String, agents: [AgentIndex])] = []
        for verdict in self.choice.verdicts where verdict.terms == nil {
            let reason = self.words.verdict(verdict.standing, chosen: nil)
            if let place = places[reason] {
                groups[place].agents.append(verdict.agent)
            } else {
                places[reason] = groups.count
                groups.append((reason, [verdict.agent]))
            }
        }
        return groups
    }

    private func padded(_ names: String, _ column: Int) -> String {
        names + String(repeating: " ", count: max(0, column - TextWidth.of(PlainText.of(names))))
    }

    private func row(_ verdict: AgentChoice.Verdict, _ column: Int, isFirst: Bool) -> StyledText {
        var line = StyledText(
            "\(TextWidth.column(self.words.name(verdict.agent), column))  ",
            isFirst ? .strong : .plain
        )
        if let terms = verdict.terms {
            let parts = [terms.skills, terms.preference, terms.workload, terms.success, terms.speed]
            line.append("\(Self.number(terms.sum)) = \(parts.map(Self.number).joined(separator: " + "))")
            if verdict.standing != .candidate || isFirst { line.append("  ") }
        }
        let chosen = self.choice.attempt == nil ? "would take it" : "chosen"
        line.append(self.words.verdict(verdict.standing, chosen: isFirst ? chosen : nil), isFirst ? .good : .faint)
        return line
    }

    /// Ten-thousandths with two decimals, such as `8.03`.
    static func number(_ tenThousandths: Int64) -> String {
        let hundredths = (tenThousandths.magnitude + 50) / 100
        let sign = tenThousandths < 0 && hundredths > 0 ? "-" : ""
        return "\(sign)\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }
}
