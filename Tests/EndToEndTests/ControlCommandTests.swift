import BatonCore
import BatonTestKit
import Foundation
import Testing

/// Commands from another terminal, against the real program.
@Suite(.ownThreads, .timeLimit(.minutes(30))) struct ControlCommandTests {
    private let folder: TemporaryFolder
    private let baton: Binary

    // The tasks of a run end when the test lets them: each waits for a line in a pipe of its own.
    private static let plan = """
        project_id: steered
        agents: [{agent_id: sh, command: [sh, -c, 'read x < "$BATON_TASK.pipe"; cat; echo "$x"'], max_concurrent_tasks: 4}]
        tasks:
          - {task_id: a, description: first}
          - {task_id: b, description: second, dependencies: [a]}
          - {task_id: c, description: third, dependencies: [b]}
        """

    init() throws {
        self.folder = try TemporaryFolder()
        self.baton = Binary(folder: self.folder.path)
        _ = try self.folder.write(Self.plan, to: "plan.yml")
        for task in ["a", "b", "c", "d", "added-1"] { mkfifo(self.folder("\(task).pipe"), 0o600) }
    }

    private func release(_ task: String) throws {
        // Opening waits for the task to read.
        let pipe = try FileHandle(forWritingTo: URL(fileURLWithPath: self.folder("\(task).pipe")))
        try pipe.write(contentsOf: Data("go\n".utf8))
        try pipe.close()
    }

    /// Waits for a line of a started program.
    private func line(_ running: Running, _ text: String) -> Bool {
        while let line = running.nextLine() { if line.contains(text) { return true } }
        return false
    }

    private func json(_ arguments: String...) throws -> JSON {
        let ending = try self.baton.run(arguments + ["--json"])
        return try JSON(parsing: Array(ending.output.utf8))
    }

    @Test func `an edit that leaves its task out says so`() throws {
        let running = try self.baton.start(["run", "plan.yml", "--id", "r", "--json"])
        #expect(self.line(running, "step_owed"))
        let listening = self.folder(".baton/control/engine.sock")
        while !FileManager.default.fileExists(atPath: listening) { sched_yield() }
        #expect(try self.baton("pause").code == 0)
        #expect(try self.baton("add", "One more thing").code == 0)
        #expect(try self.baton("skip", "c").code == 0)
        let left = try self.baton("edit", "added-1", "--set", "dependencies=[\"c\"]").output
        #expect(left.hasPrefix("task added-1 is changed and left out, as c did not complete, run r is paused"))
        let shown = try self.baton("show", "r", "added-1").output
        #expect(shown.hasPrefix("added-1: skipped (c did not complete)"))
        #expect(try self.baton("cancel").code == 0)
        while running.nextLine() != nil {}
        #expect(running.wait() == 1)
    }

    @Test func `a run is taken hold of from another terminal`() throws {
        let running = try self.baton.start(["run", "plan.yml", "--id", "r", "--json"])
        #expect(self.line(running, "step_owed"))
        let listening = self.folder(".baton/control/engine.sock")
        while !FileManager.default.fileExists(atPath: listening) { sched_yield() }
        #expect(try self.json("pause", "--key", "k")["state"] == "paused")
        #expect(try self.json("pause", "--key", "k")["state"] == "paused")
        #expect(try self.json("pause")["error"]?["code"] == "run.state")
        let added = try self.json("add", "One more thing", "--key", "more")
        #expect(added["state"] == "paused" && added["added"] == ["added-1"])
        #expect(try self.json("add", "One more thing", "--key", "more") == added)
        #expect(try self.json("steer", "r", "be quick", "--task", "b")["run"] == "r")
        #expect(try self.json("edit", "c", "--set", "description=last", "--set", "priority=3")["error"] == nil)
        #expect(try self.json("reprioritize", "r", "added-1", "--to", "5")["error"] == nil)
        #expect(try self.json("edit", "a", "--set", "priority=2")["error"]?["code"] == "run.conflict")
        let unquoted = try self.baton("edit", "c", "--set", "dependencies=[a]").errors
        #expect(unquoted.contains("such as [\"a\"]"), "\(unquoted)")
        #expect(try self.json("edit", "c", "--set", "dependencies=[\"a\"]")["error"] == nil)
        #expect(try self.json("edit", "c", "--set", "dependencies=[\"b\"]")["error"] == nil)
        _ = try self.folder.write("[{task_id: d, dependencies: [c]}]", to: "more.yml")
        #expect(try self.baton("add", "r", "--file", "more.yml").output.hasPrefix("task d added, run r is paused"))
        #expect(try self.json("skip", "d", "--reason", "not now")["error"] == nil)
        let resumed = try self.baton.start(["resume", "--json"])
        #expect(self.line(resumed, "resumed"))
        for task in ["a", "added-1", "b", "c"] { try self.release(task) }
        while running.nextLine() != nil {}
        #expect(running.wait() == 0)
        while resumed.nextLine() != nil {}
        #expect(resumed.wait() == 0)
        let shown = try self.baton("show", "r", "b").output
        #expect(shown.contains("be quick"))
        #expect(!FileManager.default.fileExists(atPath: listening))
    }

    @Test func `resume prints what happens from there on, and with --detach it does not stay`() throws {
        let running = try self.baton.start(["run", "plan.yml", "--id", "r", "--json"])
        #expect(self.line(running, "step_owed"))
        while try self.baton("pause", "r").code != 0 { sched_yield() }
        let resumed = try self.baton.start(["resume", "r", "--json"])
        let first = try JSON(parsing: Array((resumed.nextLine() ?? "").utf8))
        #expect(first["kind"] == "resumed")
        #expect(first["position"] == 5)
        #expect(try self.json("pause", "r")["state"] == "paused")
        #expect(
            try self.baton("pause", "r").errors.contains("run r is paused already; `baton resume r` goes on with it")
        )
        let left = try self.json("resume", "r", "--detach")
        #expect(left["state"] == "running")
        #expect(left["accepted"] == 7)
        #expect(try self.baton("pause", "r").code == 0)
        #expect(try self.baton("resume", "--detach").output == "resumed, run r is running (event 9)\n")
        for task in ["a", "b", "c"] { try self.release(task) }
        while resumed.nextLine() != nil {}
        #expect(resumed.wait() == 0)
        #expect(!resumed.text.contains("\"created\""))
        while running.nextLine() != nil {}
        #expect(running.wait() == 0)
        #expect(try self.baton("resume", "r", "--detach").code == 65)
    }

    @Test func `without an engine a command says so and names the way`() throws {
        _ = try self.folder.write(
            "project_id: p\nagents: [{agent_id: ed, type: person}]\ntasks: [{task_id: a}]\n",
            to: "person.yml"
        )
        #expect(try self.baton("run", "person.yml", "--id", "r").code == 2)
        for words in [
            ["pause"], ["cancel", "r"], ["skip", "a"], ["retry", "a"], ["add", "x"], ["steer", "x"],
            ["resume", "--detach"],
        ] {
            let ending = try self.baton.run(words)
            #expect(ending.code == 69, "\(words)")
            #expect(ending.errors.contains("error[engine.absent]"), "\(words)")
            #expect(ending.errors.contains("baton resume r"), "\(words)")
        }
        #expect(try self.baton("answer", "q1", "yes").code == 0)
    }

    @Test func `an engine that stays begins runs of others, and goes on with them after kill -9`() throws {
        let first = try self.baton.start(["serve"])
        let socket = self.folder(".baton/control/engine.sock")
        while !FileManager.default.fileExists(atPath: socket) { sched_yield() }
        let running = try self.baton.start(["run", "plan.yml", "--id", "r", "--json"])
        #expect(self.line(running, "step_owed"))
        #expect(try self.baton("rehearse", "plan.yml").code == 75)
        first.send(SIGKILL)
        #expect(first.wait() == 128 + SIGKILL)
        while running.nextLine() != nil {}
        #expect(running.wait() == 69)
        let second = try self.baton.start(["serve"])
        // The socket of the dead engine is still there: ask until the new one answers.
        while try self.baton("pause").code != 0 { sched_yield() }
        #expect(try self.json("inbox")["questions"]?[0]?["about"] == "unknown_outcome")
        let answered = try self.json("answer", "r", "q1", "again", "--key", "k")
        #expect(answered["answered"] == true)
        #expect(try self.json("answer", "r", "q1", "again", "--key", "k") == answered)
        #expect(try self.json("answer", "r", "q1", "again")["error"] != nil)
        let follower = try self.baton.start(["events", "r", "--follow", "--json"])
        #expect(self.line(follower, "\"answered\""))
        #expect(try self.json("cancel")["state"] == "cancelled")
        while follower.nextLine() != nil {}
        #expect(follower.text.split(separator: "\n").last?.contains("cancelled") == true)
        #expect(follower.wait() == 0)
        second.send(SIGTERM)
        #expect(second.wait() == 0)
    }
}

