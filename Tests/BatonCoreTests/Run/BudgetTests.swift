import Testing

@testable import BatonCore

/// What a question to a model may cost is set aside before it is asked, and none is asked that does not fit.
@Suite struct BudgetTests {
    // A dollar for a million tokens read, and ten for a million written: a question of these agents may cost about 3,000 to read and
    // 1,000 to write.
    private static let prices = PriceTable(
        stored: [
            "lab/m": [1_000_000, 10_000_000, 100_000, 1_000_000], "lab/n": [100_000, 1_000_000, 10_000, 100_000],
        ]
    )

    private static func scene(
        agents: Int = 1,
        tasks: Int = 1,
        _ change: (inout Plan) -> Void
    ) throws -> RunScene {
        let agents = (0..<agents).map { offset in
            var agent = AgentProfile(id: AgentID("a\(offset)"))
            (agent.model, agent.maxTokens, agent.tools) = ("lab/m", 100, ["read_file"])
            return agent
        }
        var plan = Plan(id: "p", agents: agents, tasks: (0..<tasks).map { TaskSpec(id: TaskID("t\($0)")) })
        change(&plan)
        return try RunScene(plan, prices: try #require(Self.prices))
    }

    private static func usage(_ microUSD: Int64, _ tokens: Int64, isEstimated: Bool = false) -> Usage {
        var usage = Usage()
        (usage.money, usage.tokens) = (Money(microUSD: microUSD), tokens)
        usage.tokenKinds = Usage.TokenKinds()
        usage.tokenKinds?.input = tokens
        usage.tokenKinds?.isEstimated = isEstimated
        return usage
    }

    private static func says(_ words: String, calling tool: String? = nil, _ usage: Usage) -> StepResult {
        let calls = tool.map { [ToolCall(id: "c", tool: $0, input: .inline([:]))] } ?? []
        let stop: Reply.Stop = calls.isEmpty ? .end : .tools
        return .replied(Reply(model: "lab/m", text: .inline(.string(words)), calls: calls, stop: stop), usage)
    }

    private static func reserved(_ scene: RunScene, _ task: TaskID = "t0") -> Spend? {
        guard case .model(let call)? = scene.run.owed[scene.key(task)]?.request else { return nil }
        return call.reserved
    }

    @Test func `a question sets aside what it may cost, and gives back what it did not`() throws {
        var scene = try Self.scene { $0.budget.money = Money(microUSD: 500_000) }
        try scene.when(.slots(9))
        let reserved = try #require(Self.reserved(scene))
        #expect(reserved.tokens > 2100 && reserved.tokens < 3000)
        #expect(reserved.money == Money(microUSD: (reserved.tokens - 100) + 1000))
        #expect(scene.run.account(of: .run).reserved == reserved)
        try scene.when(.returned(scene.key("t0"), Self.says("done", Self.usage(40, 30))))
        #expect(
            scene.run.account(of: .run)
                == BudgetPolicy.Account(spent: Spend(money: Money(microUSD: 40), tokens: 30, calls: 1))
        )
        #expect(scene.end == .completed)
    }

    @Test func `without a budget nothing is set aside`() throws {
        var scene = try Self.scene { _ in }
        try scene.when(.slots(9))
        #expect(Self.reserved(scene) == nil)
        #expect(scene.run.accounts.isEmpty)
    }

    @Test func `who does not fit waits for those that are on their way, and then goes on`() throws {
        var scene = try Self.scene(agents: 2, tasks: 2) { $0.budget.money = Money(microUSD: 4000) }
        #expect(try scene.when(.slots(9)) == ["attempt t0#1 by a0", "owed t0#1.1/1", "attempt t1#1 by a1"])
        #expect(!scene.run.waitsOnlyForPeople)
        try scene.when(.returned(scene.key("t0"), Self.says("done", Self.usage(40, 30))))
        #expect(try scene.when(.slots(9)) == ["owed t1#1.1/1"])
    }

