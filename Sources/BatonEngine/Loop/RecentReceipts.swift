import BatonCore
import DequeModule

/// The receipts of this engine's own time, the newest of them.
///
/// Whoever asks with a key has looked into the journal before; only what was written since then has to be known here, and
/// no more than an inbox full can have been.
struct RecentReceipts {
    private static let most = 2 * Inbox.mostWaiting

    private var receipts: [Receipt.ID: Receipt] = [:]
    private var order: Deque<Receipt.ID> = []

    subscript(id: Receipt.ID) -> Receipt? { self.receipts[id] }

    mutating func insert(_ receipt: Receipt) {
        self.receipts[receipt.id] = receipt
        self.order.append(receipt.id)
        if self.order.count > Self.most { self.receipts[self.order.removeFirst()] = nil }
    }
}
