import BatonCore
import Testing

/// What a plan may say, and nothing follows from it.
@Suite struct UnplayedPartsTests {
    private static func findings(_ model: String, _ temperature: Double?) -> [String] {
        var agent = AgentProfile(id: "ada")
        (agent.model, agent.temperature) = (model, temperature)
        return UnplayedParts.diagnostics(of: Plan(id: "p", agents: [agent], tasks: [])).map(\.message)
    }

    @Test func `a temperature is said to have no effect where the provider takes none`() {
        let said = Self.findings("claude-sonnet-5", 0.5)
        #expect(said.count == 1)
        #expect(
            said.first?.hasSuffix("temperature is read and has no effect with models of anthropic, which take none")
                == true
        )
        #expect(Self.findings("claude-sonnet-5", nil).isEmpty)
        #expect(Self.findings("gpt-5", 0.5).isEmpty)
    }

    @Test func `a model of nobody is not played`() {
        #expect(Self.findings("nobody/m", nil).first?.contains("asks nobody/m, of no known provider") == true)
    }
}
