import BatonCore
import BatonTestKit
import Foundation
import Testing

/// Tasks that begin only if others returned something, and votes that end early, played by the real program.
@Suite(.ownThreads, .timeLimit(.minutes(30))) struct ConditionRunTests {
    private let folder: TemporaryFolder

    init() throws { self.folder = try TemporaryFolder() }

    // What a review returns is longer than what stands in an event unless the rules read it.
    private static let plan = """
        project_id: branch
        agents:
          - agent_id: ann
            max_concurrent_tasks: 4
            command:
              - sh
              - -c
              - 'if [ "$BATON_TASK" = review ]; then printf "{\\"verdict\\": \\"VERDICT\\", \\"notes\\": \\"%s\\"}" "$(seq 1 900 | tr "\\n" " ")"; else echo "$BATON_TASK"; fi'
        tasks:
          - {task_id: review, description: Look at it.}
          - {task_id: fix, dependencies: [review], when: [{task: review, field: verdict, is: changes}]}
          - {task_id: test-fix, dependencies: [fix]}
          - {task_id: publish, dependencies: [review, test-fix]}
        """

    private static func json(_ ending: Binary.Ending) throws -> JSON { try JSON(parsing: Array(ending.output.utf8)) }

    private func run(_ verdict: String, _ name: String) throws -> (baton: Binary, told: String) {
        _ = try self.folder.write(Self.plan.replacing("VERDICT", with: verdict), to: "\(name).yml")
        let baton = Binary(folder: self.folder.path)
        let run = try baton("run", "\(name).yml", "--id", name)
        #expect(run.code == 0, "\(run.everything)")
        return (baton, run.everything)
    }

    @Test func `a branch that nobody needs is left out, and said so`() throws {
        let (baton, told) = try self.run("pass", "calm")
        #expect(told.contains("fix       not needed after review"), "\(told)")
        let shown = try Self.json(baton("show", "calm", "--json"))
        #expect(shown["state"] == "completed")
        let tasks = shown["tasks"]?.elements ?? []
        #expect(tasks.compactMap { $0["state"]?.string } == ["completed", "skipped", "skipped", "completed"])
        #expect(tasks[1]["unneeded"] == "review" && tasks[2]["unneeded"] == "fix")
        let why = try baton("why", "calm", "fix").everything
        #expect(why.contains("it is needed if verdict of review is changes, and it is pass (when)"), "\(why)")
        #expect(try baton("why", "calm", "test-fix").everything.contains("it needs only fix, which nobody needed"))
        let retry = try baton("fork", "calm", "--retry", "fix")
        #expect(
            retry.code != 0 && retry.everything.contains("nobody needs it after review (when)"),
            "\(retry.everything)"
        )
        #expect(try Self.json(baton("report", "calm", "--format", "json"))["failures"] == [])
    }

    @Test func `the same branch is played when it is needed, and in a rehearsal`() throws {
        let (baton, _) = try self.run("Changes", "busy")
        let tasks = try Self.json(baton("show", "busy", "--json"))["tasks"]?.elements ?? []
        #expect(tasks.allSatisfy { $0["state"] == "completed" })
        let why = try baton("why", "busy", "fix").everything
        #expect(why.contains("it was needed: verdict of review is changes (when)"), "\(why)")
        #expect(why.contains("given what the agent ann brought in review"), "\(why)")
        let rehearsed = try baton("rehearse", "busy.yml", "--json")
        #expect(rehearsed.code == 0 && !rehearsed.everything.contains("not needed"), "\(rehearsed.everything)")
    }

    @Test func `a vote that is decided stops who is still at it, and is done at once`() throws {
        let plan = """
            project_id: vote
            agents:
              - {agent_id: a, command: [sh, -c, 'echo yes']}
              - {agent_id: b, command: [sh, -c, 'echo Yes.']}
              - {agent_id: slow, command: [sleep, '300']}
            tasks:
              - {task_id: poll, description: Is it ready?, pattern: consensus, voters: [a, b, slow], early_stop: true}
            """
        _ = try self.folder.write(plan, to: "vote.yml")
        let baton = Binary(folder: self.folder.path)
        let run = try baton("run", "vote.yml", "--id", "v")
        #expect(run.code == 0, "\(run.everything)")
        let poll = try Self.json(baton("show", "v", "poll", "--json"))
        #expect(poll["output"]?["consensus"] == true && poll["output"]?["not_asked"] == ["poll.3"], "\(poll)")
        let why = try baton("why", "v", "poll").everything
        for line in [
            "The vote", "agreed: 0.6667 of the votes, at least 0.6", "a, b (won): yes", "not asked any more: poll.3",
        ] {
            #expect(why.contains(line), "\(why)")
        }
        #expect(
            try baton("why", "v", "poll.3").everything.contains(
                "the outcome of poll could not change any more (early_stop)"
            )
        )
    }
}
