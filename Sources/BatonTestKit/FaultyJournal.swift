package import BatonCore
package import BatonEngine
import Synchronization

/// A journal that fails from a given append on, as a full disk does.
package final class FaultyJournal: Journal {
    private let inner: any Journal
    private let allowed: Mutex<Int>

    package init(_ inner: any Journal = MemoryJournal(), failingAfter appends: Int) {
        self.inner = inner
        self.allowed = Mutex(appends)
    }

    package func append(_ batch: JournalBatch) async throws {
        let isAllowed = self.allowed.withLock { allowed in
            allowed -= 1
            return allowed >= 0
        }
        guard isAllowed else {
            throw BatonError(.journalUnavailable, "the disk is full", remedy: "free space, then `baton resume`")
        }
        try await self.inner.append(batch)
    }

    package func chunks(of run: RunID, after: Position, limit: Int) async throws -> [Chunk] {
        try await self.inner.chunks(of: run, after: after, limit: limit)
    }

    package func contents(_ digests: [Digest]) async throws -> [Digest: [UInt8]] {
        try await self.inner.contents(digests)
    }

    package func receipt(_ id: Receipt.ID) async throws -> Receipt? { try await self.inner.receipt(id) }

    package func heads() async throws -> [RunHead] { try await self.inner.heads() }

    package func head(of run: RunID) async throws -> RunHead? { try await self.inner.head(of: run) }
}
