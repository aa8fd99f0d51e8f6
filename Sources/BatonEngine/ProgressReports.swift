import BatonCore
import Synchronization

/// Progress for a callback: each change that it is quick enough for, the newest if it is not, and the same again when an
/// interval passes without a change.
struct ProgressReports: Sendable {
    private static let shortest = Duration.milliseconds(1)

    private struct State {
        var newest: Progress
        var isTold = false
        var toldAt: Timestamp
    }

    private let stream: FactStream
    private let interval: Duration?
    private let clock: any EngineClock

    init(_ run: RunHandle, every interval: Duration?) {
        self.stream = run.pacedFacts
        self.interval = interval
        self.clock = run.engine.clock
    }

    func each(_ report: @Sendable (Progress) async -> Void) async throws {
        var facts = self.stream
        // The first of them tells the plan.
        guard let first = try await facts.next(), let begin = first.first, var progress = Progress(begin) else {
            return
        }
        for fact in first.dropFirst() { progress.take(fact) }
        let interval = max(Self.shortest, self.interval ?? begin.event.progressUpdateInterval)
        let box = Box(State(newest: progress, toldAt: self.clock.now()))
        let (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        signal.yield()
        let (stream, known) = (facts, progress)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                // Its end is the end of all: whoever waits for signals gets the last one and no more.
                defer { signal.finish() }
                try await Self.read(stream, from: known, into: box, signal)
            }
            group.addTask { await self.remind(every: interval, box, signal) }
            for await _ in signals {
                let now = self.clock.now()
                let due = box.state.withLock { state -> Progress? in
                    guard !state.isTold || now - state.toldAt >= interval else { return nil }
                    state.isTold = true
                    state.toldAt = now
                    return state.newest
                }
                if let due { await report(due) }
            }
            // The reader has ended: what it threw comes first, and nobody needs to be reminded any more.
            try await group.next()
            group.cancelAll()
        }
    }

    private final class Box: Sendable {
        let state: Mutex<State>

        init(_ state: State) { self.state = Mutex(state) }
    }

    private static func read(
        _ stream: FactStream,
        from known: Progress,
        into box: Box,
        _ signal: AsyncStream<Void>.Continuation
    ) async throws {
        var (stream, progress) = (stream, known)
        while let facts = try await stream.next() {
            for fact in facts { progress.take(fact) }
            let newest = progress
            box.state.withLock { state in
                state.newest = newest
                state.isTold = false
            }
            signal.yield()
        }
    }

    private func remind(every interval: Duration, _ box: Box, _ signal: AsyncStream<Void>.Continuation) async {
        var next = self.clock.now() + interval
        while (try? await self.clock.sleep(until: next)) != nil {
            let now = self.clock.now()
            let due = box.state.withLock { $0.toldAt } + interval
            if due <= now { signal.yield() }
            next = due > now ? due : now + interval
        }
    }
}

extension Event {
    /// Of the first event of a run.
    fileprivate var progressUpdateInterval: Duration {
        if case .created(let seed) = self { return seed.plan.defaults.progressUpdateInterval }
        return Plan.Defaults().progressUpdateInterval
    }
}
