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
    /// Who does it when its last attempt has failed; nobody twice.
    var fallback: AgentID?
    /// Questions to its model that an attempt may ask; nil is what its agent may.
    let iterations: Int?
    /// Which tier of models it is thought about with.
    let complexity: String?
    let repeatable: Bool?
    let isStrict: Bool
    let needsApproval: Bool
    let answerWithin: Duration?
    let ifUnanswered: TaskSpec.UnansweredRule?
    var priority: Int
    var needs: [Int]
    private(set) var assigned: AgentID?
    let skills: SkillLevels
    /// Who may do it by the letter of the plan: one of them, or of a meeting all.
    private(set) var crew: [AgentIndex] = []
    private(set) var wantsAll = false
    /// Nobody fits, and a person has to say who does it.
    private(set) var wantsStaff = false
    private(set) var chosen: AgentIndex?
    /// Somebody was chosen for it before it was edited.
    var wasStaffed = false
    var attempts: Int32 = 0
    var granted: Int32 = 0
    /// The task whose pattern it is a part of.
    let whole: TaskID?
    let isSequence: Bool
    /// Since it was last reset; from then on it waits for nothing more.
    var hasBegun = false
    var readySince = Timestamp.zero
    var agents: [AgentIndex] = []
    var lead: AgentIndex?
    var key: StepKey?
    /// What an attempt that thinks has to ask for next; nil for others.
    var talk: Talk?
    /// From when its time counts, if it thinks.
    var since = Timestamp.zero
    /// Since when nothing of it is out, if nothing is.
    var idleSince = Timestamp.zero
    /// What is set aside for the question that is out: money, tokens, calls.
    var reserved: [Int64]?
    var budget: Plan.Budget
    /// What is set aside of budgets of time for the step that is out.
    var timeHold: TimeHold?
    /// The step of the key is with a performer, or was when its engine died.
    var isOut = false
    var owedAt = Timestamp.zero
    var owedByEngine = ""
    var result: StepResult?
    var answer: Answer?
    /// Time gave that answer.
    var isUnanswered = false
    /// A person has said that it may begin.
    var isApproved = false
    /// The task whose agent handed it on.
    let delegator: TaskID?
    /// What calls in a row have been handed on, by their places.
    var handedOn: [Int32: HandedOn] = [:]
    /// It has given its agents back until then.
    var isAway = false

    enum HandedOn: Equatable {
        case open(Int)
        case ended
    }

    /// What has to be passed before it is done.
    let doneWhen: [DoneCheck]
    /// The tasks that prove what its attempt has brought.
    var checks: [Int] = []
    /// What it proves of another one.
    let proves: DoneCheck?
    /// It is needed if each of these tasks has brought no larger number than that.
    let conditions: [(task: TaskID, most: Double)]
    let isWhole: Bool
    let isVote: Bool
    let isMeeting: Bool
    /// It begins a meeting, with all who attend it and the engine itself.
    let opens: Bool
    /// Of a meeting: how many items its agenda has, each with as many rounds as the others.
    let items: Int
    let rounds: Int
    let leader: AgentID?
    let meets: Bool
    /// The share of votes that it needs, of a vote that is over when it is decided.
    let earlyShare: Double?
    /// Nobody needs it.
    var isUnneeded = false
    /// A vote was decided without it.
    var isSpared = false
    /// What it has brought in the end.
    var end: Content?
    /// A person has left it out.
    var isLeftOut = false

    /// Who breaks it down, and says how its parts go on.
    let manager: AgentID?
    /// The most that its agent has for it; nil is all that it has.
    let tools: [String]?
    /// What its answer has to look like.
    let form: Ledger.Form
    /// In which attempt its answer became tasks.
    var brokeDown: Int32 = 0
    /// Of what holds a task up: the question, the task, and what is in the way.
    let question: QuestionID?
    var asksAbout: TaskIndex?
    let blocker: JSON?
    /// In the midst of which task an agent has added it.
    var adder: TaskID?

    /// It ended without a try, because of another task.
    var isGivenUp = false

    init(_ spec: TaskSpec, _ plan: Plan) {
        self.id = spec.id
        self.dependencies = spec.dependencies
        self.followUps = spec.followUps
        self.rule = spec.onDependencyFailure
        self.whole = spec.partOf
        self.delegator = spec.delegatedBy
        self.manager = spec.pattern == .hierarchical ? spec.manager : nil
        self.form = Ledger.Form(of: spec)
        self.isMeeting = spec.pattern == .meeting
        self.opens = spec.isMeeting && spec.partOf != nil && !spec.attendees.isEmpty && spec.pattern == nil
        self.items = spec.agenda.count
        self.rounds = spec.rounds ?? 4
        self.leader = spec.facilitator
        self.meets = spec.isMeeting
        self.tools = spec.tools
        self.question = spec.input["question"]?.integer.map { QuestionID(Int($0)) }
        self.blocker = spec.input["blocker"]
        self.doneWhen = spec.doneWhen
        self.proves = spec.proves
        self.conditions = spec.conditions.map { ($0.task, $0.atMost ?? 0) }
        self.isWhole = spec.pattern != nil
        self.isVote = spec.pattern == .consensus
        self.earlyShare = spec.stopsEarly && spec.pattern == .consensus ? spec.minAgreement ?? 0.6 : nil
        self.isSequence = spec.pattern == .sequential
        self.timeout = spec.timeout
        self.retryDelay = spec.retryDelay
        self.maxAttempts = spec.maxAttempts
        self.iterations = spec.iterations
        self.fallback = spec.fallback?.assignedAgent
        self.complexity = spec.complexity
        self.repeatable = spec.repeatable
        self.needsApproval = spec.needsApproval
        self.answerWithin = spec.answerWithin
        self.ifUnanswered = spec.ifUnanswered
        self.isStrict = spec.strict
        self.budget = spec.budget
        self.priority = spec.priority
        self.needs = []
        self.assigned = spec.assignedAgent
        self.skills = spec.requiredSkills
        self.staff(spec, plan.agents, isStrict: plan.effectiveStaffing == .strict)
    }

    /// From now on it is another agent's, whoever had been chosen.
    mutating func restaff(to agent: AgentID, _ agents: [AgentProfile]) {
        self.assigned = agent
        self.chosen = nil
        guard !self.wantsAll else { return }
        self.crew = agents.indices.filter { agents[$0].available && agents[$0].id == agent }.map { AgentIndex($0) }
        self.wantsStaff = self.crew.isEmpty
    }

    // Plans of the simulator ask for agents by name, for attendees, or for skills at a minimum.
    private mutating func staff(_ spec: TaskSpec, _ agents: [AgentProfile], isStrict: Bool) {
        if spec.meetsAtOnce {
            self.wantsAll = true
            self.crew = agents.indices.filter {
                spec.attendees.contains(agents[$0].id.text) || self.opens && agents[$0].id == spec.assignedAgent
            }.map { AgentIndex($0) }
            // Of each skill the best attendee counts.
            let isAble = spec.requiredSkills.entries.allSatisfy { wanted in
                self.crew.contains {
                    (agents[$0.offset].skillLevels.hundredths(of: wanted.name) ?? 0) >= wanted.hundredths
                }
            }
            self.wantsStaff = isStrict && !isAble
            return
        }
        let present = agents.indices.filter {
            agents[$0].available && agents[$0].kind != .conductor && agents[$0].madeBy == nil
        }.map {
            AgentIndex($0)
        }
        if let assigned = spec.assignedAgent {
            self.crew = agents.indices.map { AgentIndex($0) }.filter { agents[$0.offset].available }.filter {
                agents[$0.offset].id == assigned
            }
            self.wantsStaff = self.crew.isEmpty
            return
        }
        // Who fits lacks nothing; else those do it who lack least, unless the plan is strict.
        let missing = present.map { agent in
            spec.requiredSkills.entries.reduce(0) { sum, wanted in
                sum + max(0, wanted.hundredths - (agents[agent.offset].skillLevels.hundredths(of: wanted.name) ?? 0))
            }
        }
        guard let least = missing.min() else {
            self.wantsStaff = true
            return
        }
        self.crew = zip(present, missing).filter { $0.1 == least }.map(\.0)
        self.wantsStaff = isStrict && least > 0
    }

    /// A person says who does it: of a meeting that is who leads it, and the others attend all the same.
    mutating func choose(_ agent: AgentIndex) {
        self.chosen = agent
        self.wantsStaff = false
        // Who speaks in a meeting is known.
        guard !self.opens else { return }
        self.crew = self.wantsAll ? [agent] + self.crew.filter { $0 != agent } : [agent]
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
        guard !self.hasBegun else { return false }
        switch self.place {
        case .waiting, .ready, .blocked(_, false): return true
        case .running, .stopping, .resting, .blocked, .completed, .failed, .skipped, .cancelled: return false
        }
    }
}
