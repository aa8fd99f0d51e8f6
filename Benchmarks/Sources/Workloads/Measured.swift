import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Measures as the peers' `common.py` does and prints the same fields.
enum Measured {
    static func run(tasks: Int, _ body: () async throws -> Void) async throws -> [(String, Double)] {
        let cpu = Self.cpuSeconds()
        let busy = Self.machineBusySeconds()
        let start = ContinuousClock.now
        try await body()
        let wall = (ContinuousClock.now - start) / .seconds(1)
        let own = Self.cpuSeconds() - cpu
        return [
            ("wall_s", wall), ("cpu_s", own), ("peak_rss_mb", Self.peakMegabytes()),
            ("other_cpu_s", max(0, Self.machineBusySeconds() - busy - own)),
            ("tasks_per_s", Double(tasks) / wall), ("cpu_us_per_task", own / Double(tasks) * 1e6),
        ]
    }

    static func emit(_ workload: String, _ tasks: Int, _ figures: [(String, Double)]) {
        let fields = figures.map { "\"\($0.0)\": \((($0.1 * 10_000).rounded()) / 10_000)" }
        print(
            "{\"peer\": \"baton\", \"workload\": \"\(workload)\", \"tasks\": \(tasks), \(fields.joined(separator: ", "))}"
        )
    }

    private static func usage() -> rusage {
        var usage = rusage()
        #if canImport(Glibc)
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        #else
        getrusage(RUSAGE_SELF, &usage)
        #endif
        return usage
    }

    /// CPU seconds and the peak of resident memory of this process.
    static var usageFigures: (cpu: Double, peak: Double) { (Self.cpuSeconds(), Self.peakMegabytes()) }

    /// Resident memory now; 0 where this cannot be told.
    static var residentMegabytes: Double {
        guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmRSS") }),
            let kilobytes = line.split(separator: " ").dropLast().last.flatMap({ Double($0.drop { !$0.isNumber }) })
        else { return 0 }
        return kilobytes / 1024
    }

    private static func cpuSeconds() -> Double {
        let usage = Self.usage()
        return Self.seconds(usage.ru_utime) + Self.seconds(usage.ru_stime)
    }

    private static func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1e6 }

    private static func peakMegabytes() -> Double { Double(Self.usage().ru_maxrss) / 1024 }

    /// CPU seconds that all processes have used since the machine started; 0 where this cannot be told.
    private static func machineBusySeconds() -> Double {
        guard let text = try? String(contentsOfFile: "/proc/stat", encoding: .utf8),
            let line = text.split(separator: "\n").first
        else { return 0 }
        let ticks = line.split(separator: " ").dropFirst().compactMap { Double($0) }
        guard ticks.count > 6 else { return 0 }
        return (ticks[0..<3].reduce(0, +) + ticks[5..<7].reduce(0, +)) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }
}

/// What one flush of 4 KiB costs on the disk under test.
enum Disk {
    static func flushMicroseconds(in folder: String) -> Double {
        let path = "\(folder)/probe-\(getpid())"
        let descriptor = open(path, O_CREAT | O_WRONLY | O_TRUNC, 0o600)
        guard descriptor >= 0 else { return 0 }
        defer {
            close(descriptor)
            unlink(path)
        }
        let page = [UInt8](repeating: 120, count: 4096)
        let times = (0..<21).map { _ in
            let start = ContinuousClock.now
            _ = write(descriptor, page, page.count)
            fsync(descriptor)
            return (ContinuousClock.now - start) / .microseconds(1)
        }
        return times.sorted()[10]
    }
}
