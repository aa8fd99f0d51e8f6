#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// The last word of a process that must end now.
package enum LiveProcesses {
    /// Kills the process groups of all commands in hand, without waiting for anything.
    package static func killAll() {
        for leader in LiveAttempts.shared.leaders { kill(-leader, SIGKILL) }
    }
}
