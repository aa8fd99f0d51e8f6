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
    static func of(_ leader: pid_t, over engine: EngineMemory) async -> Usage? {
        var counted = baton_usage()
        // Its pipes are closed a moment before it has ended, and it may go on without them.
        if baton_peek_usage(leader, 0, &counted) == 1 { return Usage(counted, over: engine) }
        return await withCheckedContinuation { continuation in
            // Waits for the kernel: on a thread of its own, since Dispatch's are those of the cooperative pool.
            Thread.detachNewThread {
                var counted = baton_usage()
                let isTold = baton_peek_usage(leader, 1, &counted) == 1
                continuation.resume(returning: isTold ? Usage(counted, over: engine) : nil)
            }
        }
    }
}

/// The memory that the engine had while it started a command.
///
/// A process is a copy of the engine until it becomes its program, and the kernel counts the copy into its peak.
struct EngineMemory: Sendable {
    private var most = Self.now

    /// Looks again.
    mutating func look() { self.most = max(self.most, Self.now) }

    /// Whether a peak is surely not that of the copy: the kernel itself counts a little more or less at times.
    func isBelow(_ peak: Int64) -> Bool { self.most < peak - peak / 8 }

    /// Bytes of this process in memory; the largest number where that cannot be told.
    private static var now: Int64 {
        let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return .max }
        defer { close(descriptor) }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 128) { buffer in
            let count = read(descriptor, buffer.baseAddress, buffer.count)
            let words = buffer[..<max(0, count)].split(separator: 0x20)
            guard words.count > 1, let pages = Int64(String(decoding: words[1], as: UTF8.self)) else { return .max }
            return pages * Int64(sysconf(Int32(_SC_PAGESIZE)))
        }
    }
}

extension Usage {
    /// The peak is known if it is beyond what came from the engine; of a smaller command nobody can tell it.
    fileprivate init(_ counted: baton_usage, over engine: EngineMemory) {
        self.init()
        self.cpu = .microseconds(counted.cpu_microseconds)
        if engine.isBelow(counted.peak_memory_bytes) { self.peakMemory = counted.peak_memory_bytes }
    }

    /// Of a process that was started by another one than the engine.
    init(_ counted: rusage) {
        self.init()
        let seconds = Int64(counted.ru_utime.tv_sec) + Int64(counted.ru_stime.tv_sec)
        self.cpu = .microseconds(
            seconds * 1_000_000 + Int64(counted.ru_utime.tv_usec) + Int64(counted.ru_stime.tv_usec)
        )
        #if os(Linux)
        self.peakMemory = Int64(counted.ru_maxrss) * 1024
        #else
        self.peakMemory = Int64(counted.ru_maxrss)
        #endif
    }
}
