extension Plan {
    /// How much a person takes part in a run.
    public enum ExecutionMode: String, Hashable, Sendable, CaseIterable {
        /// No person is needed.
        case fullyAutomated = "fully_automated"
        /// With checkpoints.
        case incremental
        /// A whole project's life is played.
        case simulation
    }

    /// What happens when no agent fits a task.
    public enum Staffing: String, Hashable, Sendable, CaseIterable {
        /// The task waits and a person is asked.
        case strict
        /// The nearest agent does it, and the record says so.
        case bestAvailable = "best_available"
    }

    /// Dates of the plan and how they are read.
    public struct Scheduling: Hashable, Sendable {
        /// How tasks spread over days.
        public enum Mode: String, Hashable, Sendable, CaseIterable {
            /// All in one day.
            case sameDay = "same_day"
            /// Spread over working days.
            case distributed
            /// As short as dependencies and people allow.
            case compressed
        }

        /// How tasks spread over days.
        public var mode = Mode.distributed
        /// Where project time begins.
        public var startDate: PlannedDate?
        /// Whether idle project time is taken out.
        public var compressTimeline = false
        /// Whether clashing dates are moved instead of refused.
        public var autoAdjustDates = true
        /// The zone of dates that name none: an IANA name.
        public var timeZone = "UTC"

        /// The defaults of the plan form.
        public init() {}
    }

    /// A date as the plan writes it.
    public struct PlannedDate: Hashable, Sendable {
        /// As written, such as `2026-11-21T09:00:00`.
        public let text: String
        package let civil: CivilDate
        /// Seconds east of UTC if the text names a zone.
        package let offset: Int?

        /// Reads an ISO 8601 date, with or without time and zone; nil if it is none or impossible.
        public init?(_ text: String) {
            guard let (civil, offset) = try? CivilDate.parse(text) else { return nil }
            self.text = text
            self.civil = civil
            self.offset = offset
        }

        /// The moment in project time: the wall clock of the plan's own zone, or of the zone that the text names.
        package var projectTimestamp: Timestamp {
            self.civil.timestamp + .seconds(-(self.offset ?? 0))
        }
    }

    /// When the person in charge is asked.
    public struct Oversight: Hashable, Sendable {
        /// Whether checkpoints and triggers open questions.
        public var enabled = false
        /// The facts that open a question.
        public var interruptTriggers: [String] = []
        /// How often a review is due.
        public var reviewFrequency: String?
        /// Thresholds: `budget_variance` in percent, `schedule_delay_days`, `critical_risks`.
        public var escalationCriteria: [NamedNumber] = []

        /// No oversight.
        public init() {}
    }

    /// A named threshold.
    public struct NamedNumber: Hashable, Sendable {
        /// Its name.
        public let name: String
        /// Its value.
        public let value: Double

        /// Names a value.
        public init(_ name: String, _ value: Double) {
            self.name = name
            self.value = value
        }
    }

    /// What success means, for people and the report.
    public struct SuccessCriteria: Hashable, Sendable {
        /// Technical goals.
        public var technicalMilestones: [String] = []
        /// Rules to meet.
        public var complianceRequirements: [String] = []
        /// Business goals.
        public var businessObjectives: [String] = []

        /// None.
        public init() {}
    }

    /// Limits; what is nil has none.
    public struct Budget: Hashable, Sendable {
        /// What happens where the next question to a model does not fit.
        public enum Limit: String, Hashable, Sendable, CaseIterable {
            /// A person is asked.
            case ask
            /// The task fails.
            case stop
            /// The next of the agent's models that fits is asked; where none does, a person.
            case cheaper
        }

        /// Money.
        public var money: Money?
        /// Model tokens, in and out.
        public var tokens: Int64?
        /// Model calls.
        public var calls: Int64?
        /// Time from the start of the run, while an engine runs or not.
        public var time: Duration?
        /// Of an agent or a task: how long it may be worked on, in all its attempts.
        public var workTime: Duration?
        /// How deep agents may delegate.
        public var depth: Int?
        /// How many tasks agents may spawn.
        public var fanOut: Int?
        /// What happens at a limit on money, tokens, calls or the time of work.
        public var atLimit = Limit.ask

        /// No limits.
        public init() {}
    }

    /// Values for tasks that set none.
    public struct Defaults: Hashable, Sendable {
        /// The model of agents of built-in types that name none.
        public var model: String?
        /// How many tasks the run has in hand at once; nil takes what its agents can take.
        public var maxConcurrentTasks: Int?
        /// How long an attempt may last.
        public var taskTimeout = Duration.seconds(3600)
        /// Attempts in all, the first counted.
        public var maxRetryAttempts = 3
        /// The wait before the second attempt; each further wait is twice the one before, 60 s at most.
        public var retryDelay = Duration.seconds(1)
        /// False runs one task at a time.
        public var enableParallelExecution = true
        /// How often progress is reported when nothing else changes.
        public var progressUpdateInterval = Duration.seconds(30)
        /// Weight of task types in the order of dispatch; types without one weigh 1.
        public var typeWeights: [NamedNumber] = []
        /// How long a question may stay open; nil is for ever.
        public var answerWithin: Duration?
        /// What happens to a task when a question about it is not answered in time.
        public var ifUnanswered = TaskSpec.UnansweredRule.fail

        /// The defaults of the plan form.
        public init() {}
    }
}
