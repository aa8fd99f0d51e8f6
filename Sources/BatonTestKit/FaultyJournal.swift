import BatonCore
package import BatonEngine
import Synchronization

/// A journal that fails from a given append on, as a full disk does.
package final class FaultyJournal: ForwardingJournal {
    package let inner: any Journal
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
}
