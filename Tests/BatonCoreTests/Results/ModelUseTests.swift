import Testing

@testable import BatonCore

/// Which models a task has asked, and why these.
@Suite struct ModelUseTests {
    // A question may cost about 0.004 USD to read and write for the first model, a tenth of that for the second.
    private static let prices = PriceTable(
        stored: [
            "lab/m": [1_000_000, 10_000_000, 100_000, 1_000_000], "lab/n": [100_000, 1_000_000, 10_000, 100_000],
        ]
    )

    private static func scene(_ change: (inout Plan) -> Void = { _ in }) throws -> RunScene {
        var agent = AgentProfile(id: "a")
        (agent.model, agent.fallbackModels, agent.tools) = ("lab/m", ["lab/n"], ["read_file"])
        agent.maxTokens = 100
        var plan = Plan(id: "p", agents: [agent], tasks: [TaskSpec(id: "t")])
        change(&plan)
        var scene = try RunScene(plan, prices: try #require(Self.prices))
        try scene.when(.slots(9))
        return scene
    }

    private static func calling(_ tool: String) -> StepResult {
        let call = ToolCall(id: "c", tool: tool, input: .inline([:]))
        let reply = Reply(model: "lab/m", text: .inline("I look."), calls: [call], stop: .tools)
        var usage = Usage()
        (usage.money, usage.tokens) = (Money(microUSD: 4000), 30)
        usage.tokenKinds = Usage.TokenKinds()
        usage.tokenKinds?.input = 30
        return .replied(reply, usage)
    }

    private static let failed = StepResult.failed(Failure(.permanent, "test.broken", "no", remedy: "none"), .none)

    private static func uses(_ scene: RunScene) throws -> [ModelUse] {
        try #require(Inquiry(scene.facts, about: "t")).models
    }

    @Test func `after a model that failed the next one is asked, and why says so`() throws {
        var scene = try Self.scene()
        try scene.when(.returned(scene.key("t"), Self.failed))
        #expect(
            try Self.uses(scene) == [
                ModelUse(model: "lab/m", reason: .agent), ModelUse(model: "lab/n", reason: .failure),
            ]
        )
    }

    @Test func `for want of money the cheaper one is asked, and why says so`() throws {
        let scene = try Self.scene {
            $0.tasks[0].budget.money = Money(microUSD: 400)
            $0.tasks[0].budget.atLimit = .cheaper
        }
        #expect(try Self.uses(scene) == [ModelUse(model: "lab/n", reason: .price)])
    }

    @Test func `a tool that failed is no reason for another model`() throws {
        var scene = try Self.scene {
            $0.tasks[0].budget.money = Money(microUSD: 5000)
            $0.tasks[0].budget.atLimit = .cheaper
        }
        try scene.when(.returned(scene.key("t"), Self.calling("read_file")))
        try scene.when(.returned(scene.key("t"), Self.failed))
        #expect(
            try Self.uses(scene) == [
                ModelUse(model: "lab/m", reason: .agent), ModelUse(model: "lab/n", reason: .price),
            ]
        )
    }

    @Test func `the task's own model and that of its complexity are reasons too`() throws {
        #expect(
            try Self.uses(Self.scene { $0.tasks[0].model = "lab/n" }) == [ModelUse(model: "lab/n", reason: .task)]
        )
        let tiers = try Self.scene {
            $0.modelTiers = [Plan.ModelTier("deep", ["lab/n"])]
            $0.tasks[0].complexity = "deep"
        }
        #expect(try Self.uses(tiers) == [ModelUse(model: "lab/n", reason: .tier("deep"))])
    }
}
