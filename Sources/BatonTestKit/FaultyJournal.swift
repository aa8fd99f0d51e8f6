import BatonCore
package import BatonEngine
import Synchronization

/// A journal that fails from a given append on, as a full disk does.
package final class FaultyJournal: ForwardingJournal {
    package let inner: any Journal
    private let allowed: Mutex<Int>
    private let isHere: Bool

    /// - Parameter isHere: whether it stores on the caller's thread if it is asked to.
    package init(_ inner: any Journal = MemoryJournal(), failingAfter appends: Int, isHere: Bool = false) {
        self.inner = inner
        self.allowed = Mutex(appends)
        self.isHere = isHere
    }

    package func append(_ batch: JournalBatch) async throws {
        try self.countOne()
        try await self.inner.append(batch)
    }

    package func appendHere(_ batch: JournalBatch) throws -> Bool {
        guard self.isHere else { return false }
        try self.countOne()
        return try self.inner.appendHere(batch)
    }

    private func countOne() throws {
        let isAllowed = self.allowed.withLock { allowed in
            allowed -= 1
            return allowed >= 0
        }
        guard isAllowed else {
            throw BatonError(.journalUnavailable, "the disk is full", remedy: "free space, then `baton resume`")
        }
    }
}
