import BatonCore
import BatonTestKit
import Foundation
import Testing

@Suite(.ownThreads) struct GraphCommandTests {
    private let folder: TemporaryFolder
    private let baton: Binary

    init() throws {
        self.folder = try TemporaryFolder()
        self.baton = Binary(folder: self.folder.path)
        _ = try self.folder.write(
            """
            project_id: drawn
            agents: [{agent_id: sh, command: [echo, fine], max_concurrent_tasks: 3}]
            tasks: [{task_id: a}, {task_id: b, dependencies: [a]}, {task_id: c, dependencies: [a]}]
            """,
            to: "plan.yml"
        )
    }

    @Test func `a file is a plan, any other name is a run, and no name is the newest run`() throws {
        let plan = try self.baton("graph", "plan.yml")
        #expect(plan.code == 0, "\(plan.errors)")
        #expect(plan.output.hasPrefix("flowchart LR\n"))
        #expect(!plan.output.contains("completed"))
        #expect(try self.baton("run", "plan.yml", "--id", "r").code == 0)
        #expect(try self.baton("graph", "r").output.contains(":::completed"))
        #expect(try self.baton("graph").output == self.baton("graph", "r").output)
        let text = try self.baton("graph", "--format", "text").output
        #expect(text.contains("layer 2, 2 tasks side by side (the widest):\n  ✓ b"))
        #expect(text.contains("measured"))
        #expect(try self.baton("graph", "--format", "dot").output.hasPrefix("digraph"))
    }

    @Test func `what is not there is said as what was meant`() throws {
        let file = try self.baton("graph", "other.yml")
        #expect(file.code == 66)
        #expect(file.errors.contains("parse.file_missing"))
        #expect(try self.baton("run", "plan.yml", "--id", "r").code == 0)
        let run = try self.baton("graph", "other")
        #expect(run.code == 66)
        #expect(run.errors.contains("run.unknown"))
        #expect(run.errors.contains("there is no file other, and there is no run other"))
        _ = try self.folder.write("project_id: x\nagents: []\ntasks: [{task_id: a, dependencies: [a]}]", to: "bad.yml")
        #expect(try self.baton("graph", "bad.yml").code == 65)
        #expect(try self.baton("graph", "plan.yml", "--format", "png").code == 64)
    }

    @Test func `a large plan is drawn as layers, and says how to have it whole`() throws {
        let tasks = (0..<501).map { "{task_id: t\($0)}" }.joined(separator: ", ")
        _ = try self.folder.write(
            "project_id: large\nagents: [{agent_id: sh, command: [echo]}]\ntasks: [\(tasks)]",
            to: "large.yml"
        )
        let cut = try self.baton("graph", "large.yml")
        #expect(cut.output.contains("501 tasks side by side"))
        #expect(cut.errors.contains("--all"))
        #expect(try self.baton("graph", "large.yml", "--all").output.contains("t500["))
        let json = try JSON(parsing: try self.baton("graph", "large.yml", "--json").output.utf8)
        #expect(json["tasks"]?.elements?.count == 501)
    }
}
