import BatonAgents
import Synchronization
import UnixSignals

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Ctrl-C and its kin: the first asks to stop, the second ends the process at once, whatever it is doing.
final class StopSignal: Sendable {
    private let given = Mutex(false)
    private let first: @Sendable () -> Void

    /// - Parameter first: called at the first signal.
    init(_ first: @escaping @Sendable () -> Void = {}) { self.first = first }

    var isGiven: Bool { self.given.withLock { $0 } }

    /// Listens until it is cancelled.
    func listen() async {
        for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup) {
            let isSecond = self.given.withLock { given in
                defer { given = true }
                return given
            }
            if isSecond {
                LiveProcesses.killAll()
                _exit(130)
            }
            self.first()
        }
    }
}
