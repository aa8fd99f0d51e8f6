import BatonCore
import BatonTestKit
import Foundation
import Testing

/// Meetings, held by the real program with scripted minds.
@Suite(.ownThreads, .timeLimit(.minutes(30))) struct MeetingRunTests {
    private let folder: TemporaryFolder

    init() throws { self.folder = try TemporaryFolder() }

    private var baton: Binary { Binary(folder: self.folder.path) }

    private func write(task: String = "", _ answers: [(String, JSON)]) throws {
        _ = try self.folder.write(
            """
            project_id: meet
            defaults: {max_retry_attempts: 1}
            agents:
              - {agent_id: ann, name: Ann, occupation: Lead, model: scripted/answers.jsonl}
              - {agent_id: bob, model: scripted/answers.jsonl}
              - {agent_id: cmd, command: [echo, PASS]}
            tasks:
              - {task_id: before, description: Gather it., assigned_agent: cmd}
              - {task_id: m, description: What do we drink?, dependencies: [before], meeting_required: true, attendees: [Ann, bob, cmd], rounds: 3\(task)}
            """,
            to: "plan.yml"
        )
        let lines = answers.map { task, text in
            (["task": .string(task), "text": text.string.map { .string($0) } ?? .string(text.description)] as JSON)
                .description
        }
        _ = try self.folder.write(lines.joined(separator: "\n"), to: "answers.jsonl")
    }

    private static func minutes(evidence: String) -> JSON {
        [
            "summary": "tea", "decisions": [["text": "tea", "evidence": [.string(evidence)]]], "insights": [],
            "risks": [],
            "action_items": [["text": "boil water", "owner": "bob", "due": "in 1 days", "evidence": ["m.ann.r1"]]],
            "next_steps": [], "open_questions": [],
        ]
    }

    @Test
    func `all hear what was said before, silence ends it, and a model that attends writes down what was really said`()
        throws
    {
        try self.write([
            ("m.ann.r1", "I want tea."), ("m.bob.r1", "PASS"), ("m.ann.r2", "PASS"), ("m.bob.r2", "pass."),
            ("m", Self.minutes(evidence: "m.eve.r1")), ("m", Self.minutes(evidence: "m.ann.r1")),
            ("m.action-1", "It boils."),
        ])
        let run = try self.baton("run", "plan.yml", "--id", "r")
        #expect(run.code == 0, "\(run.everything)")
        #expect(run.everything.contains("3 tasks: 3 completed"), "\(run.everything)")
        #expect(!run.everything.contains("more; baton show"), "\(run.everything)")
        let shown = try JSON(parsing: Array(try self.baton("show", "r", "m", "--json").output.utf8))
        #expect(shown["output"] == Self.minutes(evidence: "m.ann.r1"))
        let told = try self.baton("prompt", "--of", "r", "m.bob.r2").output
        #expect(told.contains("[m.ann.r1, said by ann]") && told.contains("I want tea."), "\(told)")
        #expect(!told.contains("said by cmd") && told.contains("Round 2 of at most 3."), "\(told)")
        #expect(told.contains("[the result of before]"), "\(told)")
        let action = try JSON(parsing: Array(try self.baton("show", "r", "m.action-1", "--json").output.utf8))
        #expect(action["output"] == "It boils." && action["agent"] == "bob", "\(action)")
        let why = try self.baton("why", "r", "m.action-1").output
        #expect(why.contains("m.ann.r1"), "\(why)")
        let third = try JSON(parsing: Array(try self.baton("show", "r", "m.ann.r3", "--json").output.utf8))
        #expect(third["state"] == "skipped")
        let report = try JSON(parsing: Array(try self.baton("report", "r", "--format", "json").output.utf8))
        #expect(report["statistics"]?["meetings_held"] == 1, "\(report["statistics"] ?? .null)")
    }

    @Test func `minutes of a meeting that is over are made again for another objective, and nobody speaks again`()
        throws
    {
        try self.write(
            task: ", spawn_tasks: false",
            [
                ("m.ann.r1", "I want tea."), ("m.bob.r1", "PASS"), ("m.ann.r2", "PASS"), ("m.bob.r2", "PASS"),
                ("m", Self.minutes(evidence: "m.ann.r1")),
            ]
        )
        #expect(try self.baton("run", "plan.yml", "--id", "r").code == 0)
        // Who speaks again finds no answer.
        var again = Self.minutes(evidence: "m.ann.r1")
        again = again.adding("costs", [["text": "two pounds", "evidence": ["m.ann.r1"]]])
        let line: JSON = [
            "task": "m", "text": .string(again.description), "expect": "Look above all for this: Who pays?",
        ]
        _ = try self.folder.write(line.description, to: "answers.jsonl")
        let forked = try self.baton(
            "fork",
            "r",
            "--set",
            "m.extraction_objective=Who pays?",
            "--set",
            "m.fields=[\"costs\"]",
            "--id",
            "f"
        )
        #expect(forked.code == 0, "\(forked.everything)")
        let resumed = try self.baton("resume", "f")
        #expect(resumed.code == 0, "\(resumed.everything)")
        let shown = try JSON(parsing: Array(try self.baton("show", "f", "m", "--json").output.utf8))
        #expect(shown["output"]?["costs"]?[0]?["text"] == "two pounds", "\(shown)")
        let report = try JSON(parsing: Array(try self.baton("report", "f", "--format", "json").output.utf8))
        #expect(report["meetings"]?[0]?["description"] == "What do we drink?")
    }

    @Test func `what is said to one is heard by that one and by whoever leads, where it is not for all`() throws {
        try self.write(
            task: ", broadcast: false, facilitator: ann, rounds: 2",
            [
                ("m.ann.r1", "Hello all."), ("m.bob.r1", "@ann only for you."), ("m.ann.r2", "PASS"),
                ("m.bob.r2", "PASS"),
                ("m", Self.minutes(evidence: "m.ann.r1")), ("m.action-1", "It boils."),
            ]
        )
        _ = try self.folder.write(
            try String(contentsOfFile: self.folder.path + "/plan.yml", encoding: .utf8).replacing(
                ", rounds: 3",
                with: ""
            )
            .replacing("[echo, PASS]", with: #"[sh, -c, "cat >> told.txt; echo PASS"]"#),
            to: "plan.yml"
        )
        let run = try self.baton("run", "plan.yml", "--id", "r")
        #expect(run.code == 0, "\(run.everything)")
        #expect(try self.baton("prompt", "--of", "r", "m.ann.r2").output.contains("only for you"))
        let told = try String(contentsOfFile: self.folder.path + "/told.txt", encoding: .utf8)
        #expect(told.contains("Hello all."), "\(told)")
        #expect(!told.contains("only for you"), "\(told)")
    }

    @Test func `a person attends through the inbox, and a meeting that nobody can attend waits for one`() throws {
        _ = try self.folder.write(
            """
            project_id: meet
            staffing: strict
            agents:
              - {agent_id: ann, command: [echo, "Decision: tea"], skill_levels: {law: 2}}
              - {agent_id: eve, type: person}
            tasks:
              - {task_id: m, description: What now?, meeting_required: true, attendees: [ann, eve], rounds: 1, required_skills: {law: 5}}
            """,
            to: "plan.yml"
        )
        #expect(try self.baton("run", "plan.yml", "--id", "r").code == 2)
        #expect(try self.baton("inbox").output.contains("has law 2 of 5"))
        #expect(try self.baton("answer", "r", "q1", "ann").code == 0)
        #expect(try self.baton("resume", "r").code == 2)
        #expect(try self.baton("answer", "r", "q2", "Action: ann will boil water in 2 days").code == 0)
        #expect(try self.baton("resume", "r").code == 0)
        let shown = try JSON(parsing: Array(try self.baton("show", "r", "m", "--json").output.utf8))
        #expect(shown["output"]?["decisions"]?[0]?["evidence"] == ["m.ann.r1"])
        #expect(shown["output"]?["action_items"]?[0]?["due"] == "in 2 days")
        #expect(shown["output"]?["action_items"]?[0]?["evidence"] == ["m.eve.r1"])
    }

    @Test(arguments: [
        (", facilitator: eve", "leads meeting m and is none of its attendees"),
        (", minutes_by: cmd", "is no agent with a model"), (", rounds: 3, fields: [risks]", "list risks twice"),
        (", agenda: [{topic: x, minutes: 0}]", "write a whole number from 1"),
        (", estimated_hours: 3", "takes over 2 hours"), (", agenda: [{topic: x, minutes: 600}]", "takes 600 minutes"),
        (", required_skills: {law: 5}", "brings none of its skills"),
        (", facilitator: [ann, bob]", "is a list, not a text"),
    ])
    func `a meeting that cannot be held, or is unwise, says why`(task: String, words: String) throws {
        try self.write([])
        let plan = try String(contentsOfFile: self.folder.path + "/plan.yml", encoding: .utf8)
        _ = try self.folder.write(plan.replacing(", rounds: 3", with: task), to: "plan.yml")
        let said = try self.baton("check", "plan.yml").everything
        #expect(said.contains(words), "\(said)")
    }
}
