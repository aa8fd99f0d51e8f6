import BatonAgents
import BatonCore
import BatonEngine
import BatonTestKit
import Testing

/// Whoever watches a run sees what the journal holds, soon or late.
@Suite struct WatcherTests {
    private static func facts(of stream: FactStream) async throws -> [Recorded] {
        var stream = stream
        var facts: [Recorded] = []
        while let next = try await stream.next() { facts += next }
        return facts
    }

    @Test func `one who keeps up, one who stalls and one who comes late see the same facts`() async throws {
        let journal = MemoryJournal()
        let gate = Gate()
        var configuration = Engine.Configuration()
        configuration.watchedFacts = 400
        let engine = Engine(journal: journal, configuration: configuration) { _ in
            FunctionPerformer { work in
                if work.task.id == "t0" { await gate.wait() }
                return "done"
            }
        }
        // More facts than are kept in memory for watchers.
        let plan = functionPlan((0..<500).map { TaskSpec(id: TaskID("t\($0)")) }, capacity: 512)
        let (seen, run) = try await engine.running { engine in
            let handle = try await engine.start(plan)
            async let early = Self.facts(of: handle.facts)
            var stalling = handle.facts
            let first = try #require(try await stalling.next())
            gate.open()
            _ = try await handle.outcome()
            var stalled = first
            while let next = try await stalling.next() { stalled += next }
            return ([try await early, stalled, try await Self.facts(of: handle.facts)], handle.id)
        }
        let stored = try await JournalReader(journal).all(of: run)
        #expect(stored.count > 4 * 400)
        for facts in seen { #expect(facts == stored) }
    }
}
