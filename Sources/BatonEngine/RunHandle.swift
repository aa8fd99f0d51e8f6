public import BatonCore

/// A run that an engine has in hand.
public struct RunHandle: Sendable {
    /// Its identifier.
    public let id: RunID
    let engine: Engine
    // Of a run that went on here when the handle was made: it tells the outcome also when the engine has ended.
    private let ending: HeadBoard.Ending?

    init(id: RunID, engine: Engine, ending: HeadBoard.Ending? = nil) {
        self.id = id
        self.engine = engine
        self.ending = ending
    }

    /// All events from the first on, as they become durable; ends with the run or the engine.
    public var events: some AsyncSequence<RunEvent, any Error> & Sendable {
        RunEvents(FactStream(run: self.id, engine: self.engine))
    }

    /// Blockers, questions, completed tasks and resolutions from the first on, as they become durable; ends with the run or the engine.
    ///
    /// No timer is involved: whoever waits is woken by the event.
    public var teamEvents: some AsyncSequence<TeamEvent, any Error> & Sendable {
        RunEvents(FactStream(run: self.id, engine: self.engine)).compactMap(\.team)
    }

    /// Progress as it changes, at most thirty times a second; ends with the run or the engine.
    public var progress: some AsyncSequence<Progress, any Error> & Sendable {
        RunProgress(FactStream(run: self.id, engine: self.engine, isPaced: true))
    }

    /// Calls back with progress as it changes, at most thirty times a second, and at least once an interval, until the run or
    /// the engine ends.
    ///
    /// A callback that takes long delays nobody: what changes meanwhile is told by the next one, which gets the newest.
    ///
    /// - Parameters:
    ///   - interval: how long it may be silent; nil takes `progress_update_interval_seconds` of the plan.
    ///   - report: called back, one call after the other.
    public func onProgress(
        every interval: Duration? = nil,
        _ report: @Sendable (Progress) async -> Void
    ) async throws {
        try await ProgressReports(self, every: interval).each(report)
    }

    /// Waits for the end.
    ///
    /// - Throws: ``BatonError`` if the engine stops before.
    public func outcome() async throws -> RunOutcome {
        if let ending { return try await self.outcome(after: ending) }
        let (ending, isComing) = self.engine.board.ending(of: self.id)
        defer { self.engine.board.leave(ending, of: self.id) }
        // It may have ended before anybody asked: then it is in the journal, and no longer in memory.
        if !isComing, try await self.hasEnded { return try await self.engine.outcome(of: self.id) }
        return try await self.outcome(after: ending)
    }

    private func outcome(after ending: HeadBoard.Ending) async throws -> RunOutcome {
        guard let run = await ending.run() else { throw Engine.stopped }
        return try await RunOutcome.of(run, reader: JournalReader(self.engine.journal))
    }

    private var hasEnded: Bool {
        get async throws { try await self.engine.journal.head(of: self.id)?.isEnded ?? false }
    }

    package var facts: FactStream { FactStream(run: self.id, engine: self.engine) }

    /// The same for whoever shows them to people: many at once where there are many.
    package var pacedFacts: FactStream { FactStream(run: self.id, engine: self.engine, isPaced: true) }
}

/// A cursor over the journal and a wake-up; owns no queue.
package struct FactStream: Sendable {
    private let engine: Engine
    private let reader: JournalReader
    private let watch: HeadBoard.Watch
    /// Where it is; whoever keeps this can read on from there alone.
    package private(set) var cursor: JournalReader.Cursor
    private var isOver = false
    private var pace: Pace?

    init(run: RunID, engine: Engine, isPaced: Bool = false) {
        self.pace = isPaced ? Pace() : nil
        self.engine = engine
        self.reader = JournalReader(engine.journal)
        self.watch = engine.board.watch(run)
        self.cursor = JournalReader.Cursor(run: run)
    }

    /// The next facts, waiting for them; nil behind the run's end or the engine's.
    package mutating func next() async throws -> [Recorded]? {
        guard !self.isOver else { return nil }
        while true {
            try await self.pace?.wait()
            let facts = try await self.more()
            if !facts.isEmpty {
                if case .ended? = facts.last?.event { self.isOver = true }
                return facts
            }
            guard await self.engine.board.wait(for: self.cursor.run, after: self.cursor.position) else { return nil }
        }
    }
}

extension FactStream {
    // What has just been written is still in memory; older facts come from the journal.
    private mutating func more() async throws -> [Recorded] {
        let parts = self.engine.board.parts(of: self.cursor.run, after: self.cursor.position)
        guard let last = parts.last else { return try await self.reader.next(&self.cursor) }
        self.cursor.skip(to: last.last, hash: last.hash)
        return parts.count == 1 ? last.facts : parts.flatMap(\.facts)
    }
}

/// The events of a run.
package struct RunEvents: AsyncSequence, Sendable {
    private let stream: FactStream

    init(_ stream: FactStream) { self.stream = stream }

    /// Starts at the first event.
    package func makeAsyncIterator() -> Iterator { Iterator(stream: self.stream) }

    /// Goes through the events.
    package struct Iterator: AsyncIteratorProtocol {
        private var stream: FactStream
        private var view: EventView?
        private var waiting: ArraySlice<Recorded> = []

        init(stream: FactStream) { self.stream = stream }

        /// The next event; nil at the end.
        package mutating func next() async throws -> RunEvent? {
            while self.waiting.isEmpty {
                guard let facts = try await self.stream.next() else { return nil }
                self.waiting = facts[...]
            }
            let fact = self.waiting.removeFirst()
            if self.view == nil { self.view = EventView(fact) }
            return self.view?.view(fact)
        }
    }
}

/// The progress of a run, as it changes.
package struct RunProgress: AsyncSequence, Sendable {
    private let stream: FactStream

    init(_ stream: FactStream) { self.stream = stream }

    /// Starts at the first event.
    package func makeAsyncIterator() -> Iterator { Iterator(stream: self.stream) }

    /// Goes through the changes.
    package struct Iterator: AsyncIteratorProtocol {
        private var stream: FactStream
        private var progress: Progress?

        init(stream: FactStream) { self.stream = stream }

        /// Progress after what has happened since; nil at the end.
        package mutating func next() async throws -> Progress? {
            guard let facts = try await self.stream.next() else { return nil }
            for fact in facts {
                if self.progress == nil { self.progress = Progress(fact) } else { self.progress?.take(fact) }
            }
            return self.progress
        }
    }
}
