import BatonCore

/// Follows the marks of libyaml through the bytes, from the front to the back.
///
/// Libyaml counts columns in scalars, and ends lines as YAML 1.1 does: also at a lone CR, NEL, LS and PS.
struct YAMLCursor {
    private let bytes: [UInt8]
    private var index = 0
    private var line = 1
    private var column = 1

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The offset of a place; nil if the cursor is past it or the text ends before.
    mutating func offset(of place: SourcePlace) -> Int? {
        guard place >= SourcePlace(line: self.line, column: self.column) else { return nil }
        while self.line != place.line || self.column != place.column {
            guard self.index < self.bytes.count, self.line <= place.line else { return nil }
            self.advance()
        }
        return self.index
    }

    /// The byte at a place.
    mutating func byte(at place: SourcePlace) -> UInt8? {
        guard let offset = self.offset(of: place), offset < self.bytes.count else { return nil }
        return self.bytes[offset]
    }

    /// The place behind the last character.
    static func end(of bytes: [UInt8]) -> SourcePlace {
        var cursor = YAMLCursor(bytes)
        while cursor.index < bytes.count { cursor.advance() }
        return SourcePlace(line: cursor.line, column: cursor.column)
    }

    private mutating func advance() {
        let length = self.breakLength
        if length > 0 {
            self.index += length
            self.line += 1
            self.column = 1
        } else {
            self.index += 1
            while self.index < self.bytes.count, self.bytes[self.index] & 0xC0 == 0x80 { self.index += 1 }
            self.column += 1
        }
    }

    private var breakLength: Int {
        switch self.bytes[self.index] {
        case 0x0A: 1
        case 0x0D: self.has(0x0A, 1) ? 2 : 1
        case 0xC2: self.has(0x85, 1) ? 2 : 0
        case 0xE2: self.has(0x80, 1) && (self.has(0xA8, 2) || self.has(0xA9, 2)) ? 3 : 0
        default: 0
        }
    }

    private func has(_ byte: UInt8, _ ahead: Int) -> Bool {
        self.index + ahead < self.bytes.count && self.bytes[self.index + ahead] == byte
    }
}
