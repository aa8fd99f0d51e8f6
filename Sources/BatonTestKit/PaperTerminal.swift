/// A terminal on paper: obeys the few sequences that Baton sends, and keeps a list of all others.
package struct PaperTerminal: Sendable {
    package let width: Int
    package let height: Int
    private var rows: [[Character]]
    private var row = 0
    private var column = 0
    private var saved = (row: 0, column: 0)
    private var pending: [Unicode.Scalar] = []
    /// Rows that have left at the top, the oldest first.
    package private(set) var history: [String] = []
    /// What it does not know: controls and escape sequences.
    package private(set) var unknown: [String] = []

    package init(width: Int, height: Int) {
        self.width = width
        self.height = height
        self.rows = Array(repeating: Array(repeating: " ", count: width), count: height)
    }

    /// The rows without the spaces at their ends.
    package var screen: [String] { self.rows.map(Self.text) }

    /// Everything that can be seen or scrolled to, without empty rows at the end.
    package var all: [String] {
        var all = self.history + self.screen
        while all.last == "" { all.removeLast() }
        return all
    }

    /// The row and the column of the cursor, from 0.
    package var cursor: (row: Int, column: Int) { (self.row, self.column) }

    package mutating func take(_ text: String) {
        for character in text {
            // A carriage return and a line feed are one character of Swift.
            if character == "\r\n" {
                self.take("\r")
                self.take("\n")
            } else if self.pending.isEmpty, character.unicodeScalars.allSatisfy({ $0.value >= 0x20 }) {
                self.put(character)
            } else {
                for scalar in character.unicodeScalars { self.obey(scalar) }
            }
        }
    }

    private static func text(_ row: [Character]) -> String {
        String(String(row.filter { $0 != "\0" }).reversed().drop { $0 == " " }.reversed())
    }

    // MARK: Text

    private mutating func put(_ character: Character) {
        let wide =
            character.unicodeScalars.contains { $0.value >= 0x1100 && $0.properties.isEmojiPresentation }
            || character.unicodeScalars.contains { (0x2E80...0xFFE6).contains($0.value) }
        if self.column + (wide ? 2 : 1) > self.width {
            self.column = 0
            self.feed()
        }
        self.rows[self.row][self.column] = character
        if wide { self.rows[self.row][self.column + 1] = "\0" }
        self.column += wide ? 2 : 1
    }

    private mutating func feed() {
        guard self.row == self.height - 1 else {
            self.row += 1
            return
        }
        self.history.append(Self.text(self.rows.removeFirst()))
        self.rows.append(Array(repeating: " ", count: self.width))
    }

    // MARK: Controls

    private mutating func obey(_ scalar: Unicode.Scalar) {
        if self.pending.isEmpty {
            switch scalar {
            case "\r": self.column = 0
            case "\n": self.feed()
            case "\u{1B}": self.pending = [scalar]
            case "\u{8}": self.column = max(0, self.column - 1)
            default:
                if scalar.value < 0x20 {
                    self.unknown.append("control \(scalar.value)")
                } else {
                    self.put(Character(scalar))
                }
            }
            return
        }
        self.pending.append(scalar)
        let isComplete = self.pending.count == 2 ? scalar != "[" : (0x40...0x7E).contains(scalar.value)
        guard isComplete else { return }
        defer { self.pending = [] }
        self.sequence(String(String.UnicodeScalarView(self.pending.dropFirst())))
    }

    private mutating func sequence(_ text: String) {
        let number = Int(text.dropFirst().dropLast())
        switch text {
        case "7": self.saved = (self.row, self.column)
        case "8": (self.row, self.column) = self.saved
        case "[H": (self.row, self.column) = (0, 0)
        case "[K": self.blank(self.row, from: self.column)
        case "[J":
            self.blank(self.row, from: self.column)
            for row in self.rows.indices where row > self.row { self.blank(row, from: 0) }
        case "[2J": for row in self.rows.indices { self.blank(row, from: 0) }
        default:
            if text.hasPrefix("["), text.hasSuffix("A"), let number {
                self.row = max(0, self.row - number)
            } else if !text.hasPrefix("[") || !text.hasSuffix("m") {
                self.unknown.append("ESC \(text)")
            }
        }
    }

    private mutating func blank(_ row: Int, from column: Int) {
        for index in self.rows[row].indices where index >= column { self.rows[row][index] = " " }
    }
}
