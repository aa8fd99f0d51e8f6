import BatonCore
import BatonTestKit
import Foundation
import Testing

/// What the real program refuses, and how it says so.
@Suite(.ownThreads) struct RefusalTests {
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

    // MARK: Refusals

    @Test func `a second engine is refused and told who holds the folder`() throws {
        try self.plan(
            """
            project_id: hold
            agents: [{agent_id: sh, repeatable: true, command: [sleep, "60"]}]
            tasks: [{task_id: a}]
            """
        )
        let running = try self.baton.start(["run", "plan.yml", "--id", "r", "--json"])
        while let line = running.nextLine(), !line.contains("step_owed") {}
        let second = try self.baton("run", "plan.yml")
        #expect(second.code == 75)
        #expect(second.errors.contains("process \(running.pid)"))
        // An answer goes to the engine, which knows of no such question.
        #expect(try self.baton("answer", "r", "q1", "x").errors.contains("error[question.closed]"))
        // Reading goes on beside the engine.
        #expect(try self.baton("show", "r").code == 0)
        #expect(try self.baton("runs").output.contains("running"))
        running.send(SIGINT)
        while running.nextLine() != nil {}
        #expect(running.wait() == 130)
    }

    @Test func `each refusal has its code and says what to do`() throws {
        try self.plan(Self.oneTask)
        try self.plan("project_id: x\nagents: []\ntasks: []\n", name: "empty.yml")
        #expect(try self.baton("run", "plan.yml", "--id", "taken").code == 0)
        _ = mkfifo(self.folder("fifo.yml"), 0o600)
        let cases: [([String], Int32, String)] = [
            (["run", "nowhere.yml"], 66, "parse.file_missing"),
            (["check", "nowhere.yml"], 66, "parse.file_missing"),
            (["run", "."], 65, "parse.not_a_regular_file"),
            (["run", "fifo.yml"], 65, "parse.not_a_regular_file"),
            (["run", "empty.yml"], 65, "plan.empty_plan"),
            (["run", "plan.yml", "--id", "taken"], 65, "there is a run taken already"),
            (["run", "plan.yml", "--id", "../x"], 64, "is no name"),
            (["run"], 64, "Missing expected argument"),
            (["frobnicate"], 64, "frobnicate"),
            (["show", "nothing"], 66, "there is no run nothing"),
            (["show", "taken", "b"], 66, "has no task b"),
            (["events", "nothing"], 66, "there is no run nothing"),
            (["resume", "nothing"], 66, "there is no run nothing"),
            (["resume"], 66, "no run waits"),
            (["runs", "--data-dir", "elsewhere"], 66, "there is no data folder"),
            (["answer", "taken", "q1", "yes"], 65, "not open"),
            (["run", "plan.yml", "--data-dir", "plan.yml"], 74, "not a folder"),
            (["run", "plan.yml", "--data-dir", "no/such/place"], 74, "does not exist"),
        ]
        for (arguments, code, text) in cases {
            let ending = try self.baton.run(arguments)
            #expect(ending.code == code, "\(arguments): \(ending.output)\(ending.errors)")
            #expect((ending.output + ending.errors).contains(text), "\(arguments): \(ending.output)\(ending.errors)")
        }
    }

    @Test func `what this version does not play is refused by run and played in rehearsal`() throws {
        try self.plan(
            """
            project_id: later
            agents: [{agent_id: m, model: some/model}]
            tasks: [{task_id: a}]
            """
        )
        #expect(try self.baton("check", "plan.yml").code == 0)
        let refused = try self.baton("run", "plan.yml")
        #expect(refused.code == 65)
        #expect(refused.errors.contains("plan.not_yet"))
        #expect(try self.baton("run", "plan.yml", "--rehearse").code == 0)
    }

    @Test func `a missing program fails its task by name`() throws {
        try self.plan(
            """
            project_id: gone
            agents: [{agent_id: x, command: [no-such-program-here]}]
            tasks: [{task_id: a}]
            """
        )
        let ending = try self.baton("run", "plan.yml")
        #expect(ending.code == 1)
        #expect(ending.output.contains("exec.not_found"))
        #expect(ending.output.contains("no-such-program-here"))
    }

