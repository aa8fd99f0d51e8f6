import BatonEngine
import BatonSQLite
import Foundation

/// `Workloads w1|w1mem|w1x10|w1watched`: one JSON line with the fields of the peers' scripts.
///
/// `w1watched` is `w1` with somebody who follows its progress, as a screen does.
///
/// Environment as there: `BENCH_DATA` is the folder on the disk under test, `W1_LAYERS` and `W1_WIDTH` the size.
@main
enum Workloads {
    static func main() async throws {
        let environment = ProcessInfo.processInfo.environment
        let data = environment["BENCH_DATA"] ?? "bench-data"
        let layers = environment["W1_LAYERS"].flatMap { Int($0) } ?? 100
        let width = environment["W1_WIDTH"].flatMap { Int($0) } ?? 100
        switch CommandLine.arguments.dropFirst().first {
        case "w1": try await Self.durable(Layers(layers: layers, width: width), in: data)
        case "w1x10": try await Self.durable(Layers(layers: 10 * layers, width: width), in: data)
        case "w1watched": try await Self.durable(Layers(layers: layers, width: width), in: data, isWatched: true)
        case "w1mem": try await Self.volatile(Layers(layers: layers, width: width))
        default: print("usage: Workloads w1|w1x10|w1mem|w1watched")
        }
    }

    private static func durable(_ work: Layers, in data: String, isWatched: Bool = false) async throws {
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        let path = "\(data)/w1-\(ProcessInfo.processInfo.processIdentifier)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let before = Disk.flushMicroseconds(in: data)
        let engine = try Engine(dataFolder: path, agents: [work.adder])
        var figures = try await Measured.run(tasks: work.count) {
            try await work.play(on: engine, isWatched: isWatched)
        }
        figures.append(("fsync_us_before", before))
        figures.append(("fsync_us_after", Disk.flushMicroseconds(in: data)))
        Measured.emit(isWatched ? "w1watched sync=FULL" : "w1 sync=FULL", work.count, figures)
    }

    private static func volatile(_ work: Layers) async throws {
        let engine = Engine(agents: [work.adder])
        let figures = try await Measured.run(tasks: work.count) { try await work.play(on: engine) }
        Measured.emit("w1mem", work.count, figures)
    }
}

/// Workload W1: task (l, i) needs (l-1, i) and (l-1, i+1 mod width); its value is one addition.
struct Layers {
    let layers: Int
    let width: Int

    private static let modulus: Int64 = 1_000_003

    var count: Int { self.layers * self.width }

    private func name(_ layer: Int, _ index: Int) -> TaskID { TaskID("t\(layer)-\(index)") }

    private var plan: Plan {
        var tasks: [TaskSpec] = []
        tasks.reserveCapacity(self.count)
        for layer in 0..<self.layers {
            for index in 0..<self.width {
                var task = TaskSpec(id: self.name(layer, index))
                if layer == 0 {
                    task.input = .integer(Int64(index))
                } else {
                    task.dependencies = [self.name(layer - 1, index), self.name(layer - 1, (index + 1) % self.width)]
                }
                tasks.append(task)
            }
        }
        return Plan(id: "w1", agents: [self.adder.profile], tasks: tasks)
    }

    var adder: FunctionAgent {
        var adder = FunctionAgent("adder") { work in
            if work.dependencies.isEmpty { return work.input }
            let sum = work.dependencies.reduce(Int64(1)) { $0 + ($1.output?.integer ?? 0) }
            return .integer(sum % Self.modulus)
        }
        adder.profile.maxConcurrentTasks = 10_000
        return adder
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
        let sum = (0..<self.width).reduce(Int64(0)) { sum, index in
            sum + (outcome.output(of: self.name(self.layers - 1, index))?.integer ?? 0)
        }
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
