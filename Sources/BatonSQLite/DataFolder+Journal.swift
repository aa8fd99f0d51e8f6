import BatonEngine

extension DataFolder {
    /// Holds a folder for as long as something is written to its journal without an engine.
    ///
    /// - Throws: as ``init(holding:)``, and what `work` throws.
    package static func writing<Result>(
        to path: String,
        _ work: (SQLiteJournal, DataFolder) async throws -> Result
    ) async throws -> Result {
        let folder = try DataFolder(holding: path)
        let journal = try SQLiteJournal(in: folder)
        defer {
            journal.close()
            // An engine that died before this has still to be cleaned up after.
            if !folder.wasAbandoned { folder.letGo() }
        }
        return try await work(journal, folder)
    }
}
