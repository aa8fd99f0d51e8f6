import BatonCore
import Testing

/// What a JSON Schema takes, and what is said of the rest.
@Suite struct JSONSchemaTests {
    private static let article: JSON = [
        "type": "object", "required": ["title", "score"], "additionalProperties": false,
        "properties": [
            "title": ["type": "string", "minLength": 3, "maxLength": 20],
            "score": ["type": "number", "minimum": 0, "maximum": 1],
            "tags": ["type": "array", "items": ["enum": ["law", "art"]], "uniqueItems": true, "maxItems": 2],
            "next": ["$ref": "#"],
        ],
    ]

    @Test func `a value of the form has no faults`() throws {
        let schema = try JSONSchema(Self.article)
        let value: JSON = ["title": "Tea", "score": 0.5, "tags": ["law"], "next": ["title": "Cups", "score": 1]]
        #expect(schema.faults(of: value).isEmpty)
    }

    @Test func `each fault says where it is and what is wanted`() throws {
        let schema = try JSONSchema(Self.article)
        let value: JSON = ["title": "T", "score": 2, "tags": ["law", "law", "war"], "more": 1, "next": ["title": 7]]
        #expect(
            schema.faults(of: value) == [
                "/title: has 1 characters, fewer than 3", "/score: is more than 1",
                "/tags: has 3 elements, more than 2",
                "/tags: has an element twice", "/tags/2: is none of \"law\", \"art\"",
                "the value: has more, which is not among its members", "/next: lacks score",
                "/next/title: is an integer, not string",
            ]
        )
        #expect(schema.faults(of: "words") == ["the value: is a string, not object"])
        #expect(schema.faults(of: value, most: 2).count == 2)
    }

    @Test func `of several kinds the nearest is told`() throws {
        let schema = try JSONSchema([
            "anyOf": [["type": "object", "required": ["a", "b"]], ["type": "object", "required": ["c"]]]
        ])
        #expect(schema.faults(of: [:]) == ["the value: is of none of 2 kinds", "the value: lacks c"])
    }

    @Test(
        arguments: [
            (["unevaluatedItems": false], "at /unevaluatedItems: there is no keyword unevaluatedItems in this version"),
            (["typ": "object"], "at /typ: there is no keyword typ in this version"),
            (7, "a schema is an object, true or false"),
            (["properties": ["a": ["type": "text"]]], "at /properties/a/type: it is no type, nor a list of types"),
            (
                ["$ref": "https://example.com/x"],
                "at /$ref: it is no reference to a part of this schema, such as #/$defs/name"
            ),
            (["$ref": "#/$defs/x"], "at /$ref: it is no reference to a part of this schema, such as #/$defs/name"),
            (
                ["pattern": "("],
                "at /pattern: it is no pattern that can be read: it is none, looks or refers back, or is too long"
            ),
            (["multipleOf": 0], "at /multipleOf: it is not more than 0"),
            (["minLength": -1], "at /minLength: it is no count up to 1000000000"),
            (["anyOf": []], "at /anyOf: it is no list of schemas"),
        ] as [(JSON, String)]
    )
    func `a schema that says what is not known is refused with the place`(schema: JSON, fault: String) {
        do throws(JSONSchema.Fault) {
            _ = try JSONSchema(schema)
            Issue.record("it was taken")
        } catch {
            #expect(error.description == fault)
        }
    }

    @Test(
        arguments: [
            ["pattern": "(a?){900}c"], ["not": ["pattern": "(a?){900}c"]],
            ["if": ["pattern": "(a?){900}c"], "then": false], ["anyOf": [["pattern": "(a?){900}c"], true]],
        ] as [JSON]
    )
    func `a text that is too long for a pattern is not taken, whatever stands around the pattern`(schema: JSON) throws {
        let text = JSON.string(String(repeating: "a", count: 30_000))
        let faults = try JSONSchema(schema).faults(of: text)
        #expect(faults.contains { $0.contains("too long to be held against (a?){900}c") })
    }

    @Test func `references that go round end`() throws {
        let round = try JSONSchema([
            "$ref": "#/$defs/a", "$defs": ["a": ["$ref": "#/$defs/b"], "b": ["$ref": "#/$defs/a"]],
        ])
        #expect(round.faults(of: 1) == ["the value: lies too deep to be looked at"])
        var deep: JSON = 1
        for _ in 0..<200 { deep = ["next": deep] }
        let schema = try JSONSchema(["properties": ["next": ["$ref": "#"]]])
        #expect(!schema.faults(of: deep).isEmpty)
        var nested: JSON = true
        for _ in 0..<100 { nested = ["not": nested] }
        #expect(throws: JSONSchema.Fault.self) { try JSONSchema(nested) }
    }

    @Test func `kinds of kinds end, however many ways there are through them`() throws {
        let kids: JSON = ["type": "array", "items": ["$ref": "#"]]
        let kinds = ["and", "or"].map { kind -> JSON in
            ["properties": ["kids": kids, "kind": ["const": .string(kind)]], "required": ["kind"]]
        }
        let schema = try JSONSchema(["oneOf": .array(kinds)])
        var value: JSON = ["kind": "or"]
        for _ in 0..<40 { value = ["kids": [value], "kind": "or"] }
        #expect(!schema.faults(of: value).isEmpty)
        let round = try JSONSchema(["anyOf": [["$ref": "#"], ["$ref": "#"]]])
        #expect(!round.faults(of: ["a": 1]).isEmpty)
        #expect(JSONSample.value(of: round, seed: 1) == nil)
    }

    @Test(arguments: [
        "a{2000}", "(a{1000}){1000}", "((((){1000}){1000}){1000}){1000}", "(?<=a)b", "(a)\\1", "(?i)a", "a**", "[b-a]",
        "\\q",
    ])
    func `a pattern that cannot be read, or is too long, is refused`(pattern: String) {
        #expect(throws: JSONSchema.Fault.self) { try JSONSchema(["pattern": .string(pattern)]) }
    }

    @Test(arguments: ["^[a-z+*(|]+$", "^(ab)+c?$", "^(foo|bar)$", "\\d{4}-\\d{2}", "^\\(x\\)*$"])
    func `a pattern that ends is taken`(pattern: String) throws {
        _ = try JSONSchema(["pattern": .string(pattern)])
    }

    @Test(
        arguments: [
            ["minLength": 1e19], ["maxLength": 1e300], ["minItems": 1e300], ["minProperties": 2_000_000_000],
        ] as [JSON]
    )
    func `a count that no value has is refused`(schema: JSON) {
        #expect(throws: JSONSchema.Fault.self) { try JSONSchema(schema) }
    }

    @Test(
        arguments: [
            ["type": "string", "minLength": 999_999_999], ["type": "array", "minItems": 999_999_999],
            ["type": "object", "minProperties": 999_999_999],
            ["type": "string", "pattern": "^(((a{900}))b{900}c{900})$"],
        ] as [JSON]
    )
    func `no sample is made of what is too large`(schema: JSON) throws {
        #expect(JSONSample.value(of: try JSONSchema(schema), seed: 1) == nil)
    }

    // MARK: Samples

    @Test(
        arguments: [
            article, true, [:], ["type": "integer", "minimum": 3, "maximum": 3], ["const": ["a": 1]],
            ["type": "string", "pattern": "^[A-Z]{2,3}-\\d{4}(x|yz)?$"],
            ["type": "number", "exclusiveMinimum": 0, "maximum": 0.001],
            ["type": "number", "multipleOf": 0.25, "minimum": 1, "maximum": 2],
            ["type": "array", "minItems": 3, "uniqueItems": true, "items": ["type": "string"]],
            [
                "type": "array", "prefixItems": [["const": 1], ["type": "null"]], "minItems": 2, "items": false,
                "maxItems": 2,
            ],
            ["type": ["null", "boolean"]],
            ["oneOf": [["type": "string", "maxLength": 2], ["type": "integer", "minimum": 5]]],
            [
                "allOf": [["required": ["a"], "properties": ["a": ["type": "integer"]]], ["required": ["b"]]],
                "type": "object",
            ],
            ["type": "object", "minProperties": 3, "additionalProperties": ["type": "boolean"]],
            ["type": "string", "format": "date", "minLength": 10],
            ["not": ["type": "string"], "type": ["string", "null"]],
            [
                "if": ["properties": ["a": ["const": 1]], "required": ["a"]], "then": ["required": ["b"]],
                "type": "object",
            ],
            [
                "$defs": [
                    "tree": [
                        "type": "object", "required": ["kids"],
                        "properties": ["kids": ["type": "array", "items": ["$ref": "#/$defs/tree"]]],
                    ]
                ], "$ref": "#/$defs/tree",
            ],
        ] as [JSON]
    )
    func `a sample is of the form, repeatable, and not always the same`(schema: JSON) throws {
        let schema = try JSONSchema(schema)
        var found: Set<JSON> = []
        for seed in 0..<40 {
            let sample = try #require(JSONSample.value(of: schema, seed: UInt64(seed)))
            #expect(schema.faults(of: sample).isEmpty)
            #expect(JSONSample.value(of: schema, seed: UInt64(seed)) == sample)
            found.insert(sample)
        }
    }

    @Test func `what no value fits has no sample`() throws {
        #expect(JSONSample.value(of: try JSONSchema(["type": "integer", "not": ["type": "integer"]]), seed: 1) == nil)
    }
}
