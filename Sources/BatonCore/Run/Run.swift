import OrderedCollections

/// One execution of a plan: what its events say, and the rules that make new events of commands.
///
/// `handle` decides and emits, `apply` is the only mutator of what counts; live and replay are the same call.
package struct Run: Sendable {
    package enum Phase: Hashable, Sendable {
        case running
        case paused
        case stopping(StopCause)
        case ended(RunEnd)
    }

    /// An authorised step that has not returned.
    package struct Owed: Hashable, Sendable {
        package let request: StepRequest
        package let deadline: Timestamp
    }

    package internal(set) var seed: RunSeed
    /// As it stands now: people may add and edit tasks.
    package internal(set) var plan: Plan
    package internal(set) var graph: PlanGraph
    package let began: Timestamp
    package internal(set) var phase = Phase.running
    package internal(set) var head: Position
    package internal(set) var now: Timestamp
    package internal(set) var tasks: [TaskRecord]
    package internal(set) var records: [AssignmentScore.Record]
    package internal(set) var owed: [StepKey: Owed] = [:]
    package internal(set) var stopping: [StepKey: StopReason] = [:]
    package internal(set) var questions: [QuestionID: Question] = [:]
    /// When each of them was asked.
    package internal(set) var askedAt: [QuestionID: Timestamp] = [:]
    package internal(set) var asked = 0
    /// What people have said to agents, in order.
    package internal(set) var directives: [Directive] = []
    /// Leads that people chose.
    package internal(set) var leads: [TaskIndex: AgentIndex] = [:]
    /// Ready tasks about which a person has still to be asked; some of them may not be ready any more.
    var unapproved: OrderedSet<TaskIndex> = []
    /// Ready tasks that nobody needs, by the task whose outcome says so, until they are left out.
    var unneeded: [TaskIndex: TaskIndex] = [:]
    package internal(set) var counts: Counts
    /// Rises with each change of the plan that performers may see; limits that people raise are the rules' own matter.
    package internal(set) var planRevision = 0
    /// What budgets have let go, by whose they are.
    package internal(set) var accounts: [BudgetScope: BudgetPolicy.Account] = [:]
    var reservations: [StepKey: Reservation] = [:]
    var heldTimes: [StepKey: HeldTime] = [:]
    /// A fork that no engine has taken up: its clocks stand still.
    package internal(set) var awaitsEngine = false
    /// The first event that did not fit; nothing is done with the run from then on.
    package internal(set) var damage: Position?

    /// The tasks that agents have added, each with how many such tasks stand behind it, itself among them.
    package internal(set) var spawned: [TaskIndex: Int] = [:]
    /// Who added the tasks that the plan did not begin with.
    package internal(set) var addedBy: [TaskIndex: Origin] = [:]
    /// Whether any attempt has read from the web.
    var hasReadWeb = false
    /// By each task those that it waits for, or waited for, within an attempt: what its agents handed on, and its checks; in the order of the plan.
    package internal(set) var handed: [TaskIndex: [TaskIndex]] = [:]

    /// Attempts that are away, and could go on.
    package internal(set) var returning: Set<TaskIndex> = []

    /// How models of tiers have done, by their names.
    package internal(set) var modelRecords: [String: ModelChoice.Record] = [:]

    // Derived from the above: caches that handling may tidy.
    var queue: ReadyQueue
    var agenda = Agenda()
    var remainingPath: [Int64]
    var weights: [String: Double]
    var capacities: [Int]
    // What the engine lets this run have of each agent, at most its capacity; input, not history.
    var shares: [Int]
    var kinds: [AgentProfile.Kind]

    package var id: RunID { self.seed.run }

    package var isEnded: Bool {
        if case .ended = self.phase { return true }
        return false
    }

    /// The most tasks that the plan lets this run have in hand at once.
    package var largestInHand: Int {
        guard self.plan.defaults.enableParallelExecution else { return 1 }
        return self.plan.defaults.maxConcurrentTasks ?? .max
    }

    /// How many slots of the engine the run could use now, those it has among them.
    package var wantedSlots: Int {
        guard case .running = self.phase else { return self.counts.inHand }
        let (sum, overflow) = self.counts.inHand.addingReportingOverflow(self.counts.ready + self.returning.count)
        return min(overflow ? .max : sum, max(self.counts.inHand, self.largestInHand - self.counts.withPeople))
    }

    /// When the run next wants a `tick`.
    package var nextWake: Timestamp? {
        guard self.damage == nil, !self.isEnded else { return nil }
        return self.agenda.first?.at
    }

    /// Open questions in the order of asking.
    package var openQuestions: [Question] {
        self.questions.values.sorted { $0.id < $1.id }
    }

    /// Whether nothing goes on but waiting for people.
    package var waitsOnlyForPeople: Bool {
        guard case .running = self.phase else { return false }
        // In hand without a step is what waits for a larger budget.
        return self.owed.isEmpty && self.stopping.isEmpty && !self.questions.isEmpty && !self.hasTimedTask
            && !self.hasStartableTask
    }

    // A ready task whose agents are all busy, as they can only be with a person's work here, waits for people too.
    var hasStartableTask: Bool {
        if self.returning.contains(where: { self.question(holding: $0) == nil }) { return true }
        guard self.counts.ready > 0, self.counts.inHand + self.counts.withPeople < self.largestInHand else {
            return false
        }
        return self.tasks.indices.contains { offset in
            guard case .ready = self.tasks[offset].state else { return false }
            return self.canBeServed(TaskIndex(offset))
        }
    }

    var hasTimedTask: Bool {
        self.tasks.contains { record in
            switch record.state {
            case .resting, .scheduled: true
            case .waiting, .ready, .running, .stopping, .blocked, .ended: false
            }
        }
    }

    /// What the agents of an attempt are told beside their task.
    package func directives(for task: TaskIndex, _ assignment: Assignment) -> [Directive] {
        self.directives.isEmpty ? [] : self.directives.filter { $0.concerns(task, assignment) }
    }

    /// What whoever is asked for work of their own has been told, before and after they were asked; of a blocker, what a manager says.
    package func directives(for question: Question) -> [Directive] {
        if question.kind == .blocker || question.kind == .consultation {
            return self.directives.filter { directive in
                if case .manager = directive.sender { directive.audience == .task(question.task) } else { false }
            }
        }
        guard question.kind == .work, case .blocked(_, let attempt?)? = self.record(question.task)?.state else {
            return []
        }
        return self.directives(for: question.task, attempt.assignment)
    }

    package func spec(_ task: TaskIndex) -> TaskSpec { self.plan.tasks[task.offset] }

    package func profile(_ agent: AgentIndex) -> AgentProfile { self.plan.agents[agent.offset] }

    package func record(_ task: TaskIndex) -> TaskRecord? {
        self.tasks.indices.contains(task.offset) ? self.tasks[task.offset] : nil
    }

    package func index(of task: TaskID) -> TaskIndex? { self.graph.indexes[task] }

    /// The output of a task that completed.
    package func output(of task: TaskIndex) -> Content? {
        if case .ended(.completed(let content))? = self.record(task)?.state { return content }
        return nil
    }

    // Longer than any estimate that a plan may hold.
    private static let noTimeout = Duration.seconds(3_155_760_000)

    /// How long an attempt of the task may last.
    package func timeout(of task: TaskIndex) -> Duration {
        // A rehearsal plays hours of project time; timeouts are about the time of real work.
        guard self.seed.mode == .real else { return Self.noTimeout }
        return self.plan.tasks[task.offset].timeout ?? self.plan.defaults.taskTimeout
    }

    /// How many attempts of an agent the run could have in hand, those it has among them; a guess from above.
    package func wanted(of agent: AgentIndex) -> Int {
        let held = Int(self.records[agent.offset].inHand)
        guard case .running = self.phase else { return held }
        return min(held + self.counts.ready + self.returning.count, self.capacities[agent.offset])
    }

    ///
    /// - Parameter more: for so many tasks at once.
    package func isFree(_ agent: AgentIndex, for more: Int = 1) -> Bool {
        let room = self.shares[agent.offset] - self.records[agent.offset].inHand
        return planted(.agentTakesOneMore) ? room >= more - 1 : room >= more
    }
}

extension Run.Phase {
    /// The word of design section 4.
    package var word: String {
        switch self {
        case .running: "running"
        case .paused: "paused"
        case .stopping: "stopping"
        case .ended(let end): end.rawValue
        }
    }
}
