import BatonCore
import BatonEngine
import Testing

@testable import BatonReports

@Suite struct HTMLReportTests {
    private static func page(_ report: RunReport) -> String { HTMLReport.page(report, ReportScene.sources(report)) }

    // MARK: The page

    @Test func `the page has all its parts, in their order`() throws {
        let page = Self.page(try ReportScene.troubled("x"))
        let wanted =
            [
                "<html lang=\"en\">", "<meta charset=\"utf-8\">", "Content-Security-Policy", "name=\"viewport\"",
                "<title>Tx, run rx",
                "<header>", "<h1>Tx</h1>", "What failed", "What took longest", "Who did most", "What next", "<nav ",
                "<main>",
            ]
            + ["results", "graph", "gantt", "agents", "failures", "timeline", "decisions", "figures"].map {
                "<section id=\"\($0)\">"
            }
            + ["</main>", "<footer>"]
        var rest = page[...]
        for words in wanted {
            guard let found = rest.firstRange(of: words) else {
                Issue.record("\(words) is not there, or not in its place")
                continue
            }
            rest = rest[found.upperBound...]
        }
    }

    @Test func `no script, no font, no picture and no address of another place is in the page`() throws {
        let skeleton = TagSkeleton(Self.page(try ReportScene.troubled("x")))
        #expect(skeleton.faults == [])
        let names = Set(skeleton.tags.map(\.name))
        for name in [
            "script", "link", "img", "iframe", "object", "embed", "form", "input", "base", "image", "use",
            "foreignObject",
        ] {
            #expect(!names.contains(name))
        }
        #expect(skeleton.tags.count { $0.name == "style" } == 1)
        #expect(skeleton.tags.filter { $0.name == "svg" }.allSatisfy { $0.attributes.contains("role") })
        #expect(skeleton.tags.count { $0.name == "svg" } == 2)
        #expect(skeleton.tags.count { $0.name == "desc" } == 2)
        #expect(skeleton.tags.filter { $0.name == "th" }.allSatisfy { $0.attributes.contains("scope") })
    }

    @Test func `the policy of the page names the hash of its one style sheet`() throws {
        let page = Self.page(try ReportScene.troubled("x"))
        let start = try #require(page.firstRange(of: "<style>")).upperBound
        let sheet = page[start..<(try #require(page.firstRange(of: "</style>"))).lowerBound]
        let hash = Self.base64(HashChain.digest(of: Array(sheet.utf8)).bytes)
        #expect("\(PageStyle.hash)" == "sha256-\(hash)", "put this into PageStyle.hash: sha256-\(hash)")
        let policy = try #require(
            TagSkeleton(page).values.first { $0.name == "content" && $0.value.contains("default-src") }
        )
        #expect(policy.value.hasPrefix("default-src &#39;none&#39;; style-src &#39;sha256-"))
        #expect(!policy.value.contains("unsafe"))
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let signs = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        var text = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let part = bytes[start..<min(start + 3, bytes.count)]
            let word = part.enumerated().reduce(0) { $0 | Int($1.element) << (16 - 8 * $1.offset) }
            for place in 0...part.count { text.append(signs[word >> (18 - 6 * place) & 63]) }
            text += String(repeating: "=", count: 3 - part.count)
        }
        return text
    }