/// `baton fork`, against the real program.
@Suite(.ownThreads, .timeLimit(.minutes(30))) struct ForkCommandTests {
    @Test func `a run that failed is mended in a fork, and what was done is not done again`() throws {
        let folder = try TemporaryFolder()
        let baton = Binary(folder: folder.path)
        let plan = """
            project_id: p
            agents: [{agent_id: sh, command: [sh, -c, 'echo $BATON_TASK >> log; test -e $BATON_TASK.bad && exit 64; echo ok']}]
            tasks: [{task_id: a}, {task_id: b, dependencies: [a]}, {task_id: c, dependencies: [b]}]
            """
        _ = try folder.write(plan, to: "plan.yml")
        _ = try folder.write("", to: "b.bad")
        #expect(try baton("run", "plan.yml", "--id", "r").code == 1)
        #expect(unlink(folder("b.bad")) == 0)
        let fork = try baton("fork", "r", "--id", "r2", "--retry", "b", "--set", "c.description=last")
        #expect(fork.code == 0)
        #expect(fork.output.contains("baton resume r2"))
        #expect(try baton("resume", "r2").code == 0)
        #expect(folder.read("log").split(separator: "\n") == ["a", "b", "b", "c"])
        #expect(try baton("show", "r2", "c").output.contains("last"))
        #expect(try baton("runs").output.contains("r2"))
        #expect(try baton("doctor").code == 0)
        let replay = try baton("replay", "r2")
        #expect(replay.code == 0)
        #expect(replay.output.contains("every event is written as it was"))
        let diff = try baton("diff", "r", "r2").output
        #expect(diff.contains("the same up to event 11"))
        #expect(diff.contains("b: failed / completed"))
        #expect(try baton("diff", "r", "r").output == "the same: 11 events\n")
        // The fourth event is what came back, the fifth the end of the task.
        let within = try baton("fork", "r", "--at", "4", "--id", "r3").output
        #expect(within.hasPrefix("run r3 shares r up to event 5, which came with event 4; "))
        #expect(try baton("fork", "r", "--at", "999").errors.contains("error[fork.position]"))
    }
}

