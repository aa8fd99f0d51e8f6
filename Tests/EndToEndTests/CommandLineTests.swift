import BatonCore
import BatonTestKit
import Foundation
import Testing

/// The real program as a user meets it.
@Suite(.ownThreads) struct CommandLineTests {
    private let folder: TemporaryFolder
    private let baton: Binary

    init() throws {
        self.folder = try TemporaryFolder()
        self.baton = Binary(folder: self.folder.path)
    }

    private static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    private func plan(_ text: String, name: String = "plan.yml") throws { _ = try self.folder.write(text, to: name) }

    private static let oneTask = """
        project_id: one
        agents: [{agent_id: sh, command: [sh, -c, "echo fine"]}]
        tasks: [{task_id: a}]
        """

    // MARK: Running

    @Test func `a plan of one command runs to its end`() throws {
        try self.plan(Self.oneTask)
        let ending = try self.baton("run", "plan.yml")
        #expect(ending.code == 0, "\(ending.errors)")
        #expect(ending.output.contains("a  started"))
        #expect(ending.output.contains("completed after"))
        #expect(try self.baton("show").output.contains("fine"))
    }

    @Test func `a run with a failure ends with 1 and keeps the rest`() throws {
        try self.plan(
            """
            project_id: part
            agents:
              - {agent_id: good, command: [echo, fine]}
              - {agent_id: bad, command: [sh, -c, "echo why >&2; exit 65"]}
            tasks:
              - {task_id: a, assigned_agent: good}
              - {task_id: b, assigned_agent: bad}
              - {task_id: c, assigned_agent: good, dependencies: [b]}
            """
        )
        let ending = try self.baton("run", "plan.yml", "--id", "r")
        #expect(ending.code == 1)
        let shown = try JSON(parsing: try self.baton("show", "r", "--json").output.utf8)
        #expect(shown["state"] == "partial")
        #expect(shown["progress_percentage"] == 100.0)
        #expect(shown["tasks"]?.elements?.map { $0["status"] } == ["completed", "failed", "cancelled"])
        let task = try JSON(parsing: try self.baton("show", "r", "b", "--json").output.utf8)
        #expect(task["error"]?["code"] == "exec.exit")
        #expect(task["error"]?["stderr"] == "why\n")
    }

    @Test func `an output is used by another task`() throws {
        try self.plan(
            """
            project_id: use
            agents:
              - {agent_id: maker, command: [echo, '{"n": 7}']}
              - {agent_id: taker, command: [cat]}
            tasks:
              - {task_id: make, assigned_agent: maker}
              - {task_id: take, assigned_agent: taker, input: {got: "{{tasks.make.output.n}}"}}
            """
        )
        #expect(try self.baton("run", "plan.yml", "--id", "r").code == 0)
        let task = try JSON(parsing: try self.baton("show", "r", "take", "--json").output.utf8)
        #expect(task["output"]?["input"]?["got"] == 7)
        #expect(task["output"]?["dependencies"]?["make"]?["output"]?["n"] == 7)
    }

    @Test func `ten tasks for ten agents overlap`() throws {
        // Each waits until all ten have come: one that had to wait for another would end by its time limit.
        let script =
            "echo $BATON_TASK > in-$BATON_TASK; while [ $(ls in-* | wc -l) -lt 10 ]; do sleep 0.02; done; echo met"
        var agents: [JSON] = []
        var tasks: [JSON] = []
        for number in 0..<10 {
            agents.append(["agent_id": .string("a\(number)"), "command": ["sh", "-c", .string(script)]])
            tasks.append([
                "task_id": .string("t\(number)"), "assigned_agent": .string("a\(number)"), "timeout_seconds": 20,
                "retry": ["max_attempts": 1],
            ])
        }
        let plan: JSON = ["project_id": "ten", "agents": .array(agents), "tasks": .array(tasks)]
        try self.plan(plan.description, name: "plan.json")
        #expect(try self.baton("run", "plan.json").code == 0)
    }

