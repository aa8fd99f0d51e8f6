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

    /// As a terminal takes it.
    package func rendered(colour: Bool) -> String {
        guard colour else { return self.plain }
        return self.pieces.map { piece in
            piece.style == .plain ? piece.text : "\u{1B}[\(piece.style.rawValue)m\(piece.text)\u{1B}[0m"
        }.joined()
    }
}
