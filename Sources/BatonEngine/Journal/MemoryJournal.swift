package import BatonCore
import Synchronization

/// A journal for tests and rehearsals: nothing survives the process.
package final class MemoryJournal: Journal {
    private struct State {
        var chunks: [RunID: [Chunk]] = [:]
        var heads: [RunID: RunHead] = [:]
        var contents: [Digest: [UInt8]] = [:]
        var receipts: [Receipt.ID: Receipt] = [:]
    }

    private let state = Mutex(State())

    /// An empty journal.
    package init() {}

    /// Stores a batch.
    package func append(_ batch: JournalBatch) async throws { _ = try self.appendHere(batch) }

    /// The same: it never waits.
    package func appendHere(_ batch: JournalBatch) throws -> Bool {
        try self.state.withLock { state in
            var lasts: [RunID: Chunk] = [:]
            for chunk in batch.chunks {
                let last = lasts[chunk.run] ?? state.chunks[chunk.run]?.last
                lasts[chunk.run] = chunk
                let head = batch.heads.first { $0.run == chunk.run }
                let begins = chunk.first == (head?.origin?.position ?? .start).next
                if begins, last != nil { throw Self.exists(chunk.run) }
                // Where a fork begins, its reader knows what its first chunk has to name.
                let follows = last.map { chunk.previous == $0.hash && chunk.first == $0.last.next } ?? begins
                guard follows else {
                    throw BatonError(
                        .journalCorrupt,
                        "run \(chunk.run): a chunk does not follow the one before",
                        remedy: "only one engine may write to a journal"
                    )
                }
            }
            for content in batch.contents { state.contents[content.digest] = content.bytes }
            for chunk in batch.chunks { state.chunks[chunk.run, default: []].append(chunk) }
            for head in batch.heads { state.heads[head.run] = head }
            for receipt in batch.receipts { state.receipts[receipt.id] = receipt }
        }
        return true
    }

    package static func exists(_ run: RunID) -> BatonError {
        BatonError(
            .runExists,
            "there is a run \(run) already",
            remedy: "choose another --id; `baton show \(run)` shows it"
        )
    }

    /// Chunks behind a position.
    package func chunks(of run: RunID, after: Position, limit: Int) async throws -> [Chunk] {
        self.state.withLock { state in Array((state.chunks[run] ?? []).drop { $0.first <= after }.prefix(limit)) }
    }

    /// Stored contents.
    package func contents(_ digests: [Digest]) async throws -> [Digest: [UInt8]] {
        self.state.withLock { state in
            var found: [Digest: [UInt8]] = [:]
            for digest in digests { found[digest] = state.contents[digest] }
            return found
        }
    }

    /// All heads.
    package func heads() async throws -> [RunHead] {
        self.state.withLock { state in
            state.heads.values.sorted { ($0.createdAt, $0.run) > ($1.createdAt, $1.run) }
        }
    }

    /// What was said to a request.
    package func receipt(_ id: Receipt.ID) async throws -> Receipt? { self.state.withLock { $0.receipts[id] } }

    /// One head.
    package func head(of run: RunID) async throws -> RunHead? { self.state.withLock { $0.heads[run] } }
}
