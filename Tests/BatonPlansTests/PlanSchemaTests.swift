import BatonCore
import BatonPlans
import Foundation
import OrderedCollections
import Testing

/// The published schema and the reader come from the same tables and stay together.
struct PlanSchemaTests {
    private struct Entry: Sendable, CustomTestStringConvertible {
        let definition: String?
        let keys: PlanKeys
        var testDescription: String { self.definition ?? "plan" }
    }

    private static let entries: [Entry] = [
        Entry(definition: nil, keys: .plan), Entry(definition: "scheduling", keys: .scheduling),
        Entry(definition: "agent", keys: .agent), Entry(definition: "limits", keys: .agentLimits),
        Entry(definition: "task", keys: .task), Entry(definition: "subtask", keys: .subtask),
        Entry(definition: "retry", keys: .retry), Entry(definition: "ceo_oversight", keys: .oversight),
        Entry(definition: "escalation_criteria", keys: .escalation),
        Entry(definition: "success_criteria", keys: .successCriteria), Entry(definition: "budget", keys: .budget),
        Entry(definition: "defaults", keys: .defaults),
    ]

    @Test(arguments: Self.entries)
    private func `every key of the tables is in the schema, and a value for it is accepted`(_ entry: Entry) throws {
        let document = PlanSchema.document()
        let schema = try #require(entry.definition.map { document["$defs"]?[$0] } ?? document)
        #expect(schema["additionalProperties"] == false)
        #expect(schema["required"]?.elements ?? [] == entry.keys.keys.filter(\.isRequired).map { .string($0.name) })
        guard case .object(let properties)? = schema["properties"] else {
            Issue.record("no properties")
            return
        }
        #expect(Array(properties.keys) == entry.keys.keys.map(\.name))
        for key in entry.keys.keys {
            #expect(properties[key.name]?["description"]?.string == key.text)
            var validator = PlanValidator()
            validator.validate(SourceNode(Self.sample(of: key.form)), as: key.form, at: .root)
            #expect(validator.diagnostics.isEmpty, "\(key.name)")
        }
    }

    private static func sample(of form: PlanForm) -> JSON {
        switch form {
        case .text, .name: "x"
        case .word(let words): .string(words[0])
        case .integer(let range): .integer(range.upperBound)
        case .number(let range, _): .number(range.upperBound)
        case .bool: true
        case .date: "2026-11-21T09:00:00"
        case .duration: "15m"
        case .amount: 1
        case .list(let element, _): [Self.sample(of: element)]
        case .map(let value): ["x": Self.sample(of: value)]
        case .object(let keys):
            .members(keys.keys.filter(\.isRequired).map { ($0.name, Self.sample(of: $0.form)) })
        case .lines: ["x", "y"]
        case .lineOr(let keys): Self.sample(of: .object(keys))
        case .anything: ["x": [1, nil]]
        }
    }

    @Test func `the schema says its dialect, its name and every rule of a number`() throws {
        let document = PlanSchema.document()
        #expect(document["$schema"] == "https://json-schema.org/draft/2020-12/schema")
        #expect(document["$id"] == "urn:baton:plan:1")
        #expect(document["properties"]?["tasks"]?["items"]?["$ref"] == "#/$defs/task")
        let task = try #require(document["$defs"]?["task"]?["properties"])
        #expect(task["min_agreement"]?["exclusiveMinimum"] == 0)
        #expect(task["min_agreement"]?["maximum"] == 1)
        #expect(task["priority"]?["minimum"] == 1)
        #expect(task["task_id"]?["pattern"]?.string == NameRule.pattern)
        #expect(task["pattern"]?["enum"]?.elements?.count == 5)
    }

    @Test func `the schema gives the scale of skills and preferences, and says of every key what it means`() throws {
        for entry in Self.entries { for key in entry.keys.keys { #expect(key.text.count > 8, "\(key.name)") } }
        let agent = try #require(PlanSchema.document()["$defs"]?["agent"]?["properties"])
        let text = try #require(agent["skill_levels"]?["description"]?.string)
        #expect(text.contains("5 to 8 is competent") && text.contains("9 to 10 is expert"))
        for key in ["skill_levels", "preferences"] {
            #expect(agent[key]?["additionalProperties"]?["minimum"] == 1)
            #expect(agent[key]?["additionalProperties"]?["maximum"] == 10)
        }
    }

    @Test func `every reference of the schema leads somewhere`() throws {
        let document = PlanSchema.document()
        for match in document.description.matches(of: /"\$ref":"#\/\$defs\/([a-z_]+)"/) {
            #expect(document["$defs"]?[String(match.output.1)] != nil)
        }
    }

    @Test(arguments: ["90s", "1.5h", "15m", "2d", "0x10s", "infs", "1e3s", "-1s", "s", "1 h"])
    func `the pattern of durations says the same as the reader`(_ text: String) throws {
        let matches =
            try NSRegularExpression(pattern: PlanDuration.pattern)
            .firstMatch(in: text, range: NSRange(text.startIndex..., in: text)) != nil
        #expect(matches == (PlanDuration.read(SourceNode(.string(text))) != nil))
    }

    private static let samplePath = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../../../shared/samples/healthcare_blockchain_compressed.json").standardized.path

    @Test(.enabled(if: FileManager.default.fileExists(atPath: Self.samplePath), "the seed's sample is not at hand"))
    func `the sample plan of the first seed is valid`() throws {
        let reading = PlanFile.read(path: Self.samplePath)
        #expect(!reading.hasErrors, "\(reading.diagnostics.map(\.line))")
        #expect(reading.plan?.tasks.isEmpty == false)
    }
}
