import BatonCore

/// When which task was in hand, in signs: for Markdown and terminals.
struct TextGantt {
    private static let columns = 48

    private let report: RunReport

    init(_ report: RunReport) { self.report = report }

    /// A row for each started task in the order of starting; of too many those that took longest.
    ///
    /// Empty if none has started.
    func lines(limit: Int) -> [String] {
        let started = self.report.tasks.filter { !$0.attempts.isEmpty }
        let longest =
            started.count > limit
            ? Array(started.sorted { $0.took == $1.took ? $0.task < $1.task : $0.took > $1.took }.prefix(limit))
            : started
        let shown = longest.sorted { left, right in
            let (first, second) = (left.startedAt ?? .zero, right.startedAt ?? .zero)
            return first == second ? left.task < right.task : first < second
        }
        guard !shown.isEmpty else { return [] }
        let width = min(28, shown.map { TextWidth.of(self.report.id($0.task).text) }.max() ?? 4)
        let rows = shown.map { account in
            let name = TextWidth.column(PlainText.of(self.report.id(account.task).text), width)
            let mark = self.report.state(account.task).map { GraphState($0).mark } ?? " "
            return "\(name) \(self.bar(account)) \(mark) \(SpanText.of(account.took))"
        }
        let end = SpanText.of(self.report.elapsed)
        let axis =
            "\(String(repeating: " ", count: width)) 0"
            + String(repeating: " ", count: max(1, Self.columns - 1 - end.count)) + end
        let left = started.count - shown.count
        return [axis] + rows + ["█ attempt  ▒ failed attempt  ░ waiting for a person"]
            + (left > 0 ? ["… and \(CountText.of(left, "task")) that took less"] : [])
    }

    private func bar(_ account: TaskAccount) -> String {
        var signs = [Character](repeating: "·", count: Self.columns)
        for attempt in account.attempts {
            let first = self.column(attempt.startedAt)
            let last = max(first, self.column(attempt.endedAt ?? self.report.now))
            let sign: Character = attempt.failure != nil ? "▒" : account.isPersons ? "░" : "█"
            for place in first...last { signs[place] = sign }
        }
        return String(signs)
    }

    private func column(_ moment: Timestamp) -> Int {
        let total = self.report.elapsed.inSeconds
        guard total > 0 else { return 0 }
        let place = (moment - self.report.run.began).inSeconds / total * Double(Self.columns)
        guard place.isFinite, place > 0 else { return 0 }
        return place >= Double(Self.columns) ? Self.columns - 1 : Int(place)
    }
}
