/// Where a task stands.
package enum TaskState: Hashable, Sendable {
    /// So many of the tasks that it needs have not ended well enough yet.
    case waiting(open: Int32)
    /// Its date in project time has not come.
    case scheduled(Timestamp)
    case ready
    case running(Attempt)
    /// No longer wanted, and not yet confirmed dead.
    case stopping(Attempt, StopReason)
    /// A failed attempt; the next one may start then.
    case resting(until: Timestamp)
    /// Waits for a person; the attempt is the person's own, if it has begun.
    case blocked(QuestionID, Attempt?)
    case ended(TaskEnd)

    package var isEnded: Bool {
        if case .ended = self { return true }
        return false
    }

    /// Whether an attempt is in hand that may have asked, and waits between two steps.
    var mayHaveAsked: Bool {
        switch self {
        case .running, .stopping: true
        case .waiting, .scheduled, .ready, .resting, .blocked, .ended: false
        }
    }

    /// The word of design section 4.
    package var word: String {
        switch self {
        case .waiting: "waiting"
        case .scheduled: "scheduled"
        case .ready: "ready"
        case .running: "running"
        case .stopping: "stopping"
        case .resting: "resting"
        case .blocked: "blocked"
        case .ended(let end): end.word
        }
    }
}

extension TaskEnd {
    package var word: String {
        switch self {
        case .completed: "completed"
        case .failed: "failed"
        case .skipped: "skipped"
        case .cancelled: "cancelled"
        }
    }
}

/// One try of a task.
package struct Attempt: Hashable, Sendable {
    /// From 1.
    package let number: Int32
    /// From when its time counts: its start, put off by all time in which no engine was there.
    package internal(set) var busySince: Timestamp
    /// Since when none of its steps is owed, if none is: that time does not count.
    package internal(set) var idleSince: Timestamp
    package let assignment: Assignment
    package var pattern: Pattern
    /// Steps owed or stopping.
    package var open: Int32 = 0
    package var nextStep: Int32 = 1
    /// Whether it has given back its agents, until what it has handed on has ended and they are free again.
    package internal(set) var isAway = false
    /// The task that proves what it has brought; nil until it claims to be done.
    package internal(set) var check: TaskIndex?
    /// How many checks it has passed before that.
    package internal(set) var passed: Int32 = 0
}

/// A task with its history in the run.
package struct TaskRecord: Hashable, Sendable {
    package var state: TaskState
    // Small ones first: they fit behind the state.
    /// Whether a person has said that it may begin.
    package var isApproved = false
    /// Whether words of the web stand behind it: it has read some, or what it was given comes of them.
    package var isOfWeb = false
    /// Attempts started.
    package var attempts: Int32 = 0
    /// Attempts that do not count toward the limit: a person or a pause asked for them.
    package var granted: Int32 = 0
    /// Attempts of before it last began anew.
    package var earlier: Int32 = 0
    /// Who leads its last attempt; negative before the first.
    package var lead = AgentIndex(-1)
    /// Which requirement of the run it has; see ``ReadyQueue``.
    package var demand: Int32
    /// Since when it is ready, if it is: a new priority does not take its place in the queue away.
    package var readySince = Timestamp.zero

    /// Whether an attempt has started since it last began anew; from then on nothing that begins anew makes it wait again.
    package var hasBegun: Bool { self.attempts > self.earlier }

    /// Waits again for all that it needs; earlier attempts do not count toward the limit.
    mutating func beginAnew() {
        self.granted = self.attempts
        if !planted(.resetKeepsHasBegun) { self.earlier = self.attempts }
        // What it begins with may be something else now.
        self.isApproved = self.isApproved && planted(.approvalKeptByReset)
        self.state = .waiting(open: .max)
    }
}

extension TaskEnd {
    /// What is told to those that would have needed its output; nil if there is one.
    package var shortfall: String? {
        switch self {
        case .completed: nil
        case .failed(let failure): "failed: \(failure.message)"
        case .skipped(.unneeded): SkipReason.leftOut
        case .skipped(.decided): SkipReason.spared
        case .skipped(.dependency), .skipped(.person), .skipped(.unanswered): "skipped"
        case .cancelled: "cancelled"
        }
    }
}
