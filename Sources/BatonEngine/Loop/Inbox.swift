import BatonCore
import DequeModule
import Synchronization

/// What waits for the loop: control first, then results; at most so many of a run at a time.
final class Inbox: Sendable {
    enum Input: Sendable {
        // Large payloads are boxed, so that what is moved through the inbox stays small.
        indirect case create(RunBeginning, by: Origin)
        /// A run that begins with a history, as a fork does, and what has to be stored of it.
        indirect case begin(Run, Emission, ChunkWriter.Chain, [StoredContent])
        /// A run that another engine left; one that is paused goes on unless it `staysPaused`.
        indirect case adopt(Run, ChunkWriter.Chain, staysPaused: Bool)
        indirect case command(RunID, Wish, by: Origin)
        case wake
        case shutDown

        /// The run it is about.
        var run: RunID? {
            switch self {
            case .create(let beginning, _): beginning.seed.run
            case .adopt(let run, _, _), .begin(let run, _, _, _): run.id
            case .command(let run, _, _): run
            case .wake, .shutDown: nil
            }
        }

        /// The last event of a run before what this brings to the loop.
        var shared: Position {
            switch self {
            case .adopt(let run, _, _): run.head
            case .begin(_, let out, _, _): out.facts.first.map { Position($0.position.value - 1) } ?? .start
            case .create, .command, .wake, .shutDown: .start
            }
        }
    }

    /// An input with whoever waits for its reply: called once, after the append, refusals too.
    struct Envelope: Sendable {
        let input: Input
        /// For a request with a key: where its receipt goes, and what its body was.
        var receipt: Receipt.Claim?
        let reply: (@Sendable (Result<CommandReply, any Error>) -> Void)?
    }

    /// What came of a step.
    struct Returned: Sendable {
        let run: RunID
        let key: StepKey
        let returned: StepRunner.Return
    }

    /// What the loop takes at once.
    struct Batch: Sendable {
        /// What came of the write that is under way.
        var stored: Result<Void, any Error>?
        var control: [Envelope] = []
        var results: [Returned] = []

        var isEmpty: Bool { self.stored == nil && self.control.isEmpty && self.results.isEmpty }
    }

    private struct State {
        var stored: Result<Void, any Error>?
        var control = Deque<Envelope>()
        var results: [Returned] = []
        var waiter: CheckedContinuation<Void, Never>?
        /// How many results are worth waking the loop.
        var least = 1
        var isClosed = false

        /// Takes results in their order, at most so many a run.
        mutating func takeResults(_ limit: Int) -> [Returned] {
            guard self.results.count > limit else {
                var own: [Returned] = []
                swap(&own, &self.results)
                // The next will be about as many.
                self.results.reserveCapacity(own.count)
                return own
            }
            var taken: [RunID: Int] = [:]
            var (own, left): ([Returned], [Returned]) = ([], [])
            for result in self.results {
                let count = taken[result.run, default: 0]
                if count < limit {
                    taken[result.run] = count + 1
                    own.append(result)
                } else {
                    left.append(result)
                }
            }
            self.results = left
            return own
        }

        /// The loop, if it waits and the results are worth waking it.
        mutating func worthWaking() -> CheckedContinuation<Void, Never>? {
            guard self.results.count >= self.least else { return nil }
            defer { self.waiter = nil }
            return self.waiter
        }
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
            // What the engine says to itself is little, and must not be lost.
            guard envelope.reply == nil || state.control.count < Self.mostWaiting else { return (.full, nil) }
            state.control.append(envelope)
            defer { state.waiter = nil }
            return (.taken, state.waiter)
        }
        waiter?.resume()
        return accepted
    }

    /// Takes what came of an order.
    ///
    /// - Parameter wakes: whether the loop is told now; whoever does not has to ``tell()`` it soon.
    func put(_ returned: StepRunner.Return, of order: StepRunner.Order, wakes: Bool) {
        self.put(Returned(run: order.run, key: order.key, returned: returned), wakes: wakes)
    }

    /// Takes a result; after the end of the loop nobody wants it.
    func put(_ returned: Returned, wakes: Bool = true) {
        let waiter = self.state.withLock { state -> CheckedContinuation<Void, Never>? in
            guard !state.isClosed else { return nil }
            state.results.append(returned)
            return wakes ? state.worthWaking() : nil
        }
        waiter?.resume()
    }

    /// Tells the loop of the results that are here.
    func tell() { self.state.withLock { $0.worthWaking() }?.resume() }

    /// The write that was under way has ended.
    func put(stored: Result<Void, any Error>) {
        let waiter = self.state.withLock { state -> CheckedContinuation<Void, Never>? in
            state.stored = stored
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    /// Waits until something is there and takes it: the end of a write, all control inputs, then results, at most `limit` a run.
    ///
    /// - Parameters:
    ///   - least: fewer results than this are not worth being woken for.
    ///   - onlyStored: takes nothing but the end of the write that is under way.
    func next(limit: Int, least: Int = 1, onlyStored: Bool = false) async -> Batch {
        while true {
            let batch = self.take(limit, least, onlyStored)
            if !batch.isEmpty { return batch }
            await withCheckedContinuation { continuation in
                let isReady = self.state.withLock { state in
                    let isMore = !onlyStored && (!state.control.isEmpty || state.results.count >= least)
                    guard state.stored == nil, !isMore else { return true }
                    state.waiter = continuation
                    state.least = least
                    return false
                }
                if isReady { continuation.resume() }
            }
        }
    }

    /// The results that have come since, without waiting.
    func moreResults(limit: Int) -> [Returned] { self.state.withLock { $0.takeResults(limit) } }

    private func take(_ limit: Int, _ least: Int, _ onlyStored: Bool) -> Batch {
        self.state.withLock { state in
            var batch = Batch()
            swap(&batch.stored, &state.stored)
            guard !onlyStored else { return batch }
            batch.control = Array(state.control)
            state.control.removeAll(keepingCapacity: true)
            guard batch.stored != nil || !batch.control.isEmpty || state.results.count >= least else { return batch }
            batch.results = state.takeResults(limit)
            return batch
        }
    }

    /// Takes nothing more; who waits for a reply is returned, so that it can be answered.
    func close() -> [Envelope] {
        self.state.withLock { state in
            state.isClosed = true
            defer {
                state.control.removeAll()
                state.results.removeAll()
            }
            return Array(state.control)
        }
    }
}
