import BatonCore

/// Who said what in a run, and on whose word.
struct WordTable {
    static let caption = "On whose word"
    static let columns = ["When", "Whose word", "To", "What"]

    let rows: [[String]]
    /// How many more there are.
    let left: Int

    init(_ report: RunReport, most: Int, time: (Timestamp) -> String) {
        self.rows = report.words.prefix(most).map { word in
            [
                time(word.at), "\(word.source.words)", word.task?.text ?? word.agent?.text ?? "everybody",
                Self.what(of: word),
            ]
        }
        self.left = report.words.count - self.rows.count
    }

    private static func what(of word: SpokenWord) -> String {
        switch word.kind {
        case .asked: "asked for it: \(word.text)"
        case .told: "said: \(word.text)"
        case .answered: "answered: \(word.text)"
        case .read: word.count == 1 ? "brought something once" : "brought something \(word.count) times"
        }
    }
}
