import BatonCore
import BatonTestKit
import Foundation
import Testing

/// Promises of the seed documents that only the whole program can keep.
@Suite(.ownThreads) struct PromiseTests {
    private let folder: TemporaryFolder
    private let baton: Binary

    init() throws {
        self.folder = try TemporaryFolder()
        self.baton = Binary(folder: self.folder.path)
    }

    private func plan(_ text: String) throws { _ = try self.folder.write(text, to: "plan.yml") }

    private func json(_ arguments: String...) throws -> JSON {
        try JSON(parsing: try self.baton.run(arguments + ["--json"]).output.utf8)
    }

    @Test func `a fully automated plan ends with standard input closed and nobody to answer`() throws {
        try self.plan(
            """
            project_id: auto
            execution_mode: fully_automated
            agents: [{agent_id: sh, command: [sh, -c, 'read x; echo "read $?"'], skill_levels: {cooking: 2}}]
            tasks: [{task_id: a, required_skills: {cooking: 9}}, {task_id: b, dependencies: [a]}]
            """
        )
        let ending = try self.baton("run", "plan.yml", "--id", "r")
        #expect(ending.code == 0, "\(ending.errors)")
        // Nobody has the skill: the nearest did it, and the record says so.
        #expect(ending.output.contains("lacking cooking 2 of 9"))
    }

    @Test func `a dependent that wants to run gets the failure in its input, and the run is partial`() throws {
        try self.plan(
            """
            project_id: degrade
            agents:
              - {agent_id: bad, command: [sh, -c, "echo broken >&2; exit 65"]}
              - {agent_id: good, command: [cat]}
            tasks:
              - {task_id: source, assigned_agent: bad}
              - {task_id: other, assigned_agent: good}
              - {task_id: use, assigned_agent: good, dependencies: [source, other], on_dependency_failure: run}
            """
        )
        #expect(try self.baton("run", "plan.yml", "--id", "r").code == 1)
        #expect(try self.json("show", "r")["state"] == "partial")
        let input = try self.json("show", "r", "use")["output"]?["dependencies"]
        #expect(input?["source"]?["status"] == "failed")
        #expect(input?["source"]?["reason"]?.string?.contains("exit code 65") == true)
        #expect(input?["other"]?["status"] == "completed")
    }

    @Test func `a failure says what, where, why and the next step, and keeps what was printed to standard error`()
        throws
    {
        try self.plan(
            """
            project_id: fault
            defaults: {max_retry_attempts: 1}
            agents: [{agent_id: bad, command: [sh, -c, "echo the oven is cold >&2; exit 3"]}]
            tasks: [{task_id: bake}]
            """
        )
        let run = try self.baton("run", "plan.yml", "--id", "r")
        #expect(run.output.contains("bad  bake"))
        #expect(run.output.contains("failed [exec.exit]: the command of task bake ended with exit code 3"))
        let shown = try self.baton("show", "r", "bake").output
        #expect(shown.contains("baton show r bake"))
        #expect(shown.contains("| the oven is cold"))
    }

