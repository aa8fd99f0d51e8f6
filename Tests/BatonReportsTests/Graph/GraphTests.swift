import BatonCore
import Testing

@testable import BatonReports

@Suite struct GraphTests {
    static func task(_ id: TaskID, _ hours: Double = 1, after: [TaskID] = []) -> TaskSpec {
        var task = TaskSpec(id: id, description: "do \(id)", dependencies: after)
        task.estimatedHours = hours
        return task
    }

    static func plan(_ tasks: [TaskSpec]) -> Plan {
        var agent = AgentProfile(id: "w")
        agent.type = "function"
        agent.maxConcurrentTasks = 9
        var plan = Plan(id: "p", agents: [agent], tasks: tasks)
        plan.title = "Tea & \"cake\""
        return plan
    }

    static let diamond = plan([
        task("a"), task("b", 2, after: ["a"]), task("c", 5, after: ["a"]), task("d", after: ["b", "c"]),
    ])

    /// The diamond when a is done, b has failed and c is in hand.
    static func run() throws -> RunSheet {
        var plan = Self.diamond
        for index in plan.tasks.indices { plan.tasks[index].maxAttempts = 1 }
        let seed = RunSeed(run: RunID("r"), plan: plan, stored: .zero, seed: 1, mode: .real, engine: "test")
        var out = Emission()
        var now = Timestamp.zero
        var run = Run.create(seed, at: now, by: .engine, &out)
        func end(_ id: TaskID, _ result: StepResult) throws {
            try run.handle(.slots(9), at: now, by: .engine, &out)
            now = now + .seconds(4)
            let key = try #require(run.owed.keys.first { run.spec($0.task).id == id })
            try run.handle(.returned(key, result), at: now, by: .engine, &out)
        }
        try end("a", .done(.inline("fine"), .none))
        try end("b", .failed(Failure(.permanent, "exec.exit", "it failed", remedy: "look"), .none))
        return try #require(RunSheet(out.facts))
    }

    /// So many tasks, each layer of the given width waiting for one task of the layer before.
    static func large(_ count: Int, width: Int) -> Plan {
        Self.plan(
            (0..<count).map { number in
                Self.task(TaskID("t\(number)"), after: number < width ? [] : [TaskID("t\(number - width)")])
            }
        )
    }

    // MARK: The drawing

    @Test func `the states of tasks that look the same are drawn the same`() throws {
        let drawing = GraphDrawing(try Self.run())
        #expect(drawing.states == [.completed, .failed, .running, .skipped])
        #expect(drawing.occurringStates == [.running, .completed, .failed, .skipped])
        #expect(drawing.label(TaskIndex(0)) == ["a", "do a", "completed, 4.0 s, w"])
        #expect(drawing.label(TaskIndex(2)) == ["c", "do c", "running, w"])
        #expect(drawing.label(TaskIndex(3)) == ["d", "do d", "skipped"])
        #expect(drawing.criticalHeading == "critical path, 8.0 s measured so far")
        #expect(drawing.critical.source == .measured)
        #expect(GraphDrawing(Self.diamond, file: "p.yml").critical.source == .estimates)
    }

