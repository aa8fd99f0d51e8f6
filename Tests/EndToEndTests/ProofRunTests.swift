import BatonCore
import BatonTestKit
import Foundation
import Testing

/// Tasks that are done only when it is proved, played by the real program.
@Suite(.ownThreads, .timeLimit(.minutes(30))) struct ProofRunTests {
    private let folder: TemporaryFolder

    init() throws { self.folder = try TemporaryFolder() }

    private static let plan = """
        project_id: proof
        defaults: {retry_delay_seconds: 0.01, max_retry_attempts: 3}
        agents:
          - {agent_id: ann, model: llm/m, occupation: writer}
          - {agent_id: critic, model: llm/m, occupation: critic}
        tasks:
          - task_id: write
            description: Write a line about tea.
            assigned_agent: ann
            done_when:
              - command: [sh, -c, 'grep -q "[ae], by ann" || { seq 1 900; echo "no author is named" >&2; exit 3; }']
              - review: critic
                instructions: Is it about tea?
          - {task_id: next, description: Go on., assigned_agent: ann, dependencies: [write]}
        """

    private static func says(_ text: String) -> WireServer.Reply {
        let body: JSON = [
            "model": "m", "choices": [["message": ["content": .string(text)], "finish_reason": "stop"]],
            "usage": ["prompt_tokens": 2000, "completion_tokens": 10],
        ]
        return WireServer.Reply("200 OK", ["content-type: application/json"], "\(body)")
    }

    // The first answer names nobody, the second is about coffee, the third is right.
    private static func answer(_ request: WireServer.Request) -> WireServer.Reply {
        let text = request.text
        if text.contains("You are critic") {
            let isGood = text.contains("Tea, by ann")
            return Self.says(#"{"approved": \#(isGood), "findings": [\#(isGood ? "" : #""it is about coffee""#)]}"#)
        }
        if text.contains("it is about coffee") { return Self.says("Tea, by ann") }
        if text.contains("no author is named") { return Self.says("Coffee, by ann") }
        return Self.says("Tea")
    }

    private func baton(_ server: WireServer) -> Binary {
        Binary(folder: self.folder.path, environment: ["LLM_BASE_URL": "http://127.0.0.1:\(server.port)/v1"])
    }

    @Test func `what is not proved is done again by an agent that is told why, and the three facts are kept apart`()
        throws
    {
        let server = try WireServer { request, _ in Self.answer(request) }
        defer { server.stop() }
        _ = try self.folder.write(Self.plan, to: "plan.yml")
        let baton = self.baton(server)
        let run = try baton("run", "plan.yml", "--id", "r")
        #expect(run.code == 0, "\(run.everything)")
        #expect(run.everything.contains("write claims to be done; write.check-1 proves that `sh -c"))
        let bodies = server.requests.map(\.text)
        #expect(
            bodies.contains {
                $0.contains("From the checks of this task, about what the attempt before this one brought:")
                    && $0.contains("it ended with exit code 3 and printed") && $0.contains("no author is named")
            }
        )
        #expect(bodies.contains { $0.contains("From the agent critic, which looked at what the attempt before") })
        #expect(
            bodies.contains {
                $0.contains("Look for this above all: Is it about tea?") && $0.contains("Coffee, by ann")
            }
        )
        let shown = try baton("show", "r", "write", "--json").json
        #expect(shown?["claimed"] == true && shown?["verified"] == true && shown?["accepted"] == .null)
        #expect(shown?["checks"]?.elements?.map { $0["state"] } == ["passed", "passed"])
        #expect(shown?["output"] == "Tea, by ann")
        let why = try baton("why", "r", "write").output
        #expect(why.contains("claimed, verified") && why.contains("passed: critic approves (write.check-5)"))
        let report = try baton("report", "r", "--format", "md").output
        #expect(report.contains("Claimed, verified, accepted:"))
    }

    @Test func `kill -9 while a claim is checked asks nobody again who has answered`() throws {
        let deadly = DeadlySwitch()
        let server = try WireServer { request, _ in
            if request.text.contains("You are critic") { deadly.strike() }
            return Self.answer(request)
        }
        defer { server.stop() }
        _ = try self.folder.write(Self.plan, to: "plan.yml")
        let baton = self.baton(server)
        #expect(try deadly.kill(baton, "run", "plan.yml", "--id", "r") == 128 + SIGKILL)
        let resumed = try baton("resume", "r")
        #expect(resumed.code == 0, "\(resumed.everything)")
        let bodies = server.requests.map(\.text)
        #expect(bodies.count - Set(bodies).count <= 1, "the question that was out")
        #expect(try baton("show", "r", "write", "--json").json?["verified"] == true)
    }

    @Test func `a program may review, and is told what was brought`() throws {
        let plan = """
            project_id: programs
            defaults: {max_retry_attempts: 1}
            agents:
              - {agent_id: ann, command: [sh, -c, 'cat > /dev/null; echo tea']}
              - agent_id: critic
                command: [sh, -c, 'grep -q tea && echo "{\\"approved\\": true, \\"findings\\": []}"']
            tasks:
              - {task_id: write, description: Write it., assigned_agent: ann, done_when: [{review: critic}]}
            """
        _ = try self.folder.write(plan, to: "plan.yml")
        let run = try Binary(folder: self.folder.path)("run", "plan.yml", "--id", "r")
        #expect(run.code == 0, "\(run.everything)")
    }

    @Test func `a person signs in the inbox, and until then nothing follows from the claim`() throws {
        let plan = """
            project_id: sign
            agents: [{agent_id: ann, command: [sh, -c, 'cat > /dev/null; echo tea']}]
            tasks:
              - {task_id: write, description: Write it., done_when: [{signed_by: anybody}]}
              - {task_id: next, dependencies: [write]}
            """
        _ = try self.folder.write(plan, to: "plan.yml")
        let baton = Binary(folder: self.folder.path)
        let run = try baton("run", "plan.yml", "--id", "r")
        #expect(run.code == 2, "\(run.everything)")
        let inbox = try baton("inbox").output
        #expect(inbox.contains("Is task write done? Say yes, or no and what is missing."), "\(inbox)")
        #expect(inbox.contains("baton answer r q1 yes"), "\(inbox)")
        let odd = try baton("answer", "r", "q1", "perhaps")
        #expect(
            odd.code != 0 && odd.everything.contains("answer with one of yes, no: WHAT IS MISSING"),
            "\(odd.everything)"
        )
        let open = try baton("show", "r", "write", "--json").json
        #expect(open?["claimed"] == true && open?["verified"] == .null && open?["accepted"] == false)
        #expect(try baton("answer", "r", "q1", "yes").code == 0)
        #expect(try baton("resume", "r").code == 0)
        #expect(try baton("show", "r", "write", "--json").json?["accepted"] == true)
    }
}

extension Binary.Ending {
    fileprivate var json: JSON? { try? JSON(parsing: Array(self.output.utf8)) }
}
