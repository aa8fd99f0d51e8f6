import BatonCore
import DequeModule

/// The names of the runs that have begun or been taken over here: those that go on, and the newest of those that have ended.
///
/// Whoever begins a run or takes one over has looked into the journal a moment before; what is remembered here is what may
/// have happened since.
struct BegunRuns {
    private let most: Int
    private var names: Set<RunID> = []
    private var ended: Deque<RunID> = []

    /// - Parameter most: so many that have ended are remembered.
    init(most: Int = Inbox.mostWaiting) { self.most = most }

    /// Takes a name; false if it has begun here already.
    mutating func begin(_ run: RunID) -> Bool { self.names.insert(run).inserted }

    mutating func end(_ run: RunID) {
        self.ended.append(run)
        if self.ended.count > self.most { self.names.remove(self.ended.removeFirst()) }
    }
}
