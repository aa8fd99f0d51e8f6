import BatonCore
import BatonTestKit
import Foundation
import Testing

/// What tasks name of the outputs of others, in the real program.
@Suite(.ownThreads, .timeLimit(.minutes(30))) struct ReferenceTests {
    private static let plan = """
        project_id: names
        defaults: {max_retry_attempts: 3}
        agents:
          - {agent_id: sh, command: [sh, -c, 'echo "{\\"count\\": 3, \\"title\\": \\"x\\"}"']}
          - {agent_id: cat, command: [sh, -c, "touch called; cat"]}
          - {agent_id: ann, type: person}
          - {agent_id: none, command: ["false"]}
        tasks:
          - {task_id: a, assigned_agent: sh}
          - {task_id: gone, assigned_agent: none, retry: {max_attempts: 1}}
          - {task_id: TASK, assigned_agent: AGENT, on_dependency_failure: run, input: {n: "INPUT"}}
        """

    private let folder: TemporaryFolder
    private let baton: Binary

    init() throws {
        self.folder = try TemporaryFolder()
        self.baton = Binary(folder: self.folder.path)
    }

    private func run(_ task: String, by agent: String, _ input: String) throws -> (code: Int32, told: JSON?) {
        let plan = Self.plan.replacing("TASK", with: task).replacing("AGENT", with: agent).replacing(
            "INPUT",
            with: input
        )
        _ = try self.folder.write(plan, to: "plan.yml")
        let code = try self.baton("run", "plan.yml", "--id", task).code
        let shown = try JSON(parsing: Array(try self.baton("show", task, task, "--json").output.utf8))
        return (code, shown)
    }

    @Test(arguments: ["cat", "ann"])
    func `a member that is not there fails the task at once, and says what is there`(agent: String) throws {
        let (code, told) = try self.run("b", by: agent, "see {{tasks.a.output.coutn}}")
        #expect(code == 1)
        #expect(told?["state"] == "failed")
        #expect(told?["error"]?["code"] == "task.reference")
        #expect(told?["error"]?["message"]?.string?.contains("it has count, title") == true)
        #expect(told?["error"]?["remedy"] == "did you mean count?")
        #expect(told?["attempts"]?.elements?.count == 1)
        #expect(!FileManager.default.fileExists(atPath: self.folder("called")))
    }

    @Test func `what a task did not bring at all is null, and braces with an exclamation mark are text`() throws {
        let (_, told) = try self.run("c", by: "cat", "{{tasks.gone.output.any}} {{!tasks.a.output}}")
        #expect(told?["state"] == "completed")
        #expect(told?["output"]?["input"]?["n"] == "null {{tasks.a.output}}")
    }
}
