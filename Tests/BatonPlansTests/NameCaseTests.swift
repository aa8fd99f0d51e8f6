import BatonCore
import BatonPlans
import Foundation
import Testing

/// Cases 49 to 59 and 65: names that are more than names.
struct NameCaseTests {
    private static let refused: [(String, String)] = [
        ("../../x", "it has the character '/'"), ("/etc/passwd", "'/'"), ("a/../../b", "'/'"), ("a%2f..%2fb", "'%'"),
        ("%252e%252e", "'%'"), (".", "it begins with ."), ("..", "it begins with ."), ("", "it is empty"),
        (" ", "the character space"), ("a b", "the character space"),
        (String(repeating: "x", count: 4096), "it has 4096 bytes"), ("-rf", "it begins with -"),
        ("--upload-pack=x", "'='"), ("$(id)", "'$'"), ("`id`", "'`'"), ("a;b", "';'"), ("a|b", "'|'"),
        ("a\\nb", "U+000A"), ("#(touch x)", "'#'"), ("#{pane_id}", "'#'"), ("a.b:c", "':'"),
        ("a\\u202eb", "U+202E"), ("a\\u200bb", "U+200B"), ("\\u0430bc", "U+0430"), ("HEAD", "git keeps HEAD"),
        ("head", "git keeps HEAD"), ("@", "'@'"), ("refs/heads/x", "'/'"), ("x.lock", "ends with .lock"),
        ("X.LOCK", "ends with .lock"), ("a..b", "it has .."), ("a.", "it ends with ."),
    ]

    @Test(arguments: Self.refused)
    func `a name that could be more than a name is refused`(_ name: String, _ why: String) throws {
        let text = SmallPlan.tasks("- {task_id: \"\(name)\"}")
        let findings = PlanFile.read(bytes: Array(text.utf8), name: "plan.yml").diagnostics
        let finding = try #require(findings.first)
        #expect(findings.count == 1)
        #expect(finding.code == "name.invalid")
        #expect(finding.place == SourcePlace(line: 4, column: 15))
        #expect(finding.message.contains(why), "\(finding.message)")
        #expect(finding.remedy.contains("1 to 128 of A-Z a-z 0-9"))
    }

    @Test(arguments: [
        "__proto__", "constructor", "a.b_c-d", "HEADS", "a.locks", "0", String(repeating: "x", count: 128),
    ])
    func `plain names pass, whatever they mean elsewhere`(_ name: String) {
        #expect(SmallPlan.errors(SmallPlan.tasks("- {task_id: \"\(name)\"}")).isEmpty)
    }

    @Test func `names that other tools would fold together stay apart`() {
        #expect(SmallPlan.errors(SmallPlan.tasks("- {task_id: a.b}", "- {task_id: a_b}")).isEmpty)
    }

    @Test(arguments: Self.refused.map(\.0) + ["__proto__", "a.b_c-d", "HEADS", "heads.lock.x", "a-", "_"])
    func `the published pattern says the same as the rule`(_ name: String) throws {
        let plain = name.replacing("\\n", with: "\n").replacing("\\u202e", with: "\u{202e}")
            .replacing("\\u200b", with: "\u{200b}").replacing("\\u0430", with: "\u{430}")
        let pattern = try NSRegularExpression(pattern: NameRule.pattern)
        let range = NSRange(plain.startIndex..., in: plain)
        #expect((pattern.firstMatch(in: plain, range: range) != nil) == (NameRule.fault(of: plain) == nil))
    }
}
