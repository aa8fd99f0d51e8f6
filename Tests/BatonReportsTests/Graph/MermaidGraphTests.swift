import BatonCore
import Testing

@testable import BatonReports

@Suite struct MermaidGraphTests {
    private static func lines(_ plan: Plan) -> [Substring] {
        MermaidGraph.text(GraphDrawing(plan, file: "p"), drawsAll: false).text.split(separator: "\n")
    }

    @Test func `a plan is a flowchart with a subgraph for each layer and thick links on the critical path`() {
        let lines = Self.lines(GraphTests.diamond)
        #expect(lines.first == "flowchart LR")
        #expect(lines.contains("%% Tea #38; #34;cake#34;"))
        #expect(lines.contains("subgraph L2[\"layer 2#58; 2 tasks #40;widest#41;\"]"))
        #expect(lines.contains("  t1[\"b<br/>do b<br/>2 h 0 min\"]"))
        #expect(lines.filter { $0.contains("==>") } == ["t0 ==> t2", "t2 ==> t3"])
        #expect(lines.filter { $0.contains("-->") } == ["t0 --> t1", "t1 --> t3"])
        // Links are counted from 0 in the order in which they stand.
        #expect(lines.contains { $0.hasPrefix("linkStyle 1,3 ") })
        #expect(lines.contains("class t0,t2,t3 critical"))
        #expect(lines.contains { $0.contains("legend_critical[\"critical path, 7 h 0 min by estimates\"]") })
        #expect(lines.count { $0.hasPrefix("subgraph ") } == lines.count { $0 == "end" })
    }

    @Test func `a run has a class and a legend for each state that occurs`() throws {
        let text = MermaidGraph.text(GraphDrawing(try GraphTests.run()), drawsAll: false).text
        for state in GraphState.allCases {
            let occurs = [.completed, .failed, .running, .skipped].contains(state)
            #expect(text.contains("classDef \(state.rawValue) fill:") == occurs)
            #expect(text.contains("legend_\(state.rawValue)[") == occurs)
        }
        #expect(text.contains("t1[\"b<br/>do b<br/>failed, 4.0 s, w\"]:::failed"))
    }

    private static let hostile = [
        "say \"hi\"] --> x[\"y", "%%{init: {\"theme\":\"dark\"}}%%", "</script><script>alert(1)</script>", "a\nend\nb",
        "#quot;#35;", "&quot;", "a;b", "x{y}|z|", "\\\"", "t0:::failed", "a\r\n%% b", "click t0 \"javascript:x\"",
    ]

    @Test(arguments: hostile)
    func `nothing in a label can end it`(words: String) {
        let escaped = MermaidGraph.escaped(words)
        #expect(!escaped.contains { "\"[]{}<>|&%\\\n\r'=".contains($0) })
        // A # begins a code and nothing else, and a semicolon ends one.
        #expect(escaped.replacing(/#[0-9]+;/, with: "").allSatisfy { $0 != "#" && $0 != ";" })
        var plan = GraphTests.diamond
        plan.title = words
        plan.tasks[1].description = words
        let usual = Self.lines(GraphTests.diamond)
        let lines = Self.lines(plan)
        // Only the comment and the one label have changed.
        #expect(lines.count == usual.count)
        #expect(zip(lines, usual).count { $0 != $1 } <= 2)
    }

    @Test(arguments: [
        ("**bold**", "∗∗bold∗∗"), ("`code`", "ˋcodeˋ"), ("~~gone~~", "∼∼gone∼∼"), ("_x_", "ˍxˍ"),
        ("in_word", "in_word"),
        ("$$x$$", "#36;＄x#36;＄"), ("http://a.b", "http∶#47;#47;a.b"), ("fa:fa-ban", "fa∶fa-ban"),
        ("[a](b)", "#91;a#93;（b#41;"), ("www.a.b", "www․a.b"), ("a@b.c", "a﹫b.c"), ("ﬂ°°60¶ß", "fl°°60⁋ß"),
        ("日本語", "日本語"), ("1. a", "1#46; a"), ("- a", "#45; a"),
    ])
    func `what Mermaid would read as Markdown or as a code of its own is shown by twins`(words: String, shown: String) {
        #expect(MermaidGraph.escaped(words) == shown)
    }

    @Test func `what a page would refuse to draw is drawn as layers`() {
        // 500 tasks, and more than 500 links: Mermaid stops at those.
        let plan = GraphTests.plan(
            (0..<60).map { number in
                GraphTests.task(TaskID("t\(number)"), after: (0..<number).suffix(20).map { TaskID("t\($0)") })
            }
        )
        let drawing = GraphDrawing(plan, file: "p")
        #expect(drawing.linkCount > 500)
        let (text, isCut) = MermaidGraph.text(drawing, drawsAll: false)
        #expect(isCut)
        #expect(text.contains("b0 --> b1"))
        #expect(!text.contains("t0["))
        #expect(!MermaidGraph.text(drawing, drawsAll: true).isCut)
        #expect(!DotGraph.text(drawing, drawsAll: false).isCut)
        // Few links, but more characters than Mermaid takes.
        var wordy = GraphTests.large(499, width: 499)
        for index in wordy.tasks.indices { wordy.tasks[index].description = String(repeating: "\"", count: 48) }
        #expect(MermaidGraph.text(GraphDrawing(wordy, file: "p"), drawsAll: false).isCut)
    }
}
