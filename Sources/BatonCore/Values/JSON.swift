public import OrderedCollections

/// A JSON value.
///
/// Integers stay apart from other numbers, and members keep their order.
public enum JSON: Hashable, Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number without fraction or exponent that fits 64 bits.
    case integer(Int64)
    /// Any other finite number.
    case number(Double)
    /// A text.
    case string(String)
    /// A list.
    case array([JSON])
    /// Members in the order they were written; names are unique.
    indirect case object(OrderedDictionary<String, JSON>)
}

extension JSON: ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByFloatLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    /// A text.
    public init(stringLiteral value: String) { self = .string(value) }

    /// An integer.
    public init(integerLiteral value: Int64) { self = .integer(value) }

    /// A truth value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }

    /// A number.
    public init(floatLiteral value: Double) { self = .number(value) }

    /// A list.
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }

    /// An object; of members with one name the last counts.
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(OrderedDictionary(elements, uniquingKeysWith: { $1 }))
    }

    /// `null`.
    public init(nilLiteral: ()) { self = .null }
}

extension JSON {
    /// An object; of members with one name the last counts.
    package static func members(_ members: [(String, JSON)]) -> JSON {
        .object(OrderedDictionary(members, uniquingKeysWith: { $1 }))
    }

    /// The member of that name, if this is an object that has it.
    public subscript(name: String) -> JSON? {
        if case .object(let members) = self { return members[name] }
        return nil
    }

    /// The element at that place, if this is a list that long.
    public subscript(index: Int) -> JSON? {
        if case .array(let elements) = self, elements.indices.contains(index) { return elements[index] }
        return nil
    }

    /// The names of the members, if this is an object.
    package var memberNames: [String] {
        if case .object(let members) = self { return Array(members.keys) }
        return []
    }

    /// Whether this is an object.
    package var isObject: Bool {
        if case .object = self { return true }
        return false
    }

    /// The text, if this is one.
    public var string: String? {
        if case .string(let text) = self { return text }
        return nil
    }

    /// The integer, if this is one.
    public var integer: Int64? {
        if case .integer(let value) = self { return value }
        return nil
    }

    /// The same value whatever order the members of its objects were written in.
    package var sorted: JSON {
        switch self {
        case .null, .bool, .integer, .number, .string: self
        case .array(let elements): .array(elements.map(\.sorted))
        case .object(let members): .members(members.map { ($0.key, $0.value.sorted) }.sorted { $0.0 < $1.0 })
        }
    }

    /// The elements, if this is a list.
    public var elements: [JSON]? {
        if case .array(let elements) = self { return elements }
        return nil
    }

    /// The value as a person reads it: a text as it is, anything else as JSON.
    public var plainText: String { self.string ?? self.description }
}

extension JSON {
    /// How deep a value that is stored may be nested.
    package static let deepest = 256

    /// Why the value cannot be stored and read back; nil if it can.
    package var fault: String? {
        switch self {
        case .null, .bool, .integer, .string: return nil
        case .number, .array, .object: break
        }
        var layer = [self]
        for _ in 0..<Self.deepest {
            var next: [JSON] = []
            for value in layer {
                switch value {
                case .null, .bool, .integer, .string: continue
                case .number(let number): if !number.isFinite { return "\(number) is no number of JSON" }
                case .array(let elements): next += elements
                case .object(let members): next += members.values
                }
            }
            if next.isEmpty { return nil }
            layer = next
        }
        return "it is nested more than \(Self.deepest) deep"
    }
}

extension JSON: CustomStringConvertible {
    /// Compact JSON.
    public var description: String { String(decoding: self.bytes, as: UTF8.self) }

    /// Compact JSON in UTF-8.
    public var bytes: [UInt8] {
        var writer = JSONWriter()
        writer.value(self)
        return writer.bytes
    }

    /// Reads strict JSON: no duplicate names, no trailing commas, nothing after the value.
    ///
    /// - Parameter bytes: UTF-8.
    /// - Throws: ``JSON/Fault`` with the place and the reason.
    public init(parsing bytes: some Collection<UInt8>) throws(JSON.Fault) {
        let node = try JSONReader.read(Array(bytes), depth: JSONReader.usualDepth)
        guard let value = JSON(node) else {
            let place = node.firstNotFinite ?? node.place
            throw JSON.Fault(.number, "a number is too large for 64-bit floating point", at: place)
        }
        self = value
    }
}
