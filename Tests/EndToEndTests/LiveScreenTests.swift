import BatonCore
import BatonTestKit
import Foundation
import Testing

/// The live screen of the real program on a terminal.
@Suite(.ownThreads, .timeLimit(.minutes(30))) struct LiveScreenEndToEndTests {
    private static let plan = """
        project_id: seen
        title: A team at work
        agents:
          - agent_id: worker
            command: [sh, -c, 'echo "said by $BATON_TASK" >&2; while [ ! -e go ]; do sleep 0.02; done; echo fine']
          - agent_id: breaker
            command: [sh, -c, 'exit 3']
          - agent_id: you
            type: person
        tasks:
          - {task_id: work, assigned_agent: worker}
          - {task_id: broken, assigned_agent: breaker, retry: {max_attempts: 1}}
          - {task_id: judge, assigned_agent: you, description: Good enough?}
        """

    private static func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try Self.plan.write(toFile: "\(folder.path)/plan.yml", atomically: true, encoding: .utf8)
        return folder
    }

    @Test func `a run on a terminal is a screen that answers, and goes when the run is over`() throws {
        let folder = try Self.folder()
        let sitting = try Sitting(["run", "plan.yml", "--id", "r1"], folder: folder.path)
        try sitting.wait(for: "a screen with failure, question and what an agent says") { screen in
            screen.contains { $0.hasPrefix("✗ broken") && $0.contains("[exec.exit]") }
                && screen.contains { $0.contains("said by work") }
                && screen.contains("q1  you, judge: Good enough?") && screen.contains("q1>")
        }
        #expect(sitting.terminal.screen.allSatisfy { $0.count < 80 })
        sitting.type("very go")
        try sitting.wait(for: "q1> very go")
        #expect(FileManager.default.createFile(atPath: "\(folder.path)/go", contents: nil))
        try sitting.wait(for: "✓ work")
        sitting.type("od\r")
        #expect(sitting.ending() == 1)
        let all = sitting.terminal.all
        #expect(all.contains { $0.hasPrefix("Run r1: partial after") })
        #expect(all.contains { $0.hasPrefix("judge") && $0.hasSuffix("very good") })
        #expect(!all.contains { $0.contains("━") || $0.contains("─") }, "nothing of the screen is left")
        #expect(sitting.terminal.unknown.isEmpty)
    }

    @Test func `what is no answer is not taken, and the question stays`() throws {
        let folder = try Self.folder()
        let sitting = try Sitting(["run", "plan.yml", "--id", "r1"], folder: folder.path)
        try sitting.wait(for: "q1>")
        sitting.type("!help\r")
        try sitting.wait(for: "there are !fail REASON and !skip")
        sitting.type("ab\u{1B}[D\r")
        try sitting.wait(for: "it holds control characters")
        #expect(FileManager.default.createFile(atPath: "\(folder.path)/go", contents: nil))
        sitting.type("fine\r")
        #expect(sitting.ending() == 1)
        #expect(sitting.terminal.all.contains { $0.hasPrefix("judge") && $0.hasSuffix("fine") })
        #expect(sitting.terminal.all.contains("Why, and what to do next: baton why r1"))
    }

    @Test func `on a full screen question, choices and the last refusal stay above the prompt`() throws {
        let folder = try TemporaryFolder()
        let tasks = (0..<40).map { "  - {task_id: work-\($0), assigned_agent: worker}" }.joined(separator: "\n")
        let plan = """
            project_id: full
            agents:
              - agent_id: worker
                command: [sh, -c, 'while [ ! -e "$BATON_TASK.go" ]; do sleep 0.02; done; echo fine']
                max_concurrent_tasks: 30
            tasks:
              - {task_id: gate, assigned_agent: worker, needs_approval: true, description: Is all of it prepared?}
            \(tasks)
            """
        _ = try folder.write(plan, to: "plan.yml")
        let sitting = try Sitting(["run", "plan.yml", "--id", "r1"], folder: folder.path)
        let asking = [
            "q1  gate: May task gate begin? Is all of it prepared?", "Type one of approve, skip, fail, then Enter:",
        ]
        let refusal = [
            "error[question.answer]: \"maybe\" is no answer to question q1 of run r1; answer",
            "with one of approve, skip, fail",
        ]
        // What is written last, above the cursor.
        let ends = { (screen: [String], lines: [String]) in
            screen.reversed().drop { $0.isEmpty }.prefix(lines.count).reversed() == lines
        }
        try sitting.wait(for: "a full screen with question and prompt") { screen in
            ends(screen, asking + ["q1>"]) && screen[0].hasPrefix("full") && screen.contains { $0.contains("work-5") }
        }
        sitting.type("maybe\r")
        try sitting.wait(for: "the refusal") { ends($0, asking + refusal + ["q1>"]) }
        // They stay while the screen goes on.
        #expect(FileManager.default.createFile(atPath: folder("work-0.go"), contents: nil))
        try sitting.wait(for: "1 of 41 ended, and the refusal still there") { screen in
            screen.contains { $0.contains("1 of 41 ended") } && ends(screen, asking + refusal + ["q1>"])
        }
        sitting.type("skip\r")
        try sitting.wait(for: "no prompt any more") { screen in
            !screen.contains { $0.hasPrefix("q1") } && screen.contains { $0.contains("2 of 41 ended") }
        }
        sitting.type("\u{3}")
        #expect(sitting.ending() == 130)
        #expect(sitting.terminal.unknown.isEmpty)
    }

    @Test func `after Ctrl-C the terminal is whole and says how to go on`() throws {
        let folder = try Self.folder()
        let sitting = try Sitting(["run", "plan.yml", "--id", "r1"], folder: folder.path)
        try sitting.wait(for: "said by work")
        sitting.type("\u{3}")
        #expect(sitting.ending() == 130)
        #expect(sitting.terminal.all.last == "stopped; go on with: baton resume r1")
        #expect(sitting.terminal.unknown.isEmpty)
    }

    @Test func `after kill -9 the terminal is whole and a watcher says what to do`() throws {
        let folder = try Self.folder()
        let sitting = try Sitting(["run", "plan.yml", "--id", "r1"], folder: folder.path)
        try sitting.wait(for: "said by work")
        let watcher = try Sitting(["watch"], folder: folder.path, height: 12)
        try watcher.wait(for: "said by work")
        // Nothing is asked there; what is typed all the same leaves no rows behind.
        watcher.type("\r\r")
        try watcher.wait(for: "5.") { screen in screen.filter { $0.hasPrefix("A team at work") }.count == 1 }
        kill(sitting.pid, SIGKILL)
        #expect(sitting.ending() == 128 + SIGKILL)
        // No mode was set that a dead process could leave behind: all that was sent is known to be harmless.
        #expect(sitting.terminal.unknown.isEmpty)
        #expect(watcher.ending() == 69)
        #expect(watcher.terminal.all.last == "nothing carries this run now; go on with: baton resume r1")
        // Whoever goes on ends what the dead engine has left behind.
        let resumed = try Binary(folder: folder.path)("resume")
        #expect(resumed.code == 2)
        // A shell on its way to its program is two for a moment.
        #expect(resumed.errors.contains(/killed [12] process/))
    }

    @Test func `another size is a clean screen`() throws {
        let folder = try Self.folder()
        let sitting = try Sitting(["run", "plan.yml", "--id", "r1"], folder: folder.path)
        try sitting.wait(for: "said by work")
        sitting.resize(width: 50, height: 16)
        // The last frame of the old size may still be on its way.
        try sitting.wait(for: "a frame of 50 columns") { screen in
            screen.contains { $0.contains("said by work") } && screen.allSatisfy { $0.count < 50 }
        }
        #expect(sitting.terminal.all.filter { $0.hasPrefix("A team at work") }.count == 1)
        #expect(sitting.terminal.all.allSatisfy { $0.count < 50 })
        sitting.type("\u{3}")
        #expect(sitting.ending() == 130)
    }

    @Test func `a terminal that cannot move its cursor gets lines`() throws {
        let folder = try Self.folder()
        let sitting = try Sitting(["run", "plan.yml", "--id", "r1"], folder: folder.path, term: "dumb")
        try sitting.wait(for: "failed [exec.exit]")
        sitting.type("\u{3}")
        #expect(sitting.ending() == 130)
        #expect(sitting.terminal.unknown.isEmpty)
        #expect(!sitting.terminal.all.contains { $0.contains("━") })
    }

    @Test func `a watcher without a terminal prints the lines of the run`() throws {
        let folder = try Self.folder()
        #expect(FileManager.default.createFile(atPath: "\(folder.path)/go", contents: nil))
        let binary = Binary(folder: folder.path)
        #expect(try binary("run", "plan.yml", "--id", "r1").code == 2)
        #expect(try binary("answer", "q1", "good").code == 0)
        let watched = try binary("watch", "r1")
        #expect(watched.code == 1)
        #expect(watched.output.contains("said") == false)
        #expect(watched.output.contains("run ended: partial"))
        #expect(try binary("watch", "r2").code == 66)
    }
}