    @Test func `a full disk stops the engine, says so, and loses nothing that was acknowledged`() throws {
        let disk = self.folder("disk")
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: false)
        let mounted = try Running.system("mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", disk)
        guard mounted == 0 else {
            print("skipped: no small disk can be made here without the right to mount")
            return
        }
        defer { _ = try? Running.system("umount", disk) }
        try self.plan(
            """
            project_id: full
            agents: [{agent_id: sh, repeatable: true, command: [sh, -c, 'head -c 20000 /dev/zero | tr "\\\\0" x']}]
            tasks: [\((0..<100).map { "{task_id: t\($0)}" }.joined(separator: ", "))]
            """
        )
        let ending = try self.baton("run", "plan.yml", "--id", "r", "--data-dir", "disk/data")
        #expect(ending.code == 74, "\(ending.errors)")
        #expect(ending.errors.contains("disk is full"))
        #expect(ending.errors.contains("in memory: runs do not survive"))
        let told = ending.output.split(separator: "\n").count { $0.hasSuffix("completed") }
        // Reading still works, and everything that was printed as done is there.
        let copied = try Running.system("cp", "-r", "\(disk)/data", self.folder("copy"))
        #expect(copied == 0)
        let shown = try JSON(parsing: try self.baton("show", "r", "--json", "--data-dir", "copy").output.utf8)
        #expect(shown["completed_tasks"]?.integer ?? -1 >= Int64(told))
        #expect(try self.baton("resume", "--data-dir", "copy").code == 0)
    }

    @Test func `a data folder on a read-only disk is refused before anything is begun`() throws {
        let disk = self.folder("disk")
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: false)
        guard try Running.system("mount", "-t", "tmpfs", "-o", "size=1m,ro", "tmpfs", disk) == 0 else {
            print("skipped: no small disk can be made here without the right to mount")
            return
        }
        defer { _ = try? Running.system("umount", disk) }
        try self.plan(Self.oneTask)
        let ending = try self.baton("run", "plan.yml", "--data-dir", "disk")
        #expect(ending.code == 74)
        #expect(ending.errors.contains("cannot be written"))
    }

    @Test func `a journal that was changed is not written to, and says which run`() throws {
        try self.plan(Self.oneTask)
        #expect(try self.baton("run", "plan.yml", "--id", "r").code == 0)
        let path = self.folder(".baton/journal.sqlite")
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        let place = try #require(bytes.range(of: Data("step_returned".utf8)))
        bytes[place.lowerBound] = UInt8(ascii: "T")
        try bytes.write(to: URL(fileURLWithPath: path))
        let ending = try self.baton("run", "plan.yml")
        #expect(ending.code == 65)
        #expect(ending.errors.contains("journal.corrupt"))
        #expect(ending.errors.contains("run r"))
    }

    @Test func `a copied data folder goes on elsewhere`() throws {
        try self.plan(
            """
            project_id: move
            agents: [{agent_id: ed, type: person}, {agent_id: sh, command: [echo, fine]}]
            tasks: [{task_id: a, assigned_agent: sh}, {task_id: b, assigned_agent: ed, dependencies: [a]}]
            """
        )
        #expect(try self.baton("run", "plan.yml", "--id", "r").code == 2)
        #expect(try Running.system("cp", "-r", self.folder(".baton"), self.folder("moved")) == 0)
        #expect(try self.baton("answer", "q1", "ok", "--data-dir", "moved").code == 0)
        #expect(try self.baton("show", "r", "--data-dir", "moved").output.contains("completed"))
        #expect(try self.baton("show", "r").output.contains("waiting"))
    }

    // MARK: Forms

    @Test func `every command prints JSON that our own reader takes`() throws {
        try self.plan(Self.oneTask)
        for line in try self.baton("run", "plan.yml", "--id", "r", "--json").output.split(separator: "\n") {
            _ = try JSON(parsing: line.utf8)
        }
        for arguments in [
            ["check", "plan.yml"], ["runs"], ["show"], ["show", "r"], ["show", "r", "a"], ["inbox"], ["schema"],
            ["show", "none"],
        ] {
            let ending = try self.baton.run(arguments + ["--json"])
            #expect(throws: Never.self, "\(arguments): \(ending.output)") { try JSON(parsing: ending.output.utf8) }
        }
    }

    @Test func `what an agent prints cannot steer the terminal`() throws {
        try self.plan(
            """
            project_id: esc
            agents: [{agent_id: sh, command: [printf, '\\033[2J\\033]0;owned\\007error: q1 approve? \\033P']}]
            tasks: [{task_id: a}]
            """
        )
        let run = try self.baton("run", "plan.yml", "--id", "r")
        let texts =
            [run.output, run.errors]
            + (try [["show"], ["show", "r", "a"], ["report"], ["report", "--format", "html"], ["events"]].map {
                try self.baton.run($0).output
            })
        for text in texts { #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" && $0 != "\t" }) }
        #expect(run.code == 0)
    }

    @Test func `version and help answer`() throws {
        #expect(try self.baton("--version").output == "0.1.0\n")
        for command in [
            "check", "run", "rehearse", "resume", "runs", "show", "events", "report", "inbox", "answer", "schema",
        ] {
            let help = try self.baton("help", command)
            #expect(help.code == 0)
            #expect(help.output.contains("baton \(command)"))
            #expect(help.output.contains("Example"))
        }
    }
}

extension Running {
    /// Runs a program of the system to its end and gives its exit code.
    static func system(_ arguments: String...) throws -> Int32 {
        var argv = arguments.map { strdup($0) } + [nil]
        defer { for text in argv { free(text) } }
        var pid = pid_t()
        guard posix_spawnp(&pid, arguments[0], nil, nil, &argv, environ) == 0 else { return 127 }
        var status: Int32 = 0
        waitpid(pid, &status, 0)
        return status & 0x7F == 0 ? (status >> 8) & 0xFF : 128
    }
}
