import BatonCore
import Testing

@testable import BatonEngine

/// What a team brings along when one of it is asked without a plan.
@Suite struct AskTeamTests {
    @Test func `where its tools may go, its servers and its models hold for what is asked`() throws {
        var agent = AgentProfile(id: "ada")
        (agent.model, agent.tools) = ("ollama/m", ["docs/*", "fetch_url"])
        var team = Plan(id: "team", agents: [agent], tasks: [])
        var server = ToolServer(name: "docs")
        server.command = ["serve"]
        team.toolServers = [server]
        team.web.hosts = ["docs.example"]
        team.modelTiers = [Plan.ModelTier("simple", ["ollama/small"])]
        let plan = try Ask(words: "hello", whom: .agent("ada")).plan(among: team)
        #expect(plan.toolServers == [server] && plan.web.hosts == ["docs.example"])
        #expect(plan.tier(named: "simple")?.models == ["ollama/small"])
    }

    @Test func `a file of a team may say all that holds for it`() throws {
        let web: JSON = ["hosts": ["a.example"]]
        let form = Ask.form { $0 == "web" ? web : $0 == "agents" ? [["agent_id": "ada", "model": "ollama/m"]] : nil }
        #expect(try PlanDecoder.checked(form).web.hosts == ["a.example"])
    }
}
