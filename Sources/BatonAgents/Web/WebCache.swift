import BatonCore
import BatonEngine
import Synchronization

/// What the web brought to a run, kept for a while: who asks the same again is answered from here.
final class WebCache: Sendable {
    struct Entry: Sendable {
        let value: JSON
        let at: Timestamp
    }

    private struct Key: Hashable {
        let run: RunID
        let request: String
    }

    private struct State {
        var entries: [Key: Entry] = [:]
        var order: [Key] = []
    }

    /// So many answers are kept; the oldest goes first.
    private static let most = 500

    private let state = Mutex(State())

    /// What was brought no longer ago than that; nil if nothing was.
    func value(of request: String, in run: RunID, notBefore oldest: Timestamp) -> Entry? {
        self.state.withLock { $0.entries[Key(run: run, request: request)].flatMap { $0.at >= oldest ? $0 : nil } }
    }

    func keep(_ value: JSON, of request: String, in run: RunID, at now: Timestamp) {
        let key = Key(run: run, request: request)
        self.state.withLock { state in
            state.order.removeAll { $0 == key }
            state.order.append(key)
            state.entries[key] = Entry(value: value, at: now)
            if state.order.count > Self.most { state.entries[state.order.removeFirst()] = nil }
        }
    }
}
