import BatonCore
import BatonTestKit
import Testing

@testable import BatonEngine

/// Whether an agent of several runs can take more.
@Suite struct SharedRoomTests {
    private static func runs(capacity: Int) -> [RunID: Run] {
        var agent = AgentProfile(id: "f")
        agent.type = "function"
        agent.maxConcurrentTasks = capacity
        let plan = Plan(id: "p", agents: [agent], tasks: (0..<3).map { TaskSpec(id: TaskID("t\($0)")) })
        let pairs = ["a", "b"].map { name in
            let seed = RunSeed(run: RunID(name), plan: plan, stored: .zero, seed: 1, mode: .real, engine: "test")
            var out = Emission()
            return (RunID(name), Run.create(seed, at: .zero, by: .engine, &out))
        }
        return Dictionary(uniqueKeysWithValues: pairs)
    }

    @Test func `an agent of which nothing is left has room in no run`() throws {
        for (capacity, isRoomy) in [(1, false), (2, true)] {
            var runs = Self.runs(capacity: capacity)
            var agents = SharedAgents()
            for (id, run) in runs { agents.join(id, run.plan) }
            #expect(agents.haveRoom { runs[$0] } == ["a", "b"])
            var out = Emission()
            try runs["a"]?.handle(.slots(1), at: .zero, by: .engine, &out)
            #expect(runs["a"]?.counts.inHand == 1)
            #expect(agents.haveRoom { runs[$0] }.isEmpty != isRoomy)
        }
    }
}
