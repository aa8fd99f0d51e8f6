import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// One look at the processes of this machine, for all attempts that look at that moment.
///
/// A thousand attempts that end together would otherwise each read all of `/proc` and compare all with all. Here it is read
/// and sorted once, and what one attempt then asks costs as much as it has processes itself.
final class Census: Sendable {
    typealias Entry = ProcessTable.Entry
    typealias Identity = ProcessTable.Identity

    let table: ProcessTable
    /// Attempts whose leader was not known when the table was read.
    let spawning: Set<String>
    /// Children of the engine that are no leaders: helpers that have outlived their parents, or leaders to be.
    let unclaimed: [Entry]
    private let byPid: [pid_t: Entry]
    private let byGroup: [pid_t: [Entry]]
    private let bySession: [pid_t: [Entry]]
    // Neither ours by descent nor dead: somebody outside may have started them for us. The youngest are last.
    private let foreign: [Entry]
    private let marks = Mutex<[Identity: String?]>([:])

    /// Sorts what a reading has found.
    ///
    /// - Parameters:
    ///   - read: reads `/proc`.
    ///   - attempts: who is at work.
    ///   - own: the engine's process.
    ///   - session: its session; nothing in it is ever touched.
    init(attempts: LiveAttempts, own: pid_t, session: pid_t, read: () -> ProcessTable = ProcessTable.init) {
        // One that ends meanwhile is buried by its own watcher and needs no judge.
        let before = attempts.leaders
        let table = read()
        self.table = table
        self.spawning = attempts.spawning
        // After the above: who is not spawning any more has its leader here.
        let leaders = attempts.leaders.union(before)
        let others = table.entries.filter { $0.session != session && $0.pid != own }
        self.byPid = Dictionary(others.map { ($0.pid, $0) }, uniquingKeysWith: { $1 })
        self.byGroup = Dictionary(grouping: others) { $0.group }
        self.bySession = Dictionary(grouping: others) { $0.session }
        self.unclaimed = table.children(of: own).filter { $0.session != session && !leaders.contains($0.pid) }
        let ours = Set(table.descendants(of: own).map(\.pid))
        self.foreign = others.filter { !$0.isZombie && !ours.contains($0.pid) }.sorted { $0.started < $1.started }
    }

    /// The group and the session of a leader.
    func led(by leader: pid_t) -> [Entry] { (self.byGroup[leader] ?? []) + (self.bySession[leader] ?? []) }

    /// The process, if it is still there.
    func entry(_ identity: Identity) -> Entry? {
        self.byPid[identity.pid].flatMap { $0.identity == identity ? $0 : nil }
    }

    /// Processes from outside that began no earlier than an attempt and bear its mark.
    func foreign(since began: UInt64, markedWith mark: String) -> [Entry] {
        self.foreign.reversed().prefix { $0.started >= began }.filter { self.mark(of: $0) == mark }
    }

    /// The mark of an attempt in the environment of a process.
    func mark(of entry: Entry) -> String? {
        if let known = self.marks.withLock({ $0[entry.identity] }) { return known }
        let mark = ProcessTable.variable(Marks.attemptVariable, of: entry.pid)
        self.marks.withLock { $0[entry.identity] = .some(mark) }
        return mark
    }
}
