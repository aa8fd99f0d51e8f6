import Testing

@testable import BatonCore

/// Of several models that can do a task, the one whose good answer probably costs least is asked first.
@Suite struct ModelChoiceTests {
    private static func model(
        _ name: String,
        _ cost: Int64?,
        good: Int64 = 0,
        of attempts: Int64 = 0
    ) -> ModelChoice.Candidate {
        ModelChoice.Candidate(
            model: name,
            cost: cost.map { Money(microUSD: $0) },
            record: ModelChoice.Record(good: good, attempts: attempts)
        )
    }

    @Test(
        arguments: [
            ([model("dear", 200), model("cheap", 100)], ["cheap", "dear"]),
            ([model("first", 100), model("second", 100)], ["first", "second"]),
            // 100 × 3 ÷ 1 is more than 200.
            ([model("fails", 100, good: 0, of: 2), model("new", 200)], ["new", "fails"]),
            ([model("half", 100, good: 2, of: 4), model("good", 180, good: 4, of: 4)], ["half", "good"]),
            ([model("unknown", nil), model("priced", 900)], ["priced", "unknown"]),
            ([model("free", 0, good: 1, of: 3), model("dear", 900)], ["dear", "free"]),
            ([model("free", 0, good: 1, of: 2), model("dear", 900)], ["free", "dear"]),
            ([model("bad", 1, of: 3), model("unknown", nil)], ["unknown", "bad"]),
        ]
    )
    func `price by the share of good attempts decides, then the plan`(
        _ candidates: [ModelChoice.Candidate],
        _ order: [String]
    ) {
        #expect(ModelChoice.ranked(candidates).map(\.model) == order)
    }

    @Test(arguments: [Int64.max, .min, -1, 0, 1])
    func `no figure of a journal is too large`(_ number: Int64) {
        let odd = Self.model("odd", number, good: number, of: .max)
        #expect(ModelChoice.ranked([odd, Self.model("other", 5), odd]).count == 3)
        #expect((odd.expected?.microUSD ?? -1) >= 0)
    }

    private static func scene(_ models: [String], tasks: Int = 1) throws -> RunScene {
        let prices = PriceTable(stored: [
            "lab/m": [1_000_000, 1_000_000, 1_000_000, 1_000_000],
            "lab/n": [3_000_000, 3_000_000, 3_000_000, 3_000_000],
        ])
        var agent = AgentProfile(id: "a")
        (agent.model, agent.maxTokens) = ("lab/own", 100)
        var plan = Plan(id: "p", agents: [agent], tasks: (0..<tasks).map { TaskSpec(id: TaskID("t\($0)")) })
        plan.modelTiers = [Plan.ModelTier("hard", models)]
        plan.defaults.maxRetryAttempts = 1
        for offset in plan.tasks.indices { plan.tasks[offset].complexity = "hard" }
        return try RunScene(plan, prices: try #require(prices))
    }

    private static func order(_ scene: RunScene, _ task: Int) -> [String] {
        let assignments = scene.facts.compactMap { fact -> Assignment? in
            guard case .attemptStarted(TaskIndex(task), _, let assignment) = fact.event else { return nil }
            return assignment
        }
        return assignments.last?.models.map(\.model) ?? []
    }

    @Test func `a model that fails in a run falls behind the dearer one, and why shows both`() throws {
        var scene = try Self.scene(["lab/n", "lab/m"], tasks: 3)
        let failure = Failure(.permanent, "test.broken", "no", remedy: "none")
        try scene.when(.slots(9))
        #expect(Self.order(scene, 0) == ["lab/m", "lab/n"])
        // The cheaper one fails twice, and the dearer one does the work.
        for task in 0..<2 {
            try scene.when(.returned(scene.key(TaskID("t\(task)")), .failed(failure, .none)))
            let reply = Reply(model: "lab/n", text: .inline("done"), calls: [], stop: .end)
            try scene.when(.returned(scene.key(TaskID("t\(task)")), .replied(reply, .none)))
            try scene.when(.slots(9))
        }
        #expect(Self.order(scene, 1) == ["lab/m", "lab/n"], "1 × 2 is less than 3")
        #expect(
            Self.order(scene, 2) == ["lab/n", "lab/m"],
            "1 × 3 is not less than 3, and the plan names the other first"
        )
        #expect(scene.run.modelRecords["lab/m"] == ModelChoice.Record(good: 0, attempts: 2))
        #expect(scene.run.modelRecords["lab/n"] == ModelChoice.Record(good: 2, attempts: 2))
        let explained = try #require(Inquiry(scene.facts, about: "t1").flatMap { TaskExplanation($0) })
        #expect(explained.weighed.map(\.model) == ["lab/m", "lab/n"])
        #expect(explained.models.map(\.reason) == [.tier("hard"), .failure])
    }

    @Test func `with one model there is nothing to weigh`() throws {
        var scene = try Self.scene(["lab/n"])
        try scene.when(.slots(9))
        #expect(Self.order(scene, 0).isEmpty)
        #expect(scene.run.plan.models(of: scene.run.plan.agents[0], for: scene.run.plan.tasks[0]) == ["lab/n"])
    }

    @Test func `an estimate goes from the cheapest of a tier to the dearest`() throws {
        let cost = { (models: [String]) throws in
            CostEstimate(of: try Self.scene(models).run.plan, try Self.scene(models).run.seed.prices)
        }
        let (both, cheap, dear) = (try cost(["lab/n", "lab/m"]), try cost(["lab/m"]), try cost(["lab/n"]))
        #expect(both.low == cheap.low && both.high == dear.high && cheap.low < dear.low)
    }
}
