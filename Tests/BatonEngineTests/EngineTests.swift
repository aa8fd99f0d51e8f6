import BatonAgents
import BatonCore
import BatonEngine
import BatonTestKit
import Synchronization
import Testing

/// A plan of function agents, for tests of the engine.
func functionPlan(_ tasks: [TaskSpec], capacity: Int = 100, repeatable: Bool = true) -> Plan {
    var agent = AgentProfile(id: "f")
    agent.type = "function"
    agent.maxConcurrentTasks = capacity
    agent.repeatable = repeatable
    return Plan(id: "p", agents: [agent], tasks: tasks)
}

@Suite struct EngineTests {
    @Test func `a run reaches its end and keeps its outputs`() async throws {
        let engine = Engine(journal: MemoryJournal()) { _ in
            FunctionPerformer { work in
                let before = work.dependencies.compactMap { $0.output?.integer }.reduce(0, +)
                return .integer(before + 1)
            }
        }
        let tasks = [
            TaskSpec(id: "a"), TaskSpec(id: "b"), TaskSpec(id: "c", dependencies: ["a", "b"]),
        ]
        let outcome = try await engine.running { try await $0.start(functionPlan(tasks)).outcome() }
        #expect(outcome.end == .completed)
        #expect(outcome.output(of: "c") == 3)
    }

    @Test func `starting returns before the tasks end`() async throws {
        let gate = Gate()
        let engine = Engine(journal: MemoryJournal()) { _ in
            FunctionPerformer { _ in
                await gate.wait()
                return "late"
            }
        }
        let outcome = try await engine.running { engine in
            let handle = try await engine.start(functionPlan([TaskSpec(id: "a")]))
            gate.open()
            return try await handle.outcome()
        }
        #expect(outcome.end == .completed)
    }

    @Test func `independent tasks are in hand at the same time`() async throws {
        let inside = Mutex(0)
        let gate = Gate()
        let engine = Engine(journal: MemoryJournal()) { _ in
            FunctionPerformer { _ in
                // The tenth to come in opens the gate: one that had to wait for another would wait for ever.
                let count = inside.withLock { inside in
                    inside += 1
                    return inside
                }
                if count == 10 { gate.open() }
                await gate.wait()
                return "done"
            }
        }
        let tasks = (0..<10).map { TaskSpec(id: TaskID("t\($0)")) }
        let outcome = try await engine.running { try await $0.start(functionPlan(tasks)).outcome() }
        #expect(outcome.end == .completed)
    }

    @Test(arguments: [1, 3])
    func `never more attempts run than the plan allows`(limit: Int) async throws {
        let state = Mutex((now: 0, most: 0))
        let engine = Engine(journal: MemoryJournal()) { _ in
            FunctionPerformer { _ in
                state.withLock { state in
                    state.now += 1
                    state.most = max(state.most, state.now)
                }
                await Swift.Task.yield()
                state.withLock { $0.now -= 1 }
                return "done"
            }
        }
        var plan = functionPlan((0..<40).map { TaskSpec(id: TaskID("t\($0)")) })
        plan.defaults.maxConcurrentTasks = limit
        let outcome = try await engine.running { [plan] in try await $0.start(plan).outcome() }
        #expect(outcome.end == .completed)
        #expect(state.withLock { $0.most } <= limit)
    }

    @Test func `a failed attempt is tried again after its wait`() async throws {
        let clock = ManualClock()
        let performer = ScriptedPerformer { work in
            work.attempt < 3 ? .failed(Failure(.transient, "x", "not yet", remedy: "wait")) : .done("at last")
        }
        let engine = Engine(journal: MemoryJournal(), clock: clock) { _ in performer }
        let outcome = try await engine.running { engine in
            let handle = try await engine.start(functionPlan([TaskSpec(id: "a")]))
            // The deadline of the first attempt is an hour away; only waits are passed over here.
            async let outcome = handle.outcome()
            for try await event in handle.events where event.kind == "task_rested" { clock.advance(by: .seconds(5)) }
            return try await outcome
        }
        #expect(outcome.end == .completed)
        #expect(performer.calls == ["a/1/1", "a/2/1", "a/3/1"])
    }

