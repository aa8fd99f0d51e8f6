package import BatonCore
import BatonEngine
import Synchronization

/// A clock that is moved by hand: sleepers wake when time is moved past them.
package final class ManualClock: EngineClock {
    private struct State {
        var now: Timestamp
        var sleepers: [Int: (until: Timestamp, continuation: CheckedContinuation<Void, any Error>)] = [:]
        var cancelled: Set<Int> = []
        var next = 0
        var watchers: [CheckedContinuation<Void, Never>] = []
    }

    private let state: Mutex<State>

    package init(_ start: Timestamp = Timestamp(microseconds: 1_800_000_000_000_000)) {
        self.state = Mutex(State(now: start))
    }

    package func now() -> Timestamp { self.state.withLock { $0.now } }

    package func sleep(until moment: Timestamp) async throws {
        let number = self.state.withLock { state in
            state.next += 1
            return state.next
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in self.enter(number, moment, continuation) }
        } onCancel: {
            let sleeper = self.state.withLock { state in
                state.cancelled.insert(number)
                return state.sleepers.removeValue(forKey: number)
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    private func enter(_ number: Int, _ moment: Timestamp, _ continuation: CheckedContinuation<Void, any Error>) {
        enum Entry {
            case sleeps([CheckedContinuation<Void, Never>])
            case isDue
            case isCancelled
        }
        let entry = self.state.withLock { state -> Entry in
            if state.cancelled.contains(number) { return .isCancelled }
            if moment <= state.now { return .isDue }
            state.sleepers[number] = (moment, continuation)
            defer { state.watchers.removeAll() }
            return .sleeps(state.watchers)
        }
        switch entry {
        case .sleeps(let watchers): for watcher in watchers { watcher.resume() }
        case .isDue: continuation.resume()
        case .isCancelled: continuation.resume(throwing: CancellationError())
        }
    }

    /// Moves time on and wakes whoever slept until then.
    package func advance(by duration: Duration) {
        let due = self.state.withLock { state in
            state.now = state.now + duration
            let due = state.sleepers.filter { $0.value.until <= state.now }
            for number in due.keys { state.sleepers[number] = nil }
            return due.sorted { $0.value.until < $1.value.until }.map(\.value.continuation)
        }
        for continuation in due { continuation.resume() }
    }

    /// Waits until somebody sleeps, then moves time to where the first sleeper wakes.
    package func advanceToNextSleeper() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let isReady = self.state.withLock { state in
                if !state.sleepers.isEmpty { return true }
                state.watchers.append(continuation)
                return false
            }
            if isReady { continuation.resume() }
        }
        let first = self.state.withLock { state in
            state.sleepers.values.map(\.until).min().map { $0 - state.now }
        }
        if let first { self.advance(by: first) }
    }
}
