/// What few tasks of a plan have: behind one reference, so that a task is small and quick to copy.
struct RareFields: Hashable, Sendable {
    var scheduledDate: Plan.PlannedDate?
    var attendees: [String] = []
    var followUps: [TaskID] = []
    var assignedAgent: AgentID?
    var agentType: String?
    var pattern: TeamPattern?
    var partOf: TaskID?
    var voters: [String] = []
    var judge: AgentID?
    var weightedBy: String?
    var subtasks: [TaskSpec] = []
    var aggregation: Aggregation?
    var minAgreement: Double?
    var timeout: Duration?
    var maxAttempts: Int?
    var retryDelay: Duration?
    var produces: JSON?
    var doneWhen: [DoneCheck] = []
    var conditions: [Condition] = []
    var stopsEarly = false
    var answerWithin: Duration?
    var ifUnanswered: TaskSpec.UnansweredRule?
    var workingDirectory: String?
    var iterations: Int?
    var budget = Plan.Budget()
    var tools: [String]?
    var model: String?
    var complexity: String?
    var sharesCall = false
    var fallback: TaskFallback?
    var delegatedBy: TaskID?
    var proves: DoneCheck?
    var manager: AgentID?
    var rounds: Int?
    var agenda: [AgendaItem] = []
    var facilitator: AgentID?
    var minutesBy: AgentID?
    var extractionObjective: String?
    var fields: [String] = []
    var isPrivate = false
    var spawnsNothing = false
    var spawnedFrom: TaskID?
    var dueDate: Plan.PlannedDate?

    /// Keeps them apart from the task.
    final class Box: Hashable, Sendable {
        let fields: RareFields

        init(_ fields: RareFields) { self.fields = fields }

        static func == (left: Box, right: Box) -> Bool { left === right || left.fields == right.fields }

        func hash(into hasher: inout Hasher) { hasher.combine(self.fields) }
    }
}

extension TaskSpec {
    // Tasks without any are equal whatever was done to them before.
    private mutating func change(_ body: (inout RareFields) -> Void) {
        var fields = self.rare?.fields ?? RareFields()
        body(&fields)
        self.rare = fields == RareFields() ? nil : RareFields.Box(fields)
    }

    /// The date of the plan, in project time.
    public var scheduledDate: Plan.PlannedDate? {
        get { self.rare?.fields.scheduledDate }
        set { if self.rare != nil || newValue != nil { self.change { $0.scheduledDate = newValue } } }
    }

    /// Agents by identifier, or by a name that only one agent has.
    public var attendees: [String] {
        get { self.rare?.fields.attendees ?? [] }
        set { if self.rare != nil || !newValue.isEmpty { self.change { $0.attendees = newValue } } }
    }

    /// Tasks that start after this one.
    public var followUps: [TaskID] {
        get { self.rare?.fields.followUps ?? [] }
        set { if self.rare != nil || !newValue.isEmpty { self.change { $0.followUps = newValue } } }
    }

    /// Who does it, whatever the scores.
    public var assignedAgent: AgentID? {
        get { self.rare?.fields.assignedAgent }
        set { if self.rare != nil || newValue != nil { self.change { $0.assignedAgent = newValue } } }
    }

    /// The type or capability that its agent must declare.
    public var agentType: String? {
        get { self.rare?.fields.agentType }
        set { if self.rare != nil || newValue != nil { self.change { $0.agentType = newValue } } }
    }

    /// How agents work together on it.
    public var pattern: TeamPattern? {
        get { self.rare?.fields.pattern }
        set { if self.rare != nil || newValue != nil { self.change { $0.pattern = newValue } } }
    }

    /// Parts of a pattern.
    public var subtasks: [TaskSpec] {
        get { self.rare?.fields.subtasks ?? [] }
        set { if self.rare != nil || !newValue.isEmpty { self.change { $0.subtasks = newValue } } }
    }

    /// The task whose pattern it is a part of.
    public var partOf: TaskID? {
        get { self.rare?.fields.partOf }
        set { if self.rare != nil || newValue != nil { self.change { $0.partOf = newValue } } }
    }

    /// Who votes in a consensus: agents, types or capabilities; one that stands here several times votes as often.
    public var voters: [String] {
        get { self.rare?.fields.voters ?? [] }
        set { if self.rare != nil || !newValue.isEmpty { self.change { $0.voters = newValue } } }
    }

