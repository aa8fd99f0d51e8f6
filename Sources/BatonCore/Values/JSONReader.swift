/// Our one reader of JSON: strict, with positions, bounded in depth, in the number of values and in number length.
///
/// It accepts exactly RFC 8259 in UTF-8 and refuses duplicate names. A number that overflows a double is kept as an
/// infinity, so that the caller can say where; ``JSON`` itself refuses it.
package struct JSONReader {
    /// The nesting that values of ours may have.
    package static let usualDepth = 512
    package static let mostValues = 8_000_000

    private let bytes: [UInt8]
    private let deepest: Int
    private var index = 0
    private var line = 1
    private var lineStart = 0
    // Continuation bytes since the line began: columns count scalars, not bytes.
    private var continuations = 0
    private var values = 0

    private init(_ bytes: [UInt8], depth: Int) {
        self.bytes = bytes
        self.deepest = depth
    }

    package static func read(_ bytes: [UInt8], depth: Int) throws(JSON.Fault) -> SourceNode {
        var reader = JSONReader(bytes, depth: depth)
        reader.skipByteOrderMark()
        if let fault = UTF8Check.firstFault(in: bytes) {
            reader.move(to: fault)
            throw reader.fault(.encoding, "this is not UTF-8; save the file as UTF-8")
        }
        reader.skipSpace()
        guard reader.index < bytes.count else {
            throw reader.fault(.empty, "there is nothing here; a JSON value is expected")
        }
        let node = try reader.value(depth: 1)
        reader.skipSpace()
        guard reader.index == bytes.count else {
            throw reader.peek == UInt8(ascii: "/") || reader.peek == UInt8(ascii: "#")
                ? reader.commentFault()
                : reader.fault(.trailingText, "there is more text after the end of the value; remove it")
        }
        return node
    }

    private var peek: UInt8? { self.index < self.bytes.count ? self.bytes[self.index] : nil }

    private var place: SourcePlace {
        SourcePlace(line: self.line, column: self.index - self.lineStart - self.continuations + 1)
    }

    private func fault(_ kind: JSON.Fault.Kind, _ message: String, at place: SourcePlace? = nil) -> JSON.Fault {
        JSON.Fault(kind, message, at: place ?? self.place)
    }

    private func commentFault() -> JSON.Fault {
        self.fault(.comment, "JSON has no comments; remove it, or write the plan as YAML")
    }

    private mutating func move(to target: Int) {
        while self.index < target { self.advanceText() }
    }

    // One byte of running text: keeps line and column true.
    private mutating func advanceText() {
        let byte = self.bytes[self.index]
        self.index += 1
        if byte == 0x0A {
            self.line += 1
            self.lineStart = self.index
            self.continuations = 0
        } else if byte & 0xC0 == 0x80 {
            self.continuations += 1
        }
    }

    private mutating func skipByteOrderMark() {
        guard self.bytes.starts(with: [0xEF, 0xBB, 0xBF]) else { return }
        self.index = 3
        self.lineStart = 3
    }

    private mutating func skipSpace() {
        while self.index < self.bytes.count {
            switch self.bytes[self.index] {
            case 0x20, 0x09, 0x0D: self.index += 1
            case 0x0A: self.advanceText()
            default: return
            }
        }
    }

    private mutating func value(depth: Int) throws(JSON.Fault) -> SourceNode {
        let place = self.place
        guard depth <= self.deepest else {
            throw self.fault(.depth, "values are nested more than \(self.deepest) deep; flatten them")
        }
        self.values += 1
        guard self.values <= Self.mostValues else {
            throw self.fault(.size, "there are more than \(Self.mostValues) values; split the file")
        }
        switch self.peek {
        case UInt8(ascii: "{"): return SourceNode(.object(try self.members(depth: depth)), at: place)
        case UInt8(ascii: "["): return SourceNode(.array(try self.elements(depth: depth)), at: place)
        case UInt8(ascii: "\""): return SourceNode(.string(try self.text()), at: place)
        case UInt8(ascii: "t"): return SourceNode(.bool(try self.word("true", true)), at: place)
        case UInt8(ascii: "f"): return SourceNode(.bool(try self.word("false", false)), at: place)
        case UInt8(ascii: "n"):
            _ = try self.word("null", true)
            return SourceNode(.null, at: place)
        case UInt8(ascii: "-"): return SourceNode(try self.number(), at: place)
        case let digit? where 0x30...0x39 ~= digit: return SourceNode(try self.number(), at: place)
        case UInt8(ascii: "/"), UInt8(ascii: "#"): throw self.commentFault()
        case nil: throw self.fault(.syntax, "the text ends where a value is expected; is the file cut off?")
        default: throw self.fault(.syntax, "a value is expected here, not \(self.shownByte)")
        }
    }

    private var shownByte: String {
        guard let byte = self.peek else { return "the end" }
        return 0x21...0x7E ~= byte ? "'\(Unicode.Scalar(byte))'" : byte < 0x21 ? "a control character" : "this letter"
    }

    private mutating func word(_ word: StaticString, _ value: Bool) throws(JSON.Fault) -> Bool {
        let start = self.place
        let length = word.utf8CodeUnitCount
        let end = self.index + length
        let isSame =
            end <= self.bytes.count
            && (0..<length).allSatisfy { self.bytes[self.index + $0] == word.utf8Start[$0] }
        guard isSame else { throw self.fault(.syntax, "a value is expected here; did you mean \(word)?", at: start) }
        self.index = end
        return value
    }

    private mutating func elements(depth: Int) throws(JSON.Fault) -> [SourceNode] {
        var elements: [SourceNode] = []
        self.index += 1
        self.skipSpace()
        if self.take("]") { return elements }
        while true {
            elements.append(try self.value(depth: depth + 1))
            guard try self.continues(until: "]") else { return elements }
        }
    }

    private mutating func members(depth: Int) throws(JSON.Fault) -> [SourceNode.Member] {
        var members: [SourceNode.Member] = []
        var seen = SeenNames()
        self.index += 1
        self.skipSpace()
        if self.take("}") { return members }
        while true {
            let place = self.place
            guard self.peek == UInt8(ascii: "\"") else {
                throw self.peek == UInt8(ascii: "/") || self.peek == UInt8(ascii: "#")
                    ? self.commentFault()
                    : self.fault(.syntax, "a name in double quotes is expected here, not \(self.shownByte)")
            }
            let name = try self.text()
            if let first = seen.insert(name, among: members) {
                throw self.fault(
                    .duplicateKey,
                    "\"\(PlainText.line(name, limit: 60))\" is here twice, first at "
                        + "\(first.line):\(first.column); remove one",
                    at: place
                )
            }
            self.skipSpace()
            guard self.take(":") else { throw self.fault(.syntax, "a colon is expected here, not \(self.shownByte)") }
            self.skipSpace()
            members.append(SourceNode.Member(name: name, place: place, value: try self.value(depth: depth + 1)))
            guard try self.continues(until: "}") else { return members }
        }
    }

    // After a value: true at a comma before another value, false at the end of the list or object.
    private mutating func continues(until close: Unicode.Scalar) throws(JSON.Fault) -> Bool {
        self.skipSpace()
        if self.take(close) { return false }
        let comma = self.place
        guard self.take(",") else {
            throw self.peek == UInt8(ascii: "/") || self.peek == UInt8(ascii: "#")
                ? self.commentFault()
                : self.fault(.syntax, "a comma or '\(close)' is expected here, not \(self.shownByte)")
        }
        self.skipSpace()
        guard self.peek != UInt8(truncatingIfNeeded: close.value) else {
            throw self.fault(.trailingComma, "a comma stands before '\(close)'; remove the comma", at: comma)
        }
        return true
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard self.peek == UInt8(truncatingIfNeeded: character.value) else { return false }
        self.index += 1
        return true
    }

    private mutating func number() throws(JSON.Fault) -> SourceNode.Kind {
        let start = self.index
        let place = self.place
        var isInteger = true
        _ = self.take("-")
        let digits = self.skipDigits()
        guard digits > 0, digits == 1 || self.bytes[self.index - digits] != 0x30 else {
            throw self.fault(.number, "this is no JSON number: digits are expected, without leading zeros", at: place)
        }
        if self.take(".") {
            isInteger = false
            guard self.skipDigits() > 0 else { throw self.fault(.number, "digits are expected after the point") }
        }
        if self.take("e") || self.take("E") {
            isInteger = false
            _ = self.take("+") || self.take("-")
            guard self.skipDigits() > 0 else { throw self.fault(.number, "digits are expected in the exponent") }
        }
        if let next = self.peek, next == UInt8(ascii: "x") || next == UInt8(ascii: "X") || next == UInt8(ascii: "_") {
            throw self.fault(.number, "JSON numbers are decimal; write it without '\(Unicode.Scalar(next))'", at: place)
        }
        let length = self.index - start
        guard length <= 400 else {
            throw self.fault(.number, "this number has \(length) characters; 400 is the most", at: place)
        }
        let text = String(decoding: self.bytes[start..<self.index], as: UTF8.self)
        if isInteger, text != "-0", let value = Int64(text) { return .integer(value) }
        return .number(Double(text) ?? .infinity)
    }

    private mutating func skipDigits() -> Int {
        let start = self.index
        while let byte = self.peek, 0x30...0x39 ~= byte { self.index += 1 }
        return self.index - start
    }

    // Most texts have no escapes: those are one copy.
    private mutating func text() throws(JSON.Fault) -> String {
        let start = self.place
        self.index += 1
        let first = self.index
        var continuations = 0
        while let byte = self.peek, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\"), byte >= 0x20 {
            if byte & 0xC0 == 0x80 { continuations += 1 }
            self.index += 1
        }
        self.continuations += continuations
        if self.take("\"") { return String(decoding: self.bytes[first..<self.index - 1], as: UTF8.self) }
        var buffer = Array(self.bytes[first..<self.index])
        while let byte = self.peek {
            switch byte {
            case UInt8(ascii: "\""):
                self.index += 1
                return String(decoding: buffer, as: UTF8.self)
            case UInt8(ascii: "\\"): try self.escape(into: &buffer)
            case 0..<0x20:
                throw self.fault(
                    .controlCharacter,
                    "a text holds the raw control character \(byte); write it as an escape such as \\n"
                )
            default:
                buffer.append(byte)
                self.advanceText()
            }
        }
        throw self.fault(.syntax, "this text has no closing quote", at: start)
    }

    private mutating func escape(into buffer: inout [UInt8]) throws(JSON.Fault) {
        let place = self.place
        self.index += 1
        guard let letter = self.peek else { throw self.fault(.syntax, "the text ends within an escape", at: place) }
        self.index += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): buffer.append(letter)
        case UInt8(ascii: "b"): buffer.append(0x08)
        case UInt8(ascii: "f"): buffer.append(0x0C)
        case UInt8(ascii: "n"): buffer.append(0x0A)
        case UInt8(ascii: "r"): buffer.append(0x0D)
        case UInt8(ascii: "t"): buffer.append(0x09)
        case UInt8(ascii: "u"): buffer.append(contentsOf: try self.unicodeEscape(from: place))
        default: throw self.fault(.escape, "JSON has no escape \\\(Unicode.Scalar(letter))", at: place)
        }
    }

    private mutating func unicodeEscape(from place: SourcePlace) throws(JSON.Fault) -> [UInt8] {
        let first = try self.fourDigits(from: place)
        var value = UInt32(first)
        if 0xD800...0xDBFF ~= first, self.take("\\"), self.take("u") {
            let second = try self.fourDigits(from: place)
            if 0xDC00...0xDFFF ~= second {
                value = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
            }
        }
        guard let scalar = Unicode.Scalar(value) else {
            throw self.fault(.escape, "half of a surrogate pair stands alone; write the whole character", at: place)
        }
        return Array(String(Character(scalar)).utf8)
    }

    private mutating func fourDigits(from place: SourcePlace) throws(JSON.Fault) -> UInt16 {
        let end = self.index + 4
        guard end <= self.bytes.count,
            self.bytes[self.index..<end].allSatisfy({ Unicode.Scalar($0).properties.isASCIIHexDigit }),
            let value = UInt16(String(decoding: self.bytes[self.index..<end], as: UTF8.self), radix: 16)
        else { throw self.fault(.escape, "four hexadecimal digits are expected after \\u", at: place) }
        self.index = end
        return value
    }
}

/// Finds a name that comes twice; a set only once an object is large.
private struct SeenNames {
    private var places: [String: SourcePlace] = [:]

    mutating func insert(_ name: String, among members: [SourceNode.Member]) -> SourcePlace? {
        if members.count < 16 { return members.first { $0.name == name }?.place }
        if self.places.count != members.count {
            for member in members[self.places.count...] { self.places[member.name] = member.place }
        }
        return self.places[name]
    }
}
