import BatonCore
import Testing

@Suite struct RetryPolicyTests {
    private static func failure(_ kind: Failure.Class = .transient, after: Duration? = nil) -> Failure {
        Failure(kind, "test.fault", "it failed", remedy: "none", retryAfter: after)
    }

    private static func wait(
        attempt: Int,
        delay: Duration = .seconds(1),
        jitter: UInt64 = 0,
        after: Duration? = nil
    ) -> Duration? {
        let policy = RetryPolicy(maxAttempts: 100, delay: delay)
        let failure = Self.failure(after: after)
        guard case .again(let at) = policy.verdict(on: failure, attempt: attempt, at: .zero, jitter: jitter) else {
            return nil
        }
        return at - .zero
    }

    @Test(arguments: [(1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (8, 60), (50, 60)])
    func `each wait is twice the one before, up to a minute`(attempt: Int, seconds: Int) {
        #expect(Self.wait(attempt: attempt) == .seconds(seconds))
    }

    @Test(arguments: [
        (Duration.zero, 3, Duration.zero), (.milliseconds(10), 3, .milliseconds(40)), (.seconds(3600), 1, .seconds(60)),
    ])
    func `the plan's delay is what doubles`(delay: Duration, attempt: Int, wait: Duration) {
        #expect(Self.wait(attempt: attempt, delay: delay) == wait)
    }

    @Test func `jitter shortens the wait by a quarter at most`() {
        var draws = SplitMix64(seed: 4)
        for attempt in 1...10 {
            for _ in 0..<50 {
                let full = Self.wait(attempt: attempt)?.microseconds ?? 0
                let wait = Self.wait(attempt: attempt, jitter: draws.next())?.microseconds ?? 0
                #expect((full - full / 4...full).contains(wait))
            }
        }
    }

    @Test func `a longer Retry-After is obeyed, a shorter one does not hurry`() {
        #expect(Self.wait(attempt: 1, after: .seconds(300)) == .seconds(300))
        #expect(Self.wait(attempt: 3, after: .seconds(1)) == .seconds(4))
    }

    @Test(arguments: [(Failure.Class.transient, true), (.timedOut, true), (.permanent, false)])
    func `permanent failures are not tried again`(kind: Failure.Class, isTriedAgain: Bool) {
        let verdict = RetryPolicy().verdict(on: Self.failure(kind), attempt: 1, at: .zero, jitter: 0)
        #expect((verdict != .stop) == isTriedAgain)
    }

    @Test(arguments: [(1, 1, false), (3, 1, true), (3, 2, true), (3, 3, false), (3, 4, false), (0, 1, false)])
    func `the first attempt counts`(most: Int, attempt: Int, isTriedAgain: Bool) {
        let verdict = RetryPolicy(maxAttempts: most).verdict(on: Self.failure(), attempt: attempt, at: .zero, jitter: 0)
        #expect((verdict != .stop) == isTriedAgain)
    }

    @Test func `a wait past the end of time ends there`() {
        let policy = RetryPolicy()
        let last = Timestamp(microseconds: .max)
        #expect(policy.verdict(on: Self.failure(), attempt: 1, at: last, jitter: 0) == .again(at: last))
    }
}
