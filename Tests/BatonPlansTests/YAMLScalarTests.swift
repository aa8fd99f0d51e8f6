import BatonCore
import Testing

@testable import BatonPlans

/// Case 46: one meaning for a scalar, whatever YAML version its writer had in mind.
struct YAMLScalarTests {
    @Test(arguments: [
        "yes", "no", "on", "off", "NO", "True", "TRUE", "False", "Null", "NULL", "017", "0o17", "0x1F", "1:30", "1_000",
        "+1", ".5", "1.", "-", "--1", "1e", "2024-01-15", "2024-01-15T09:00:00Z", ".INF", "1.2.3", "0b1", "=", "<<",
    ])
    func `what looks like a value elsewhere is a text`(_ text: String) throws {
        guard case .string(text)? = YAMLScalar.kind(ofPlain: text) else {
            Issue.record("\(text) is no text")
            return
        }
    }

    @Test(arguments: [
        ("", JSON.null), ("~", .null), ("null", .null), ("true", true), ("false", false), ("0", 0), ("-7", -7),
        ("9223372036854775807", 9_223_372_036_854_775_807), ("0.5", 0.5), ("-1e3", -1000.0), ("1E+2", 100.0),
        ("9223372036854775808", 9223372036854775808.0), ("-0", .number(-0.0)),
    ])
    func `values are what JSON would read`(_ text: String, _ value: JSON) throws {
        let kind = try #require(YAMLScalar.kind(ofPlain: text))
        #expect(JSON(SourceNode(kind, at: SourcePlace(line: 1, column: 1))) == value)
    }

    @Test(arguments: [".inf", "-.inf", ".nan", "1e400"])
    func `numbers that are not finite reach the validator`(_ text: String) throws {
        guard case .number(let value)? = YAMLScalar.kind(ofPlain: text) else {
            Issue.record("\(text) is no number")
            return
        }
        #expect(!value.isFinite)
    }

    @Test func `quoted and block scalars are texts`() throws {
        let text = "a: \"1\"\nb: 'true'\nc: |\n  null\nd: >-\n  5\ne:\nf: no\n1: x\n"
        let node = try YAMLReader.read(Array(text.utf8), depth: 64)
        let value = try #require(JSON(node))
        #expect(
            value == ["a": "1", "b": "true", "c": "null\n", "d": "5", "e": nil, "f": "no", "1": "x"]
        )
    }

    @Test func `JSON read as YAML is the same tree`() throws {
        let bytes = Array(SmallPlan.json.utf8)
        #expect(JSON(try YAMLReader.read(bytes, depth: 64)) == JSON(try JSONReader.read(bytes, depth: 64)))
    }

    @Test func `places of YAML and JSON agree`() throws {
        let text = "{\"é\": 1,\n \"b\": [2,\n\n 3]}"
        let yaml = try YAMLReader.read(Array(text.utf8), depth: 64)
        let json = try JSONReader.read(Array(text.utf8), depth: 64)
        for path in [PlanPath(.name("é")), PlanPath(.name("b")), PlanPath(.name("b"), .index(1)), .root] {
            #expect(path.place(in: yaml) == path.place(in: json))
            #expect(path.name.place(in: yaml) == path.name.place(in: json))
        }
    }
}
