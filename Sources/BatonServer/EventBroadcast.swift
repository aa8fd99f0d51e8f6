import BatonCore
import BatonEngine
import DequeModule
import NIOCore
import Synchronization

/// The events of one run in one form, read and encoded once for all who keep up.
///
/// The next facts are fetched when nearly all who kept up so far have all there are, or a quarter of a second after the first
/// of them: a thousand readers share a few large parts rather than lose each other. Who has fallen behind what is kept
/// here, or comes late, reads the journal alone until caught up, and nobody waits for them. Figures stand behind the newest
/// events, worked out once for all, and come again every few seconds while nothing happens.
final class EventBroadcast: Sendable {
    /// Where a reader is, and what it needs to go on from there alone.
    struct Place: Sendable {
        var cursor: JournalReader.Cursor
        var encoder: EventStreamEncoder
    }

    /// What there is for a reader.
    enum Next {
        /// Events, with the newest figures behind them if the reader has not seen these; only figures if there is no place.
        case here([ByteBuffer], Place?, figures: Int)
        case behind
        case over
    }

    fileprivate struct Part {
        let events: EncodedEvents
        let place: Place
    }

    private enum Ticker {
        case fresh
        case ticking(Task<Void, Never>)
        case stopped
    }

    fileprivate enum Source {
        case idle(FactStream)
        /// Some have all there is, and the others have until the task ends.
        case gathering(FactStream, Task<Void, Never>)
        case fetching(Task<Void, Never>)
        case over((any Error)?)
    }

    fileprivate struct State {
        var source: Source
        var head: Position = .start
        var encoder: EventStreamEncoder
        var parts: Deque<Part> = []
        var bytes = 0
        var figures: FigureSource.Sheet?
        /// How many there have been.
        var figured = 0
        /// Rises with all that readers may wait for.
        var version: Int64 = 0
        /// How many have come to the end of what there is, and how many did so the time before.
        var arrived = 0
        var expected = 0
    }

    private static let patience = Duration.milliseconds(250)
    /// Figures of a run in which nothing happens are never older.
    static let interval = Duration.seconds(5)

    let run: RunID
    private let after: Int64
    private let largestKept: Int
    private let count: EncodingCount
    // Apart from the state: whoever folds them must not keep readers waiting.
    private let figures: FigureSource
    private let ticker = Mutex(Ticker.fresh)
    // Only those who follow here wait on it: the engine's own has one watcher for all of them.
    private let board = HeadBoard(longestTail: 0)
    private let state: Mutex<State>

    /// - Parameters:
    ///   - after: what comes up to there is not wanted by the first reader, and not encoded.
    ///   - figuresFrom: how far the run is: there are no figures of what was before. Nil is none at all.
    ///   - clock: tells the moment of the figures.
    ///   - largestKept: how many bytes are kept for those who are slower.
    init(
        _ stream: FactStream,
        _ form: EventStream.Form,
        after: Int64,
        figuresFrom: Position? = nil,
        clock: any EngineClock = SystemClock(),
        largestKept: Int = 16 << 20,
        count: EncodingCount,
        figured: EncodingCount = EncodingCount()
    ) {
        self.run = stream.cursor.run
        self.after = after
        self.figures = FigureSource(self.run, from: figuresFrom, clock: clock, count: figured)
        self.largestKept = largestKept
        self.count = count
        self.state = Mutex(State(source: .idle(stream), encoder: EventStreamEncoder(form)))
    }

    /// What comes behind a position, waiting for it.
    ///
    /// - Parameter seen: the newest figures that the reader has.
    func next(after position: Int64, seen: Int) async throws -> Next {
        while true {
            let (next, version) = try self.state.withLock { state in
                (try self.look(after: position, seen: seen, &state), state.version)
            }
            if let next { return next }
            _ = await self.board.wait(for: self.run, after: Position(version))
            try Task.checkCancellation()
        }
    }

    /// The last reader has gone.
    func stop() {
        self.ticker.withLock { ticker in
            if case .ticking(let task) = ticker { task.cancel() }
            ticker = .stopped
        }
        self.state.withLock { state in
            switch state.source {
            case .gathering(_, let task), .fetching(let task): task.cancel()
            case .idle, .over: break
            }
        }
    }

