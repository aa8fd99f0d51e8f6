public import BatonCore

/// A run that an engine has in hand.
public struct RunHandle: Sendable {
    /// Its identifier.
    public let id: RunID
    let engine: Engine

    /// All events from the first on, as they become durable; ends with the run or the engine.
    public var events: RunEvents { RunEvents(FactStream(run: self.id, engine: self.engine)) }

    /// Progress after every change; ends with the run or the engine.
    public var progress: RunProgress { RunProgress(FactStream(run: self.id, engine: self.engine)) }

    /// Calls back with progress after every change until the run or the engine ends.
    public func onProgress(_ report: @Sendable (Progress) async -> Void) async throws {
        for try await progress in self.progress { await report(progress) }
    }

    /// Waits for the end.
    ///
    /// - Throws: ``BatonError`` if the engine stops before.
    public func outcome() async throws -> RunOutcome {
        if let run = await self.engine.board.waitForEnd(of: self.id) {
            return try await RunOutcome.of(run, reader: JournalReader(self.engine.journal))
        }
        throw Engine.stopped
    }

    package var facts: FactStream { FactStream(run: self.id, engine: self.engine) }
}

/// A cursor over the journal and a wake-up; owns no queue.
package struct FactStream: Sendable {
    private let engine: Engine
    private let reader: JournalReader
    private var cursor: JournalReader.Cursor
    private var isOver = false

    init(run: RunID, engine: Engine) {
        self.engine = engine
        self.reader = JournalReader(engine.journal)
        self.cursor = JournalReader.Cursor(run: run)
    }

    /// The next facts, waiting for them; nil behind the run's end or the engine's.
    package mutating func next() async throws -> [Recorded]? {
        guard !self.isOver else { return nil }
        while true {
            let facts = try await self.reader.next(&self.cursor)
            if !facts.isEmpty {
                if case .ended? = facts.last?.event { self.isOver = true }
                return facts
            }
            guard await self.engine.board.wait(for: self.cursor.run, after: self.cursor.position) else { return nil }
        }
    }
}

/// The events of a run.
public struct RunEvents: AsyncSequence, Sendable {
    private let stream: FactStream

    init(_ stream: FactStream) { self.stream = stream }

    /// Starts at the first event.
    public func makeAsyncIterator() -> Iterator { Iterator(stream: self.stream) }

    /// Goes through the events.
    public struct Iterator: AsyncIteratorProtocol {
        private var stream: FactStream
        private var view: EventView?
        private var waiting: ArraySlice<Recorded> = []

        init(stream: FactStream) { self.stream = stream }

        /// The next event; nil at the end.
        public mutating func next() async throws -> RunEvent? {
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

/// The progress of a run: one value for every append.
public struct RunProgress: AsyncSequence, Sendable {
    private let stream: FactStream

    init(_ stream: FactStream) { self.stream = stream }

    /// Starts at the first event.
    public func makeAsyncIterator() -> Iterator { Iterator(stream: self.stream) }

    /// Goes through the changes.
    public struct Iterator: AsyncIteratorProtocol {
        private var stream: FactStream
        private var progress: Progress?

        init(stream: FactStream) { self.stream = stream }

        /// Progress after the next append; nil at the end.
        public mutating func next() async throws -> Progress? {
            guard let facts = try await self.stream.next() else { return nil }
            for fact in facts {
                if self.progress == nil { self.progress = Progress(fact) } else { self.progress?.take(fact) }
            }
            return self.progress
        }
    }
}
