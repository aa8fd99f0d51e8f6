import BatonCore
import Testing

/// Words about patterns that change nothing, and patterns that their parts contradict.
@Suite struct PatternCheckTests {
    private static func findings(_ pattern: TeamPattern?, _ change: (inout TaskSpec) -> Void) -> [String] {
        var whole = TaskSpec(id: "p")
        whole.pattern = pattern
        whole.subtasks = pattern == nil ? [] : [TaskSpec(id: "x"), TaskSpec(id: "y")]
        change(&whole)
        let agents = ["ann", "bob"].map { AgentProfile(id: AgentID($0)) }
        let plan = Plan(id: "x", agents: agents, tasks: [whole])
        let found = PlanCheck.diagnostics(of: plan)
        // What has been unfolded is checked again when a run begins.
        let again = PlanCheck.diagnostics(of: plan.unfolded).filter { $0.severity == .error }
        return (found + again).map { "\($0.severity.rawValue)[\($0.code)] \($0.path)" }
    }

    @Test(arguments: TeamPattern.allCases.filter { $0 != .meeting })
    func `a pattern with its parts is in order`(_ pattern: TeamPattern) {
        #expect(Self.findings(pattern) { _ in } == [])
    }

    @Test func `parts that wait for one another contradict that all begin at once`() {
        let found = Self.findings(.parallel) { $0.subtasks[1].input = "{{tasks.x.output}}" }
        #expect(found == ["warning[plan.pattern_choice] tasks[0].pattern"])
        #expect(Self.findings(.hierarchical) { $0.subtasks[1].dependencies = ["x"] } == [])
    }

    @Test func `one agent that is asked twice proves little`() {
        let found = Self.findings(.consensus) { ($0.subtasks, $0.voters) = ([], ["ann", "ann"]) }
        #expect(found == ["warning[plan.pattern_choice] tasks[0].pattern"])
    }

    @Test func `votes of language models in prose want a judge or a form`() {
        var agents = ["ann", "bob"].map { AgentProfile(id: AgentID($0)) }
        for offset in agents.indices { agents[offset].model = "ollama/m" }
        var task = TaskSpec(id: "v", description: "Which?")
        (task.pattern, task.voters) = (.consensus, ["ann", "bob"])
        let found = { (task: TaskSpec) in
            PlanCheck.diagnostics(of: Plan(id: "x", agents: agents, tasks: [task])).filter {
                $0.message.contains("are prose")
            }.count
        }
        #expect(found(task) == 1)
        task.judge = "ann"
        #expect(found(task) == 0)
        (task.judge, task.produces) = (nil, ["enum": ["yes", "no"]])
        #expect(found(task) == 0)
        agents[0].model = nil
        task.produces = nil
        #expect(found(task) == 0)
    }

    @Test func `words for another pattern, or for none, are warned of`() {
        #expect(Self.findings(nil) { $0.minAgreement = 0.5 } == ["warning[plan.no_effect] tasks[0].min_agreement"])
        #expect(Self.findings(.parallel) { $0.judge = "ann" } == ["warning[plan.no_effect] tasks[0].judge"])
        #expect(
            Self.findings(.sequential) { $0.aggregation = .merge } == ["warning[plan.no_effect] tasks[0].aggregation"]
        )
        #expect(
            Self.findings(.consensus) { $0.voters = ["ann", "bob"] } == ["warning[plan.no_effect] tasks[0].voters"]
        )
        #expect(Self.findings(.hierarchical) { ($0.aggregation, $0.minAgreement) = (.vote, 0.5) } == [])
    }

    @Test func `who does a pattern is said of its parts, but for a synthesis`() {
        #expect(
            Self.findings(.parallel) { $0.assignedAgent = "ann" } == ["warning[plan.no_effect] tasks[0].assigned_agent"]
        )
        #expect(Self.findings(.hierarchical) { ($0.assignedAgent, $0.aggregation) = ("ann", .synthesis) } == [])
        let early = Self.findings(.parallel) { $0.needsApproval = true }
        #expect(Set(early) == ["error[plan.pattern] tasks[0].needs_approval"])
    }

    @Test func `more rounds than there may be are refused, and not made before that`() {
        let found = Self.findings(.parallel) { ($0.subtasks, $0.voters, $0.rounds) = ([], ["ann", "bob"], .max) }
        #expect(!found.contains { $0.contains("limit.edges") })
        var plan = Plan(id: "x", agents: [AgentProfile(id: "ann")], tasks: [TaskSpec(id: "p")])
        plan.tasks[0].rounds = 100_000
        #expect(PlanRanges.diagnostics(of: plan).map(\.code) == ["plan.range"])
    }

    @Test func `rounds without a pattern, an unknown manager and a skill that nobody has are found`() {
        #expect(Self.findings(nil) { $0.rounds = 3 } == ["warning[plan.no_effect] tasks[0].rounds"])
        #expect(
            Self.findings(.hierarchical) { $0.manager = "zed" }.first == "error[plan.unknown_agent] tasks[0].manager"
        )
        let weighed = Self.findings(.consensus) { $0.weightedBy = "taste" }
        #expect(weighed.first == "error[plan.pattern] tasks[0].weighted_by", "\(weighed)")
        #expect(Self.findings(.parallel) { $0.stopsEarly = true } == ["warning[plan.no_effect] tasks[0].early_stop"])
    }
}
