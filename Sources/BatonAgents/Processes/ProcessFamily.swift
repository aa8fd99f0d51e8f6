import BatonCore
import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// All processes of one attempt: the leader, its group and session, and what has left both.
///
/// Members are found by group, by session, by descent, and by the mark in their environment. What has shed all of these
/// has outlived its parent on the way and is a child of the engine now, see ``ParentDuty``; so is what an app around the engine has
/// started in a session of its own. Only where the engine is the sole parent are such children taken for members. The engine's
/// own session is never touched.
final class ProcessFamily: Sendable {
    private typealias Entry = ProcessTable.Entry

    private struct State {
        var leader: pid_t?
        /// Members once seen: those that outlive their parents can no longer be told by descent.
        var known: Set<ProcessTable.Identity> = []
        /// Children of the engine that nobody claims, with the attempts that could still turn out to be theirs.
        var suspects: [ProcessTable.Identity: Set<String>] = [:]
        var terminatedAt: ContinuousClock.Instant?
        /// The same moment as processes count it.
        var terminatedTick: UInt64 = 0
        /// What the leader has used, once it has ended and the kernel has told.
        var usage: Usage?
        /// What those have used that the engine itself buried, since nobody of theirs was left to.
        var adopted = Usage.none
        /// Those that may as well be of another attempt: they end, and are not counted.
        var guessed: Set<ProcessTable.Identity> = []
        var sight: Int?
    }

    private struct Members {
        var certain: Set<Entry> = []
        var isUnsure = false
    }

    let mark: String
    private let began: UInt64
    private let isSoleParent: Bool
    private let state = Mutex(State())

    init(mark: String, isSoleParent: Bool) {
        self.mark = mark
        self.isSoleParent = isSoleParent
        self.began = ProcessTable.now
    }

    func begin() { LiveAttempts.shared.begin(self.mark, at: self.began) }

    func lead(_ leader: pid_t) {
        LiveAttempts.shared.lead(self.mark, leader)
        let sight = PeakWatch.shared.begin(leader)
        let isTerminating = self.state.withLock { state in
            state.leader = leader
            state.sight = sight
            return state.terminatedAt != nil
        }
        if isTerminating { self.askToEnd() }
    }

    /// Takes down what the leader has used, before it is buried: waits for its end.
    func account() async {
        guard let leader = self.state.withLock({ $0.leader }) else { return }
        let usage = await LeaderUsage.of(leader)
        let seen = self.endWatch()
        self.state.withLock { state in
            state.usage = usage
            guard let seen, usage?.peakMemory == nil else { return }
            state.usage?.peakMemory = seen
            state.usage?.peakMemoryBound = nil
        }
    }

    private func endWatch() -> Int64? {
        let sight = self.state.withLock { state in
            defer { state.sight = nil }
            return state.sight
        }
        return sight.flatMap { PeakWatch.shared.end($0) }
    }

    /// What the leader has used with the children that it waited for, and those that ``sweep()`` has buried; nothing is known
    /// before ``account()``.
    var usage: Usage {
        self.state.withLock { state in
            guard let usage = state.usage else { return .none }
            var sum = usage + state.adopted
            // What is known of some is no peak of all.
            if usage.peakMemory == nil, usage.peakMemoryBound == nil { sum.peakMemory = nil }
            return sum
        }
    }

    /// Asks everybody to end, on another thread: whoever cancels does not wait for `/proc`.
    func terminate() {
        self.state.withLock { state in
            guard state.terminatedAt == nil else { return }
            state.terminatedAt = .now
            state.terminatedTick = ProcessTable.now
        }
        Thread.detachNewThread { self.askToEnd() }
    }

    private func askToEnd() {
        guard let leader = self.state.withLock({ $0.leader }) else { return }
        // Looks before it asks: the leader's end cuts the descent of those that have left its session.
        for member in self.members(.fresh()).certain where self.isNew(member) && member.group != leader {
            member.ask()
        }
        // A group whose leader is gone may still have members; the number is not used again as long as it has.
        kill(-leader, SIGTERM)
        kill(-leader, SIGCONT)
    }

    /// Ends everybody at once.
    func killAll() {
        if let leader = self.state.withLock({ $0.leader }) { kill(-leader, SIGKILL) }
        for member in self.members(.fresh()).certain { member.send(SIGKILL) }
    }

