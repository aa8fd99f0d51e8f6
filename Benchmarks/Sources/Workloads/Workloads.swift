import BatonAgents
import BatonCore
import BatonEngine
import BatonSQLite
import Foundation

/// `Workloads w1|w1mem|w1x10`: one JSON line with the fields of the peers' scripts.
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
        case "w1mem": try await Self.volatile(Layers(layers: layers, width: width))
        default: print("usage: Workloads w1|w1x10|w1mem")
        }
    }

    private static func durable(_ work: Layers, in data: String) async throws {
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        let path = "\(data)/w1-\(ProcessInfo.processInfo.processIdentifier)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let before = Disk.flushMicroseconds(in: data)
        let folder = try DataFolder(holding: path)
        let journal = try SQLiteJournal(in: folder)
        var figures = try await Measured.run(tasks: work.count) { try await work.play(on: journal) }
        figures.append(("fsync_us_before", before))
        figures.append(("fsync_us_after", Disk.flushMicroseconds(in: data)))
        journal.close()
        Measured.emit("w1 sync=FULL", work.count, figures)
    }

    private static func volatile(_ work: Layers) async throws {
        let figures = try await Measured.run(tasks: work.count) { try await work.play(on: MemoryJournal()) }
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
        var agent = AgentProfile(id: "adder")
        agent.type = "function"
        agent.maxConcurrentTasks = 10_000
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
        return Plan(id: "w1", agents: [agent], tasks: tasks)
    }

    func play(on journal: any Journal) async throws {
        let adder = FunctionPerformer { work in
            if work.dependencies.isEmpty { return work.input }
            let sum = work.dependencies.reduce(Int64(1)) { $0 + ($1.output?.integer ?? 0) }
            return .integer(sum % Self.modulus)
        }
        let engine = Engine(journal: journal) { _ in adder }
        let plan = self.plan
        let outcome = try await engine.running { try await $0.start(plan).outcome() }
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
