import BatonCore
import BatonTestKit
import Foundation
import Testing

/// Two runs of one engine that need the same person.
@Suite(.ownThreads, .timeLimit(.minutes(30))) struct SharedPersonTests {
    @Test func `a run that waits for a person who is asked by another run ends with 2, and why names that run`() throws
    {
        let folder = try TemporaryFolder()
        let baton = Binary(folder: folder.path)
        let plan = "project_id: p\nagents: [{agent_id: ann, type: person}]\ntasks: [{task_id: read}]\n"
        _ = try folder.write(plan, to: "plan.yml")
        let serving = try baton.start(["serve"])
        while !FileManager.default.fileExists(atPath: folder(".baton/control/engine.sock")) { sched_yield() }
        #expect(try baton("run", "plan.yml", "--id", "one").code == 2)
        let second = try baton("run", "plan.yml", "--id", "two")
        #expect(second.code == 2)
        #expect(second.errors.contains("only people are waited for"))
        let run = try baton("why", "two").output
        #expect(run.contains("ann has task read of run one in hand"), "\(run)")
        #expect(run.contains("baton answer one q1"))
        #expect(!run.contains("slot of the engine"))
        let task = try baton("why", "two", "read").output
        #expect(task.contains("ann has task read of run one in hand"), "\(task)")
        #expect(task.contains("baton answer one q1"))
        let told = try JSON(parsing: Array(try baton("why", "two", "--json").output.utf8))
        #expect(told["waits_only_for_people"] == true)
        #expect(told["held_elsewhere"]?[0]?["question"] == "q1")
        #expect(try baton("answer", "one", "q1", "read").code == 0)
        while try !baton("inbox").output.contains("answer two q1") { sched_yield() }
        let asked = try baton("why", "two").output
        #expect(asked.contains("baton answer two q1"))
        #expect(!asked.contains("of run one"))
        serving.send(SIGTERM)
        #expect(serving.wait() == 0)
    }

    @Test func `resume without a name takes the paused run of a serving engine, and the same key says it once`() throws
    {
        let folder = try TemporaryFolder()
        let baton = Binary(folder: folder.path)
        let plan = "project_id: p\nagents: [{agent_id: ann, type: person}]\ntasks: [{task_id: read}]\n"
        _ = try folder.write(plan, to: "plan.yml")
        let serving = try baton.start(["serve"])
        while !FileManager.default.fileExists(atPath: folder(".baton/control/engine.sock")) { sched_yield() }
        #expect(try baton("run", "plan.yml", "--id", "one").code == 2)
        #expect(try baton("pause", "one").code == 0)
        #expect(try baton("run", "plan.yml", "--id", "two").code == 2)
        #expect(try baton("resume", "--key", "k").code == 2)
        #expect(try baton("resume", "one", "--key", "k").code == 2)
        #expect(try baton("resume", "one").errors.contains("is not paused"))
        serving.send(SIGTERM)
        #expect(serving.wait() == 0)
    }
}
