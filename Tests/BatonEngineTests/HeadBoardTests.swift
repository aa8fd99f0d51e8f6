import BatonCore
import BatonSQLite
import BatonTestKit
import Testing

@testable import BatonEngine

/// What an engine that stays keeps of runs that are over.
@Suite struct HeadBoardTests {
    private static let plan = functionPlan([TaskSpec(id: "a"), TaskSpec(id: "b", dependencies: ["a"])])

    @Test func `an engine that stays forgets runs that have ended, and still tells their outcomes`() async throws {
        let engine = Engine(journal: MemoryJournal()) { _ in FunctionPerformer { .string($0.task.id.text) } }
        try await engine.running { engine in
            var handles: [RunHandle] = []
            for _ in 0..<10 {
                let handle = try await engine.start(Self.plan)
                _ = try await handle.outcome()
                handles.append(handle)
            }
            #expect(engine.board.count == 0)
            for handle in handles {
                let outcome = try await handle.outcome()
                #expect(outcome.end == .completed)
                #expect(outcome.tasks.map(\.output) == ["a", "b"])
            }
            #expect(engine.board.count == 0)
        }
    }

    @Test func `a run that has ended is kept for as long as somebody watches it`() async throws {
        let engine = Engine(journal: MemoryJournal()) { _ in FunctionPerformer { _ in 1 } }
        try await engine.running { engine in
            let handle = try await engine.start(Self.plan)
            var watcher: FactStream? = handle.facts
            _ = try await handle.outcome()
            #expect(engine.board.count == 1)
            var seen: [Recorded] = []
            while let facts = try await watcher?.next() { seen += facts }
            #expect(seen.map(\.position.value) == (1...Int64(seen.count)).map { $0 })
            watcher = nil
            #expect(engine.board.count == 0)
        }
    }

    @Test func `a handle tells the outcome also when the engine and its journal are gone, as often as it is asked`()
        async throws
    {
        let folder = try TemporaryFolder()
        let engine = try Engine(dataFolder: folder("data"), agents: [FunctionAgent("f") { _ in 1 }])
        let handle = try await engine.running { engine in
            let handle = try await engine.start(
                Plan(id: "p", agents: [AgentProfile(id: "f")], tasks: [TaskSpec(id: "a")])
            )
            async let one = handle.outcome()
            async let two = handle.outcome()
            #expect(try await [one.end, two.end] == [.completed, .completed])
            return handle
        }
        #expect(try await handle.outcome().end == .completed)
    }

    @Test func `who asks for the outcome of a run that nobody carries hears of the end of the engine`() async throws {
        let engine = Engine(journal: MemoryJournal()) { _ in FunctionPerformer { _ in 1 } }
        let error = await #expect(throws: BatonError.self) {
            try await engine.running { engine in
                async let outcome = RunHandle(id: "elsewhere", engine: engine).outcome()
                engine.shutDown()
                return try await outcome
            }
        }
        #expect(error?.code == .stopped)
    }

    @Test func `a name is taken while its run goes on, and for a while after`() {
        var runs = BegunRuns(most: 2)
        let names: [RunID] = ["going", "a", "b", "c"]
        let isNew = names.map { name in
            defer { if name != "going" { runs.end(name) } }
            return runs.begin(name)
        }
        #expect(isNew == [true, true, true, true])
        // The oldest is forgotten: by now the journal tells of it.
        let isNewAgain = names.map { runs.begin($0) }
        #expect(isNewAgain == [false, true, false, false])
    }
}
