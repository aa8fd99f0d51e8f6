import BatonCore

/// A line for a terminal: pieces of text, each with a look.
///
/// Every piece is made safe by ``PlainText`` as it enters, so whatever is rendered can neither move the cursor nor set a
/// title; the only escape sequences are the colours that ``rendered(colour:)`` adds itself.
package struct StyledText: Hashable, Sendable {
    /// How a piece looks where there is colour.
    package enum Style: String, Hashable, Sendable {
        case plain = ""
        case good = "32"
        case bad = "31"
        case waiting = "33"
        case active = "36"
        case faint = "2"
        case strong = "1"
    }

    private struct Piece: Hashable, Sendable {
        var text: String
        let style: Style
    }

    private var pieces: [Piece] = []

    package init() {}

    package init(_ text: String, _ style: Style = .plain) { self.append(text, style) }

    package mutating func append(_ text: String, _ style: Style = .plain) {
        guard !text.isEmpty else { return }
        self.pieces.append(Piece(text: PlainText.of(text), style: style))
    }

    package static func + (left: StyledText, right: StyledText) -> StyledText {
        var joined = left
        joined.pieces += right.pieces
        return joined
    }

    /// The text without its look.
    package var plain: String { self.pieces.map(\.text).joined() }

    /// How many columns it takes.
    package var width: Int { self.pieces.reduce(0) { $0 + TextWidth.of($1.text) } }

    /// The line cut to so many columns, with an ellipsis if there was more.
    package func cut(to columns: Int) -> StyledText {
        guard self.width > columns else { return self }
        var cut = StyledText()
        var left = columns
        for piece in self.pieces {
            let width = TextWidth.of(piece.text)
            if width < left {
                cut.pieces.append(piece)
                left -= width
                continue
            }
            cut.pieces.append(Piece(text: TextWidth.cut(piece.text + "  ", to: left), style: piece.style))
            break
        }
        return cut
    }

    /// The line in rows of so many columns, those after the first indented.
    ///
    /// It is broken at spaces where there are any; of more rows than wanted the last ends with an ellipsis.
    package func wrapped(to columns: Int, indent: Int = 0, most: Int = .max) -> [StyledText] {
        guard self.width > columns else { return [self] }
        var rows: [StyledText] = []
        var rest = self
        while rest.width > columns, rows.count + 1 < most {
            let margin = rows.isEmpty ? 0 : min(indent, columns / 2)
            let (row, left) = rest.broken(at: columns - margin)
            rows.append(Self.margin(margin) + row)
            rest = left
            if rest.width + min(indent, columns / 2) <= columns { break }
        }
        let margin = rows.isEmpty ? 0 : min(indent, columns / 2)
        return rows + [Self.margin(margin) + rest.cut(to: columns - margin)]
    }

    private static func margin(_ columns: Int) -> StyledText { StyledText(String(repeating: " ", count: columns)) }

    // What fits, up to the last space if there is one, and what is left behind that space.
    private func broken(at columns: Int) -> (row: StyledText, rest: StyledText) {
        var cells: [(character: Character, style: Style)] = []
        for piece in self.pieces { cells += piece.text.map { ($0, piece.style) } }
        var used = 0
        let end = cells.firstIndex { cell in
            used += TextWidth.of(cell.character)
            return used > columns
        }
        // One character at least, so that there is an end.
        let fitting = max(1, end ?? cells.count)
        let start = cells.firstIndex { $0.character != " " } ?? 0
        let space = cells[..<min(fitting + 1, cells.count)].lastIndex { $0.character == " " }
        let cut = space.map { $0 > start ? $0 : fitting } ?? fitting
        return (Self.joined(cells[..<cut]), Self.joined(cells[cut...].drop { $0.character == " " }))
    }

    private static func joined(_ cells: ArraySlice<(character: Character, style: Style)>) -> StyledText {
        var joined = StyledText()
        for cell in cells {
            if joined.pieces.last?.style == cell.style {
                joined.pieces[joined.pieces.count - 1].text.append(cell.character)
            } else {
                joined.pieces.append(Piece(text: String(cell.character), style: cell.style))
            }
        }
        return joined
    }

    /// As a terminal takes it.
    package func rendered(colour: Bool) -> String {
        guard colour else { return self.plain }
        return self.pieces.map { piece in
            piece.style == .plain ? piece.text : "\u{1B}[\(piece.style.rawValue)m\(piece.text)\u{1B}[0m"
        }.joined()
    }
}
