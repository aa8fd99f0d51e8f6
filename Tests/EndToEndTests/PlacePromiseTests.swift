import BatonCore
import BatonTestKit
import Foundation
import Testing

/// Promises about what a run shows while it goes on, where it goes on, and what it leaves behind.
@Suite(.ownThreads) struct PlacePromiseTests {
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

    @Test func `a run ends also when its standard input is closed`() throws {
        try self.plan(
            """
            project_id: closed
            execution_mode: fully_automated
            agents: [{agent_id: sh, command: [sh, -c, 'cat > input; echo fine']}]
            tasks: [{task_id: a}, {task_id: b, dependencies: [a]}]
            """
        )
        let line = "cd \"$1\" && exec \"$2\" run plan.yml --id r <&- > out 2>&1"
        #expect(try Running.system("sh", "-c", line, "sh", self.folder.path, Binary.path) == 0)
        #expect(try self.json("show", "r")["state"] == "completed")
        #expect(self.folder.read("input").contains("\"dependencies\""))
        #expect(self.folder.read("out").contains("completed"))
    }

    @Test func `a task is told while it runs and when it has ended, in five words and in our own`() throws {
        try self.plan(
            """
            project_id: live
            agents: [{agent_id: sh, command: [sh, -c, 'while [ ! -e go ]; do sleep 0.02; done; echo fine']}]
            tasks: [{task_id: work}, {task_id: next, dependencies: [work]}]
            """
        )
        let running = try self.baton.start(["run", "plan.yml", "--id", "r", "--json"])
        while let line = running.nextLine(), !line.contains("step_owed") {}
        let live = try self.json("show", "r", "work")
        #expect(live["status"] == "in_progress")
        #expect(live["state"] == "running")
        #expect(live["attempts"]?[0]?["result"] == "running")
        #expect(try self.json("show", "r", "next")["status"] == "pending")
        _ = try self.folder.write("", to: "go")
        while running.nextLine() != nil {}
        #expect(running.wait() == 0)
        let ended = try self.json("show", "r", "work")
        #expect(ended["status"] == "completed")
        #expect(ended["output"] == "fine")
    }

    @Test func `the data folder alone is enough to go on in another place`() throws {
        try self.plan(
            """
            project_id: move
            agents: [{agent_id: ed, type: person}, {agent_id: sh, command: [cat]}]
            tasks:
              - {task_id: first, assigned_agent: sh, input: made here}
              - {task_id: judge, assigned_agent: ed, dependencies: [first]}
              - {task_id: last, assigned_agent: sh, input: "{{tasks.first.output.input}}, {{tasks.judge.output}}"}
            """
        )
        #expect(try self.baton("run", "plan.yml", "--id", "r").code == 2)
        let elsewhere = try TemporaryFolder()
        #expect(try Running.system("cp", "-r", self.folder(".baton"), elsewhere(".baton")) == 0)
        // Nothing of the old place is left to fall back on.
        for name in [".baton", "plan.yml"] { try FileManager.default.removeItem(atPath: self.folder(name)) }
        let baton = Binary(folder: elsewhere.path)
        #expect(try baton("answer", "q1", "judged there").code == 0)
        let resumed = try baton("resume", "r")
        #expect(resumed.code == 0, "\(resumed.errors)")
        let last = try JSON(parsing: try baton("show", "r", "last", "--json").output.utf8)
        #expect(last["output"]?["input"] == "made here, judged there")
        let first = try JSON(parsing: try baton("show", "r", "first", "--json").output.utf8)
        #expect(first["attempts"]?.elements?.count == 1)
    }

    @Test func `failures and time limits leave no process and no temporary file behind`() throws {
        try FileManager.default.createDirectory(atPath: self.folder("tmp"), withIntermediateDirectories: false)
        var baton = self.baton
        baton.environment = ["TMPDIR": self.folder("tmp")]
        try self.plan(
            """
            project_id: untidy
            defaults: {max_retry_attempts: 2, retry_delay_seconds: 0}
            agents:
              - {agent_id: bad, command: [sh, -c, 'echo $$ >> pids; sleep 300 & echo $! >> pids; exit 3']}
              - {agent_id: slow, command: [sh, -c, 'echo $$ >> pids; sleep 300 & echo $! >> pids; wait']}
            tasks:
              - {task_id: a, assigned_agent: bad}
              - {task_id: b, assigned_agent: slow, timeout_seconds: 0.5}
            """
        )
        #expect(try baton("run", "plan.yml", "--id", "r").code == 1)
        #expect(try self.json("show", "r", "b")["error"]?["code"] == "step.timed_out")
        let pids = self.folder.read("pids").split(separator: "\n").compactMap { pid_t($0) }
        #expect(pids.count == 8)
        for pid in pids { #expect(kill(pid, 0) != 0, "process \(pid) goes on") }
        #expect(try FileManager.default.contentsOfDirectory(atPath: self.folder("tmp")) == [])
    }

    #if os(Linux)
    @Test func `attempts that fail leave no file handle open in the engine`() throws {
        // Each tells how many the engine has open while it works; every second one fails at first.
        let script = "ls /proc/$PPID/fd | wc -l; [ $BATON_ATTEMPT = 2 ] || [ $((${BATON_TASK#t} % 2)) = 0 ]"
        let tasks = (0..<60).map { "{task_id: t\($0)}" }.joined(separator: ", ")
        try self.plan(
            """
            project_id: handles
            defaults: {max_concurrent_tasks: 1, max_retry_attempts: 2, retry_delay_seconds: 0}
            agents: [{agent_id: sh, command: [sh, -c, '\(script)']}]
            tasks: [\(tasks)]
            """
        )
        #expect(try self.baton("run", "plan.yml", "--id", "r").code == 0)
        let open = try (0..<60).map { try #require(self.json("show", "r", "t\($0)")["output"]?.integer) }
        // One that is kept by each failed attempt would make thirty; a few more or less are those of the moment.
        #expect((open.suffix(10).max() ?? .max) <= (open.prefix(10).max() ?? 0) + 5, "\(open)")
    }
    #endif

    @Test func `each fact of an agent is a line, and the lines of one agent can be picked out`() throws {
        try self.plan(
            """
            project_id: voices
            agents: [{agent_id: ann, command: [echo, fine]}, {agent_id: bob, command: [echo, fine]}]
            tasks:
              - {task_id: a1, assigned_agent: ann}
              - {task_id: b1, assigned_agent: bob}
              - {task_id: a2, assigned_agent: ann}
              - {task_id: b2, assigned_agent: bob}
            """
        )
        let lines = try self.baton("run", "plan.yml", "--id", "r", "--plain").output.split(separator: "\n")
        for (agent, tasks) in [("ann", ["a1", "a2"]), ("bob", ["b1", "b2"])] {
            let own = lines.compactMap { line in
                line.prefixMatch(of: /\d\d:\d\d:\d\d +\d+%  (\w+) +(\w+) +(started|completed)/)
            }.filter { $0.1 == agent }
            #expect(own.map { "\($0.2) \($0.3)" } == tasks.flatMap { ["\($0) started", "\($0) completed"] })
        }
    }
}
