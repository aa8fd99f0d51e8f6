import BatonCore

extension Failure {
    /// What tells most in one line: of what a program has said the last line that speaks of an error, else the last that is
    /// no part of a stack trace, else the message.
    var lastWords: String {
        let lines = PlainText.uncoloured(self.stderrTail ?? "").split(whereSeparator: \.isNewline).suffix(200)
            .filter { line in line.contains { !$0.isWhitespace } }
        let outer = lines.filter { $0.first?.isWhitespace == false }
        let telling = outer.last { line in
            let words = line.lowercased()
            return ["error", "fatal", "exception", "panic", "cannot", "failed"].contains { words.contains($0) }
        }
        return (telling ?? outer.last ?? lines.last).map(String.init) ?? self.message
    }
}