    /// Who says which answers of a consensus mean the same; nil compares them by value.
    public var judge: AgentID? {
        get { self.rare?.fields.judge }
        set { if self.rare != nil || newValue != nil { self.change { $0.judge = newValue } } }
    }

    /// The skill whose level is the weight of a vote; nil gives each voter one vote.
    public var weightedBy: String? {
        get { self.rare?.fields.weightedBy }
        set { if self.rare != nil || newValue != nil { self.change { $0.weightedBy = newValue } } }
    }

    /// How the results of the parts are joined; nil is as usual for the pattern.
    public var aggregation: Aggregation? {
        get { self.rare?.fields.aggregation }
        set { if self.rare != nil || newValue != nil { self.change { $0.aggregation = newValue } } }
    }

    /// The share of equal answers that a consensus needs, over 0 up to 1.
    public var minAgreement: Double? {
        get { self.rare?.fields.minAgreement }
        set { if self.rare != nil || newValue != nil { self.change { $0.minAgreement = newValue } } }
    }

    /// How long an attempt may last; nil takes the plan's default.
    public var timeout: Duration? {
        get { self.rare?.fields.timeout }
        set { if self.rare != nil || newValue != nil { self.change { $0.timeout = newValue } } }
    }

    /// Attempts in all; nil takes the plan's default.
    public var maxAttempts: Int? {
        get { self.rare?.fields.maxAttempts }
        set { if self.rare != nil || newValue != nil { self.change { $0.maxAttempts = newValue } } }
    }

    /// The wait before the second attempt; nil takes the plan's default.
    public var retryDelay: Duration? {
        get { self.rare?.fields.retryDelay }
        set { if self.rare != nil || newValue != nil { self.change { $0.retryDelay = newValue } } }
    }

    /// A JSON Schema of its output.
    public var produces: JSON? {
        get { self.rare?.fields.produces }
        set { if self.rare != nil || newValue != nil { self.change { $0.produces = newValue } } }
    }

    /// Checks that prove that it is done, in the order in which they are made.
    public var doneWhen: [DoneCheck] {
        get { self.rare?.fields.doneWhen ?? [] }
        set { if self.rare != nil || !newValue.isEmpty { self.change { $0.doneWhen = newValue } } }
    }

    /// What other tasks must have returned for it to be needed; all of them have to hold.
    public var conditions: [Condition] {
        get { self.rare?.fields.conditions ?? [] }
        set { if self.rare != nil || !newValue.isEmpty { self.change { $0.conditions = newValue } } }
    }

    /// Whether a consensus asks nobody any more when its outcome cannot change.
    public var stopsEarly: Bool {
        get { self.rare?.fields.stopsEarly ?? false }
        set { if self.rare != nil || newValue { self.change { $0.stopsEarly = newValue } } }
    }

    /// How long a question about it may stay open; nil takes the plan's default.
    public var answerWithin: Duration? {
        get { self.rare?.fields.answerWithin }
        set { if self.rare != nil || newValue != nil { self.change { $0.answerWithin = newValue } } }
    }

    /// What happens then; nil takes the plan's default.
    public var ifUnanswered: TaskSpec.UnansweredRule? {
        get { self.rare?.fields.ifUnanswered }
        set { if self.rare != nil || newValue != nil { self.change { $0.ifUnanswered = newValue } } }
    }

    /// Where its command starts; nil takes the agent's folder.
    public var workingDirectory: String? {
        get { self.rare?.fields.workingDirectory }
        set { if self.rare != nil || newValue != nil { self.change { $0.workingDirectory = newValue } } }
    }

    /// How many questions to a model an attempt may take; nil takes the agent's limit.
    public var iterations: Int? {
        get { self.rare?.fields.iterations }
        set { if self.rare != nil || newValue != nil { self.change { $0.iterations = newValue } } }
    }

    /// The model that its agent asks for it; nil takes that of its complexity, else the agent's.
    public var model: String? {
        get { self.rare?.fields.model }
        set { if self.rare != nil || newValue != nil { self.change { $0.model = newValue } } }
    }

    /// How hard it is, by a name of the plan's ``Plan/modelTiers``; nil says nothing of it.
    public var complexity: String? {
        get { self.rare?.fields.complexity }
        set { if self.rare != nil || newValue != nil { self.change { $0.complexity = newValue } } }
    }

