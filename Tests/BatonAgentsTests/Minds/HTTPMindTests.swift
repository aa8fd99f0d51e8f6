import BatonCore
import BatonEngine
import BatonTestKit
import Testing

@testable import BatonAgents

/// A model asked by HTTP, with a server that does what it is told.
@Suite(.timeLimit(.minutes(5))) struct HTTPMindTests {
    private static let key = "sk-canary-0123456789"
    private static let whole: JSON = [
        "model": "m", "choices": [["message": ["content": "Tea"], "finish_reason": "stop"]],
        "usage": ["prompt_tokens": 50, "completion_tokens": 2],
    ]
    private static let answer = WireServer.Reply("200 OK", ["content-type: application/json"], "\(Self.whole)")

    /// Asks once, of a server that answers so.
    private struct Rig {
        let server: WireServer
        let clock = ManualClock()
        let providers: Providers
        var agent = AgentProfile(id: "ada")

        init(
            patience: Patience = Patience(),
            _ reply: @escaping @Sendable (WireServer.Request, Int) -> WireServer.Reply
        ) throws {
            self.server = try WireServer(reply)
            let environment = [
                "LLM_BASE_URL": "http://127.0.0.1:\(self.server.port)/v1", "LLM_API_KEY": HTTPMindTests.key,
                "ANTHROPIC_BASE_URL": "http://127.0.0.1:\(self.server.port)", "ANTHROPIC_API_KEY": HTTPMindTests.key,
            ]
            self.providers = Providers(keys: KeyRing(environment: environment), clock: self.clock, patience: patience)
            self.agent.model = "llm/m"
        }

        func ask(choice: Int = 0, again: Int = 0, saying live: LiveSink = .none) async -> Thought {
            let providers = self.providers
            let thinking = ThinkingPerformer(tools: ToolBox(projectFolder: "/", commands: nil)) {
                providers.mind(of: $0)
            }
            var transcript = Transcript()
            (transcript.choice, transcript.again) = (choice, again)
            let work = Work(run: "r", task: TaskSpec(id: "a"), agent: self.agent).saying(to: live)
            return await thinking.answer(work, after: transcript)
        }
    }

    private static func failure(_ thought: Thought) -> Failure? {
        if case .failed(let failure, _) = thought { return failure }
        Issue.record("it did not fail: \(thought)")
        return nil
    }

    private static func reply(_ thought: Thought) -> (Transcript.Reply, Usage)? {
        if case .replied(let reply, let usage) = thought { return (reply, usage) }
        return nil
    }

    @Test func `a question goes out with its key, and the answer comes back with its tokens`() async throws {
        let rig = try Rig { _, _ in Self.answer }
        let (reply, usage) = try #require(Self.reply(await rig.ask()))
        #expect(reply.text == "Tea")
        #expect(reply.model == "llm/m")
        #expect(usage.tokens == 52)
        #expect(usage.tokenKinds?.isEstimated == false)
        let request = try #require(rig.server.requests.first)
        #expect(request.head.hasPrefix("POST /v1/chat/completions HTTP/1.1"))
        #expect(request.header("authorization") == "Bearer \(Self.key)")
        let body = try JSON(parsing: request.body)
        #expect(body["max_tokens"] == 8192)
        #expect(body["stream"] == true)
    }

    @Test(arguments: [(0, 0), (7, 0), (1_000_000_000, 2)])
    func `a count that cannot be is none`(read: Int, written: Int) async throws {
        let rig = try Rig { _, _ in
            let message: JSON = ["content": "Tea is ready."]
            let usage: JSON = ["prompt_tokens": .integer(Int64(read)), "completion_tokens": .integer(Int64(written))]
            let body: JSON = ["choices": [["message": message, "finish_reason": "stop"]], "usage": usage]
            return WireServer.Reply("200 OK", ["content-type: application/json"], "\(body)")
        }
        let (_, usage) = try #require(Self.reply(await rig.ask()))
        #expect(usage.tokenKinds?.isEstimated == true)
        #expect(1...100_000 ~= usage.tokens)
    }

    @Test func `what an agent says of its model is asked for`() async throws {
        var rig = try Rig { _, _ in
            .stream(
                [
                    "data: {\"type\":\"message_start\",\"message\":{}}\n\n",
                    "data: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"text\":\"Tea\"}}\n\n",
                    "data: {\"type\":\"message_delta\",",
                    "\"delta\":{\"stop_reason\":\"end_turn\"}}\n\ndata: {\"type\":\"message_stop\"}\n\n",
                ],
                ending: .hang
            )
        }
        rig.agent.model = "claude-x"
        (rig.agent.maxTokens, rig.agent.temperature, rig.agent.streams) = (77, 0.5, false)
        let (_, usage) = try #require(Self.reply(await rig.ask()))
        #expect(usage.tokenKinds?.isEstimated == true)
        let request = try #require(rig.server.requests.first)
        #expect(request.header("x-api-key") == Self.key)
        #expect(request.header("anthropic-version") == "2023-06-01")
        let body = try JSON(parsing: request.body)
        #expect(body["max_tokens"] == 77)
        // This form has none any more.
        #expect(body["temperature"] == nil)
        #expect(body["stream"] == nil)
    }

    @Test(arguments: [
        ("claude-x", "name", "input_schema"), ("llm/m", "function", "parameters"),
    ])
    func `the tools of the agent are told, and the beginning of a question stays the same`(
        _ model: String,
        _ name: String,
        _ schema: String
    ) async throws {
        var rig = try Rig { _, _ in WireServer.Reply("400 X", [], "{}") }
        rig.agent.model = model
        rig.agent.tools = ["read_file", "ask_person"]
        _ = await rig.ask()
        rig.agent.name = "Bob"
        _ = await rig.ask()
        let bodies = try rig.server.requests.map { try JSON(parsing: $0.body) }
        let tools = try #require(bodies[0]["tools"])
        #expect(tools.elements?.count == 2)
        let told = name == "function" ? tools[0]?["function"] : tools[0]
        #expect(told?["name"] == "read_file")
        #expect(told?[schema] == BuiltInTool.named("read_file")?.input)
        #expect(bodies[1]["tools"] == tools)
        rig.agent.tools = []
        _ = await rig.ask()
        #expect(try JSON(parsing: try #require(rig.server.requests.last).body)["tools"] == nil)
    }

    @Test(arguments: [
        (429, "provider.limit", Failure.Class.transient), (529, "provider.overloaded", .transient),
        (503, "provider.overloaded", .transient), (500, "provider.broken", .transient),
        (502, "provider.broken", .transient),
        (408, "provider.broken", .transient), (401, "provider.key", .permanent), (403, "provider.key", .permanent),
        (402, "provider.unpaid", .permanent), (400, "provider.rejected", .permanent),
        (404, "provider.rejected", .permanent), (413, "provider.rejected", .permanent),
        (301, "provider.redirect", .permanent), (307, "provider.redirect", .permanent),
    ])
    func `each refusal has its code, and none tells the key`(
        _ status: Int,
        _ code: String,
        _ kind: Failure.Class
    )
        async throws
    {
        let rig = try Rig { _, _ in
            .init(
                "\(status) X",
                ["location: http://127.0.0.1:1/elsewhere", "retry-after: 3"],
                "{\"error\":{\"message\":\"wrong: \(Self.key)\"}}"
            )
        }
        let failure = try #require(Self.failure(await rig.ask()))
        #expect(failure.code == code)
        #expect(failure.kind == kind)
        #expect(failure.message.contains("wrong: [redacted:LLM_API_KEY]"))
        #expect(failure.retryAfter == (kind == .transient ? .seconds(3) : nil))
        #expect(rig.server.requests.count == 1)
    }

    @Test(arguments: 240...320)
    func `a key is taken out before anything is cut`(_ place: Int) async throws {
        let words = String(repeating: "x", count: place) + Self.key
        let rig = try Rig { _, number in
            number == 1
                ? .init("400 X", [], "{\"error\":{\"message\":\"\(words)\"}}")
                : .init("200 OK", [], "{\"error\":{\"type\":\"api_error\",\"message\":\"\(words)\"}}")
        }
        for _ in 0..<2 {
            let message = try #require(Self.failure(await rig.ask())).message
            #expect(!message.contains(Self.key.prefix(12)))
        }
    }

    @Test func `live lines tell no key, wherever they are cut, and as many as there are`() async throws {
        let long = String(repeating: "y", count: 3980) + Self.key + String(repeating: "z", count: 9000)
        let lines = Lines()
        var sink = AnswerCall.LiveLines(
            LiveSink { lines.append($0) },
            without: Secrets([APIKey(name: "K", secret: Self.key)])
        )
        for letter in long { sink.add(String(letter)) }
        sink.add(String(repeating: "a\n", count: 300_000))
        sink.end()
        #expect(!lines.all.joined().contains("canary"))
        #expect(lines.all.joined().contains("[redacted:K]"))
        #expect(lines.all.count < 300)
    }

    @Test func `a connection that is reset in the midst of an answer is no matter of the way there`() async throws {
        let rig = try Rig { _, _ in
            .init([
                Array("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"cho".utf8), Array("zz\r\n".utf8),
            ])
        }
        #expect(Self.failure(await rig.ask())?.code == "provider.cut_off")
    }

    @Test(arguments: [
        ("[{\"error\": {\"message\": \"API key not valid\"}}]", "API key not valid"),
        ("{\"detail\": \"Model not loaded\"}", "Model not loaded"), ("plainly no", "plainly no"),
    ])
    func `the reason of a refusal is found in each form`(_ body: String, _ reason: String) async throws {
        let rig = try Rig { _, _ in .init("400 X", [], body) }
        #expect(Self.failure(await rig.ask())?.message == "llm/m answers 400: \(reason)")
    }

    @Test func `a refusal that breaks off is still the refusal`() async throws {
        let rig = try Rig { _, _ in .init("401 X", ["content-length: 500"], "{\"error\":") }
        #expect(Self.failure(await rig.ask())?.code == "provider.key")
    }

    @Test func `a page of somebody in between is not quoted`() async throws {
        let rig = try Rig { _, _ in .init("502 Bad Gateway", [], "<html><h1>Bad gateway</h1></html>") }
        #expect(Self.failure(await rig.ask())?.message == "llm/m answers 502")
    }

    @Test(arguments: [
        (
            "no money", "provider.unpaid",
            "HTTP/1.1 429 X\r\n\r\n{\"error\":{\"code\":\"insufficient_quota\",\"message\":\"x\"}}"
        ),
        ("no JSON", "provider.malformed", "HTTP/1.1 200 OK\r\n\r\n{\"choices\":"),
        ("no answer", "provider.malformed", "HTTP/1.1 200 OK\r\n\r\n{}"),
        ("no reason", "provider.no_stop", "HTTP/1.1 200 OK\r\n\r\n{\"choices\":[{\"message\":{\"content\":\"x\"}}]}"),
        (
            "error after 200", "provider.broken",
            "HTTP/1.1 200 OK\r\n\r\n{\"error\":{\"type\":\"server_error\",\"message\":\"x\"}}"
        ),
        ("no HTTP", "provider.unreachable", "SSH-2.0-OpenSSH_9\r\n\r\n"),
        ("nothing", "provider.cut_off", ""),
        ("body cut", "provider.cut_off", "HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\n{\"choices\":["),
        ("gzip", "provider.malformed", "HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n\r\n\u{1F}\u{8B}"),
    ])
    func `what is no answer is named`(_ what: String, _ code: String, _ bytes: String) async throws {
        let rig = try Rig { _, _ in .init([Array(bytes.utf8)]) }
        #expect(Self.failure(await rig.ask())?.code == code)
    }

    @Test(arguments: [
        (
            "cut in the midst", "provider.cut_off",
            "data: {\"choices\":[{\"delta\":{\"content\":\"x\"}}]}\n\ndata: {\"cho"
        ),
        (
            "error in the midst", "provider.broken",
            "data: {\"error\":{\"type\":\"overloaded_error\",\"message\":\"x\"}}\n\n"
        ),
        (
            "limit in the midst", "provider.limit",
            "data: {\"error\":{\"type\":\"rate_limit_error\",\"message\":\"x\"}}\n\n"
        ),
        ("no JSON", "provider.malformed", "data: {]\n\n"),
        ("no form", "provider.malformed", "data: {}\n\n"),
        ("only comments", "provider.cut_off", ": ping\n\n: ping\n\n"),
        ("no reason", "provider.no_stop", "data: {\"choices\":[]}\n\ndata: [DONE]\n\n"),
    ])
    func `a stream that is no answer is named, and what it may have cost is reckoned`(
        _ what: String,
        _ code: String,
        _ events: String
    ) async throws {
        let rig = try Rig { _, _ in .stream([events]) }
        guard case .failed(let failure, let usage) = await rig.ask() else {
            Issue.record("it did not fail")
            return
        }
        #expect(failure.code == code)
        #expect(failure.kind == .transient)
        #expect(usage.tokenKinds?.isEstimated == true)
        #expect(usage.tokens > 0)
    }

    @Test func `nobody there is said so`() async throws {
        let rig = try Rig { _, _ in Self.answer }
        rig.server.stop()
        let failure = try #require(Self.failure(await rig.ask()))
        #expect(failure.code == "provider.unreachable")
        #expect(failure.kind == .transient)
    }

    @Test(arguments: [
        ("nothing comes", "provider.no_answer", 0), ("it falls silent", "provider.silent", 1),
    ])
    func `whoever is silent too long is not waited for`(_ what: String, _ code: String, _ events: Int) async throws {
        let pieces = Array(repeating: "data: {\"choices\":[{\"delta\":{\"content\":\"x\\n\"}}]}\n\n", count: events)
        let rig = try Rig { _, _ in events == 0 ? .init([], ending: .hang) : .stream(pieces, ending: .hang) }
        let (begun, lines) = (Gate(), Lines())
        let asked = Task {
            await rig.ask(
                saying: LiveSink {
                    lines.append($0)
                    begun.open()
                }
            )
        }
        // What has come is heard before time goes on.
        if events > 0 { await begun.wait() }
        let time = Task { while !Task.isCancelled { await rig.clock.advanceToNextSleeper() } }
        defer { time.cancel() }
        #expect(Self.failure(await asked.value)?.code == code)
        #expect(lines.all == Array(repeating: "x", count: events))
    }

    @Test func `one that is asked again waits longer each time, and is stopped while it waits`() async throws {
        let rig = try Rig { _, _ in Self.answer }
        let asked = Task { await rig.ask(again: 3) }
        await rig.clock.advanceToNextSleeper()
        _ = await asked.value
        // Less up to a quarter.
        #expect(.seconds(3)...(.seconds(4)) ~= rig.clock.now() - ManualClock().now())
        let stopped = Task { await rig.ask(again: 3) }
        stopped.cancel()
        guard case .stopped(let usage) = await stopped.value else {
            Issue.record("it was not stopped")
            return
        }
        #expect(usage == .none)
        #expect(rig.server.requests.count == 1)
    }

    @Test func `a provider that rests is passed over by whoever has another model, and waited for by the last`()
        async throws
    {
        let rig = try Rig { _, number in number <= 5 ? .init("500 X", [], "") : Self.answer }
        for _ in 0..<5 { #expect(Self.failure(await rig.ask())?.code == "provider.broken") }
        var choosy = rig
        choosy.agent.fallbackModels = ["llm/n"]
        #expect(Self.failure(await choosy.ask())?.code == "provider.resting")
        let last = Task { [choosy] in await choosy.ask(choice: 1) }
        // First whoever looks for late answers, and finds none; then the end of the rest.
        for _ in 0..<2 { await rig.clock.advanceToNextSleeper() }
        let (reply, _) = try #require(Self.reply(await last.value))
        #expect(reply.model == "llm/n")
        #expect(rig.server.requests.count == 6)
    }

    @Test func `the words of an answer are there while they come`() async throws {
        let rig = try Rig { _, _ in
            .stream([
                "data: {\"choices\":[{\"delta\":{\"content\":\"one\\ntw\"}}]}\n\n",
                "data: {\"choices\":[{\"delta\":{\"content\":\"o\"},\"finish_reason\":\"stop\"}]}\n\n",
            ])
        }
        let lines = Lines()
        let work = Work(run: "r", task: TaskSpec(id: "a"), agent: rig.agent).saying(to: LiveSink { lines.append($0) })
        let mind = try #require(ModelName("llm/m").flatMap { rig.providers.mind(of: $0) })
        _ = await mind.answer(Prompt(work, after: Transcript()), to: work, after: Transcript())
        #expect(lines.all == ["one", "two"])
    }
}
