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
    private let signals: UnixSignalsSequence

    /// From here on signals no longer end the process by themselves: make it before there is anything to stop.
    init() async { self.signals = await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup) }

    var isGiven: Bool { self.given.withLock { $0 } }

    /// Listens until it is cancelled, also to what came before.
    ///
    /// - Parameter first: called at the first signal.
    func listen(_ first: @Sendable () -> Void = {}) async {
        for await _ in self.signals {
            let isSecond = self.given.withLock { given in
                defer { given = true }
                return given
            }
            if isSecond {
                LiveProcesses.killAll()
                _exit(130)
            }
            first()
        }
    }
}
