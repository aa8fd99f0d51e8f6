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
    /// The estimate of the work.
    public var estimatedHours = 1.0
    /// 1 to 5; 5 goes first.
    public var priority = 1
    /// The least level of each skill.
    public var requiredSkills = SkillLevels()
    /// Tasks that must have ended before.
    public var dependencies: [TaskID]
    /// Whether it is a meeting of the attendees.
    public var isMeeting = false
    /// Whether its failure ends the run.
    public var strict = false
    /// What happens to it when a task that it needs has failed.
    public var onDependencyFailure = TaskSpec.DependencyFailureRule.skip
    /// Whether a step whose fate is unknown may simply be done again; nil takes the agent's word.
    public var repeatable: Bool?
    /// Whether a person has to say yes before it begins.
    public var needsApproval = false
    var rare: RareFields.Box?

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
