import BatonCore

/// The disk: one row a run and append, and facts that come back as they went in.
///
/// SQLite promises that a transaction is on disk as a whole or not at all, also when the machine dies inside of it. So a
/// crash inside an append leaves nothing or everything. An adapter without that promise is simulated as well: it may keep
/// the rows of some runs and not of others, and may keep a part of a row. A row tells how many facts it has to hold, as
/// the hash of a real chunk does; one that holds fewer is refused, and may be dropped because nobody was told of it.
struct SimulatedJournal {
    struct Row {
        var facts: [Recorded] = []
        /// Where the rows end.
        var ends: [Int] = []
        var fresh: Run?

        /// The last row holds less than it says.
        var isTorn: Bool { (self.ends.last ?? 0) != self.facts.count }
    }

    private(set) var rows: [Row]
    let usesCodec: Bool
    /// A number for the whole history: equal for equal seeds.
    private(set) var trace: UInt64 = 0
    private(set) var replayed = 0
    private(set) var folds = 0

    init(runs: Int, usesCodec: Bool) {
        self.rows = Array(repeating: Row(), count: runs)
        self.usesCodec = usesCodec
    }

    mutating func append(_ facts: [Recorded], to run: Int, keeping kept: Int? = nil) throws {
        guard let first = facts.first else { return }
        guard first.position.value == Int64(self.rows[run].facts.count) + 1, !self.rows[run].isTorn else {
            throw Violation("I-10 an append follows what is on disk", "\(first.position.value)")
        }
        let stored = try self.usesCodec ? Self.throughCodec(facts) : facts
        self.rows[run].ends.append(self.rows[run].facts.count + facts.count)
        self.rows[run].facts += stored.prefix(kept ?? facts.count)
        for fact in facts {
            let word = UInt64(bitPattern: fact.at.microseconds) ^ UInt64(EventCodec.kind(of: fact.event).utf8.count)
            self.trace = (self.trace ^ word) &* 0x9E37_79B9_7F4A_7C15 ^ (self.trace >> 29)
        }
    }

    // Written and read as a chunk is.
    private static func throughCodec(_ facts: [Recorded]) throws -> [Recorded] {
        var writer = JSONWriter()
        EventCodec.write(facts, to: &writer)
        var lines = CommonEvents(writer.bytes)
        var read: [Recorded] = []
        while !lines.isAtEnd, let first = facts.first {
            let position = read.last?.position.next ?? first.position
            if let (first, second) = lines.next(position: position) {
                read.append(first)
                if let second { read.append(second) }
            } else {
                read += try EventCodec.readLine(lines.nextLine(), from: position) { _ in
                    for fact in facts { if case .created(let seed) = fact.event { return seed.plan } }
                    return Plan(id: "none", agents: [], tasks: [])
                }
            }
        }
        guard read == facts else {
            let lost = zip(facts, read).first { $0 != $1 }?.0.event
            throw Violation("I-05 events are read as they were written", lost.map { "\($0)" } ?? "\(read.count)")
        }
        return read
    }

    /// Nobody was told of a torn row: a repair may drop it, and must not drop more.
    mutating func dropTorn(_ run: Int) {
        guard self.rows[run].isTorn else { return }
        self.rows[run].ends.removeLast()
        self.rows[run].facts.removeSubrange((self.rows[run].ends.last ?? 0)...)
    }

    /// Folds a run from its first event; nil if there is none.
    ///
    /// - Parameter isThorough: makes the state of the first event anew, instead of taking a copy of the one made before.
    mutating func fold(_ run: Int, isThorough: Bool) throws -> Run? {
        guard let first = self.rows[run].facts.first else { return nil }
        if self.rows[run].isTorn { throw Violation("I-09 a torn row is refused", "") }
        if self.rows[run].fresh == nil || isThorough { self.rows[run].fresh = Run(first) }
        guard var folded = self.rows[run].fresh else { throw Violation("I-01 a run begins with created", "") }
        let facts = self.rows[run].facts
        var changes = Changes()
        changes.started.reserveCapacity(facts.count / 2)
        for index in facts.indices.dropFirst() { folded.apply(facts[index], &changes) }
        self.replayed += facts.count
        self.folds += 1
        if let damage = folded.damage { throw Violation("I-05 a journal replays", "damaged at \(damage.value)") }
        return folded
    }
}

extension Run {
    /// What two runs must have in common to be the same.
    func hasSameState(as other: Run) -> Bool {
        self.head == other.head && self.phase == other.phase && self.tasks == other.tasks
            && self.records == other.records && self.owed == other.owed && self.stopping == other.stopping
            && self.questions == other.questions && self.counts == other.counts && self.leads == other.leads
            && self.asked == other.asked && self.directives == other.directives
    }
}
