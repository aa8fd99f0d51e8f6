package import BatonCore
package import BatonEngine
import Foundation
import GRDB
import Synchronization

/// Documents and memories in one SQLite file beside the journal, found by full-text search (FTS5).
///
/// It is opened when it is needed for the first time. Memories are on disk before a call returns; the index of documents is made anew where it is lost.
package final class SQLiteTextStore: TextStore {
    private let path: String
    private let queue = Mutex<DatabaseQueue?>(nil)

    static let fileName = "texts.sqlite"

    /// - Parameter folder: a data folder that this process holds.
    package init(in folder: DataFolder) { self.path = "\(folder.path)/\(Self.fileName)" }

    // MARK: Documents

    package func search(
        _ query: String,
        in collection: String,
        of documents: [TextDocument],
        most: Int,
        read: @Sendable @escaping (String) -> String?
    ) async throws(TextStoreFault) -> [TextPassage] {
        try await self.write { database in
            try Self.refresh(database, collection, documents, read)
            guard let words = Self.match(query) else { return [] }
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT documents.path, passages.first, passages.last, passages.text FROM passages
                    JOIN documents ON documents.id = passages.document
                    WHERE passages MATCH ? AND documents.collection = ? ORDER BY passages.rank, passages.rowid LIMIT ?
                    """,
                arguments: [words, collection, most]
            )
            return rows.map { row in
                let first: Int = max(1, row[1])
                return TextPassage(path: row[0], lines: first...max(first, row[2]), text: row[3])
            }
        }
    }

    private static func refresh(
        _ database: Database,
        _ collection: String,
        _ documents: [TextDocument],
        _ read: (String) -> String?
    ) throws {
        var known: [String: (id: Int64, stamp: String)] = [:]
        let rows = try Row.fetchAll(
            database,
            sql: "SELECT id, path, stamp FROM documents WHERE collection = ?",
            arguments: [collection]
        )
        for row in rows { known[row[1]] = (row[0], row[2]) }
        for document in documents {
            let old = known.removeValue(forKey: document.path)
            guard old?.stamp != document.stamp else { continue }
            if let old { try Self.forget(database, old.id) }
            try database.execute(
                sql: "INSERT INTO documents (collection, path, stamp) VALUES (?, ?, ?)",
                arguments: [collection, document.path, document.stamp]
            )
            let id = database.lastInsertedRowID
            for passage in Passages.of(read(document.path) ?? "") {
                try database.execute(
                    sql: "INSERT INTO passages (text, document, first, last) VALUES (?, ?, ?, ?)",
                    arguments: [passage.text, id, passage.lines.lowerBound, passage.lines.upperBound]
                )
            }
        }
        for gone in known.values { try Self.forget(database, gone.id) }
    }

    private static func forget(_ database: Database, _ id: Int64) throws {
        try database.execute(sql: "DELETE FROM passages WHERE document = ?", arguments: [id])
        try database.execute(sql: "DELETE FROM documents WHERE id = ?", arguments: [id])
    }

    // Words only: what else the language of queries knows, nobody says by accident.
    private static func match(_ query: String) -> String? {
        let words = query.split { !$0.isLetter && !$0.isNumber }.prefix(32)
        return words.isEmpty ? nil : words.map { "\"\($0)\"" }.joined(separator: " OR ")
    }

    // MARK: Memories

    package func remember(_ memory: Memory) async throws(TextStoreFault) {
        try await self.write { database in
            try database.execute(
                sql: "INSERT OR IGNORE INTO memories (key, agent, run, task, at, text) VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [
                    memory.key, memory.agent.text, memory.run.text, memory.task.text, memory.at.microseconds,
                    memory.text,
                ]
            )
            guard database.changesCount > 0 else { return }
            try database.execute(
                sql: "INSERT INTO memory_words (rowid, text) VALUES (?, ?)",
                arguments: [database.lastInsertedRowID, memory.text]
            )
        }
    }

    package func memories(
        of agent: AgentID,
        about query: String,
        most: Int
    ) async throws(TextStoreFault) -> [Memory] {
        try await self.write { database in
            let columns = "memories.key, memories.run, memories.task, memories.at, memories.text"
            let rows: [Row]
            if let words = Self.match(query) {
                rows = try Row.fetchAll(
                    database,
                    sql: """
                        SELECT \(columns) FROM memory_words JOIN memories ON memories.id = memory_words.rowid
                        WHERE memory_words MATCH ? AND memories.agent = ? ORDER BY memory_words.rank, memories.id DESC LIMIT ?
                        """,
                    arguments: [words, agent.text, most]
                )
            } else {
                rows = try Row.fetchAll(
                    database,
                    sql: "SELECT \(columns) FROM memories WHERE agent = ? ORDER BY id DESC LIMIT ?",
                    arguments: [agent.text, most]
                )
            }
            return rows.map { row in
                Memory(
                    key: row[0],
                    agent: agent,
                    run: RunID(row[1] as String),
                    task: TaskID(row[2] as String),
                    at: Timestamp(microseconds: row[3]),
                    text: row[4]
                )
            }
        }
    }

    // MARK: The file

    // One after the other: two that read the same documents would both take them in.
    private func write<Value: Sendable>(
        _ body: @Sendable @escaping (Database) throws -> Value
    ) async throws(TextStoreFault) -> Value {
        do {
            let queue = try self.opened()
            return try await withCheckedThrowingContinuation { waiter in
                queue.asyncWriteWithoutTransaction { database in
                    waiter.resume(
                        with: Result {
                            var value: Value?
                            try database.inTransaction {
                                value = try body(database)
                                return .commit
                            }
                            guard let value else { throw TextStoreFault(words: "nothing came of it") }
                            return value
                        }
                    )
                }
            }
        } catch {
            let words = PlainText.line(String(describing: error), limit: 300)
            throw TextStoreFault(words: "\(Self.fileName) of the data folder cannot be used: \(words)")
        }
    }

    private func opened() throws -> DatabaseQueue {
        try self.queue.withLock { queue in
            if let queue { return queue }
            var configuration = Configuration()
            configuration.label = "baton.texts"
            configuration.prepareDatabase { database in
                try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA mmap_size = 0")
            }
            try DataFolder.createPrivateFile(self.path)
            let opened = try DatabaseQueue(path: self.path, configuration: configuration)
            try opened.writeWithoutTransaction { database in try database.execute(sql: Self.schema) }
            queue = opened
            return opened
        }
    }

    private static let schema = """
        CREATE TABLE IF NOT EXISTS documents (
            id INTEGER PRIMARY KEY, collection TEXT NOT NULL, path TEXT NOT NULL, stamp TEXT NOT NULL, UNIQUE (collection, path)
        );
        CREATE VIRTUAL TABLE IF NOT EXISTS passages USING fts5(
            text, document UNINDEXED, first UNINDEXED, last UNINDEXED, tokenize = 'porter unicode61 remove_diacritics 2'
        );
        CREATE TABLE IF NOT EXISTS memories (
            id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, agent TEXT NOT NULL, run TEXT NOT NULL, task TEXT NOT NULL,
            at INTEGER NOT NULL, text TEXT NOT NULL
        );
        CREATE INDEX IF NOT EXISTS memories_by_agent ON memories (agent, id);
        CREATE VIRTUAL TABLE IF NOT EXISTS memory_words USING fts5(
            text, tokenize = 'porter unicode61 remove_diacritics 2'
        );
        """
}

/// The parts in which a document is found: some lines each, ending where a paragraph ends if they can.
enum Passages {
    struct Part: Hashable {
        let text: String
        let lines: ClosedRange<Int>
    }

    /// So long a part may become, in bytes, before it is ended; a line that is longer stands for itself.
    static let most = 1200

    static func of(_ text: String) -> [Part] {
        var parts: [Part] = []
        var lines: [Substring] = []
        var (first, size) = (1, 0)
        func end(before next: Int) {
            let last = lines.lastIndex { !$0.allSatisfy(\.isWhitespace) }
            if let last {
                let words = lines[...last].joined(separator: "\n")
                parts.append(Part(text: words, lines: first...(first + last)))
            }
            lines = []
            (first, size) = (next, 0)
        }
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let isBlank = line.allSatisfy(\.isWhitespace)
            if size + line.utf8.count > Self.most || (isBlank && size > Self.most / 3) { end(before: index + 1) }
            if lines.isEmpty, isBlank {
                first = index + 2
                continue
            }
            lines.append(line)
            size += line.utf8.count + 1
        }
        end(before: first + lines.count)
        return parts
    }
}
