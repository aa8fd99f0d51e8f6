import BatonCore

/// The one way in which text becomes Markdown: signs that mean something to a renderer stand behind a backslash.
///
/// Signs that mean nothing where they stand are left alone, for a report is also read in a terminal as it is.
enum MarkdownText {
    /// Text for a paragraph, a heading, a list entry or a cell of a table, on one line.
    ///
    /// - Parameter begins: whether it stands where a list or a heading could begin.
    static func escaped(_ text: String, begins: Bool = true) -> String {
        let scalars = Array(PlainText.of(text).unicodeScalars)
        var shown = String.UnicodeScalarView()
        for (place, scalar) in scalars.enumerated() {
            let before = place > 0 ? scalars[place - 1] : nil
            let after = place + 1 < scalars.count ? scalars[place + 1] : nil
            let isAtStart = begins && place <= 12 && scalars[..<place].allSatisfy { $0 == " " }
            if Self.means(scalar, before: before, after: after) || (isAtStart && Self.begins(scalar))
                || (begins && place <= 12 && Self.isListNumber(scalars, place))
            {
                shown.append("\\")
            }
            shown.append(scalar)
        }
        return String(shown)
    }

    // `javascript:` and other schemes are no link by themselves; `http://`, `www.` and addresses are made one.
    private static func means(_ scalar: Unicode.Scalar, before: Unicode.Scalar?, after: Unicode.Scalar?) -> Bool {
        switch scalar {
        case "\\", "`", "*", "[", "]", "<", "|", "~", "$", "@": true
        case "_": !Self.isWordPart(before) || !Self.isWordPart(after)
        case "&": after.map { $0 == "#" || $0.properties.isAlphabetic } ?? false
        case ":": after == "/"
        case ".": before == "w" || before == "W"
        default: false
        }
    }

    private static func begins(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "#", ">", "=", "-", "+": true
        default: false
        }
    }

    // `1.` and `1)` at the start begin a list.
    private static func isListNumber(_ scalars: [Unicode.Scalar], _ place: Int) -> Bool {
        guard scalars[place] == "." || scalars[place] == ")" else { return false }
        let before = scalars[..<place].drop { $0 == " " }
        return !before.isEmpty && before.count <= 9 && before.allSatisfy { "0"..."9" ~= $0 }
    }

    private static func isWordPart(_ scalar: Unicode.Scalar?) -> Bool {
        guard let scalar else { return false }
        return scalar.properties.isAlphabetic || "0"..."9" ~= scalar || scalar == "_"
    }

    /// A command within a line: between more backticks than it holds in a row.
    static func code(_ text: String) -> String {
        let plain = PlainText.of(text)
        let ticks = String(repeating: "`", count: Self.longestRun(of: "`", in: plain) + 1)
        let gap = plain.hasPrefix("`") || plain.hasSuffix("`") ? " " : ""
        return ticks + gap + plain + gap + ticks
    }

    /// Lines as they are, between fences longer than any they hold.
    static func block(_ text: String, language: StaticString) -> [String] {
        let plain = PlainText.of(text, keepingLines: true)
        let fence = String(repeating: "`", count: max(3, Self.longestRun(of: "`", in: plain) + 1))
        return ["\(fence)\(language)", plain, fence]
    }

    private static func longestRun(of sign: Unicode.Scalar, in text: String) -> Int {
        var longest = 0
        var run = 0
        for scalar in text.unicodeScalars {
            run = scalar == sign ? run + 1 : 0
            longest = max(longest, run)
        }
        return longest
    }

    /// A table whose columns stand below each other, also where nobody renders it.
    static func table(_ columns: [String], numbers: Set<Int> = [], _ rows: [[String]]) -> [String] {
        let cells = rows.map { $0.map { Self.escaped($0, begins: false) } }
        let widths = columns.indices.map { column in
            max(
                3,
                TextWidth.of(columns[column]),
                cells.map { column < $0.count ? TextWidth.of($0[column]) : 0 }.max() ?? 0
            )
        }
        func line(_ cells: [String]) -> String {
            let padded = columns.indices.map { column in
                let cell = column < cells.count ? cells[column] : ""
                let gap = String(repeating: " ", count: max(0, widths[column] - TextWidth.of(cell)))
                return numbers.contains(column) ? gap + cell : cell + gap
            }
            return "| \(padded.joined(separator: " | ")) |"
        }
        let rule = columns.indices.map { column in
            let dashes = String(repeating: "-", count: widths[column] + (numbers.contains(column) ? 1 : 2))
            return numbers.contains(column) ? dashes + ":" : dashes
        }
        return [line(columns), "|\(rule.joined(separator: "|"))|"] + cells.map(line)
    }
}
