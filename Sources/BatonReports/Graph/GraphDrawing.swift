package import BatonCore

/// The graph of a plan or of a run with its layers, its critical path and its states, before it has a format.
package struct GraphDrawing: Sendable {
    /// What it is drawn from.
    package enum Subject: Hashable, Sendable {
        case plan(file: String)
        case run(RunID)
    }

    /// More tasks than this are drawn as layers with counts, unless all are asked for.
    package static let mostTasks = 500

    package let subject: Subject
    package let title: String
    package let graph: PlanGraph
    package let layers: PlanGraph.Layers
    package let critical: CriticalPath
    package let longest: CriticalPath
    let tasks: [TaskSpec]
    /// The tasks that others come from without being needed by them.
    let sources: [TaskIndex: TaskIndex]
    /// How each task stands; nil for a plan.
    let states: [GraphState]?
    /// The exact words of the states; nil for a plan.
    let stateWords: [String]?
    private let goesOn: Bool
    private let details: [String]
    private let criticalSuccessor: [Int32?]

    /// Draws a plan, with its own estimates.
    package init(_ plan: Plan, file: String) {
        self.init(
            .plan(file: file),
            plan,
            PlanGraph(plan.tasks),
            { CriticalPath.byEstimates(plan.tasks, $0) },
            nil,
            nil,
            goesOn: false,
            plan.tasks.map { SpanText.of(.seconds(fraction: $0.estimatedHours * 3600)) }
        )
    }

    /// Draws a run as it stands, with what its attempts have taken; by estimates before there is anything to measure.
    package init(_ sheet: RunSheet) {
        let plan = sheet.run.plan
        let (graph, sources) = Self.tree(of: sheet.run)
        self.init(
            .run(sheet.run.id),
            plan,
            graph,
            { graph in
                let measured = CriticalPath.byMeasuredTimes(of: sheet)
                return measured.tasks.isEmpty ? CriticalPath.byEstimates(plan.tasks, graph) : measured
            },
            sheet.run.tasks.map { GraphState($0.state) },
            sheet.run.tasks.map(\.state.word),
            goesOn: !sheet.run.isEnded,
            sheet.run.tasks.indices.map { Self.detail(of: $0, in: sheet) },
            sources
        )
    }

    // What was handed on, proves something, or was planned on the way comes below the task that it comes from.
    private static func tree(of run: Run) -> (PlanGraph, [TaskIndex: TaskIndex]) {
        let sources = run.sources
        guard !sources.isEmpty else { return (run.graph, [:]) }
        var tasks = run.plan.tasks
        for (task, source) in sources { tasks[task.offset].dependencies.append(tasks[source.offset].id) }
        let graph = PlanGraph(tasks)
        return graph.cycle() == nil ? (graph, sources) : (run.graph, [:])
    }

    private init(
        _ subject: Subject,
        _ plan: Plan,
        _ graph: PlanGraph,
        _ critical: (PlanGraph) -> CriticalPath,
        _ states: [GraphState]?,
        _ stateWords: [String]?,
        goesOn: Bool,
        _ details: [String],
        _ sources: [TaskIndex: TaskIndex] = [:]
    ) {
        self.sources = sources
        self.subject = subject
        self.title = plan.title
        self.tasks = plan.tasks
        self.graph = graph
        self.layers = graph.layers()
        self.critical = critical(graph)
        self.longest = CriticalPath.bySteps(graph)
        self.states = states
        self.stateWords = stateWords
        self.goesOn = goesOn
        self.details = details
        var successor = [Int32?](repeating: nil, count: graph.count)
        for (task, next) in zip(self.critical.tasks, self.critical.tasks.dropFirst()) {
            successor[task.offset] = next.value
        }
        self.criticalSuccessor = successor
    }

    private static func detail(of offset: Int, in sheet: RunSheet) -> String {
        let word = sheet.run.tasks[offset].state.word
        guard let last = sheet.attempts[offset].last else { return word }
        // What an attempt in hand has taken, only the clock could tell.
        let span = last.endedAt.map { ", \(SpanText.of(last.span(at: $0)))" } ?? ""
        return "\(word)\(span), \(last.agent)"
    }

    // MARK: One task

    func id(_ task: TaskIndex) -> String { self.tasks[task.offset].id.text }

    /// What a node says: identifier, description, and the estimate or the state.
    func label(_ task: TaskIndex) -> [String] {
        let description = PlainText.line(self.tasks[task.offset].description, limit: 48)
        return [self.id(task)] + (description.isEmpty ? [] : [description]) + [self.details[task.offset]]
    }

    func state(_ task: TaskIndex) -> GraphState? { self.states?[task.offset] }

    /// Whether a link is a piece of the critical path.
    func isCritical(_ from: TaskIndex, _ to: TaskIndex) -> Bool { self.criticalSuccessor[from.offset] == to.value }

    /// Calls back for every link, in plan order.
    func eachLink(_ body: (_ from: TaskIndex, _ to: TaskIndex) -> Void) {
        for offset in 0..<self.graph.count {
            for to in self.graph.dependents[TaskIndex(offset)] { body(TaskIndex(offset), TaskIndex(Int(to))) }
        }
    }

    package var linkCount: Int {
        (0..<self.graph.count).reduce(0) { $0 + self.graph.dependents[TaskIndex($1)].count }
    }

    // MARK: Words

    /// The states that occur, in the order of ``GraphState``; empty for a plan.
    var occurringStates: [GraphState] {
        guard let states = self.states else { return [] }
        let seen = Set(states)
        return GraphState.allCases.filter(seen.contains)
    }

    /// `layer 3, 4 tasks side by side (the widest)`.
    func heading(ofLayer layer: Int) -> String {
        let count = self.layers.rows[layer].count
        return "layer \(layer + 1), " + CountText.of(count, "task") + (count > 1 ? " side by side" : "")
            + (layer == self.layers.widest && self.layers.rows.count > 1 ? " (the widest)" : "")
    }

    /// `critical path, 7 h by estimates`; of a run that goes on, what was measured so far.
    var criticalHeading: String {
        let source = self.critical.source == .measured ? "measured\(self.goesOn ? " so far" : "")" : "by estimates"
        return "critical path, \(SpanText.of(self.critical.duration)) \(source)"
    }
}
