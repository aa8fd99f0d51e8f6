import BatonCore
import BatonTestKit
import Foundation
import Testing

/// What agents of built-in types claim, held against what is known, played by the real program with scripted minds.
@Suite(.ownThreads, .timeLimit(.minutes(30))) struct HeldClaimTests {
    private let folder: TemporaryFolder

    init() throws { self.folder = try TemporaryFolder() }

    private func run(
        _ type: String,
        more: String = "",
        _ answers: [JSON]
    ) throws -> (code: Int32, shown: JSON, all: String) {
        let plan = """
            project_id: claims
            defaults: {max_retry_attempts: 1}
            agents: [{agent_id: ann, type: \(type), model: scripted/answers.jsonl\(more)}]
            tasks: [{task_id: a, description: Do it.}]
            """
        _ = try self.folder.write(plan, to: "plan.yml")
        let lines = answers.map { $0.adding("task", "a").description }
        _ = try self.folder.write(lines.joined(separator: "\n"), to: "answers.jsonl")
        let baton = Binary(folder: self.folder.path)
        let run = try baton("run", "plan.yml", "--id", "r")
        let shown = try JSON(parsing: Array(try baton("show", "r", "a", "--json").output.utf8))
        return (run.code, shown, run.everything + (try baton("events", "r", "--json").output))
    }

    private static func plan(_ tasks: (String, [String])...) -> JSON {
        let tasks = tasks.map { id, needs -> JSON in
            [
                "task_id": .string(id), "description": .string("Do \(id)."),
                "dependencies": .array(needs.map { .string($0) }),
            ]
        }
        return ["summary": "a plan", "tasks": .array(tasks)]
    }

    @Test(
        arguments: [
            ("docs/asked.md:1", "no tool has shown docs/asked.md"),
            ("bees.md:500-900", "bees.md has 2 lines, and no line 900"),
            ("https://made.up/paper", "no tool has shown https://made.up/paper"),
        ]
    )
    func `what a model has only asked for, lines that there are not and pages that nobody opened are sent back`(
        source: String,
        words: String
    ) throws {
        _ = try self.folder.write("Bees dance.\n", to: "bees.md")
        let look: JSON = [
            "calls": [
                ["tool": "read_file", "input": ["path": "bees.md"]],
                ["tool": "search_files", "input": ["text": "docs/asked.md:1"]],
            ]
        ]
        let answer = { (source: String) -> JSON in
            ["text": .string((["sources": [["source": .string(source), "title": "x"]]] as JSON).description)]
        }
        let run = try self.run(
            "model",
            more: ", tools: [read_file, search_files], produces: {type: object, required: [sources]}",
            [look.adding("text", ""), answer(source), answer("bees.md:1").adding("expect", .string(words))]
        )
        #expect(run.code == 0, "\(run.all.prefix(3000))")
    }

    @Test func `a place in a document that no tool has shown is sent back`() throws {
        _ = try self.folder.write("Bees dance.\n", to: "bees.md")
        let made = ["sources": [["source": "docs/nowhere.md:1-2", "title": "x"]]] as JSON
        let right = ["sources": [["source": "bees.md:1", "title": "x"]]] as JSON
        let call: JSON = ["tool": "read_file", "input": ["path": "bees.md"]]
        let (code, shown, all) = try self.run(
            "model",
            more: ", tools: [read_file], produces: {type: object, required: [sources]}",
            [
                ["text": .string(made.description)], ["text": "", "calls": [call]],
                ["text": .string(right.description)],
            ]
        )
        #expect(code == 0 && shown["output"] == right, "\(all)")
    }

    @Test func `what a planner brings is a plan: circles, strangers and twins are sent back with why`() throws {
        let circle = Self.plan(("one", ["two"]), ("two", ["one"]))
        let stranger = Self.plan(("one", ["nobody"]), ("one", []))
        let right = Self.plan(("one", []), ("two", ["one"]))
        let (code, shown, all) = try self.run(
            "planner",
            [
                ["text": .string(circle.description)],
                [
                    "expect": "each of these tasks waits for the one before it: one → two → one",
                    "text": .string(stranger.description),
                ],
                ["expect": "nobody", "text": .string(right.description)],
            ]
        )
        #expect(code == 0, "\(all)")
        #expect(shown["output"] == right)
    }

    @Test func `what a tester says of its run has to be what its run was`() throws {
        let says = { (code: Int64, passed: Bool) -> JSON in
            let result: JSON = [
                "tests": ["it adds"], "command": ["sh", "-c", "exit 3"], "exit_code": .integer(code), "output": "",
                "passed": .bool(passed),
            ]
            return ["text": .string(result.description)]
        }
        let call: JSON = ["calls": [["tool": "run_command", "input": ["command": ["sh", "-c", "exit 3"]]]]]
        let (code, shown, all) = try self.run(
            "test",
            more: ", approved_tools: [run_command]",
            [
                says(0, true),
                call.adding("expect", "nothing has run `sh -c exit 3` here: run it with run_command"),
                says(0, true),
                says(3, false).adding("expect", "`sh -c exit 3` ended with 3"),
            ]
        )
        #expect(code == 0, "\(all)")
        #expect(shown["output"]?["exit_code"] == 3 && shown["output"]?["passed"] == false, "\(all)")
    }

    @Test func `a tester that can run nothing has run nothing`() throws {
        let result: JSON = [
            "tests": ["it adds"], "command": ["true"], "exit_code": 0, "output": "", "passed": true,
        ]
        let says: JSON = ["text": .string(result.description)]
        let told = says.adding("expect", "nothing has run `true` here")
        let (code, _, all) = try self.run("test", more: ", tools: [read_file]", [says, told, told])
        #expect(code == 1, "\(all)")
    }

    @Test func `a tester with a form of its own is held to what it says in it`() throws {
        let says = { (passed: Bool) -> JSON in ["text": .string("{\"passed\": \(passed)}")] }
        let (code, shown, all) = try self.run(
            "test",
            more: ", approved_tools: [run_command], produces: {type: object, required: [passed]}",
            [
                says(true),
                [
                    "expect": "nothing has run the tests here",
                    "calls": [["tool": "run_command", "input": ["command": ["false"]]]],
                ],
                says(true),
                says(false).adding("expect", "the tests ended with 1").adding("expect", "and it ended with 1"),
            ]
        )
        #expect(code == 0, "\(all)")
        #expect(shown["output"] == ["passed": false], "\(all)")
    }

    @Test func `a rehearsal of both is not held against what was never done`() throws {
        let plan = """
            project_id: claims
            defaults: {model: rehearsal}
            agents: [{agent_id: ann, type: planner}, {agent_id: bob, type: test}]
            tasks:
              - {task_id: a, description: Plan it., assigned_agent: ann}
              - {task_id: b, description: Test it., assigned_agent: bob}
            """
        _ = try self.folder.write(plan, to: "plan.yml")
        let run = try Binary(folder: self.folder.path)("run", "plan.yml", "--id", "r")
        #expect(run.code == 0, "\(run.everything)")
    }
}
