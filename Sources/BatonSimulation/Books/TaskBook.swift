import BatonCore

/// What the ledger knows of one task, told from durable events alone.
struct TaskBook {
    enum Place: Equatable {
        case waiting
        case ready
        case running
        case stopping(StopReason)
        case resting(until: Timestamp)
        case blocked(QuestionID, holdsAgents: Bool)
        case completed
        case failed
        case skipped
        case cancelled

        var isEnded: Bool {
            switch self {
            case .completed, .failed, .skipped, .cancelled: true
            case .waiting, .ready, .running, .stopping, .resting, .blocked: false
            }
        }
    }

    var place = Place.waiting
    // What the plan says of it; not the whole, so that copies of a book are cheap.
    let id: TaskID
    let dependencies: [TaskID]
    let followUps: [TaskID]
    let rule: TaskSpec.DependencyFailureRule
    let timeout: Duration?
    let retryDelay: Duration?
    let maxAttempts: Int?
    let repeatable: Bool?
    let isStrict: Bool
    let needsApproval: Bool
    let answerWithin: Duration?
    let ifUnanswered: TaskSpec.UnansweredRule?
    var priority: Int
    var needs: [Int]
    /// Who may do it by the letter of the plan; empty if nobody.
    var candidates: [AgentIndex]
    var wantsAll: Bool
    var chosen: AgentIndex?
    var attempts: Int32 = 0
    var granted: Int32 = 0
    /// Since it was last reset; from then on it waits for nothing more.
    var hasBegun = false
    var readySince = Timestamp.zero
    var agents: [AgentIndex] = []
    var lead: AgentIndex?
    var key: StepKey?
    /// The step of the key is with a performer, or was when its engine died.
    var isOut = false
    var owedAt = Timestamp.zero
    var owedByEngine = ""
    var result: StepResult?
    var answer: Answer?
    /// A person has said that it may begin.
    var isApproved = false
    /// Skipped because of another task.
    var isGivenUp = false

    init(_ spec: TaskSpec, agents: [AgentProfile]) {
        self.id = spec.id
        self.dependencies = spec.dependencies
        self.followUps = spec.followUps
        self.rule = spec.onDependencyFailure
        self.timeout = spec.timeout
        self.retryDelay = spec.retryDelay
        self.maxAttempts = spec.maxAttempts
        self.repeatable = spec.repeatable
        self.needsApproval = spec.needsApproval
        self.answerWithin = spec.answerWithin
        self.ifUnanswered = spec.ifUnanswered
        self.isStrict = spec.strict
        self.priority = spec.priority
        self.needs = []
        self.candidates = []
        self.wantsAll = false
        self.staff(spec, agents)
    }

    // Plans of the simulator ask for agents by name, for attendees, or for one skill at a minimum.
    private mutating func staff(_ spec: TaskSpec, _ agents: [AgentProfile]) {
        self.candidates = []
        self.wantsAll = false
        if spec.isMeeting, !spec.attendees.isEmpty {
            self.wantsAll = true
            let invited = agents.indices.filter { spec.attendees.contains(agents[$0].id.text) }
            let isAble = spec.requiredSkills.entries.allSatisfy { wanted in
                invited.contains { (agents[$0].skillLevels.hundredths(of: wanted.name) ?? 0) >= wanted.hundredths }
            }
            if isAble { self.candidates = invited.map { AgentIndex($0) } }
            return
        }
        for (offset, agent) in agents.enumerated() where agent.available {
            if let assigned = spec.assignedAgent {
                if agent.id == assigned { self.candidates.append(AgentIndex(offset)) }
                continue
            }
            let isAble = spec.requiredSkills.entries.allSatisfy {
                (agent.skillLevels.hundredths(of: $0.name) ?? 0) >= $0.hundredths
            }
            if isAble { self.candidates.append(AgentIndex(offset)) }
        }
    }

    /// Whether the same people may do both.
    func asksLike(_ other: TaskBook) -> Bool {
        self.chosen == nil && other.chosen == nil && self.wantsAll == other.wantsAll
            && self.candidates == other.candidates && !self.candidates.isEmpty
    }

    var isInHand: Bool {
        switch self.place {
        case .running, .stopping: true
        case .waiting, .ready, .resting, .blocked, .completed, .failed, .skipped, .cancelled: false
        }
    }

    /// Whether it may not begin yet, though it is ready.
    var awaitsApproval: Bool { self.needsApproval && !self.isApproved }

    var hasNotBegun: Bool {
        guard self.attempts == 0 else { return false }
        switch self.place {
        case .waiting, .ready, .blocked(_, false): return true
        case .running, .stopping, .resting, .blocked, .completed, .failed, .skipped, .cancelled: return false
        }
    }
}
