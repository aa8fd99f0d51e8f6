import BatonCore
import BatonTestKit
import Foundation
import Testing

/// A serving engine and somebody who comes from another project, with the real program.
@Suite(.ownThreads, .timeLimit(.minutes(30))) struct ProjectFolderTests {
    private static let plan = """
        project_id: placed
        agents: [{agent_id: sh, command: [sh, -c, 'echo begun >> here; pwd']}]
        tasks: [{task_id: a}]
        """

    @Test func `what is meant for another project folder is not begun in the one of the engine`() throws {
        let (served, other) = (try TemporaryFolder(), try TemporaryFolder())
        let (there, here) = (Binary(folder: served.path), Binary(folder: other.path))
        try FileManager.default.createDirectory(atPath: served("pd"), withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(atPath: other("link"), withDestinationPath: served("pd"))
        _ = try other.write(Self.plan, to: "plan.yml")
        let serving = try there.start(["serve", "--project-dir", "pd"])
        while !FileManager.default.fileExists(atPath: served(".baton/control/engine.sock")) { sched_yield() }
        let data = ["--data-dir", served(".baton")]
        let elsewhere = [
            ["run", "plan.yml"], ["ask", "--command", "pwd", "hi"],
            ["run", "plan.yml", "--project-dir", other.path],
        ]
        for words in elsewhere {
            let refused = try here.run(words + data)
            #expect(refused.code == 65, "\(words)")
            #expect(refused.errors.contains("error[engine.other_project]"), "\(refused.errors)")
            #expect(refused.errors.contains("starts commands in \(served("pd")), and not in \(other.path)"))
            #expect(refused.errors.contains("--project-dir \(served("pd"))"))
            #expect(refused.errors.contains("--data-dir"))
        }
        #expect(try JSON(parsing: here.run(["runs", "--json"] + data).output.utf8)["runs"] == [])
        #expect(!FileManager.default.fileExists(atPath: served("pd/here")))
        // The folder of the engine by any of its names is the right one.
        for (id, project) in [("named", served("pd")), ("linked", "link")] {
            let words = ["run", "plan.yml", "--id", id, "--project-dir", project] + data
            #expect(try here.run(words).code == 0, "\(project)")
            #expect(try here.run(["resume", id, "--project-dir", other.path] + data).code == 65)
        }
        #expect(
            try here.run(["ask", "--command", "pwd", "hi", "--project-dir", "link"] + data).output
                == "\(served("pd"))\n"
        )
        serving.send(SIGTERM)
        #expect(serving.wait() == 0)
        #expect(served.read("pd/here") == "begun\nbegun\n")
    }
}