    @Test func `a time limit of the run stops what runs and keeps what is done`() throws {
        try self.plan(
            """
            project_id: limit
            budget: {time: 1}
            agents: [{agent_id: sh, command: [sh, -c, 'test $BATON_TASK = quick && echo fine || sleep 60'], max_concurrent_tasks: 2}]
            tasks: [{task_id: quick}, {task_id: slow}]
            """
        )
        let ending = try self.baton("run", "plan.yml", "--id", "r")
        #expect(ending.code == 1)
        let shown = try JSON(parsing: try self.baton("show", "r", "--json").output.utf8)
        #expect(shown["state"] == "partial")
        #expect(shown["tasks"]?.elements?.map { $0["state"] } == ["completed", "cancelled"])
    }

    // MARK: Rehearsals

    private static let sample = package.appendingPathComponent(
        "../shared/samples/healthcare_blockchain_compressed.json"
    ).path

    @Test(.enabled(if: FileManager.default.fileExists(atPath: sample), "the sample is not beside this checkout"))
    func `the sample project runs to its end offline, unchanged`() throws {
        let sample = Self.sample
        #expect(try self.baton("check", sample).code == 0)
        let ending = try self.baton("run", sample, "--id", "r")
        #expect(ending.code == 0, "\(ending.errors)")
        #expect((ending.output + ending.errors).contains("REHEARSAL"))
        let shown = try JSON(parsing: try self.baton("show", "r", "--json").output.utf8)
        #expect(shown["rehearsal"] == true)
        // Its six meetings, and what they decided.
        #expect(shown["completed_tasks"] == shown["total_tasks"], "\(shown)")
        let report = try JSON(parsing: try self.baton("report", "r", "--format", "json").output.utf8)
        let held = report["meetings"]?.elements ?? []
        #expect(held.count == 6 && held.allSatisfy { $0["ended_by"] != .null })
        let items = held.flatMap { $0["minutes"]?["decisions"]?.elements ?? [] }
        #expect(!items.isEmpty && items.allSatisfy { $0["evidence"]?.elements?.isEmpty == false })
        let spawned = held.flatMap { $0["minutes"]?["action_items"]?.elements ?? [] }.filter { $0["task"] != .null }
        #expect(!spawned.isEmpty && shown["completed_tasks"]?.integer ?? 0 > 6)
    }

    @Test func `a rehearsal says so on every surface`() throws {
        try self.plan(Self.oneTask)
        let ending = try self.baton("run", "plan.yml", "--rehearse", "--id", "r")
        #expect(ending.output.contains("REHEARSAL"))
        #expect(try self.baton("runs").output.contains("REHEARSAL"))
        #expect(try self.baton("show", "r").output.contains("REHEARSAL"))
        for format in ["md", "html", "json"] {
            let report = try self.baton("report", "r", "--format", format).output
            #expect(report.contains(format == "json" ? "\"rehearsal\":true" : "REHEARSAL"), "\(format)")
        }
        #expect(try self.baton("show", "r", "a").output.contains("REHEARSAL"))
        #expect(try self.baton("events", "r").output.contains("REHEARSAL"))
        #expect(try JSON(parsing: try self.baton("show", "r", "--json").output.utf8)["rehearsal"] == true)
        #expect(try JSON(parsing: try self.baton("runs", "--json").output.utf8)["runs"]?[0]?["rehearsal"] == true)
    }

    @Test func `the same seed plays the same events`() throws {
        let sample = Self.package.appendingPathComponent("Examples/product-launch/plan.json").path
        #expect(try self.baton("rehearse", sample, "--id", "r", "--seed", "3", "--data-dir", "one").code == 0)
        #expect(try self.baton("rehearse", sample, "--id", "r", "--seed", "3", "--data-dir", "two").code == 0)
        let events = try ["one", "two"].map { try self.baton("events", "r", "--json", "--data-dir", $0).output }
        #expect(events[0] == events[1])
    }

    // MARK: People