    @Test func `every line of a run says when, who and which task`() throws {
        try self.plan(
            """
            project_id: lines
            agents: [{agent_id: worker, command: [echo, fine]}]
            tasks: [{task_id: first}, {task_id: second, dependencies: [first]}]
            """
        )
        let lines = try self.baton("run", "plan.yml").output.split(separator: "\n")
        let about = lines.filter { $0.contains("started") || $0.hasSuffix("completed") && $0.contains("worker") }
        #expect(about.count == 4)
        for line in about {
            #expect(
                line.prefixMatch(of: /\d\d:\d\d:\d\d +\d+%  worker +(first|second) +(started|completed)/) != nil,
                "\(line)"
            )
        }
    }

    @Test func `what waits for an agent is shown in the order in which it will be taken`() throws {
        try self.plan(
            """
            project_id: queue
            agents: [{agent_id: ed, type: person}]
            tasks:
              - {task_id: low, assigned_agent: ed, priority: 1}
              - {task_id: high, assigned_agent: ed, priority: 5}
              - {task_id: middle, assigned_agent: ed, priority: 3}
              - {task_id: later, assigned_agent: ed, dependencies: [low]}
            """
        )
        #expect(try self.baton("run", "plan.yml", "--id", "r").code == 2)
        let load = try self.json("show", "r")["agents"]?[0]
        #expect(load?["in_hand"] == ["high"])
        #expect(load?["waiting"] == ["middle", "low", "later"])
        #expect(load?["done"] == 0)
    }

    @Test func `nothing is left behind two seconds after the end`() throws {
        try self.plan(
            """
            project_id: tidy
            agents: [{agent_id: sh, command: [sh, -c, 'echo $$ >> pids; setsid sh -c "echo \\$\\$ >> pids; sleep 300" & echo fine']}]
            tasks: [{task_id: a}, {task_id: b, dependencies: [a]}]
            """
        )
        #expect(try self.baton("run", "plan.yml").code == 0)
        let pids = self.folder.read("pids").split(separator: "\n").compactMap { pid_t($0) }
        #expect(pids.count >= 2)
        for pid in pids { #expect(kill(pid, 0) != 0, "process \(pid) goes on") }
        let left = try FileManager.default.contentsOfDirectory(atPath: self.folder(".baton")).sorted()
        #expect(Set(left).isSubset(of: ["journal.sqlite", "lock", "live"]))
    }

    @Test func `a level outside 1 to 10 is refused at its place`() throws {
        try self.plan(
            """
            project_id: level
            agents:
              - agent_id: a
                skill_levels: {cooking: 11}
                preferences: {baking: 0}
            tasks: [{task_id: t}]
            """
        )
        let ending = try self.baton("check", "plan.yml")
        #expect(ending.code == 65)
        #expect(ending.output.contains("plan.yml:4:29: error[plan.range]"))
        #expect(ending.output.contains("plan.yml:5:27: error[plan.range]"))
    }

    @Test func `an attendee may be a name that only one agent has`() throws {
        try self.plan(
            """
            project_id: names
            agents: [{agent_id: a, name: Ann Lee}, {agent_id: b, name: Bo}, {agent_id: c, name: Bo}]
            tasks: [{task_id: t, meeting_required: true, attendees: [Ann Lee, b]}]
            """
        )
        #expect(try self.baton("run", "plan.yml", "--id", "r").code == 0)
        #expect(try self.json("show", "r", "t")["output"]?["attendees"] == ["a", "b"])
        try self.plan(
            """
            project_id: names
            agents: [{agent_id: a, name: Ann Lee}, {agent_id: b, name: Bo}, {agent_id: c, name: Bo}]
            tasks: [{task_id: t, meeting_required: true, attendees: [Bo, Nobody]}]
            """
        )
        let refused = try self.baton("check", "plan.yml")
        #expect(refused.code == 65)
        #expect(refused.output.contains("attendee Bo of task t is the name of b and c"))
        #expect(refused.output.contains("attendee Nobody of task t is no agent"))
    }

    @Test func `one task at a time counts the work of people too`() throws {
        try self.plan(
            """
            project_id: single
            defaults: {enable_parallel_execution: false}
            agents: [{agent_id: ed, type: person}, {agent_id: sh, command: [echo, fine]}]
            tasks: [{task_id: judge, assigned_agent: ed, priority: 5}, {task_id: work, assigned_agent: sh}]
            """
        )
        #expect(try self.baton("run", "plan.yml", "--id", "r").code == 2)
        #expect(try self.json("show", "r", "work")["state"] == "ready")
        #expect(try self.baton("answer", "q1", "fine").code == 0)
        #expect(try self.baton("resume").code == 0)
    }

    @Test func `a person is asked with the outputs filled in, and sees the input`() throws {
        try self.plan(
            """
            project_id: filled
            agents: [{agent_id: sh, command: [echo, Bees]}, {agent_id: ed, type: person}]
            tasks:
              - {task_id: topic, assigned_agent: sh}
              - {task_id: judge, assigned_agent: ed, description: "Lay out {{tasks.topic.output}}", input: {pages: 4}}
            """
        )
        #expect(try self.baton("run", "plan.yml", "--id", "r").code == 2)
        #expect(try self.json("inbox")["questions"]?[0]?["text"] == "Lay out Bees\n{\"pages\":4}")
    }

    @Test func `a slip in a template is a warning`() throws {
        try self.plan(
            """
            project_id: slip
            agents: [{agent_id: sh, command: [cat]}]
            tasks:
              - {task_id: a}
              - {task_id: b, input: "{{tasks.a.outputs}} {{task.a}} {{ other }} {{tasks.a.output}}"}
            """
        )
        let check = try self.baton("check", "plan.yml")
        #expect(check.code == 0)
        #expect(check.output.contains("plan.yml:5:25: warning[plan.template]: task b has {{tasks.a.outputs}}"))
        #expect(check.output.contains("{{task.a}}"))
        #expect(!check.output.contains("other"))
    }

    @Test func `five hundred short commands all succeed at the first try`() throws {
        try self.plan(
            """
            project_id: many
            defaults: {max_retry_attempts: 1}
            agents: [{agent_id: sh, command: [echo, hi], max_concurrent_tasks: 4}]
            tasks: [\((0..<500).map { "{task_id: t\($0)}" }.joined(separator: ", "))]
            """
        )
        #expect(try self.baton("run", "plan.yml").code == 0)
    }

    // MARK: What a hostile reader found

    @Test func `a run without a terminal ends also when only a busy person is near enough`() throws {
        try self.plan(
            """
            project_id: near
            staffing: best_available
            agents:
              - {agent_id: ann, type: person, skill_levels: {x: 8}}
              - {agent_id: sh, command: [echo, fine], skill_levels: {x: 1}}
            tasks:
              - {task_id: a, assigned_agent: ann}
              - {task_id: b, required_skills: {x: 9}}
            """
        )
        #expect(try self.baton("run", "plan.yml", "--id", "r").code == 2)
    }

    @Test func `a person who names the lead of a meeting does not send the others home`() throws {
        try self.plan(
            """
            project_id: meet
            staffing: strict
            agents:
              - {agent_id: x, command: [echo, fine], skill_levels: {s: 1}}
              - {agent_id: y, command: [echo, fine], skill_levels: {s: 1}}
            tasks: [{task_id: m, meeting_required: true, attendees: [x, y], required_skills: {s: 9}}]
            """
        )
        #expect(try self.baton("run", "plan.yml", "--id", "r").code == 2)
        #expect(try self.baton("answer", "r", "q1", "y").code == 0)
        #expect(try self.baton("resume").code == 0)
        let started = try self.baton("events", "r", "--json").output.split(separator: "\n").map {
            try JSON(parsing: $0.utf8)
        }
        .first { $0["kind"] == "attempt_started" }
        #expect(started?["task"] == "m.open")
        #expect(Set(started?["agents"]?.elements ?? []) == ["x", "y", "baton"])
    }

    @Test func `Ctrl-C stops a rehearsal too, and it goes on where it was`() throws {
        let tasks = (0..<3000).map { "{task_id: t\($0), dependencies: [\($0 == 0 ? "" : "t\($0 - 1)")]}" }
        try self.plan("project_id: long\nagents: [{agent_id: a}]\ntasks: [\(tasks.joined(separator: ", "))]\n")
        let running = try self.baton.start(["rehearse", "plan.yml", "--id", "r", "--json"])
        while let line = running.nextLine(), !line.contains("task_ended") {}
        running.send(SIGINT)
        while running.nextLine() != nil {}
        #expect(running.wait() == 130)
        #expect(running.errors.contains("baton resume r"))
        #expect(try self.baton("resume").code == 0)
    }

    @Test func `Ctrl-C twice ends the process though nobody reads what it prints`() throws {
        try self.plan(
            """
            project_id: mute
            agents: [{agent_id: sh, repeatable: true, command: [sh, -c, 'sleep 60']}]
            tasks: [\((0..<4000).map { "{task_id: t\($0)}" }.joined(separator: ", "))]
            """
        )
        let running = try self.baton.start(["run", "plan.yml", "--id", "r", "--json"])
        #expect(running.nextLine() != nil)
        running.send(SIGINT)
        running.send(SIGTERM)
        // Nothing more is read before it has ended.
        #expect([130, 130].contains(running.wait()))
    }

    @Test func `commands that are printed can be typed as they are`() throws {
        try self.plan(
            """
            project_id: hint
            agents: [{agent_id: ed, type: person}]
            tasks: [{task_id: a}]
            """
        )
        let ending = try self.baton("run", "plan.yml", "--id", "r", "--data-dir", "my data")
        #expect(ending.output.contains("baton answer r q1 YOUR-ANSWER --data-dir '\(self.folder("my data"))'"))
        #expect(ending.errors.contains("baton resume r --data-dir '\(self.folder("my data"))'"))
    }

    @Test func `a folder in which nothing was stored yet says so`() throws {
        try FileManager.default.createDirectory(atPath: self.folder(".baton"), withIntermediateDirectories: false)
        _ = try self.folder.write("", to: ".baton/journal.sqlite")
        let ending = try self.baton("runs")
        #expect(ending.code == 66)
        #expect(ending.errors.contains("no run has been stored yet"))
        #expect(try self.baton("runs", "--data-dir", "").code == 64)
    }
}
