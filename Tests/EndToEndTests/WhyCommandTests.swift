import BatonCore
import BatonTestKit
import Foundation
import Testing

/// `baton why` of the real program.
@Suite(.ownThreads) struct WhyCommandTests {
    private let folder: TemporaryFolder
    private let baton: Binary

    init() throws {
        self.folder = try TemporaryFolder()
        self.baton = Binary(folder: self.folder.path)
        _ = try self.folder.write(
            """
            project_id: bakery
            agents:
              - {agent_id: oven, command: [sh, -c, 'echo "the oven is cold" >&2; exit 3']}
              - {agent_id: hand, command: [sh, -c, 'echo done']}
            tasks:
              - {task_id: bread, assigned_agent: oven, retry: {max_attempts: 2, delay_seconds: 0.01}}
              - {task_id: toast, assigned_agent: hand, dependencies: [bread]}
              - {task_id: jam, assigned_agent: hand}
            """,
            to: "plan.yml"
        )
        _ = try self.baton("run", "plan.yml", "--id", "b1")
    }

    @Test func `what an attempt in hand has said last is told with why`() throws {
        let folder = try TemporaryFolder()
        let baton = Binary(folder: folder.path)
        _ = try folder.write(
            "project_id: p\nagents: [{agent_id: sh, command: [sh, -c, 'echo waits for its turn >&2; cat pipe; echo done']}]\ntasks: [{task_id: a}]\n",
            to: "plan.yml"
        )
        #expect(mkfifo(folder("pipe"), 0o600) == 0)
        let running = try baton.start(["run", "plan.yml", "--id", "r"])
        while !FileManager.default.fileExists(atPath: folder(".baton/live/r")) { sched_yield() }
        var said = ""
        while !said.contains("Last said") { said = try baton("why", "r").output }
        #expect(said.contains("sh on a: waits for its turn"))
        #expect(try baton("why", "r", "a").output.contains("sh on a: waits for its turn"))
        let pipe = open(folder("pipe"), O_WRONLY)
        close(pipe)
        while running.nextLine() != nil {}
        #expect(running.wait() == 0)
        #expect(try !baton("why", "r").output.contains("Last said"))
    }

    @Test func `a newcomer finds what failed, why, who did most and what to do next`() throws {
        let run = try self.baton("why")
        #expect(run.code == 0)
        #expect(run.output.contains("bread, by oven: [exec.exit]"))
        #expect(run.output.contains("the oven is cold"))
        #expect(run.output.contains("1 task was not done because of it"))
        #expect(run.output.contains("hand: 1 done"))
        #expect(run.output.contains("What took longest"))
        #expect(run.output.contains("baton why b1 bread"))
        let task = try self.baton("why", "b1", "bread").output
        #expect(task.contains("no further try: 2 attempts are allowed"))
        #expect(task.contains("hand   the task is given to oven"))
        #expect(try self.baton("why", "bread").output == task, "a task of the newest run needs no run")
        let skipped = try self.baton("why", "b1", "toast").output
        #expect(skipped.contains("bread failed [exec.exit]"))
    }

    @Test func `a task that is not there is an error with the nearest name`() throws {
        let ending = try self.baton("why", "b1", "braed")
        #expect(ending.code == 66)
        #expect(ending.errors.contains("did you mean bread?"))
        #expect(try self.baton("why", "b2").code == 66)
    }

    @Test func `the same is there as JSON`() throws {
        let task = try JSON(parsing: Array(try self.baton("why", "b1", "bread", "--json").output.utf8.dropLast()))
        #expect(task["attempts"]?[1]?["sequel"] == "limit")
        let run = try JSON(parsing: Array(try self.baton("why", "--json").output.utf8.dropLast()))
        #expect(run["failures"]?[0]?["task"] == "bread")
    }
}
