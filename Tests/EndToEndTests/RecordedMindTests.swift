import BatonCore
import BatonTestKit
import Foundation
import Testing

/// What models have said, said again by the real program.
@Suite(.ownThreads, .timeLimit(.minutes(30))) struct RecordedMindTests {
    private let folder: TemporaryFolder
    private let baton: Binary

    init() throws {
        self.folder = try TemporaryFolder()
        self.baton = Binary(folder: self.folder.path)
        _ = try self.folder.write(
            """
            {"task": "draft", "calls": [{"tool": "read_file", "input": {"path": "notes.txt"}}]}
            {"task": "draft", "text": "Tea"}
            {"task": "check", "text": "Fine"}
            """,
            to: "answers.jsonl"
        )
        _ = try self.folder.write(String(repeating: "green leaves\n", count: 200), to: "notes.txt")
        try self.plan("scripted/answers.jsonl")
        #expect(try self.baton("run", "plan.yml", "--id", "first").code == 0)
        try FileManager.default.removeItem(atPath: self.folder.path + "/answers.jsonl")
    }

    private func plan(_ model: String, description: String = "Write a title.") throws {
        _ = try self.folder.write(
            """
            project_id: talk
            agents:
              - {agent_id: ada, model: \(model), tools: [read_file]}
            tasks:
              - {task_id: draft, description: \(description), retry: {max_attempts: 1}}
              - {task_id: check, description: "Check {{tasks.draft.output}}.", dependencies: [draft]}
            """,
            to: "plan.yml"
        )
    }

    @Test func `the same plan plays again without its models, tools and all`() throws {
        try self.plan("recorded/first")
        #expect(try self.baton("check", "plan.yml").code == 0)
        let ended = try self.baton("run", "plan.yml", "--id", "second")
        #expect(ended.code == 0, "\(ended.output)\(ended.errors)")
        #expect(try self.baton("show", "second", "check").output.contains("Fine"))
        #expect(try self.baton("replay", "second").code == 0)
    }

    @Test func `a question that is not the one that was asked then is a miss with its line`() throws {
        try self.plan("recorded/first", description: "Write a poem.")
        #expect(try self.baton("run", "plan.yml", "--id", "second").code == 1)
        let shown = try self.baton("show", "second", "draft", "--json").output
        #expect(
            shown.contains("mind.recorded")
                && shown.contains("was \\\"Write a title.\\\" and is \\\"Write a poem.\\\""),
            "\(shown)"
        )
    }

    @Test func `what a tool brings is part of the question`() throws {
        try self.plan("recorded/first")
        _ = try self.folder.write("black leaves\n", to: "notes.txt")
        #expect(try self.baton("run", "plan.yml", "--id", "second").code == 1)
        #expect(
            try self.baton("show", "second", "draft", "--json").output.contains(
                "question 2 of task draft is not the one"
            )
        )
    }

    @Test func `a run that is not there, and a task that it has not, are named`() throws {
        try self.plan("recorded/nobody")
        #expect(try self.baton("run", "plan.yml", "--id", "second").code == 1)
        #expect(try self.baton("show", "second", "draft", "--json").output.contains("run nobody cannot be read"))
    }
}
