import BatonCore
import BatonEngine
import BatonTestKit
import Testing

@testable import BatonAgents

/// When a provider is asked again, and when it is left alone.
@Suite(.timeLimit(.minutes(2))) struct PaceTests {
    private static let answer = WireServer.Reply(
        "200 OK",
        ["content-type: application/json"],
        #"{"model":"m","choices":[{"message":{"content":"Tea"},"finish_reason":"stop"}]}"#
    )

    private struct Rig {
        let server: WireServer
        let clock = ManualClock()
        let providers: Providers

        init(
            book: PaceBook? = nil,
            _ reply: @escaping @Sendable (WireServer.Request, Int) -> WireServer.Reply
        ) throws {
            self.server = try WireServer(reply)
            let base = "http://127.0.0.1:\(self.server.port)"
            let keys = KeyRing(environment: [
                "LLM_BASE_URL": base + "/v1", "LLM_API_KEY": "sk-0123456789", "ANTHROPIC_BASE_URL": base,
                "ANTHROPIC_API_KEY": "sk-0123456789",
            ])
            var patience = Patience()
            // Here time goes on as fast as it can, and no answer is late.
            (patience.firstByte, patience.silence, patience.whole) = (.seconds(1e9), .seconds(1e9), .seconds(1e9))
            self.providers = Providers(keys: keys, clock: self.clock, patience: patience, book: book)
        }

        func ask(_ model: String, others: [String] = [], task: TaskID = "a", again: Int = 0) async throws -> Thought {
            var agent = AgentProfile(id: "ada")
            (agent.model, agent.fallbackModels) = (model, others)
            let work = Work(run: "r", task: TaskSpec(id: task), agent: agent)
            let mind = try #require(ModelName(model).flatMap { self.providers.mind(of: $0) })
            var transcript = Transcript()
            transcript.again = again
            return await mind.answer(Prompt(work, after: transcript), to: work, after: transcript)
        }
    }

    private static func code(_ thought: Thought) -> String? {
        if case .failed(let failure, _) = thought { return failure.code }
        return nil
    }

    @Test(arguments: [("3", 3.0), ("Fri, 15 Jan 2027 08:00:07 GMT", 7), ("999999999", 600), ("soon", 1)])
    func `after 429 the next question of anybody goes out when the provider wants it`(
        wish: String,
        wait: Double
    ) async throws {
        let rig = try Rig { _, number in
            number == 1 ? WireServer.Reply("429 X", ["retry-after: \(wish)"], "") : Self.answer
        }
        let start = rig.clock.now()  // 2027-01-15T08:00:00Z
        #expect(Self.code(try await rig.ask("llm/m")) == "provider.limit")
        // Whoever looks for late answers sleeps too: time goes on until it is time, and no further.
        let time = Task {
            while !Task.isCancelled, rig.clock.now() < start + .seconds(wait) { await rig.clock.advanceToNextSleeper() }
        }
        defer { time.cancel() }
        #expect(Self.code(try await rig.ask("llm/m")) == nil)
        let waited = (rig.clock.now() - start).inSeconds
        #expect(waited >= wait, "\(waited)")
        #expect(rig.server.requests.count == 2)
    }

    // I-52: per provider.
    @Test func `a provider that rests lets the others work`() async throws {
        let rig = try Rig { request, _ in
            request.head.contains("/chat/completions")
                ? WireServer.Reply("500 X", [], "") : WireServer.Reply("400 X", [], "{}")
        }
        for _ in 0..<5 { #expect(Self.code(try await rig.ask("llm/m")) == "provider.broken") }
        #expect(Self.code(try await rig.ask("llm/m", others: ["llm/n"])) == "provider.resting")
        #expect(Self.code(try await rig.ask("claude-x", others: ["llm/n"])) == "provider.rejected", "it was asked")
        #expect(rig.server.requests.count == 6)
    }

    // I-52: survives restart.
    @Test func `a provider that rests is left alone by the next engine, too`() async throws {
        let folder = try TemporaryFolder()
        let first = try Rig(book: PaceBook(dataFolder: folder.path)) { _, _ in WireServer.Reply("500 X", [], "") }
        for _ in 0..<5 { _ = try await first.ask("llm/m") }
        let second = try Rig(book: PaceBook(dataFolder: folder.path)) { _, _ in Self.answer }
        #expect(Self.code(try await second.ask("llm/m", others: ["llm/n"])) == "provider.resting")
        second.clock.advance(by: .seconds(61))
        #expect(Self.code(try await second.ask("llm/m")) == nil)
        // It is well again, and nothing is kept of it.
        let third = try Rig(book: PaceBook(dataFolder: folder.path)) { _, _ in Self.answer }
        #expect(Self.code(try await third.ask("llm/m", others: ["llm/n"])) == nil)
    }

    @Test func `what stands in the file makes nobody wait for longer than a rest, whatever it is`() throws {
        let folder = try TemporaryFolder()
        for text in [
            "nonsense", "[1]", "{\"llm\": 7}",
            "{\"llm\": {\"rests_until\": 9223372036854775807, \"not_before\": 9223372036854775807}}",
        ] {
            _ = try folder.write(text, to: "providers.json")
            let now = Timestamp(microseconds: 1_000_000_000_000)
            var pace = ProviderPace()
            if let memory = PaceBook(dataFolder: folder.path).memory(of: "llm") { pace.recall(memory, now) }
            switch pace.ask(tokens: 1, now) {
            case .go(let start): #expect(start <= now + .seconds(600))
            case .rests(let until): #expect(until <= now + ProviderPace.rest)
            }
        }
    }

    // I-52: half-open once, with many at once.
    @Test func `of a hundred that come after the rest one looks how it is`() {
        let start = Timestamp(microseconds: 1_000_000_000_000)
        var pace = ProviderPace()
        for _ in 0..<ProviderPace.mostFailures { pace.ended(.failed, start) }
        let later = start + ProviderPace.rest
        let gone = (0..<100).count { _ in
            if case .go = pace.ask(tokens: 1, later) { return true }
            return false
        }
        #expect(gone == 1)
    }

    // I-26: a hundred agents that failed together must not ask again together.
    @Test func `two agents that failed together do not ask again together`() async throws {
        var waits: [Duration] = []
        for task in ["a", "b"] {
            let rig = try Rig { _, _ in Self.answer }
            let start = rig.clock.now()
            let asked = Task { try await rig.ask("llm/m", task: TaskID(task), again: 3) }
            await rig.clock.advanceToNextSleeper()
            waits.append(rig.clock.now() - start)
            #expect(Self.code(try await asked.value) == nil)
        }
        #expect(waits[0] != waits[1])
        for wait in waits { #expect(.seconds(3)...(.seconds(4)) ~= wait) }
    }
}
