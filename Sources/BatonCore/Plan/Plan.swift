/// Who there is and what is to be done: the file that a person writes, or the same built in code.
public struct Plan: Hashable, Sendable {
    /// `project_id`: names the plan; run identifiers begin with it.
    public var id: String
    /// A line for people.
    public var title: String
    /// What the project is about.
    public var description = ""
    /// How much a person takes part.
    public var executionMode = ExecutionMode.incremental
    /// Dates and their mode.
    public var scheduling = Scheduling()
    /// Who there is, in the order that breaks the last tie.
    public var agents: [AgentProfile]
    /// What is to be done, in the order that breaks the last tie.
    public var tasks: [TaskSpec]
    /// When the person in charge is asked.
    public var oversight = Oversight()
    /// What success means, for the report.
    public var successCriteria = SuccessCriteria()
    /// Limits of the whole run.
    public var budget = Budget()
    /// Values for tasks that set none.
    public var defaults = Defaults()
    /// What happens when nobody fits a task; nil takes the mode's own rule.
    public var staffing: Staffing?
    /// The author's estimate for the whole plan, in minutes; `baton check` compares it with its own.
    public var estimatedDurationMinutes: Double?
    /// Where commands start, relative to the project folder.
    public var workingDirectory: String?
    /// Programs of others whose tools agents may use.
    public var toolServers: [ToolServer] = []
    /// The model for each complexity of tasks, by the plan's own names for these.
    public var modelTiers: [ModelTier] = []
    /// Where tools that look at the web may go.
    public var web = Web()

    /// Makes a plan.
    public init(id: String, title: String? = nil, agents: [AgentProfile], tasks: [TaskSpec]) {
        self.id = id
        self.title = title ?? id
        self.agents = agents
        self.tasks = tasks
    }

    /// The rule in force when nobody fits: strict in incremental mode, best available otherwise, unless the plan says.
    package var effectiveStaffing: Staffing {
        self.staffing ?? (self.executionMode == .incremental ? .strict : .bestAvailable)
    }

    /// Whether stand-ins play all of it.
    package var isPlayed: Bool { self.agents.allSatisfy { $0.kind == .standIn || $0.kind == .conductor } }

    /// Whether a person leads it, so that its time is mostly waiting.
    package func isPersons(_ assignment: Assignment) -> Bool { self.isPerson(assignment.lead) }

    package func isPerson(_ agent: AgentIndex) -> Bool {
        self.agents.indices.contains(agent.offset) && self.agents[agent.offset].kind == .person
    }
}
