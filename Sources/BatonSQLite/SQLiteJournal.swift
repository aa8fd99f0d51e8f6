package import BatonCore
package import BatonEngine
import Dispatch
import Foundation
import GRDB
import Synchronization

/// The journal on disk: one SQLite file in WAL mode with `synchronous = FULL`.
///
/// One connection writes and alone checkpoints; readers are read-only. What `append` has stored survives `kill -9` and a
/// power cut. Before anything is written, hold the ``DataFolder``.
package final class SQLiteJournal: Journal {
    private let writer: DatabaseQueue?
    private let reader: DatabaseQueue
    private let path: String
    private let failure = Mutex<BatonError?>(nil)

    /// Opens the journal of a folder that this process holds, making it if it is not there.
    ///
    /// - Throws: ``BatonError``: `journal.unavailable`, `journal.corrupt` or `journal.newer`.
    package init(in folder: DataFolder) throws {
        self.path = folder.journalPath
        do {
            try DataFolder.createPrivateFile(self.path)
            var configuration = Configuration()
            configuration.label = "baton.journal.writer"
            configuration.prepareDatabase { database in
                try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA mmap_size = 0")
            }
            let writer = try DatabaseQueue(path: self.path, configuration: configuration)
            try writer.writeWithoutTransaction { database in
                try Self.requireFullSync(database)
                try JournalSchema.check(database)
                try JournalSchema.migrate(database)
            }
            self.writer = writer
            self.reader = try Self.openReader(self.path)
        } catch {
            throw SQLiteFault.error(error, doing: "open", self.path)
        }
    }

    /// Opens a journal for reading only, beside an engine that may be writing.
    ///
    /// - Throws: ``BatonError`` as above.
    package init(readingAt path: String) throws {
        self.path = path
        self.writer = nil
        do {
            self.reader = try Self.openReader(path)
            try self.reader.read { database in
                try JournalSchema.check(database)
                guard try database.tableExists("runs") else {
                    throw BatonError(
                        .unknownRun,
                        "no run has been stored yet",
                        remedy: "start one with `baton run PLAN`"
                    )
                }
            }
        } catch {
            throw SQLiteFault.error(error, doing: "read", path)
        }
    }

    private static func openReader(_ path: String) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.label = "baton.journal.reader"
        configuration.readonly = true
        configuration.busyMode = .timeout(5)
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    // GRDB and SQLite both have a say in this pragma; without FULL a power cut loses what was acknowledged.
    private static func requireFullSync(_ database: Database) throws {
        let level = try Int.fetchOne(database, sql: "PRAGMA synchronous")
        let mode = try String.fetchOne(database, sql: "PRAGMA journal_mode")
        guard level == 2, mode == "wal" else {
            throw BatonError(
                .journalUnavailable,
                "SQLite does not give a WAL journal with full sync here (mode \(mode ?? "none"), level \(level ?? -1))",
                remedy: "put the data folder on a local disk"
            )
        }
    }

    // MARK: Writing

    /// Stores a batch in one transaction.
    package func append(_ batch: JournalBatch) async throws {
        let writer = try self.openWriter()
        do {
            // Not GRDB's own async form: that one gives up when the Swift task is cancelled.
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                writer.asyncWriteWithoutTransaction { database in
                    continuation.resume(with: Result { try Self.store(batch, in: database) })
                }
            }
        } catch {
            throw self.failed(error)
        }
    }

    /// Stores a batch on the caller's thread.
    package func appendHere(_ batch: JournalBatch) throws -> Bool {
        let writer = try self.openWriter()
        do {
            try writer.writeWithoutTransaction { try Self.store(batch, in: $0) }
            return true
        } catch {
            throw self.failed(error)
        }
    }

    private func openWriter() throws -> DatabaseQueue {
        if let failure = self.failure.withLock({ $0 }) { throw failure }
        guard let writer = self.writer else {
            throw BatonError(
                .journalUnavailable,
                "the journal \(self.path) is open for reading only",
                remedy: "use an engine"
            )
        }
        return writer
    }

    // A sync that failed once may seem to succeed when tried again, so it is not.
    private func failed(_ error: any Error) -> BatonError {
        if let error = error as? BatonError { return error }
        let fault = SQLiteFault.error(error, doing: "write to", self.path)
        self.failure.withLock { $0 = fault }
        return fault
    }

    private static func store(_ batch: JournalBatch, in database: Database) throws {
        try database.inTransaction(.immediate) {
            if !batch.contents.isEmpty {
                let insert = try database.cachedStatement(sql: "INSERT OR IGNORE INTO contents VALUES (?, ?)")
                for content in batch.contents {
                    try insert.execute(arguments: [Data(content.digest.bytes), Data(content.bytes)])
                }
                Self.letGo(insert)
            }
            let insert = try database.cachedStatement(
                sql: "INSERT INTO chunks (run, first, count, previous, hash, lines) VALUES (?, ?, ?, ?, ?, ?)"
            )
            for chunk in batch.chunks {
                do {
                    try insert.execute(arguments: [
                        chunk.run.text, chunk.first.value, chunk.count, Data(chunk.previous.bytes),
                        Data(chunk.hash.bytes),
                        Data(chunk.lines),
                    ])
                } catch let error as DatabaseError where error.resultCode == .SQLITE_CONSTRAINT {
                    throw BatonError(
                        .runExists,
                        "there is a run \(chunk.run) with an event \(chunk.first.value) already",
                        remedy: "choose another --id; `baton show \(chunk.run)` shows it"
                    )
                }
            }
            Self.letGo(insert)
            try Self.store(batch.heads, in: database)
            if !batch.receipts.isEmpty { try Self.store(batch.receipts, in: database) }
            return .commit
        }
    }

    // A statement keeps what it was given until the next time, which may be megabytes. Only one that succeeded can be reset
    // without an error, which GRDB traps on.
    private static func letGo(_ statement: Statement) { statement.setUncheckedArguments([]) }

    private static func store(_ heads: [RunHead], in database: Database) throws {
        let upsert = try database.cachedStatement(
            // Not REPLACE: that makes a new row, whose name goes into the index anew.
            sql: """
                INSERT INTO runs VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (run) DO UPDATE SET
                    title = excluded.title, state = excluded.state, is_ended = excluded.is_ended,
                    is_rehearsal = excluded.is_rehearsal, total_tasks = excluded.total_tasks,
                    ended_tasks = excluded.ended_tasks, open_questions = excluded.open_questions,
                    created = excluded.created, updated = excluded.updated, position = excluded.position,
                    hash = excluded.hash, origin = excluded.origin, origin_position = excluded.origin_position
                """
        )
        for head in heads {
            try upsert.execute(arguments: [
                head.run.text, head.title, head.state, head.isEnded, head.isRehearsal, head.totalTasks, head.endedTasks,
                head.openQuestions, head.createdAt.microseconds, head.updatedAt.microseconds, head.position.value,
                Data(head.hash.bytes), head.origin?.run.text, head.origin?.position.value,
            ])
        }
    }

    // MARK: Reading

    /// Chunks behind a position.
    package func chunks(of run: RunID, after: Position, limit: Int) async throws -> [Chunk] {
        try await self.read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT first, count, previous, hash, lines FROM chunks WHERE run = ? AND first > ? ORDER BY first LIMIT ?
                    """
            )
            return try Row.fetchAll(statement, arguments: [run.text, after.value, limit]).map { row in
                try Self.chunk(of: run, row)
            }
        }
    }

    private static func chunk(of run: RunID, _ row: Row) throws -> Chunk {
        guard let first = Int64.fromDatabaseValue(row["first"]), let count = Int.fromDatabaseValue(row["count"]),
            let previous = Data.fromDatabaseValue(row["previous"]).flatMap({ Digest(bytes: $0) }),
            let hash = Data.fromDatabaseValue(row["hash"]).flatMap({ Digest(bytes: $0) }),
            let lines = Data.fromDatabaseValue(row["lines"]), first > 0, first < 1 << 48, count > 0, count < 1 << 24
        else { throw SQLiteFault.badRow("a chunk of run \(run)") }
        return Chunk(
            run: run,
            first: Position(first),
            count: count,
            previous: previous,
            hash: hash,
            lines: Array(lines)
        )
    }

    /// Stored contents.
    package func contents(_ digests: [Digest]) async throws -> [Digest: [UInt8]] {
        try await self.read { database in
            let statement = try database.cachedStatement(sql: "SELECT bytes FROM contents WHERE digest = ?")
            var found: [Digest: [UInt8]] = [:]
            for digest in digests {
                if let bytes = try Data.fetchOne(statement, arguments: [Data(digest.bytes)]) {
                    found[digest] = Array(bytes)
                }
            }
            return found
        }
    }

    /// All heads, the newest first.
    package func heads() async throws -> [RunHead] {
        try await self.read { database in
            try Row.fetchAll(database, sql: "\(try Self.heads(database)) ORDER BY created DESC, run DESC").map(
                Self.head
            )
        }
    }

    /// One head.
    package func head(of run: RunID) async throws -> RunHead? {
        try await self.read { database in
            try Row.fetchOne(database, sql: "\(try Self.heads(database)) WHERE run = ?", arguments: [run.text]).map(
                Self.head
            )
        }
    }

    // Each column by its name: one that a damaged schema does not have is an error of SQLite's, and no trap of GRDB's.
    private static func heads(_ database: Database) throws -> String {
        // A file of the first version has no forks.
        let hasForks = try database.columns(in: "runs").contains { $0.name == "origin_position" }
        return """
            SELECT run, title, state, is_ended, total_tasks, ended_tasks, open_questions, is_rehearsal, created, updated,
                position, hash, \(hasForks ? "origin, origin_position" : "NULL AS origin, NULL AS origin_position") FROM runs
            """
    }

    private static func head(_ row: Row) throws -> RunHead {
        guard let run = String.fromDatabaseValue(row["run"]), let title = String.fromDatabaseValue(row["title"]),
            let state = String.fromDatabaseValue(row["state"]), let isEnded = Bool.fromDatabaseValue(row["is_ended"]),
            let isRehearsal = Bool.fromDatabaseValue(row["is_rehearsal"]),
            let total = Int.fromDatabaseValue(row["total_tasks"]),
            let ended = Int.fromDatabaseValue(row["ended_tasks"]),
            let questions = Int.fromDatabaseValue(row["open_questions"]),
            let created = Int64.fromDatabaseValue(row["created"]),
            let updated = Int64.fromDatabaseValue(row["updated"]),
            let position = Int64.fromDatabaseValue(row["position"]),
            let hash = Data.fromDatabaseValue(row["hash"]).flatMap({ Digest(bytes: $0) })
        else { throw SQLiteFault.badRow("the list of runs") }
        return RunHead(
            run: RunID(run),
            title: title,
            state: state,
            isEnded: isEnded,
            isRehearsal: isRehearsal,
            totalTasks: total,
            endedTasks: ended,
            openQuestions: questions,
            createdAt: Timestamp(microseconds: created),
            updatedAt: Timestamp(microseconds: updated),
            position: Position(position),
            hash: hash,
            origin: Self.origin(row)
        )
    }

    private static func origin(_ row: Row) -> ForkOrigin? {
        guard let run = String.fromDatabaseValue(row["origin"]),
            let position = Int64.fromDatabaseValue(row["origin_position"])
        else { return nil }
        return ForkOrigin(run: RunID(run), position: Position(position))
    }

    private static func snapshot<Value>(of database: Database, _ body: (Database) throws -> Value) throws -> Value {
        var value: Value?
        try database.inTransaction(.deferred) {
            value = try body(database)
            return .commit
        }
        guard let value else { throw DatabaseError(resultCode: .SQLITE_INTERNAL) }
        return value
    }

    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do {
            return try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Value, any Error>) in
                // Not GRDB's own async form: it calls back while its transaction is open, which could keep the log
                // of writes from being taken in.
                self.reader.asyncWriteWithoutTransaction { database in
                    continuation.resume(with: Result { try Self.snapshot(of: database, body) })
                }
            }
        } catch {
            throw SQLiteFault.error(error, doing: "read", self.path)
        }
    }

    /// Works on the file with the one connection that writes; what `append` stores has its own door.
    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        guard let writer = self.writer else {
            throw BatonError(
                .journalUnavailable,
                "the journal \(self.path) is open for reading only",
                remedy: "hold the data folder"
            )
        }
        do {
            return try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Value, any Error>) in
                writer.asyncWriteWithoutTransaction { database in
                    continuation.resume(with: Result { try body(database) })
                }
            }
        } catch {
            throw SQLiteFault.error(error, doing: "write to", self.path)
        }
    }

    /// Closes the connections; the last one folds the write-ahead log into the file.
    ///
    /// After a failed write nothing is written or synced any more: the next engine goes on from what the log really holds.
    package func close() {
        // A connection that cannot close now is closed by the end of the process.
        if self.failure.withLock({ $0 }) == nil {
            try? self.reader.close()
            try? self.writer?.close()
        } else {
            // SQLite folds the log only with the last connection, and one that only reads cannot.
            try? self.writer?.close()
            try? self.reader.close()
        }
    }
}