    @Test func `an attempt that takes too long is stopped, named and given up`() async throws {
        let clock = ManualClock()
        let begun = Gate()
        let engine = Engine(journal: MemoryJournal(), clock: clock) { _ in
            FunctionPerformer { _ in
                begun.open()
                // Ends only when the engine cancels it.
                await Gate.untilCancelled()
                throw CancellationError()
            }
        }
        var task = TaskSpec(id: "slow")
        task.timeout = .seconds(2)
        task.maxAttempts = 1
        let outcome = try await engine.running { [task] engine in
            let handle = try await engine.start(functionPlan([task]))
            await begun.wait()
            clock.advance(by: .seconds(3))
            return try await handle.outcome()
        }
        #expect(outcome.end == .failed)
        #expect(outcome.tasks[0].failure?.code == "step.timed_out")
    }

    @Test func `the waits of several runs all end`() async throws {
        let clock = ManualClock()
        let performer = ScriptedPerformer { work in
            work.attempt == 1 ? .failed(Failure(.transient, "x", "not yet", remedy: "wait")) : .done("at last")
        }
        let engine = Engine(journal: MemoryJournal(), clock: clock) { _ in performer }
        let ends = try await engine.running { engine in
            var handles: [RunHandle] = []
            for seconds in [1, 2, 4, 8] {
                var task = TaskSpec(id: "a")
                task.retryDelay = .seconds(seconds)
                handles.append(try await engine.start(functionPlan([task])))
            }
            var ends: [RunEnd?] = []
            for handle in handles {
                // One second at a time: a run whose wait was forgotten would never be woken again.
                async let outcome = handle.outcome()
                for try await event in handle.events where event.kind == "task_rested" {
                    for _ in 0..<10 { clock.advance(by: .seconds(1)) }
                }
                ends.append(try await outcome.end)
            }
            return ends
        }
        #expect(ends == Array(repeating: .completed, count: 4))
    }

    @Test func `a run that is cancelled keeps what is done`() async throws {
        let begun = Gate()
        let engine = Engine(journal: MemoryJournal()) { _ in
            FunctionPerformer { work in
                guard work.task.id == "b" else { return "kept" }
                begun.open()
                await Gate.untilCancelled()
                throw CancellationError()
            }
        }
        let tasks = [TaskSpec(id: "a"), TaskSpec(id: "b", dependencies: ["a"]), TaskSpec(id: "c", dependencies: ["b"])]
        let outcome = try await engine.running { engine in
            let handle = try await engine.start(functionPlan(tasks))
            await begun.wait()
            try await engine.cancel(handle.id, by: "tester")
            return try await handle.outcome()
        }
        #expect(outcome.end == .cancelled)
        #expect(outcome.output(of: "a") == "kept")
        #expect(outcome.tasks.map(\.state) == ["completed", "cancelled", "cancelled"])
    }

    @Test func `an engine that is shut down leaves a run that another one finishes`() async throws {
        let journal = MemoryJournal()
        let begun = Gate()
        let first = Engine(journal: journal) { _ in
            FunctionPerformer { work in
                guard work.task.id == "b" else { return "once" }
                begun.open()
                await Gate.untilCancelled()
                throw CancellationError()
            }
        }
        let tasks = [TaskSpec(id: "a"), TaskSpec(id: "b", dependencies: ["a"])]
        let run = try await first.running { engine in
            let handle = try await engine.start(functionPlan(tasks))
            await begun.wait()
            return handle.id
        }
        let performer = ScriptedPerformer { _ in .done("twice") }
        let second = Engine(journal: journal) { _ in performer }
        let outcome = try await second.running { try await $0.resume(run).outcome() }
        #expect(outcome.end == .completed)
        #expect(outcome.output(of: "a") == "once")
        #expect(performer.calls == ["b/1/2"])
    }

