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

/// A performer that may be able to do a step without ever waiting for anything: then it needs no Swift task of its own.
package protocol InstantPerformer: Performer {
    /// Does one step on the calling thread, in the current Swift task, which is cancelled if it is to stop; nil if it may
    /// have to wait, and then nothing has been done, nor was the work asked for.
    func performAtOnce(_ work: () throws(Failure) -> Work) throws(Failure) -> WorkResult?
}

/// What one step is about.
public struct Work: Sendable {
    // Behind one reference: while a step waits, its work lies in the frames of several functions.
    private let parts: Parts

    private final class Parts: Sendable {
        let order: StepRunner.Order
        let input: JSON
        let description: String
        let dependencies: [Dependency]
        let heard: [Dependency]
        let directives: [String]
        let live: LiveSink

        init(
            _ order: StepRunner.Order,
            _ input: JSON,
            _ description: String,
            _ dependencies: [Dependency],
            _ directives: [String],
            _ live: LiveSink
        ) {
            self.order = order
            self.input = input
            self.description = description
            self.dependencies = dependencies
            self.heard = Self.heard(dependencies, order)
            self.directives = directives
            self.live = live
        }

        // Whoever speaks in a meeting knows what was there before it, and what others have said to them.
        private static func heard(_ dependencies: [Dependency], _ order: StepRunner.Order) -> [Dependency] {
            let task = order.plan.value.tasks[order.key.task.offset]
            guard let meeting = order.plan.value.meeting(of: task) else { return dependencies }
            return dependencies.filter { brought in
                guard let said = order.plan.value.tasks.first(where: { $0.id == brought.task }),
                    said.partOf == meeting.id,
                    !said.isOpening
                else { return true }
                guard let text = brought.output.map(Minutes.words) else {
                    return brought.shortfall != SkipReason.spared
                }
                return !Meeting.isPass(text)
                    && order.plan.value.isHeard(text, of: said.assignedAgent, by: order.agent.id, in: meeting)
            }
        }
    }

    /// What a task that this one waited for brought.
    public struct Dependency: Sendable {
        /// Which task.
        public let task: TaskID
        /// Its output; nil if it did not complete.
        public let output: JSON?
        /// Why it did not complete: `failed`, `skipped` or `cancelled`, with the failure's text if there is one.
        public let shortfall: String?
        /// Whose words the output is: the engine's own knowledge.
        package let source: Provenance?

        package init(task: TaskID, output: JSON?, shortfall: String?, source: Provenance? = nil) {
            self.source = source
            self.task = task
            self.output = output
            self.shortfall = shortfall
        }
    }

    /// The work of an engine.
    init(
        _ order: StepRunner.Order,
        input: JSON,
        description: String,
        dependencies: [Dependency],
        directives: [String],
        live: LiveSink
    ) {
        self.parts = Parts(order, input, description, dependencies, directives, live)
    }

    /// Work of a plan without an engine: for looking at what agents would be told.
    package init(
        run: RunID,
        task: TaskSpec,
        agent: AgentProfile,
        input: JSON? = nil,
        description: String? = nil,
        dependencies: [Dependency],
        directives: [String] = [],
        asker: Provenance? = nil,
        beside plan: Plan
    ) {
        var plan = plan
        let place = plan.tasks.firstIndex { $0.id == task.id } ?? 0
        plan.tasks[place] = task
        let lead = plan.agents.firstIndex { $0.id == agent.id } ?? 0
        let order = StepRunner.Order(
            key: StepKey(task: TaskIndex(place), attempt: 1, step: 1, delivery: 1),
            plan: PlanBox(plan, of: run),
            assignment: Assignment(lead: AgentIndex(lead), agents: [AgentIndex(lead)]),
            dependencies: dependencies,
            asker: asker
        )
        self.init(
            order,
            input: input ?? task.input,
            description: description ?? task.description,
            dependencies: dependencies,
            directives: directives,
            live: .none
        )
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
        directives: [String] = [],
        toolServers: [ToolServer] = [],
        web: Plan.Web = Plan.Web()
    ) {
        var plan = Plan(id: "work", agents: [agent], tasks: [task])
        plan.toolServers = toolServers
        plan.web = web
        let others = attendees.filter { $0 != agent.id }.map { AgentProfile(id: $0) }
        plan.agents += others
        let order = StepRunner.Order(
            key: StepKey(
                task: TaskIndex(0),
                attempt: Int32(clamping: attempt),
                step: 1,
                delivery: Int32(clamping: delivery)
            ),
            plan: PlanBox(plan, of: run),
            assignment: Assignment(lead: AgentIndex(0), agents: (0...others.count).map { AgentIndex($0) }),
            dependencies: dependencies
        )
        self.init(
            order,
            input: input,
            description: description ?? task.description,
            dependencies: dependencies,
            directives: directives,
            live: .none
        )
    }
}

extension Work {
    /// The run.
    public var run: RunID { self.parts.order.run }

    /// The task.
    public var task: TaskSpec { self.plan.tasks[self.parts.order.key.task.offset] }

    /// Who performs it.
    public var agent: AgentProfile { self.parts.order.agent }

    /// All agents of the attempt; more than one in a meeting.
    public var attendees: [AgentID] { self.parts.order.assignment.agents.map { self.plan.agents[$0.offset].id } }

    /// From 1.
    public var attempt: Int { Int(self.parts.order.key.attempt) }

    /// From 1; higher when the same step is handed out again after a crash.
    public var delivery: Int { Int(self.parts.order.key.delivery) }

    /// The task's input with all outputs filled in.
    public var input: JSON { self.parts.input }

    /// The task's description with all outputs filled in.
    public var description: String { self.parts.description }

