import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// What tells our processes from others: variables in the environment that a command and all its children are born with.
struct Marks: Sendable {
    /// Names the data folder, so that the next engine on it finds what this one left.
    static let folderVariable = "BATON_FOLDER"
    /// Names one attempt of one engine.
    static let attemptVariable = "BATON_MARK"

    private static let counter = Mutex(0)

    /// A mark that no other attempt on this machine has had.
    static func fresh() -> String {
        let number = Self.counter.withLock { counter in
            counter += 1
            return counter
        }
        let started = ProcessTable.entry(getpid())?.started ?? 0
        return "\(getpid()).\(started).\(number)"
    }
}

/// The attempts whose processes may be alive: a stray child of the engine without a mark of these is nobody's.
final class LiveAttempts: Sendable {
    static let shared = LiveAttempts()

    private struct State {
        var marks: Set<String> = []
        var leaders: Set<pid_t> = []
    }

    private let state = Mutex(State())

    func begin(_ mark: String) { self.state.withLock { _ = $0.marks.insert(mark) } }

    func end(_ mark: String, leader: pid_t?) {
        self.state.withLock { state in
            state.marks.remove(mark)
            if let leader { state.leaders.remove(leader) }
        }
    }

    func lead(_ leader: pid_t) { self.state.withLock { _ = $0.leaders.insert(leader) } }

    var leaders: Set<pid_t> { self.state.withLock { $0.leaders } }

    func isLeader(_ pid: pid_t) -> Bool { self.state.withLock { $0.leaders.contains(pid) } }

    func isLive(_ mark: String) -> Bool { self.state.withLock { $0.marks.contains(mark) } }
}
