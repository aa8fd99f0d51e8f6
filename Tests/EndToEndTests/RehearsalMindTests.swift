import BatonCore
import BatonTestKit
import Testing

/// Plans whose agents think with nobody's model, played by the real program.
@Suite(.ownThreads, .timeLimit(.minutes(30))) struct RehearsalMindTests {
    private let folder: TemporaryFolder
    private let baton: Binary

    init() throws {
        self.folder = try TemporaryFolder()
        self.baton = Binary(folder: self.folder.path)
    }

    private func plan(_ mischief: String = "{}", budget: String = "{}") throws {
        _ = try self.folder.write(
            """
            project_id: play
            budget: \(budget)
            agents:
              - agent_id: ada
                model: rehearsal/claude-haiku-4-5
                occupation: editor
                tools: [list_files, read_file, report_progress]
                rehearsal: \(mischief)
            tasks:
              - {task_id: a, description: Write a title.}
              - task_id: b
                description: Count its words.
                dependencies: [a]
                produces: {type: object, required: [words], properties: {words: {type: integer, minimum: 1}}}
            """,
            to: "plan.yml"
        )
    }

    private func output(_ run: String, _ task: String) throws -> JSON? {
        try JSON(parsing: Array(try self.baton("show", run, task, "--json").output.utf8))["output"]
    }

    @Test func `without any key a plan is played for nothing, the same for the same seed, and says so everywhere`()
        throws
    {
        try self.plan()
        let run = try self.baton("run", "plan.yml", "--id", "r", "--seed", "7")
        #expect(run.code == 0, "\(run)")
        let words = "REHEARSAL: no model answers for ada; what it says is made up"
        #expect(run.errors.contains(words))
        #expect(run.output.contains(words))
        #expect(try self.output("r", "a")?.string?.hasPrefix("REHEARSAL: ada (editor)") == true)
        #expect(try self.output("r", "b")?["words"]?.integer ?? 0 > 0)
        let report = try self.baton("report", "r", "--format", "md", "-o", "-").output
        #expect(report.contains("> \(words)"), "\(report.prefix(400))")
        #expect(try self.baton("run", "plan.yml", "--id", "s", "--seed", "7").code == 0)
        for task in ["a", "b"] { #expect(try self.output("r", task) == self.output("s", task)) }
        let events = try self.baton("events", "r").output
        #expect(events.contains("rehearsal/claude-haiku-4-5 wants list_files"))
        #expect(events.contains("rehearsal/claude-haiku-4-5 wants read_file"))
    }

    @Test func `it costs in the books what the model would, and a budget holds it`() throws {
        try self.plan()
        #expect(try self.baton("run", "plan.yml", "--id", "r").code == 0)
        let cost = try JSON(parsing: Array(try self.baton("cost", "r", "--json").output.utf8))
        #expect(cost["unpriced"] == 0)
        #expect(cost["money_usd"] != 0)
        #expect(try self.baton("cost", "r").output.contains("REHEARSAL: no model answers for ada"))
        try self.plan(budget: "{usd: 0.001, at_limit: stop}")
        let stopped = try self.baton("run", "plan.yml", "--id", "s")
        #expect("\(stopped)".contains("[budget.spent]"), "\(stopped)")
    }

    @Test(arguments: [
        ("{refuse: 1}", "[mind.refused]"), ("{loop: 1}", "goes round in circles"),
        ("{block: 1}", "lacks something for it"),
    ])
    func `what goes wrong goes wrong as the plan wants it`(mischief: String, words: String) throws {
        try self.plan(mischief)
        let run = try self.baton("run", "plan.yml", "--id", "r")
        #expect(run.code != 0)
        #expect("\(run)".contains(words), "\(run)")
    }
}
