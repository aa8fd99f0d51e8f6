package import BatonCore

/// Draws plans that cover what the rules know: diamonds, retries, failures, people, meetings, limits.
package enum PlanMaker {
    // Short names live in the string itself: no allocation for each plan.
    private static let taskIDs = (0..<200).map { TaskID("t\($0)") }
    private static let agentIDs = (0..<8).map { AgentID("a\($0)") }
    private static let levels = (0...10).map { Double($0) }

    package static func plan(_ choices: inout Choices, isSmall: Bool) -> Plan {
        // In some plans many tasks ask for skills, and many agents have as much of them as others.
        let isSkilled = choices.chance(250, .plan)
        var agents = (0..<(1 + choices.below(isSmall ? 4 : 8, .plan))).map { Self.agent($0, isSkilled, &choices) }
        Self.letThink(&agents, &choices)
        let tasks = (0..<Self.size(&choices, isSmall)).map {
            Self.task($0, before: $0, agents, &choices, skilled: isSkilled ? 500 : 150)
        }
        var plan = Plan(id: "sim", agents: agents, tasks: Self.linked(tasks, &choices))
        Self.limit(&plan, &choices)
        plan.executionMode = choices.chance(250, .plan) ? .incremental : .fullyAutomated
        plan.defaults.taskTimeout = .seconds(20 + choices.below(100, .plan))
        plan.defaults.maxRetryAttempts = 1 + choices.below(4, .plan)
        if choices.chance(300, .plan) { plan.defaults.maxConcurrentTasks = 1 + choices.below(3, .plan) }
        if choices.chance(80, .plan) { plan.defaults.enableParallelExecution = false }
        if choices.chance(100, .plan) { plan.defaults.answerWithin = .seconds(60 + choices.below(600, .plan)) }
        if choices.chance(150, .plan) { plan.budget.time = .seconds(60 + choices.below(600, .plan)) }
        Self.offerModels(&plan, &choices)
        Self.limitTime(&plan, &choices)
        if choices.chance(300, .teams) {
            (plan.budget.fanOut, plan.budget.depth) = (choices.below(4, .teams), choices.below(3, .teams))
        }
        Self.letDelegate(&plan, &choices)
        Self.wantProofs(&plan, &choices)
        Self.plan(meetings: &plan, &choices)
        plan = Self.withManager(Self.withPattern(plan, &choices), &choices)
        plan = Self.withMeetings(plan, &choices)
        Self.letVotesEnd(&plan, &choices)
        Self.putConditions(&plan, &choices)
        return plan
    }

    // Short ones, of which some have an agenda and somebody who leads them.
    private static func plan(meetings plan: inout Plan, _ choices: inout Choices) {
        for offset in plan.tasks.indices where plan.tasks[offset].isMeeting {
            plan.tasks[offset].rounds = 1 + choices.below(3, .meetings)
            guard choices.below(3, .meetings) == 2 else { continue }
            plan.tasks[offset].rounds = 2 + 2 * choices.below(2, .meetings)
            plan.tasks[offset].agenda = [AgendaItem("one"), AgendaItem("two")]
            plan.tasks[offset].facilitator = plan.tasks[offset].attendees.first.map { AgentID($0) }
        }
    }

    // In most plans agents talk in meetings; in the others these are one step of all, as they were before.
    private static func withMeetings(_ plan: Plan, _ choices: inout Choices) -> Plan {
        guard choices.chance(600, .meetings), plan.tasks.contains(where: { $0.isMeeting && $0.pattern == nil }) else {
            return plan
        }
        let unfolded = plan.unfolded
        return PlanGraph(unfolded.tasks).cycle() == nil ? unfolded : plan
    }

    // In some plans tasks are done only when it is proved.
    private static func wantProofs(_ plan: inout Plan, _ choices: inout Choices) {
        guard choices.chance(200, .proofs) else { return }
        for offset in plan.tasks.indices where choices.chance(400, .proofs) {
            plan.tasks[offset].doneWhen = (0...choices.below(2, .proofs)).map { _ in
                let reviewer = plan.agents[choices.below(plan.agents.count, .proofs)].id
                let own = [plan.tasks[offset].assignedAgent, plan.tasks[offset].fallback?.assignedAgent]
                let isOther = !own.contains(reviewer)
                return switch choices.below(5, .proofs) {
                case 0: .command(["true"])
                case 1: .schema([:])
                case 3,
                    4 where isOther:
                    .review(by: reviewer.text)
                default: .signature()
                }
            }
        }
    }

    // Half of the votes are over when they are decided.
    private static func letVotesEnd(_ plan: inout Plan, _ choices: inout Choices) {
        for offset in plan.tasks.indices where plan.tasks[offset].pattern == .consensus {
            plan.tasks[offset].stopsEarly = choices.below(2, .needs) == 1
        }
    }

    // In some plans tasks are needed only if others were done at the first try.
    private static func putConditions(_ plan: inout Plan, _ choices: inout Choices) {
        guard choices.chance(250, .needs) else { return }
        let places = Dictionary(plan.tasks.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        for offset in plan.tasks.indices where choices.chance(350, .needs) && plan.tasks[offset].pattern == nil {
            let needed = plan.tasks[offset].dependencies
            guard !needed.isEmpty, let place = places[needed[choices.below(needed.count, .needs)]],
                plan.tasks[place].pattern == nil
            else { continue }
            let most = choices.below(3, .needs) == 2 ? 0 : Int64(place) << 40 | 1 << 24 | 0xFF_FFFF
            plan.tasks[offset].conditions = [Condition(plan.tasks[place].id, field: nil, in: -1...Double(most))]
        }
    }

    // In some plans agents that think may hand work on.
    private static func letDelegate(_ plan: inout Plan, _ choices: inout Choices) {
        guard choices.chance(500, .delegations) else { return }
        for offset in plan.agents.indices where plan.agents[offset].kind == .model && choices.below(3, .delegations) > 0
        {
            plan.agents[offset].tools.append(Ledger.delegate)
            if choices.below(3, .delegations) == 2 {
                plan.agents[offset].tools.append(Ledger.phaseTool)
                plan.agents[offset].phases = Ledger.phases
            }
        }
    }

    // 2 to 64 tasks, most plans small.
    private static func size(_ choices: inout Choices, _ isSmall: Bool) -> Int {
        switch choices.below(isSmall ? 12 : 32, .plan) {
        case 0...11: 2 + choices.below(5, .plan)
        case 12...26: 4 + choices.below(9, .plan)
        case 27...30: 8 + choices.below(16, .plan)
        default: 24 + choices.below(41, .plan)
        }
    }

    private static func agent(_ index: Int, _ isSkilled: Bool, _ choices: inout Choices) -> AgentProfile {
        var agent = AgentProfile(id: Self.agentIDs[index])
        agent.type = choices.chance(120, .plan) ? "person" : "function"
        agent.maxConcurrentTasks = 1 + choices.below(3, .plan)
        agent.repeatable = !choices.chance(350, .plan)
        agent.priority = 1 + choices.below(10, .plan)
        agent.available = !choices.chance(40, .plan)
        let writing = isSkilled ? 5 + 3 * choices.below(2, .plan) : 1 + choices.below(10, .plan)
        agent.skillLevels = [
            "writing": Self.levels[writing], "testing": Self.levels[1 + choices.below(10, .plan)],
        ]
        return agent
    }

    // In some plans agents think, and have one tool.
    private static func letThink(_ agents: inout [AgentProfile], _ choices: inout Choices) {
        guard choices.chance(250, .minds) else { return }
        for offset in agents.indices where agents[offset].kind == .function && choices.below(3, .minds) > 0 {
            agents[offset].type = "model"
            agents[offset].model = Ledger.models[0]
            agents[offset].tools = [Ledger.tool]
            if choices.chance(400, .tools) { agents[offset].tools += [Ledger.action, Ledger.consultation] }
            if choices.chance(300, .tools) { agents[offset].tools.append(Ledger.foreignGrant) }
            if choices.chance(250, .loops) { agents[offset].limits.iterations = 1 + choices.below(6, .loops) }
            agents[offset].fallbackModels = Array(Ledger.models.dropFirst().prefix(choices.below(3, .minds)))
        }
    }

    // Where agents think, some tasks are hard, and any of several models may be asked for those.
    private static func offerModels(_ plan: inout Plan, _ choices: inout Choices) {
        guard plan.agents.contains(where: { $0.kind == .model }), choices.chance(300, .models) else { return }
        let models = choices.below(2, .models) == 0 ? Ledger.models : Ledger.models.reversed()
        plan.modelTiers = [Plan.ModelTier(Ledger.tier, models)]
        for offset in plan.tasks.indices where choices.below(3, .models) > 0 {
            plan.tasks[offset].complexity = Ledger.tier
        }
    }

    // In some plans a task has others before it as its parts; what it needs may need none of them.
    private static func withPattern(_ plan: Plan, _ choices: inout Choices) -> Plan {
        guard plan.tasks.count > 2, choices.chance(200, .teams) else { return plan }
        var plan = plan
        let first = choices.below(plan.tasks.count - 2, .teams)
        let whole = choices.between(first + 2, plan.tasks.count, .teams)
        let last = choices.between(first + 1, whole, .teams)
        plan.tasks[whole].pattern = TeamPattern.allCases[choices.below(4, .teams)]
        if choices.below(3, .teams) == 2 { plan.tasks[whole].aggregation = .synthesis }
        plan.tasks[whole].needsApproval = false
        let earlier = Set(Self.taskIDs.prefix(first))
        plan.tasks[whole].dependencies.removeAll { !earlier.contains($0) }
        for part in first...last {
            plan.tasks[part].partOf = plan.tasks[whole].id
            if choices.below(3, .teams) == 2 { plan.tasks[part].strict = true }
        }
        let unfolded = plan.unfolded
        return PlanGraph(unfolded.tasks).cycle() == nil ? unfolded : plan.withoutPatterns
    }

    // In some plans one of the agents breaks a task down, and says how what is blocked goes on.
    private static func withManager(_ plan: Plan, _ choices: inout Choices) -> Plan {
        guard choices.chance(200, .managers), plan.tasks.allSatisfy({ $0.pattern == nil }) else { return plan }
        var plan = plan
        let whole = choices.below(plan.tasks.count, .managers)
        plan.tasks[whole].pattern = .hierarchical
        plan.tasks[whole].manager = plan.agents[choices.below(plan.agents.count, .managers)].id
        (plan.tasks[whole].isMeeting, plan.tasks[whole].attendees) = (false, [])
        plan.tasks[whole].requiredSkills = SkillLevels()
        plan.tasks[whole].fallback = nil
        plan.tasks[whole].needsApproval = false
        Self.letReport(&plan, &choices)
        return plan.unfolded
    }

    // Who thinks may ask the manager in the midst of its work; where nobody does, all begin to in some plans.
    private static func letReport(_ plan: inout Plan, _ choices: inout Choices) {
        let isThought = plan.agents.contains { $0.kind == .model }
        if !isThought, choices.below(3, .managers) > 0 {
            for offset in plan.agents.indices where plan.agents[offset].kind == .function {
                plan.agents[offset].type = "model"
                plan.agents[offset].model = Ledger.models[0]
                plan.agents[offset].tools = [Ledger.tool]
            }
        }
        for offset in plan.agents.indices where plan.agents[offset].kind == .model {
            if choices.below(3, .managers) > 0 { plan.agents[offset].tools.append(Ledger.blockerTool) }
        }
    }

    // In some plans an agent or a task may be worked on for so long.
    private static func limitTime(_ plan: inout Plan, _ choices: inout Choices) {
        guard choices.chance(150, .models) else { return }
        let (agent, task) = (choices.below(plan.agents.count, .models), choices.below(plan.tasks.count, .models))
        let which = choices.below(3, .models)
        let limit = Duration.seconds(1 + choices.below(100, .models))
        if which != 1 { plan.agents[agent].budget.workTime = limit }
        if which != 0 { plan.tasks[task].budget.workTime = limit }
        let atLimit = Plan.Budget.Limit.allCases[choices.below(3, .models)]
        if which != 1 { plan.agents[agent].budget.atLimit = atLimit }
        if which != 0 { plan.tasks[task].budget.atLimit = atLimit }
    }

    // Where agents think, money may be short: for the run, for one of them, or for a task.
    private static func limit(_ plan: inout Plan, _ choices: inout Choices) {
        guard plan.agents.contains(where: { $0.kind == .model }), choices.chance(600, .budgets) else { return }
        for offset in plan.agents.indices where plan.agents[offset].kind == .model {
            plan.agents[offset].maxTokens = 1 + choices.below(2000, .budgets)
        }
        plan.budget = Self.budget(&choices)
        if choices.chance(300, .budgets) {
            plan.agents[choices.below(plan.agents.count, .budgets)].budget = Self.budget(&choices)
        }
        if choices.chance(300, .budgets) {
            plan.tasks[choices.below(plan.tasks.count, .budgets)].budget = Self.budget(&choices)
        }
    }

    /// All its agents think, as long as they like, and nothing but that sum of money ends it.
    static func bind(_ plan: inout Plan, to money: Money) {
        for offset in plan.agents.indices {
            plan.agents[offset].budget = Plan.Budget()
            if plan.agents[offset].kind == .function { plan.agents[offset].type = "model" }
            guard plan.agents[offset].kind == .model else { continue }
            plan.agents[offset].model = plan.agents[offset].model ?? Ledger.models[0]
            plan.agents[offset].maxTokens = plan.agents[offset].maxTokens ?? 2000
        }
        for offset in plan.tasks.indices { plan.tasks[offset].budget = Plan.Budget() }
        plan.budget = Plan.Budget()
        (plan.budget.money, plan.budget.atLimit) = (money, .stop)
    }

    // From less than one question to many.
    private static func budget(_ choices: inout Choices) -> Plan.Budget {
        var budget = Plan.Budget()
        switch choices.below(4, .budgets) {
        case 0, 1: budget.money = Money(microUSD: Int64(5000 + choices.below(495_000, .budgets)))
        case 2: budget.tokens = Int64(choices.below(200_000, .budgets))
        default: budget.calls = Int64(choices.below(20, .budgets))
        }
        budget.atLimit = Plan.Budget.Limit.allCases[choices.below(3, .budgets)]
        return budget
    }

    // Few agents, if any, have the most of one skill; of the other more or fewer have enough.
    private static func skills(_ choices: inout Choices) -> SkillLevels {
        guard choices.below(2, .plan) == 1 else { return ["writing": Self.levels[1 + choices.below(10, .plan)]] }
        return ["writing": Self.levels[10], "testing": Self.levels[4 + 2 * choices.below(4, .plan)]]
    }

    // In some plans tasks name those that come after them: later ones, so that nothing waits for itself.
    private static func linked(_ tasks: [TaskSpec], _ choices: inout Choices) -> [TaskSpec] {
        guard tasks.count > 1, choices.chance(250, .links) else { return tasks }
        var tasks = tasks
        for offset in tasks.indices.dropLast() where choices.chance(300, .links) {
            tasks[offset].followUps = [Self.taskIDs[choices.between(offset + 1, tasks.count, .links)]]
        }
        return tasks
    }

    /// A task that needs nothing, and comes before another one.
    static func task(_ index: Int, followedBy other: TaskID) -> TaskSpec {
        var task = TaskSpec(id: Self.taskIDs[index], description: "work")
        task.type = "work"
        task.followUps = [other]
        return task
    }

    /// A task that may need any of the `count` tasks before it.
    static func task(
        _ index: Int,
        before count: Int,
        _ agents: [AgentProfile],
        _ choices: inout Choices,
        skilled: Int = 150
    ) -> TaskSpec {
        var task = TaskSpec(id: Self.taskIDs[index], description: "work")
        for _ in 0..<choices.below(min(4, count + 1), .plan) {
            let other = Self.taskIDs[choices.below(count, .plan)]
            if !task.dependencies.contains(other), other != task.id { task.dependencies.append(other) }
        }
        // Without a type the first word of the description is one, and that has to be found each time.
        task.type = "work"
        task.priority = 1 + choices.below(5, .plan)
        task.strict = choices.chance(40, .plan)
        task.onDependencyFailure = [.skip, .skip, .run, .fail][choices.below(4, .plan)]
        if choices.chance(skilled, .plan) {
            task.requiredSkills = Self.skills(&choices)
        }
        if choices.chance(150, .plan) { task.assignedAgent = agents[choices.below(agents.count, .plan)].id }
        if choices.chance(100, .plan), agents.count > 1 {
            task.isMeeting = true
            task.attendees = agents.lazy.filter { $0.kind != .conductor }.prefix(2).map(\.id.text)
            // Whatever anybody brings are minutes here.
            task.produces = [:]
        }
        if choices.chance(100, .plan) { task.repeatable = choices.below(2, .plan) == 1 }
        if choices.chance(80, .plan) { task.timeout = .seconds(5 + choices.below(60, .plan)) }
        if choices.chance(80, .plan) { task.needsApproval = true }
        if choices.chance(60, .plan) { task.answerWithin = .seconds(10 + choices.below(400, .plan)) }
        if choices.chance(60, .plan) { task.ifUnanswered = .skip }
        if choices.chance(60, .plan) { task.retryDelay = .seconds(choices.below(40, .plan)) }
        if task.attendees.isEmpty, choices.chance(150, .loops) {
            var fallback = TaskFallback()
            fallback.assignedAgent = agents[choices.below(agents.count, .loops)].id
            task.fallback = fallback
        }
        return task
    }
}

extension Plan {
    fileprivate var withoutPatterns: Plan {
        var plan = self
        for offset in plan.tasks.indices { (plan.tasks[offset].pattern, plan.tasks[offset].partOf) = (nil, nil) }
        return plan
    }
}
