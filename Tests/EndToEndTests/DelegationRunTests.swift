import BatonCore
import BatonTestKit
import Foundation
import Synchronization
import Testing

/// Agents that hand work to others, played by the real program.
@Suite(.ownThreads, .timeLimit(.minutes(30))) struct DelegationRunTests {
    private let folder: TemporaryFolder

    init() throws { self.folder = try TemporaryFolder() }

    private static let plan = """
        project_id: team
        agents:
          - {agent_id: lead, model: llm/m, occupation: coordinator, tools: [delegate, read_file]}
          - agent_id: knowledge
            model: llm/m
            occupation: researcher
            capabilities: [{name: web_search, input_types: [query], estimated_time: 3, cost_estimate: 0.01}]
          - {agent_id: planner, model: llm/m, occupation: planner}
        tasks:
          - {task_id: ask, description: Research Python async patterns and create an implementation plan., assigned_agent: lead}
        """

    private static func reply(_ message: JSON, _ reason: String) -> WireServer.Reply {
        let body: JSON = [
            "model": "m", "choices": [["message": message, "finish_reason": .string(reason)]],
            "usage": ["prompt_tokens": 2000, "completion_tokens": 10],
        ]
        return WireServer.Reply("200 OK", ["content-type: application/json"], "\(body)")
    }

    private static func says(_ text: String) -> WireServer.Reply { Self.reply(["content": .string(text)], "stop") }

    private static func calls(_ inputs: [JSON]) -> WireServer.Reply {
        let calls = inputs.enumerated().map { number, input -> JSON in
            [
                "id": .string("c\(number)"), "type": "function",
                "function": ["name": "delegate", "arguments": .string("\(input)")],
            ]
        }
        return Self.reply(["content": .null, "tool_calls": .array(calls)], "tool_calls")
    }

    /// The lead hands the research to whoever can search and the plan to the planner, and joins what they bring.
    private static func answer(_ request: WireServer.Request) -> WireServer.Reply {
        let body = String(decoding: request.body, as: UTF8.self)
        if body.contains("You are knowledge") { return Self.says("asyncio and trio") }
        if body.contains("You are planner") { return Self.says("1. choose 2. write") }
        if body.contains("\"tool\"") { return Self.says("both, joined") }
        return Self.calls([
            [
                "capability": "web_search", "task": "Research Python async patterns.",
                "input": ["query": "python async"],
            ],
            ["agent": "planner", "task": "Plan the implementation."],
        ])
    }

    private func baton(_ server: WireServer) -> Binary {
        Binary(folder: self.folder.path, environment: ["LLM_BASE_URL": "http://127.0.0.1:\(server.port)/v1"])
    }

    @Test func `one sentence leads to two delegations and one answer, and why tells who asked whom`() throws {
        let server = try WireServer { request, _ in Self.answer(request) }
        defer { server.stop() }
        _ = try self.folder.write(Self.plan, to: "plan.yml")
        let baton = self.baton(server)
        let run = try baton("run", "plan.yml", "--id", "r")
        #expect(run.code == 0, "\(run.everything)")
        #expect(run.output.contains("hands ask.1 to knowledge"))
        #expect(try baton("show", "r", "ask").output.contains("both, joined"))
        let last = String(decoding: server.requests.last?.body ?? [], as: UTF8.self)
        #expect(last.contains("asyncio and trio") && last.contains("1. choose 2. write"))
        let first = String(decoding: server.requests.first?.body ?? [], as: UTF8.self)
        #expect(first.contains("Agents that you may hand work to:") && first.contains("web_search (input: query)"))
        #expect(try baton("graph", "r").output.contains("ask.1"))
        #expect(try baton("replay", "r").code == 0)
        #expect(try baton("why", "r", "ask").output.contains("handed on ask.1 to "))
        let why = try baton("why", "r", "ask.1").output
        #expect(why.contains("lead handed it on from task ask"), "\(why)")
    }

    @Test func `a task that names nobody goes to who declares what it is about, and why and check say so`() throws {
        let plan = """
            project_id: route
            agents:
              - {agent_id: any, command: [echo, any]}
              - agent_id: shop
                command: [echo, printed]
                capabilities:
                  - {name: print, input_types: [pages], estimated_time: 36s, cost_estimate: 0.02}
                  - {name: bind_book, estimated_time: 36s, cost_estimate: 0.02}
            tasks:
              - {task_id: one, description: Put it on paper., input: {pages: 3}}
              - {task_id: two, description: "Bind book: the cover.", dependencies: [one]}
            """
        _ = try self.folder.write(plan, to: "plan.yml")
        let baton = Binary(folder: self.folder.path)
        let checked = try baton("check", "plan.yml").everything
        #expect(checked.contains("the plan takes 1 min 12 s"), "\(checked)")
        #expect(
            checked.contains("agents with a cost_estimate will cost about 0.04 USD for 2 tasks"),
            "\(checked)"
        )
        #expect(try baton("run", "plan.yml", "--id", "r").code == 0)
        for (task, reason) in [
            ("one", "print: its input has pages"), ("two", "bind_book: its description begins with"),
        ] {
            #expect(try baton("show", "r", task).output.contains("printed"))
            let why = try baton("why", "r", task).everything
            #expect(why.contains("it is for who declares \(reason)"), "\(why)")
        }
    }

    @Test func `kill -9 while others work for an agent asks nothing again that was answered`() throws {
        let deadly = DeadlySwitch()
        let server = try WireServer { request, _ in
            guard String(decoding: request.body, as: UTF8.self).contains("You are planner") else {
                return Self.answer(request)
            }
            deadly.strike()
            return Self.answer(request)
        }
        defer { server.stop() }
        _ = try self.folder.write(Self.plan, to: "plan.yml")
        let baton = self.baton(server)
        #expect(try deadly.kill(baton, "run", "plan.yml", "--id", "r") == 128 + SIGKILL)
        let resumed = try baton("resume", "r")
        #expect(resumed.code == 0, "\(resumed.everything)")
        let bodies = server.requests.map { String(decoding: $0.body, as: UTF8.self) }
        #expect(bodies.count { $0.contains("You are lead") } == 2)
        #expect(bodies.count { $0.contains("You are knowledge") } <= 2)
        #expect(try baton("show", "r", "ask").output.contains("both, joined"))
    }
}
