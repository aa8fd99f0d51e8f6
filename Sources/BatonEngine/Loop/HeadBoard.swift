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
        var parts: Deque<Part> = []
        var count = 0
    }

    /// What is known of one run, for as long as it goes on or somebody watches it.
    private struct Place {
        var head = Position.start
        /// The first append of a run that began here: its first event holds the plan, which is long to read back.
        var first: Part?
        var tail: Tail?
        var watchers = 0
        var isOver = false
    }

    private struct State {
        var places: [RunID: Place] = [:]
        var endings: [RunID: [Ending]] = [:]
        var waiters: [Int: (run: RunID, continuation: CheckedContinuation<Void, Never>)] = [:]
        var cancelled: Set<Int> = []
        var next = 0
        var isClosed = false

        func head(of run: RunID) -> Position { self.places[run]?.head ?? .start }

        /// Forgets a run that nobody needs any more; what is dropped is returned, to be dropped outside the lock.
        mutating func tidy(_ run: RunID) -> Place? {
            guard let place = self.places[run], place.watchers == 0, place.isOver || place.head == .start else {
                return nil
            }
            return self.places.removeValue(forKey: run)
        }
    }

    /// A first append of more facts than this is read back like any other.
    private static let longestFirst = 1024

    private let state = Mutex(State())
    private let longestTail: Int

    /// - Parameter longestTail: how many facts of a run are kept at most.
    package init(longestTail: Int) { self.longestTail = longestTail }

    /// How many runs are kept in memory here.
    package var count: Int { self.state.withLock { $0.places.count } }

    /// Wakes whoever waits for events of a run up to a position.
    package func advance(_ run: RunID, to position: Position) { self.advance(run, to: position, with: nil) }

    func advance(_ run: RunID, to position: Position, with part: Part?) {
        let woken = self.state.withLock { state in
            // Whoever takes a run over may say late where it once was.
            state.places[run, default: Place()].head = max(state.head(of: run), position)
            if let part {
                state.places[run]?.tail?.append(part)
                if part.first == Position.start.next, part.facts.count <= Self.longestFirst {
                    state.places[run]?.first = part
                }
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
        self.state.withLock { state in
            var place = state.places[run] ?? Place()
            place.watchers += 1
            place.tail = place.tail ?? Tail(limit: self.longestTail)
            state.places[run] = place
        }
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
        _ = self.state.withLock { state -> (Tail?, Place?) in
            guard var place = state.places[run] else { return (nil, nil) }
            place.watchers -= 1
            let tail = place.watchers == 0 ? place.tail : nil
            if place.watchers == 0 { place.tail = nil }
            state.places[run] = place
            return (tail, state.tidy(run))
        }
    }

    /// What was appended right behind the position, as far as it is still here.
    func parts(of run: RunID, after position: Position) -> [Part] {
        self.state.withLock { state in
            let parts = state.places[run]?.tail?.parts ?? []
            if let start = parts.firstIndex(where: { $0.first > position }), parts[start].first == position.next {
                return Array(parts[start...])
            }
            return position == .start ? state.places[run]?.first.map { [$0] } ?? [] : []
        }
    }

    // MARK: The end of a run

    /// Somebody who wants the last state of a run.
    final class Ending: Sendable {
        private enum State {
            case open([CheckedContinuation<Run?, Never>])
            case told(Run?)
        }

        private let state = Mutex(State.open([]))

        /// The last state of the run, once it has ended here; nil if the engine stops before.
        func run() async -> Run? {
            await withCheckedContinuation { continuation in
                let told = self.state.withLock { state -> Run?? in
                    switch state {
                    case .told(let run): return .some(run)
                    case .open(let waiters):
                        state = .open(waiters + [continuation])
                        return nil
                    }
                }
                if let told { continuation.resume(returning: told) }
            }
        }

        fileprivate func tell(_ run: Run?) {
            let waiters = self.state.withLock { state -> [CheckedContinuation<Run?, Never>] in
                guard case .open(let waiters) = state else { return [] }
                state = .told(run)
                return waiters
            }
            for waiter in waiters { waiter.resume(returning: run) }
        }
    }

    /// Tells of an end that comes from now on; of one that came before the journal tells.
    ///
    /// - Returns: whether one will come unless the engine stops, since the run goes on here, too.
    func ending(of run: RunID) -> (ending: Ending, isComing: Bool) {
        let ending = Ending()
        let (isClosed, isComing) = self.state.withLock { state in
            if !state.isClosed { state.endings[run, default: []].append(ending) }
            let place = state.places[run]
            return (state.isClosed, state.head(of: run) > .start && !(place?.isOver ?? true))
        }
        if isClosed { ending.tell(nil) }
        return (ending, isComing)
    }

    /// Takes somebody off the list.
    func leave(_ ending: Ending, of run: RunID) {
        self.state.withLock { state in
            state.endings[run]?.removeAll { $0 === ending }
            if state.endings[run]?.isEmpty ?? false { state.endings[run] = nil }
        }
    }

    /// Hands the last state of a run to whoever waits for its end, and forgets the run.
    func end(_ run: Run) {
        let (woken, _) = self.state.withLock { state in
            state.places[run.id]?.isOver = true
            return (state.endings.removeValue(forKey: run.id) ?? [], state.tidy(run.id))
        }
        for ending in woken { ending.tell(run) }
    }

    // MARK: Waiting

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
            return !Task.isCancelled && (!state.isClosed || state.head(of: run) > position)
        }
    }

    private func enter(
        _ number: Int,
        _ run: RunID,
        _ position: Position,
        _ continuation: CheckedContinuation<Void, Never>
    ) {
        let isReady = self.state.withLock { state in
            if state.isClosed || state.cancelled.contains(number) || state.head(of: run) > position {
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
        let (woken, endings) = self.state.withLock { state in
            state.isClosed = true
            defer {
                state.waiters.removeAll()
                state.endings.removeAll()
            }
            return (state.waiters.values.map(\.continuation), state.endings.values.flatMap { $0 })
        }
        for continuation in woken { continuation.resume() }
        for ending in endings { ending.tell(nil) }
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
