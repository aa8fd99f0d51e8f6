import Testing

@testable import BatonCore

/// What agents declare to be able to do, held against what tasks give them.
@Suite struct CapabilityCheckTests {
    private static func codes(_ input: JSON, _ others: [Capability] = []) -> [String] {
        var research = Capability("web_search")
        research.inputTypes = ["query", "max_results?"]
        var agent = AgentProfile(id: "ann")
        agent.capabilities = [research]
        var other = AgentProfile(id: "bob")
        other.capabilities = others
        var task = TaskSpec(id: "a")
        task.agentType = "web_search"
        task.input = input
        let plan = Plan(id: "p", agents: [agent, other], tasks: [task])
        return PlanCheck.diagnostics(of: plan).map(\.code)
    }

    @Test func `an input that lacks what a capability wants is named`() {
        #expect(Self.codes(.null) == ["plan.capability_input"])
        #expect(Self.codes(["max_results": 3]) == ["plan.capability_input"])
        #expect(Self.codes(["query": "swift"]).isEmpty)
    }

    @Test func `an input that another task gives, or that somebody else takes, is not`() {
        #expect(!Self.codes("{{tasks.z.output}}").contains("plan.capability_input"))
        #expect(Self.codes(.null, ["web_search"]).isEmpty)
    }
}
