extension Progress {
    /// How long completed work took, beside what the plan says of the same work.
    struct Speed: Sendable {
        private var measured: Int64 = 0
        private var estimated: Int64 = 0

        mutating func take(_ took: Int64, estimated: Int64) {
            self.measured = self.measured.addingSaturated(took)
            self.estimated = self.estimated.addingSaturated(estimated)
        }

        /// What an estimate is to be multiplied with; nil before there is a measurement.
        var ratio: Double? { self.estimated > 0 ? Double(self.measured) / Double(self.estimated) : nil }
    }

    /// Speeds by what is most like a task: its type, then its agent, then the run.
    struct Speeds: Sendable {
        var types: [String: Speed] = [:]
        var agents: [AgentIndex: Speed] = [:]
        var run = Speed()
    }

    /// Whether there is a measurement: until then ``remaining`` is what the plan says.
    package var isMeasured: Bool { self.speeds.run.ratio != nil }

    // Only what came to a good end tells how long such work takes.
    mutating func measure(_ task: TaskIndex, by lead: AgentIndex, _ took: Duration) {
        guard self.plan.tasks.indices.contains(task.offset) else { return }
        let spec = self.plan.tasks[task.offset]
        let (took, estimate) = (max(0, took.microseconds), spec.estimate)
        self.speeds.run.take(took, estimated: estimate)
        self.speeds.agents[lead, default: Speed()].take(took, estimated: estimate)
        if let type = spec.type { self.speeds.types[type, default: Speed()].take(took, estimated: estimate) }
    }

    /// The time that is probably left: the longest chain of tasks, or what the agents have before them if that is longer.
    ///
    /// A task takes its estimate, corrected by how long such work took in this run. How long people take to answer,
    /// nobody can tell: nil while one is asked. Put together at each call.
    public var remaining: Duration? { self.remaining(at: self.updated, in: nil) }

    /// The same at a later moment.
    ///
    /// - Parameter graph: that of the run's plan, if it is at hand.
    package func remaining(at now: Timestamp, in graph: PlanGraph?) -> Duration? {
        if self.end != nil { return .zero }
        guard self.openQuestions == 0 else { return nil }
        let graph = graph ?? PlanGraph(self.plan.tasks)
        let places = Dictionary(
            self.plan.agents.enumerated().map { ($1.id, AgentIndex($0)) },
            uniquingKeysWith: { first, _ in first }
        )
        let agents = self.plan.tasks.indices.map { offset in
            self.hands.lead(of: TaskIndex(offset)) ?? self.plan.tasks[offset].assignedAgent.flatMap { places[$0] }
        }
        let left = self.plan.tasks.indices.map { self.left(of: TaskIndex($0), by: agents[$0], at: now) }
        let path = graph.count == left.count ? graph.remainingPaths(weights: left).max() ?? 0 : 0
        let rest = max(path, self.queued(left, by: agents))
        // What is in hand takes longer than was thought.
        return rest > 0 ? .microseconds(rest) : nil
    }

    private func left(of task: TaskIndex, by agent: AgentIndex?, at now: Timestamp) -> Int64 {
        guard self.ends.indices.contains(task.offset), self.ends[task.offset] == .none else { return 0 }
        let spec = self.plan.tasks[task.offset]
        let ratio =
            spec.type.flatMap { self.speeds.types[$0]?.ratio } ?? agent.flatMap { self.speeds.agents[$0]?.ratio }
            ?? self.speeds.run.ratio ?? 1
        // Times come from the journal: absurd ones must not trap.
        let whole = Int64(exactly: (Double(spec.estimate) * ratio).rounded()) ?? .max
        guard let since = self.hands.since(of: task) else { return whole }
        return max(0, whole - max(0, (now - since).microseconds))
    }

    // No team is faster than its work by all its slots, nor than the work of one agent by those of that one.
    private func queued(_ left: [Int64], by agents: [AgentIndex?]) -> Int64 {
        var own = Array(repeating: Int64(0), count: self.plan.agents.count)
        var all = Int64(0)
        for (weight, agent) in zip(left, agents) {
            if let agent, own.indices.contains(agent.offset) {
                own[agent.offset] = own[agent.offset].addingSaturated(weight)
                if self.plan.agents[agent.offset].kind == .person { continue }
            }
            all = all.addingSaturated(weight)
        }
        let most = self.plan.defaults.enableParallelExecution ? self.plan.defaults.maxConcurrentTasks ?? .max : 1
        let workers = self.plan.agents.filter { $0.kind != .person }
        let capacity = workers.reduce(Int64(0)) { $0.addingSaturated(Int64(max(1, $1.maxConcurrentTasks))) }
        let longest = zip(own, self.plan.agents).map { $0 / Int64(max(1, $1.maxConcurrentTasks)) }.max() ?? 0
        return max(longest, all / max(1, min(Int64(max(1, most)), capacity)))
    }
}

extension TaskSpec {
    // In microseconds.
    fileprivate var estimate: Int64 { max(0, Duration.seconds(fraction: self.estimatedHours * 3600).microseconds) }
}

/// The time left of a run for whoever shows it: worked out anew with each hundredth of its tasks, counted down in between.
package struct Eta: Sendable {
    private var left: Duration?
    private var at = Timestamp.zero
    private var ended = -1
    private var questions = 0
    /// Whether it rests on a measurement, and not on the plan alone.
    package private(set) var isMeasured = false

    package init() {}

    /// - Parameter graph: that of the run's plan, if it is at hand.
    package mutating func take(_ progress: Progress, in graph: PlanGraph? = nil) {
        let isDue = self.ended < 0 || abs(progress.endedTasks - self.ended) * 100 >= max(1, progress.totalTasks)
        guard isDue || self.questions != progress.openQuestions || progress.end != nil else { return }
        self.left = progress.remaining(at: progress.updated, in: graph)
        self.at = progress.updated
        self.ended = progress.endedTasks
        self.questions = progress.openQuestions
        self.isMeasured = progress.isMeasured
    }

    /// Nil where it cannot be told, also once it takes longer than was thought.
    package func left(at now: Timestamp) -> Duration? {
        guard let left = self.left, left > .zero else { return self.left }
        let rest = left - max(.zero, now - self.at)
        return rest > .zero ? rest : nil
    }
}

extension RunSheet {
    /// The time left of the run.
    ///
    /// - Parameter clock: the time of whoever asks; a rehearsal stays in its own.
    package func remaining(at clock: Timestamp = .zero) -> Duration? {
        let now = self.run.seed.mode == .rehearsal ? self.run.now : max(self.run.now, clock)
        return self.progress.remaining(at: now, in: self.run.graph)
    }
}
