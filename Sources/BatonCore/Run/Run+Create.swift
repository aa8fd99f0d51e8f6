import OrderedCollections

extension Run {
    /// Begins a run: emits `created` and returns the state after it.
    ///
    /// The plan has passed ``PlanCheck``: a cycle would wait for itself for ever.
    ///
    /// - Parameter graph: of the seed's plan, if somebody has made it already.
    package static func create(
        _ seed: RunSeed,
        graph: PlanGraph? = nil,
        at now: Timestamp,
        by: Origin,
        _ out: inout Emission
    ) -> Run {
        let fact = Recorded(position: Position.start.next, at: now, by: by, event: .created(seed))
        out.facts.append(fact)
        var run = Run(seed, graph ?? PlanGraph(seed.plan.tasks), createdAt: fact)
        run.finishIfDone(now, by, &out)
        return run
    }

    /// Folds a run from its first event; nil if that is not `created`.
    package init?(_ fact: Recorded) {
        guard case .created(let seed) = fact.event, fact.position == Position.start.next else { return nil }
        self.init(seed, PlanGraph(seed.plan.tasks), createdAt: fact)
        if planted(.timeLimitLostAtFold) { self.agenda = Agenda() }
    }

    private init(_ seed: RunSeed, _ graph: PlanGraph, createdAt fact: Recorded) {
        let plan = seed.plan
        self.seed = seed
        self.plan = plan
        self.kinds = plan.agents.map(\.kind)
        self.capacities = plan.agents.map(\.maxConcurrentTasks)
        self.shares = self.capacities
        self.graph = graph
        self.began = fact.at
        self.head = fact.position
        self.now = fact.at
        self.records = Array(repeating: AssignmentScore.Record(), count: plan.agents.count)
        self.counts = Counts(of: plan.tasks)
        self.remainingPath = self.graph.remainingPaths(weights: plan.tasks.map { Int64($0.estimatedHours * 1000) })
        self.weights = Self.weights(of: plan)
        self.queue = ReadyQueue(agents: plan.agents.count, tasks: plan.tasks.count)
        self.tasks = Self.waiting(plan, graph, in: &self.queue)
        self.limitTime(from: fact.at)
        for offset in plan.tasks.indices where self.graph.dependencies[TaskIndex(offset)].isEmpty {
            self.becomeReady(TaskIndex(offset), at: fact.at)
        }
    }

    // Made by itself: a local array that is kept beside the state would have it copied with its first change.
    private static func waiting(_ plan: Plan, _ graph: PlanGraph, in queue: inout ReadyQueue) -> [TaskRecord] {
        var demands = DemandTable(agents: plan.agents)
        var tasks: [TaskRecord] = []
        tasks.reserveCapacity(plan.tasks.count)
        for offset in plan.tasks.indices {
            let open = Int32(graph.dependencies[TaskIndex(offset)].count)
            let demand = demands.demand(of: plan.tasks[offset], in: &queue)
            tasks.append(TaskRecord(state: .waiting(open: open), demand: demand))
        }
        return tasks
    }

    /// The limit is on real time; a rehearsal's is the project's.
    mutating func limitTime(from begin: Timestamp) {
        guard let limit = self.plan.budget.time, self.seed.mode == .real else { return }
        self.agenda.insert(.timeLimit, at: begin + limit)
    }

    static func weights(of plan: Plan) -> [String: Double] {
        Dictionary(plan.defaults.typeWeights.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    }

    /// The task waits for no other task any more: it is ready, or its date has to come first.
    mutating func becomeReady(_ task: TaskIndex, at now: Timestamp) {
        if self.seed.mode == .rehearsal, let date = self.spec(task).scheduledDate?.projectTimestamp, date > now {
            self.tasks[task.offset].state = .scheduled(date)
            self.agenda.insert(.taskReady(task), at: date)
            return
        }
        let reason = self.needlessness(of: task)
        if reason != nil || !self.unneeded.isEmpty { self.unneeded[task] = reason }
        self.makeReady(task, at: now)
    }

    mutating func makeReady(_ task: TaskIndex, at now: Timestamp) {
        self.tasks[task.offset].state = .ready
        self.tasks[task.offset].readySince = now
        self.counts.ready += 1
        self.enqueue(task)
    }

    /// Puts a ready task into the queue; an entry that it has there already is stale from now on.
    ///
    /// One that needs a person's yes is kept apart until somebody is asked.
    mutating func enqueue(_ task: TaskIndex) {
        guard self.unneeded[task] == nil else { return }
        guard !self.awaitsApproval(task) else {
            self.unapproved.append(task)
            return
        }
        if !self.unapproved.isEmpty { self.unapproved.remove(task) }
        let order = DispatchOrder(
            task: task,
            priority: self.plan.tasks[task.offset].priority,
            waitingSince: self.tasks[task.offset].readySince,
            runBegan: self.began,
            weight: self.weights.isEmpty ? 1 : self.spec(task).type.flatMap { self.weights[$0] } ?? 1,
            remainingPath: self.remainingPath[task.offset],
            dependents: self.graph.dependents[task].count
        )
        self.queue.insert(order, demand: self.tasks[task.offset].demand)
    }
}

/// Looks up candidates once for tasks that ask for the same.
struct DemandTable {
    private struct Wanted: Hashable {
        let skills: SkillLevels
        let type: String?
        let agentType: String?
        let assigned: AgentID?
        let attendees: [String]
    }

    private let agents: [AgentProfile]
    private let declared: Set<String>
    private var known: [Wanted: Int32] = [:]
    // Most tasks ask for the same as the one before: comparing is quicker than looking up.
    private var last: (wanted: Wanted, demand: Int32)?

    init(agents: [AgentProfile]) {
        self.agents = agents
        self.declared = Eligibility.declaredTypes(of: agents)
    }

    mutating func demand(of task: TaskSpec, in queue: inout ReadyQueue) -> Int32 {
        let type = task.type.flatMap { self.declared.contains($0) ? $0 : nil }
        let wanted = Wanted(
            skills: task.requiredSkills,
            type: type,
            agentType: task.agentType,
            assigned: task.assignedAgent,
            attendees: task.meetsAtOnce ? task.attendees : []
        )
        if let last = self.last, last.wanted == wanted { return last.demand }
        let demand = self.known[wanted] ?? self.newDemand(wanted, of: task, in: &queue)
        self.last = (wanted, demand)
        return demand
    }

    private mutating func newDemand(_ wanted: Wanted, of task: TaskSpec, in queue: inout ReadyQueue) -> Int32 {
        let candidates = Eligibility.candidates(for: task, agents: self.agents, declaredTypes: self.declared)
        let demand = queue.demand(for: candidates, near: self.near(candidates, task))
        self.known[wanted] = demand
        return demand
    }

    // Tasks that lack the same of the nearest agent may lack different things of the next; a meeting takes all of them.
    private func near(_ candidates: Eligibility.Candidates, _ task: TaskSpec) -> Int {
        guard case .nearest(let ranked, _) = candidates, !planted(.nearTasksShareDemand) else { return 0 }
        guard !task.meetsAtOnce else { return ranked.count + 1 }
        return Eligibility.equallyNear(ranked, task.requiredSkills, agents: self.agents).count
    }
}