/// `baton export-run` and `import-run`, against the real program.
@Suite(.ownThreads, .timeLimit(.minutes(30))) struct ArchiveCommandTests {
    private static let plan = """
        project_id: p
        agents: [{agent_id: sh, command: [sh, -c, 'echo $BATON_TASK >> log; test -e $BATON_TASK.bad && exit 64; echo ok']}]
        tasks: [{task_id: a}, {task_id: b, dependencies: [a]}]
        """

    @Test func `a fork that is open goes on in another data folder`() throws {
        let folder = try TemporaryFolder()
        let baton = Binary(folder: folder.path)
        _ = try folder.write(Self.plan, to: "plan.yml")
        _ = try folder.write("", to: "b.bad")
        #expect(try baton("run", "plan.yml", "--id", "r").code == 1)
        #expect(try baton("fork", "r", "--id", "r2", "--retry", "b").code == 0)
        let exported = try baton("export-run", "r2", "-o", "r2.jsonl")
        #expect(exported.code == 0)
        #expect(exported.output.contains("run r2, with 1 that it was forked from"))
        for words in [["export-run", "r2"], ["export-run", "r2", "-o", "-"]] {
            #expect(try baton.run(words).output == folder.read("r2.jsonl"))
        }
        #expect(try baton("report", "r2", "-o", "-").output.hasPrefix("# "))
        #expect(!FileManager.default.fileExists(atPath: folder("-")))
        let sitting = try Sitting(["export-run", "r2", "-o", "-"], folder: folder.path)
        #expect(sitting.ending() == 64)
        #expect(sitting.terminal.all.contains { $0.contains("an archive is not for a terminal") })
        #expect(unlink(folder("b.bad")) == 0)
        let other = ["--data-dir", folder("other")]
        let imported = try baton.run(["import-run", "r2.jsonl"] + other)
        #expect(imported.code == 0)
        #expect(imported.output.contains("took up r, r2: "))
        #expect(imported.output.contains("baton resume r2 --data-dir "))
        #expect(try baton.run(["import-run", "r2.jsonl"] + other).output.contains("is here already"))
        #expect(try baton.run(["resume", "r2"] + other).code == 0)
        #expect(folder.read("log").split(separator: "\n") == ["a", "b", "b"])
        for words in [["show", "r2"], ["report", "r2"], ["diff", "r", "r2"], ["replay", "r2"], ["doctor"]] {
            #expect(try baton.run(words + other).code == 0, "\(words)")
        }
        #expect(try baton.run(["fork", "r2", "--id", "r3"] + other).code == 0)
        let again = try baton.run(["import-run", "r2.jsonl"] + other)
        #expect(again.code == 65)
        #expect(again.errors.contains("error[run.exists]"))
    }

    @Test func `what is no archive is refused with its code, and no data folder is made`() throws {
        let folder = try TemporaryFolder()
        let baton = Binary(folder: folder.path)
        _ = try folder.write("{}\n", to: "odd.jsonl")
        #expect(mkfifo(folder("pipe"), 0o600) == 0)
        let cases: [(String, Int32, String)] = [
            ("none.jsonl", 66, "archive.missing"), (".", 66, "archive.missing"), ("pipe", 66, "archive.missing"),
            ("odd.jsonl", 65, "archive.form"), ("-", 65, "archive.form"),
        ]
        for (file, code, said) in cases {
            let ending = try baton("import-run", file)
            #expect(ending.code == code, "\(file)")
            #expect(ending.errors.contains("error[\(said)]"), "\(file)")
        }
        #expect(!FileManager.default.fileExists(atPath: folder(".baton")))
    }
}

