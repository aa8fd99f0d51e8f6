import BatonCore
import BatonEngine
import NIOCore

/// Goes through the events of a run for one client.
struct EventReader: Sendable {
    private let broadcast: EventBroadcast
    private let journal: JournalReader
    private let after: Int64
    private let count: EncodingCount
    private var place: EventBroadcast.Place
    private var figures = 0

    init(
        _ broadcast: EventBroadcast,
        _ journal: JournalReader,
        _ form: EventStream.Form,
        after: Int64,
        count: EncodingCount
    ) {
        self.broadcast = broadcast
        self.journal = journal
        self.after = after
        self.count = count
        self.place = EventBroadcast.Place(
            cursor: JournalReader.Cursor(run: broadcast.run),
            encoder: EventStreamEncoder(form)
        )
    }

    /// The next events, waiting for them; nil behind the last.
    mutating func next() async throws -> [ByteBuffer]? {
        while true {
            let position = max(self.after, self.place.cursor.position.value)
            switch try await self.broadcast.next(after: position, seen: self.figures) {
            case .here(let buffers, let place, let figures):
                if let place { self.place = place }
                self.figures = figures
                return buffers
            case .behind:
                let facts = try await self.journal.next(&self.place.cursor, limit: 8)
                // What was there is gone: better an end than to look for ever.
                guard !facts.isEmpty else { return nil }
                let events = self.place.encoder.events(facts, after: self.after)
                self.count.add(events.count)
                if !events.isEmpty { return [events.buffer(after: self.after)] }
            case .over: return nil
            }
        }
    }
}
