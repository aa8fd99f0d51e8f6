import BatonCore
package import BatonEngine
import Synchronization

/// A journal whose append of a given number waits until it is let go, or then fails: a disk that takes its time.
package final class HeldJournal: ForwardingJournal {
    /// Opens when the held append has begun.
    package let begun = Gate()
    /// What has happened, in order: `append 1`, `stored 1`, and whatever else is noted there.
    package let log = Lines()
    package let inner: any Journal
    private let held: Int
    private let fails: Bool
    private let letGo = Gate()
    private let count = Mutex(0)

    package init(_ inner: any Journal = MemoryJournal(), holding append: Int, fails: Bool = false) {
        self.inner = inner
        self.held = append
        self.fails = fails
    }

    package func letIt() { self.letGo.open() }

    package func append(_ batch: JournalBatch) async throws {
        let number = self.count.withLock { count in
            count += 1
            return count
        }
        self.log.append("append \(number)")
        if number == self.held {
            self.begun.open()
            await self.letGo.wait()
            if self.fails {
                throw BatonError(.journalUnavailable, "the disk is full", remedy: "free space, then `baton resume`")
            }
        }
        try await self.inner.append(batch)
        self.log.append("stored \(number)")
    }
}
