import BatonCore
import Testing

/// Patterns become tasks that wait for one another.
@Suite struct PlanUnfoldingTests {
    private static func plan(_ change: (inout TaskSpec) -> Void) -> Plan {
        var agents = ["ann", "bob", "cyd"].map { AgentProfile(id: AgentID($0)) }
        for offset in agents.indices { agents[offset].capabilities = ["knowledge"] }
        agents[2].priority = 9
        var whole = TaskSpec(id: "p", description: "Which?", dependencies: ["first"])
        change(&whole)
        return Plan(id: "x", agents: agents, tasks: [TaskSpec(id: "first"), whole])
    }

    private static let parts = ["p.1", "p.2", "p.3"].map { TaskSpec(id: TaskID($0)) }

    private func needs(_ plan: Plan) -> [String: [String]] {
        Dictionary(uniqueKeysWithValues: plan.tasks.map { ($0.id.text, $0.dependencies.map(\.text)) })
    }

    @Test func `steps of a sequence wait for those before them, and the first for what the sequence needs`() {
        let unfolded = Self.plan {
            $0.pattern = .sequential
            $0.subtasks = Self.parts
        }.unfolded
        #expect(unfolded.tasks.map(\.id) == ["first", "p", "p.1", "p.2", "p.3"])
        let needs = self.needs(unfolded)
        #expect(needs["p.1"] == ["first"])
        #expect(needs["p.2"] == ["p.1"])
        #expect(needs["p.3"] == ["p.1", "p.2"])
        #expect(needs["p"] == ["first", "p.1", "p.2", "p.3"])
        #expect(unfolded.tasks[1].assignedAgent == "baton")
        #expect(unfolded.agents.last?.kind == .conductor)
    }

    @Test
    func `parts at once wait for what the pattern needs, and those of a hierarchy for one another where they say so`() {
        let unfolded = Self.plan {
            $0.pattern = .hierarchical
            $0.subtasks = Self.parts
            $0.subtasks[2].dependencies = ["p.1"]
        }.unfolded
        let needs = self.needs(unfolded)
        #expect(needs["p.1"] == ["first"] && needs["p.2"] == ["first"])
        #expect(needs["p.3"] == ["p.1"])
    }

    @Test func `one type named three times is three agents where there are as many, the one of highest priority first`()
    {
        let unfolded = Self.plan {
            $0.pattern = .consensus
            $0.voters = ["knowledge", "knowledge", "knowledge", "knowledge", "bob"]
            $0.produces = ["type": "string"]
        }.unfolded
        #expect(unfolded.tasks[2...].map(\.assignedAgent) == ["cyd", "ann", "bob", "cyd", "bob"])
        #expect(unfolded.tasks[2...].allSatisfy { $0.description == "Which?" && $0.produces == ["type": "string"] })
        #expect(unfolded.tasks[1].produces == nil, "the result of the vote has a form of its own")
    }

    @Test func `a judge is asked when all have voted, whatever became of them`() throws {
        let unfolded = Self.plan {
            $0.pattern = .consensus
            $0.voters = ["ann", "bob"]
            $0.judge = "cyd"
        }.unfolded
        let judge = try #require(unfolded.tasks.last)
        #expect(judge.id == "p.judge" && judge.assignedAgent == "cyd")
        #expect(judge.dependencies == ["p.1", "p.2"])
        #expect(judge.onDependencyFailure == .run)
        #expect(judge.produces == ConsensusRule.clusterForm)
        #expect(judge.description.contains("Which?"))
    }

    @Test func `synthesis is the work of the task's own agent, behind its parts`() {
        let unfolded = Self.plan {
            $0.pattern = .hierarchical
            $0.aggregation = .synthesis
            $0.assignedAgent = "ann"
            $0.subtasks = Self.parts
        }.unfolded
        #expect(unfolded.tasks[1].assignedAgent == "ann")
        #expect(!unfolded.agents.contains { $0.kind == .conductor })
    }

    @Test func `patterns nest: what an outer one needs the parts of an inner one wait for`() {
        var plan = Self.plan {
            $0.pattern = .parallel
        }
        var inner = TaskSpec(id: "inner")
        inner.partOf = "p"
        inner.pattern = .sequential
        inner.subtasks = [TaskSpec(id: "i1"), TaskSpec(id: "i2")]
        plan.tasks.append(inner)
        let needs = self.needs(plan.unfolded)
        #expect(needs["p"] == ["first", "inner"])
        #expect(needs["i1"] == ["first"])
        #expect(needs["inner"] == ["first", "i1", "i2"])
    }

    @Test func `parts wait also for what is followed by their pattern`() {
        var plan = Self.plan {
            $0.pattern = .parallel
            $0.subtasks = Self.parts
        }
        plan.tasks.append(TaskSpec(id: "before"))
        plan.tasks[2].followUps = ["p"]
        #expect(self.needs(plan.unfolded)["p.2"] == ["first", "before"])
    }

    @Test(arguments: TeamPattern.allCases) func `what is unfolded stays as it is`(_ pattern: TeamPattern) {
        let once = Self.plan {
            $0.pattern = pattern
            $0.subtasks = Self.parts
            $0.judge = "ann"
        }.unfolded
        #expect(once.unfolded == once)
        #expect(PlanUnfolding(once).plan.agents.count == once.agents.count)
    }

    @Test func `an agent that is called baton keeps its name`() {
        var plan = Self.plan {
            $0.pattern = .parallel
            $0.subtasks = Self.parts
        }
        plan.agents[0].id = "baton"
        #expect(plan.unfolded.agents.map(\.id) == ["baton", "bob", "cyd", "baton-0"])
        #expect(plan.unfolded.tasks[1].assignedAgent == "baton-0")
    }

    @Test func `a finding in a part has the place where the part is written`() {
        let plan = Self.plan {
            $0.pattern = .parallel
            $0.subtasks = Self.parts
            $0.subtasks[1].assignedAgent = "bbo"
        }
        let finding = PlanCheck.diagnostics(of: plan).first { $0.code == "plan.unknown_agent" }
        #expect(finding.map { "\($0.path)" } == "tasks[1].subtasks[1].assigned_agent")
    }
}
