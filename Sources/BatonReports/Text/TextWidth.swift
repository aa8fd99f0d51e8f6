/// How many columns of a terminal a text takes.
package enum TextWidth {
    /// The columns of a text without line breaks.
    package static func of(_ text: String) -> Int {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return text.utf8.count }
        return text.reduce(0) { $0 + Self.of($1) }
    }

    /// The columns of one character, at most: terminals differ in how they join its parts, and a row that is too long
    /// breaks a screen where one that is too short does no harm.
    package static func of(_ character: Character) -> Int {
        var width = 0
        for scalar in character.unicodeScalars {
            if scalar.value == 0xFE0F {
                width = max(width, 2)
            } else if !Self.combines(scalar) {
                width += Self.isWide(scalar) ? 2 : 1
            }
        }
        return width
    }

    /// The text cut to so many columns, with an ellipsis if there was more.
    package static func cut(_ text: String, to columns: Int) -> String {
        guard Self.of(text) > columns else { return text }
        guard columns > 0 else { return "" }
        var shown = ""
        var used = 1
        for character in text {
            used += Self.of(character)
            guard used <= columns else { break }
            shown.append(character)
        }
        return shown + "…"
    }

    /// The same with the ellipsis in the middle: names of one kind differ at their ends.
    package static func cutInside(_ text: String, to columns: Int) -> String {
        guard Self.of(text) > columns else { return text }
        guard columns > 2 else { return Self.cut(text, to: columns) }
        var tail = ""
        var used = 0
        for character in text.reversed() {
            used += Self.of(character)
            guard used <= (columns - 1) / 2 else { break }
            tail.insert(character, at: tail.startIndex)
        }
        // Cut by itself, the front ends with the ellipsis.
        return Self.cut(text, to: columns - Self.of(tail)) + tail
    }

    /// The text in just so many columns: cut, or filled with spaces.
    package static func column(_ text: String, _ columns: Int) -> String {
        Self.filled(Self.cut(text, to: columns), columns)
    }

    /// The name in just so many columns: cut inside, or filled with spaces.
    package static func column(name: String, _ columns: Int) -> String {
        Self.filled(Self.cutInside(name, to: columns), columns)
    }

    private static func filled(_ text: String, _ columns: Int) -> String {
        text + String(repeating: " ", count: max(0, columns - Self.of(text)))
    }

    private static func combines(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: true
        default: false
        }
    }

    // East Asian Wide and Fullwidth of Unicode's EastAsianWidth.txt, in blocks; and what is shown as a picture.
    private static func isWide(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case ..<0x1100: false
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF00...0xFF60,
            0xFFE0...0xFFE6, 0x17000...0x18CFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F265, 0x20000...0x3FFFD:
            true
        default: scalar.properties.isEmojiPresentation
        }
    }
}
