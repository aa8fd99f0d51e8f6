import BatonCore
import DequeModule
import Synchronization

/// What waits for the loop: control first, then results; at most so many a run and batch.
final class Inbox: Sendable {
    enum Input: Sendable {
        case create(RunSeed, StoredContent, by: Origin)
        /// A run that begins with a history, as a fork does, and what has to be stored of it.
        case begin(Run, Emission, ChunkWriter.Chain, [StoredContent])
        /// A run that another engine left; one that is paused goes on unless it `staysPaused`.
        case adopt(Run, ChunkWriter.Chain, staysPaused: Bool)
        case command(RunID, Wish, by: Origin)
        case returned(RunID, StepKey, StepRunner.Return)
        case wake
        case shutDown

        /// The run it is about.
        var run: RunID? {
            switch self {
            case .create(let seed, _, _): seed.run
            case .adopt(let run, _, _), .begin(let run, _, _, _): run.id
            case .command(let run, _, _), .returned(let run, _, _): run
            case .wake, .shutDown: nil
            }
        }
    }

    /// An input with whoever waits for its reply: called once, after the append, refusals too.
    struct Envelope: Sendable {
        let input: Input
        /// For a request with a key: where its receipt goes, and what its body was.
        var receipt: (id: Receipt.ID, digest: Digest)?
        let reply: (@Sendable (Result<CommandReply, any Error>) -> Void)?
    }

    private struct State {
        var control = Deque<Envelope>()
        var results = Deque<Envelope>()
        var waiter: CheckedContinuation<Void, Never>?
        var isClosed = false
    }

    /// More than this from outside is told busy; results are bounded by slots.
    static let mostWaiting = 65_536

    private let state = Mutex(State())

    enum Acceptance {
        case taken
        /// The loop has ended.
        case closed
        /// Too much waits.
        case full
    }

    func put(_ envelope: Envelope) -> Acceptance {
        let (accepted, waiter) = self.state.withLock { state -> (Acceptance, CheckedContinuation<Void, Never>?) in
            guard !state.isClosed else { return (.closed, nil) }
            if case .returned = envelope.input {
                state.results.append(envelope)
            } else {
                guard state.control.count < Self.mostWaiting else { return (.full, nil) }
                state.control.append(envelope)
            }
            defer { state.waiter = nil }
            return (.taken, state.waiter)
        }
        waiter?.resume()
        return accepted
    }

    /// Waits until something is there and takes it: all control inputs, then results, at most `limit` a run.
    func next(limit: Int) async -> [Envelope] {
        while true {
            let batch = self.take(limit)
            if !batch.isEmpty { return batch }
            await withCheckedContinuation { continuation in
                let isReady = self.state.withLock { state in
                    guard state.control.isEmpty, state.results.isEmpty else { return true }
                    state.waiter = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        }
    }

    private func take(_ limit: Int) -> [Envelope] {
        self.state.withLock { state in
            var batch = Array(state.control)
            state.control.removeAll(keepingCapacity: true)
            if state.results.count <= limit {
                batch.append(contentsOf: state.results)
                state.results.removeAll(keepingCapacity: true)
                return batch
            }
            var taken: [RunID: Int] = [:]
            var left = Deque<Envelope>()
            for envelope in state.results {
                guard case .returned(let run, _, _) = envelope.input else { continue }
                let count = taken[run, default: 0]
                if count < limit {
                    taken[run] = count + 1
                    batch.append(envelope)
                } else {
                    left.append(envelope)
                }
            }
            state.results = left
            return batch
        }
    }

    /// Takes nothing more; what waits is returned, so that it can be answered.
    func close() -> [Envelope] {
        self.state.withLock { state in
            state.isClosed = true
            defer {
                state.control.removeAll()
                state.results.removeAll()
            }
            return Array(state.control) + Array(state.results)
        }
    }
}