    @Test func `a run in which nothing has been measured falls back on estimates`() throws {
        let seed = RunSeed(run: RunID("r"), plan: Self.diamond, stored: .zero, seed: 1, mode: .real, engine: "test")
        var out = Emission()
        _ = Run.create(seed, at: .zero, by: .engine, &out)
        let drawing = GraphDrawing(try #require(RunSheet(out.facts)))
        #expect(drawing.critical.source == .estimates)
        #expect(drawing.critical.tasks.count == 3)
    }

    @Test func `every mark and every colour tells one state`() {
        #expect(Set(GraphState.allCases.map(\.mark)).count == GraphState.allCases.count)
        #expect(Set(GraphState.allCases.map(\.colours.fill)).count == GraphState.allCases.count)
        #expect(GraphState.allCases.allSatisfy { TextWidth.of($0.mark) == 1 })
    }

    @Test func `bands hold every layer once and are few however long the graph is`() {
        for (count, width) in [(1, 1), (59, 1), (61, 1), (100_000, 1), (1000, 7), (1000, 1000)] {
            let bands = GraphDrawing(Self.large(count, width: width), file: "p").bands
            #expect(bands.count <= GraphBand.most)
            #expect(bands.reduce(0) { $0 + $1.tasks } == count)
            #expect(zip(bands, bands.dropFirst()).allSatisfy { $0.layers.upperBound == $1.layers.lowerBound })
            #expect(bands.allSatisfy { $0.width <= min(width, count) })
        }
    }

    // MARK: Text

    private static func plain(_ drawing: GraphDrawing, columns: Int = 80, all: Bool = false) -> [String] {
        TextGraph.lines(drawing, columns: columns, drawsAll: all).lines.map(\.plain)
    }

    @Test func `a plan as text has its layers, its critical path and its longest chain`() {
        #expect(
            Self.plain(GraphDrawing(Self.diamond, file: "p.yml")) == [
                "Tea & \"cake\"", "4 tasks in 3 layers, at most 2 side by side (layer 2)", "",
                "layer 1, 1 task:", "  a*", "layer 2, 2 tasks side by side (the widest):", "  b  c*",
                "layer 3, 1 task:", "  d*", "", "critical path, 7 h 0 min by estimates:", "  a → c → d",
                "longest chain, 3 tasks:", "  a → b → d", "", "* on the critical path",
            ]
        )
    }

    @Test func `a run as text marks states without colour too`() throws {
        let lines = Self.plain(GraphDrawing(try Self.run()))
        #expect(lines.contains("  ✗ b*  ▶ c") || lines.contains("  ✗ b  ▶ c*"))
        #expect(lines.last == "▶ running  ✓ completed  ✗ failed  - skipped  * on the critical path")
    }

    @Test func `no line is wider than the terminal, and no name is lost`() {
        let plan = Self.large(300, width: 60)
        for columns in [20, 40, 80, 200] {
            let lines = Self.plain(GraphDrawing(plan, file: "p"), columns: columns)
            let lists = lines.filter { $0.hasPrefix("  ") }
            #expect(lists.allSatisfy { TextWidth.of($0) <= columns })
            let names = lists.joined(separator: " ").split(separator: " ").map { $0.replacing("*", with: "") }
            #expect(Set(names).isSuperset(of: (0..<300).map { "t\($0)" }))
        }
    }

    @Test func `over 500 tasks are counted in layers unless all are wanted`() {
        let drawing = GraphDrawing(Self.large(501, width: 3), file: "p")
        let (lines, isCut) = TextGraph.lines(drawing, columns: 80, drawsAll: false)
        #expect(isCut)
        #expect(lines.count < 100)
        #expect(lines.contains { $0.plain.hasPrefix("layers 1 to 3, 9 tasks, at most 3 side by side") })
        #expect(lines.contains { $0.plain.contains("… 155 more …") })
        let all = TextGraph.lines(drawing, columns: 80, drawsAll: true)
        #expect(!all.isCut)
        #expect(all.lines.contains { $0.plain.contains("t500") })
        #expect(
            !TextGraph.lines(GraphDrawing(Self.large(500, width: 3), file: "p"), columns: 80, drawsAll: false).isCut
        )
    }

    @Test(.timeLimit(.minutes(30)))
    func `a chain of a hundred thousand tasks is no quadratic work`() {
        let drawing = GraphDrawing(Self.large(100_000, width: 1), file: "p")
        #expect(TextGraph.lines(drawing, columns: 80, drawsAll: true).lines.count > 200_000)
        #expect(MermaidGraph.text(drawing, drawsAll: true).text.utf8.count > 5_000_000)
        #expect(DotGraph.text(drawing, drawsAll: true).text.utf8.count > 5_000_000)
    }

    @Test func `hostile words reach a terminal as words`() {
        var plan = Self.diamond
        plan.title = "a\u{1B}[2Jb\u{7}"
        plan.tasks[0].id = "x\u{1B}]0;t\u{7}"
        let lines = Self.plain(GraphDrawing(plan, file: "p"))
        #expect(lines.allSatisfy { $0.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F } })
    }
}
