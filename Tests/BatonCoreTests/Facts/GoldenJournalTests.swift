import BatonCore
import Foundation
import Testing

/// A journal of the first release: whatever changes, it is read and means the same for ever.
@Suite struct GoldenJournalTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Fixtures")

    private static func bytes(of name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: Self.folder.appending(path: name)))
    }

    private static func facts() throws -> [Recorded] {
        let plan = PlanDecoder.plan(try JSONReader.read(Self.bytes(of: "journal-v1-plan.json"), depth: 512))
        let lines = try Self.bytes(of: "journal-v1.jsonl").split(separator: 0x0A)
        return try lines.enumerated().map { offset, line in
            try EventCodec.read(Array(line), position: Position(Int64(offset) + 1)) { (_) throws(EventCodec.Fault) in
                plan
            }
        }
    }

    @Test func `the journal of version 1 folds to the run that it was`() throws {
        let facts = try Self.facts()
        #expect(facts.count == 38)
        #expect(Set(facts.map { EventCodec.kind(of: $0.event) }).count == 17)
        let run = try #require(RunScene.fold(facts))
        #expect(run.damage == nil)
        #expect(run.phase == .ended(.cancelled))
        #expect(run.tasks.map(\.state.word) == ["completed", "completed", "cancelled", "cancelled"])
        #expect(run.tasks.map(\.attempts) == [4, 1, 1, 0])
        #expect(run.tasks.map(\.granted) == [2, 0, 0, 0])
        #expect(run.output(of: TaskIndex(0)) == .inline("output"))
        #expect(run.records.map(\.attempts) == [2, 1])
        #expect(run.head == Position(Int64(facts.count)))
        var progress = try #require(Progress(facts[0]))
        for fact in facts.dropFirst() { progress.take(fact) }
        #expect(progress.completedTasks == run.counts.all.completed)
        #expect(progress.cancelledTasks == run.counts.all.cancelled)
        #expect(progress.percentage == 100)
    }

    @Test func `written again, the journal of version 1 is the same to the byte`() throws {
        var writer = JSONWriter()
        for fact in try Self.facts() { EventCodec.write(fact, to: &writer) }
        #expect(writer.bytes == (try Self.bytes(of: "journal-v1.jsonl")))
    }
}
