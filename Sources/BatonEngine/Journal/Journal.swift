package import BatonCore

/// Where events live, append-only.
///
/// An adapter works on its own thread, never on the cooperative pool; but for ``appendHere(_:)``, which is asked for by whoever
/// has nothing better to do with the thread.
///
/// All facts of one append become durable together or not at all; when `append` has returned, they survive `kill -9`
/// and a power cut. After a failed append the adapter takes no more: a failed sync is never retried.
package protocol Journal: Sendable {
    /// Stores chunks and the contents they name in one transaction.
    ///
    /// - Throws: ``BatonError`` with `journal.unavailable`, or `run.exists` if the first chunk of a run is there already.
    func append(_ batch: JournalBatch) async throws

    /// The same on the caller's thread; false if this journal cannot, and then nothing has been done.
    ///
    /// - Throws: what ``append(_:)`` throws.
    func appendHere(_ batch: JournalBatch) throws -> Bool

    /// The chunks of a run whose events come after a position, in order; at most `limit`.
    func chunks(of run: RunID, after: Position, limit: Int) async throws -> [Chunk]

    /// Stored contents; what is not there is missing in the answer.
    func contents(_ digests: [Digest]) async throws -> [Digest: [UInt8]]

    /// Every run with its head, the newest first.
    func heads() async throws -> [RunHead]

    /// One run's head.
    func head(of run: RunID) async throws -> RunHead?

    /// What was said to a request with this key; nil if there was none.
    func receipt(_ id: Receipt.ID) async throws -> Receipt?
}

extension Journal {
    /// A journal that has to wait for others cannot.
    package func appendHere(_: JournalBatch) throws -> Bool { false }
}

/// What goes to disk together.
package struct JournalBatch: Sendable {
    /// At most one for each run; several in order only where a run that was carried elsewhere comes in whole.
    package var chunks: [Chunk] = []
    /// Contents that the events of the chunks name.
    package var contents: [StoredContent] = []
    /// The heads of the same runs after the chunks.
    package var heads: [RunHead] = []
    /// What is said to requests that came with a key; also refusals, which bring no chunk.
    package var receipts: [Receipt] = []

    /// Nothing.
    package init() {}
}

/// The events of one run in one append.
package struct Chunk: Hashable, Sendable {
    /// Whose events.
    package let run: RunID
    /// The position of the first event.
    package let first: Position
    /// How many events.
    package let count: Int
    /// The hash of the chunk before; zero for the first.
    package let previous: Digest
    /// The hash over all of this.
    package let hash: Digest
    /// JSON lines.
    package let lines: [UInt8]

    /// Describes a chunk as it was stored.
    package init(run: RunID, first: Position, count: Int, previous: Digest, hash: Digest, lines: [UInt8]) {
        self.run = run
        self.first = first
        self.count = count
        self.previous = previous
        self.hash = hash
        self.lines = lines
    }

    /// The position of the last event.
    package var last: Position { Position(self.first.value &+ Int64(self.count) &- 1) }
}

/// A text stored by its SHA-256.
package struct StoredContent: Hashable, Sendable {
    /// Its hash.
    package let digest: Digest
    /// UTF-8.
    package let bytes: [UInt8]

    /// Describes a content; the hash must be right.
    package init(digest: Digest, bytes: [UInt8]) {
        self.digest = digest
        self.bytes = bytes
    }
}

/// What a list of runs shows, kept beside the events so that ended runs need no folding.
package struct RunHead: Hashable, Sendable {
    /// Which run.
    package let run: RunID
    /// The title of its plan.
    package let title: String
    /// `running`, `paused`, `stopping`, or how it ended.
    package let state: String
    /// Whether it has ended.
    package let isEnded: Bool
    /// Whether stand-ins play it.
    package let isRehearsal: Bool
    /// Tasks in all.
    package let totalTasks: Int
    /// Tasks that have ended.
    package let endedTasks: Int
    /// Open questions.
    package let openQuestions: Int
    /// When it was made, by the clock of the machine, also for rehearsals.
    package let createdAt: Timestamp
    /// When it last changed, by the clock of the machine.
    package let updatedAt: Timestamp
    /// The last event.
    package let position: Position
    /// The hash of the last chunk.
    package let hash: Digest
    /// Where the events before its first own one are, if it is a fork.
    package let origin: ForkOrigin?

    /// Describes a head.
    package init(
        run: RunID,
        title: String,
        state: String,
        isEnded: Bool,
        isRehearsal: Bool,
        totalTasks: Int,
        endedTasks: Int,
        openQuestions: Int,
        createdAt: Timestamp,
        updatedAt: Timestamp,
        position: Position,
        hash: Digest,
        origin: ForkOrigin? = nil
    ) {
        self.origin = origin
        self.run = run
        self.title = title
        self.state = state
        self.isEnded = isEnded
        self.isRehearsal = isRehearsal
        self.totalTasks = totalTasks
        self.endedTasks = endedTasks
        self.openQuestions = openQuestions
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.position = position
        self.hash = hash
    }
}

/// Where a fork left another run: events up to there are that run's own, and are not stored again.
package struct ForkOrigin: Hashable, Sendable {
    package let run: RunID
    package let position: Position

    package init(run: RunID, position: Position) {
        self.run = run
        self.position = position
    }
}
