import BatonCore

/// Bounds the memory and time that Yams may take, by a look at the bytes before it reads them.
enum YAMLBounds {
    // Each mark begins one value, or two: a key and its empty value.
    private static let mostMarks = JSONReader.mostValues / 2
    // Yams compares keys by all that is in them, level by level; this many bytes of keys take it a second or so.
    private static let mostKeyWork = 20_000_000
    // A few lines of a text may begin with a question mark; they cost no more than so many readings.
    private static let freeKeys = 8

    static func fault(of bytes: [UInt8]) -> ParseFault? {
        var marks = 0
        var explicitKeys = 0
        var bracketKeys = 0
        var line = LinePrefix()
        for index in bytes.indices {
            let byte = bytes[index]
            switch byte {
            case UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "{"): marks += 1
            case UInt8(ascii: ":"), UInt8(ascii: "-"):
                if Self.endsMark(bytes, index + 1) { marks += 1 }
                if byte == UInt8(ascii: ":"), line.lastIsClosing { bracketKeys += 1 }
            case UInt8(ascii: "?"):
                if Self.endsMark(bytes, index + 1), line.mayBeginKey {
                    marks += 1
                    explicitKeys += 1
                }
            default: break
            }
            line.take(byte)
            if marks > Self.mostMarks { return Self.tooMany(at: TextPlaces.place(of: index, in: bytes)) }
        }
        // A key in brackets stands on one line and has 1024 characters at most.
        let work = max(0, min(explicitKeys, 1000) - Self.freeKeys) * bytes.count + bracketKeys * 1024
        return work > Self.mostKeyWork ? Self.tooManyKeys : nil
    }

    // What stands on the line before a byte, as far as it decides whether a key may begin there.
    private struct LinePrefix {
        var isOnlyMarks = true
        var last: UInt8 = 0x0A

        var mayBeginKey: Bool { self.isOnlyMarks || "[{,".utf8.contains(self.last) }
        var lastIsClosing: Bool { "]}".utf8.contains(self.last) }

        mutating func take(_ byte: UInt8) {
            switch byte {
            case 0x0A, 0x0D: self = LinePrefix()
            case 0x20, 0x09: break
            case UInt8(ascii: "-"), UInt8(ascii: "?"), UInt8(ascii: ":"): self.last = byte
            default:
                self.isOnlyMarks = false
                self.last = byte
            }
        }
    }

    private static func endsMark(_ bytes: [UInt8], _ index: Int) -> Bool {
        guard index < bytes.count else { return true }
        switch bytes[index] {
        case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"),
            UInt8(ascii: "}"), UInt8(ascii: "\""), UInt8(ascii: "'"):
            return true
        // A line break of Unicode, which ends a mark too, begins with such a byte.
        case 0x80...: return true
        default: return false
        }
    }

    private static func tooMany(at place: SourcePlace) -> ParseFault {
        ParseFault("size", "there are more than \(JSONReader.mostValues) values", remedy: "split the file", at: place)
    }

    private static var tooManyKeys: ParseFault {
        ParseFault(
            "size",
            "too many keys are lists or objects",
            remedy: "write plain names as keys",
            at: SourcePlace(line: 1, column: 1)
        )
    }
}
