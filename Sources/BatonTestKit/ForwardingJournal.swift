package import BatonCore
package import BatonEngine

/// A journal of tests that does something of its own with appends, and reads as the one below it.
package protocol ForwardingJournal: Journal {
    var inner: any Journal { get }
}

extension ForwardingJournal {
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
