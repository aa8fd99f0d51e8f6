package import BatonCore
import BatonEngine
import Foundation
import GRDB

/// What goes with runs that go, counted before it goes.
package struct Pruning: Hashable, Sendable {
    package var chunks = 0
    package var contents = 0
    package var receipts = 0
    /// The size of all of it; a file also has room between.
    package var bytes: Int64 = 0
}

extension SQLiteJournal {
    /// Counts what would go with these runs.
    package func pruning(_ runs: [RunID], keeping named: Set<Digest>) async throws -> Pruning {
        try await self.read { try Self.pruning(Set(runs.map(\.text)), named, in: $0, removing: false) }
    }

    /// Takes runs away, with the contents and receipts that nobody needs then, in one transaction.
    ///
    /// - Parameter named: the contents that runs which stay name.
    package func prune(_ runs: [RunID], keeping named: Set<Digest>) async throws -> Pruning {
        try await self.write { database in
            var pruned = Pruning()
            try database.inTransaction(.immediate) {
                pruned = try Self.pruning(Set(runs.map(\.text)), named, in: database, removing: true)
                return .commit
            }
            return pruned
        }
    }

    /// Gives the room of what has gone back to the disk; needs as much room as the journal, for a moment.
    package func compact() async throws {
        try await self.write { try $0.execute(sql: "VACUUM; PRAGMA wal_checkpoint(TRUNCATE)") }
    }

    private static func pruning(
        _ runs: Set<String>,
        _ named: Set<Digest>,
        in database: Database,
        removing: Bool
    ) throws -> Pruning {
        var pruning = Pruning()
        for run in runs.sorted() {
            let sql = "SELECT count(*) AS count, coalesce(sum(length(lines)), 0) AS bytes FROM chunks WHERE run = ?"
            if let row = try Row.fetchOne(database, sql: sql, arguments: [run]) {
                pruning.chunks += Int.fromDatabaseValue(row["count"]) ?? 0
                pruning.bytes += Int64.fromDatabaseValue(row["bytes"]) ?? 0
            }
            guard removing else { continue }
            for table in ["chunks", "runs"] {
                try database.execute(sql: "DELETE FROM \(table) WHERE run = ?", arguments: [run])
            }
        }
        try Self.countContents(named, in: database, removing: removing, &pruning)
        try Self.countReceipts(runs, in: database, removing: removing, &pruning)
        return pruning
    }

    private static func countContents(
        _ named: Set<Digest>,
        in database: Database,
        removing: Bool,
        _ pruning: inout Pruning
    ) throws {
        var unnamed: [Data] = []
        let rows = try Row.fetchCursor(database, sql: "SELECT digest, length(bytes) AS size FROM contents")
        while let row = try rows.next() {
            guard let key = Data.fromDatabaseValue(row["digest"]), let digest = Digest(bytes: key) else {
                throw SQLiteFault.badRow("the table of contents")
            }
            guard !named.contains(digest) else { continue }
            unnamed.append(key)
            pruning.bytes += Int64.fromDatabaseValue(row["size"]) ?? 0
        }
        pruning.contents = unnamed.count
        guard removing else { return }
        let delete = try database.cachedStatement(sql: "DELETE FROM contents WHERE digest = ?")
        for key in unnamed { try delete.execute(arguments: [key]) }
    }

    // A receipt may be kept under another run than the one it speaks of: those of starts and of forks are.
    private static func countReceipts(
        _ runs: Set<String>,
        in database: Database,
        removing: Bool,
        _ pruning: inout Pruning
    ) throws {
        guard try database.tableExists("receipts") else { return }
        var gone: [(run: String, key: String)] = []
        let rows = try Row.fetchCursor(database, sql: "SELECT run, key, reply FROM receipts")
        while let row = try rows.next() {
            guard let run = String.fromDatabaseValue(row["run"]), let key = String.fromDatabaseValue(row["key"]),
                let reply = Data.fromDatabaseValue(row["reply"])
            else { throw SQLiteFault.badRow("a receipt") }
            let about = (try? JSON(parsing: reply))?["run"]?.string
            guard runs.contains(run) || about.map({ runs.contains($0) }) == true else { continue }
            gone.append((run, key))
            pruning.bytes += Int64(reply.count)
        }
        pruning.receipts = gone.count
        guard removing else { return }
        let delete = try database.cachedStatement(sql: "DELETE FROM receipts WHERE run = ? AND key = ?")
        for receipt in gone { try delete.execute(arguments: [receipt.run, receipt.key]) }
    }
}
