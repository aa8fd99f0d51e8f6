import BatonCore
import BatonTestKit
import Foundation
import Testing

/// What people forget to say, and what they say otherwise, against the real program.
@Suite(.ownThreads, .timeLimit(.minutes(30))) struct ForgottenWordsTests {
    private let folder: TemporaryFolder
    private let baton: Binary

    init() throws {
        self.folder = try TemporaryFolder()
        self.baton = Binary(folder: self.folder.path)
    }

    private func write(_ task: String, to name: String = "plan.yml") throws {
        let agents = "[{agent_id: ann, type: person}, {agent_id: cat, command: [cat]}]"
        _ = try self.folder.write("project_id: p\nagents: \(agents)\ntasks: [\(task)]\n", to: name)
    }

    @Test(arguments: [
        ["skip"], ["retry"], ["reprioritize", "--to", "1"], ["edit", "--set", "priority=1"], ["add"], ["steer"],
        ["answer"],
        ["answer", "q1"], ["skip", "a", "b", "c"], ["add", "a", "b", "c"], ["diff"], ["replay", "a", "b"], ["fork"],
        ["export-run"], ["import-run"], ["show", "a", "b", "c"],
    ])
    func `what is forgotten is said with the usage of the command, not of all commands`(words: [String]) throws {
        let refused = try self.baton.run(words)
        #expect(refused.code == 64)
        #expect(refused.errors.contains("Usage: baton \(words[0])"), "\(refused.errors)")
    }

    @Test func `a run where words are wanted is no sentence, and one word may be a task`() throws {
        try self.write("{task_id: a, assigned_agent: ann}")
        #expect(try self.baton("run", "plan.yml", "--id", "r").code == 2)
        for command in ["add", "steer"] {
            let refused = try self.baton(command, "r")
            #expect(refused.code == 64)
            #expect(
                refused.errors.contains("nothing is said to run r; usage: baton \(command) [RUN]"),
                "\(refused.errors)"
            )
        }
        #expect(try self.baton("show", "a").output == self.baton("show", "r", "a").output)
        let unknown = try self.baton("show", "aa")
        #expect(unknown.code == 66)
        #expect(unknown.errors.contains("did you mean a?"), "\(unknown.errors)")
    }

    @Test func `who watches without a name sees the run that goes on, also behind one that is newer and has ended`()
        throws
    {
        try self.write("{task_id: a, assigned_agent: ann}")
        #expect(try self.baton("run", "plan.yml", "--id", "older").code == 2)
        #expect(try self.baton("ask", "--command", "cat", "hi", "--id", "newer").code == 0)
        #expect(try self.baton("watch").output.contains("older"))
        #expect(try self.baton("events", "--follow", "--json").output.contains("\"run\":\"older\""))
        #expect(try self.baton("events", "--json").output.contains("\"run\":\"newer\""))
    }

    @Test(arguments: [("yes", "completed"), ("Approve", "completed"), ("no", "skipped")])
    func `an approval is a yes or a no`(word: String, state: String) throws {
        try self.write("{task_id: a, assigned_agent: cat, needs_approval: true}")
        #expect(try self.baton("run", "plan.yml", "--id", "r").code == 2)
        #expect(try self.baton("answer", "q1", word).code == 0)
        _ = try self.baton("resume", "r")
        #expect(try self.baton("show", "r", "a").output.contains(state))
    }

    @Test func `the reason for which a task was left out is told by why and by the report`() throws {
        try self.write("{task_id: a, assigned_agent: ann}, {task_id: b, assigned_agent: cat, dependencies: [a]}")
        #expect(try self.baton("run", "plan.yml", "--id", "r").code == 2)
        #expect(try self.baton("answer", "q1", "--skip", "the shop is shut").code == 0)
        for words in [["why", "r"], ["why", "r", "a"], ["report", "r"]] {
            #expect(try self.baton.run(words).output.contains("the shop is shut"), "\(words)")
        }
    }

    @Test func `an overdue question says that an answer still counts, and it does`() throws {
        try self.write("{task_id: a, assigned_agent: ann, answer_within_seconds: 0.5, if_unanswered: fail}")
        let running = try self.baton.start(["run", "plan.yml", "--id", "r", "--wait", "--json"])
        while let line = running.nextLine(), !line.contains("\"asked\"") {}
        running.send(SIGKILL)
        _ = running.wait()
        var told = try self.baton("inbox").output
        while told.contains("if nobody answers") { told = try self.baton("inbox").output }
        #expect(told.contains("fail when an engine goes on, unless it is answered before"), "\(told)")
        #expect(try self.baton("answer", "q1", "here").code == 0)
        #expect(try self.baton("show", "r").output.contains("completed"))
    }

    @Test func `a plan that is not run for what this version does not play says so as an error`() throws {
        _ = try self.folder.write(
            "project_id: p\nagents: [{agent_id: m, model: some/model}]\ntasks: [{task_id: a}]\n",
            to: "model.yml"
        )
        let refused = try self.baton("run", "model.yml")
        #expect(refused.code == 65)
        #expect(
            refused.errors.contains(
                "error[plan.invalid]: the plan is not run: agent m asks some/model, of no known provider"
            ),
            "\(refused.errors)"
        )
        #expect(try self.baton("rehearse", "model.yml").errors.contains("the plan is not run") == false)
    }

    @Test func `one is counted as one`() throws {
        try self.write("{task_id: a, assigned_agent: cat}")
        #expect(try self.baton("run", "plan.yml", "--id", "r").code == 0)
        #expect(try self.baton("events", "r").output.contains("begins: 1 task, 2 agents"))
        #expect(try self.baton("replay", "r").output.contains("1 of 1 task ended"))
        #expect(try self.baton("prune", "--run", "r").output.contains("would go: 1 run, "))
        #expect(try self.baton("doctor").output.contains("1 run, "))
    }
}
