import BatonTestKit
import Foundation
import Testing

/// Tasks that are done another way when their last attempt has failed, played by the real program.
@Suite(.ownThreads, .timeLimit(.minutes(30))) struct FallbackRunTests {
    private let folder: TemporaryFolder
    private let baton: Binary

    init() throws {
        self.folder = try TemporaryFolder()
        self.baton = Binary(folder: self.folder.path)
    }

    private func plan(_ fallback: String) throws {
        _ = try self.folder.write(
            """
            project_id: other
            defaults: {max_retry_attempts: 2, retry_delay_seconds: 0}
            agents:
              - {agent_id: broken, command: [sh, -c, 'echo "no {{tasks.b.output}}" >&2; exit 3']}
              - {agent_id: spare, command: [sh, -c, 'cat > heard; echo 7']}
              - {agent_id: thinker, model: scripted/answers.jsonl}
            tasks:
              - {task_id: a, description: Do it., assigned_agent: broken, input: {n: 1}, fallback: {\(fallback)}}
              - {task_id: b, description: Use it., assigned_agent: thinker, dependencies: [a]}
            """,
            to: "plan.yml"
        )
        _ = try self.folder.write(
            """
            {"task": "a", "expect": "exec.exit", "text": "thought up"}
            {"task": "b", "text": "used"}
            """,
            to: "answers.jsonl"
        )
    }

    @Test func `another agent does it after the last attempt, and is told why`() throws {
        try self.plan("assigned_agent: spare, description: Do it by hand.")
        let run = try self.baton("run", "plan.yml", "--id", "r")
        #expect(run.code == 0, "\(run)")
        let heard = try String(contentsOfFile: self.folder("heard"), encoding: .utf8)
        #expect(heard.contains("Do it by hand.") && heard.contains("exec.exit") && heard.contains("\"n\":1"))
        let events = try self.baton("events", "r", "--json").output
        #expect(events.components(separatedBy: "\"kind\":\"task_fell_back\"").count == 2)
        #expect(events.components(separatedBy: "\"kind\":\"task_rested\"").count == 2, "both attempts were made first")
        #expect(try self.baton("events", "r").output.contains("now done another way"))
        #expect(try self.baton("why", "r", "a").output.contains("the fallback of the task took over"))
        #expect(try self.baton("replay", "r").code == 0)
    }

    @Test func `a model does it, and whoever fails there too has failed`() throws {
        try self.plan("assigned_agent: thinker")
        #expect(try self.baton("run", "plan.yml", "--id", "r").code == 0)
        #expect(try self.baton("show", "r", "a").output.contains("thought up"))
        try self.plan("assigned_agent: broken, description: Once more.")
        #expect(try self.baton("run", "plan.yml", "--id", "s").code == 1)
        let events = try self.baton("events", "s", "--json").output
        #expect(events.components(separatedBy: "\"kind\":\"attempt_started\"").count == 5)
    }

    @Test func `a yes to a task is none to its other form, and no words of a failure are filled in`() throws {
        _ = try self.folder.write(
            """
            project_id: other
            defaults: {max_retry_attempts: 1}
            agents:
              - {agent_id: broken, command: [sh, -c, 'echo "{{{tasks.s.output}}" >&2; exit 3']}
              - {agent_id: spare, command: [sh, -c, 'cat > heard; echo 7']}
            tasks:
              - {task_id: s, assigned_agent: spare}
              - task_id: a
                description: Tell Ann.
                assigned_agent: broken
                needs_approval: true
                input: {failure: mine}
                dependencies: [s]
                fallback: {assigned_agent: spare, description: Delete all.}
            """,
            to: "plan.yml"
        )
        #expect(try self.baton("run", "plan.yml", "--id", "r").code == 2)
        #expect(try self.baton("answer", "r", "q1", "yes").code == 0)
        #expect(try self.baton("resume", "r").code == 2)
        #expect(try self.baton("inbox").output.contains("Delete all."))
        #expect(try self.baton("answer", "r", "q2", "yes").code == 0)
        #expect(try self.baton("resume", "r").code == 0)
        let heard = try String(contentsOfFile: self.folder("heard"), encoding: .utf8)
        #expect(heard.contains("{ { {tasks.s.output}}") && heard.contains("\"failure\":\"mine\""), "\(heard)")
    }

    @Test func `a fallback that names nothing else, or nobody, is found before a run`() throws {
        try self.plan("")
        #expect(try self.baton("check", "plan.yml").output.contains("plan.fallback"))
        try self.plan("assigned_agent: spar")
        #expect(try self.baton("check", "plan.yml").output.contains("did you mean spare"))
        try self.plan("complexity: hard")
        #expect(try self.baton("check", "plan.yml").output.contains("plan.unknown_tier"))
        try self.plan("description: 'See {{tasks.b.output}}'")
        #expect(try self.baton("check", "plan.yml").code != 0)
    }
}
