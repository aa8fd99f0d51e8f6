import BatonCore
import BatonEngine
import BatonTestKit
import Testing

/// What a journal must not be able to do to its reader.
@Suite struct JournalReaderTests {
    @Test(arguments: [
        "\"estimated_hours\":1e300", "\"priority\":-9223372036854775808",
        "\"retry\":{\"max_attempts\":-5}",
    ])
    func `a stored plan that is out of range is refused, and traps nothing`(key: String) async throws {
        let text = Array(
            "{\"project_id\":\"p\",\"agents\":[{\"agent_id\":\"f\"}],\"tasks\":[{\"task_id\":\"a\",\(key)}]}".utf8
        )
        let stored = StoredContent(digest: HashChain.digest(of: text), bytes: text)
        let plan = Plan(id: "p", agents: [AgentProfile(id: "f")], tasks: [TaskSpec(id: "a")])
        let seed = RunSeed(
            run: RunID("r"),
            plan: plan,
            stored: stored.digest,
            seed: 0,
            mode: .real,
            engine: "test"
        )
        let fact = Recorded(position: Position(1), at: .zero, by: .engine, event: .created(seed))
        let run = try #require(Run(fact))
        var chain = ChunkWriter.Chain(createdAt: .zero)
        let (chunk, head) = ChunkWriter.chunk(of: [fact], run: run, chain: &chain, wallClock: .zero)
        var batch = JournalBatch()
        (batch.chunks, batch.heads, batch.contents) = ([chunk], [head], [stored])
        let journal = MemoryJournal()
        try await journal.append(batch)
        let error = await #expect(throws: BatonError.self) { try await JournalReader(journal).all(of: RunID("r")) }
        #expect(error?.code == .journalCorrupt)
        #expect(error?.message.contains("out of range") == true)
    }
}
