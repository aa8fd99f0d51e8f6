package import BatonCore

/// When a provider may be asked: a pure machine that all runs of an engine share.
package struct ProviderPace: Hashable, Sendable {
    /// What the provider allows; nil is no limit.
    package struct Limits: Hashable, Sendable {
        package var requestsPerMinute: Int?
        package var tokensPerMinute: Int?

        package init(requestsPerMinute: Int? = nil, tokensPerMinute: Int? = nil) {
            self.requestsPerMinute = requestsPerMinute
            self.tokensPerMinute = tokensPerMinute
        }
    }

    /// What may be done now.
    package enum Decision: Hashable, Sendable {
        /// It is asked at that time, which may be now; room is taken for it.
        case go(at: Timestamp)
        /// It has failed so often that nobody asks before that time.
        case rests(until: Timestamp)
    }

    /// How a question ended.
    package enum Outcome: Hashable, Sendable {
        case answered
        /// The provider is well and wants less of us.
        case limited(retryAfter: Duration?)
        /// It may be ill.
        case failed
        /// What says nothing about it: a question that it refused, or one that was stopped.
        case other
    }

    /// So many failures in a row, and it is left alone.
    package static let mostFailures = 5
    package static let rest = Duration.seconds(60)
    // What of a minute's share may be used at once.
    private static let burst = Duration.seconds(10)
    private static let limitedFor = Duration.seconds(1)

    private let limits: Limits
    private var requests = Timestamp.zero
    private var tokens = Timestamp.zero
    private var notBefore = Timestamp.zero
    private var failures = 0
    private var restsUntil: Timestamp?
    private var isProbing = false

    package init(_ limits: Limits = Limits()) { self.limits = limits }

    /// What outlives an engine.
    package struct Memory: Hashable, Sendable {
        package var restsUntil: Timestamp?
        /// The provider has asked for nothing before.
        package var notBefore = Timestamp.zero

        var isEmpty: Bool { self.restsUntil == nil && self.notBefore == .zero }
    }

    package var memory: Memory { Memory(restsUntil: self.restsUntil, notBefore: self.notBefore) }

    /// Goes on from what is known; a clock that was set back makes nobody wait for longer than it takes from now.
    package mutating func recall(_ memory: Memory, _ now: Timestamp) {
        self.restsUntil = memory.restsUntil.map { min($0, now + Self.rest) }
        self.notBefore = min(memory.notBefore, now + RetryAfter.longest)
    }

    /// Takes room for a question.
    package mutating func ask(tokens: Int, _ now: Timestamp) -> Decision {
        if let until = self.restsUntil {
            if now < until { return .rests(until: until) }
            // One looks how it is; the others wait for what comes of that.
            guard !self.isProbing else { return .rests(until: now + .seconds(1)) }
            self.isProbing = true
        }
        var start = max(now, self.notBefore)
        if let limit = self.limits.requestsPerMinute {
            start = max(start, Self.take(.seconds(60) / max(1, limit), of: &self.requests, now))
        }
        if let limit = self.limits.tokensPerMinute {
            let share = min(1, Double(tokens) / Double(max(1, limit)))
            start = max(start, Self.take(.seconds(fraction: 60 * share), of: &self.tokens, now))
        }
        return .go(at: start)
    }

    // The time at which all that was taken so far is used up moves on; nobody may be further ahead of it than a burst.
    private static func take(_ cost: Duration, of used: inout Timestamp, _ now: Timestamp) -> Timestamp {
        let before = max(used, now)
        used = before + cost
        // The first of a quiet time may take more than a burst at once.
        return before - now <= Self.burst ? now : now + (before - now - Self.burst)
    }

    /// Since a question was let go the provider may have asked for a pause.
    package func mayGo(_ now: Timestamp) -> Timestamp? { now < self.notBefore ? self.notBefore : nil }

    /// Takes how a question ended.
    package mutating func ended(_ outcome: Outcome, _ now: Timestamp) {
        let wasProbe = self.isProbing
        self.isProbing = false
        switch outcome {
        case .answered:
            self.failures = 0
            self.restsUntil = nil
        case .limited(let wait):
            self.failures = 0
            self.restsUntil = nil
            self.notBefore = max(self.notBefore, now + (wait ?? Self.limitedFor))
        case .failed:
            self.failures += 1
            if wasProbe || self.failures >= Self.mostFailures { self.restsUntil = now + Self.rest }
        case .other: break
        }
    }
}
