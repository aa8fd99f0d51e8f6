/// When a failed attempt is tried again.
///
/// The wait doubles from the plan's delay up to 60 s, less up to a quarter of jitter that follows from run, task and
/// attempt alone; a longer `Retry-After` is obeyed. Permanent failures are not tried again.
package struct RetryPolicy: Sendable {
    package enum Verdict: Hashable, Sendable {
        case again(at: Timestamp)
        case stop
    }

    package static let longestWait = Duration.seconds(60)

    package let maxAttempts: Int
    package let delay: Duration

    package init(maxAttempts: Int = 3, delay: Duration = .seconds(1)) {
        self.maxAttempts = maxAttempts
        self.delay = delay
    }

    package func verdict(on failure: Failure, attempt: Int, at now: Timestamp, jitter: UInt64) -> Verdict {
        let isFinal = failure.kind == .permanent && !planted(.permanentTriedAgain)
        guard !isFinal, attempt < self.maxAttempts + (planted(.oneAttemptTooMany) ? 1 : 0) else { return .stop }
        let whole = self.wait(after: planted(.backoffDoesNotGrow) ? 1 : attempt)
        var wait = Self.jittered(whole, by: jitter).microseconds
        if planted(.retryAfterIgnored) { return .again(at: now + .microseconds(wait)) }
        if planted(.retryAfterReplacesBackoff) { wait = failure.retryAfter?.microseconds ?? wait }
        return .again(at: now + .microseconds(max(wait, failure.retryAfter?.microseconds ?? 0)))
    }

    /// A wait, less up to a quarter.
    package static func jittered(_ wait: Duration, by jitter: UInt64) -> Duration {
        .microseconds(wait.microseconds - wait.microseconds / 4 * Int64(jitter % 1000) / 1000)
    }

    /// The wait after so many attempts, before jitter takes from it.
    package func wait(after attempt: Int) -> Duration {
        var wait = min(self.delay.microseconds, Self.longestWait.microseconds)
        for _ in 1..<max(1, attempt) where wait < Self.longestWait.microseconds { wait *= 2 }
        return .microseconds(min(wait, Self.longestWait.microseconds))
    }
}
