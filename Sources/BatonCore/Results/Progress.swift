/// How far a run is, folded from its events.
public struct Progress: Hashable, Sendable {
    /// What one agent has done, has in hand, and waits for it.
    public struct AgentLoad: Hashable, Sendable {
        /// Who.
        public let agent: AgentID
        /// Tasks that it completed in this run; not what a run that this one was forked from has done.
        public let completed: Int
        /// Tasks that failed with it in this run and did not begin anew.
        public let failed: Int
        /// Tasks in hand, the oldest attempt first.
        public let inHand: [TaskID]
    }

    /// What is counted of an agent with every fact; who has what in hand is put together only when somebody asks.
    struct Tally: Sendable {
        var completed = 0
        var failed = 0
    }

    /// All tasks of the run.
    public internal(set) var totalTasks: Int
    /// Tasks that ended well.
    public internal(set) var completedTasks = 0
    /// Tasks that failed.
    public internal(set) var failedTasks = 0
    /// Tasks that were skipped.
    public internal(set) var skippedTasks = 0
    /// Tasks that were cancelled.
    public internal(set) var cancelledTasks = 0
    /// Attempts in hand.
    public internal(set) var runningTasks = 0
    /// Questions that wait for a person.
    public internal(set) var openQuestions = 0
    /// Money spent.
    public internal(set) var spent = Money.zero
    /// When the run began.
    public let began: Timestamp
    /// The last event taken in.
    public internal(set) var updated: Timestamp
    /// How the run ended, if it has.
    public internal(set) var end: RunEnd?
    var tallies: [Tally]
    // Who led a task that failed; it counts for nobody once it begins anew.
    var failedWith: [TaskIndex: AgentIndex] = [:]
    /// Who has which task in hand.
    package internal(set) var hands: Hands
    var speeds = Speeds()
    var questions: [QuestionID: TaskIndex] = [:]
    var plan: Plan
    /// How each task ended, if it has: one that begins anew is taken back from its count.
    var ends: [EndMark]

    enum EndMark: UInt8, Sendable {
        case none
        case completed
        case failed
        case skipped
        case cancelled
    }

    /// Each agent's load, in plan order; put together at each call.
    public var agents: [AgentLoad] {
        var inHand = Array(repeating: [TaskID](), count: self.tallies.count)
        for task in self.tasksInHand {
            for agent in self.hands.agents(of: task) where inHand.indices.contains(agent.offset) {
                inHand[agent.offset].append(self.plan.tasks[task.offset].id)
            }
        }
        return self.tallies.indices.map { offset in
            AgentLoad(
                agent: self.plan.agents[offset].id,
                completed: self.tallies[offset].completed,
                failed: self.tallies[offset].failed,
                inHand: inHand[offset]
            )
        }
    }

    /// The tasks in hand, the oldest attempt first.
    package var tasksInHand: [TaskIndex] {
        self.hands.tasks.sorted { (self.hands.since(of: $0) ?? .zero, $0) < (self.hands.since(of: $1) ?? .zero, $1) }
    }

    /// Tasks that have ended, however.
    public var endedTasks: Int { self.completedTasks + self.failedTasks + self.skippedTasks + self.cancelledTasks }

    /// Completed tasks in percent of those that completed or failed; nil before the first.
    public var successRate: Double? {
        Rates.success(completed: self.completedTasks, failed: self.failedTasks)
    }

    /// Completed tasks a minute since the run began; nil while no time has passed.
    package func tasksPerMinute(at now: Timestamp) -> Double? {
        Rates.perMinute(self.completedTasks, in: now - self.began)
    }

    /// 0 to 100; an ended run reads 100, also after failures.
    public var percentage: Double {
        guard self.end == nil, self.totalTasks > 0 else { return 100 }
        return 100 * Double(self.endedTasks) / Double(self.totalTasks)
    }

    /// Equal when all that is shown is equal.
    public static func == (left: Progress, right: Progress) -> Bool {
        left.counts == right.counts && left.agents == right.agents && left.updated == right.updated
            && left.end == right.end
    }

    /// Hashes what is shown.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(self.counts)
        hasher.combine(self.updated)
    }

    private var counts: [Int] {
        [
            self.totalTasks, self.completedTasks, self.failedTasks, self.skippedTasks, self.cancelledTasks,
            self.runningTasks, self.openQuestions,
        ]
    }
}
