import OrderedCollections

/// A JSON Schema of draft 2020-12: what a value has to be.
///
/// It knows all that says something about values but what depends on how other parts were taken (`unevaluated…`, `$dynamicRef`)
/// and references to other documents; a schema with these is refused, so that nothing passes unseen. `format` and words for
/// people say nothing about values.
package struct JSONSchema: Hashable, Sendable {
    /// What is wrong with a schema.
    package struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
        /// Where, as a JSON Pointer; empty is the whole.
        package let place: String
        package let what: String

        package var description: String { self.place.isEmpty ? self.what : "at \(self.place): \(self.what)" }
    }

    let root: JSON

    /// How deep schemas may lie within each other, references followed.
    static let deepest = 64

    package init(_ schema: JSON) throws(Fault) {
        self.root = schema
        try Self.look(at: schema, "", in: schema, depth: 0)
    }

    // MARK: Keywords

    private enum Form {
        case schema, schemas, schemaMap, count, number, flag, text, pattern, texts, textsMap, reference, types
        /// Any value.
        case value, values
    }

    private static let forms: [String: Form] = [
        "type": .types, "enum": .values, "const": .value, "multipleOf": .number, "maximum": .number,
        "exclusiveMaximum": .number, "minimum": .number, "exclusiveMinimum": .number, "maxLength": .count,
        "minLength": .count, "pattern": .pattern, "maxItems": .count, "minItems": .count, "uniqueItems": .flag,
        "maxContains": .count, "minContains": .count, "contains": .schema, "prefixItems": .schemas, "items": .schema,
        "maxProperties": .count, "minProperties": .count, "required": .texts, "dependentRequired": .textsMap,
        "properties": .schemaMap, "patternProperties": .schemaMap, "additionalProperties": .schema,
        "propertyNames": .schema, "dependentSchemas": .schemaMap, "allOf": .schemas, "anyOf": .schemas,
        "oneOf": .schemas, "not": .schema, "if": .schema, "then": .schema, "else": .schema, "$ref": .reference,
        "$defs": .schemaMap, "definitions": .schemaMap, "format": .text, "title": .text, "description": .text,
        "default": .value, "examples": .values, "deprecated": .flag, "readOnly": .flag, "writeOnly": .flag,
        "$schema": .text, "$id": .text, "$comment": .text, "contentEncoding": .text, "contentMediaType": .text,
    ]

    static let types: Set<String> = ["null", "boolean", "integer", "number", "string", "array", "object"]

    private static func look(at schema: JSON, _ place: String, in root: JSON, depth: Int) throws(Fault) {
        guard depth < Self.deepest else { throw Fault(place: place, what: "schemas lie too deep within each other") }
        if case .bool = schema { return }
        guard case .object(let members) = schema else {
            throw Fault(place: place, what: "a schema is an object, true or false")
        }
        for (name, value) in members {
            let here = "\(place)/\(Self.escaped(name))"
            guard let form = Self.forms[name] else {
                throw Fault(place: here, what: "there is no keyword \(PlainText.line(name, limit: 40)) in this version")
            }
            try Self.look(at: value, as: form, here, in: root, depth)
        }
        if let draft = members["$schema"]?.string, !draft.contains("//json-schema.org/") {
            throw Fault(place: "\(place)/$schema", what: "only drafts of json-schema.org are known")
        }
        if let step = members["multipleOf"]?.double, step <= 0 {
            throw Fault(place: "\(place)/multipleOf", what: "it is not more than 0")
        }
        for name in members["patternProperties"]?.memberNames ?? [] where !PatternRule.holds(name) {
            throw Fault(
                place: "\(place)/patternProperties",
                what: "\(PlainText.line(name, limit: 60)) is no \(PatternRule.words)"
            )
        }
    }

    private static func look(
        at value: JSON,
        as form: Form,
        _ place: String,
        in root: JSON,
        _ depth: Int
    ) throws(Fault) {
        func require(_ fits: Bool, _ what: String) throws(Fault) {
            if !fits { throw Fault(place: place, what: "it is no \(what)") }
        }
        switch form {
        case .value: return
        case .schema: try Self.look(at: value, place, in: root, depth: depth + 1)
        case .schemas:
            try require(value.elements.map { !$0.isEmpty } ?? false, "list of schemas")
            for (index, part) in (value.elements ?? []).enumerated() {
                try Self.look(at: part, "\(place)/\(index)", in: root, depth: depth + 1)
            }
        case .schemaMap:
            try require(value.isObject, "object of schemas")
            for name in value.memberNames {
                let part = value[name] ?? .null
                try Self.look(at: part, "\(place)/\(Self.escaped(name))", in: root, depth: depth + 1)
            }
        case .count:
            try require(value.double.map { 0...1e9 ~= $0 && $0 == $0.rounded() } ?? false, "count up to 1000000000")
        case .number: try require(value.double != nil, "number")
        case .flag: try require(value == true || value == false, "truth value")
        case .text: try require(value.string != nil, "text")
        case .pattern: try require(value.string.map(PatternRule.holds) ?? false, PatternRule.words)
        case .texts: try require(value.elements?.allSatisfy { $0.string != nil } ?? false, "list of texts")
        case .textsMap:
            let lists = value.memberNames.map { value[$0]?.elements?.allSatisfy { $0.string != nil } ?? false }
            try require(value.isObject && lists.allSatisfy(\.self), "object of lists of texts")
        case .values: try require(value.elements != nil, "list")
        case .types:
            let names = value.string.map { [$0] } ?? value.elements?.compactMap(\.string) ?? []
            try require(!names.isEmpty && names.allSatisfy(Self.types.contains), "type, nor a list of types")
        case .reference:
            let target = value.string.flatMap { Self.target(of: $0, in: root) }
            try require(target != nil, "reference to a part of this schema, such as #/$defs/name")
        }
    }

    /// The part of the schema that a reference such as `#/$defs/name` names.
    static func target(of reference: String, in root: JSON) -> JSON? {
        guard reference.hasPrefix("#") else { return nil }
        if reference == "#" { return root }
        guard reference.hasPrefix("#/") else { return nil }
        var part: JSON? = root
        for name in reference.dropFirst(2).split(separator: "/", omittingEmptySubsequences: false) {
            let name = Self.unescaped(String(name))
            part = part?[name] ?? Int(name).flatMap { part?[$0] }
        }
        return part
    }

    static func escaped(_ name: String) -> String {
        name.split(separator: "~", omittingEmptySubsequences: false).joined(separator: "~0")
            .split(separator: "/", omittingEmptySubsequences: false).joined(separator: "~1")
    }

    private static func unescaped(_ name: String) -> String {
        var plain = ""
        var rest = name[...]
        while let first = rest.first {
            if first == "~", let next = rest.dropFirst().first, next == "0" || next == "1" {
                plain.append(next == "0" ? "~" : "/")
                rest = rest.dropFirst(2)
            } else if first == "%", let byte = UInt8(rest.dropFirst().prefix(2), radix: 16), byte < 0x80 {
                plain.unicodeScalars.append(Unicode.Scalar(byte))
                rest = rest.dropFirst(3)
            } else {
                plain.append(first)
                rest = rest.dropFirst()
            }
        }
        return plain
    }
}

extension JSON {
    /// The number, whole or not.
    var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        case .null, .bool, .string, .array, .object: nil
        }
    }
}