    /// After the leader is gone: ends whoever is left and waits until nobody is; gives up after a second.
    ///
    /// If the attempt was cancelled, the others too have their time between TERM and KILL.
    func sweep() async {
        LiveAttempts.shared.sweep(self.mark)
        // Where the command could not be followed to its end, nobody has accounted for it.
        _ = self.endWatch()
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            // Waits for the kernel: on a thread of its own, since Dispatch's are those of the cooperative pool.
            Thread.detachNewThread {
                self.sweepNow()
                LiveAttempts.shared.end(self.mark)
                continuation.resume()
            }
        }
    }

    private func sweepNow() {
        let patience = self.state.withLock { $0.terminatedAt?.advanced(by: CommandPerformer.grace) } ?? .now
        let asked = self.state.withLock { $0.terminatedTick }
        let end = max(patience, .now).advanced(by: .seconds(1))
        var wait: UInt32 = 1000
        var looks = 0
        while true {
            looks += 1
            let left = self.members(.fresh(isPatient: true))
            guard !left.certain.isEmpty || left.isUnsure else { return }
            let mayWait = ContinuousClock.now < patience
            for member in left.certain where !member.isZombie {
                // Remembered also when killed: a zombie can be told neither by its environment nor, now, by descent.
                let isNew = self.isNew(member)
                if !mayWait {
                    member.send(SIGKILL)
                } else if isNew, member.started < asked {
                    // Younger ones are the others' own tidying up.
                    member.ask()
                }
            }
            for member in left.certain where member.parent == getpid() { self.bury(member) }
            // Only a look that finds nobody is the end: a reading of /proc is no snapshot, and the dead may have children.
            // On a busy machine one look may take the whole time: the dead are still to be buried then.
            guard ContinuousClock.now < end || looks < 20 else { return }
            usleep(wait)
            wait = min(wait * 2, mayWait ? 50_000 : 5000)
        }
    }

    private func bury(_ member: Entry) {
        guard let usage = AdoptedUsage.bury(member.pid) else { return }
        self.state.withLock { state in
            if !state.guessed.contains(member.identity) { state.adopted = state.adopted + usage }
        }
    }

    // Remembers a member; true the first time.
    private func isNew(_ member: Entry) -> Bool {
        guard self.state.withLock({ $0.known.insert(member.identity).inserted }) else { return false }
        LiveAttempts.shared.claim(member.identity, for: self.mark)
        return true
    }

    private func members(_ census: Census) -> Members {
        let (leader, known) = self.state.withLock { ($0.leader, $0.known) }
        var found = Members()
        if let leader { found.certain.formUnion(census.led(by: leader)) }
        for identity in known { if let entry = census.entry(identity) { found.certain.insert(entry) } }
        for child in census.unclaimed where child.started >= self.began && !found.certain.contains(child) {
            self.judge(child, census, &found)
        }
        for entry in found.certain { found.certain.formUnion(census.table.descendants(of: entry.pid)) }
        // Not ours by descent, but young: somebody outside (at, cron, a terminal server) may have started it for us.
        found.certain.formUnion(census.foreign(since: self.began, markedWith: self.mark))
        // A leader that is dead and not yet buried is not left over; its own watcher buries it.
        found.certain = found.certain.filter { !($0.pid == leader && $0.isZombie) && $0.pid != getpid() }
        return found
    }

    // A child of the engine outside its session: the leader of a concurrent attempt, perhaps one about to become that,
    // or something that has outlived its parent. Between fork and exec nothing distinguishes these but the number, so
    // nothing is done before all attempts that were spawning at first sight have said their leader's number.
    private func judge(_ child: Entry, _ census: Census, _ found: inout Members) {
        let attempts = LiveAttempts.shared
        // Whoever has ended it buries it, and counts what it has used.
        if attempts.isClaimed(child.identity, exceptBy: self.mark) { return }
        if !child.isZombie, let mark = census.mark(of: child) {
            if mark == self.mark { found.certain.insert(child) }
            if attempts.isLive(mark) { return }
        }
        guard self.isSoleParent else { return }
        let awaited = self.state.withLock { state in
            let first = state.suspects[child.identity] ?? census.spawning
            state.suspects[child.identity] = first.intersection(census.spawning)
            return first.intersection(census.spawning).subtracting([self.mark])
        }
        guard awaited.isEmpty else {
            found.isUnsure = true
            return
        }
        // The last attempt that may have started it ends it. The dead harm nobody and are buried at once.
        guard child.isZombie || !attempts.mayOwn(child.started, except: self.mark) else { return }
        // It may have ended with its attempt meanwhile, and its number may be another's.
        guard ProcessTable.entry(child.pid)?.identity == child.identity else { return }
        found.certain.insert(child)
        if !attempts.isAlone(self.mark) { self.state.withLock { _ = $0.guessed.insert(child.identity) } }
    }
}

extension ProcessTable.Entry {
    /// TERM, and CONT so that one which is stopped hears it.
    fileprivate func ask() {
        self.send(SIGTERM)
        self.send(SIGCONT)
    }
}
