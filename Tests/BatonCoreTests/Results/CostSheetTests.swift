import BatonCore
import BatonTestKit
import Testing

/// What the models of a run cost, by its journal.
@Suite struct CostSheetTests {
    private static func usage(_ microUSD: Int64, isUnpriced: Bool = false) -> Usage {
        var usage = Usage()
        usage.tokenKinds = Usage.TokenKinds()
        usage.tokenKinds?.input = 10
        usage.tokens = 10
        usage.money = Money(microUSD: microUSD)
        usage.isUnpriced = isUnpriced
        return usage
    }

    private static let busy = Failure(.transient, "test.busy", "busy", remedy: "none")

    /// A run of one agent with two models, asked so.
    private static func sheet(_ events: [Event]) throws -> CostSheet {
        var agent = AgentProfile(id: "ada")
        (agent.model, agent.fallbackModels) = ("gpt-5", ["claude-opus-5"])
        let plan = Plan(id: "p", agents: [agent], tasks: [TaskSpec(id: "a")])
        let seed = RunSeed(run: "r", plan: plan, stored: .zero, seed: 1, mode: .real, engine: "0")
        let started = Event.attemptStarted(
            TaskIndex(0),
            attempt: 1,
            Assignment(lead: AgentIndex(0), agents: [AgentIndex(0)])
        )
        let facts = ([.created(seed), started] + events).enumerated().map { place, event in
            Recorded(position: Position(Int64(place) + 1), at: .zero, by: .engine, event: event)
        }
        return CostSheet(try #require(Run(facts[0])), facts)
    }

    private static func key(_ step: Int32, _ delivery: Int32 = 1) -> StepKey {
        StepKey(task: TaskIndex(0), attempt: 1, step: step, delivery: delivery)
    }

    private static let first = StepRequest.model(ModelCall(choice: 0, told: 0))

    @Test func `failures, other models and lost questions are told apart`() throws {
        let reply = Reply(model: "anthropic/claude-opus-5", text: .inline("x"), stop: .end)
        let sheet = try Self.sheet([
            .stepOwed(Self.key(1), Self.first), .stepOwed(Self.key(1, 2), Self.first),
            .stepReturned(Self.key(1, 2), .failed(Self.busy, Self.usage(5))),
            .stepOwed(Self.key(2), .model(ModelCall(choice: 1, told: 0))),
            .stepReturned(Self.key(2), .replied(reply, Self.usage(7, isUnpriced: true))),
        ])
        #expect(sheet.total.calls == 3)
        #expect(sheet.total.lost == 1)
        #expect(sheet.total.failures == 1)
        #expect(sheet.total.unpriced == 1)
        #expect(sheet.total.usage.money == Money(microUSD: 12))
        let models = sheet.json["models"]
        #expect(models?[0]?["model"] == "openai/gpt-5")
        #expect(models?[0]?["money_usd"] == 0.000005)
        #expect(models?[1]?["model"] == "anthropic/claude-opus-5")
        #expect(sheet.json["agents"]?.elements?.count == 1)
        #expect(sheet.json["agents"]?[0]?["calls"] == 3)
        #expect(sheet.json["tasks"]?[0]?["lost"] == 1)
    }

    @Test func `what is still on its way is told apart, and has cost nothing yet`() throws {
        let sheet = try Self.sheet([.stepOwed(Self.key(1), Self.first)])
        #expect(sheet.total.calls == 1 && sheet.total.open == 1)
        #expect(sheet.total.usage.money == .zero)
    }

    @Test func `under a budget a lost question costs all that was set aside for it`() throws {
        let reserved = Spend(money: Money(microUSD: 70), tokens: 30, calls: 1)
        let call = StepRequest.model(ModelCall(choice: 0, told: 0, reserved: reserved))
        let sheet = try Self.sheet([.stepOwed(Self.key(1), call), .stepLost(Self.key(1))])
        #expect(sheet.total.lost == 1)
        #expect(sheet.total.usage.money == Money(microUSD: 70))
    }

    @Test func `a fork counts its own questions only`() throws {
        let plan = Plan(id: "p", agents: [AgentProfile(id: "ada")], tasks: [TaskSpec(id: "a")])
        let seed = RunSeed(run: "fork", plan: plan, stored: .zero, seed: 1, mode: .real, engine: "0")
        let sheet = try Self.sheet([
            .stepOwed(Self.key(1), Self.first), .stepReturned(Self.key(1), .failed(Self.busy, Self.usage(5))),
            .stepOwed(Self.key(2), Self.first), .forked(seed, from: "r", at: Position(5)),
        ])
        #expect(sheet.total == CostSheet.Line())
        #expect(sheet.json["tasks"] == .array([]))
    }
}
