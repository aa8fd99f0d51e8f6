import BatonCore
import CBatonSystem
import Foundation

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What the kernel has counted for the leader of an attempt and the children that it waited for.
enum LeaderUsage {
    /// Waits until the leader has ended, and leaves it to its watcher to bury it.
    ///
    /// - Returns: nil where the kernel does not tell.
    static func of(_ leader: pid_t) async -> Usage? {
        var counted = baton_usage()
        // Its pipes are closed a moment before it has ended, and it may go on without them.
        if baton_peek_usage(leader, 0, &counted) == 1 { return Usage(counted) }
        return await withCheckedContinuation { continuation in
            // Waits for the kernel: on a thread of its own, since Dispatch's are those of the cooperative pool.
            Thread.detachNewThread {
                var counted = baton_usage()
                let isTold = baton_peek_usage(leader, 1, &counted) == 1
                continuation.resume(returning: isTold ? Usage(counted) : nil)
            }
        }
    }

    /// The most bytes of memory that this process has had so far; the largest number where that cannot be told.
    ///
    /// A command is a copy of the engine until it becomes its program, and the kernel counts the copy into its peak.
    static var enginePeak: Int64 {
        // Not getrusage: that counts what the engine itself was a copy of.
        guard let text = try? String(contentsOfFile: "/proc/self/status", encoding: .utf8),
            let line = text.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
            let kilobytes = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int64($0) })
        else { return .max }
        return kilobytes * 1024
    }
}

extension Usage {
    /// The peak is known if it is clearly beyond what can have come from the engine; of a smaller command nobody can tell it.
    fileprivate init(_ counted: baton_usage) {
        self.init()
        self.cpu = .microseconds(counted.cpu_microseconds)
        let peak = counted.peak_memory_bytes
        // The kernel itself counts a little more or less at times.
        if LeaderUsage.enginePeak < peak - peak / 8 { self.peakMemory = peak }
    }
}
