import BatonCore
import BatonTestKit
import Foundation
import Testing

/// Approvals and blockers, against the real program.
@Suite(.ownThreads, .timeLimit(.minutes(30))) struct InboxCommandTests {
    private static let plan = """
        project_id: doors
        agents:
          - agent_id: opener
            command: [sh, -c, 'case "$(cat)" in *"side door"*) echo open;; *) echo "{\\"blockers\\": [\\"the door is shut\\"]}";; esac']
          - {agent_id: guest, command: [echo, inside]}
        tasks:
          - {task_id: open, description: open the door, assigned_agent: opener, needs_approval: true, retry: {max_attempts: 1}}
          - {task_id: enter, assigned_agent: guest, dependencies: [open]}
        """

    private func json(_ text: String) throws -> JSON { try JSON(parsing: text.utf8) }

    @Test func `a task begins with a yes, a blocker ends with a word, and each question takes one answer`() throws {
        let folder = try TemporaryFolder()
        let baton = Binary(folder: folder.path)
        _ = try folder.write(Self.plan, to: "plan.yml")
        #expect(try baton("run", "plan.yml", "--id", "r").code == 2)

        let approval = try #require(try self.json(baton("inbox", "--json").output)["questions"]?[0])
        #expect(approval["about"] == "approval")
        #expect(approval["context"]?["holds_up"] == 1)
        let digest = try #require(approval["digest"]?.string)
        let stale = try baton("answer", "q1", "approve", "--digest", String(digest.reversed()))
        #expect(stale.code == 65)
        #expect(stale.errors.contains("question.changed"))
        #expect(try baton("answer", "q1", "certainly").code == 65)
        #expect(try baton("answer", "q1", "approve", "--digest", digest).code == 0)
        #expect(try baton("resume", "r").code == 2)

        let told = try baton("inbox").output
        #expect(told.contains("open: Task open is blocked: the door is shut. Say how it is to go on."))
        #expect(told.contains("holds up 1 task"))
        #expect(try baton("answer", "r", "q2", "take the side door").code == 0)
        let again = try baton("answer", "r", "q2", "take the window")
        #expect(again.code == 65)
        #expect(again.errors.contains("question.closed"))
        #expect(try baton("resume", "r").code == 0)
        #expect(try baton("show", "r", "enter").output.contains("inside"))
    }

    private static let persons = """
        project_id: own
        agents: [{agent_id: ada, type: person}]
        tasks: [{task_id: h, description: write, assigned_agent: ada}]
        """

    @Test func `an answer with a key is given once, also without an engine`() throws {
        let folder = try TemporaryFolder()
        let baton = Binary(folder: folder.path)
        _ = try folder.write(Self.persons, to: "plan.yml")
        #expect(try baton("run", "plan.yml", "--id", "r").code == 2)
        let first = try self.json(baton("answer", "r", "q1", "fine", "--key", "k", "--json").output)
        #expect(try self.json(baton("answer", "r", "q1", "fine", "--key", "k", "--json").output) == first)
        let other = try baton("answer", "r", "q1", "other", "--key", "k")
        #expect(other.code == 65)
        #expect(other.errors.contains("request.conflict"))
    }

    @Test func `of answers at once without an engine one is taken, and the others are told so`() throws {
        let folder = try TemporaryFolder()
        let baton = Binary(folder: folder.path)
        _ = try folder.write(Self.persons, to: "plan.yml")
        #expect(try baton("run", "plan.yml", "--id", "r").code == 2)
        let answering = try (0..<4).map { try baton.start(["answer", "r", "q1", "\($0)"]) }
        let codes = answering.map { running in
            while running.nextLine() != nil {}
            return running.wait()
        }
        #expect(codes.sorted() == [0, 65, 65, 65])
        let errors = answering.map(\.errors)
        #expect(errors.count { $0.contains("question.closed") } == 3, "\(errors)")
    }

    @Test func `a person reads what they are told`() throws {
        let folder = try TemporaryFolder()
        let baton = Binary(folder: folder.path)
        _ = try folder.write(Self.persons, to: "plan.yml")
        let running = try baton.start(["run", "plan.yml", "--id", "r", "--json", "--wait"])
        while let line = running.nextLine(), !line.contains("\"asked\"") {}
        #expect(try baton("steer", "r", "--agent", "ada", "at most ten lines").code == 0)
        let question = try #require(try self.json(baton("inbox", "--json").output)["questions"]?[0])
        #expect(question["context"]?["told"] == ["at most ten lines"])
        #expect(try baton("inbox").output.contains("told: at most ten lines"))
        #expect(try baton("answer", "r", "q1", "done").code == 0)
        while running.nextLine() != nil {}
        #expect(running.wait() == 0)
    }

    @Test func `work that was in hand at a crash is accepted with what it brought`() throws {
        let folder = try TemporaryFolder()
        let baton = Binary(folder: folder.path)
        let plan = """
            project_id: lost
            agents: [{agent_id: slow, command: [sleep, "600"]}, {agent_id: cat, command: [cat]}]
            tasks:
              - {task_id: a, assigned_agent: slow}
              - {task_id: b, assigned_agent: cat, input: "{{tasks.a.output.n}}"}
            """
        _ = try folder.write(plan, to: "plan.yml")
        let running = try baton.start(["run", "plan.yml", "--id", "r", "--json"])
        while let line = running.nextLine(), !line.contains("step_owed") {}
        running.send(SIGKILL)
        _ = running.wait()
        #expect(try baton("resume", "r").code == 2)
        #expect(try baton("answer", "r", "q1", "again", "--input", "5").code == 64)
        #expect(try baton("answer", "r", "q1", "--skip", "--input", "5").code == 64)
        #expect(try baton("answer", "r", "q1", "--skip", "--input-text", "5").code == 64)
        let cut = try baton("answer", "r", "q1", "done", "--input", "{\"n\": 5")
        #expect(cut.code == 64)
        #expect(cut.errors.contains("the input is no JSON, at 1:8: "), "\(cut.errors)")
        #expect(try baton("answer", "r", "q1", "done", "--input", "{\"n\": 5}").code == 0)
        #expect(try baton("resume", "r").code == 0)
        let shown = try self.json(baton("show", "r", "b", "--json").output)
        #expect(shown["output"]?["input"] == 5)
    }

    @Test func `the inbox says what happens if nobody answers, and it happens`() throws {
        let folder = try TemporaryFolder()
        let baton = Binary(folder: folder.path)
        let patient = Self.plan.replacingOccurrences(
            of: "needs_approval: true",
            with: "needs_approval: true, answer_within_seconds: 0.001, if_unanswered: skip"
        )
        _ = try folder.write(patient, to: "plan.yml")
        #expect(try baton("run", "plan.yml", "--id", "r", "--wait").code == 1)
        #expect(try baton("show", "r", "open").output.contains("skipped"))
        #expect(try baton("events", "r").output.contains("nobody answered q1 in time"))
    }
}
