import BatonCore
import Testing

@testable import BatonReports

/// Whatever a text holds, a report shows it as text (cases 96 and 97 of the reliability list).
@Suite struct HostileReportTests {
    private static func page(_ text: String) throws -> String {
        let report = try ReportScene.troubled(text)
        return HTMLReport.page(report, ReportScene.sources(report))
    }

    private static func hasControl(_ text: String) -> Bool {
        text.unicodeScalars.contains { scalar in
            (scalar.value < 0x20 && scalar != "\n" && scalar != "\t") || (0x7F..<0xA0).contains(scalar.value)
                || (0x200B...0x200F).contains(scalar.value) || (0x202A...0x202E).contains(scalar.value)
        }
    }

    @Test func `two hundred hostile texts add no element and no attribute, and nothing leads out of the page`() throws {
        #expect(HostileTexts.all.count >= 200)
        var twins: [String: TagSkeleton] = [:]
        for text in HostileTexts.all {
            let page = try Self.page(text)
            #expect(!Self.hasControl(page), "\(text)")
            let skeleton = TagSkeleton(page)
            #expect(skeleton.faults == [], "\(text)")
            // A harmless text as long, with line breaks where that one has them.
            let twin = String(text.map { $0.isNewline ? "\n" : "x" })
            let harmless = try twins[twin] ?? TagSkeleton(Self.page(twin))
            twins[twin] = harmless
            #expect(skeleton.tags == harmless.tags, "\(text)")
            for (name, value) in skeleton.values { Self.expectHarmless(name, value, text) }
        }
    }

    // Places that a browser acts on hold our own words only.
    private static func expectHarmless(_ name: String, _ value: String, _ text: String) {
        switch name {
        case "href": #expect(value.hasPrefix("#") && !value.contains("/"), "\(text): \(value)")
        case "id", "class", "content", "name", "datetime", "d":
            #expect(!value.contains("evil") && !value.contains("alert"), "\(text): \(name) \(value)")
        default:
            let acts = name.hasPrefix("on") || ["style", "src", "srcset", "action", "data", "fill"].contains(name)
            #expect(!acts, "\(text): \(name)")
        }
    }

    @Test func `the tokenizer of these tests sees what it is to see`() {
        let page = { (body: String) in "<!doctype html>\n<html lang=\"en\"><body>\(body)</body></html>" }
        #expect(TagSkeleton(page("<p>x</p>")).faults == [])
        for wrong in [
            "<p onclick=x>x</p>", "<script>", "</p>", "<p class=\"a\"b\">x</p>", "a > b", "<!-- x -->",
            "<p x='y'>x</p>",
        ] {
            #expect(TagSkeleton(page(wrong)).faults != [], "\(wrong)")
        }
        #expect(TagSkeleton(page("<p>x</p>")).tags != TagSkeleton(page("<p><b>x</b></p>")).tags)
    }

    @Test func `a fence is longer than any in what it holds`() throws {
        let lines = MarkdownText.block("a\n````\n```\nb", language: "text")
        #expect(lines.first == "`````text")
        #expect(lines.last == "`````")
        #expect(MarkdownText.code("a``b") == "```a``b```")
        #expect(MarkdownText.code("`a") == "`` `a ``")
    }

    @Test func `no hostile text is markup in Markdown`() throws {
        for text in HostileTexts.all {
            let report = try ReportScene.troubled(text)
            let markdown = MarkdownReport.text(report, ReportScene.sources(report))
            #expect(!Self.hasControl(markdown), "\(text)")
            for line in Self.linesOutsideFences(markdown) {
                let bare = Self.withoutEscapes(line)
                for sign in ["<", "![", "](", "://", "~~", "$"] {
                    #expect(!bare.contains(sign), "\(text): \(line)")
                }
            }
        }
    }

    // The lines that a renderer reads as Markdown.
    private static func linesOutsideFences(_ markdown: String) -> [Substring] {
        var fence: Substring?
        return markdown.split(separator: "\n", omittingEmptySubsequences: false).filter { line in
            let ticks = line.prefix { $0 == "`" }
            if let open = fence {
                if line == open { fence = nil }
                return false
            }
            guard ticks.count >= 3, !line.dropFirst(ticks.count).contains("`") else { return true }
            fence = ticks
            return false
        }
    }

    // A line without escaped signs and without code.
    private static func withoutEscapes(_ line: Substring) -> String {
        var bare = ""
        var rest = line
        while let first = rest.first {
            if first == "\\" {
                rest = rest.dropFirst(2)
                bare += "."
            } else if first == "`" {
                let ticks = rest.prefix { $0 == "`" }
                rest = rest.dropFirst(ticks.count)
                // Code ends at as many backticks, no more and no less.
                while !rest.isEmpty {
                    let run = rest.prefix { $0 == "`" }
                    rest = run.isEmpty ? rest.dropFirst() : rest.dropFirst(run.count)
                    if run.count == ticks.count { break }
                }
            } else {
                bare.append(first)
                rest = rest.dropFirst()
            }
        }
        return bare
    }

    @Test func `every text of the run can be read on the page`() throws {
        let report = try ReportScene.troubled(" unusual")
        let text = TagSkeleton(HTMLReport.page(report, ReportScene.sources(report))).text
        for words in [
            "T unusual", "d unusual", "r unusual", "W unusual", "o unusual", "t0 unusual", "do  unusual",
            "inner  unusual",
            "m unusual", "b unusual", "n unusual", "y unusual", "k unusual",
        ] {
            #expect(text.contains(words), "\(words)")
        }
    }

    @Test(
        arguments: [
            ("a *b* _c_", "a \\*b\\* \\_c\\_"), ("snake_case", "snake_case"), ("# x", "\\# x"), ("- x", "\\- x"),
            ("1. x", "1\\. x"), ("12) x", "12\\) x"), ("1.5 s", "1\\.5 s"), ("a | b", "a \\| b"),
            ("[x](y)", "\\[x\\](y)"),
            ("http://x", "http\\://x"), ("10:30", "10:30"), ("a & b", "a & b"), ("&lt;", "\\&lt;"), ("me@x", "me\\@x"),
            ("> x", "\\> x"), ("a\nb", "a\\\\nb"), ("<b>", "\\<b>"), ("`x`", "\\`x\\`"), ("www.x", "www\\.x"),
        ]
    )
    func `signs that mean something in Markdown stand behind a backslash`(text: String, escaped: String) {
        #expect(MarkdownText.escaped(text) == escaped)
    }

    @Test(
        arguments: [
            ("<a href=\"x\">", "&lt;a href=&quot;x&quot;&gt;"), ("it's", "it&#39;s"), ("a & b", "a &amp; b"),
            ("`", "&#96;"),
            ("\u{1B}[2J", "\\u{1b}[2J"), ("a\nb\tc", "a\nb\tc"), ("\u{0}", "\\u{0}"), ("plain", "plain"), ("é日", "é日"),
        ]
    )
    func `text in HTML is written with references, and controls are shown`(text: String, escaped: String) {
        #expect(HTMLWriter.escaped(text) == escaped)
    }
}
