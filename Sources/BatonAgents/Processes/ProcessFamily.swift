import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// All processes of one attempt: the leader, its group, and what has left the group or the session.
///
/// Members are found by process group, by descent, by the mark in their environment, and, for those that have shed all
/// three, by having become children of the engine.
final class ProcessFamily: Sendable {
    private struct State {
        var leader: pid_t?
        var known: Set<ProcessTable.Entry> = []
        var isTerminating = false
    }

    let mark: String
    private let state = Mutex(State())

    init(mark: String) { self.mark = mark }

    var leader: pid_t? { self.state.withLock { $0.leader } }

    func lead(_ leader: pid_t) {
        LiveAttempts.shared.lead(leader)
        let isTerminating = self.state.withLock { state in
            state.leader = leader
            return state.isTerminating
        }
        if isTerminating { self.terminate() }
    }

    /// Asks everybody to end; remembers them, since those that outlive their parents can no longer be told by descent.
    func terminate() {
        let members = self.members()
        let leader = self.state.withLock { state in
            state.isTerminating = true
            state.known.formUnion(members)
            return state.leader
        }
        if let leader { kill(-leader, SIGTERM) }
        for member in members where member.group != leader { member.send(SIGTERM) }
    }

    /// Ends everybody at once.
    func killAll() {
        if let leader = self.leader { kill(-leader, SIGKILL) }
        for member in self.members() { member.send(SIGKILL) }
    }

    /// After the leader is gone: kills whoever is left and waits until nobody is; gives up after half a second.
    func sweep() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            // Waits for the kernel: not on a thread of the cooperative pool.
            DispatchQueue.global().async {
                self.sweepNow()
                continuation.resume()
            }
        }
    }

    private func sweepNow() {
        for _ in 0..<100 {
            let left = self.members()
            if left.allSatisfy(\.isZombie) {
                for member in left { self.reap(member) }
                return
            }
            self.state.withLock { $0.known.formUnion(left) }
            if let leader = self.leader { kill(-leader, SIGKILL) }
            for member in left where !member.isZombie { member.send(SIGKILL) }
            for member in left { self.reap(member) }
            usleep(5000)
        }
    }

    // What has become our child by outliving its parent is ours to bury. Leaders are not: their own watcher does that.
    private func reap(_ member: ProcessTable.Entry) {
        guard member.pid != self.leader, !LiveAttempts.shared.isLeader(member.pid) else { return }
        waitpid(member.pid, nil, WNOHANG)
    }

    private func members() -> Set<ProcessTable.Entry> {
        let table = ProcessTable()
        let (leader, known) = self.state.withLock { ($0.leader, $0.known) }
        var found = Set(table.entries.filter { known.contains($0) })
        if let leader {
            found.formUnion(table.entries.filter { $0.group == leader })
            found.formUnion(table.descendants(of: leader))
        }
        for entry in table.entries where !found.contains(entry) && self.isOurs(entry) { found.insert(entry) }
        for entry in found { found.formUnion(table.descendants(of: entry.pid)) }
        // A leader that is dead and not yet buried is not left over.
        return found.filter { !($0.pid == leader && $0.isZombie) && $0.pid != getpid() }
    }

    private func isOurs(_ entry: ProcessTable.Entry) -> Bool {
        if let mark = ProcessTable.variable(Marks.attemptVariable, of: entry.pid) { return mark == self.mark }
        // A child of the engine that nobody claims: it has shed its environment and outlived its parents. One that still
        // looks like the engine itself is a command about to be started.
        return entry.parent == getpid() && !entry.isZombie && !LiveAttempts.shared.isLeader(entry.pid)
            && ProcessTable.executable(of: entry.pid) != ProcessTable.executable(of: getpid())
    }
}
