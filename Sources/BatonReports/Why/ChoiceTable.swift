import BatonCore

/// The scores of all agents for one task, with their terms, and why others were no candidates.
struct ChoiceTable {
    /// More agents than this are counted by what was against them.
    private static let mostRows = 20

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
        let shown = ranked.prefix(Self.mostRows)
        let column = min(20, max(5, shown.map { TextWidth.of(self.words.name($0.agent)) }.max() ?? 5))
        var lines: [StyledText] = []
        if shown.contains(where: { $0.terms != nil }) {
            let header = "SCORE = SKILLS + PREFERENCE + LOAD + SUCCESS + SPEED"
            lines.append(StyledText("\(TextWidth.column("AGENT", column))  \(header)", .faint))
        }
        lines += shown.map { self.row($0, column, isFirst: $0.agent == first) }
        if ranked.count > shown.count {
            lines.append(StyledText("… and \(ranked.count - shown.count) more agents", .faint))
        }
        if !self.choice.isAsRecorded {
            let words =
                "The rules of this version would have chosen \(self.choice.winner.map { self.words.name($0) } ?? "nobody"); the run was made by \(self.words.engine)."
            lines.append(StyledText(words, .waiting))
        }
        return lines
    }

    private func row(_ verdict: AgentChoice.Verdict, _ column: Int, isFirst: Bool) -> StyledText {
        var line = StyledText(
            "\(TextWidth.column(self.words.name(verdict.agent), column))  ",
            isFirst ? .strong : .plain
        )
        if let terms = verdict.terms {
            let parts = [terms.skills, terms.preference, terms.workload, terms.success, terms.speed]
            line.append("\(Self.number(terms.sum)) = \(parts.map(Self.number).joined(separator: " + "))  ")
        }
        line.append(self.words.verdict(verdict.standing, isChosen: isFirst), isFirst ? .good : .faint)
        return line
    }

    /// Ten-thousandths with two decimals, such as `8.03`.
    static func number(_ tenThousandths: Int64) -> String {
        let hundredths = (tenThousandths.magnitude + 50) / 100
        let sign = tenThousandths < 0 && hundredths > 0 ? "-" : ""
        return "\(sign)\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }
}
