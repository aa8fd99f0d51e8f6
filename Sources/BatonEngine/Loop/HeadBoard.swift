import BatonCore
import Synchronization

/// Tells watchers that a run has gone on.
///
/// It holds no events: a watcher reads the journal from its own cursor, so a slow one costs nothing.
final class HeadBoard: Sendable {
    private struct State {
        var heads: [RunID: Position] = [:]
        var waiters: [RunID: [CheckedContinuation<Void, Never>]] = [:]
        var isClosed = false
    }

    private let state = Mutex(State())

    func advance(_ run: RunID, to position: Position) {
        let waiters = self.state.withLock { state in
            state.heads[run] = position
            return state.waiters.removeValue(forKey: run) ?? []
        }
        for waiter in waiters { waiter.resume() }
    }

    /// Returns once the run may have events after the position; false if no more can come.
    func wait(for run: RunID, after position: Position) async -> Bool {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let isReady = self.state.withLock { state in
                if state.isClosed || state.heads[run] ?? .start > position { return true }
                state.waiters[run, default: []].append(continuation)
                return false
            }
            if isReady { continuation.resume() }
        }
        return self.state.withLock { state in !state.isClosed || state.heads[run] ?? .start > position }
    }

    /// Wakes everybody for the last time.
    func close() {
        let waiters = self.state.withLock { state in
            state.isClosed = true
            defer { state.waiters.removeAll() }
            return state.waiters.values.flatMap { $0 }
        }
        for waiter in waiters { waiter.resume() }
    }
}
