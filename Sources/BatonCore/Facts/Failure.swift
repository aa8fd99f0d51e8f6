/// Why an attempt did not succeed: a value, never thrown at whoever reads it.
public struct Failure: Hashable, Sendable, Error {
    /// What a failure means for the next try.
    public enum Class: String, Hashable, Sendable, CaseIterable {
        /// Another try may help.
        case transient
        /// Another try gives the same: bad request, refused, invalid.
        case permanent
        /// The attempt took longer than it may.
        case timedOut = "timed_out"
        /// It needs something that it has not: a person is asked, and may say how to go on.
        case blocked
    }

    /// What it means for the next try.
    public let kind: Class
    /// A stable code such as `exec.exit`.
    public let code: String
    /// What happened, in one sentence.
    public let message: String
    /// The next step for a person.
    public let remedy: String
    /// Causes, the nearest first; the chain of a Swift error.
    public let causes: [String]
    /// The end of what the program wrote to standard error, 64 KiB at most.
    public let stderrTail: String?
    /// How long the other side asked us to wait.
    public let retryAfter: Duration?

    /// Describes a failure.
    public init(
        _ kind: Class,
        _ code: String,
        _ message: String,
        remedy: String,
        causes: [String] = [],
        stderrTail: String? = nil,
        retryAfter: Duration? = nil
    ) {
        self.kind = kind
        self.code = code
        self.message = message
        self.remedy = remedy
        self.causes = causes
        self.stderrTail = stderrTail
        self.retryAfter = retryAfter
    }
}
