import BatonCore
import Testing

@testable import BatonReports

@Suite struct ReportPictureTests {
    private static func drawn(_ draw: (inout HTMLWriter) -> Void) -> TagSkeleton {
        var page = HTMLWriter()
        page.doctype()
        draw(&page)
        return TagSkeleton(page.html)
    }

    @Test func `the Gantt chart has a bar for each attempt, failed ones and people's apart`() throws {
        let report = try ReportScene.troubled("x")
        let chart = Self.drawn { GanttChart(report).draw(on: &$0) }
        let bars = chart.values.filter { $0.name == "class" && $0.value.hasPrefix("bar") }.map(\.value)
        #expect(bars.count == report.statistics.attempts)
        #expect(bars.filter { $0 == "bar failed" }.count == 2)
        #expect(bars.filter { $0.hasSuffix(" person") }.count == 2)
        #expect(chart.text.contains("Gantt chart of the attempts"))
    }

    @Test func `nothing is drawn beside the axis, whatever a journal says of times`() {
        let endless = Duration.microseconds(Int64.max)
        for span in [Duration.zero, Duration.microseconds(Int64(1)), Duration.seconds(5), endless] {
            let axis = TimeAxis(span: span, left: 10, width: 100)
            #expect(axis.x(.zero) == "10.0")
            #expect(axis.x(endless) == (span == .zero ? "10.0" : "110.0"))
            #expect(axis.x(.seconds(-9)) == "10.0")
            #expect(axis.width(from: endless, to: .zero) == "2.0")
            #expect(axis.ticks.count <= 9)
        }
    }

    @Test(
        arguments: [
            (Duration.milliseconds(3500), ["0", "500 ms", "1000 ms"]), (.seconds(6), ["0", "1 s", "2 s"]),
            (.seconds(200), ["0", "30 s", "60 s"]), (.seconds(3 * 3600), ["0", "30 min", "60 min"]),
            (.seconds(86_400 * 30), ["0", "5 d", "10 d"]),
        ]
    )
    func `the axis is marked at round times`(span: Duration, first: [String]) {
        #expect(Array(TimeAxis(span: span, left: 0, width: 100).ticks.prefix(3).map(\.name)) == first)
    }

    @Test func `an agent's lane tells how much of what it can have in hand it had`() throws {
        let report = try ReportScene.large(200, width: 20, agents: 2)
        let bins = BusyBins(report)
        let spans = bins.spans(of: AgentIndex(0))
        #expect(!spans.isEmpty)
        #expect(spans.allSatisfy { (1...BusyBins.levels).contains($0.level) && $0.from < $0.to })
        // It does one task after the other: busy from end to end.
        let busy = spans.reduce(Duration.zero) { $0 + ($1.to - $1.from) }
        #expect(busy > report.elapsed * 9 / 10)
        #expect(bins.spans(of: AgentIndex(9)).isEmpty)
    }

    @Test func `the graph has a node for each task and a link for each wait, none behind a node`() throws {
        let report = try ReportScene.large(12, width: 4)
        let layout = GraphLayout(GraphDrawing(report.sheet))
        #expect(layout.spots.count == 12)
        #expect(layout.links.count == 8)
        for (left, one) in layout.spots.enumerated() {
            #expect(one.spot.x >= 0 && one.spot.x + GraphLayout.node.width <= layout.width)
            #expect(one.spot.y >= 0 && one.spot.y + GraphLayout.node.height <= layout.height)
            for other in layout.spots[(left + 1)...] where other.spot.x == one.spot.x {
                #expect(abs(other.spot.y - one.spot.y) >= GraphLayout.node.height)
            }
        }
    }

    @Test func `a link over several layers takes a lane that no task stands in`() {
        let tasks = [
            TaskSpec(id: "a"), TaskSpec(id: "b", dependencies: ["a"]), TaskSpec(id: "c", dependencies: ["b"]),
            TaskSpec(id: "d", dependencies: ["a", "c"]),
        ]
        let layout = GraphLayout(GraphDrawing(Plan(id: "p", agents: [], tasks: tasks), file: "f"))
        #expect(layout.links.count == 4)
        let long = layout.links.filter { $0.path.contains("H") }
        #expect(long.count == 1)
        let heights = long.flatMap { $0.path.matches(of: /\ (\d+)H/).compactMap { Int($0.1) } }
        #expect(heights.count == 2)
        for (height, column) in zip(heights, [1, 2]) {
            let spot = layout.spots[column].spot
            #expect(height < spot.y || height > spot.y + GraphLayout.node.height)
        }
    }

    @Test func `many tasks are drawn as layers with counts`() throws {
        let report = try ReportScene.large(300, width: 100)
        let picture = GraphPicture(report)
        #expect(!picture.isDetailed)
        let drawn = Self.drawn { page in
            picture.draw(on: &page)
            picture.list(on: &page)
        }
        #expect(drawn.text.contains("layer 3, 100 tasks side by side"))
        #expect(drawn.text.contains("100 completed"))
    }

    @Test func `a run that has not begun to work has a report in every format`() throws {
        let stage = ReportScene.Stage(Plan(id: "p", agents: [AgentProfile(id: "w")], tasks: [TaskSpec(id: "a")]))
        let report = try #require(RunReport(stage.facts, at: stage.now))
        let sources = ReportScene.sources(report)
        let text = TagSkeleton(HTMLReport.page(report, sources)).text
        for words in [
            "Nothing so far.", "Nobody has done anything yet.", "No attempt has started yet.", "there is no result",
            "No person was asked",
        ] {
            #expect(text.contains(words), "\(words)")
        }
        #expect(MarkdownReport.text(report, sources).contains("No attempt has started yet."))
        #expect(JSONReport.value(report, sources)["statistics"]?["parallelism"] == .null)
    }

    @Test func `the chart in signs shows attempts, failed ones and waiting for people`() throws {
        let lines = TextGantt(try ReportScene.troubled("x")).lines(limit: 30)
        #expect(lines.count == 8)
        #expect(lines[1].contains("▒") && lines[1].contains("█") && lines[1].contains("✓"))
        #expect(lines.contains { $0.contains("░") && $0.contains("?") })
        let few = TextGantt(try ReportScene.large(50, width: 10)).lines(limit: 30)
        #expect(few.count == 33)
        #expect(few.last == "… and 20 tasks that took less")
    }
}