    /// Whether its question to a model may be asked together with those of other such tasks of its agent.
    public var sharesCall: Bool {
        get { self.rare?.fields.sharesCall ?? false }
        set { if self.rare != nil || newValue { self.change { $0.sharesCall = newValue } } }
    }

    /// How it is done when its last attempt has failed; nil lets it fail.
    public var fallback: TaskFallback? {
        get { self.rare?.fields.fallback }
        set { if self.rare != nil || newValue != nil { self.change { $0.fallback = newValue } } }
    }

    package static let mostRounds = 20

    /// How often each voter of a consensus, or each part of parallel work, speaks; in each round all that was said before is heard.
    public var rounds: Int? {
        get { self.rare?.fields.rounds }
        set { if self.rare != nil || newValue != nil { self.change { $0.rounds = newValue } } }
    }

    /// What a meeting talks about, one item after the other.
    public var agenda: [AgendaItem] {
        get { self.rare?.fields.agenda ?? [] }
        set { if self.rare != nil || !newValue.isEmpty { self.change { $0.agenda = newValue } } }
    }

    /// The attendee who leads a meeting from item to item.
    public var facilitator: AgentID? {
        get { self.rare?.fields.facilitator }
        set { if self.rare != nil || newValue != nil { self.change { $0.facilitator = newValue } } }
    }

    /// Who writes down what a meeting has brought; nil takes whoever leads it, else an attendee who is a language model, else Baton by a rule.
    public var minutesBy: AgentID? {
        get { self.rare?.fields.minutesBy }
        set { if self.rare != nil || newValue != nil { self.change { $0.minutesBy = newValue } } }
    }

    /// What the minutes of a meeting are to look for above all.
    public var extractionObjective: String? {
        get { self.rare?.fields.extractionObjective }
        set { if self.rare != nil || newValue != nil { self.change { $0.extractionObjective = newValue } } }
    }

    /// What the minutes of a meeting list beside decisions, action items, insights, risks, next steps and open questions.
    public var fields: [String] {
        get { self.rare?.fields.fields ?? [] }
        set { if self.rare != nil || !newValue.isEmpty { self.change { $0.fields = newValue } } }
    }

    /// Whether all hear all that is said in a meeting; else whoever is addressed.
    public var isBroadcast: Bool {
        get { !(self.rare?.fields.isPrivate ?? false) }
        set { if self.rare != nil || !newValue { self.change { $0.isPrivate = !newValue } } }
    }

    /// Whether action items and grave risks of a meeting become tasks.
    public var spawnsTasks: Bool {
        get { !(self.rare?.fields.spawnsNothing ?? false) }
        set { if self.rare != nil || !newValue { self.change { $0.spawnsNothing = !newValue } } }
    }

    /// The meeting whose minutes it comes from, if it comes from one.
    public var spawnedFrom: TaskID? {
        get { self.rare?.fields.spawnedFrom }
        set { if self.rare != nil || newValue != nil { self.change { $0.spawnedFrom = newValue } } }
    }

    /// By when it has to be done, in project time.
    public var dueDate: Plan.PlannedDate? {
        get { self.rare?.fields.dueDate }
        set { if self.rare != nil || newValue != nil { self.change { $0.dueDate = newValue } } }
    }

    /// The agent that breaks a hierarchy down, says how blocked parts go on, and joins what they brought.
    public var manager: AgentID? {
        get { self.rare?.fields.manager }
        set { if self.rare != nil || newValue != nil { self.change { $0.manager = newValue } } }
    }

    /// The task whose agent handed it on, if one did.
    public var delegatedBy: TaskID? {
        get { self.rare?.fields.delegatedBy }
        set { if self.rare != nil || newValue != nil { self.change { $0.delegatedBy = newValue } } }
    }

    /// The check that it carries out, of the task that it is ``delegatedBy``.
    public var proves: DoneCheck? {
        get { self.rare?.fields.proves }
        set { if self.rare != nil || newValue != nil { self.change { $0.proves = newValue } } }
    }

    /// Which of its agent's tools may be used for it; nil leaves all.
    public var tools: [String]? {
        get { self.rare?.fields.tools }
        set { if self.rare != nil || newValue != nil { self.change { $0.tools = newValue } } }
    }

    /// What models may cost for it in a run.
    public var budget: Plan.Budget {
        get { self.rare?.fields.budget ?? Plan.Budget() }
        set { if self.rare != nil || newValue != Plan.Budget() { self.change { $0.budget = newValue } } }
    }
}
