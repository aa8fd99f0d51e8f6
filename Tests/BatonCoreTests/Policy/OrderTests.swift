import BatonCore
import Testing

@Suite struct OrderTests {
    // MARK: DispatchOrder

    private static func order(
        _ task: Int,
        priority: Int = 1,
        ready: Duration = .zero,
        weight: Double = 1,
        path: Int64 = 0,
        dependents: Int = 0
    ) -> DispatchOrder {
        DispatchOrder(
            task: TaskIndex(task),
            priority: priority,
            waitingSince: .zero + ready,
            runBegan: .zero,
            weight: weight,
            remainingPath: path,
            dependents: dependents
        )
    }

    @Test func `priority goes before weight, path, unblocked and plan order`() {
        let sorted = [
            Self.order(9, priority: 5), Self.order(8, priority: 4, weight: 2), Self.order(7, priority: 4, path: 9),
            Self.order(6, priority: 4, path: 8, dependents: 3), Self.order(5, priority: 4, path: 8, dependents: 2),
            Self.order(0, priority: 1), Self.order(1, priority: 1),
        ]
        #expect(sorted.reversed().sorted() == sorted)
    }

    @Test(arguments: [(Duration.seconds(599), false), (.seconds(600), true), (.seconds(1200), true)])
    func `ten minutes of waiting are worth one level`(later: Duration, oldGoesFirst: Bool) {
        let old = Self.order(1, priority: 2, path: 0)
        let young = Self.order(0, priority: 3, ready: later, path: 5)
        // One level up is a tie that the longer path decides.
        #expect((old < young) == (later >= .seconds(1200)))
        let equal = Self.order(0, priority: 2, ready: later, path: 5)
        #expect((old < equal) == oldGoesFirst)
    }

    @Test func `nothing starves: after fifty minutes the lowest goes before a new highest`() {
        let lowest = Self.order(9, priority: 1)
        #expect(Self.order(0, priority: 5, ready: .seconds(3000), weight: 9) > lowest)
        #expect(Self.order(0, priority: 5, ready: .seconds(2999), weight: 9) < lowest)
    }

    // MARK: FairShare

    @Test(arguments: [
        (10, [3, 3, 3], [3, 3, 3]), (7, [3, 3, 3], [2, 2, 3]), (10, [1, 20, 20], [1, 4, 5]), (0, [1, 2], [0, 0]),
        (-3, [1], [0]), (5, [], []), (4, [0, .max], [0, 4]),
    ])
    func `slots are divided max-min fair`(slots: Int, wanted: [Int], grants: [Int]) {
        #expect(FairShare.grants(of: slots, wanted: wanted) == grants)
    }

    @Test func `nobody gets more than wanted, nothing is left idle, and no share grows without a smaller one`() {
        var draws = SplitMix64(seed: 8)
        for _ in 0..<1000 {
            let wanted = (0..<draws.below(8)).map { _ in draws.below(10) }
            let slots = draws.below(30)
            let grants = FairShare.grants(of: slots, wanted: wanted)
            let total = wanted.reduce(0, +)
            #expect(grants.reduce(0, +) == min(slots, total))
            #expect(zip(grants, wanted).allSatisfy { $0 <= $1 })
            let largest = grants.max() ?? 0
            // Who got less than wanted got as much as anybody, but for the odd slot of the division.
            #expect(zip(grants, wanted).allSatisfy { $0 == $1 || $0 >= largest - 1 })
        }
    }

    // MARK: RecoveryPolicy

    @Test(
        arguments: [
            ("command", nil, false, RunMode.real, 1, RecoveryPolicy.Verdict.ask),
            ("command", nil, true, .real, 1, .handOutAgain), ("command", true, false, .real, 1, .handOutAgain),
            ("command", false, true, .real, 1, .ask), ("function", nil, false, .real, 1, .ask),
            ("person", nil, false, .real, 1, .ask), ("model", nil, false, .real, 1, .handOutAgain),
            ("model", false, false, .real, 1, .ask), (nil, nil, false, .real, 1, .handOutAgain),
            ("review", nil, false, .real, 1, .ask), ("command", false, false, .rehearsal, 4, .handOutAgain),
            ("model", nil, false, .real, 19, .handOutAgain), ("model", nil, false, .real, 20, .ask),
            ("command", true, true, .rehearsal, 20, .ask),
        ] as [(String?, Bool?, Bool, RunMode, Int32, RecoveryPolicy.Verdict)]
    )
    func `a step is handed out again only where that is known to be safe`(
        type: String?,
        taskSays: Bool?,
        agentSays: Bool,
        mode: RunMode,
        delivery: Int32,
        verdict: RecoveryPolicy.Verdict
    ) {
        var agent = AgentProfile(id: "a")
        agent.type = type
        agent.repeatable = agentSays
        var task = TaskSpec(id: "t")
        task.repeatable = taskSays
        let request: StepRequest = type == "model" ? .model(ModelCall(choice: 0, told: 0)) : .perform
        #expect(
            RecoveryPolicy.verdict(of: request, delivery: delivery, task: task, agent: agent, mode: mode) == verdict
        )
    }

    @Test(arguments: [(false, RecoveryPolicy.Verdict.ask), (true, .handOutAgain)])
    func `a tool is called again only if its agent may repeat what it does`(
        isRepeatable: Bool,
        verdict: RecoveryPolicy.Verdict
    ) {
        var agent = AgentProfile(id: "a")
        agent.type = "model"
        agent.repeatable = isRepeatable
        let found = RecoveryPolicy.verdict(
            of: .tool(0),
            delivery: 1,
            task: TaskSpec(id: "t"),
            agent: agent,
            mode: .real
        )
        #expect(found == verdict)
    }
}
