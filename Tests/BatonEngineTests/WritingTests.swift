import BatonCore
import BatonTestKit
import Testing

@testable import BatonEngine

/// What belongs to one write is fixed when it begins, whatever is decided while it goes on.
@Suite struct WritingTests {
    private static let now = Timestamp(microseconds: 1_800_000_000_000_000)

    private static func live(_ draft: inout Draft) -> LiveRun {
        let plan = functionPlan([TaskSpec(id: "a"), TaskSpec(id: "b")])
        let seed = RunSeed(run: "r", plan: plan, stored: .zero, seed: 1, mode: .real, engine: "test")
        var out = Emission()
        let run = Run.create(seed, at: Self.now, by: .engine, &out)
        let live = LiveRun(run, chain: ChunkWriter.Chain(createdAt: Self.now), out: out)
        draft.touch(live)
        return live
    }

    private static func take(_ draft: inout Draft) -> (writing: Writing, stored: JournalBatch) {
        var stored = JournalBatch()
        let writing = Writing.take(&draft, Self.now) { stored = $0 }
        return (writing, stored)
    }

    @Test func `an order says what was decided when it was written, and nothing that came later`() throws {
        var draft = Draft()
        let live = Self.live(&draft)
        try live.handle(.slots(2), by: .engine, Self.now)
        let first = Self.take(&draft)
        try live.handle(.steer(.everyone, .inline("be brief")), by: .person("ada"), Self.now)
        try live.handle(.pause(now: true), by: .person("ada"), Self.now)
        draft.touch(live)

        let effects = first.writing.effects[0]
        #expect(effects.started.count == 2)
        #expect(effects.started.allSatisfy { $0.order?.directives.isEmpty ?? false })
        #expect(effects.stopped.isEmpty)
        #expect(first.stored.chunks.map(\.count) == [5])

        let second = Self.take(&draft)
        #expect(second.writing.effects[0].started.isEmpty)
        #expect(Set(second.writing.effects[0].stopped) == Set(effects.started.map(\.key)))
        // Told to all, paused, and two stops; the chain goes on from the first.
        #expect(second.stored.chunks.map(\.count) == [4])
        #expect(second.stored.chunks[0].first == first.stored.heads[0].position.next)
        #expect(second.stored.chunks[0].previous == first.stored.chunks[0].hash)
    }

    @Test func `a step that is taken back before its start is written gets no order`() throws {
        var draft = Draft()
        let live = Self.live(&draft)
        try live.handle(.slots(1), by: .engine, Self.now)
        try live.handle(.pause(now: true), by: .person("ada"), Self.now)
        let writing = Self.take(&draft).writing
        #expect(writing.effects[0].started.map { $0.order == nil } == [true])
        #expect(writing.effects[0].stopped == writing.effects[0].started.map(\.key))
    }

    @Test func `a draft in which nothing was decided stores nothing`() throws {
        var draft = Draft()
        let live = Self.live(&draft)
        _ = Self.take(&draft)
        draft.touch(live)
        try live.handle(.slots(0), by: .engine, Self.now)
        let (writing, stored) = Self.take(&draft)
        #expect(stored.chunks.isEmpty)
        #expect(stored.heads.isEmpty)
        #expect(writing.effects.allSatisfy { $0.started.isEmpty && $0.stopped.isEmpty && $0.part == nil })
    }
}
