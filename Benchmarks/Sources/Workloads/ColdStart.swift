import BatonEngine
import BatonSQLite
import Foundation

/// W5: from starting a process to inside the first task, with a new journal on disk.
enum ColdStart {
    private static let starts = 21

    static func measure(in data: String) throws {
        var seconds: [Double] = []
        var resident: [Double] = []
        for number in 0..<Self.starts {
            let child = try Child("w5child", folder: "\(data)-\(number)", ["BENCH_STARTED": "\(Self.now)"])
            let said = try child.wait()
            seconds.append(said[0])
            resident.append(said[1])
            try? FileManager.default.removeItem(atPath: "\(data)-\(number)")
        }
        seconds.sort()
        Measured.emit(
            "w5",
            1,
            [
                ("since_exec_s", seconds[Self.starts / 2]), ("since_exec_max_s", seconds[Self.starts - 1]),
                ("rss_mb", resident.sorted()[Self.starts / 2]),
            ]
        )
    }

    /// The child: one task that says when it runs.
    static func run(in data: String) async throws {
        let started = ProcessInfo.processInfo.environment["BENCH_STARTED"].flatMap { UInt64($0) } ?? 0
        let agent = FunctionAgent("first") { _ in
            print(Double(Self.now - started) / 1e9, Measured.residentMegabytes)
            return true
        }
        let engine = try Engine(dataFolder: data, agents: [agent])
        let plan = Plan(id: "w5", agents: [agent.profile], tasks: [TaskSpec(id: "t")])
        _ = try await engine.running { try await $0.start(plan).outcome() }
    }

    // The same clock in both processes.
    private static var now: UInt64 {
        var moment = timespec()
        clock_gettime(CLOCK_MONOTONIC, &moment)
        return UInt64(moment.tv_sec) * 1_000_000_000 + UInt64(moment.tv_nsec)
    }
}
