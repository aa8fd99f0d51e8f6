import BatonCore
import BatonTestKit
import Foundation
import Testing

/// Meetings without a plan, held by the real program.
@Suite(.ownThreads, .timeLimit(.minutes(30))) struct MeetCommandTests {
    private let folder: TemporaryFolder

    init() throws {
        self.folder = try TemporaryFolder()
        _ = try self.folder.write(
            """
            agents:
              - {agent_id: ann, name: Ann, command: [echo, "Decision: tea"]}
              - {agent_id: bob, command: [echo, "Action: ann will boil water in 2 days"]}
              - {agent_id: cmd, command: [echo, PASS]}
            """,
            to: "agents.yml"
        )
    }

    private var baton: Binary { Binary(folder: self.folder.path) }

    @Test func `its minutes are all that goes to standard output, and what it decides is not done`() throws {
        let met = try self.baton("meet", "What do we drink?", "--rounds", "2", "--id", "r")
        #expect(met.code == 0, "\(met.everything)")
        #expect(met.output.hasPrefix("Ann, bob, cmd. 2 rounds; over when its rounds were used up."), "\(met.output)")
        #expect(met.output.contains("  - tea; said by Ann in round 1, Ann in round 2"), "\(met.output)")
        #expect(met.output.contains("  - boil water (Ann, in 2 days); said by bob in round 1"), "\(met.output)")
        #expect(try self.baton("show", "r", "--json").output.contains(#""total_tasks":1"#))
    }

    @Test func `with --spawn what was decided is done, and --json has all of it`() throws {
        let met = try self.baton(
            "meet",
            "What do we drink?",
            "--attendees",
            "Ann, bob",
            "--rounds",
            "1",
            "--spawn",
            "--json",
            "--id",
            "r"
        )
        #expect(met.code == 0, "\(met.everything)")
        let last = try JSON(parsing: Array((met.output.split(separator: "\n").last ?? "").utf8))
        #expect(last["meetings"]?[0]?["attendees"] == ["ann", "bob"])
        #expect(last["meetings"]?[0]?["minutes"]?["action_items"]?[0]?["task"] == "meeting.action-1")
        #expect(try self.baton("show", "r", "meeting.action-1").output.contains("completed"))
    }

    @Test func `a meeting that brings nothing is an issue of its run`() throws {
        let met = try self.baton("meet", "x", "--attendees", "cmd,bob", "--rounds", "1", "--id", "r")
        #expect(met.code == 0 && !met.output.contains("Nothing was decided"))
        _ = try self.folder.write(
            "agents: [{agent_id: a, command: [echo, hm]}, {agent_id: b, command: [echo, ha]}]",
            to: "agents.yml"
        )
        let empty = try self.baton("meet", "x", "--rounds", "2", "--objective", "Who pays?", "--id", "e")
        #expect(
            empty.output.contains("Nothing was decided in 2 rounds; its objective was: Who pays?"),
            "\(empty.everything)"
        )
        let issues = try JSON(parsing: Array(try self.baton("show", "e", "--diagnostics", "--json").output.utf8))[
            "issues"
        ]
        #expect(
            issues?["empty_meetings"] == [
                ["task": "meeting", "rounds": 2, "objective": "Who pays?", "has_context": false]
            ]
        )
        #expect(try self.baton("show", "e", "--diagnostics").output.contains("meeting meeting: Nothing was decided"))
    }

    @Test func `nobody of that name, and nobody at all, are told`() throws {
        let odd = try self.baton("meet", "x", "--attendees", "zoe")
        #expect(odd.code == 65 && odd.errors.contains("attendee zoe"), "\(odd.errors)")
        let none = try self.baton("meet", "x", "--agents", "nobody")
        #expect(none.code == 65 && none.errors.contains("no Profiles/nobody.md"), "\(none.errors)")
        #expect(try self.baton("meet", " ").code == 64)
    }

    @Test func `it can be rehearsed, the same by the same seed`() throws {
        let first = try self.baton("meet", "x", "--rehearse", "--seed", "7", "--id", "a")
        let second = try self.baton("meet", "x", "--rehearse", "--seed", "7", "--id", "b")
        #expect(first.code == 0 && first.output == second.output, "\(first.everything)")
        #expect(first.everything.contains("REHEARSAL"), "\(first.everything)")
    }
}
