import BatonCore
import BatonTestKit
import Foundation
import Synchronization
import Testing

/// A goal in one sentence, broken down, worked, held up and joined by the real program.
@Suite(.ownThreads, .timeLimit(.minutes(30))) struct GoalRunTests {
    private let folder: TemporaryFolder

    init() throws { self.folder = try TemporaryFolder() }

    private static let agents = """
        agents:
          - {agent_id: ann, model: llm/m, occupation: designer, tools: [report_blocker]}
          - {agent_id: bob, model: llm/m, occupation: builder}
        """

    private static func says(_ text: String, _ call: (String, JSON)? = nil) -> WireServer.Reply {
        var message: JSON = ["content": .string(text)]
        if let call {
            let made: JSON = [
                "id": "c1", "type": "function",
                "function": ["name": .string(call.0), "arguments": .string("\(call.1)")],
            ]
            message = message.adding("tool_calls", [made])
        }
        let body: JSON = [
            "model": "m", "choices": [["message": message, "finish_reason": call == nil ? "stop" : "tool_calls"]],
            "usage": ["prompt_tokens": 3000, "completion_tokens": 10],
        ]
        return WireServer.Reply("200 OK", ["content-type: application/json"], "\(body)")
    }

    // The manager plans, unblocks and joins; Ann is blocked once.
    private static func answer(_ request: WireServer.Request) -> WireServer.Reply {
        let body = String(decoding: request.body, as: UTF8.self)
        if body.contains("Break this goal down") {
            return Self.says(
                #"{"summary": "two", "tasks": [{"task_id": "draw", "description": "Draw it.", "agent": "ann"}, "#
                    + #"{"task_id": "build", "description": "Build it.", "agent": "bob", "dependencies": ["draw"]}]}"#
            )
        }
        if body.contains("What holds it up") {
            return Self.says(#"{"action": "work_around", "words": "take a screen"}"#)
        }
        if body.contains("You are ann") {
            return body.contains("take a screen")
                ? Self.says("drawn") : Self.says("", ("report_blocker", ["blocker": "there is no paper"]))
        }
        return body.contains("You are bob") ? Self.says("built") : Self.says("a site, drawn and built")
    }

    private func baton(_ server: WireServer) -> Binary {
        Binary(
            folder: self.folder.path,
            environment: ["LLM_BASE_URL": "http://127.0.0.1:\(server.port)/v1", "BATON_MODEL": "llm/m"]
        )
    }

    @Test func `a goal is broken down, worked, blocked, unblocked and joined`() throws {
        let server = try WireServer { request, _ in Self.answer(request) }
        defer { server.stop() }
        _ = try self.folder.write(Self.agents, to: "agents.yml")
        let baton = self.baton(server)
        let run = try baton("run", "--goal", "Make a web site for a bakery", "--agents", "agents.yml", "--id", "r")
        #expect(run.code == 0, "\(run.everything)")
        for line in ["added: draw, build", "added: goal.resolve-1", "q1 is answered"] {
            #expect(run.output.contains(line), "\(line) in \(run.output)")
        }
        #expect(try baton("show", "r", "goal").output.contains("a site, drawn and built"))
        let last = String(decoding: server.requests.last?.body ?? [], as: UTF8.self)
        #expect(last.contains("Result of draw") && last.contains("Result of build"))
        #expect(try baton("replay", "r").code == 0)
        #expect(try baton("events", "r", "--json").output.contains(#""by_agent":"manager""#))
    }

    @Test func `a goal without a model for its manager is refused, and nothing begins`() throws {
        let baton = Binary(folder: self.folder.path, environment: ["BATON_MODEL": ""])
        let run = try baton("run", "--goal", "Make X", "--agents", "knowledge,code", "--id", "r")
        #expect(run.code == 65 && run.errors.contains("BATON_MODEL"), "\(run.everything)")
        #expect(try baton("status", "r").code != 0)
    }

    @Test func `a model that answers with blockers is held up, as a command is`() throws {
        let server = try WireServer { request, _ in
            let body = String(decoding: request.body, as: UTF8.self)
            return body.contains("ask Eve")
                ? Self.says("written") : Self.says(#"{"blockers": ["there is no key"]}"#)
        }
        defer { server.stop() }
        let plan = """
            project_id: p
            agents: [{agent_id: ann, model: llm/m}]
            tasks: [{task_id: write, description: Write it.}]
            """
        _ = try self.folder.write(plan, to: "p.yml")
        let baton = self.baton(server)
        let run = try baton("run", "p.yml", "--id", "r")
        #expect(run.code == 2 && run.everything.contains("there is no key"), "\(run.everything)")
        #expect(try baton("answer", "r", "q1", "ask Eve").code == 0)
        #expect(try baton("resume", "r").code == 0)
        #expect(try baton("show", "r", "write").output.contains("written"))
    }

    @Test func `kill -9 in a round of the manager asks nothing again that was answered`() throws {
        let deadly = DeadlySwitch()
        let server = try WireServer { request, _ in
            if String(decoding: request.body, as: UTF8.self).contains("What holds it up") {
                deadly.strike()
            }
            return Self.answer(request)
        }
        defer { server.stop() }
        _ = try self.folder.write(Self.agents, to: "agents.yml")
        let baton = self.baton(server)
        #expect(try deadly.kill(baton, "run", "--goal", "Make a web site for a bakery", "--id", "r") == 128 + SIGKILL)
        let resumed = try baton("resume", "r")
        #expect(resumed.code == 0, "\(resumed.everything)")
        let bodies = server.requests.map(\.body)
        #expect(bodies.count == Set(bodies).count + 1)
    }

    @Test func `a manager that answers nonsense three times ends in a question`() throws {
        let server = try WireServer { _, number in Self.says("nonsense \(number)") }
        defer { server.stop() }
        _ = try self.folder.write(Self.agents, to: "agents.yml")
        let run = try self.baton(server)("run", "--goal", "Make a web site", "--id", "r")
        #expect(run.code == 2, "\(run.everything)")
        #expect(server.requests.count == 3)
        #expect(try self.baton(server)("inbox").output.contains("brought no plan that can be carried out"))
    }

    @Test func `agents of a goal may be those of the folder, by the names of their texts`() throws {
        let folder = self.folder.path + "/Profiles"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        _ = try self.folder.write("You build back ends.", to: "Profiles/backend-dev.md")
        _ = try self.folder.write("You review as we do.", to: "Profiles/review.md")
        let baton = Binary(folder: self.folder.path)
        let run = try baton("rehearse", "--goal", "Make X", "--agents", "backend-dev,review")
        #expect(run.code == 0, "\(run.everything)")
        #expect(try baton("prompt", "review").output.contains("You review as we do."))
        let odd = try baton("rehearse", "--goal", "Make X", "--agents", "nobody")
        #expect(odd.code == 65 && odd.errors.contains("no Profiles/nobody.md"), "\(odd.errors)")
    }

    @Test func `without models a goal can be rehearsed with built-in agents, one task after the other`() throws {
        let baton = Binary(folder: self.folder.path)
        let run = try baton(
            "rehearse",
            "--goal",
            "Write a report",
            "--agents",
            "knowledge,review",
            "--one-by-one",
            "--id",
            "r"
        )
        #expect(run.code == 0, "\(run.everything)")
        #expect(try baton("show", "r").output.contains("goal.second"))
        let odd = try baton("run", "--goal", "x", "--agents", "knowlege")
        #expect(odd.code == 64 || odd.code == 65)
        #expect(odd.errors.contains("did you mean knowledge?"))
    }

    // The boss reads first and plans; Ann hands on to Bob, who hands on to Cyd.
    private static func layered(_ request: WireServer.Request) -> WireServer.Reply {
        let body = String(decoding: request.body, as: UTF8.self)
        let hands = { (agent: String, task: String) -> WireServer.Reply in
            Self.says("", ("delegate", ["agent": .string(agent), "task": .string(task)]))
        }
        if body.contains("Break this goal down") {
            guard body.contains("a bakery in Ulm") else { return Self.says("", ("read_file", ["path": "brief.md"])) }
            return Self.says(
                #"{"summary": "one", "tasks": [{"task_id": "site", "description": "Make it.", "agent": "ann", "complexity": "simple", "reason": "one page"}]}"#
            )
        }
        if body.contains("You are ann") {
            return body.contains("sketched") ? Self.says("made") : hands("bob", "Sketch it.")
        }
        if body.contains("You are bob") {
            return body.contains("mixed") ? Self.says("sketched") : hands("cyd", "Mix colours.")
        }
        if body.contains("You are cyd") {
            return body.contains("no path leads out") || body.contains("outside") || body.contains("is_error")
                || body.contains("tool_call_id")
                ? Self.says("mixed") : Self.says("", ("read_file", ["path": "../secret.md"]))
        }
        return Self.says("a site")
    }

    @Test
    func `a manager reads the folder, says how hard it is, and agents hand on in levels, each with a model of its own`()
        throws
    {
        let server = try WireServer { request, _ in Self.layered(request) }
        defer { server.stop() }
        let shop = URL(fileURLWithPath: self.folder.path).appendingPathComponent("shop")
        try FileManager.default.createDirectory(at: shop, withIntermediateDirectories: true)
        _ = try self.folder.write("a bakery in Ulm", to: "shop/brief.md")
        _ = try self.folder.write("the secret", to: "secret.md")
        _ = try self.folder.write(
            """
            agents:
              - {agent_id: boss, type: main, model: llm/large}
              - {agent_id: ann, model: llm/middle, tools: [delegate]}
              - {agent_id: bob, model: llm/small, tools: [delegate]}
              - {agent_id: cyd, model: llm/tiny, tools: [read_file]}
            """,
            to: "agents.yml"
        )
        let baton = self.baton(server)
        let run = try baton(
            "run",
            "--goal",
            "Make a web site",
            "--agents",
            "agents.yml",
            "--project-dir",
            "shop",
            "--id",
            "r",
            "--data-dir",
            ".baton"
        )
        let said = try baton("events", "r", "--json").output
        #expect(run.code == 0, "\(run.everything) \(said)")
        // What it has read, and how hard it finds the goal, stands in the journal.
        #expect(said.contains(#""tool":"read_file","input":{"path":"brief.md"}"#), "\(said)")
        let planned = try baton("show", "r", "goal.plan").output
        #expect(planned.contains("simple") && planned.contains("one page"), "\(planned)")
        // No path leads out of the folder.
        #expect(!server.requests.contains { String(decoding: $0.body, as: UTF8.self).contains("the secret") })
        // Three levels below one another, each asked of its own model.
        let graph = try JSON(parsing: Array(try baton("graph", "r", "--json").output.utf8))
        let layers = (graph["layers"]?.elements ?? []).map { ($0.elements ?? []).compactMap(\.string) }
        let level = { (task: String) in layers.firstIndex { $0.contains(task) } ?? -1 }
        #expect(level("goal.plan") < level("site") && level("site") < level("site.1"), "\(layers)")
        #expect(level("site.1") < level("site.1.1"))
        let models = server.requests.compactMap { try? JSON(parsing: Array($0.body))["model"]?.string }
        #expect(Set(models) == ["large", "middle", "small", "tiny"])
        let why = try baton("why", "r", "site.1.1").output
        #expect(why.contains("bob handed it on from task site.1"), "\(why)")
    }
}
