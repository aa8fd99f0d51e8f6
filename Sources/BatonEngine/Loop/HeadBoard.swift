import BatonCore
import Synchronization

/// Tells watchers that a run has gone on.
///
/// It holds no events: a watcher reads the journal from its own cursor, so a slow one costs nothing.
final class HeadBoard: Sendable {
    private struct State {
        var heads: [RunID: Position] = [:]
        var ends: [RunID: Run] = [:]
        var endWaiters: [RunID: [CheckedContinuation<Run?, Never>]] = [:]
        var waiters: [Int: (run: RunID, continuation: CheckedContinuation<Void, Never>)] = [:]
        var cancelled: Set<Int> = []
        var next = 0
        var isClosed = false
    }

    private let state = Mutex(State())

    func advance(_ run: RunID, to position: Position) {
        let woken = self.state.withLock { state in
            state.heads[run] = position
            guard !state.waiters.isEmpty else { return [CheckedContinuation<Void, Never>]() }
            let numbers = state.waiters.filter { $0.value.run == run }.map(\.key)
            return numbers.compactMap { state.waiters.removeValue(forKey: $0)?.continuation }
        }
        for continuation in woken { continuation.resume() }
    }

    /// Hands the last state of a run to whoever waits for its end.
    func end(_ run: Run) {
        let woken = self.state.withLock { state in
            state.ends[run.id] = run
            return state.endWaiters.removeValue(forKey: run.id) ?? []
        }
        for continuation in woken { continuation.resume(returning: run) }
    }

    /// The last state of a run, once it has ended here; nil if the engine stops before.
    func waitForEnd(of run: RunID) async -> Run? {
        await withCheckedContinuation { (continuation: CheckedContinuation<Run?, Never>) in
            enum Entry {
                case waits
                case isOver(Run?)
            }
            let entry = self.state.withLock { state -> Entry in
                if let ended = state.ends[run] { return .isOver(ended) }
                if state.isClosed { return .isOver(nil) }
                state.endWaiters[run, default: []].append(continuation)
                return .waits
            }
            if case .isOver(let ended) = entry { continuation.resume(returning: ended) }
        }
    }

    /// Returns once the run may have events after the position, or the waiting task is cancelled; false if no more come.
    func wait(for run: RunID, after position: Position) async -> Bool {
        let number = self.state.withLock { state in
            state.next += 1
            return state.next
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in self.enter(number, run, position, continuation) }
        } onCancel: {
            self.leave(number)
        }
        return self.state.withLock { state in
            state.cancelled.remove(number)
            return !Task.isCancelled && (!state.isClosed || state.heads[run] ?? .start > position)
        }
    }

    private func enter(
        _ number: Int,
        _ run: RunID,
        _ position: Position,
        _ continuation: CheckedContinuation<Void, Never>
    ) {
        let isReady = self.state.withLock { state in
            if state.isClosed || state.cancelled.contains(number) || state.heads[run] ?? .start > position {
                return true
            }
            state.waiters[number] = (run, continuation)
            return false
        }
        if isReady { continuation.resume() }
    }

    private func leave(_ number: Int) {
        let continuation = self.state.withLock { state in
            state.cancelled.insert(number)
            return state.waiters.removeValue(forKey: number)?.continuation
        }
        continuation?.resume()
    }

    /// Wakes everybody for the last time.
    func close() {
        let (woken, endless) = self.state.withLock { state in
            state.isClosed = true
            defer {
                state.waiters.removeAll()
                state.endWaiters.removeAll()
            }
            return (state.waiters.values.map(\.continuation), state.endWaiters.values.flatMap { $0 })
        }
        for continuation in woken { continuation.resume() }
        for continuation in endless { continuation.resume(returning: nil) }
    }
}
