import BatonCore
import BatonEngine
import BatonTestKit
import Synchronization
import Testing

/// Several runs, one team.
@Suite struct SharedAgentTests {
    private static func plan(_ name: String, tasks: Int, capacity: Int, id: AgentID = "f") -> Plan {
        var agent = AgentProfile(id: id)
        agent.type = "function"
        agent.maxConcurrentTasks = capacity
        return Plan(id: name, agents: [agent], tasks: (0..<tasks).map { TaskSpec(id: TaskID("\(name)\($0)")) })
    }

    /// Counts who is at work at once, and lets each go on when the scheduler comes back to it.
    private final class Floor: Sendable {
        private struct State {
            var inside = 0
            var most = 0
            var order: [String] = []
        }

        private let state = Mutex(State())

        func work(_ task: TaskID) async {
            self.state.withLock { state in
                state.inside += 1
                state.most = max(state.most, state.inside)
                state.order.append(String(task.text.prefix(1)))
            }
            for _ in 0..<20 { await Task.yield() }
            self.state.withLock { $0.inside -= 1 }
        }

        var most: Int { self.state.withLock { $0.most } }
        var order: [String] { self.state.withLock { $0.order } }
    }

    private static func play(_ plans: [Plan]) async throws -> Floor {
        let floor = Floor()
        let engine = Engine(journal: MemoryJournal()) { _ in
            FunctionPerformer { work in
                await floor.work(work.task.id)
                return "done"
            }
        }
        try await engine.running { engine in
            var handles: [RunHandle] = []
            for plan in plans { handles.append(try await engine.start(plan)) }
            for handle in handles { #expect(try await handle.outcome().end == .completed) }
        }
        return floor
    }

    @Test(arguments: [1, 2, 3])
    func `an agent of several runs never has more in hand than it can take`(capacity: Int) async throws {
        let plans = ["a", "b", "c"].map { Self.plan($0, tasks: 30, capacity: capacity) }
        let floor = try await Self.play(plans)
        #expect(floor.most <= capacity)
        #expect(floor.order.count == 90)
    }

    @Test(arguments: [1, 2])
    func `runs take turns with an agent that they share`(capacity: Int) async throws {
        let plans = ["a", "b"].map { Self.plan($0, tasks: 40, capacity: capacity) }
        let floor = try await Self.play(plans)
        // While both have work, neither waits until the other is through.
        let first = floor.order.prefix(40)
        #expect(first.count { $0 == "a" } >= 10)
        #expect(first.count { $0 == "b" } >= 10)
    }

    @Test(.timeLimit(.minutes(30)))
    func `what a run had of an agent goes to the others when it has ended`() async throws {
        let inside = Mutex(0)
        let gate = Gate()
        let engine = Engine(journal: MemoryJournal()) { _ in
            FunctionPerformer { work in
                guard work.task.id.text.hasPrefix("b") else { return "first" }
                let count = inside.withLock { inside in
                    inside += 1
                    return inside
                }
                // The third to come in opens the gate: if one had to wait for another, all would wait for ever.
                if count == 3 { gate.open() }
                await gate.wait()
                return "done"
            }
        }
        try await engine.running { engine in
            // Together they may have one in hand, the second alone three.
            let first = try await engine.start(Self.plan("a", tasks: 1, capacity: 1))
            let second = try await engine.start(Self.plan("b", tasks: 3, capacity: 3))
            #expect(try await first.outcome().end == .completed)
            #expect(try await second.outcome().end == .completed)
        }
    }

    @Test func `a run that cannot use its part leaves it to the others`() async throws {
        // All tasks of the first are for an agent of its own; of the shared one it never wants anything.
        var busy = Self.plan("a", tasks: 20, capacity: 1)
        busy.agents.append(busy.agents[0])
        busy.agents[1].id = "own"
        for index in busy.tasks.indices { busy.tasks[index].assignedAgent = "own" }
        let floor = try await Self.play([busy, Self.plan("b", tasks: 20, capacity: 1)])
        let lastOfSecond = try #require(floor.order.lastIndex(of: "b"))
        let doneOfFirst = floor.order[..<lastOfSecond].count { $0 == "a" }
        #expect(doneOfFirst <= 30)
        #expect(floor.order.prefix(20).contains("b"))
    }

    @Test func `agents with another name, command or model are others`() async throws {
        let floor = try await Self.play([
            Self.plan("a", tasks: 20, capacity: 1), Self.plan("b", tasks: 20, capacity: 1, id: "g"),
        ])
        #expect(floor.most <= 2)
        #expect(floor.order.count == 40)
    }

    @Test func `what is held is never taken away, and together it is never too much`() {
        var draws = SplitMix64(seed: 3)
        for _ in 0..<5000 {
            let count = 1 + draws.below(5)
            let slots = draws.below(12)
            let held = (0..<count).map { _ in draws.below(5) }
            let wanted = (0..<count).map { _ in draws.below(9) }
            let grants = FairShare.grants(of: slots, held: held, wanted: wanted)
            #expect(zip(grants, held).allSatisfy { $0 >= $1 })
            #expect(grants.reduce(0, +) <= max(slots, held.reduce(0, +)))
        }
        #expect(FairShare.grants(of: 4, held: [4, 0], wanted: [9, 9]) == [4, 0])
        #expect(FairShare.grants(of: 4, held: [3, 0], wanted: [9, 9]) == [3, 1])
        #expect(FairShare.grants(of: 4, held: [0, 0], wanted: [9, 9]) == [2, 2])
    }

    @Test func `what fails as it begins leaves its slot to the other run`() async throws {
        var thinker = AgentProfile(id: "ada")
        (thinker.model, thinker.maxConcurrentTasks) = ("ollama/m", 9)
        let tasks = (0..<3).map { offset -> TaskSpec in
            var task = TaskSpec(id: TaskID("t\(offset)"))
            task.budget.calls = 0
            task.budget.atLimit = .stop
            return task
        }
        let short = Plan(id: "short", agents: [thinker], tasks: tasks)
        var configuration = Engine.Configuration()
        configuration.slots = 1
        let engine = Engine(journal: MemoryJournal(), configuration: configuration) { _ in
            FunctionPerformer { _ in "done" }
        }
        try await engine.running { engine in
            let first = try await engine.start(Self.plan("a", tasks: 2, capacity: 1))
            let second = try await engine.start(short)
            #expect(try await first.outcome().end == .completed)
            #expect(try await second.outcome().end == .failed)
        }
    }
}
