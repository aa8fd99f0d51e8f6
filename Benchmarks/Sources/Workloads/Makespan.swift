import BatonEngine

/// How long reference graphs take on eight workers in our dispatch order, played by the engine in real time, and in
/// first-come order, reckoned without any overhead.
enum Makespan {
    private static let workers = 8
    private static let unit = Duration.milliseconds(10)

    static func measure() async throws {
        for graph in [Graph.cholesky(10), .chainBehindCrowd(), .layered(12, 20), .tree(256)] {
            let units = try await Self.play(graph)
            let first = graph.firstCome(workers: Self.workers)
            Measured.emit(
                "makespan \(graph.name)",
                graph.tasks.count,
                [
                    ("units", units), ("first_come_units", Double(first)),
                    ("bound_units", graph.bound(workers: Self.workers)),
                    ("ours_over_first_come", units / Double(first)),
                ]
            )
        }
    }

    /// The units that the engine takes, its own overhead among them.
    private static func play(_ graph: Graph) async throws -> Double {
        var worker = FunctionAgent("worker") { work in
            try await Task.sleep(for: Self.unit * work.task.estimatedHours)
            return true
        }
        worker.profile.maxConcurrentTasks = Self.workers
        let tasks = graph.tasks.enumerated().map { number, task in
            var spec = TaskSpec(id: TaskID("t\(number)"), dependencies: task.needs.map { TaskID("t\($0)") })
            spec.estimatedHours = Double(task.units)
            return spec
        }
        let (engine, plan) = (Engine(agents: [worker]), Plan(id: "makespan", agents: [worker.profile], tasks: tasks))
        return try await engine.running { engine in
            let start = ContinuousClock.now
            let outcome = try await engine.start(plan).outcome()
            guard outcome.end == .completed else { throw NotCompleted() }
            return (ContinuousClock.now - start) / Self.unit
        }
    }

    struct NotCompleted: Error {}
}

/// Tasks in plan order with their lengths; each needs only tasks before it.
struct Graph: Sendable {
    struct Node: Sendable {
        let units: Int
        let needs: [Int]
    }

    let name: String
    private(set) var tasks: [Node] = []

    private mutating func add(_ units: Int, _ needs: [Int?]) -> Int {
        self.tasks.append(Node(units: units, needs: Set(needs.compactMap { $0 }).sorted()))
        return self.tasks.count - 1
    }

    // MARK: Reference graphs

    /// The factorisation of a matrix of `size` times `size` tiles.
    static func cholesky(_ size: Int) -> Graph {
        var graph = Graph(name: "cholesky")
        var tile: [[Int?]] = Array(repeating: Array(repeating: nil, count: size), count: size)
        for step in 0..<size {
            tile[step][step] = graph.add(1, [tile[step][step]])
            for row in (step + 1)..<max(size, step + 1) {
                tile[row][step] = graph.add(3, [tile[row][step], tile[step][step]])
            }
            for row in (step + 1)..<max(size, step + 1) {
                for column in (step + 1)...row {
                    let length = row == column ? 3 : 6
                    tile[row][column] = graph.add(length, [tile[row][column], tile[row][step], tile[column][step]])
                }
            }
        }
        return graph
    }

    /// A hundred short tasks, and behind them in the plan a chain of twenty.
    static func chainBehindCrowd() -> Graph {
        var graph = Graph(name: "chain behind a crowd")
        for _ in 0..<100 { _ = graph.add(4, []) }
        var last: Int?
        for _ in 0..<20 { last = graph.add(3, [last]) }
        return graph
    }

    /// Layers of tasks of uneven length, each needing two of the layer before.
    static func layered(_ layers: Int, _ width: Int) -> Graph {
        var graph = Graph(name: "uneven layers")
        var state: UInt64 = 7
        func draw(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        var before: [Int] = []
        for _ in 0..<layers {
            before = (0..<width).map { _ in
                let needs = before.isEmpty ? [] : [before[draw(width)], before[draw(width)]]
                return graph.add(draw(10) == 0 ? 20 : 1 + draw(4), needs)
            }
        }
        return graph
    }

    /// Leaves that are merged in pairs.
    static func tree(_ leaves: Int) -> Graph {
        var graph = Graph(name: "merge tree")
        var row = (0..<leaves).map { graph.add(1 + $0 * 7 % 5, []) }
        while row.count > 1 {
            row = stride(from: 0, to: row.count - 1, by: 2).map { graph.add(2, [row[$0], row[$0 + 1]]) }
        }
        return graph
    }

    // MARK: What to compare with

    /// The longest chain, or all work divided by the workers: no order is shorter.
    func bound(workers: Int) -> Double {
        var ends = [Int](repeating: 0, count: self.tasks.count)
        for (number, task) in self.tasks.enumerated() {
            ends[number] = task.units + (task.needs.map { ends[$0] }.max() ?? 0)
        }
        return max(Double(ends.max() ?? 0), Double(self.tasks.reduce(0) { $0 + $1.units }) / Double(workers))
    }

    /// Whoever became ready first goes first; of those that became so together the first of the plan.
    func firstCome(workers: Int) -> Int {
        var open = self.tasks.map(\.needs.count)
        var dependents: [[Int]] = Array(repeating: [], count: self.tasks.count)
        for (number, task) in self.tasks.enumerated() { for need in task.needs { dependents[need].append(number) } }
        var queue = open.indices.filter { open[$0] == 0 }
        var running: [(end: Int, task: Int)] = []
        var now = 0
        while !queue.isEmpty || !running.isEmpty {
            while running.count < workers, !queue.isEmpty {
                let task = queue.removeFirst()
                running.append((now + self.tasks[task].units, task))
            }
            now = running.map(\.end).min() ?? now
            var ready: [Int] = []
            for (_, task) in running.filter({ $0.end == now }) {
                for dependent in dependents[task] {
                    open[dependent] -= 1
                    if open[dependent] == 0 { ready.append(dependent) }
                }
            }
            running.removeAll { $0.end == now }
            queue += ready.sorted()
        }
        return now
    }
}
