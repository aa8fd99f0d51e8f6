/// The only unit of work: what a performer is asked to do.
package enum StepRequest: Hashable, Sendable {
    /// A whole attempt, opaque to the core: a command, a closure, a stand-in.
    case perform
    /// A look at which tools others offer, before the first turn.
    case catalogue
    /// One turn of a conversation.
    case model(ModelCall)
    /// The call of a tool, by its place in the last reply.
    case tool(Int32)

    package var word: String {
        switch self {
        case .perform: "perform"
        case .catalogue: "catalogue"
        case .model: "model"
        case .tool: "tool"
        }
    }
}

/// What came back from a step.
package indirect enum StepResult: Hashable, Sendable {
    case done(Content, Usage)
    /// What a model said.
    case replied(Reply, Usage)
    /// Which tools others offer.
    case offered(Catalogue)
    case failed(Failure, Usage)
    /// It was told to stop, and nothing of it is left running.
    case stopped(Usage)

    /// What it brought; nil if it brought nothing.
    package var output: Content? {
        switch self {
        case .done(let content, _): content
        case .replied(let reply, _): reply.output
        case .offered, .failed, .stopped: nil
        }
    }

    package var usage: Usage {
        switch self {
        case .done(_, let usage), .replied(_, let usage), .failed(_, let usage), .stopped(let usage): usage
        case .offered: .none
        }
    }
}

/// What a step has used.
///
/// Together, amounts are added, and of peaks of memory the highest counts.
public struct Usage: Hashable, Sendable {
    /// Money spent.
    public var money = Money.zero
    /// Tokens in and out of models.
    public var tokens: Int64 = 0
    /// Of which kinds these are; nil if nobody said.
    public var tokenKinds: TokenKinds?
    /// What was not paid, as tokens came from a model's cache.
    public var saved = Money.zero
    /// Whether the price of some of the tokens is not known, so that ``money`` is too little.
    public var isUnpriced = false
    /// Time that processors worked for it, in its processes and in the system for them; nil if nobody counted.
    public var cpu: Duration?
    /// The most bytes of memory that one of its processes had at once; nil if nobody counted.
    public var peakMemory: Int64?
    /// Bytes of memory that none of its processes had more of, where the peak itself is not known.
    public var peakMemoryBound: Int64?

    /// Nothing.
    public init() {}

    /// Nothing.
    public static let none = Usage()

    /// The sum, staying at the ends of the range instead of trapping.
    package static func + (left: Usage, right: Usage) -> Usage {
        var sum = Usage()
        sum.money = left.money + right.money
        sum.tokens = left.tokens.addingSaturated(right.tokens)
        sum.tokenKinds = Self.known(left.tokenKinds, right.tokenKinds) { $0 + $1 }
        sum.saved = left.saved + right.saved
        sum.isUnpriced = left.isUnpriced || right.isUnpriced
        sum.cpu = Self.known(left.cpu, right.cpu) { $0.addingSaturated($1) }
        sum.peakMemory = Self.known(left.peakMemory, right.peakMemory, max)
        sum.peakMemoryBound = Self.known(left.peakMemoryBound, right.peakMemoryBound, max)
        sum.settlePeak()
        return sum
    }

    /// As the journal keeps it: whole microseconds, and nothing below zero.
    package var storable: Usage {
        var usage = self
        usage.cpu = self.cpu.map { .microseconds(max(0, $0.microseconds)) }
        usage.peakMemory = self.peakMemory.map { max(0, $0) }
        usage.peakMemoryBound = self.peakMemoryBound.map { max(0, $0) }
        usage.settlePeak()
        return usage
    }

    // A peak that is known, and is no less than any bound of the others, is the peak of all.
    private mutating func settlePeak() {
        guard let peak = self.peakMemory, let bound = self.peakMemoryBound else { return }
        if bound <= peak { self.peakMemoryBound = nil } else { self.peakMemory = nil }
    }

    // What is not known adds nothing to what is.
    private static func known<Value>(_ left: Value?, _ right: Value?, _ join: (Value, Value) -> Value) -> Value? {
        guard let left, let right else { return left ?? right }
        return join(left, right)
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
    /// The vote that the step is for was decided without it.
    case decided

    package var word: String {
        switch self {
        case .timedOut: "timed_out"
        case .cancelled: "cancelled"
        case .skipped: "skipped"
        case .paused: "paused"
        case .decided: "decided"
        }
    }
}
