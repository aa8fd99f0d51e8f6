import BatonCore
import BatonEngine
import BatonSQLite
import BatonTestKit
import Foundation
import GRDB
import Testing

@Suite struct SQLiteJournalTests {
    private let folder: TemporaryFolder

    init() throws { self.folder = try TemporaryFolder() }

    private func open() throws -> (DataFolder, SQLiteJournal) {
        let data = try DataFolder(holding: self.folder("data"))
        return (data, try SQLiteJournal(in: data))
    }

    /// Plays a small run and leaves its journal closed.
    private func played() async throws -> RunID {
        let (data, journal) = try self.open()
        let engine = Engine(journal: journal) { _ in ScriptedPerformer { _ in .done("fine") } }
        let run = try await engine.running { engine in
            var agent = AgentProfile(id: "f")
            agent.type = "function"
            let tasks = (0..<5).map {
                TaskSpec(id: TaskID("t\($0)"), dependencies: $0 == 0 ? [] : [TaskID("t\($0 - 1)")])
            }
            return try await engine.start(Plan(id: "p", agents: [agent], tasks: tasks)).outcome().run
        }
        journal.close()
        withExtendedLifetime(data) {}
        return run
    }

    @Test func `after a write that failed, closing writes and syncs nothing any more`() async throws {
        let (data, journal) = try self.open()
        let log = "\(data.journalPath)-wal"
        // As good as a failing disk: the next append cannot be stored.
        let other = try DatabaseQueue(path: data.journalPath)
        try await other.write { try $0.execute(sql: "ALTER TABLE receipts RENAME TO gone") }
        var batch = JournalBatch()
        batch.receipts = [Receipt(id: Receipt.ID(run: nil, key: "k"), digest: .zero, reply: .null)]
        await #expect(throws: BatonError.self) { try await journal.append(batch) }
        try other.close()
        let before = FileManager.default.contents(atPath: log)
        journal.close()
        #expect(before?.isEmpty == false)
        #expect(FileManager.default.contents(atPath: log) == before)
        // The next engine opens it as after a kill, and folds the log as always.
        let (next, opened) = try (data, SQLiteJournal(in: data))
        opened.close()
        #expect(!FileManager.default.fileExists(atPath: log))
        withExtendedLifetime(next) {}
    }

    @Test func `files are private to the user`() throws {
        let (data, journal) = try self.open()
        defer { journal.close() }
        let rights = { (path: String) in
            try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        }
        #expect(try rights(data.path) == 0o700)
        #expect(try rights(data.journalPath) == 0o600)
        #expect(try rights("\(data.path)/lock") == 0o600)
    }

    @Test func `a second holder is refused and told who holds the folder`() throws {
        let (data, journal) = try self.open()
        defer { journal.close() }
        let error = #expect(throws: BatonError.self) { try DataFolder(holding: data.path) }
        #expect(error?.code == .busy)
        #expect(error?.message.contains("process \(getpid())") == true)
        #expect(error?.message.contains(data.path) == true)
    }

