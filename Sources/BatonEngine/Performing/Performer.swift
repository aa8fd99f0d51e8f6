public import BatonCore

/// The code that performs steps for a kind of agent.
///
/// It does one step and knows nothing of retries, budgets or meetings.
///
/// When its Swift task is cancelled it stops, and returns ``WorkResult/stopped(_:)`` only once the last child is gone.
public protocol Performer: Sendable {
    /// Does one step.
    func perform(_ work: Work) async -> WorkResult
}

/// What one step is about.
public struct Work: Sendable {
    /// The run.
    public let run: RunID
    let plan: PlanBox
    let taskIndex: TaskIndex
    let assignment: Assignment
    /// From 1.
    public let attempt: Int
    /// From 1; higher when the same step is handed out again after a crash.
    public let delivery: Int
    /// The task's input with all outputs filled in.
    public let input: JSON
    /// The task's description with all outputs filled in.
    public let description: String
    /// What the tasks brought that this one waited for.
    public let dependencies: [Dependency]
    /// What people have said to the agents of this attempt since the run began, in order.
    public let directives: [String]
    /// Takes what ``say(_:)`` says.
    package var live: LiveSink

    /// Says a line to people while the work goes on; bounded and lossy, never part of the result.
    ///
    /// `baton run` shows the last line of each attempt, and keeps them in a log.
    public func say(_ line: String) { self.live.line(line) }

    /// The task.
    public var task: TaskSpec { self.plan.value.tasks[self.taskIndex.offset] }

    /// Who performs it.
    public var agent: AgentProfile { self.plan.value.agents[self.assignment.lead.offset] }

    /// Where its command starts, relative to the project folder: the task's word, else the agent's, else the plan's.
    public var workingDirectory: String? {
        self.task.workingDirectory ?? self.agent.workingDirectory ?? self.plan.value.workingDirectory
    }

    /// All agents of the attempt; more than one in a meeting.
    public var attendees: [AgentID] { self.assignment.agents.map { self.plan.value.agents[$0.offset].id } }

    /// What a task that this one waited for brought.
    public struct Dependency: Sendable {
        /// Which task.
        public let task: TaskID
        /// Its output; nil if it did not complete.
        public let output: JSON?
        /// Why it did not complete: `failed`, `skipped` or `cancelled`, with the failure's text if there is one.
        public let shortfall: String?
    }

    /// The work of an engine.
    init(
        run: RunID,
        plan: PlanBox,
        taskIndex: TaskIndex,
        assignment: Assignment,
        attempt: Int,
        delivery: Int,
        input: JSON,
        description: String,
        dependencies: [Dependency],
        directives: [String],
        live: LiveSink
    ) {
        self.run = run
        self.plan = plan
        self.taskIndex = taskIndex
        self.assignment = assignment
        self.attempt = attempt
        self.delivery = delivery
        self.input = input
        self.description = description
        self.dependencies = dependencies
        self.directives = directives
        self.live = live
    }

    /// Work without an engine, for testing a performer of one's own.
    public init(
        run: RunID,
        task: TaskSpec,
        agent: AgentProfile,
        attendees: [AgentID] = [],
        attempt: Int = 1,
        delivery: Int = 1,
        input: JSON = .null,
        description: String? = nil,
        dependencies: [Dependency] = [],
        directives: [String] = []
    ) {
        let others = attendees.filter { $0 != agent.id }.map { AgentProfile(id: $0) }
        self.init(
            run: run,
            plan: PlanBox(Plan(id: "work", agents: [agent] + others, tasks: [task])),
            taskIndex: TaskIndex(0),
            assignment: Assignment(lead: AgentIndex(0), agents: (0...others.count).map { AgentIndex($0) }),
            attempt: attempt,
            delivery: delivery,
            input: input,
            description: description ?? task.description,
            dependencies: dependencies,
            directives: directives,
            live: LiveSink.none
        )
    }

    /// The output of a task that this one waited for.
    public func output(of task: TaskID) -> JSON? { self.dependencies.first { $0.task == task }?.output }
}

/// What came of a step.
public enum WorkResult: Sendable {
    /// The output.
    case done(JSON, Usage = .none)
    /// Why there is none.
    case failed(Failure, Usage = .none)
    /// It was cancelled, and nothing of it is left running.
    case stopped(Usage = .none)
}

/// Takes live lines of one attempt.
package struct LiveSink: Sendable {
    private let take: @Sendable (String) -> Void

    /// Forwards every line to a closure.
    package init(_ take: @escaping @Sendable (String) -> Void) { self.take = take }

    /// Swallows everything.
    package static let none = LiveSink { _ in }

    /// Passes a line on.
    package func line(_ text: String) { self.take(text) }
}

/// Finds the performer of an agent.
package typealias PerformerTable = @Sendable (AgentProfile) -> (any Performer)?

/// Opens the live sink of an attempt.
package typealias LiveTable = @Sendable (RunID, TaskID, _ attempt: Int) -> LiveSink
