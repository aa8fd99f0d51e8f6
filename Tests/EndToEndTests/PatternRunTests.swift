import BatonCore
import BatonTestKit
import Foundation
import Synchronization
import Testing

/// Patterns played by the real program.
@Suite(.ownThreads, .timeLimit(.minutes(30))) struct PatternRunTests {
    private let folder: TemporaryFolder

    init() throws { self.folder = try TemporaryFolder() }

    private static let poll = """
        project_id: poll
        agents:
          - {agent_id: ann, model: llm/m, capabilities: [knowledge]}
          - {agent_id: bob, model: llm/m, capabilities: [knowledge]}
          - {agent_id: cyd, model: llm/m, capabilities: [knowledge]}
          - {agent_id: jo, model: llm/m}
          - {agent_id: cat, command: [cat]}
        tasks:
          - {task_id: which, description: Which database?, pattern: consensus, judge: jo, voters: [knowledge, knowledge, knowledge]}
          - {task_id: told, assigned_agent: cat, input: "{{tasks.which.output}}"}
        """

    private static func answer(_ request: WireServer.Request) -> WireServer.Reply {
        let body = String(decoding: request.body, as: UTF8.self)
        let text: String
        if body.contains("Put the answers into groups") {
            text =
                #"{"groups": [{"meaning": "SQLite", "answers": ["which.1", "which.3"]}, {"meaning": "none", "answers": ["which.2"]}]}"#
        } else {
            text =
                body.contains("\"ann\"") || body.contains("You are ann")
                ? "SQLite will do." : body.contains("bob") ? "None." : "Take SQLite."
        }
        let message: JSON = ["content": .string(text)]
        let answer: JSON = ["model": "m", "choices": [["message": message, "finish_reason": "stop"]]]
        return WireServer.Reply("200 OK", ["content-type: application/json"], "\(answer)")
    }

    private func baton(_ server: WireServer) -> Binary {
        Binary(folder: self.folder.path, environment: ["LLM_BASE_URL": "http://127.0.0.1:\(server.port)/v1"])
    }

    @Test func `prose that means the same is one vote, and what comes after is given the result`() throws {
        let server = try WireServer { request, _ in Self.answer(request) }
        defer { server.stop() }
        _ = try self.folder.write(Self.poll, to: "plan.yml")
        let run = try self.baton(server)("run", "plan.yml", "--id", "r")
        #expect(run.code == 0, "\(run.output)\(run.errors)")
        let shown = try JSON(parsing: Array(try self.baton(server)("show", "r", "told", "--json").output.utf8))
        let told = try #require(shown["output"]?["input"])
        #expect(told["consensus"] == true)
        #expect(told["agreement"] == 0.6667)
        #expect(told["votes"]?[0]?["meaning"] == "SQLite")
        #expect(told["minority"]?[0]?["voters"] == ["bob"])
        #expect(try self.baton(server)("graph", "r").output.contains("which.judge"))
    }

    @Test func `kill -9 in the middle of a vote asks nobody again who has answered`() throws {
        let deadly = DeadlySwitch()
        let server = try WireServer { request, _ in
            if String(decoding: request.body, as: UTF8.self).contains("Put the answers into groups") {
                deadly.strike()
            }
            return Self.answer(request)
        }
        defer { server.stop() }
        _ = try self.folder.write(Self.poll, to: "plan.yml")
        #expect(try deadly.kill(self.baton(server), "run", "plan.yml", "--id", "r") == 128 + SIGKILL)
        let resumed = try self.baton(server)("resume", "r")
        #expect(resumed.code == 0, "\(resumed.everything)")
        let bodies = server.requests.map(\.body)
        #expect(bodies.count == 5 && Set(bodies).count == 4)
    }

    @Test func `in a rehearsal only the parts are played, and what they say is joined as in earnest`() throws {
        _ = try self.folder.write(
            """
            project_id: rehearsed
            agents: [{agent_id: ann}, {agent_id: bob}]
            tasks:
              - {task_id: poll, description: Which?, pattern: consensus, voters: [ann, bob], produces: {const: red}}
              - task_id: all
                pattern: hierarchical
                aggregation: merge
                subtasks: [{task_id: x, produces: {const: {a: 1}}}, {task_id: y, produces: {const: {b: 2}}}]
            """,
            to: "plan.yml"
        )
        let baton = Binary(folder: self.folder.path)
        #expect(try baton("rehearse", "plan.yml", "--id", "r").code == 0)
        let poll = try JSON(parsing: Array(try baton("show", "r", "poll", "--json").output.utf8))
        #expect(poll["output"]?["winning_result"] == "red")
        #expect(poll["output"]?["votes"]?[0]?["voters"] == ["ann", "bob"])
        let all = try JSON(parsing: Array(try baton("show", "r", "all", "--json").output.utf8))
        #expect(all["output"]?["results"] == ["a": 1, "b": 2])
    }

    @Test func `after kill -9 in the midst of a vote nothing that was answered is asked again`() throws {
        let pid = Mutex<pid_t>(0)
        let begun = DispatchSemaphore(value: 0)
        let answered = DispatchSemaphore(value: 0)
        let server = try WireServer { request, number in
            // Two have voted; the third question is out when the engine dies.
            guard number == 3 else { return Self.answer(request) }
            begun.wait()
            answered.wait()
            pid.withLock { _ = kill($0, SIGKILL) }
            return WireServer.Reply([], ending: .hang)
        }
        defer { server.stop() }
        _ = try self.folder.write(Self.poll, to: "plan.yml")
        let running = try self.baton(server).start(["run", "plan.yml", "--id", "r"])
        pid.withLock { $0 = running.pid }
        begun.signal()
        var completed = 0
        while let line = running.nextLine() {
            if line.contains("which."), line.contains("completed") { completed += 1 }
            if completed == 2 { answered.signal() }
        }
        #expect(running.wait() == 128 + SIGKILL)
        let resumed = try self.baton(server)("resume", "r")
        #expect(resumed.code == 0, "\(resumed.output)\(resumed.errors)")
        // Three voters and the judge, and the one that was in flight once more.
        #expect(server.requests.count == 5)
    }

    @Test func `a sequence goes on behind a step that fails, and ends with a strict one`() throws {
        func plan(strict: Bool) -> String {
            """
            project_id: steps
            defaults: {max_retry_attempts: 1}
            agents: [{agent_id: cat, command: [cat]}, {agent_id: bad, command: [sh, -c, exit 65]}]
            tasks:
              - task_id: steps
                pattern: sequential
                subtasks:
                  - {task_id: one, assigned_agent: bad, strict: \(strict)}
                  - {task_id: two, assigned_agent: cat}
            """
        }
        let baton = Binary(folder: self.folder.path)
        for strict in [false, true] {
            _ = try self.folder.write(plan(strict: strict), to: "plan.yml")
            let run = try baton("run", "plan.yml", "--id", "r-\(strict)")
            #expect(run.code == 1)
            let shown = try baton("show", "r-\(strict)").output
            #expect(shown.contains("part one of task steps is strict") == strict, "\(shown)")
            let two = try JSON(parsing: Array(try baton("show", "r-\(strict)", "two", "--json").output.utf8))
            #expect(two["state"]?.string == (strict ? "skipped" : "completed"))
            if !strict { #expect(two["output"]?["dependencies"]?["one"]?["status"] == "failed") }
        }
    }
}
