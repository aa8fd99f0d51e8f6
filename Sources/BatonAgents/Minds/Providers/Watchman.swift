import BatonCore
import BatonEngine
import Synchronization

/// Looks how long answers take: one for all, as most are there long before their time.
final class Watchman: Sendable {
    struct Late: Error {
        let wait: Patience.Wait
        let duration: Duration
    }

    /// An answer that is waited for.
    final class Watched: Sendable {
        private let start: Timestamp
        // Microseconds of the last byte; 0 before the first.
        private let last = Atomic<Int64>(0)
        fileprivate let tell: @Sendable (Late) -> Void

        fileprivate init(_ start: Timestamp, _ tell: @escaping @Sendable (Late) -> Void) {
            self.start = start
            self.tell = tell
        }

        fileprivate func heard(_ now: Timestamp) { self.last.store(now.microseconds, ordering: .relaxed) }

        fileprivate func lateness(_ patience: Patience, _ now: Timestamp) -> Late? {
            if now >= self.start + patience.whole { return Late(wait: .whole, duration: patience.whole) }
            let last = self.last.load(ordering: .relaxed)
            if last == 0 {
                guard now >= self.start + patience.firstByte else { return nil }
                return Late(wait: .firstByte, duration: patience.firstByte)
            }
            guard now >= Timestamp(microseconds: last) + patience.silence else { return nil }
            return Late(wait: .silence, duration: patience.silence)
        }
    }

    private struct State {
        var watched: [ObjectIdentifier: Watched] = [:]
        var isLooking = false
    }

    private let patience: Patience
    private let clock: any EngineClock
    private let state = Mutex(State())

    init(_ patience: Patience, _ clock: any EngineClock) {
        self.patience = patience
        self.clock = clock
    }

    // So late may the lateness be found.
    private var pace: Duration { min(self.patience.firstByte, self.patience.silence, self.patience.whole) / 8 }

    /// Watches an answer until ``end(_:)``.
    ///
    /// - Parameter tell: called once if it is late.
    func begin(_ tell: @escaping @Sendable (Late) -> Void) -> Watched {
        let watched = Watched(self.clock.now(), tell)
        let begins = self.state.withLock { state in
            state.watched[ObjectIdentifier(watched)] = watched
            defer { state.isLooking = true }
            return !state.isLooking
        }
        // Unstructured: it looks for all, and ends when nobody is left.
        if begins { Task { await self.look() } }
        return watched
    }

    func heard(_ watched: Watched) { watched.heard(self.clock.now()) }

    func end(_ watched: Watched) {
        self.state.withLock { _ = $0.watched.removeValue(forKey: ObjectIdentifier(watched)) }
    }

    private func look() async {
        while true {
            try? await self.clock.sleep(until: self.clock.now() + self.pace)
            let now = self.clock.now()
            let late = self.state.withLock { state -> [(Watched, Late)]? in
                guard !state.watched.isEmpty else {
                    state.isLooking = false
                    return nil
                }
                let late = state.watched.values.compactMap { watched in
                    watched.lateness(self.patience, now).map { (watched, $0) }
                }
                for (watched, _) in late { state.watched[ObjectIdentifier(watched)] = nil }
                return late
            }
            guard let late else { return }
            for (watched, lateness) in late { watched.tell(lateness) }
        }
    }
}