    // Nil if there is nothing yet: then it is being fetched.
    private func look(after position: Int64, seen: Int, _ state: inout State) throws -> Next? {
        let figures = state.figured > seen ? state.figures?.bytes : nil
        if let index = state.parts.firstIndex(where: { $0.events.last > position }),
            state.parts[index].events.first <= position + 1
        {
            let parts = state.parts[index...]
            let events = parts.map { $0.events.buffer(after: position) }
            return .here(events + [figures].compactMap(\.self), parts[parts.endIndex - 1].place, figures: state.figured)
        }
        guard state.head.value <= position else { return .behind }
        if let figures { return .here([figures], nil, figures: state.figured) }
        switch state.source {
        case .over(let error?): throw error
        case .over(nil): return .over
        case .fetching: return nil
        case .idle(let stream), .gathering(let stream, _):
            state.arrived += 1
            self.gather(stream, &state)
            return nil
        }
    }

    private func gather(_ stream: FactStream, _ state: inout State) {
        if 8 * state.arrived >= 7 * state.expected {
            if case .gathering(_, let task) = state.source { task.cancel() }
            (state.expected, state.arrived) = (state.arrived, 0)
            // Unstructured: it is for all readers, and none of them is its parent. The last one cancels it.
            state.source = .fetching(Task { await self.fetch(stream) })
        } else if case .idle = state.source {
            // Unstructured, for the same reason.
            let patience = Task {
                // Cancelled when all are there, or nobody is.
                guard (try? await Task.sleep(for: Self.patience)) != nil else { return }
                self.state.withLock { state in
                    guard case .gathering(let stream, _) = state.source else { return }
                    state.expected = state.arrived
                    self.gather(stream, &state)
                }
            }
            state.source = .gathering(stream, patience)
        }
    }

    private func fetch(_ idle: FactStream) async {
        var stream = idle
        do {
            // Whoever waits is woken by something new only: what nobody wants is passed over here.
            while let facts = try await stream.next() {
                let figures = self.figures.fold(facts)
                let (isNew, version) = self.state.withLock { state in
                    let isNew = self.take(facts, stream.cursor, &state)
                    if isNew { state.source = .idle(stream) }
                    if let figures { state.show(figures) }
                    if isNew || figures != nil { state.version += 1 }
                    return (isNew, state.version)
                }
                if isNew || figures != nil { self.board.advance(self.run, to: Position(version)) }
                if figures != nil { self.startTicking() }
                if isNew { return }
            }
            self.state.withLock { $0.source = .over(nil) }
        } catch {
            self.state.withLock { $0.source = .over(error) }
        }
        self.stop()
        self.board.close()
    }

    // False if all of it is before what the first reader wanted.
    private func take(_ facts: [Recorded], _ cursor: JournalReader.Cursor, _ state: inout State) -> Bool {
        let events = state.encoder.events(facts, after: self.after)
        state.head = cursor.position
        guard !events.isEmpty else { return false }
        self.count.add(events.count)
        state.bytes += events.bytes
        state.parts.append(Part(events: events, place: Place(cursor: cursor, encoder: state.encoder)))
        while state.bytes > self.largestKept, state.parts.count > 1, let oldest = state.parts.popFirst() {
            state.bytes -= oldest.events.bytes
        }
        return true
    }

    // MARK: Figures while nothing happens

    private func startTicking() {
        self.ticker.withLock { ticker in
            guard case .fresh = ticker else { return }
            // Unstructured: it is for all readers, and none of them is its parent. Cancelled with the last one, or the run.
            ticker = .ticking(
                Task {
                    let clock = self.figures.clock
                    // Cancelled, nobody waits for figures any more.
                    while (try? await clock.sleep(until: clock.now() + Self.interval)) != nil { self.refresh() }
                }
            )
        }
    }

    // Only while nothing comes: what comes brings its own.
    private func refresh() {
        guard self.state.withLock({ $0.isFetching }), let figures = self.figures.now() else { return }
        let version = self.state.withLock { state -> Int64? in
            // Figures never run ahead of the events that they count, nor behind.
            guard state.isFetching, state.head == figures.position else { return nil }
            state.show(figures)
            state.version += 1
            return state.version
        }
        if let version { self.board.advance(self.run, to: Position(version)) }
    }
}

extension EventBroadcast.State {
    fileprivate var isFetching: Bool {
        if case .fetching = self.source { return true }
        return false
    }

    fileprivate mutating func show(_ figures: FigureSource.Sheet) {
        self.figures = figures
        self.figured += 1
    }
}
