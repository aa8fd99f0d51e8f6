import BatonCore
import BatonTestKit
import Foundation
import Testing

/// Engines that are dead or suspended, as the commands beside them tell it.
@Suite(.ownThreads, .timeLimit(.minutes(30))) struct CarrierTests {
    private let folder: TemporaryFolder
    private let baton: Binary

    // The task ends when somebody writes to the pipe.
    private static let plan = """
        project_id: held
        agents: [{agent_id: sh, command: [sh, -c, 'read x < pipe']}]
        tasks: [{task_id: a}]
        """

    init() throws {
        self.folder = try TemporaryFolder()
        self.baton = Binary(folder: self.folder.path)
        _ = try self.folder.write(Self.plan, to: "plan.yml")
        mkfifo(self.folder("pipe"), 0o600)
    }

    /// Starts the run; its engine can be spoken to.
    private func begin() throws -> Running {
        let running = try self.baton.start(["run", "plan.yml", "--id", "r", "--json"])
        while let line = running.nextLine(), !line.contains("step_owed") {}
        #expect(try self.baton("steer", "r", "go on").code == 0)
        return running
    }

    private func json(_ arguments: String...) throws -> JSON {
        try JSON(parsing: Array(try self.baton.run(arguments + ["--json"]).output.utf8))
    }

    @Test func `a run whose engine died is told as interrupted, with the way on`() throws {
        let running = try self.begin()
        #expect(try self.json("runs")["engine"] == "working")
        #expect(try self.baton("runs").output.contains("running"))
        let following = try self.baton.start(["events", "r", "--follow"])
        while let line = following.nextLine(), !line.contains("step_owed") {}
        running.send(SIGKILL)
        #expect(running.wait() == 128 + SIGKILL)
        while following.nextLine() != nil {}
        #expect(following.wait() == 69)
        #expect(following.errors.contains("nothing carries run r now; go on with: baton resume r"))
        for command in ["runs", "status", "agents"] {
            let told = try self.baton(command).output
            #expect(told.contains("no engine runs here, so nothing goes on"), "\(command): \(told)")
            #expect(told.contains("baton resume r"))
            #expect(try self.json(command)["engine"] == "none")
            if command != "agents" { #expect(told.contains("interrupted")) }
        }
        // The task of the dead engine would wait at its pipe for ever.
        #expect(try self.baton("doctor", "--fix").output.contains(/killed [12] process/))
    }

    @Test func `a command tells that an engine is silent, and goes on with it`() throws {
        let running = try self.begin()
        running.send(SIGSTOP)
        let pausing = try self.baton.start(["pause", "r"])
        while pausing.errors.isEmpty { sched_yield() }
        #expect(pausing.errors.contains("has not answered for 2 s"))
        #expect(pausing.errors.contains("the engine (process \(running.pid))"))
        #if os(Linux)
        #expect(pausing.errors.contains("kill -CONT \(running.pid)"))
        for command in [["status"], ["runs"], ["why", "r"], ["why", "r", "a"], ["show", "r"], ["inbox"]] {
            let told = try self.baton.run(command).output
            #expect(told.contains("is suspended, so nothing goes on"), "\(command): \(told)")
        }
        #expect(try self.baton("doctor").output.contains("which is suspended: nothing goes on"))
        #expect(try self.json("agents")["engine"] == "suspended")
        #endif
        running.send(SIGCONT)
        while pausing.nextLine() != nil {}
        #expect(pausing.wait() == 0)
        running.send(SIGKILL)
        _ = running.wait()
        #expect(try self.baton("doctor", "--fix").output.contains(/killed [12] process/))
    }

    @Test func `what a dead engine had in hand keeps nobody from the run of another`() throws {
        let dead = try self.begin()
        dead.send(SIGKILL)
        _ = dead.wait()
        #expect(try self.baton("doctor", "--fix").output.contains(/killed [12] process/))
        let plan = Self.plan.replacingOccurrences(of: "[{task_id: a}]", with: "[{task_id: a}, {task_id: b}]")
        _ = try self.folder.write(plan, to: "two.yml")
        let running = try self.baton.start(["run", "two.yml", "--id", "s", "--json"])
        while let line = running.nextLine(), !line.contains("step_owed") {}
        #expect(try self.baton("steer", "s", "go on").code == 0)
        let runs = try self.baton("runs").output
        #expect(runs.contains("interrupted") && runs.contains("carries run s"), "\(runs)")
        #expect(runs.contains("baton resume r"))
        #expect(try self.json("runs")["carries"] == "s")
        #expect(try self.baton("why", "r").output.contains("nothing carries the run"))
        #expect(try self.baton("show", "r").output.contains("nothing carries this run now"))
        let why = try self.baton("why", "s", "b").output
        #expect(why.contains("sh") && !why.contains("run r"), "\(why)")
        #expect(try self.baton("cancel", "s").code == 0)
        while running.nextLine() != nil {}
        #expect(running.wait() == 1)
    }
}
