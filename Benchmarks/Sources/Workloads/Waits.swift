import BatonAgents
import BatonEngine
import BatonSQLite
import Foundation
import Synchronization

/// W2 with a timer instead of a model, and W7: tasks that need nothing of each other and wait.
enum Waits {
    /// 1,000 waits of 100 ms, 100 at once, durable.
    static func timed(in data: String, tasks: Int, atOnce: Int) async throws {
        var waiter = FunctionAgent("waiter") { _ in
            try await Task.sleep(for: .milliseconds(100))
            return true
        }
        waiter.profile.maxConcurrentTasks = atOnce
        let plan = Self.plan("w2", tasks, waiter)
        let engine = try Engine(dataFolder: data, agents: [waiter])
        let figures = try await Measured.run(tasks: tasks) { try await Self.play(plan, on: engine) }
        let ideal = Double(tasks) / Double(atOnce) * 0.1
        let wall = figures.first { $0.0 == "wall_s" }?.1 ?? 0
        Measured.emit("w2 timer", tasks, figures + [("wall_over_ideal", wall / ideal)])
    }

    /// 1,000 questions to the model at `LLM_BASE_URL`, 100 at once, durable.
    static func asked(_ name: String, in data: String, tasks: Int, streams: Bool) async throws {
        var asker = AgentProfile(id: "asker")
        asker.model = "llm/mock"
        asker.streams = streams
        asker.maxConcurrentTasks = 100
        let tasks = (0..<tasks).map { number in
            var task = TaskSpec(id: TaskID("t\(number)"))
            task.description = "Say something."
            return task
        }
        let plan = Plan(id: "w2", agents: [asker], tasks: tasks)
        let models = LanguageModels()
        let engine = try Engine(dataFolder: data, performers: { models.performer(for: $0) })
        let figures = try await Measured.run(tasks: tasks.count) { try await Self.play(plan, on: engine) }
        let wall = figures.first { $0.0 == "wall_s" }?.1 ?? 0
        Measured.emit(name, tasks.count, figures + [("wall_over_ideal", wall / Double(tasks.count) * 1000)])
    }

    /// All tasks wait inside one closure each; the gate opens when all have entered.
    static func gated(in data: String, tasks: Int) async throws {
        let gate = Gate(tasks)
        var waiter = FunctionAgent("waiter") { _ in
            await gate.wait()
            return true
        }
        waiter.profile.maxConcurrentTasks = min(10_000, tasks)
        var configuration = Engine.Configuration()
        configuration.slots = tasks
        let engine = try Engine(dataFolder: data, agents: [waiter], configuration: configuration)
        let base = Measured.residentMegabytes
        let plan = Self.plan("w7", tasks, waiter)
        let planned = Measured.residentMegabytes
        gate.begin(base: base, planned: planned)
        try await Self.play(plan, on: engine)
    }

    private static func plan(_ id: String, _ count: Int, _ agent: FunctionAgent) -> Plan {
        Plan(id: id, agents: [agent.profile], tasks: (0..<count).map { TaskSpec(id: TaskID("t\($0)")) })
    }

    private static func play(_ plan: Plan, on engine: Engine) async throws {
        let outcome = try await engine.running { try await $0.start(plan).outcome() }
        guard outcome.end == .completed else { throw NotCompleted() }
    }

    struct NotCompleted: Error {}
}

/// Holds everybody until all are there.
private final class Gate: Sendable {
    private struct State {
        var waiting: [CheckedContinuation<Void, Never>] = []
        var base = 0.0
        var planned = 0.0
        var start = ContinuousClock.now
    }

    private let count: Int
    private let state = Mutex(State())

    init(_ count: Int) { self.count = count }

    func begin(base: Double, planned: Double) {
        self.state.withLock {
            $0.base = base
            $0.planned = planned
            $0.start = .now
            $0.waiting.reserveCapacity(self.count)
        }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let woken = self.state.withLock { state -> [CheckedContinuation<Void, Never>] in
                state.waiting.append(continuation)
                guard state.waiting.count == self.count else { return [] }
                Self.tell(state, self.count)
                return state.waiting
            }
            for continuation in woken { continuation.resume() }
        }
    }

    private static func tell(_ state: State, _ count: Int) {
        let now = Measured.residentMegabytes
        Measured.emit(
            "w7",
            count,
            [
                ("waiting", Double(count)), ("base_mb", state.base), ("rss_mb", now),
                ("kb_per_task", (now - state.base) * 1024 / Double(count)),
                ("plan_kb_per_task", (state.planned - state.base) * 1024 / Double(count)),
                ("start_s", (ContinuousClock.now - state.start) / .seconds(1)),
            ]
        )
    }
}
