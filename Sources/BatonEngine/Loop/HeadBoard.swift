import BatonCore
import DequeModule
import Synchronization

/// Tells watchers that a run has gone on.
///
/// A watcher reads the journal from its own cursor, so a slow one costs nothing. While somebody watches a run, its newest
/// facts stay here for a while, so that whoever keeps up need not read back what has just been written.
package final class HeadBoard: Sendable {
    /// The facts of one append, with the hash of its chunk.
    struct Part: Sendable {
        let first: Position
        let last: Position
        let hash: Digest
        let facts: [Recorded]
    }

    fileprivate struct Tail {
        let limit: Int
        var watchers = 0
        var parts: Deque<Part> = []
        var count = 0
    }

    private struct State {
        var heads: [RunID: Position] = [:]
        var tails: [RunID: Tail] = [:]
        /// The first append of each run that began here: its first event holds the plan, which is long to read back.
        var firsts: [RunID: Part] = [:]
        var ends: [RunID: Run] = [:]
        var endWaiters: [RunID: [CheckedContinuation<Run?, Never>]] = [:]
        var waiters: [Int: (run: RunID, continuation: CheckedContinuation<Void, Never>)] = [:]
        var cancelled: Set<Int> = []
        var next = 0
        var isClosed = false
    }

    private let state = Mutex(State())
    private let longestTail: Int

    /// - Parameter longestTail: how many facts of a run are kept at most.
    package init(longestTail: Int) { self.longestTail = longestTail }

    /// Wakes whoever waits for events of a run up to a position.
    package func advance(_ run: RunID, to position: Position) { self.advance(run, to: position, with: nil) }

    func advance(_ run: RunID, to position: Position, with part: Part?) {
        let woken = self.state.withLock { state in
            // Whoever takes a run over may say late where it once was.
            state.heads[run] = max(state.heads[run] ?? .start, position)
            if let part {
                state.tails[run]?.append(part)
                if part.first == Position.start.next { state.firsts[run] = part }
            }
            guard !state.waiters.isEmpty else { return [CheckedContinuation<Void, Never>]() }
            let numbers = state.waiters.filter { $0.value.run == run }.map(\.key)
            return numbers.compactMap { state.waiters.removeValue(forKey: $0)?.continuation }
        }
        for continuation in woken { continuation.resume() }
    }

    // MARK: Watchers

    /// The newest facts are kept from now on, as long as the returned value lives.
    func watch(_ run: RunID) -> Watch {
        self.state.withLock { $0.tails[run, default: Tail(limit: self.longestTail)].watchers += 1 }
        return Watch { [weak self] in self?.unwatch(run) }
    }

    /// Says at its end that one watcher less is there.
    final class Watch: Sendable {
        private let end: @Sendable () -> Void

        fileprivate init(_ end: @escaping @Sendable () -> Void) { self.end = end }

        deinit { self.end() }
    }

    private func unwatch(_ run: RunID) {
        // What is dropped is dropped outside the lock.
        _ = self.state.withLock { state -> Tail? in
            state.tails[run]?.watchers -= 1
            return state.tails[run]?.watchers == 0 ? state.tails.removeValue(forKey: run) : nil
        }
    }

    /// What was appended right behind the position, as far as it is still here.
    func parts(of run: RunID, after position: Position) -> [Part] {
        self.state.withLock { state in
            let parts = state.tails[run]?.parts ?? []
            if let start = parts.firstIndex(where: { $0.first > position }), parts[start].first == position.next {
                return Array(parts[start...])
            }
            return position == .start ? state.firsts[run].map { [$0] } ?? [] : []
        }
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
    package func wait(for run: RunID, after position: Position) async -> Bool {
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
    package func close() {
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

extension HeadBoard.Tail {
    fileprivate mutating func append(_ part: HeadBoard.Part) {
        self.parts.append(part)
        self.count += part.facts.count
        while self.count > self.limit, self.parts.count > 1, let oldest = self.parts.popFirst() {
            self.count -= oldest.facts.count
        }
    }
}