    @Test func `every link leads to a place of the page, and every place has its name once`() throws {
        for report in [try ReportScene.troubled("x"), try ReportScene.large(1000, width: 100)] {
            let values = TagSkeleton(Self.page(report)).values
            let ids = values.filter { $0.name == "id" }.map(\.value)
            #expect(Set(ids).count == ids.count)
            for link in values.filter({ $0.name == "href" }) { #expect(ids.contains(String(link.value.dropFirst()))) }
        }
    }

    @Test func `text is at least four and a half times as bright or as dark as what is behind it`() throws {
        let sheet = "\(PageStyle.sheet)"
        let themes = sheet.split(separator: ":root{", omittingEmptySubsequences: false).dropFirst().map {
            $0.prefix { $0 != "}" }
        }
        #expect(themes.count == 3, "light, dark and print")
        for theme in themes {
            let colours = Dictionary(
                theme.matches(of: /--([a-z]+):#([0-9a-f]{6})/).map { (String($0.1), Int($0.2, radix: 16) ?? 0) },
                uniquingKeysWith: { $1 }
            )
            for behind in ["back", "card"] {
                let back = Self.luminance(try #require(colours[behind]))
                for name in ["ink", "faint", "link", "good", "bad", "wait", "active"] {
                    let ink = Self.luminance(try #require(colours[name]))
                    let contrast = (max(ink, back) + 0.05) / (min(ink, back) + 0.05)
                    #expect(contrast >= 4.5, "\(name) on \(behind)")
                }
            }
        }
    }

    // The relative luminance of WCAG, with the power 2.4 taken as that of 12 fifths.
    private static func luminance(_ colour: Int) -> Double {
        let channels = [16, 8, 0].map { shift -> Double in
            let value = Double(colour >> shift & 255) / 255
            guard value > 0.03928 else { return value / 12.92 }
            let base = (value + 0.055) / 1.055
            var root = base
            for _ in 0..<40 { root -= (root * root * root * root * root - base) / (5 * root * root * root * root) }
            return base * base * root * root
        }
        return 0.2126 * channels[0] + 0.7152 * channels[1] + 0.0722 * channels[2]
    }

    // MARK: What a newcomer finds

    @Test func `the page says first what failed and why, what took longest, who did most and what to do`() throws {
        let parts = Glance(try ReportScene.troubled("x")).parts
        let text = { (part: Int) in parts[part].lines.map { $0.subject + $0.text } }
        #expect(text(0).first == "t1x failed: x. Because of it 1 task was skipped.")
        #expect(text(0).last?.hasPrefix("t0x had 1 failed attempt before it completed") == true)
        #expect(
            text(1).first?.hasPrefix("t4x: 1 min 5 s, waiting for Px") == true
                || text(1).first?.contains("waiting for Px") == true
        )
        #expect(text(2).first?.hasPrefix("Wx completed 3 of 7 tasks") == true)
        #expect(parts[3].lines.contains { $0.command == ["answer", "rx", "q2", "YOUR-ANSWER"] })
        #expect(parts[3].lines.contains { $0.subject == "Mend t1x" })
        #expect(parts[3].lines.last?.command == ["resume", "rx"])
        #expect(parts[0].lines.first?.place == .failure(0))
    }

    @Test func `a failure names its task, its message, the remedy, the causes, what it wrote and what followed`() throws
    {
        let text = TagSkeleton(Self.page(try ReportScene.troubled(" unusual"))).text
        for words in [
            "✗ failed", "What to do now unusual", "exec.exit", "another try gives the same",
            "Causes, the nearest first", "What it wrote to standard error",
            "Without a result because of it: t2 unusual",
        ] {
            #expect(text.contains(words), "\(words)")
        }
    }

    @Test func `a state is told by a sign and a word, never by colour alone`() throws {
        let text = TagSkeleton(Self.page(try ReportScene.troubled("x"))).text
        for words in ["✓ completed", "✗ failed", "- skipped", "? blocked"] { #expect(text.contains(words), "\(words)") }
    }

    @Test func `a rehearsal says so in every format`() throws {
        let report = try ReportScene.large(5, width: 2)
        let sources = ReportScene.sources(report)
        let page = HTMLReport.page(report, sources)
        #expect(page.contains("<title>REHEARSAL: "))
        #expect(page.contains("<p class=\"banner\">REHEARSAL: "))
        #expect(MarkdownReport.text(report, sources).contains("> REHEARSAL: "))
        #expect(JSONReport.value(report, sources)["rehearsal"] == true)
        let real = try ReportScene.troubled("x")
        #expect(!Self.page(real).contains("REHEARSAL"))
    }

    // MARK: Results

    @Test func `a long result is cut, and the page says how much and which command prints all`() throws {
        let report = try ReportScene.troubled("x")
        let long = (0..<5000).map { "line \($0)" }.joined(separator: "\n")
        let sources = ReportScene.sources(report, [TaskIndex(5): .string(long)])
        let page = HTMLReport.page(report, sources)
        #expect(page.contains("line 199\n") == false)
        #expect(page.contains("line 198"))
        #expect(!page.contains("line 4000"))
        #expect(page.contains("bytes are not shown; all of it: <code>baton show rx t5x</code>"))
        let markdown = MarkdownReport.text(report, sources)
        #expect(markdown.contains("line 58"))
        #expect(!markdown.contains("line 61\n"))
        #expect(JSONReport.value(report, sources)["tasks"]?[5]?["output"] == .string(long))
    }

    @Test func `a value that is no text is shown as indented JSON`() {
        let text = OutputText(["a": [1, "x\ny"], "empty": [], "none": nil], lines: 99, characters: 999)
        #expect(
            text.text == "{\n  \"a\": [\n    1,\n    \"x\\ny\"\n  ],\n  \"empty\": [],\n  \"none\": null\n}"
        )
        #expect(text.isJSON && text.cut == nil && text.lines == 8)
        let cut = OutputText(.string(String(repeating: "ä", count: 100)), lines: 9, characters: 10)
        #expect(cut.text == String(repeating: "ä", count: 10))
        #expect(cut.cut == "180 of 200 bytes are not shown")
    }

    @Test func `in Markdown a result for which there is no room is told by its first line and its length`() throws {
        let report = try ReportScene.troubled("x")
        let long: JSON = .string((0..<59).map { "line \($0)" }.joined(separator: "\n"))
        let sources = ReportScene.sources(report, [TaskIndex(5): long, TaskIndex(6): long])
        let markdown = MarkdownReport.text(report, sources)
        #expect(markdown.contains("### t5x\n"))
        #expect(!markdown.contains("### t6x\n"))
        #expect(markdown.contains("| t6x  | line 0 … (59 lines) "))
    }

    @Test func `the final results come first`() throws {
        let report = try ReportScene.troubled("x")
        #expect(report.results.map { report.id($0) } == ["t5x", "t6x", "t0x"])
    }

    // MARK: Large runs

    @Test func `ten thousand tasks are grouped and counted, in a page of less than five MiB`() throws {
        let report = try ReportScene.large(10_000, width: 500)
        let page = Self.page(report)
        #expect(page.utf8.count < 5 << 20)
        let skeleton = TagSkeleton(page)
        #expect(skeleton.faults == [])
        #expect(skeleton.tags.count < 20_000)
        // The results are one table, not fifty boxes.
        #expect(skeleton.tags.count { $0.name == "article" } <= 3)
        for words in [
            "load", "check", "send", "3334", "Tasks that took longest", "layer 20", "How busy each agent was",
        ] {
            #expect(skeleton.text.contains(words), "\(words)")
        }
        let markdown = MarkdownReport.text(report, ReportScene.sources(report))
        #expect(markdown.split(separator: "\n", omittingEmptySubsequences: false).count < 400)
    }
}