    @Test func `a run that only waits for people ends with 2, is answered, and goes on`() throws {
        try self.plan(
            """
            project_id: ask
            agents:
              - {agent_id: ed, type: person, name: Ed}
              - {agent_id: sh, command: [cat]}
            tasks:
              - {task_id: judge, assigned_agent: ed, description: Is it good?}
              - {task_id: after, assigned_agent: sh, input: "{{tasks.judge.output}}"}
            """
        )
        let first = try self.baton("run", "plan.yml", "--id", "r")
        #expect(first.code == 2)
        #expect(first.output.contains("baton answer r q1"))
        let inbox = try JSON(parsing: try self.baton("inbox", "--json").output.utf8)
        #expect(inbox["questions"]?[0]?["text"] == "Is it good?")
        #expect(try self.baton("answer", "q1", "very", "good").code == 0)
        let again = try self.baton("answer", "r", "q1", "no")
        #expect(again.code == 65)
        #expect(again.errors.contains("not open"))
        #expect(try self.baton("resume").code == 0)
        let task = try JSON(parsing: try self.baton("show", "r", "after", "--json").output.utf8)
        #expect(task["output"]?["input"] == "very good")
    }

    @Test func `a person can give a task up, and several tasks of one person are asked one by one`() throws {
        try self.plan(
            """
            project_id: two
            agents: [{agent_id: ed, type: person}]
            tasks: [{task_id: a}, {task_id: b}]
            """
        )
        #expect(try self.baton("run", "plan.yml", "--id", "r").code == 2)
        #expect(try self.baton("answer", "q1", "--fail", "the shop is closed").code == 0)
        #expect(try self.baton("resume").code == 2)
        #expect(try self.baton("answer", "r", "q2", "done").code == 0)
        let shown = try JSON(parsing: try self.baton("show", "r", "--json").output.utf8)
        #expect(shown["state"] == "partial")
        #expect(shown["tasks"]?[0]?["error"]?["message"] == "the shop is closed")
    }

    @Test func `nobody who fits is a question with the nearest remedy`() throws {
        try self.plan(
            """
            project_id: staff
            staffing: strict
            agents: [{agent_id: sh, command: [echo, fine], skill_levels: {cooking: 3}}]
            tasks: [{task_id: cook, required_skills: {cooking: 8}}]
            """
        )
        let first = try self.baton("run", "plan.yml", "--id", "r")
        #expect(first.code == 2)
        #expect(first.output.contains("cooking 3 of 8"))
        #expect(try self.baton("answer", "r", "q1", "sh").code == 0)
        #expect(try self.baton("resume").code == 0)
    }

    // MARK: Interrupts

    @Test func `Ctrl-C stops cleanly, says how to go on, and leaves no process`() throws {
        try self.plan(
            """
            project_id: stop
            agents: [{agent_id: sh, repeatable: true, command: [sh, -c, 'echo $$ >> pids; test -e go && echo fine || sleep 60']}]
            tasks: [{task_id: a}]
            """
        )
        let running = try self.baton.start(["run", "plan.yml", "--id", "r", "--json"])
        while let line = running.nextLine(), !line.contains("step_owed") {}
        running.send(SIGINT)
        while running.nextLine() != nil {}
        #expect(running.wait() == 130)
        #expect(running.errors.contains("baton resume r"))
        for pid in self.folder.read("pids").split(separator: "\n").compactMap({ pid_t($0) }) {
            #expect(kill(pid, 0) != 0)
        }
        _ = try self.folder.write("", to: "go")
        #expect(try self.baton("resume").code == 0)
    }

    @Test func `a second Ctrl-C ends at once`() throws {
        try self.plan(
            """
            project_id: stop
            agents: [{agent_id: sh, repeatable: true, command: [sh, -c, 'trap "" TERM INT; echo up >&2; while :; do sleep 1; done']}]
            tasks: [{task_id: a}]
            """
        )
        let running = try self.baton.start(["run", "plan.yml", "--id", "r", "--json"])
        while let line = running.nextLine(), !line.contains("step_owed") {}
        running.send(SIGINT)
        running.send(SIGTERM)
        while running.nextLine() != nil {}
        #expect(running.wait() == 130)
        #expect(try self.baton("runs").code == 0)
    }
}
