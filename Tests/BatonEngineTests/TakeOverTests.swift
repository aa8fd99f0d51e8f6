import BatonCore
import BatonTestKit
import Testing

@testable import BatonEngine

/// Runs that are taken over more than once, and engines that end by themselves.
@Suite struct TakeOverTests {
    private static func left(_ journal: MemoryJournal) async throws -> RunID {
        let begun = Gate()
        let engine = Engine(journal: journal) { _ in
            FunctionPerformer { _ in
                begun.open()
                await Gate.untilCancelled()
                throw CancellationError()
            }
        }
        return try await engine.running { engine in
            let handle = try await engine.start(functionPlan([TaskSpec(id: "a")]))
            await begun.wait()
            return handle.id
        }
    }

    @Test func `what was read before a run went on here is not taken for the run`() async throws {
        let journal = MemoryJournal()
        let run = try await Self.left(journal)
        let head = try #require(try await journal.head(of: run))
        let (old, hash) = try await JournalReader(journal).fold(run)
        let engine = Engine(journal: journal) { _ in FunctionPerformer { _ in "done" } }
        try await engine.running { engine in
            #expect(try await engine.resume(run).outcome().end == .completed)
            // Somebody else had read it as well, before.
            let chain = ChunkWriter.Chain(behind: head, hash: hash)
            _ = try await engine.put(.adopt(old, chain, staysPaused: false))
            let other = try await engine.start(functionPlan([TaskSpec(id: "b")]))
            #expect(try await other.outcome().end == .completed)
        }
        try await JournalReader(journal).verify(run)
    }

    @Test func `an engine whose journal takes no more ends what is done with it`() async {
        let engine = Engine(journal: FaultyJournal(failingAfter: 1)) { _ in FunctionPerformer { _ in "done" } }
        let error = await #expect(throws: BatonError.self) {
            try await engine.running { engine in
                _ = try await engine.start(functionPlan([TaskSpec(id: "a")]))
                await Gate.untilCancelled()
            }
        }
        #expect(error?.code == .journalUnavailable)
    }
}
