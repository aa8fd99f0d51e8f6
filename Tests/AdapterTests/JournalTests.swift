import BatonCore
import BatonEngine
import BatonSQLite
import BatonTestKit
import Testing

/// Every journal there is; each passes the same tests.
enum JournalAdapter: String, CaseIterable, CustomTestStringConvertible {
    case memory
    case sqlite
    /// SQLite on the caller's thread.
    case sqliteHere

    var testDescription: String { self.rawValue }

    /// A journal with whatever keeps it alive.
    struct Room {
        let journal: any Journal
        let folder: TemporaryFolder?
        let data: DataFolder?
    }

    func room() throws -> Room {
        switch self {
        case .memory: return Room(journal: MemoryJournal(), folder: nil, data: nil)
        case .sqlite, .sqliteHere:
            let folder = try TemporaryFolder()
            let data = try DataFolder(holding: folder("data"))
            let journal = try SQLiteJournal(in: data)
            let isHere = self == .sqliteHere
            return Room(journal: isHere ? JournalHere(inner: journal) : journal, folder: folder, data: data)
        }
    }
}

/// A journal of which every append is one on the caller's thread.
private struct JournalHere: ForwardingJournal {
    let inner: any Journal

    func append(_ batch: JournalBatch) async throws { #expect(try self.inner.appendHere(batch)) }
}

@Suite struct JournalTests {
    @Test(arguments: JournalAdapter.allCases)
    func `what was appended is read back in order`(adapter: JournalAdapter) async throws {
        let room = try adapter.room()
        let chunks = Self.chain(of: "r", sizes: [3, 1, 2])
        for chunk in chunks { try await room.journal.append(Self.batch([chunk])) }
        #expect(try await room.journal.chunks(of: RunID("r"), after: .start, limit: 10) == chunks)
        #expect(try await room.journal.chunks(of: RunID("r"), after: Position(3), limit: 10) == Array(chunks[1...]))
        #expect(try await room.journal.chunks(of: RunID("r"), after: .start, limit: 1) == [chunks[0]])
        #expect(try await room.journal.chunks(of: RunID("r"), after: Position(6), limit: 1).isEmpty)
        #expect(try await room.journal.chunks(of: RunID("other"), after: .start, limit: 1).isEmpty)
    }

    @Test(arguments: JournalAdapter.allCases)
    func `a batch of several runs is stored as one`(adapter: JournalAdapter) async throws {
        let room = try adapter.room()
        let (a, b) = (Self.chain(of: "a", sizes: [1])[0], Self.chain(of: "b", sizes: [1])[0])
        try await room.journal.append(Self.batch([a, b]))
        #expect(try await room.journal.chunks(of: RunID("a"), after: .start, limit: 9) == [a])
        #expect(try await room.journal.chunks(of: RunID("b"), after: .start, limit: 9) == [b])
    }

    @Test(arguments: JournalAdapter.allCases)
    func `a run that exists is not begun again, and nothing of the batch is kept`(adapter: JournalAdapter) async throws
    {
        let room = try adapter.room()
        let first = Self.chain(of: "a", sizes: [1])[0]
        try await room.journal.append(Self.batch([first]))
        let other = Self.chain(of: "b", sizes: [1])[0]
        let error = await #expect(throws: BatonError.self) {
            try await room.journal.append(Self.batch([other, first]))
        }
        #expect(error?.code == .runExists)
        #expect(try await room.journal.chunks(of: RunID("b"), after: .start, limit: 9).isEmpty)
        #expect(try await room.journal.head(of: RunID("b")) == nil)
    }

    @Test(arguments: JournalAdapter.allCases)
    func `contents are stored once by hash`(adapter: JournalAdapter) async throws {
        let room = try adapter.room()
        let bytes = Array(String(repeating: "long ", count: 1000).utf8)
        let content = StoredContent(digest: HashChain.digest(of: bytes), bytes: bytes)
        var batch = Self.batch([Self.chain(of: "a", sizes: [1])[0]])
        batch.contents = [content, content]
        try await room.journal.append(batch)
        #expect(try await room.journal.contents([content.digest, .zero]) == [content.digest: bytes])
    }

    @Test(arguments: JournalAdapter.allCases)
    func `heads are listed newest first and replaced by later ones`(adapter: JournalAdapter) async throws {
        let room = try adapter.room()
        var batch = JournalBatch()
        batch.heads = [Self.head("old", created: 1), Self.head("new", created: 2)]
        try await room.journal.append(batch)
        batch.heads = [Self.head("old", created: 1, state: "completed")]
        try await room.journal.append(batch)
        let heads = try await room.journal.heads()
        #expect(heads.map(\.run.text) == ["new", "old"])
        #expect(heads[1] == Self.head("old", created: 1, state: "completed"))
        #expect(try await room.journal.head(of: RunID("new")) == heads[0])
        #expect(try await room.journal.head(of: RunID("none")) == nil)
    }

    @Test(arguments: JournalAdapter.allCases)
    func `a run driven by the engine folds to the same state from the journal`(adapter: JournalAdapter) async throws {
        let room = try adapter.room()
        let engine = Engine(journal: room.journal) { _ in
            ScriptedPerformer { work in .done(.string(String(repeating: "x", count: work.task.id == "big" ? 5000 : 5)))
            }
        }
        let outcome = try await engine.running { engine in
            var agent = AgentProfile(id: "f")
            agent.type = "function"
            var second = TaskSpec(id: "second", dependencies: ["big"])
            second.input = ["text": "{{tasks.big.output}}"]
            let plan = Plan(id: "fold", agents: [agent], tasks: [TaskSpec(id: "big"), second])
            return try await engine.start(plan).outcome()
        }
        #expect(outcome.end == .completed)
        let read = try await RunOutcome.read(outcome.run, from: room.journal)
        #expect(read.output(of: "big") == .string(String(repeating: "x", count: 5000)))
        #expect(read.tasks.map(\.state) == ["completed", "completed"])
    }

    // MARK: Material

    static func chain(of run: String, sizes: [Int]) -> [Chunk] {
        var first = Position(1)
        var previous = Digest.zero
        return sizes.map { size in
            let lines = Array(String(repeating: "{}\n", count: size).utf8)
            let hash = HashChain.link(previous: previous, run: RunID(run), first: first, count: size, lines: lines)
            defer {
                previous = hash
                first = Position(first.value + Int64(size))
            }
            return Chunk(run: RunID(run), first: first, count: size, previous: previous, hash: hash, lines: lines)
        }
    }

    static func batch(_ chunks: [Chunk]) -> JournalBatch {
        var batch = JournalBatch()
        batch.chunks = chunks
        batch.heads = chunks.map { Self.head($0.run.text, created: 1) }
        return batch
    }

    static func head(_ run: String, created: Int64, state: String = "running") -> RunHead {
        RunHead(
            run: RunID(run),
            title: "title",
            state: state,
            isEnded: state != "running",
            isRehearsal: false,
            totalTasks: 3,
            endedTasks: 1,
            openQuestions: 2,
            createdAt: Timestamp(microseconds: created),
            updatedAt: Timestamp(microseconds: created + 5),
            position: Position(4),
            hash: .zero
        )
    }
}
