import BatonEngine
import BatonSQLite
import Foundation

/// `Workloads NAME`: JSON lines with the fields of the peers' scripts; the names are in Benchmarks/README.md.
///
/// Environment as there: `BENCH_DATA` is the folder on the disk under test, `W1_LAYERS` and `W1_WIDTH` the size.
@main
enum Workloads {
    static func main() async throws {
        let data = ProcessInfo.processInfo.environment["BENCH_DATA"] ?? "bench-data"
        let work = Layers(layers: Self.size("W1_LAYERS", 100), width: Self.size("W1_WIDTH", 100))
        let (long, runs) = (Layers(layers: 251, width: work.width), Self.size("RECOVERY_RUNS", 10))
        switch CommandLine.arguments.dropFirst().first {
        case "w1": try await Self.durable(work, in: data)
        case "w1x10": try await Self.durable(Layers(layers: 10 * work.layers, width: work.width), in: data)
        case "w1watched": try await Self.durable(work, in: data, isWatched: true)
        case "w1mem": try await Self.volatile(work)
        case "w2":
            try await Self.inFolder("w2", of: data) { folder in
                try await Waits.timed(in: folder, tasks: Self.size("W2_TASKS", 1000), atOnce: 100)
            }
        case "w2http", "w2httpstream":
            let name = CommandLine.arguments[1]
            try await Self.inFolder(name, of: data) { folder in
                try await Waits.asked(name, in: folder, tasks: Self.size("W2_TASKS", 1000), streams: name != "w2http")
            }
        case "w5": try Self.inParent("w5", of: data) { try ColdStart.measure(in: $0) }
        case "w6": try await Crash(work: work, folder: Self.folder("w6", of: data), runs: 1).measure()
        case "w7":
            try await Self.inFolder("w7", of: data) { folder in
                try await Waits.gated(in: folder, tasks: Self.size("W7_TASKS", 10_000))
            }
        case "recovery":
            try await Crash(work: long, folder: Self.folder("recovery", of: data), runs: runs).measureRecovery()
        case "scale": try Self.scale(in: data)
        case "makespan": try await Makespan.measure()
        case "runs": try await Self.manyRuns(in: data)
        // What the workloads above start as processes of their own.
        case "scalepart": try await Self.atOnce(work, runs: Self.size("RUNS", 1), in: data)
        case "w5child": try await ColdStart.run(in: data)
        case "w6play": try await Crash(work: work, folder: data, runs: 1).play()
        case "w6resume": try await Crash(work: work, folder: data, runs: 1).resume()
        case "recoveryplay": try await Crash(work: long, folder: data, runs: runs).playToLastLayer()
        case "recoveryresume": try await Crash(work: long, folder: data, runs: runs).resume()
        default:
            print(
                "usage: Workloads w1|w1mem|w1x10|w1watched|w2|w2http|w2httpstream|w5|w6|w7|recovery|scale|runs|makespan"
            )
        }
    }

    static func size(_ name: String, _ usual: Int) -> Int {
        ProcessInfo.processInfo.environment[name].flatMap { Int($0) } ?? usual
    }

    private static func folder(_ name: String, of data: String) -> String {
        "\(data)/\(name)-\(ProcessInfo.processInfo.processIdentifier)"
    }

    private static func inFolder(_ name: String, of data: String, _ body: (String) async throws -> Void) async throws {
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        let path = Self.folder(name, of: data)
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(path)
    }

    private static func inParent(_ name: String, of data: String, _ body: (String) throws -> Void) throws {
        try FileManager.default.createDirectory(atPath: data, withIntermediateDirectories: true)
        try body(Self.folder(name, of: data))
    }

    private static func durable(_ work: Layers, in data: String, isWatched: Bool = false) async throws {
        try await Self.inFolder("w1", of: data) { path in
            let before = Disk.flushMicroseconds(in: data)
            // As the floor does: its journal is opened within what is measured, and closed behind it.
            var engine: Engine?
            var figures = try await Measured.run(tasks: work.count) {
                let opened = try Engine(dataFolder: path, agents: [work.adder])
                engine = opened
                try await work.play(on: opened, isWatched: isWatched)
            }
            withExtendedLifetime(engine) {}
            figures.append(("fsync_us_before", before))
            figures.append(("fsync_us_after", Disk.flushMicroseconds(in: data)))
            Measured.emit(isWatched ? "w1watched sync=FULL" : "w1 sync=FULL", work.count, figures)
        }
    }

    private static func volatile(_ work: Layers) async throws {
        let engine = Engine(agents: [work.adder])
        let figures = try await Measured.run(tasks: work.count) { try await work.play(on: engine) }
        Measured.emit("w1mem", work.count, figures)
    }

    /// W1 from a thousand to a million tasks, each size in a process of its own, as memory that was used once stays.
    ///
    /// A plan has 100,000 tasks at most: a million are ten runs at once.
    private static func scale(in data: String) throws {
        for (layers, runs) in [(10, 1), (100, 1), (1000, 1), (1000, 10)]
        where layers * runs * 100 <= Self.size("SCALE_TASKS", 1_000_000) {
            let child = Process()
            child.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
            child.arguments = ["scalepart"]
            child.environment = ["W1_LAYERS": "\(layers)", "RUNS": "\(runs)", "BENCH_DATA": data]
            try child.run()
            child.waitUntilExit()
        }
    }

    /// 10,000 tasks in 1 to 1,000 runs at once, each as many layers of W1 as are left to it.
    private static func manyRuns(in data: String) async throws {
        for (runs, layers, width) in [(1, 100, 100), (10, 100, 10), (100, 10, 10), (1000, 2, 5)] {
            try await Self.atOnce(Layers(layers: layers, width: width), runs: runs, in: data)
        }
    }

    private static func atOnce(_ part: Layers, runs: Int, in data: String) async throws {
        try await Self.inFolder("runs", of: data) { path in
            let engine = try Engine(dataFolder: path, agents: [part.adder])
            let figures = try await Measured.run(tasks: runs * part.count) {
                let outcomes = try await engine.running { try await Self.play(part, runs, on: $0) }
                for outcome in outcomes { try part.check(outcome) }
            }
            Measured.emit("w1 in runs", runs * part.count, figures + [("runs", Double(runs))])
        }
    }

    private static func play(_ part: Layers, _ runs: Int, on engine: Engine) async throws -> [RunOutcome] {
        let plan = part.plan
        return try await withThrowingTaskGroup(of: RunOutcome.self) { group in
            for number in 0..<runs {
                var options = Engine.StartOptions()
                options.id = RunID("run-\(number)")
                let named = options
                group.addTask { try await engine.start(plan, options: named).outcome() }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }
}
