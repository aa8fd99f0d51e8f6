/// The one sanitiser for text that reaches a terminal or a diagnostic: what could steer is shown, not sent.
package enum PlainText {
    /// The text with control, bidirectional and zero-width characters written as `\u{…}`; newline and tab pass if wanted.
    package static func of(_ text: String, keepingLines: Bool = false) -> String {
        guard text.unicodeScalars.contains(where: { Self.steers($0) }) else { return text }
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if !Self.steers(scalar) || (keepingLines && (scalar == "\n" || scalar == "\t")) {
                shown.append(scalar)
            } else {
                shown.append(contentsOf: Self.escaped(scalar).unicodeScalars)
            }
        }
        return String(shown)
    }

    /// The first `limit` characters on one line, with an ellipsis if there was more.
    package static func line(_ text: String, limit: Int) -> String {
        let first = text.unicodeScalars.prefix(limit * 4 + 4)
        let flat = Self.of(
            String(String.UnicodeScalarView(first.map { $0 == "\n" || $0 == "\t" || $0 == "\r" ? " " : $0 }))
        )
        return flat.count > limit || first.count < text.unicodeScalars.count ? flat.prefix(limit - 1) + "…" : flat
    }

    /// JSON text in which what could steer is written as JSON's own `\u` escapes, so that it stays the same value.
    package static func json(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { Self.steers($0) }) else { return text }
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            guard Self.steers(scalar), scalar != "\n" else {
                shown.append(scalar)
                continue
            }
            for unit in String(scalar).utf16 {
                let digits = String(unit, radix: 16)
                shown.append(
                    contentsOf: "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".unicodeScalars
                )
            }
        }
        return String(shown)
    }

    /// The text without the colours that programs print for terminals; all else that could steer is left to ``of(_:keepingLines:)``.
    package static func uncoloured(_ text: String) -> String {
        guard text.unicodeScalars.contains("\u{1B}") else { return text }
        var shown = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        while let scalar = rest.first {
            if let end = Self.endOfColour(rest) {
                rest = rest[end...]
            } else {
                shown.append(scalar)
                rest = rest.dropFirst()
            }
        }
        return String(shown)
    }

    // Behind ESC [ digits ; digits m, if the text begins so.
    private static func endOfColour(_ text: Substring.UnicodeScalarView) -> String.Index? {
        guard text.starts(with: ["\u{1B}", "["]) else { return nil }
        let body = text.dropFirst(2)
        guard let end = body.firstIndex(where: { !("0"..."9").contains($0) && $0 != ";" }), body[end] == "m" else {
            return nil
        }
        return body.index(after: end)
    }

    private static func escaped(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": "\\n"
        case "\t": "\\t"
        case "\r": "\\r"
        default: "\\u{\(String(scalar.value, radix: 16))}"
        }
    }

    // Controls of C0 and C1, DEL, and what is invisible or turns the direction of writing.
    private static func steers(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0xAD, 0x061C, 0x180E, 0x200B...0x200F, 0x2028...0x202E, 0x2060...0x206F, 0xFEFF,
            0xFFF9...0xFFFB, 0xE0000...0xE0FFF:
            true
        default: false
        }
    }
}

extension String {
    /// Whether there is nothing to read in it.
    package var isBlank: Bool { self.allSatisfy(\.isWhitespace) }
}
