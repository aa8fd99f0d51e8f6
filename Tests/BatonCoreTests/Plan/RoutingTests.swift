import Testing

@testable import BatonCore

/// Tasks that name nobody, sent to whoever declares what they are about.
@Suite struct RoutingTests {
    private static func agent(_ id: AgentID, _ capabilities: Capability...) -> AgentProfile {
        var agent = AgentProfile(id: id)
        (agent.capabilities, agent.command) = (capabilities, ["true"])
        return agent
    }

    private static func capability(_ name: String, wants keys: [String] = [], cost: Money? = nil) -> Capability {
        var capability = Capability(name)
        (capability.inputTypes, capability.costEstimate) = (keys, cost)
        capability.estimatedTime = .seconds(36)
        return capability
    }

    private static let team = [
        Self.agent("ann", Self.capability("search", wants: ["query", "limit?"]), Self.capability("verify_fact")),
        Self.agent("bob", Self.capability("deep_search", wants: ["query", "depth"]), Self.capability("write")),
        Self.agent("cyd"),
    ]

    private static func wanted(_ description: String, _ input: JSON = .null) -> String? {
        var task = TaskSpec(id: "a", description: description)
        task.input = input
        return Plan(id: "p", agents: Self.team, tasks: [task]).unfolded.tasks[0].agentType
    }

    @Test func `a task without type or agent goes to who declares what its input is for, or what its words begin with`()
    {
        #expect(Self.wanted("Find out.", ["query": "tea"]) == "search")
        // The one that wants more of what there is.
        #expect(Self.wanted("Find out.", ["query": "tea", "depth": 3]) == "deep_search")
        #expect(Self.wanted("Verify fact: tea is hot.") == "verify_fact")
        #expect(Self.wanted("write: a poem") == "write")
        #expect(Self.wanted("Rewrite it.") == nil && Self.wanted("Please write it.") == nil && Self.wanted("") == nil)
        #expect(Self.wanted("Find out.", ["other": 1]) == nil)
        // Who lacks something of its input could not begin.
        #expect(Self.wanted("Search for tea.") == nil)
    }

    @Test func `what the plan says of who does it is left as it is`() {
        let task = TaskSpec(id: "a", description: "Write it.")
        let changes: [(inout TaskSpec) -> Void] = [
            { $0.assignedAgent = "cyd" }, { $0.type = "prose" }, { $0.requiredSkills = ["prose": 3] },
            { $0.agentType = "search" }, { $0.attendees = ["cyd"] },
        ]
        for change in changes {
            var changed = task
            change(&changed)
            let routed = Plan(id: "p", agents: Self.team, tasks: [changed]).unfolded.tasks[0]
            #expect(routed.agentType == changed.agentType && routed.assignedAgent == changed.assignedAgent)
        }
        // Of voters no two should be the same.
        var vote = TaskSpec(id: "v", description: "Write it.")
        vote.pattern = .consensus
        vote.subtasks = [task, TaskSpec(id: "b", description: "Write it.")]
        #expect(Plan(id: "p", agents: Self.team, tasks: [vote]).unfolded.tasks.allSatisfy { $0.agentType == nil })
    }

    @Test func `what an agent declares of time is the estimate, unless the plan has its own`() {
        var tasks = ["Write it.", "Do it."].enumerated().map { TaskSpec(id: TaskID("t\($0)"), description: $1) }
        tasks.append(TaskSpec(id: "own", description: "Write it."))
        tasks[2].estimatedHours = 2
        let plan = Plan(id: "p", agents: Self.team, tasks: tasks).unfolded
        #expect(plan.tasks.map(\.estimatedHours) == [0.01, 1, 2])
        #expect(plan.routed == plan)
    }

    @Test func `what agents declare of money is in what a plan will cost`() {
        let paid = Self.capability("print", cost: Money(microUSD: 20_000))
        let dear = Self.capability("print", cost: Money(microUSD: 50_000))
        let tasks = [TaskSpec(id: "a", description: "Print it."), TaskSpec(id: "b", description: "Think.")]
        var plan = Plan(id: "p", agents: [Self.agent("x", paid), Self.agent("y", dear)], tasks: tasks).unfolded
        #expect(
            CostEstimate(of: plan, .none).words
                == "models and agents with a cost_estimate will cost about 0.02 to 0.05 USD for 1 task"
        )
        plan.agents[0].capabilities[0].costEstimate = nil
        #expect(CostEstimate(of: plan, .none).low == .zero)
        // Of a model without a price nothing is known, which is not the same as nothing.
        var model = AgentProfile(id: "m")
        model.model = "lab/m"
        #expect(
            CostEstimate(of: Plan(id: "p", agents: [model], tasks: [TaskSpec(id: "a")]), .none).words
                == "what models will cost for 1 task is not known: of lab/m nobody knows the price"
        )
    }
}
