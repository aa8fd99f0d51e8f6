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

    /// A data folder by the one path that all names of it lead to: a link to it is the same folder.
    static func folder(_ path: String) -> String {
        guard let real = realpath(path, nil) else { return path }
        defer { free(real) }
        return String(cString: real)
    }

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

/// The attempts whose processes may be alive: what tells a stray child of the engine from one that somebody follows.
final class LiveAttempts: Sendable {
    static let shared = LiveAttempts()

    private enum Phase {
        /// Its leader may exist already, but nobody knows its number.
        case spawning
        case led(pid_t)
        /// Its leader is gone, or has never been.
        case sweeping
    }

    private struct Attempt {
        let began: UInt64
        var phase: Phase
        /// Whether no other has worked at any time since it began.
        var isAlone: Bool
        /// Processes that it has found to be its own.
        var claims: Set<ProcessTable.Identity> = []
    }

    private let attempts = Mutex<[String: Attempt]>([:])

    func begin(_ mark: String, at began: UInt64) {
        self.attempts.withLock { attempts in
            // Only one that is the only one can be alone.
            if attempts.count == 1, let other = attempts.keys.first { attempts[other]?.isAlone = false }
            attempts[mark] = Attempt(began: began, phase: .spawning, isAlone: attempts.isEmpty)
        }
    }

    func lead(_ mark: String, _ leader: pid_t) { self.attempts.withLock { $0[mark]?.phase = .led(leader) } }

    func sweep(_ mark: String) { self.attempts.withLock { $0[mark]?.phase = .sweeping } }

    func end(_ mark: String) { self.attempts.withLock { _ = $0.removeValue(forKey: mark) } }

    var leaders: Set<pid_t> {
        self.attempts.withLock { attempts in
            var leaders: Set<pid_t> = []
            for attempt in attempts.values { if case .led(let leader) = attempt.phase { leaders.insert(leader) } }
            return leaders
        }
    }

    var spawning: Set<String> {
        self.attempts.withLock { attempts in
            var marks: Set<String> = []
            for (mark, attempt) in attempts { if case .spawning = attempt.phase { marks.insert(mark) } }
            return marks
        }
    }

    /// Whether an attempt that still works could have started a process at that time.
    func mayOwn(_ started: UInt64, except own: String) -> Bool {
        self.attempts.withLock { attempts in
            attempts.contains { mark, attempt in
                if case .sweeping = attempt.phase { return false }
                return mark != own && attempt.began <= started
            }
        }
    }

    /// A process is an attempt's own, also when it is dead and nothing tells it any more.
    func claim(_ process: ProcessTable.Identity, for mark: String) {
        self.attempts.withLock { _ = $0[mark]?.claims.insert(process) }
    }

    func isClaimed(_ process: ProcessTable.Identity, exceptBy own: String) -> Bool {
        self.attempts.withLock { attempts in
            attempts.contains { mark, attempt in mark != own && attempt.claims.contains(process) }
        }
    }

    /// Whether nobody else could have started what began since an attempt did.
    func isAlone(_ mark: String) -> Bool { self.attempts.withLock { $0[mark]?.isAlone ?? false } }

    func isLive(_ mark: String) -> Bool { self.attempts.withLock { $0[mark] != nil } }
}
