import BatonEngine

/// Workload W1: task (l, i) needs (l-1, i) and (l-1, i+1 mod width); its value is one addition.
struct Layers {
    let layers: Int
    let width: Int

    private static let modulus: Int64 = 1_000_003

    var count: Int { self.layers * self.width }

    private func name(_ layer: Int, _ index: Int) -> TaskID { TaskID("t\(layer)-\(index)") }

    /// The number of a task: layer times width plus index.
    func number(of task: TaskID) -> Int {
        let parts = task.text.dropFirst().split(separator: "-").compactMap { Int($0) }
        return parts.count == 2 ? parts[0] * self.width + parts[1] : -1
    }

    var plan: Plan { self.plan(for: self.adder) }

    func plan(for agent: FunctionAgent) -> Plan {
        var tasks: [TaskSpec] = []
        tasks.reserveCapacity(self.count)
        var before: [TaskID] = []
        for layer in 0..<self.layers {
            let names = (0..<self.width).map { self.name(layer, $0) }
            for index in 0..<self.width {
                var task = TaskSpec(id: names[index])
                if layer == 0 {
                    task.input = .integer(Int64(index))
                } else {
                    task.dependencies = [before[index], before[(index + 1) % self.width]]
                }
                tasks.append(task)
            }
            before = names
        }
        return Plan(id: "w1", agents: [agent.profile], tasks: tasks)
    }

    var adder: FunctionAgent {
        var adder = FunctionAgent("adder") { Self.sum($0) }
        adder.profile.maxConcurrentTasks = 10_000
        return adder
    }

    /// The same, and each task is told before it is executed; it may be executed again after a crash.
    func witness(_ executed: @escaping @Sendable (Work) async throws -> Void) -> FunctionAgent {
        var witness = FunctionAgent("adder") { work in
            try await executed(work)
            return Self.sum(work)
        }
        witness.profile.maxConcurrentTasks = 10_000
        witness.profile.repeatable = true
        return witness
    }

    private static func sum(_ work: Work) -> JSON {
        if work.dependencies.isEmpty { return work.input }
        let sum = work.dependencies.reduce(Int64(1)) { $0 + ($1.output?.integer ?? 0) }
        return .integer(sum % Self.modulus)
    }

    func play(on engine: Engine, isWatched: Bool = false) async throws {
        let plan = self.plan
        let outcome = try await engine.running { engine in
            let run = try await engine.start(plan)
            let watching = Task { if isWatched { try await run.onProgress { _ in } } }
            // Whoever watches is told of the end a moment later; the run does not wait for that.
            defer { watching.cancel() }
            return try await run.outcome()
        }
        try self.check(outcome)
    }

    /// Throws if the run skipped an edge.
    func check(_ outcome: RunOutcome) throws {
        let sum = outcome.tasks.suffix(self.width).reduce(Int64(0)) { $0 + ($1.output?.integer ?? 0) }
        guard outcome.end == .completed, sum == self.expectedSum else {
            throw WrongSum(got: sum, expected: self.expectedSum)
        }
    }

    private var expectedSum: Int64 {
        var row = (0..<self.width).map { Int64($0) }
        for _ in 1..<self.layers {
            row = row.indices.map { (row[$0] + row[($0 + 1) % self.width] + 1) % Self.modulus }
        }
        return row.reduce(0, +)
    }

    struct WrongSum: Error {
        let got: Int64
        let expected: Int64
    }
}