    @Test func `a lock file of a dead process does not hold the folder`() throws {
        try FileManager.default.createDirectory(atPath: self.folder("data"), withIntermediateDirectories: false)
        _ = try self.folder.write(#"{"pid":1,"since":"2020-01-01T00:00:00.000Z"}"#, to: "data/lock")
        #expect(try DataFolder(holding: self.folder("data")).wasAbandoned)
    }

    @Test func `only a holder that died has abandoned the folder`() throws {
        #expect(try !DataFolder(holding: self.folder("data")).wasAbandoned)
        // The one before was dropped without a word.
        let second = try DataFolder(holding: self.folder("data"))
        #expect(second.wasAbandoned)
        second.letGo()
    }

    @Test func `a folder that cannot be used is refused with the reason`() throws {
        _ = try self.folder.write("", to: "file")
        let file = #expect(throws: BatonError.self) { try DataFolder(holding: self.folder("file")) }
        #expect(file?.message.contains("not a folder") == true)
        let nowhere = #expect(throws: BatonError.self) { try DataFolder(holding: self.folder("no/such")) }
        #expect(nowhere?.message.contains("does not exist") == true)
    }

    @Test func `a journal of a newer format is refused by name`() async throws {
        _ = try await self.played()
        try Self.damage(self.folder("data/journal.sqlite"), "PRAGMA user_version = 7")
        let error = #expect(throws: BatonError.self) { _ = try self.open() }
        #expect(error?.code == .journalNewer)
        #expect(error?.message.contains("format 7") == true)
    }

    @Test func `a SQLite file that is not ours is refused`() throws {
        try FileManager.default.createDirectory(atPath: self.folder("data"), withIntermediateDirectories: false)
        try Self.damage(self.folder("data/journal.sqlite"), "CREATE TABLE other (a)")
        #expect(throws: BatonError.self) { _ = try self.open() }
    }

    @Test(arguments: [
        "UPDATE chunks SET lines = replace(lines, 'fine', 'fake') WHERE first = (SELECT max(first) FROM chunks)",
        "DELETE FROM chunks WHERE first = (SELECT max(first) FROM chunks)",
        "DELETE FROM chunks WHERE first = 1",
        "UPDATE chunks SET count = count + 1 WHERE first = 1",
        "UPDATE chunks SET hash = x'00'",
        "UPDATE chunks SET previous = hash WHERE first = 1",
        "DELETE FROM contents",
        "UPDATE chunks SET count = 9223372036854775807 WHERE first = 1",
        "UPDATE runs SET is_ended = 0, state = 'running'",
        "UPDATE contents SET bytes = x'7b7d'",
        "UPDATE runs SET position = position - 1",
    ])
    func `a journal that was changed fails closed`(change: String) async throws {
        let run = try await self.played()
        try Self.damage(self.folder("data/journal.sqlite"), change)
        let (_, journal) = try self.open()
        defer { journal.close() }
        let error = await #expect(throws: BatonError.self) { _ = try await JournalReader(journal).fold(run) }
        #expect(error?.code == .journalCorrupt)
        #expect(error?.remedy.contains("copy") == true)
        #expect(try await Readings(journal).audit()["healthy"] == false)
    }

    @Test func `a bit flipped anywhere in the file never traps and never goes unseen in a run`() async throws {
        let run = try await self.played()
        let path = self.folder("data/journal.sqlite")
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        var draws = SplitMix64(seed: 11)
        var seen = 0
        for _ in 0..<150 {
            var bytes = whole
            bytes[draws.below(bytes.count)] ^= UInt8(1 << draws.below(8))
            try bytes.write(to: URL(fileURLWithPath: path))
            do {
                let (data, journal) = try self.open()
                defer { journal.close() }
                let (folded, _) = try await JournalReader(journal).fold(run)
                #expect(folded.counts.all.completed == 5)
                withExtendedLifetime(data) {}
            } catch is BatonError {
                seen += 1
            }
        }
        #expect(seen > 5)
    }

    @Test func `a truncated file is refused or folds whole`() async throws {
        let run = try await self.played()
        let path = self.folder("data/journal.sqlite")
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        var refused = 0
        for share in 1..<20 {
            try whole.prefix(whole.count * share / 20).write(to: URL(fileURLWithPath: path))
            do {
                let (data, journal) = try self.open()
                defer { journal.close() }
                // What was cut off may have been an empty table.
                let (folded, _) = try await JournalReader(journal).fold(run)
                #expect(folded.counts.all.completed == 5)
                withExtendedLifetime(data) {}
            } catch is BatonError {
                refused += 1
            }
        }
        #expect(refused > 15)
    }

    @Test func `a reader sees what the writer has stored, and cannot write`() async throws {
        let (data, journal) = try self.open()
        defer { journal.close() }
        var batch = JournalBatch()
        batch.heads = [
            RunHead(
                run: RunID("r"),
                title: "t",
                state: "running",
                isEnded: false,
                isRehearsal: false,
                totalTasks: 1,
                endedTasks: 0,
                openQuestions: 0,
                createdAt: .zero,
                updatedAt: .zero,
                position: .start,
                hash: .zero
            )
        ]
        try await journal.append(batch)
        let reader = try SQLiteJournal(readingAt: data.journalPath)
        #expect(try await reader.heads().map(\.run.text) == ["r"])
        let error = await #expect(throws: BatonError.self) { try await reader.append(batch) }
        #expect(error?.code == .journalUnavailable)
    }

    private static func damage(_ path: String, _ sql: String) throws {
        let database = try DatabaseQueue(path: path)
        try database.writeWithoutTransaction { try $0.execute(sql: sql) }
        try database.close()
    }
}
