import BatonTestKit
import Foundation
import Testing

@testable import BatonCore

/// The agents that every Baton has.
@Suite struct BuiltInProfileTests {
    @Test func `every built-in type has a profile whose tools, phases and form are real`() throws {
        #expect(BuiltInProfile.all.map(\.type) == AgentProfile.builtInTypes)
        for profile in BuiltInProfile.all {
            #expect(!profile.text.isEmpty && !profile.occupation.isEmpty)
            for tool in profile.tools { #expect(BuiltInTool.named(tool) != nil, "\(profile.type) \(tool)") }
            if let form = profile.produces { _ = try JSONSchema(form) }
            #expect(profile.phases.isEmpty || profile.tools.contains(WorkPhase.tool))
        }
    }

    @Test(arguments: BuiltInProfile.all.map(\.type))
    func `the text of a profile is the file that people read`(type: String) throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../../..")
        let profile = try #require(BuiltInProfile.named(type))
        let text = try String(contentsOf: root.appending(path: profile.path), encoding: .utf8)
        #expect(profile.text == text.trimmingCharacters(in: .newlines), "run scripts/embed-profiles")
    }

    @Test func `a task that asks for a built-in type needs no line of plan`() {
        var task = TaskSpec(id: "find")
        task.agentType = "knowledge"
        task.input = ["question": "why?"]
        var plan = Plan(id: "p", agents: [], tasks: [task])
        plan.defaults.model = "ollama/m"
        #expect(PlanCheck.diagnostics(of: plan).filter { $0.severity == .error }.map(\.code) == [])
        let agent = plan.unfolded.agents[0]
        #expect(agent.id == "knowledge" && agent.model == "ollama/m" && agent.kind == .model)
        #expect(agent.capabilities.map(\.name) == ["web_search", "research_question", "verify_fact"])
        #expect(agent.tools.contains("fetch_url") && !agent.tools.contains("web_search"))
        #expect(plan.unfolded.unfolded == plan.unfolded)
    }

    @Test func `what the plan says of a built-in agent goes before its profile`() {
        var agent = AgentProfile(id: "ann")
        (agent.type, agent.model, agent.tools, agent.occupation) = ("review", "ollama/m", ["read_file"], "critic")
        let own = Plan(id: "p", agents: [agent], tasks: [TaskSpec(id: "a")]).unfolded.agents[0]
        #expect(own.tools == ["read_file"] && own.occupation == "critic")
        #expect(own.produces?["required"] == ["findings", "verdict"])
        #expect(own.instructionFiles.map(\.path) == ["Profiles/review.md"])
    }

    @Test func `one without a model is named, and a function may be it`() {
        var agent = AgentProfile(id: "ann")
        agent.type = "review"
        let plan = Plan(id: "p", agents: [agent], tasks: [TaskSpec(id: "a")])
        let found = PlanCheck.diagnostics(of: plan)
        #expect(found.map(\.code) == ["plan.not_yet"])
        #expect(found[0].message == "agent ann is of the built-in type review and has no model")
        #expect(plan.unfolded == plan)
    }
}
