package import BatonCore

/// The plan form as JSON Schema 2020-12, made from the tables that the reader itself uses.
///
/// The reader takes `null` for any key that may be left out, as YAML writes an empty value; the schema does not, so
/// that editors point at values that were forgotten.
package enum PlanSchema {
    package static let identifier = "urn:baton:plan:1"

    package static func document() -> JSON {
        var parts: [(String, JSON)] = [
            ("$schema", "https://json-schema.org/draft/2020-12/schema"),
            ("$id", .string(Self.identifier)),
            ("title", "Baton plan"),
            ("description", "Who there is and what is to be done: the file that `baton run` takes."),
        ]
        parts += Self.object(.plan)
        parts.append(("$defs", .members(Self.definitions.map { ($0.name, .members(Self.object($0.keys))) })))
        return .members(parts)
    }

    // Objects that other tables name, in the order in which a reader meets them.
    private static let definitions: [(name: String, keys: PlanKeys)] = [
        ("scheduling", .scheduling), ("agent", .agent), ("limits", .agentLimits), ("task", .task),
        ("subtask", .subtask), ("retry", .retry), ("ceo_oversight", .oversight),
        ("escalation_criteria", .escalation), ("success_criteria", .successCriteria), ("budget", .budget),
        ("defaults", .defaults),
    ]

    private static func object(_ keys: PlanKeys) -> [(String, JSON)] {
        let required = keys.keys.filter(\.isRequired).map { JSON.string($0.name) }
        var parts: [(String, JSON)] = [
            ("type", "object"),
            ("properties", .members(keys.keys.map { ($0.name, Self.property($0)) })),
        ]
        if !required.isEmpty { parts.append(("required", .array(required))) }
        parts.append(("additionalProperties", false))
        return parts
    }

    private static func property(_ key: PlanKeys.Key) -> JSON {
        .members([("description", .string(key.text))] + Self.form(key.form))
    }

    private static func form(_ form: PlanForm) -> [(String, JSON)] {
        switch form {
        case .text(let most): [("type", "string"), ("maxLength", .integer(Int64(most)))]
        case .name: [("type", "string"), ("pattern", .string(NameRule.pattern))]
        case .word(let words): [("type", "string"), ("enum", .array(words.map { .string($0) }))]
        case .integer(let range):
            [
                ("type", "integer"), ("minimum", .integer(range.lowerBound)),
                ("maximum", .integer(range.upperBound)),
            ]
        case .number(let range, let excludingLowest):
            [
                ("type", "number"),
                (excludingLowest ? "exclusiveMinimum" : "minimum", Self.number(range.lowerBound)),
                ("maximum", Self.number(range.upperBound)),
            ]
        case .bool: [("type", "boolean")]
        case .date: [("type", "string"), ("pattern", .string(Self.datePattern))]
        case .duration:
            [
                (
                    "anyOf",
                    [
                        ["type": "number", "exclusiveMinimum": 0, "maximum": 31_536_000],
                        ["type": "string", "pattern": .string(PlanDuration.pattern)],
                    ]
                )
            ]
        case .amount: [("type", "number"), ("minimum", 0), ("maximum", 1_000_000_000_000)]
        case .list(let element, let most):
            [("type", "array"), ("items", .members(Self.form(element))), ("maxItems", .integer(Int64(most)))]
        case .map(let value):
            [
                ("type", "object"), ("propertyNames", ["minLength": 1, "maxLength": 200]),
                ("additionalProperties", .members(Self.form(value))),
            ]
        case .object(let keys): Self.reference(keys)
        case .lines(let most):
            [("anyOf", .array([["type": "string"], .members(Self.form(.list(PlanKeys.line, atMost: most)))]))]
        case .lineOr(let keys): [("anyOf", .array([["type": "string"], .members(Self.object(keys))]))]
        case .anything: []
        }
    }

    private static func reference(_ keys: PlanKeys) -> [(String, JSON)] {
        guard let definition = Self.definitions.first(where: { $0.keys.noun == keys.noun }) else {
            return Self.object(keys)
        }
        return [("$ref", .string("#/$defs/\(definition.name)"))]
    }

    private static func number(_ value: Double) -> JSON {
        Int64(exactly: value).map { .integer($0) } ?? .number(value)
    }

    private static let datePattern =
        #"^[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:[0-9]{2})?)?$"#
}