    @Test func `a person is asked once for a budget, whoever waits for it, and the new limit is for all`() throws {
        var scene = try Self.scene(agents: 2, tasks: 2) { $0.budget.calls = 0 }
        let lines = try scene.when(.slots(9))
        #expect(lines == ["attempt t0#1 by a0", "asked q1 budget t0", "attempt t1#1 by a1"])
        #expect(scene.run.waitsOnlyForPeople)
        let question = try #require(scene.run.openQuestions.first)
        #expect(question.text.contains("0 questions of 0 questions are spent"))
        let answer = try scene.run.answer(.words("7", .inline(7)), to: question.id)
        #expect(answer.choice == .raise(7))
        scene.pass(.seconds(90_000))
        // Where no engine is there, nobody would ask.
        #expect(try scene.when(.answer(question.id, answer)) == ["answered q1 raise"])
        #expect(try scene.when(.slots(9)) == ["owed t0#1.1/1", "owed t1#1.1/1"])
        #expect(scene.run.nextWake == scene.now + .seconds(3600), "the time of waiting does not count")
    }

    @Test(arguments: ["0.004", "nothing", "4000 tokens", "0,80", "1,000", "0x10", "1e3", "-5", "inf"])
    func `a new limit that is none is refused`(words: String) throws {
        var scene = try Self.scene { $0.budget.money = Money(microUSD: 4000) }
        scene.foldsAlong = false
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("t0"), Self.says("x", calling: "read_file", Self.usage(2500, 2000))))
        try scene.when(.returned(scene.key("t0"), .done(.inline("y"), .none)))
        let id = try #require(scene.run.openQuestions.first?.id)
        do throws(Refusal) {
            let answer = try scene.run.answer(.words(words, .inline(.string(words))), to: id)
            #expect(scene.refusal(of: .answer(id, answer)) == "question.answer")
        } catch {
            #expect(error.code == "question.answer" && error.remedy.contains("0.004 USD"))
        }
    }

    @Test func `who says fail ends what asked, and all that needs more from then on`() throws {
        var scene = try Self.scene(agents: 2, tasks: 3) { $0.budget.calls = 0 }
        try scene.when(.slots(9))
        let lines = try scene.when(.answer(QuestionID(1), Answer(.fail)))
        #expect(lines == ["answered q1 fail", "end t0 failed person.failed"])
        #expect(try scene.when(.slots(9)).filter { $0.hasSuffix("failed budget.spent") }.count == 2)
        #expect(scene.end == .failed)
    }

    @Test func `who is skipped while it asks leaves the question to the next`() throws {
        var scene = try Self.scene(agents: 2, tasks: 2) { $0.budget.calls = 0 }
        try scene.when(.slots(9))
        #expect(try scene.when(.skip(TaskIndex(0))) == ["end t0 skipped by person"])
        #expect(try scene.when(.slots(9)) == ["asked q2 budget t1"])
        #expect(scene.run.openQuestions.map(\.id) == [QuestionID(2)])
    }

    @Test func `a budget that stops lets the task fail without another attempt`() throws {
        var scene = try Self.scene {
            $0.agents[0].budget.tokens = 100
            $0.agents[0].budget.atLimit = .stop
        }
        #expect(try scene.when(.slots(9)) == ["attempt t0#1 by a0", "end t0 failed budget.spent", "run failed"])
    }

    @Test func `where money is short a cheaper model is asked, and a person where none is cheap enough`() throws {
        let change = { (plan: inout Plan) in
            plan.tasks[0].budget.money = Money(microUSD: 400)
            plan.tasks[0].budget.atLimit = .cheaper
            plan.agents[0].fallbackModels = ["lab/n"]
        }
        var scene = try Self.scene(change)
        try scene.when(.slots(9))
        guard case .model(let call)? = scene.run.owed[scene.key("t0")]?.request else { return #expect(Bool(false)) }
        #expect(call.choice == 1)
        try scene.when(.returned(scene.key("t0"), Self.says("x", calling: "read_file", Self.usage(900, 30))))
        #expect(try scene.when(.returned(scene.key("t0"), .done(.inline("y"), .none))).last == "asked q1 budget t0")
    }

    @Test(arguments: [Usage.none, usage(7, 3)])
    func `what was refused before it was read costs what the provider says`(usage: Usage) throws {
        var scene = try Self.scene { $0.budget.money = Money(microUSD: 500_000) }
        try scene.when(.slots(9))
        let failure = Failure(.permanent, "test.refused", "no", remedy: "none")
        try scene.when(.returned(scene.key("t0"), .failed(failure, usage)))
        #expect(scene.run.account(of: .run).spent.money == usage.money)
    }

    @Test(arguments: [usage(1, 1, isEstimated: true), usage(.max, .max), usage(-5, 3)])
    func `where nobody counted, or counted what cannot be, all that was set aside is spent`(usage: Usage) throws {
        var scene = try Self.scene { $0.budget.money = Money(microUSD: 500_000) }
        try scene.when(.slots(9))
        let reserved = try #require(Self.reserved(scene))
        try scene.when(.returned(scene.key("t0"), Self.says("done", usage)))
        #expect(scene.run.account(of: .run).spent == reserved)
    }

    @Test func `a question that a crash has lost is spent, and asked again only if that fits as well`() throws {
        var scene = try Self.scene { $0.budget.money = Money(microUSD: 8000) }
        try scene.when(.slots(9))
        let reserved = try #require(Self.reserved(scene))
        #expect(try scene.when(.recovered(engine: "next")) == ["recovered", "owed t0#1.1/2"])
        #expect(scene.run.account(of: .run) == BudgetPolicy.Account(spent: reserved, reserved: reserved))
        #expect(try scene.when(.recovered(engine: "third")) == ["recovered", "lost t0#1.1/2", "asked q1 budget t0"])
        #expect(scene.run.account(of: .run).spent == reserved + reserved)
        try scene.when(.answer(QuestionID(1), Answer(.raise(100_000))))
        try scene.when(.slots(9))
        #expect(scene.run.owed.keys.map(\.step) == [2], "it goes on with the same attempt")
    }

    @Test func `a question that was being stopped at a crash is spent`() throws {
        var scene = try Self.scene { $0.budget.money = Money(microUSD: 500_000) }
        try scene.when(.slots(9))
        let reserved = try #require(Self.reserved(scene))
        try scene.when(.pause(now: true))
        try scene.when(.recovered(engine: "next"))
        #expect(scene.run.account(of: .run) == BudgetPolicy.Account(spent: reserved))
    }

    @Test func `what the provider has counted makes the next question tighter`() throws {
        var scene = try Self.scene {
            $0.budget.money = Money(microUSD: 500_000)
            $0.tasks[0].description = String(repeating: "word ", count: 10_000)
        }
        try scene.when(.slots(9))
        #expect(try #require(Self.reserved(scene)).tokens > 50_000)
        try scene.when(.returned(scene.key("t0"), Self.says("x", calling: "read_file", Self.usage(900, 12_000))))
        try scene.when(.returned(scene.key("t0"), .done(.inline(.string(String(repeating: "y", count: 500))), .none)))
        let reserved = try #require(Self.reserved(scene))
        // But for no less than half of its bytes: it might count otherwise next time.
        #expect(reserved.tokens > 25_000 && reserved.tokens < 30_000)
    }

    @Test func `a model that nobody knows the price of is not asked under a budget of money`() throws {
        var scene = try Self.scene {
            $0.agents[0].model = "lab/unheard-of"
            $0.budget.money = Money(microUSD: 500_000)
        }
        #expect(try scene.when(.slots(9)).dropFirst().first == "end t0 failed budget.unpriced")
    }

    @Test func `a fork has the whole of its budget`() throws {
        var scene = try Self.scene(tasks: 2) { $0.budget.calls = 1 }
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("t0"), Self.says("done", Self.usage(40, 30))))
        #expect(try scene.when(.slots(9)).last == "asked q1 budget t1")
        let seed = RunSeed(
            run: "fork",
            plan: scene.run.plan,
            stored: .zero,
            seed: 1,
            mode: .real,
            engine: "test",
            prices: scene.run.seed.prices
        )
        #expect(try scene.when(.fork(seed)).last == "owed t1#1.1/1")
        #expect(scene.run.openQuestions.isEmpty)
        #expect(scene.run.account(of: .run).spent == .none)
    }
}
