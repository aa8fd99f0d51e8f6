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
        PeakWatch.peak(of: getpid()) ?? .max
    }
}

/// What a child of the engine has used that had left its attempt before it ended.
enum AdoptedUsage {
    /// Buries a child that has ended.
    ///
    /// - Returns: nil if it has not ended, or somebody else has buried it. Its peak is its own: it began as a copy of a command.
    static func bury(_ child: pid_t) -> Usage? {
        var counted = rusage()
        var status: Int32 = 0
        guard wait4(child, &status, WNOHANG, &counted) == child else { return nil }
        var usage = Usage()
        let times = [counted.ru_utime, counted.ru_stime]
        usage.cpu = times.reduce(.zero) { $0 + .seconds(Int64($1.tv_sec)) + .microseconds(Int64($1.tv_usec)) }
        #if os(Linux)
        usage.peakMemory = Int64(counted.ru_maxrss) * 1024
        #endif
        return usage
    }
}

extension Usage {
    /// The peak is known if it is clearly beyond what can have come from the engine; else it is a bound.
    fileprivate init(_ counted: baton_usage) {
        self.init()
        self.cpu = .microseconds(counted.cpu_microseconds)
        let peak = counted.peak_memory_bytes
        // The kernel itself counts a little more or less at times.
        if LeaderUsage.enginePeak < peak - peak / 8 { self.peakMemory = peak } else { self.peakMemoryBound = peak }
    }
}
