import AsyncHTTPClient
import BatonCore
import BatonEngine
import BatonTestKit
import Foundation
import NIOCore
import Testing

@testable import BatonServer

/// The figures of a run in its event stream: live, shared, and nobody's place is moved by them.
@Suite struct FigureTests {
    /// What one client has got.
    private struct Client {
        var reader: EventReader
        var decoder = EventStreamDecoder()
        var text = ""
        var seen: [Int64] = []
        var figures: [JSON] = []

        init(_ reader: EventReader) { self.reader = reader }

        /// False at the end.
        mutating func next() async throws -> Bool {
            guard let buffers = try await self.reader.next() else { return false }
            for buffer in buffers {
                self.text += String(buffer: buffer)
                for message in try self.decoder.take(buffer.readableBytesView) {
                    if message.event == "figures" {
                        self.figures.append(try JSON(parsing: message.data))
                    } else if let position = Int64(message.id) {
                        self.seen.append(position)
                    }
                }
            }
            return true
        }
    }

    private static func busy(
        _ tasks: Int,
        clock: ManualClock = ManualClock(),
        gate: Gate,
        _ body: @escaping @Sendable (Engine, RunID) async throws -> Void
    ) async throws {
        let begun = Gate()
        let performer = ScriptedPerformer { work in
            guard work.task.id != "t0" else { return .done("done", Self.spent) }
            begun.open()
            await gate.wait()
            return .done("done")
        }
        let engine = Engine(journal: MemoryJournal(), clock: clock) { _ in performer }
        try await engine.running { engine in
            let run = try await engine.start(chain(tasks)).id
            await begun.wait()
            try await body(engine, run)
        }
    }

    private static var spent: Usage {
        var usage = Usage()
        usage.money = Money(microUSD: 250_000)
        usage.tokens = 1200
        return usage
    }

    @Test func `figures tell how far, how fast, how well and for how much, and carry no id`() async throws {
        let (clock, gate) = (ManualClock(), Gate())
        try await Self.busy(4, clock: clock, gate: gate) { engine, run in
            clock.advance(by: .seconds(30))
            let broadcasts = EventBroadcasts()
            let head = try #require(try await engine.journal.head(of: run)).position
            var client = Client(broadcasts.enter(engine, run, .event, after: 0, figuresFrom: head))
            while client.figures.isEmpty { #expect(try await client.next()) }
            let told = try #require(client.figures.last)
            #expect(told["run"]?.string == run.text)
            #expect(told["position"] == .integer(try #require(client.seen.last)))
            #expect(told["completed_tasks"] == 1 && told["total_tasks"] == 4 && told["running_tasks"] == 1)
            #expect(told["progress_percentage"] == .number(25))
            #expect(told["tasks_per_minute"] == .number(2))
            #expect(told["success_rate"] == .number(100))
            #expect(told["load"] == .number(1))
            #expect(told["money_usd"] == .number(0.25) && told["tokens"] == 1200)
            gate.open()
            while try await client.next() {}
            #expect(client.figures.last?["progress_percentage"] == .number(100))
            #expect(client.figures.last?["position"] == .integer(try #require(client.seen.last)))
            for message in client.text.split(separator: "\n\n") {
                #expect(message.contains("event: figures") != message.hasPrefix("id: "), "\(message.prefix(80))")
            }
            broadcasts.leave(run, .event)
        }
    }

    @Test func `whoever comes back with the last id misses no event and gets none twice, whatever figures came`()
        async throws
    {
        let gate = Gate()
        try await Self.busy(40, gate: gate) { engine, run in
            gate.open()
            let broadcasts = EventBroadcasts()
            var draws = SplitMix64(seed: 8)
            var seen: [Int64] = []
            var figures = 0
            while true {
                let head = try #require(try await engine.journal.head(of: run))
                if head.isEnded, seen.last == head.position.value { break }
                let after = seen.last ?? 0
                var client = Client(broadcasts.enter(engine, run, .event, after: after, figuresFrom: head.position))
                for _ in 0..<1 + draws.below(3) { guard try await client.next() else { break } }
                seen += client.seen
                figures += client.figures.count
                for told in client.figures { #expect(told["position"]?.integer ?? 0 <= seen.last ?? 0) }
                broadcasts.leave(run, .event)
            }
            #expect(seen == Array(1...Int64(seen.count)))
            #expect(figures > 0)
        }
    }

    // What comes next to each of them, all at once.
    private static func next(of clients: [Client]) async throws -> [Client] {
        try await withThrowingTaskGroup(of: Client.self) { group in
            for client in clients {
                group.addTask {
                    var client = client
                    _ = try await client.next()
                    return client
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
    }

    @Test func `a thousand who watch a run that waits share figures, and get them again as time goes on`() async throws
    {
        let gate = Gate()
        try await Self.busy(3, gate: gate) { engine, run in
            let head = try #require(try await engine.journal.head(of: run)).position
            let after = head.value
            // Its own clock: nobody else sleeps by it.
            let (clock, count, figured) = (ManualClock(), EncodingCount(), EncodingCount())
            let broadcast = EventBroadcast(
                engine.pacedFacts(of: run),
                .event,
                after: after,
                figuresFrom: head,
                clock: clock,
                count: count,
                figured: figured
            )
            let readers = (0..<1000).map { _ in
                EventReader(broadcast, JournalReader(engine.journal), .event, after: after, count: count)
            }
            // There is no event to come: figures alone are there at once.
            var clients = try await Self.next(of: readers.map { Client($0) })
            #expect(figured.value == 1)
            await clock.advanceToNextSleeper()
            clients = try await Self.next(of: clients)
            for client in clients {
                #expect(client.seen.isEmpty)
                #expect(client.figures.count == 2)
                #expect(client.figures.first?["completed_tasks"] == 1)
            }
            #expect(figured.value == 2)
            #expect(clock.now() == ManualClock().now() + EventBroadcast.interval)
            broadcast.stop()
            gate.open()
        }
    }

    @Test func `what was before is told without figures, and so are the journal's own lines`() async throws {
        let gate = Gate()
        gate.open()
        try await Self.busy(30, gate: gate) { engine, run in
            _ = try await engine.facts(of: run).all()
            let head = try #require(try await engine.journal.head(of: run)).position
            let broadcasts = EventBroadcasts()
            var client = Client(broadcasts.enter(engine, run, .event, after: 0, figuresFrom: head))
            while try await client.next() {}
            #expect(client.figures.count == 1)
            #expect(client.figures[0]["position"] == .integer(head.value))
            var folder = Client(broadcasts.enter(engine, run, .journal, after: 0))
            while try await folder.next() {}
            #expect(folder.figures.isEmpty)
        }
    }

    private static func text(_ path: String, at socket: String) async throws -> String {
        let host = socket.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        let request = HTTPClientRequest(url: "http+unix://\(host)\(path)")
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        return String(buffer: try await response.body.collect(upTo: 1 << 24))
    }

    @Test func `they come over the socket, and the client that folds facts is not disturbed`() async throws {
        let engine = Engine(journal: MemoryJournal()) { _ in ScriptedPerformer { _ in .done("done") } }
        try await engine.running { engine in
            try await Served.lend(engine) { client, socket in
                let run = try await client.start(chain(3), Engine.StartOptions(), ada).run
                let facts = try await client.facts(of: run).all()
                #expect(facts.map(\.position.value) == Array(1...Int64(facts.count)))
                let text = try await Self.text("/v1/runs/\(run)/events", at: socket)
                #expect(text.contains("event: figures\ndata: {"))
                #expect(text.contains("\"progress_percentage\":100"))
            }
        }
    }
}
