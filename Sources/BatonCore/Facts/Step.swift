/// The only unit of work: what a performer is asked to do.
package enum StepRequest: String, Hashable, Sendable {
    /// A whole attempt, opaque to the core: a command, a closure, a stand-in.
    case perform
}

/// What came back from a step.
package indirect enum StepResult: Hashable, Sendable {
    case done(Content, Usage)
    case failed(Failure, Usage)
    /// It was told to stop, and nothing of it is left running.
    case stopped(Usage)

    package var usage: Usage {
        switch self {
        case .done(_, let usage), .failed(_, let usage), .stopped(let usage): usage
        }
    }
}

/// What a step has used.
public struct Usage: Hashable, Sendable {
    /// Money spent.
    public var money = Money.zero
    /// Tokens in and out of models.
    public var tokens: Int64 = 0

    /// Nothing.
    public init() {}

    /// Nothing.
    public static let none = Usage()

    /// The sum, staying at the ends of the range instead of trapping.
    package static func + (left: Usage, right: Usage) -> Usage {
        var sum = Usage()
        sum.money = left.money + right.money
        sum.tokens = left.tokens.addingSaturated(right.tokens)
        return sum
    }
}

/// Why a step was told to stop.
package enum StopReason: Hashable, Sendable {
    case timedOut
    case cancelled
    /// With what a person gave as the reason.
    case skipped(note: String)
    /// The run was paused at once; the attempt is repeated on resume and does not count.
    case paused

    package var word: String {
        switch self {
        case .timedOut: "timed_out"
        case .cancelled: "cancelled"
        case .skipped: "skipped"
        case .paused: "paused"
        }
    }
}
