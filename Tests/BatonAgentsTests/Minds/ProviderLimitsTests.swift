import BatonCore
import BatonEngine
import BatonTestKit
import Testing

@testable import BatonAgents

/// How often a provider may be asked is said by a file, holds for everybody, and a wait is told.
@Suite(.timeLimit(.minutes(2))) struct ProviderLimitsTests {
    @Test func `the file names providers and what they allow`() throws {
        let limits = try ProviderLimits.read(
            Array(#"{"anthropic": {"requests_per_minute": 50, "tokens_per_minute": 40000}, "llm": {}}"#.utf8)
        )
        #expect(
            limits == [
                "anthropic": ProviderPace.Limits(requestsPerMinute: 50, tokensPerMinute: 40000),
                "llm": ProviderPace.Limits(),
            ]
        )
    }

    @Test(
        arguments: [
            ("[", "no JSON"), ("[]", "no object"), (#"{"nobody": {}}"#, "nobody is no provider"),
            (#"{"llm": 5}"#, "llm is no object"), (#"{"llm": {"requests": 5}}"#, "llm.requests is no limit"),
            (#"{"llm": {"requests_per_minute": 0}}"#, "llm.requests_per_minute is no count"),
            (#"{"llm": {"tokens_per_minute": 1e40}}"#, "llm.tokens_per_minute is no count"),
        ]
    )
    func `what is wrong with it is said with its place`(file: String, words: String) {
        let refusal = #expect(throws: Refusal.self) { try ProviderLimits.read(Array(file.utf8)) }
        #expect(refusal?.code == ProviderLimits.code && refusal?.message.contains(words) == true, "\(refusal as Any)")
    }

    @Test func `two runs share what a provider allows, and who waits says for how long`() async throws {
        let body = #"{"model":"m","choices":[{"message":{"content":"Tea"},"finish_reason":"stop"}]}"#
        let server = try WireServer { _, _ in
            WireServer.Reply("200 OK", ["content-type: application/json"], body)
        }
        defer { server.stop() }
        let clock = ManualClock()
        let keys = KeyRing(environment: ["LLM_BASE_URL": "http://127.0.0.1:\(server.port)/v1"])
        // One at once, and the next one ten seconds later.
        var patience = Patience()
        // Nothing but the turn is waited for by this clock.
        (patience.firstByte, patience.silence, patience.whole) = (.seconds(1e9), .seconds(1e9), .seconds(1e9))
        let limits = ["llm": ProviderPace.Limits(requestsPerMinute: 3)]
        let providers = Providers(keys: keys, clock: clock, patience: patience, limits: limits)
        let mind = try #require(ModelName("llm/m").flatMap { providers.mind(of: $0) })
        let said = Lines()
        let ask = { @Sendable (run: RunID) async -> Thought in
            let work = Work(run: run, task: TaskSpec(id: "a"), agent: AgentProfile(id: "ada"))
                .saying(to: LiveSink { said.append("\(run): \($0)") })
            return await mind.answer(Prompt(work, after: Transcript()), to: work, after: Transcript())
        }
        _ = await ask("first")
        let start = clock.now()
        let second = Task { await ask("second") }
        while said.all.allSatisfy({ !$0.contains("waits") }) { await Task.yield() }
        await clock.advanceToNextSleeper()
        let thought = await second.value
        guard case .replied = thought else {
            Issue.record("\(thought)")
            return
        }
        #expect(
            said.all.filter { $0.contains("waits") } == [
                "second: waits 10 s: llm is asked no more often than it allows"
            ]
        )
        #expect(clock.now() - start >= .seconds(10) && server.requests.count == 2)
    }
}
