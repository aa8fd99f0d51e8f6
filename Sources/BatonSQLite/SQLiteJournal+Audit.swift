package import BatonCore
import Foundation
import GRDB

/// What only the file itself can tell, beside the port of journals.
extension SQLiteJournal {
    /// The version of the SQLite library, such as `3.46.1`.
    package static var libraryVersion: String {
        get async {
            let version = try? await DatabaseQueue().read { try String.fetchOne($0, sql: "SELECT sqlite_version()") }
            // A library that cannot say its version cannot do anything else either.
            return (version ?? nil) ?? "unknown"
        }
    }

    /// What SQLite finds wrong with the file; empty if nothing.
    package func integrityFaults() async throws -> [String] {
        try await self.read { try String.fetchAll($0, sql: "PRAGMA quick_check(10)") }.filter { $0 != "ok" }
    }

    /// The hashes of all stored contents, with their sizes in bytes.
    package func contentSizes() async throws -> [Digest: Int] {
        try await self.read { database in
            var sizes: [Digest: Int] = [:]
            let rows = try Row.fetchCursor(database, sql: "SELECT digest, length(bytes) AS size FROM contents")
            while let row = try rows.next() {
                guard let digest = Data.fromDatabaseValue(row["digest"]).flatMap({ Digest(bytes: $0) }),
                    let size = Int.fromDatabaseValue(row["size"])
                else { throw SQLiteFault.badRow("the table of contents") }
                sizes[digest] = size
            }
            return sizes
        }
    }

    /// Runs that have events and stand in no list.
    package func runsWithoutHead() async throws -> [RunID] {
        try await self.read { database in
            let sql = "SELECT DISTINCT run FROM chunks WHERE run NOT IN (SELECT run FROM runs) ORDER BY run LIMIT 100"
            return try String.fetchAll(database, sql: sql).map { RunID($0) }
        }
    }
}
