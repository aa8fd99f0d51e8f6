package import BatonCore

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#endif

/// Time as the engine sees it.
package protocol EngineClock: Sendable {
    /// Now; never earlier than what it said before.
    func now() -> Timestamp
    /// Returns at that time, or throws when cancelled.
    func sleep(until moment: Timestamp) async throws
}

/// Wall clock at start plus elapsed time since, sleep of the machine counted: set clocks do not move it.
package struct SystemClock: EngineClock {
    private let start: Timestamp
    private let origin = ContinuousClock.now

    /// Reads the wall clock once.
    ///
    /// - Parameter earliest: where time begins if the wall clock has been set back before it.
    package init(notBefore earliest: Timestamp = .zero) {
        var moment = timespec()
        clock_gettime(CLOCK_REALTIME, &moment)
        let wall = Timestamp(microseconds: Int64(moment.tv_sec) * 1_000_000 + Int64(moment.tv_nsec) / 1000)
        self.start = max(wall, earliest)
    }

    /// Now.
    package func now() -> Timestamp { self.start + (ContinuousClock.now - self.origin) }

    /// Sleeps.
    package func sleep(until moment: Timestamp) async throws {
        try await ContinuousClock().sleep(until: self.origin + (moment - self.start))
    }
}
