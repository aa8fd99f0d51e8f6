import OrderedCollections

/// Writes compact JSON into bytes; the journal's codec and every `--json` output go through it.
package struct JSONWriter {
    package private(set) var bytes: [UInt8] = []
    private var needsComma = false

    package init() {}

    package init(reserving capacity: Int) { self.bytes.reserveCapacity(capacity) }

    package mutating func value(_ value: JSON) {
        switch value {
        case .null: self.literal("null")
        case .bool(let value): self.literal(value ? "true" : "false")
        case .integer(let value): self.integer(value)
        case .number(let value): self.number(value)
        case .string(let value): self.string(value)
        case .array(let elements): self.array { writer in for element in elements { writer.value(element) } }
        case .object(let members):
            self.object { writer in for (name, value) in members { writer.member(name, value) } }
        }
    }

    package mutating func object(_ body: (inout JSONWriter) -> Void) {
        self.open(UInt8(ascii: "{"))
        body(&self)
        self.close(UInt8(ascii: "}"))
    }

    package mutating func array(_ body: (inout JSONWriter) -> Void) {
        self.open(UInt8(ascii: "["))
        body(&self)
        self.close(UInt8(ascii: "]"))
    }

    /// The name of a member whose value is written next.
    package mutating func name(_ name: String) {
        self.comma()
        self.quoted(name)
        self.bytes.append(UInt8(ascii: ":"))
        self.needsComma = false
    }

    /// A name that needs no escaping, written at once without a look at its characters.
    package mutating func name(_ name: StaticString) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: name.utf8CodeUnitCount + 4) { text in
            let end = self.put(name, into: text)
            self.bytes.append(contentsOf: text[..<end])
        }
        self.needsComma = false
    }

    /// A member that is a whole number, written at once.
    package mutating func field(_ name: StaticString, _ value: Int64) {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: name.utf8CodeUnitCount + 4 + Self.longestInteger) {
            text in
            let end = self.put(name, into: text)
            let digits = Self.put(value, into: text, from: end)
            self.bytes.append(contentsOf: text[..<digits])
        }
        self.needsComma = true
    }

    /// Puts a name with all that stands around it at the beginning of a buffer; returns where it ends.
    private func put(_ name: StaticString, into text: UnsafeMutableBufferPointer<UInt8>) -> Int {
        var end = 0
        if self.needsComma {
            text[end] = UInt8(ascii: ",")
            end += 1
        }
        text[end] = UInt8(ascii: "\"")
        let name = UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        end = text[(end + 1)...].update(fromContentsOf: name)
        text[end] = UInt8(ascii: "\"")
        text[end + 1] = UInt8(ascii: ":")
        return end + 2
    }

    // 64 bits have at most 19 digits and a sign.
    private static let longestInteger = 20

    /// Puts a number at a place of a buffer; returns where it ends.
    private static func put(_ value: Int64, into text: UnsafeMutableBufferPointer<UInt8>, from start: Int) -> Int {
        var start = start
        if value < 0 {
            text[start] = UInt8(ascii: "-")
            start += 1
        }
        var (rest, count) = (value.magnitude, 1)
        while rest > 9999 {
            rest /= 10_000
            count += 4
        }
        while rest > 9 {
            rest /= 10
            count += 1
        }
        rest = value.magnitude
        for place in (start..<(start + count)).reversed() {
            text[place] = UInt8(truncatingIfNeeded: rest % 10) + 0x30
            rest /= 10
        }
        return start + count
    }

    package mutating func member(_ name: String, _ value: JSON) {
        self.name(name)
        self.value(value)
    }

    /// A value that another writer has written.
    mutating func written(_ value: [UInt8]) {
        self.comma()
        self.bytes += value
        self.needsComma = true
    }

    package mutating func string(_ text: String) {
        self.comma()
        self.quoted(text)
        self.needsComma = true
    }

    package mutating func bool(_ value: Bool) { self.literal(value ? "true" : "false") }

    package mutating func null() { self.literal("null") }

    package mutating func integer(_ value: Int64) {
        self.comma()
        self.needsComma = true
        if 0..<10 ~= value {
            self.bytes.append(UInt8(truncatingIfNeeded: value) + 0x30)
            return
        }
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.longestInteger) { digits in
            self.bytes.append(contentsOf: digits[..<Self.put(value, into: digits, from: 0)])
        }
    }

    package mutating func number(_ value: Double) {
        // Only finite numbers can be written; our own values never hold others.
        self.literal(value.isFinite ? "\(value)" : "null")
    }

    /// A line break between values of a stream of lines.
    package mutating func endLine() {
        self.bytes.append(0x0A)
        self.needsComma = false
    }

    private mutating func literal(_ text: String) {
        self.comma()
        self.bytes.append(contentsOf: text.utf8)
        self.needsComma = true
    }

    private mutating func comma() {
        if self.needsComma { self.bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func open(_ bracket: UInt8) {
        self.comma()
        self.bytes.append(bracket)
        self.needsComma = false
    }

    private mutating func close(_ bracket: UInt8) {
        self.bytes.append(bracket)
        self.needsComma = true
    }

    private mutating func quoted(_ text: String) {
        var text = text
        self.bytes.append(UInt8(ascii: "\""))
        text.withUTF8 { buffer in
            if buffer.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
                self.bytes.append(contentsOf: buffer)
            } else {
                for byte in buffer { self.escaped(byte) }
            }
        }
        self.bytes.append(UInt8(ascii: "\""))
    }

    private mutating func escaped(_ byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): self.bytes.append(contentsOf: "\\\"".utf8)
        case UInt8(ascii: "\\"): self.bytes.append(contentsOf: "\\\\".utf8)
        case 0x0A: self.bytes.append(contentsOf: "\\n".utf8)
        case 0x0D: self.bytes.append(contentsOf: "\\r".utf8)
        case 0x09: self.bytes.append(contentsOf: "\\t".utf8)
        case 0..<0x20:
            let digits = Array("0123456789abcdef".utf8)
            self.bytes.append(contentsOf: "\\u00".utf8)
            self.bytes.append(digits[Int(byte >> 4)])
            self.bytes.append(digits[Int(byte & 15)])
        default: self.bytes.append(byte)
        }
    }
}
