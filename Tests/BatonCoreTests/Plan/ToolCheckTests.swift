import BatonCore
import Testing

/// Words about tools and tiers that change nothing, or that nobody could follow.
@Suite struct ToolCheckTests {
    private static func findings(_ change: (inout Plan) -> Void) -> [String] {
        var agent = AgentProfile(id: "ada")
        agent.model = "ollama/m"
        agent.tools = ["read_file"]
        var task = TaskSpec(id: "a")
        task.assignedAgent = "ada"
        var plan = Plan(id: "x", agents: [agent], tasks: [task])
        change(&plan)
        return PlanCheck.diagnostics(of: plan).map { "\($0.severity.rawValue)[\($0.code)] \($0.path): \($0.message)" }
    }

    @Test func `what an agent has is in order`() { #expect(Self.findings { _ in } == []) }

    @Test func `a yes that is not needed for a tool that is not there is a warning`() {
        #expect(
            Self.findings { $0.agents[0].approvedTools = ["write_file"] } == [
                "warning[plan.no_effect] agents[0].approved_tools[0]: agent ada needs no yes for write_file, which it has not"
            ]
        )
    }

    @Test func `a tool of a task that its agent has not is a warning`() {
        #expect(
            Self.findings { $0.tasks[0].tools = ["read_file", "fetch_url"] } == [
                "warning[plan.no_effect] tasks[0].tools[1]: task a names the tool fetch_url, which its agent ada has not"
            ]
        )
    }

    @Test func `a search of the web that is nowhere is a warning`() {
        let found = Self.findings { $0.agents[0].tools = ["web_search"] }
        #expect(found.count == 1 && found[0].contains("nothing says where the web is searched"))
    }

    @Test func `a tier without a model is refused`() {
        let found = Self.findings { $0.modelTiers = [Plan.ModelTier("hard", [])] }
        #expect(found == ["error[plan.unknown_tier] model_tiers.hard: model_tiers has no model for hard"])
    }

    @Test func `a provider that is mistyped is told with the nearest`() {
        var plan = Plan(id: "x", agents: [AgentProfile(id: "ada")], tasks: [TaskSpec(id: "a")])
        plan.agents[0].model = "antropic/claude-haiku-4-5"
        let finding = PlanCheck.diagnostics(of: plan).first
        #expect(finding?.remedy.hasPrefix("did you mean anthropic? write PROVIDER/MODEL") == true)
    }
}
