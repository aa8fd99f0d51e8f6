import BatonCore
package import BatonEngine
import Foundation
import GRDB

extension SQLiteJournal {
    static func store(_ receipts: [Receipt], in database: Database) throws {
        let insert = try database.cachedStatement(sql: "INSERT INTO receipts VALUES (?, ?, ?, ?)")
        for receipt in receipts {
            try insert.execute(arguments: [
                Self.owner(of: receipt.id), receipt.id.key, Data(receipt.digest.bytes), Data(receipt.reply.bytes),
            ])
        }
    }

    // No run is named by an empty text.
    private static func owner(of id: Receipt.ID) -> String { id.run?.text ?? "" }

    /// What was said to a request.
    package func receipt(_ id: Receipt.ID) async throws -> Receipt? {
        try await self.read { database in
            // A journal of the first version that nobody has written to since has no such table.
            guard try database.tableExists("receipts") else { return nil }
            let statement = try database.cachedStatement(
                sql: "SELECT digest, reply FROM receipts WHERE run = ? AND key = ?"
            )
            guard let row = try Row.fetchOne(statement, arguments: [Self.owner(of: id), id.key]) else { return nil }
            guard let digest = Data.fromDatabaseValue(row["digest"]).flatMap({ Digest(bytes: $0) }),
                let bytes = Data.fromDatabaseValue(row["reply"]), let reply = try? JSON(parsing: bytes)
            else { throw SQLiteFault.badRow("a receipt") }
            return Receipt(id: id, digest: digest, reply: reply)
        }
    }
}