    /// What the tasks brought that this one waited for; of a meeting, what its agent has heard.
    public var dependencies: [Dependency] { self.parts.heard }

    /// The same with what its agent has not heard.
    package var allDependencies: [Dependency] { self.parts.dependencies }

    /// What people have said to the agents of this attempt since the run began, in order.
    public var directives: [String] { self.parts.directives }

    /// Where its command starts, relative to the project folder: the task's word, else the agent's, else the plan's.
    public var workingDirectory: String? {
        self.task.workingDirectory ?? self.agent.workingDirectory ?? self.plan.workingDirectory
    }

    /// What chance draws from in this run.
    package var seed: UInt64 { self.parts.order.plan.seed }

    /// What a model costs in this run; nil if the run does not say.
    package func price(of model: ModelName) -> PriceTable.Price? { self.parts.order.plan.prices.price(of: model) }

    /// Takes what ``say(_:)`` says.
    package var live: LiveSink { self.parts.live }

    /// The same work, whose live lines go elsewhere.
    package func saying(to live: LiveSink) -> Work {
        Work(
            self.parts.order,
            input: self.input,
            description: self.description,
            dependencies: self.allDependencies,
            directives: self.directives,
            live: live
        )
    }

    /// The models that its agent turns to for it, one after the other.
    package var models: [String] { self.plan.models(of: self.parts.order.assignment, for: self.task) }

    /// The JSON Schema that its output has to fit, if there is one.
    package var form: JSON? { self.task.form(by: self.agent) }

    /// Why what a manager has answered cannot become tasks; empty if it can, or is no such answer.
    package func faults(ofManaged output: JSON) -> [String] {
        self.task.isPlanning || self.task.isResolving ? Managing.faults(of: output, for: self.task, in: self.plan) : []
    }

    /// Who added its task to the run; nil if the plan began with it.
    package var asker: Provenance? { self.parts.order.asker }

    /// Whether it is a part of work in rounds: what others have said is told as they said it, under their names.
    package var isTalk: Bool { self.plan.isTalk(self.task) }

    /// Whether a task before it is a part of the same talk.
    package func isSaid(_ task: TaskID) -> Bool {
        guard let other = self.spec(of: task) else { return false }
        return other.partOf == self.task.partOf && !other.isOpening
    }

    /// Whether it tells whoever writes minutes nothing: the opening of their meeting, and what nobody said in it.
    package func isSilence(_ dependency: Dependency) -> Bool {
        guard self.task.pattern == .meeting, let part = self.spec(of: dependency.task), part.partOf == self.task.id
        else {
            return false
        }
        return part.isOpening || dependency.shortfall == SkipReason.spared
            || dependency.output.map { Meeting.isPass(Minutes.words(of: $0)) } ?? false
    }

    /// Of an utterance: which round of the meeting it is, and what that is about.
    package var announcement: String? {
        guard let whole = self.plan.meeting(of: self.task) else { return nil }
        let said = self.allDependencies.filter { self.isSaid($0.task) }
        let rounds = Dictionary(grouping: said) { Talk.round(of: $0.task) }
        let round = Talk.round(of: self.task.id)
        let before = (1..<max(1, round)).map { round in
            (rounds[round] ?? []).map { said in
                Meeting.Utterance(agent: self.spec(of: said.task)?.assignedAgent, text: said.output.map(Minutes.words))
            }
        }
        let meeting = Meeting(of: whole)
        return meeting.announcement(of: round, meeting.standing(after: before))
    }

    /// What a stand-in says in a meeting; nil where the task is no utterance.
    package func madeUpUtterance(seed: UInt64) -> JSON? {
        StandIn.utterance(in: self.task, by: self.agent, self.plan, seed: seed)
    }

    /// Why the word of a judge cannot be followed; empty if it can, or is none.
    package func faults(ofJudgement output: JSON) -> [String] {
        guard self.task.isJudging else { return [] }
        let answers = self.dependencies.compactMap { said -> (task: TaskID, answer: JSON)? in
            guard let output = said.output, let part = self.spec(of: said.task), part.partOf == self.task.partOf else {
                return nil
            }
            let result = PartResult(of: part, in: part, agents: [], output: output, shortfall: nil)
            return result.answer.map { (said.task, $0) }
        }
        return Ballot.faults(of: output, answers)
    }

    /// What is wrong with minutes beside their form; empty if it writes none.
    package func faults(ofMinutes output: JSON) -> [String] {
        guard self.task.pattern == .meeting else { return [] }
        let said = self.dependencies.filter { $0.output != nil && !self.isSilence($0) }.map(\.task)
        return MinutesForm.faults(of: output, utterances: Set(said))
    }

    /// Who was to do a task.
    package func speaker(of task: TaskID) -> String { self.plan.speaker(of: task) }

    /// A line about each agent that it may be handed on to.
    package var colleagues: [String] { self.plan.colleagues(of: self.agent, for: self.task) }

    /// The servers of tools that the plan names.
    package var toolServers: [ToolServer] { self.plan.toolServers }

    /// Where tools that look at the web may go.
    package var web: Plan.Web { self.plan.web }

    /// A task of the plan.
    func spec(of task: TaskID) -> TaskSpec? { self.plan.tasks.first { $0.id == task } }

    /// All agents of the plan.
    var agents: [AgentProfile] { self.plan.agents }

    private var plan: Plan { self.parts.order.plan.value }

    /// Says a line to people while the work goes on; bounded and lossy, never part of the result.
    ///
    /// `baton run` shows the last line of each attempt, and keeps them in a log.
    public func say(_ line: String) { self.live.line(line) }

    /// The output of a task that this one waited for.
    public func output(of task: TaskID) -> JSON? { self.dependencies.first { $0.task == task }?.output }
}

/// What came of a step.
public indirect enum WorkResult: Sendable {
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
