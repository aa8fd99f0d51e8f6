import BatonCore
import BatonTestKit
import Foundation
import Synchronization
import Testing

/// Plans whose agents ask models by HTTP, played by the real program.
@Suite(.ownThreads, .timeLimit(.minutes(30))) struct ModelRunTests {
    private static let canary = "sk-canary-7f3a9b1c5d"
    private let folder: TemporaryFolder

    init() throws { self.folder = try TemporaryFolder() }

    private func baton(_ server: WireServer, key: String? = Self.canary) -> Binary {
        var environment = [
            "ANTHROPIC_BASE_URL": "http://127.0.0.1:\(server.port)",
            "OPENAI_BASE_URL": "http://127.0.0.1:\(server.port)/v1",
            "LLM_BASE_URL": "http://127.0.0.1:\(server.port)/v1",
        ]
        if let key { for name in ["ANTHROPIC_API_KEY", "OPENAI_API_KEY"] { environment[name] = key } }
        return Binary(folder: self.folder.path, environment: environment)
    }

    private func plan(_ text: String) throws { _ = try self.folder.write(text, to: "plan.yml") }

    /// A whole answer in the form of the address that was asked.
    private static func answer(_ request: WireServer.Request, _ text: String, calls: [JSON] = []) -> WireServer.Reply {
        let address = request.head.split(separator: " ").dropFirst().first ?? ""
        let body: JSON
        switch address {
        case "/v1/messages":
            body = [
                "type": "message", "model": "m", "content": [["type": "text", "text": .string(text)]],
                "stop_reason": "end_turn", "usage": ["input_tokens": 500, "output_tokens": 2],
            ]
        case "/v1/responses":
            let part: JSON = ["type": "message", "content": [["type": "output_text", "text": .string(text)]]]
            body = ["status": "completed", "model": "m", "output": [part]]
        default:
            let message: JSON = ["content": .string(text), "tool_calls": .array(calls)]
            body = ["model": "m", "choices": [["message": message, "finish_reason": "stop"]]]
        }
        return WireServer.Reply("200 OK", ["content-type: application/json"], "\(body)")
    }

    private static let threeForms = """
        project_id: forms
        agents:
          - {agent_id: ada, model: anthropic/m}
          - {agent_id: bob, model: openai/m, fallback_models: [openai-chat/m]}
          - {agent_id: cyd, model: openai-chat/m}
          - {agent_id: sh, command: [sh, -c, 'cat; env']}
        tasks:
          - {task_id: a, description: Write a title., assigned_agent: ada}
          - {task_id: b, description: Write a title., assigned_agent: bob}
          - {task_id: c, description: Join them., assigned_agent: cyd, dependencies: [a, b]}
          - {task_id: d, description: Print it., assigned_agent: sh, dependencies: [c]}
        """

    @Test func `agents ask their providers, and are told what was done before`() throws {
        let server = try WireServer { request, _ in
            let text = String(decoding: request.body, as: UTF8.self)
            return Self.answer(request, text.contains("Result of a, from the agent ada:\\nTea") ? "joined" : "Tea")
        }
        defer { server.stop() }
        try self.plan(Self.threeForms)
        let run = try self.baton(server)("run", "plan.yml", "--id", "r")
        #expect(run.code == 0, "\(run.output)\(run.errors)")
        #expect(try self.baton(server)("show", "r", "c").output.contains("joined"))
        let events = try self.baton(server)("events", "r").output
        #expect(events.contains("anthropic/m answered"))
        #expect(events.contains("openai-chat/m answered"))
    }

    @Test func `a planted key is found nowhere`() throws {
        // A provider that says it wherever it can.
        let server = try WireServer { request, number in
            number % 3 == 1
                ? WireServer.Reply("500 X", [], "{\"error\": {\"message\": \"bad key \(Self.canary)\"}}")
                : Self.answer(request, "your key is \(Self.canary), \(number)")
        }
        defer { server.stop() }
        try self.plan(Self.threeForms)
        let path = try self.folder.write("LLM_API_KEY=\(Self.canary)\n", to: ".env")
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
        let baton = self.baton(server)
        var said = try baton("run", "plan.yml", "--id", "r").everything
        for command in [
            ["show", "r", "d"], ["events", "r", "--json"], ["why", "r"], ["report", "r"],
            ["export", "r", "-o", "r.baton"],
        ] {
            said += try baton.run(command).everything
        }
        #expect(said.contains("[redacted:ANTHROPIC_API_KEY]"))
        #expect(!said.contains(Self.canary))
        try FileManager.default.removeItem(atPath: path)
        let names =
            FileManager.default.enumerator(atPath: self.folder.path)?.allObjects.compactMap { $0 as? String } ?? []
        #expect(names.contains { $0.hasSuffix("journal.sqlite") })
        for name in names {
            let bytes = FileManager.default.contents(atPath: self.folder(name)) ?? Data()
            #expect(bytes.firstRange(of: Data(Self.canary.utf8)) == nil, "\(name)")
        }
    }

    @Test func `a key that is missing is said before the first task`() throws {
        let server = try WireServer { request, _ in Self.answer(request, "x") }
        defer { server.stop() }
        try self.plan(Self.threeForms)
        let run = try self.baton(server, key: nil)("run", "plan.yml", "--id", "r")
        #expect(run.code != 0)
        #expect(run.errors.contains("error[provider.key]"))
        #expect(run.errors.contains("ANTHROPIC_API_KEY is not set, and ada needs it"))
        #expect(run.errors.contains("OPENAI_API_KEY is not set, and bob, cyd need it"))
        #expect(run.errors.contains("set ANTHROPIC_API_KEY") && run.errors.contains("set OPENAI_API_KEY"))
        #expect(try !self.baton(server)("runs").output.contains("forms"))
        #expect(server.requests.isEmpty)
    }

    @Test func `a run does not go on without the key that its agents need, and is not lost`() throws {
        let asked = DispatchSemaphore(value: 0)
        let server = try WireServer { request, number in
            if number == 1 { asked.signal() }
            return number == 1 ? WireServer.Reply([], ending: .hang) : Self.answer(request, "x")
        }
        defer { server.stop() }
        try self.plan(Self.threeForms)
        let running = try self.baton(server).start(["run", "plan.yml", "--id", "r"])
        asked.wait()
        running.send(SIGKILL)
        while running.nextLine() != nil {}
        _ = running.wait()
        let refused = try self.baton(server, key: nil)("resume", "r")
        #expect(refused.code == 65)
        #expect(refused.errors.contains("error[provider.key]"))
        // An engine for all runs goes on without this one, takes no new one, and says why.
        let path = try self.folder.write("OPENAI_API_KEY=\(Self.canary)\n", to: ".env")
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        let serving = try self.baton(server, key: nil).start(["serve"])
        while !serving.errors.contains("an engine serves") { sched_yield() }
        #expect(serving.errors.contains("run r is left as it is: error[provider.key]"))
        #expect(serving.errors.contains("/.env is not used, as others can read it; chmod 600"))
        let new = try self.baton(server, key: nil)("run", "plan.yml", "--id", "s")
        #expect(new.errors.contains("error[provider.key]"), "\(new)")
        serving.send(SIGTERM)
        #expect(serving.wait() == 0)
        #expect(try self.baton(server)("resume", "r").code == 0)
    }

    @Test func `what models cost is told by agent, task and model, and what is not known is named`() throws {
        let server = try WireServer { request, number in
            number == 1 ? WireServer.Reply("500 X", [], "") : Self.answer(request, "Tea")
        }
        defer { server.stop() }
        try self.plan(
            """
            project_id: paid
            agents: [{agent_id: ada, model: claude-sonnet-4-5}, {agent_id: bob, model: llm/mine}]
            tasks:
              - {task_id: a, description: Write., assigned_agent: ada}
              - {task_id: b, description: Write., assigned_agent: bob, dependencies: [a]}
            """
        )
        #expect(try self.baton(server)("run", "plan.yml", "--id", "r").code == 0)
        let text = try self.baton(server)("cost", "r").output
        #expect(text.contains("Run r: 3 questions, 0.00153 USD and more"), "\(text)")
        #expect(text.contains("No price is known for llm/mine"))
        #expect(text.contains("Some tokens are reckoned"))
        let json = try JSON(parsing: Array(try self.baton(server)("cost", "r", "--json").output.utf8))
        #expect(json["calls"] == 3)
        #expect(json["failures"] == 1)
        #expect(json["agents"]?[0]?["money_usd"] == 0.00153)
        #expect(json["models"]?[1]?["unpriced"] == 1)
        // With a price of one's own.
        _ = try self.folder.write("{\"llm/mine\": {\"input\": 1, \"output\": 1}}", to: ".baton/prices.json")
        #expect(try self.baton(server)("run", "plan.yml", "--id", "s").code == 0)
        #expect(try !self.baton(server)("cost", "s").output.contains("No price"))
        #expect(try self.baton(server)("cost", "--prices").output.contains("llm/mine"))
        _ = try self.folder.write("{\"llm/mine\": 1}", to: ".baton/prices.json")
        #expect(try self.baton(server)("run", "plan.yml").errors.contains("error[price.file]"))
    }

    private func planOfTwo(budget: String) throws {
        try self.plan(
            """
            project_id: tight
            budget: \(budget)
            agents: [{agent_id: ada, model: claude-sonnet-4-5, max_tokens: 100}]
            tasks:
              - {task_id: a, description: Write., assigned_agent: ada}
              - {task_id: b, description: Write., assigned_agent: ada, dependencies: [a]}
            """
        )
    }

    @Test func `a budget that is too small is asked about, and goes on with the new one`() throws {
        let server = try WireServer { request, _ in Self.answer(request, "Tea") }
        defer { server.stop() }
        // What one question may cost: some 2,300 tokens to read, at 3.75 for a million, and 100 to write, at 15.
        try self.planOfTwo(budget: "{usd: 0.0105}")
        let checked = try self.baton(server)("check", "plan.yml").output
        #expect(checked.contains("models will cost about 0.0036 to 0.011 USD for 2 tasks"), "\(checked)")
        try self.planOfTwo(budget: "{usd: 0.01}")
        let run = try self.baton(server)("run", "plan.yml", "--id", "r")
        #expect(run.code == 2, "\(run)")
        #expect(run.everything.contains("The budget of the run is too small: 0.00153 USD of 0.01 USD are spent"))
        #expect(server.requests.count == 1)
        #expect(try self.baton(server)("answer", "r", "q1", "0.001").errors.contains("answer with more than 0.01 USD"))
        #expect(try self.baton(server)("answer", "r", "q1", "$0.05").code == 0)
        #expect(try self.baton(server)("resume", "r").code == 0)
        #expect(server.requests.count == 2)
        let cost = try self.baton(server)("cost", "r").output
        #expect(cost.contains("Budget of the run: 0.00306 USD of 0.05 USD are spent."), "\(cost)")
        // A larger sum beside it takes nothing from what the plan says.
        #expect(try self.baton(server)("run", "plan.yml", "--id", "capped", "--max-cost", "5").code == 2)
    }

    @Test func `--max-cost ends what would cost more, and begins nothing that costs more in any case`() throws {
        let server = try WireServer { request, _ in Self.answer(request, "Tea") }
        defer { server.stop() }
        try self.planOfTwo(budget: "{}")
        let none = try self.baton(server)("run", "plan.yml", "--id", "r", "--max-cost", "0.001")
        #expect(none.errors.contains("error[budget.estimate]"), "\(none)")
        let some = try self.baton(server)("run", "plan.yml", "--id", "s", "--max-cost", "0.01")
        #expect(some.code == 1, "\(some)")
        #expect(some.everything.contains("[budget.spent]"), "\(some)")
        #expect(server.requests.count == 1)
    }

    @Test func `a file of limits that is wrong is refused before a run, with its place`() throws {
        let server = try WireServer { request, _ in Self.answer(request, "Tea") }
        defer { server.stop() }
        let baton = self.baton(server)
        try self.plan(
            "project_id: p\nagents: [{agent_id: ada, model: llm/m}]\ntasks: [{task_id: a, description: Brew.}]"
        )
        #expect(try baton("run", "plan.yml", "--id", "r").code == 0)
        _ = try self.folder.write(#"{"lllm": {"requests_per_minute": 1}}"#, to: ".baton/limits.json")
        let refused = try baton("run", "plan.yml", "--id", "s")
        #expect(refused.code != 0 && refused.errors.contains("limits.json: lllm is no provider"), "\(refused)")
    }

    @Test func `a model without a price is refused under a budget of money`() throws {
        let server = try WireServer { request, _ in Self.answer(request, "Tea") }
        defer { server.stop() }
        try self.plan(
            """
            project_id: unknown
            budget: {usd: 1}
            agents: [{agent_id: ada, model: llm/mine}]
            tasks: [{task_id: a, description: Write.}]
            """
        )
        #expect(try self.baton(server)("check", "plan.yml").output.contains("no budget of money holds llm/mine"))
        let run = try self.baton(server)("run", "plan.yml", "--id", "r")
        #expect(run.code == 65)
        #expect(run.errors.contains("error[budget.unpriced]: nobody knows what llm/mine costs"), "\(run)")
        #expect(server.requests.isEmpty)
    }

    /// An agent that calls a tool that it has not until it has been answered so often.
    private func talk(
        turns: Int,
        words: String = "",
        then: @escaping @Sendable (Int) -> Void = { _ in }
    ) throws -> WireServer {
        try self.plan(
            """
            project_id: long
            agents: [{agent_id: ada, model: llm/m, limits: {max_iterations: 1000}}]
            tasks: [{task_id: a, description: Write.}]
            """
        )
        return try WireServer { request, number in
            // Looking through all that was said takes its time; where nothing is asked twice counting is enough.
            let asked = words.isEmpty ? request.body.ranges(of: Array("\"role\":\"tool\"".utf8)).count + 1 : number
            then(asked)
            let call: JSON = [
                "id": .string("c\(asked)"), "function": ["name": "look", "arguments": .string("{\"n\": \(asked)}")],
            ]
            return Self.answer(
                request,
                asked == turns ? "done" : words.isEmpty ? "" : "\(asked) \(words)",
                calls: asked < turns ? [call] : []
            )
        }
    }

    @Test func `after kill -9 in the midst of twenty questions at most one is asked twice`() throws {
        let deadly = DeadlySwitch()
        let server = try self.talk(turns: 20) { asked in
            guard asked == 10 else { return }
            deadly.strike()
        }
        defer { server.stop() }
        #expect(try deadly.kill(self.baton(server), "run", "plan.yml", "--id", "r") == 128 + SIGKILL)
        let resumed = try self.baton(server)("resume", "r")
        #expect(resumed.code == 0, "\(resumed.everything)")
        let bodies = server.requests.map(\.body)
        #expect(Set(bodies).count == 20)
        #expect(bodies.count == 21)
    }

    @Test func `a conversation takes no more room than what is said in it: six kibibytes for each answer of two`()
        throws
    {
        let server = try self.talk(turns: 200, words: String(repeating: "word ", count: 409))
        defer { server.stop() }
        let run = try self.baton(server)("run", "plan.yml", "--id", "r")
        #expect(run.code == 0, "\(run.everything.suffix(2000))")
        #expect(server.requests.count == 200)
        let size = try FileManager.default.attributesOfItem(atPath: self.folder(".baton/journal.sqlite"))[.size] as? Int
        #expect(try #require(size) < 200 * 6 << 10)
    }

    @Test func `doctor tries programs, keys, models and servers of a plan's agents, and says what is wrong with each`()
        throws
    {
        let server = try WireServer { request, _ in
            guard request.head.hasPrefix("GET ") else { return Self.answer(request, "asked, and paid for") }
            if request.head.contains("/v1/models"), request.header("x-api-key") != nil {
                return WireServer.Reply(
                    "200 OK",
                    ["content-type: application/json"],
                    #"{"data": [{"id": "claude-a"}]}"#
                )
            }
            if request.header("authorization") != nil {
                return WireServer.Reply("401 Unauthorized", [], "bad key \(Self.canary)")
            }
            return WireServer.Reply("404 Not Found", [], "")
        }
        defer { server.stop() }
        try self.plan(
            """
            project_id: sick
            mcp_servers: {gone: {command: [no-such-server]}}
            agents:
              - {agent_id: ada, model: anthropic/claude-a}
              - {agent_id: bob, model: anthropic/claude-b}
              - {agent_id: cyd, model: openai/m}
              - {agent_id: dan, model: llm/m}
              - {agent_id: eve, model: ollama/m}
              - {agent_id: fay, model: scripted/gone.jsonl}
              - {agent_id: gus, command: [sh, -c, ls]}
              - {agent_id: hal, command: [no-such-program]}
            tasks: [{task_id: a}]
            """
        )
        var environment = ["OLLAMA_BASE_URL": "http://127.0.0.1:1/v1"]
        environment["ANTHROPIC_BASE_URL"] = "http://127.0.0.1:\(server.port)"
        environment["OPENAI_BASE_URL"] = "http://127.0.0.1:\(server.port)/v1"
        environment["LLM_BASE_URL"] = "http://127.0.0.1:\(server.port)/v1"
        for name in ["ANTHROPIC_API_KEY", "OPENAI_API_KEY"] { environment[name] = Self.canary }
        let ended = try Binary(folder: self.folder.path, environment: environment)("doctor", "plan.yml")
        #expect(ended.code == 69, "\(ended.output)")
        for words in [
            "anthropic/claude-a: its provider has it", "does not list it; did you mean claude-a?",
            "refuses the key (status 401)",
            "keeps no list of models (status 404)", "ollama cannot be reached", "gone.jsonl", "gus starts /",
            "no-such-program",
            "the server gone cannot be asked for its tools: there is no program no-such-server",
        ] {
            #expect(ended.output.contains(words), "\(words): \(ended.output)")
        }
        #expect(!(ended.output + ended.errors).contains(Self.canary))
        #expect(server.requests.allSatisfy { $0.head.hasPrefix("GET ") })
    }
}

extension Binary.Ending {
    var everything: String { self.output + self.errors }
}