/// `baton prune`, against the real program.
@Suite(.ownThreads, .timeLimit(.minutes(30))) struct PruneCommandTests {
    @Test func `ended runs go only when it is said twice, and what a fork needs stays`() throws {
        let folder = try TemporaryFolder()
        let baton = Binary(folder: folder.path)
        let plan = """
            project_id: p
            agents: [{agent_id: sh, command: [sh, -c, 'echo word >&2; echo $$; head -c 300000 /dev/zero | tr "\\\\0" x']}]
            tasks: [{task_id: a}]
            """
        _ = try folder.write(plan, to: "plan.yml")
        _ = try folder.write(plan.replacing("command: [sh", with: "type: person, skills: [sh"), to: "open.yml")
        for name in ["one", "two"] { #expect(try baton("run", "plan.yml", "--id", name).code == 0) }
        #expect(try baton("run", "open.yml", "--id", "open").code == 2)
        #expect(try baton("fork", "two", "--id", "branch", "--set", "a.description=again").code == 0)
        let look = try baton("prune", "--keep", "0")
        #expect(look.output.contains("would go: one, completed"))
        #expect(look.output.contains("stays: two, since run branch begins with its events"))
        #expect(look.output.contains("do it with: baton prune --keep 0 --yes"))
        #expect(try baton("runs").output.contains("one"), "it has only looked")
        #expect(try baton("prune", "--run", "two", "--yes").errors.contains("error[prune.needed]"))
        #expect(try baton("prune", "--run", "open", "--yes").errors.contains("error[prune.open]"))
        #expect(try baton("prune", "--older-than", "1d").output.contains("would go: 0 runs"))
        let done = try JSON(parsing: baton("prune", "--keep", "0", "--yes", "--json").output.utf8)
        #expect(done["runs"] == ["one"])
        #expect(done["done"] == true)
        let (before, after) = (done["journal_bytes"]?.integer ?? 0, done["journal_bytes_after"]?.integer ?? .max)
        #expect(before > after, "\(before) \(after)")
        let health = try baton("doctor")
        #expect(health.code == 0)
        #expect(health.output.contains("each named by a run"))
        #expect(!health.output.contains("without a run"))
        #expect(try baton("show", "one").code == 66)
        #expect(try baton("show", "branch").code == 0)
        for words in [["prune"], ["prune", "--older-than", "x"], ["prune", "--run", "r", "--keep", "1"]] {
            #expect(try baton.run(words).code == 64)
        }
    }
}
