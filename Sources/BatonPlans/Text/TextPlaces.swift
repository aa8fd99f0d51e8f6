import BatonCore

/// Finds the line and column of a byte.
enum TextPlaces {
    /// Lines end at a line feed, as in our JSON reader; columns count scalars.
    static func place(of offset: Int, in bytes: [UInt8]) -> SourcePlace {
        var line = 1
        var column = 1
        for byte in bytes.prefix(offset) {
            if byte == 0x0A {
                (line, column) = (line + 1, 1)
            } else if byte & 0xC0 != 0x80 {
                column += 1
            }
        }
        return SourcePlace(line: line, column: column)
    }
}
