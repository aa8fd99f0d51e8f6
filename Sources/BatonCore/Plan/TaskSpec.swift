/// One piece of work of a plan.
public struct TaskSpec: Hashable, Sendable {
    /// `task_id`.
    public var id: TaskID
    /// What is to be done.
    public var description: String
    /// Kind of work: matches agents that declare it, and their preferences.
    public var type: String?
    /// What the performer gets; texts may name outputs: `{{tasks.research.output}}`.
    public var input = JSON.null
    /// The date of the plan, in project time.
    public var scheduledDate: Plan.PlannedDate?
    /// The estimate of the work.
    public var estimatedHours = 1.0
    /// 1 to 5; 5 goes first.
    public var priority = 1
    /// Whether it is a meeting of the attendees.
    public var isMeeting = false
    /// Agents by identifier, or by a name that only one agent has.
    public var attendees: [String] = []
    /// The least level of each skill.
    public var requiredSkills = SkillLevels()
    /// Tasks that must have ended before.
    public var dependencies: [TaskID]
    /// Tasks that start after this one.
    public var followUps: [TaskID] = []
    /// Who does it, whatever the scores.
    public var assignedAgent: AgentID?
    /// The type or capability that its agent must declare.
    public var agentType: String?
    /// How agents work together on it.
    public var pattern: String?
    /// Parts of a pattern.
    public var subtasks: [TaskSpec] = []
    /// How the results of the parts are joined.
    public var aggregation: String?
    /// The share of equal answers that a consensus needs, over 0 up to 1.
    public var minAgreement: Double?
    /// How long an attempt may last; nil takes the plan's default.
    public var timeout: Duration?
    /// Attempts in all; nil takes the plan's default.
    public var maxAttempts: Int?
    /// The wait before the second attempt; nil takes the plan's default.
    public var retryDelay: Duration?
    /// Whether its failure ends the run.
    public var strict = false
    /// What happens to it when a task that it needs has failed.
    public var onDependencyFailure = TaskSpec.DependencyFailureRule.skip
    /// A JSON Schema of its output.
    public var produces: JSON?
    /// Checks that prove that it is done.
    public var doneWhen: [JSON] = []
    /// Whether a step whose fate is unknown may simply be done again; nil takes the agent's word.
    public var repeatable: Bool?
    /// Whether a person has to say yes before it begins.
    public var needsApproval = false
    /// How long a question about it may stay open; nil takes the plan's default.
    public var answerWithin: Duration?
    /// What happens then; nil takes the plan's default.
    public var ifUnanswered: TaskSpec.UnansweredRule?
    /// Where its command starts; nil takes the agent's folder.
    public var workingDirectory: String?

    /// Makes a task.
    public init(id: TaskID, description: String = "", dependencies: [TaskID] = []) {
        self.id = id
        self.description = description
        self.dependencies = dependencies
    }

    /// The type used for preferences: the declared one, else the first word of the description in lower case.
    package var preferenceType: String {
        self.type ?? self.description.lowercased().split(whereSeparator: { !$0.isLetter && $0 != "_" }).first.map(
            String.init
        ) ?? ""
    }
}

extension TaskSpec {
    /// What happens to it when a question about it is not answered in time; never a yes.
    public enum UnansweredRule: String, Hashable, Sendable, CaseIterable {
        /// It fails.
        case fail
        /// It is skipped.
        case skip
    }

    /// What happens to a task when one that it needs has not completed.
    public enum DependencyFailureRule: String, Hashable, Sendable, CaseIterable {
        /// It is skipped.
        case skip
        /// It runs, with the failure in its input.
        case run
        /// It fails.
        case fail
    }
}