    @Test func `a step that may not be repeated becomes a question, and its answer goes on`() async throws {
        let journal = MemoryJournal()
        let begun = Gate()
        let first = Engine(journal: journal) { _ in
            FunctionPerformer { _ in
                begun.open()
                await Gate.untilCancelled()
                throw CancellationError()
            }
        }
        let run = try await first.running { engine in
            let handle = try await engine.start(functionPlan([TaskSpec(id: "a")], repeatable: false))
            await begun.wait()
            return handle.id
        }
        let performer = ScriptedPerformer { _ in .done("again") }
        let second = Engine(journal: journal) { _ in performer }
        let outcome = try await second.running { engine in
            let handle = try await engine.resume(run)
            for try await event in handle.events where event.kind == "asked" {
                await #expect(throws: BatonError.self) {
                    try await engine.answer(QuestionID(1), of: run, with: .words("perhaps"), by: "tester")
                }
                try await engine.answer(QuestionID(1), of: run, with: .words("again"), by: "tester")
            }
            return try await handle.outcome()
        }
        #expect(outcome.end == .completed)
        #expect(performer.calls == ["a/2/1"])
    }

    @Test(arguments: [false, true])
    func `when the journal takes no more, nothing is acknowledged and the engine stops`(isHere: Bool) async throws {
        let journal = FaultyJournal(failingAfter: 2, isHere: isHere)
        let engine = Engine(journal: journal) { _ in FunctionPerformer { _ in "done" } }
        let tasks = (0..<5).map { TaskSpec(id: TaskID("t\($0)"), dependencies: $0 == 0 ? [] : [TaskID("t\($0 - 1)")]) }
        let error = await #expect(throws: BatonError.self) {
            try await engine.running { try await $0.start(functionPlan(tasks)).outcome() }
        }
        #expect(error?.code == .journalUnavailable)
    }

    @Test(arguments: [false, true])
    func `a run that cannot be stored is not begun`(isHere: Bool) async throws {
        let performer = ScriptedPerformer { _ in .done("done") }
        let engine = Engine(journal: FaultyJournal(failingAfter: 0, isHere: isHere)) { _ in performer }
        await #expect(throws: BatonError.self) {
            try await engine.running { try await $0.start(functionPlan([TaskSpec(id: "a")])).outcome() }
        }
        #expect(performer.calls.isEmpty)
    }

    @Test func `a taken identifier is refused`() async throws {
        let engine = Engine(journal: MemoryJournal()) { _ in FunctionPerformer { _ in "done" } }
        var options = Engine.StartOptions()
        options.id = RunID("mine")
        let error = await #expect(throws: BatonError.self) {
            try await engine.running { [options] engine in
                _ = try await engine.start(functionPlan([TaskSpec(id: "a")]), options: options).outcome()
                _ = try await engine.start(functionPlan([TaskSpec(id: "a")]), options: options)
            }
        }
        #expect(error?.code == .runExists)
    }

    @Test func `run identifiers begin with the plan's and differ within a second`() async throws {
        let engine = Engine(journal: MemoryJournal(), clock: ManualClock()) { _ in FunctionPerformer { _ in "done" } }
        let ids = try await engine.running { engine in
            let first = try await engine.start(functionPlan([TaskSpec(id: "a")]))
            let second = try await engine.start(functionPlan([TaskSpec(id: "a")]))
            return [first.id.text, second.id.text]
        }
        #expect(ids.allSatisfy { $0.hasPrefix("p-") })
        #expect(ids[1] == ids[0] + "-2")
    }

    @Test func `a plan with errors is refused before anything is stored`() async throws {
        let journal = MemoryJournal()
        let engine = Engine(journal: journal) { _ in FunctionPerformer { _ in "done" } }
        let error = await #expect(throws: BatonError.self) {
            try await engine.running { try await $0.start(functionPlan([TaskSpec(id: "a", dependencies: ["a"])])) }
        }
        #expect(error?.code == .plan)
        #expect(error?.message.contains("a → a") == true)
        #expect(try await journal.heads().isEmpty)
    }

    @Test func `an agent that nothing performs fails its task by name`() async throws {
        let engine = Engine(journal: MemoryJournal()) { _ in nil }
        let outcome = try await engine.running { try await $0.start(functionPlan([TaskSpec(id: "a")])).outcome() }
        #expect(outcome.tasks[0].failure?.code == "agent.no_performer")
    }

    @Test func `an output that could not be read back fails its task instead of the run`() async throws {
        let engine = Engine(journal: MemoryJournal()) { _ in
            FunctionPerformer { work in
                if work.task.id == "odd" { return .number(.nan) }
                var value: JSON = "deep"
                for _ in 0..<600 { value = .array([value]) }
                return value
            }
        }
        let outcome = try await engine.running {
            try await $0.start(functionPlan([TaskSpec(id: "deep"), TaskSpec(id: "odd")])).outcome()
        }
        #expect(outcome.tasks.map { $0.failure?.code } == ["agent.output", "agent.output"])
    }

    @Test func `progress comes to a hundred and counts every end`() async throws {
        let engine = Engine(journal: MemoryJournal()) { _ in
            FunctionPerformer { work in
                guard work.task.id != "bad" else { throw Failure(.permanent, "x", "no", remedy: "none") }
                return "done"
            }
        }
        let tasks = [TaskSpec(id: "good"), TaskSpec(id: "bad"), TaskSpec(id: "after", dependencies: ["bad"])]
        let last = try await engine.running { engine in
            var last: Progress?
            for try await progress in try await engine.start(functionPlan(tasks)).progress { last = progress }
            return last
        }
        #expect(last?.percentage == 100)
        #expect(last?.end == .partial)
        #expect(last?.completedTasks == 1)
        #expect(last?.failedTasks == 1)
        #expect(last?.skippedTasks == 1)
    }

    @Test func `events are numbered without gaps and a late watcher sees them all`() async throws {
        let engine = Engine(journal: MemoryJournal()) { _ in FunctionPerformer { _ in "done" } }
        let positions = try await engine.running { engine in
            let handle = try await engine.start(functionPlan((0..<20).map { TaskSpec(id: TaskID("t\($0)")) }))
            _ = try await handle.outcome()
            var positions: [Int64] = []
            for try await event in handle.events { positions.append(event.position) }
            return positions
        }
        #expect(positions == Array(1...Int64(positions.count)))
    }

    @Test func `many runs side by side all end`() async throws {
        var configuration = Engine.Configuration()
        configuration.slots = 4
        let engine = Engine(journal: MemoryJournal(), configuration: configuration) { _ in
            FunctionPerformer { _ in "done" }
        }
        let ends = try await engine.running { engine in
            var handles: [RunHandle] = []
            for _ in 0..<20 {
                handles.append(try await engine.start(functionPlan((0..<10).map { TaskSpec(id: TaskID("t\($0)")) })))
            }
            var ends: [RunEnd?] = []
            for handle in handles { ends.append(try await handle.outcome().end) }
            return ends
        }
        #expect(ends == Array(repeating: .completed, count: 20))
    }

    @Test func `a rehearsal of the same plan and seed is the same to the byte`() async throws {
        var chunks: [[Chunk]] = []
        for _ in 0..<2 {
            let journal = MemoryJournal()
            var options = Engine.StartOptions()
            options.id = RunID("same")
            options.seed = 7
            let tasks = (0..<12).map { TaskSpec(id: TaskID("t\($0)"), description: "work \($0)") }
            var offline = try await OfflineRun.rehearse(
                functionPlan(tasks, capacity: 3),
                options,
                journal: journal,
                clock: SystemClock()
            )
            try await offline.play(isResumed: false, report: { _ in })
            #expect(offline.run.isEnded)
            chunks.append(try await journal.chunks(of: RunID("same"), after: .start, limit: 1000))
        }
        #expect(chunks[0] == chunks[1])
    }
}
