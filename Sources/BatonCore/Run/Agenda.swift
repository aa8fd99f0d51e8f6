import HeapModule

/// What a run waits for by time.
///
/// Entries are not removed when they lose their meaning: whoever pops them looks.
package struct Agenda: Sendable {
    package enum Matter: Hashable, Sendable {
        case taskReady(TaskIndex)
        case stepDeadline(StepKey)
        case questionDeadline(QuestionID)
        case timeLimit
    }

    package struct Entry: Comparable, Sendable {
        package let at: Timestamp
        package let matter: Matter
        /// Order of insertion, so that equal times keep it; there is one for each step that runs, so it is short.
        fileprivate let number: UInt32

        package static func < (left: Entry, right: Entry) -> Bool {
            left.at == right.at ? left.number < right.number : left.at < right.at
        }
    }

    private var entries = Heap<Entry>()
    private var inserted: UInt32 = 0

    package init() {}

    package var count: Int { self.entries.count }

    package mutating func insert(_ matter: Matter, at: Timestamp) {
        // Starting over after four thousand million would only turn round two entries of one microsecond.
        self.inserted &+= 1
        self.entries.insert(Entry(at: at, matter: matter, number: self.inserted))
    }

    package var first: Entry? { self.entries.min }

    package mutating func popFirst() -> Entry? { self.entries.popMin() }

    /// Drops what no longer means anything, when that may be most of it.
    package mutating func keep(where isAlive: (Matter) -> Bool) {
        self.entries = Heap(self.entries.unordered.filter { isAlive($0.matter) })
    }
}
