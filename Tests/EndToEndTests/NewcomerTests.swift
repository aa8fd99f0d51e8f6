import BatonCore
import BatonTestKit
import Foundation
import Testing

/// What somebody writes who comes from another system, and what is said to it.
@Suite(.ownThreads, .timeLimit(.minutes(30))) struct NewcomerTests {
    private let folder: TemporaryFolder

    init() throws { self.folder = try TemporaryFolder() }

    private func check(_ plan: String) throws -> String {
        _ = try self.folder.write(plan, to: "plan.yml")
        return try Binary(folder: self.folder.path)("check", "plan.yml").everything
    }

    private static func plan(agent: String = "", task: String = "", more: String = "") -> String {
        """
        project_id: p
        agents:
          - {agent_id: ann\(agent)}
          - {agent_id: bob}
        tasks:
          - {task_id: a, description: Do it.\(task)}
        \(more)
        """
    }

    @Test(arguments: [
        ("", ", depends_on: [b]", "write dependencies"), ("", ", agent: ann", "write assigned_agent"),
        ("", ", retries: 3", "write retry: {max_attempts: 3}"), (", role: cook", "", "write occupation"),
        (", backstory: old", "", "write persona"), (", llm: x", "", "write model"),
        ("", ", done_when: out.md", "such as done_when: [{file: report.md}"),
        ("", ", retry: 3", "write an object, such as retry: {max_attempts: 3}"),
        ("", ", when: review == ok", "such as when: [{task: review"),
        ("", ", pattern: consensus, voters: \"ann, bob\"", "such as [\"ann\", \"bob\"]"),
        (", type: human", "", "did you mean person?"),
        (", type: review, command: [sh, -c, \"true\"]", "", "write capabilities: [review] instead of type"),
        (", model: rehearsal, command: [\"true\"]", "", "its model is never asked"),
        ("", ", pattern: consensus, voters: [ann, bob, ann]", "ann has 2 of the 3 votes"),
        ("", ", agent_type: knowlege", "did you mean knowledge?"),
        ("", ", agent_type: bob", "write assigned_agent: bob"),
        ("", ", delegated_by: a", "delegated_by is set by Baton alone"),
        ("", ", proves: {command: [\"false\"]}", "proves is set by Baton alone"),
        (", made_by: bob", "", "made_by is set by Baton alone"),
    ])
    func `what others call otherwise, or write in another form, is answered with what to write`(
        agent: String,
        task: String,
        words: String
    ) throws {
        let said = try self.check(Self.plan(agent: agent, task: task))
        #expect(said.contains(words), "\(said)")
    }

    @Test func `the keys of an object are listed once`() throws {
        let said = try self.check(Self.plan(agent: ", xxxx: 1, yyyy: 2, zzzz: 3"))
        #expect(said.components(separatedBy: "its keys are agent_id").count == 2)
        #expect(said.components(separatedBy: "the keys of an agent are listed above").count == 3)
        #expect(!said.contains("made_by"))
    }

    @Test func `built-in agents can be asked beside any run, and be looked at without a plan`() throws {
        let baton = Binary(folder: self.folder.path, environment: ["BATON_MODEL": "rehearsal"])
        _ = try self.folder.write(Self.plan(), to: "first.yml")
        #expect(try baton("run", "first.yml", "--id", "first").code == 0)
        #expect(try baton("ask", "review", "Is this well?").code == 0)
        #expect(try baton("ask", "--type", "knowledge", "What is this?").code == 0)
        #expect(try baton("prompt", "knowledge").output.contains("[built in; a file Profiles/knowledge.md"))
        let nobody = try Binary(folder: self.folder.path)("ask", "review", "Is this well?")
        #expect(nobody.code != 0 && nobody.errors.contains("set BATON_MODEL to provider/model"))
    }

    @Test func `a check that refuses is no completed work, and one that passed later no trouble`() throws {
        _ = try self.folder.write(
            Self.plan(
                task: ", assigned_agent: ann, done_when: [{signed_by: eve}], retry: {max_attempts: 2, delay_seconds: 0}"
            )
            .replacing("{agent_id: bob}", with: "{agent_id: eve, type: person}").replacing(
                "{agent_id: ann}",
                with: "{agent_id: ann, command: [sh, -c, \"echo done\"]}"
            ),
            to: "plan.yml"
        )
        let baton = Binary(folder: self.folder.path)
        #expect(try baton("run", "plan.yml", "--id", "r").code == 2)
        #expect(try baton("answer", "r", "q1", "YOUR-ANSWER").errors.contains("stands for what you say yourself"))
        _ = try baton("answer", "r", "q1", "no, too long")
        _ = try baton("resume", "r")
        _ = try baton("answer", "r", "q2", "yes")
        _ = try baton("resume", "r")
        let shown = try baton("show", "r").output
        #expect(shown.contains("refused") && shown.contains("passed"), "\(shown)")
        #expect(!(try baton("why", "r").output.contains("What failed")))
    }
}
