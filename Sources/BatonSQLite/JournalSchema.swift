import BatonEngine
import GRDB

/// The tables of the journal and their versions.
enum JournalSchema {
    /// "Bato": says that a SQLite file is ours.
    private static let applicationID = 0x4261_746F
    private static let version = 2

    /// Refuses files that are not ours, newer than we are, or damaged.
    static func check(_ database: Database) throws {
        let version = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        let application = try Int.fetchOne(database, sql: "PRAGMA application_id") ?? 0
        let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master") ?? 0
        guard application == Self.applicationID || (application == 0 && tables == 0) else {
            throw BatonError(
                .journalCorrupt,
                "the file is a SQLite database, but no journal of Baton",
                remedy: "move it away"
            )
        }
        guard version <= Self.version else {
            throw BatonError(
                .journalNewer,
                "the journal has format \(version); Baton \(Baton.version) knows up to \(Self.version)",
                remedy: "use the Baton that wrote it, or a newer one"
            )
        }
        // Larger files would make starting slow; there the hash chain alone has to tell.
        let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
        guard pages > 0, pages < 8192 else { return }
        let findings = try String.fetchAll(database, sql: "PRAGMA quick_check(1)")
        guard findings == ["ok"] else {
            throw BatonError(
                .journalCorrupt,
                "SQLite finds the file damaged: \(findings.first ?? "no answer")",
                remedy: "restore the data folder from a copy"
            )
        }
    }

    static func migrate(_ database: Database) throws {
        let known = try Int.fetchOne(database, sql: "PRAGMA user_version") ?? 0
        guard known < Self.version else { return }
        try database.inTransaction(.immediate) {
            for step in Self.steps.dropFirst(known) { try database.execute(sql: step) }
            try database.execute(
                sql: "PRAGMA application_id = \(Self.applicationID); PRAGMA user_version = \(Self.version)"
            )
            return .commit
        }
    }

    // What makes each version of the one before.
    private static let steps = [Self.first, Self.second]

    private static let second = """
        CREATE TABLE receipts (
            run TEXT NOT NULL,
            key TEXT NOT NULL,
            digest BLOB NOT NULL,
            reply BLOB NOT NULL,
            PRIMARY KEY (run, key)
        );
        ALTER TABLE runs ADD COLUMN origin TEXT;
        ALTER TABLE runs ADD COLUMN origin_position INTEGER;
        """

    private static let first = """
        CREATE TABLE chunks (
            id INTEGER PRIMARY KEY,
            run TEXT NOT NULL,
            first INTEGER NOT NULL,
            count INTEGER NOT NULL,
            previous BLOB NOT NULL,
            hash BLOB NOT NULL,
            lines BLOB NOT NULL
        );
        CREATE UNIQUE INDEX chunks_in_order ON chunks (run, first);
        CREATE TABLE contents (digest BLOB PRIMARY KEY, bytes BLOB NOT NULL);
        CREATE TABLE runs (
            run TEXT PRIMARY KEY,
            title TEXT NOT NULL,
            state TEXT NOT NULL,
            is_ended INTEGER NOT NULL,
            is_rehearsal INTEGER NOT NULL,
            total_tasks INTEGER NOT NULL,
            ended_tasks INTEGER NOT NULL,
            open_questions INTEGER NOT NULL,
            created INTEGER NOT NULL,
            updated INTEGER NOT NULL,
            position INTEGER NOT NULL,
            hash BLOB NOT NULL
        );
        """
}
