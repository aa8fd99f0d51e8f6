import BatonCore
import BatonEngine
import BatonTestKit
import NIOCore
import Testing

@testable import BatonServer

/// Many who follow one run: its events are encoded once, and nobody waits for anybody.
@Suite struct EventBroadcastTests {
    private static func positions(_ buffers: [ByteBuffer], _ decoder: inout EventStreamDecoder) throws -> [Int64] {
        // By the standard a message without an id has that of the one before.
        try buffers.flatMap { try decoder.take($0.readableBytesView) }.filter { $0.event != "figures" }
            .compactMap { Int64($0.id) }
    }

    private static func finished(
        _ tasks: Int,
        _ body: @escaping @Sendable (Engine, RunID, Int64) async throws -> Void
    ) async throws {
        let engine = Engine(journal: MemoryJournal()) { _ in ScriptedPerformer { _ in .done("done") } }
        try await engine.running { engine in
            let handle = try await engine.start(chain(tasks))
            _ = try await handle.outcome()
            let head = try #require(try await engine.journal.head(of: handle.id))
            try await body(engine, handle.id, head.position.value)
        }
    }

    @Test func `fifty clients that follow a run have each of its events encoded once`() async throws {
        try await Self.finished(100) { engine, run, last in
            let broadcasts = EventBroadcasts()
            let readers = (0..<50).map { _ in broadcasts.enter(engine, run, .event, after: 0) }
            try await withThrowingTaskGroup(of: Void.self) { group in
                for reader in readers {
                    group.addTask {
                        var (reader, decoder) = (reader, EventStreamDecoder())
                        var seen: [Int64] = []
                        while let next = try await reader.next() { seen += try Self.positions(next, &decoder) }
                        #expect(seen == Array(1...last))
                    }
                }
                try await group.waitForAll()
            }
            #expect(broadcasts.encoded.value == Int(last))
            #expect(broadcasts.count == 50)
            for _ in readers { broadcasts.leave(run, .event) }
            #expect(broadcasts.count == 0)
        }
    }

    // Only the newest part is kept: whoever is not the quickest goes on alone, and comes back.
    @Test(arguments: 1...20)
    func `whoever falls behind or comes late gets every event once`(seed: UInt64) async throws {
        try await Self.finished(150) { engine, run, last in
            var draws = SplitMix64(seed: seed)
            let count = EncodingCount()
            let start = Int64(draws.below(Int(last)))
            let broadcast = EventBroadcast(
                engine.pacedFacts(of: run),
                .event,
                after: start,
                largestKept: draws.below(3) * 2000,
                count: count
            )
            var readers: [(reader: EventReader, decoder: EventStreamDecoder, seen: [Int64])] = []
            var isOver: [Bool] = []
            while readers.count < 6 || isOver.contains(false) {
                let number = draws.below(6)
                if number >= readers.count {
                    let after = readers.isEmpty ? start : Int64(draws.below(Int(last)))
                    let journal = JournalReader(engine.journal)
                    let reader = EventReader(broadcast, journal, .event, after: after, count: count)
                    readers.append((reader, EventStreamDecoder(), [after]))
                    isOver.append(false)
                } else if let next = try await readers[number].reader.next() {
                    readers[number].seen += try Self.positions(next, &readers[number].decoder)
                } else {
                    isOver[number] = true
                }
            }
            for reader in readers { #expect(reader.seen == Array((reader.seen.first ?? 0)...last)) }
        }
    }

    @Test func `a client that goes away does not wait for the next event`() async throws {
        let gate = Gate()
        let engine = Engine(journal: MemoryJournal()) { _ in
            ScriptedPerformer { _ in
                await gate.wait()
                return .done("done")
            }
        }
        try await engine.running { engine in
            let handle = try await engine.start(chain(1))
            let broadcasts = EventBroadcasts()
            let first = broadcasts.enter(engine, handle.id, .event, after: 0)
            let leaving = Task {
                var reader = first
                while try await reader.next() != nil {}
            }
            leaving.cancel()
            await #expect(throws: CancellationError.self) { try await leaving.value }
            broadcasts.leave(handle.id, .event)
            gate.open()
            _ = try await handle.outcome()
        }
    }
}
