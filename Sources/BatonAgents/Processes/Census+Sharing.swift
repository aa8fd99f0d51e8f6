import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

extension Census {
    private struct Last {
        let census: Census
        let begun: ContinuousClock.Instant
        let ended: ContinuousClock.Instant
    }

    private struct Shared {
        var last: Last?
        var count = 0
    }

    private static let shared = Mutex(Shared())

    /// How many there have been; for tests.
    static var count: Int { self.shared.withLock { $0.count } }

    /// A census that began after this call did; callers at the same time share it.
    ///
    /// - Parameter isPatient: whether it may begin a moment later, so that those who come meanwhile share it too.
    static func fresh(isPatient: Bool = false) -> Census {
        let wanted = ContinuousClock.now
        return Self.shared.withLock { shared in
            if let last = shared.last, last.begun >= wanted { return last.census }
            if isPatient, let last = shared.last {
                let pause = Self.pause(after: last.ended - last.begun) - (ContinuousClock.now - last.ended)
                // The lock is held meanwhile on purpose: whoever waits for it shares what comes.
                if pause > .zero { usleep(UInt32(pause / .microseconds(1))) }
            }
            let begun = ContinuousClock.now
            let census = Census(attempts: .shared, own: getpid(), session: getsid(0))
            shared.last = Last(census: census, begun: begun, ended: .now)
            shared.count += 1
            return census
        }
    }

    /// How long to leave the machine alone after a census: so long that at most a third of one core goes into them.
    ///
    /// Ending processes must not wait for it: two seconds are all the time there is.
    static func pause(after cost: Duration) -> Duration { min(cost * 2, .milliseconds(40)) }
}
