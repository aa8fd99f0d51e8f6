import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The most memory that looks at live commands have found, for those that are smaller than the engine.
///
/// The kernel keeps the peak of a process when it becomes another program, so its own count of a command is never less than
/// the engine had when it started it; and once a process has ended, its memory is gone. While it lives, `/proc` tells the
/// peak of its program alone. One thread looks at all commands: soon after they begin, then ever less often.
final class PeakWatch: Sendable {
    static let shared = PeakWatch()

    private struct Sight {
        let leader: pid_t
        let began: ContinuousClock.Instant
        var lookedAt: ContinuousClock.Instant
        var next: ContinuousClock.Instant
        var peak: Int64?
        /// When a look first found it gone.
        var ended: ContinuousClock.Instant?
    }

    private struct State {
        var sights: [Int: Sight] = [:]
        var count = 0
        var isLooking = false
    }

    /// Before, a program has not become itself, and the kernel counts a few pages.
    private static let youngest = Duration.milliseconds(20)
    private static let longestPause = Duration.milliseconds(250)
    private static let shortestPause = Duration.milliseconds(5)
    // More processes of one command are not looked at.
    private static let most = 64

    private let state = Mutex(State())
    // Rings when somebody begins, so that the thread may sleep until the next look.
    private let bell = DispatchSemaphore(value: 0)

    /// Looks at a command from now on.
    ///
    /// - Returns: what ``end(_:)`` is called with.
    func begin(_ leader: pid_t) -> Int {
        let now = ContinuousClock.now
        let (number, isFirst) = self.state.withLock { state in
            state.count += 1
            state.sights[state.count] = Sight(leader: leader, began: now, lookedAt: now, next: now + Self.youngest)
            defer { state.isLooking = true }
            return (state.count, !state.isLooking)
        }
        #if os(Linux)
        // Sleeps and waits for the kernel: on a thread of its own, since Dispatch's are those of the cooperative pool.
        if isFirst { Thread.detachNewThread { self.lookAround() } } else { self.bell.signal() }
        #endif
        return number
    }

    /// What was found; nil if the command ended before a look, or long after the last one: then only the kernel's bound is known.
    func end(_ number: Int) -> Int64? {
        let now = ContinuousClock.now
        guard let sight = self.state.withLock({ $0.sights.removeValue(forKey: number) }) else { return nil }
        // Whoever accounts for it may come late.
        let ended = sight.ended ?? now
        let (age, unseen) = (ended - sight.began, ended - sight.lookedAt)
        return unseen * 4 <= age || unseen <= Self.shortestPause * 2 ? sight.peak : nil
    }

    private func lookAround() {
        while true {
            let start = Self.worked
            guard let due = self.due(at: .now) else { return }
            for (number, leader) in due { self.look(at: leader, number) }
            let now = ContinuousClock.now
            let wait = self.state.withLock { $0.sights.values.map(\.next).min() ?? now } - now
            // About a twentieth of one core goes into it at most.
            let rest = min(.seconds(1), (Self.worked - start) * 20)
            // Whoever begins wakes it; a rest is taken in any case.
            if rest > Self.shortestPause { usleep(UInt32(rest / .microseconds(1))) }
            let pause = max(Self.shortestPause, wait - rest)
            _ = self.bell.wait(timeout: .now() + .microseconds(Int(pause / .microseconds(1))))
        }
    }

    // What this thread itself has worked: on a busy machine it waits for a core, and that costs nobody anything.
    private static var worked: Duration {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
    }

    // Nil if nobody is left to look at: then the thread ends.
    private func due(at now: ContinuousClock.Instant) -> [(number: Int, leader: pid_t)]? {
        self.state.withLock { state in
            guard !state.sights.isEmpty else {
                state.isLooking = false
                return nil
            }
            return state.sights.filter { $0.value.next <= now }.map { ($0.key, $0.value.leader) }
        }
    }

    private func look(at leader: pid_t, _ number: Int) {
        let peak = Self.peak(ofAll: leader)
        let now = ContinuousClock.now
        self.state.withLock { state in
            guard let sight = state.sights[number] else { return }
            guard let peak else {
                state.sights[number]?.ended = sight.ended ?? now
                state.sights[number]?.next = now + Self.longestPause
                return
            }
            state.sights[number]?.peak = max(sight.peak ?? 0, peak)
            state.sights[number]?.lookedAt = now
            state.sights[number]?.next = now + min(Self.longestPause, (now - sight.began) / 10)
        }
    }

    // The largest of a process and all that descend from it.
    private static func peak(ofAll leader: pid_t) -> Int64? {
        guard var largest = Self.peak(of: leader) else { return nil }
        var next = Self.children(of: leader)
        var left = Self.most
        while let pid = next.popLast(), left > 0 {
            left -= 1
            if let peak = Self.peak(of: pid) { largest = max(largest, peak) }
            next += Self.children(of: pid)
        }
        return largest
    }

    /// The most bytes that the program of a process has had in memory; nil if it has none any more.
    static func peak(of pid: pid_t) -> Int64? {
        guard let bytes = ProcessTable.bytes("/proc/\(pid)/status", limit: 1 << 16) else { return nil }
        let line = bytes.split(separator: UInt8(ascii: "\n")).first { $0.starts(with: "VmHWM:".utf8) }
        let kilobytes = line?.filter { 0x30...0x39 ~= $0 }.reduce(Int64(0)) { $0 &* 10 &+ Int64($1 - 0x30) }
        return kilobytes.map { $0 &* 1024 }
    }

    // Any thread may have started them.
    private static func children(of pid: pid_t) -> [pid_t] {
        let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/task")) ?? []
        return threads.prefix(Self.most).flatMap { thread -> [pid_t] in
            let path = "/proc/\(pid)/task/\(thread)/children"
            guard let bytes = ProcessTable.bytes(path, limit: 1 << 12) else { return [] }
            return bytes.split(separator: 0x20).compactMap { pid_t(String(decoding: $0, as: UTF8.self)) }
        }
    }
}
