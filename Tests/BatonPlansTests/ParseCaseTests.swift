import BatonCore
import BatonPlans
import Testing

/// Cases 26 to 47: texts that are no tree of values.
struct ParseCaseTests {
    @Test(arguments: Self.both + Self.json + Self.encodings + Self.yaml)
    func `a text that is no plan is refused at its place`(_ text: RefusedText) throws { try text.check() }

    private static func json(
        _ number: Int,
        _ code: String,
        _ line: Int,
        _ column: Int,
        _ message: String,
        _ text: String
    ) -> RefusedText {
        RefusedText(number, code, line, column, message, text, name: "plan.json")
    }

    private static let both: [RefusedText] = [
        Self.json(26, "parse.empty", 1, 1, "no content", ""),
        RefusedText(26, "parse.empty", 1, 1, "no content", ""),
        Self.json(27, "parse.empty", 1, 1, "no content", " \n\t\r\n"),
        RefusedText(27, "parse.empty", 1, 1, "no content", " \n\t\r\n"),
        RefusedText(27, "parse.empty", 1, 1, "no content", "# only a comment\n"),
    ]

    private static let json: [RefusedText] = [
        Self.json(28, "parse.trailing_comma", 1, 7, "remove the comma", #"{"a":1,}"#),
        Self.json(28, "parse.trailing_comma", 2, 7, "before ']'", "{\n\"a\":[1,]}"),
        Self.json(
            29,
            "parse.duplicate_key",
            2,
            1,
            "\"a\" is here twice, first at 1:2; remove one",
            "{\"a\":1,\n\"a\":2}"
        ),
        Self.json(30, "parse.comment", 1, 2, "JSON has no comments", "{// x\n}"),
        Self.json(30, "parse.comment", 1, 10, "YAML", #"{"a": 1} # x"#),
        Self.json(31, "parse.depth", 1, 65, "more than 64 deep", String(repeating: "[", count: 513)),
        Self.json(31, "parse.depth", 1, 65, "flatten them", String(repeating: "[", count: 100_000)),
        Self.json(34, "parse.escape", 1, 8, "half of a surrogate pair", #"{"a": "\ud800"}"#),
        Self.json(38, "parse.control_char", 1, 16, "U+0000", #"{"project_id": "a\u0000"}"#),
        Self.json(
            39,
            "parse.number",
            1,
            7,
            "100000 characters; 400 is the most",
            "{\"a\": \(String(repeating: "9", count: 100_000))}"
        ),
        Self.json(40, "plan.range", 1, 24, "is -0.0", #"{"agents":[{"priority":-0}]}"#),
        Self.json(40, "plan.range", 1, 32, "is inf", #"{"estimated_duration_minutes": 1E400}"#),
        Self.json(40, "parse.number", 1, 7, "without 'x'", #"{"a": 0x1F}"#),
        Self.json(41, "parse.trailing_text", 1, 4, "more text after the end", "{} {}"),
        Self.json(0, "parse.syntax", 1, 6, "a value is expected here; did you mean true?", #"{"a":tru}"#),
        Self.json(0, "parse.control_char", 1, 8, "raw control character 10", "{\"a\": \"\n\"}"),
    ]

    private static let encodings: [RefusedText] = [
        RefusedText(35, "parse.encoding", 2, 4, "byte 0xFF", bytes: Array("a: b\nc: ".utf8) + [0xFF]),
        RefusedText(35, "parse.encoding", 1, 2, "byte 0xC0", bytes: Array("{".utf8) + [0xC0, 0xAF], name: "p.json"),
        RefusedText(34, "parse.encoding", 1, 1, "byte 0xED", bytes: [0xED, 0xA0, 0x80, 0x20]),
        RefusedText(36, "parse.encoding", 1, 1, "UTF-16", bytes: [0xFF, 0xFE, 0x7B, 0, 0x7D, 0]),
        RefusedText(36, "parse.encoding", 1, 1, "UTF-16", bytes: [0xFE, 0xFF, 0, 0x7B, 0, 0x7D]),
        RefusedText(36, "parse.encoding", 1, 1, "UTF-16", bytes: [0x7B, 0, 0x7D, 0], name: "p.json"),
        RefusedText(36, "parse.encoding", 1, 1, "UTF-32", bytes: [0xFF, 0xFE, 0, 0, 0x7B, 0, 0, 0]),
        RefusedText(36, "parse.encoding", 1, 1, "UTF-32", bytes: [0, 0, 0xFE, 0xFF, 0, 0, 0, 0x7B]),
        RefusedText(36, "parse.encoding", 1, 1, "UTF-32", bytes: [0, 0, 0, 0x7B], name: "p.json"),
        RefusedText(38, "parse.control_char", 1, 14, "NUL", bytes: Array("project_id: a".utf8) + [0]),
        RefusedText(38, "parse.control_char", 2, 3, "NUL", bytes: Array("{\n  ".utf8) + [0], name: "p.json"),
        RefusedText(38, "parse.control_char", 2, 4, "U+0007", "a: b\nc: \u{7}"),
        RefusedText(38, "parse.control_char", 1, 13, "U+0000", #"project_id: "a\0""#),
    ]

    private static let yaml: [RefusedText] = [
        RefusedText(
            29,
            "parse.duplicate_key",
            3,
            1,
            "\"title\" is here twice, first at 1:1",
            "title: a\nstaffing: x\ntitle: b\n"
        ),
        RefusedText(
            29,
            "parse.duplicate_key",
            1,
            8,
            "\"a\" is here twice, first at 1:2",
            "{a: 1, \"a\": 2}",
            name: "p.yml"
        ),
        RefusedText(
            29,
            "parse.duplicate_key",
            3,
            4,
            "\"b\" is here twice, first at 2:4",
            "x:\n - b: 1\n   b: 2\ny: 1\n"
        ),
        RefusedText(
            31,
            "parse.depth",
            1,
            65,
            "more than 64 deep",
            String(repeating: "[", count: 513) + String(repeating: "]", count: 513)
        ),
        RefusedText(31, "parse.depth", 1, 1, "deep", String(repeating: "[", count: 100_000)),
        RefusedText(31, "parse.depth", 1, 3997, "deep", String(repeating: "{a: ", count: 100_000)),
        RefusedText(31, "parse.depth", 1, 1999, "deep", String(repeating: "- ", count: 100_000)),
        RefusedText(
            47,
            "parse.depth",
            1,
            1,
            "flatten",
            String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000)
        ),
        RefusedText(34, "parse.escape", 1, 11, "escape", #"title: "\ud800""#),
        RefusedText(39, "parse.number", 1, 4, "100000 characters", "a: \(String(repeating: "9", count: 100_000))"),
        RefusedText(
            41,
            "parse.many_documents",
            2,
            1,
            "a second document begins here",
            "project_id: a\n---\nproject_id: b\n"
        ),
        RefusedText(43, "parse.aliases_not_allowed", 1, 4, "an anchor", Self.bomb),
        RefusedText(43, "parse.aliases_not_allowed", 1, 4, "an anchor", Self.bomb + "? *i\n: x\n"),
        RefusedText(43, "parse.aliases_not_allowed", 2, 4, "an anchor", "z: {\"x*\": 1, x_: 1}\n" + Self.bomb),
        RefusedText(43, "parse.aliases_not_allowed", 2, 2, "an anchor", "{\"x*\": 1, x_: 1, y:\n &a [*a]}"),
        RefusedText(43, "parse.aliases_not_allowed", 1, 4, "an anchor", "a: &x 1\n"),
        RefusedText(43, "parse.aliases_not_allowed", 1, 4, "alias", "a: *x\n"),
        RefusedText(44, "parse.aliases_not_allowed", 1, 4, "an anchor", "a: &a [*a]\n"),
        RefusedText(44, "parse.aliases_not_allowed", 1, 1, "an anchor", "&a a: *a\n"),
        RefusedText(45, "parse.tags_not_allowed", 1, 4, "a tag", "a: !!python/object:os.system ls\n"),
        RefusedText(45, "parse.tags_not_allowed", 1, 4, "a tag", "a: !mine {b: c}\n"),
        RefusedText(45, "parse.tags_not_allowed", 1, 4, "a tag", "a: !!str \"x\"\n"),
        RefusedText(45, "parse.tags_not_allowed", 2, 1, "a tag", "a: 1\n!!str b: x\n"),
        RefusedText(45, "parse.tags_not_allowed", 1, 4, "a tag", "a: !x!y z\n"),
        RefusedText(0, "parse.syntax", 1, 1, "where a key is expected", "[a, b]: c\n"),
        RefusedText(0, "parse.syntax", 1, 1, "where a key is expected", "[a]: c\n[a]: d\n"),
        RefusedText(0, "parse.syntax", 1, 3, "where a key is expected", "? {a: b}\n: c\n"),
        RefusedText(0, "parse.syntax", 2, 1, "indent with spaces", "a:\n\tb: c\n"),
        RefusedText(0, "parse.syntax", 1, 5, "put the text in quotes", "a: b: c\n"),
        RefusedText(0, "parse.syntax", 2, 1, "close the quotes", "a: \"b\n"),
    ]

    /// Nine anchors, each a list of nine of the one before.
    private static let bomb = "abcdefghi".map { name in
        let before = name == "a" ? "x" : "*" + String(UnicodeScalar((name.asciiValue ?? 98) - 1))
        return "\(name): &\(name) [\(Array(repeating: before, count: 9).joined(separator: ","))]\n"
    }.joined()

    @Test(arguments: ["plan.json", "plan.yml", "plan"])
    func `a byte order mark is accepted`(_ name: String) {
        let text = [0xEF, 0xBB, 0xBF] + Array(SmallPlan.json.utf8)
        let reading = PlanFile.read(bytes: text, name: name)
        #expect(reading.plan?.id == "p")
        #expect(reading.diagnostics.isEmpty)
    }

    @Test func `columns count scalars, also behind a byte order mark`() throws {
        let text = [0xEF, 0xBB, 0xBF] + Array("{\"é😀\":1,}".utf8)
        let finding = try #require(PlanFile.read(bytes: text, name: "p.json").diagnostics.first)
        #expect(finding.place == SourcePlace(line: 1, column: 8))
        let yaml = PlanFile.read(bytes: Array("é😀: 1\n".utf8), name: "p.yml").diagnostics.last
        #expect(yaml?.place?.column == 1)
        let flow = PlanFile.read(bytes: Array("{é😀: 1, z: !a b}\n".utf8), name: "p.yml").diagnostics.first
        #expect(flow?.place == SourcePlace(line: 1, column: 12))
    }

    @Test func `the format follows the ending, else the first character`() {
        #expect(PlanFile.read(bytes: Array(SmallPlan.json.utf8), name: "plan").plan != nil)
        #expect(PlanFile.read(bytes: Array(SmallPlan.yaml.utf8), name: "plan").plan != nil)
        #expect(PlanFile.read(bytes: Array("{a: 1}".utf8), name: "plan").diagnostics.first?.code == "parse.syntax")
        #expect(
            PlanFile.read(bytes: Array(SmallPlan.yaml.utf8), name: "plan.JSON").diagnostics.first?.code
                == "parse.syntax"
        )
    }

    @Test func `stars and ampersands in texts are no aliases`() {
        let text = SmallPlan.with("description: |\n  **R & D** &x *y\ntitle: \"*a &b\"")
        let reading = PlanFile.read(bytes: Array(text.utf8), name: "plan.yml")
        #expect(reading.diagnostics.isEmpty)
        #expect(reading.plan?.description == "**R & D** &x *y\n")
    }

    @Test func `a double is named even where stars and ampersands stand`() throws {
        let text = SmallPlan.with("description: \"R & D **x**\"\ntitle: a\ntitle: b")
        let finding = try #require(PlanFile.read(bytes: Array(text.utf8), name: "plan.yml").diagnostics.first)
        #expect(finding.code == "parse.duplicate_key")
        #expect(finding.place == SourcePlace(line: 6, column: 1))
    }
}
