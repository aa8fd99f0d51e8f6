import BatonCore
import BatonEngine
import BatonSimulation
import BatonTestKit
import NIOCore
import Testing

@testable import BatonServer

@Suite struct EventStreamDecoderTests {
    private static func messages(_ text: String) throws -> [EventStreamDecoder.Message] {
        var decoder = EventStreamDecoder()
        return try decoder.take(text.utf8)
    }

    @Test func `messages are read as the standard says`() throws {
        let text =
            "\u{FEFF}: hello\nid: 7\nevent: a\ndata: one\ndata:two\n\ndata: x\r\n\r\nevent: lost\n\ndata\r\rid: 8\u{0}\n"
        let read = try Self.messages(text)
        #expect(read.map(\.id) == ["7", "7", "7"])
        #expect(read.map(\.event) == ["a", "message", "message"])
        #expect(read.map { String(decoding: $0.data, as: UTF8.self) } == ["one\ntwo", "x", ""])
    }

    @Test func `it does not matter where the bytes are cut`() throws {
        var draws = SplitMix64(seed: 11)
        let alphabet = [
            "id: 1\n", "data: é\u{1F600}\n", "\r\n", "\n", "\r", ": c\n", "event: e\r\n", "data", ":", " ", "x",
        ]
        for _ in 0..<2000 {
            let text = (0..<draws.below(20)).map { _ in alphabet[draws.below(alphabet.count)] }.joined()
            let whole = try Self.messages(text)
            var decoder = EventStreamDecoder()
            var parts: [EventStreamDecoder.Message] = []
            var bytes = Array(text.utf8)[...]
            while !bytes.isEmpty {
                let count = 1 + draws.below(4)
                parts += try decoder.take(bytes.prefix(count))
                bytes = bytes.dropFirst(count)
            }
            #expect(parts == whole)
        }
    }

    @Test func `random bytes never trap`() throws {
        var draws = SplitMix64(seed: 12)
        for _ in 0..<2000 {
            var decoder = EventStreamDecoder()
            _ = try decoder.take((0..<draws.below(200)).map { _ in UInt8(draws.below(256)) })
        }
    }
}

@Suite struct EventStreamTests {
    // The positions of one stream from a position on, as a client sees them.
    private static func positions(_ facts: [Recorded], after: Int64) throws -> [Int64] {
        var encoder = EventStreamEncoder(.event)
        var decoder = EventStreamDecoder()
        return try decoder.take(encoder.events(facts, after: after).buffer(after: after).readableBytesView).compactMap {
            Int64($0.id)
        }
    }

    @Test func `a client that comes back gets every event once`() throws {
        let facts = try Schedule.seed(3).history()
        var draws = SplitMix64(seed: 5)
        for _ in 0..<50 {
            var seen: [Int64] = []
            while Int(seen.last ?? 0) < facts.count {
                let reach = min(facts.count, Int(seen.last ?? 0) + 1 + draws.below(20))
                seen += try Self.positions(Array(facts[..<reach]), after: seen.last ?? 0)
            }
            #expect(seen == Array(1...Int64(facts.count)))
        }
    }

    @Test func `the events are those that baton events prints`() throws {
        let facts = try Schedule.seed(4).history()
        var view = try #require(EventView(facts[0]))
        let printed = facts.map { view.view($0).json }
        var encoder = EventStreamEncoder(.event)
        var decoder = EventStreamDecoder()
        let sent = try decoder.take(encoder.events(facts, after: 0).buffer(after: 0).readableBytesView).map {
            try JSON(parsing: $0.data)
        }
        #expect(sent == printed)
    }
}
