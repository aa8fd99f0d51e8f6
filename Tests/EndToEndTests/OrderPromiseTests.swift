import BatonCore
import BatonTestKit
import Foundation
import Testing

/// Promises about what runs beside what and what goes first, told from the journal of the real program.
@Suite(.ownThreads) struct OrderPromiseTests {
    private let folder: TemporaryFolder
    private let baton: Binary

    init() throws {
        self.folder = try TemporaryFolder()
        self.baton = Binary(folder: self.folder.path)
    }

    private func plan(_ text: String) throws { _ = try self.folder.write(text, to: "plan.yml") }

    private func events(_ run: String = "r") throws -> [JSON] {
        try self.baton("events", run, "--json").output.split(separator: "\n").map { try JSON(parsing: $0.utf8) }
    }

    private static func tasks(_ events: [JSON], _ kind: String) -> [String] {
        events.filter { $0["kind"]?.string == kind }.compactMap { $0["task"]?.string }
    }

    /// The most attempts that were in hand at once.
    private static func most(in events: [JSON]) -> Int {
        var (now, most) = (0, 0)
        for event in events {
            if event["kind"] == "attempt_started" { now += 1 }
            if event["kind"] == "step_returned" { now -= 1 }
            most = max(most, now)
        }
        return most
    }

    @Test func `ten tasks of a second for ten agents take a second, in a rehearsal's time`() throws {
        let numbers = 0..<10
        try self.plan(
            """
            project_id: ten
            agents: [\(numbers.map { "{agent_id: a\($0)}" }.joined(separator: ", "))]
            tasks: [\(numbers.map { "{task_id: t\($0), estimated_hours: \(1.0 / 3600)}" }.joined(separator: ", "))]
            """
        )
        #expect(try self.baton("rehearse", "plan.yml", "--id", "r").code == 0)
        let events = try self.events()
        #expect(Self.most(in: events) == 10)
        let times = try [events.first, events.last].map { event in
            try Date(
                #require(event?["at"]?.string),
                strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)
            )
        }
        #expect((1...1.2).contains(times[1].timeIntervalSince(times[0])))
    }

    @Test(arguments: [1, 3])
    func `never more attempts are in hand than the plan allows, told from the journal`(limit: Int) throws {
        try self.plan(
            """
            project_id: limit
            defaults: {max_concurrent_tasks: \(limit)}
            agents: [{agent_id: sh, command: [echo, fine], max_concurrent_tasks: 10}]
            tasks: [\((0..<30).map { "{task_id: t\($0)}" }.joined(separator: ", "))]
            """
        )
        #expect(try self.baton("run", "plan.yml", "--id", "r").code == 0)
        #expect(Self.most(in: try self.events()) == limit)
    }

    @Test func `one at a time, the longest path goes first among equals, then what unblocks most`() throws {
        try self.plan(
            """
            project_id: order
            defaults: {enable_parallel_execution: false}
            agents: [{agent_id: sh, command: [echo, fine], max_concurrent_tasks: 4}]
            tasks:
              - {task_id: leaf}
              - {task_id: pair}
              - {task_id: after-pair, dependencies: [pair]}
              - {task_id: hub}
              - {task_id: spoke-1, dependencies: [hub]}
              - {task_id: spoke-2, dependencies: [hub]}
              - {task_id: start}
              - {task_id: middle, dependencies: [start]}
              - {task_id: tail, dependencies: [middle]}
              - {task_id: urgent, priority: 5}
            """
        )
        #expect(try self.baton("run", "plan.yml", "--id", "r").code == 0)
        let events = try self.events()
        #expect(
            Self.tasks(events, "attempt_started") == [
                "urgent", "start", "hub", "pair", "middle", "leaf", "after-pair", "spoke-1", "spoke-2", "tail",
            ]
        )
        #expect(Self.tasks(events, "attempt_started") == Self.tasks(events, "task_ended"))
        #expect(Self.most(in: events) == 1)
    }

    @Test func `why tells the terms of every candidate, the load among them, and who is not of the type`() throws {
        try self.plan(
            """
            project_id: who
            agents:
              - {agent_id: ann, type: person, max_concurrent_tasks: 2, capabilities: [taste]}
              - {agent_id: bob, type: person, max_concurrent_tasks: 2, skill_levels: {cooking: 6}}
            tasks:
              - {task_id: soup, required_skills: {cooking: 5}}
              - {task_id: stew, required_skills: {cooking: 5}}
              - {task_id: judge, type: taste}
            """
        )
        #expect(try self.baton("run", "plan.yml", "--id", "r").code == 2)
        let stew = try self.baton("why", "r", "stew").output
        #expect(stew.contains("SCORE = SKILLS + PREFERENCE + LOAD + SUCCESS + SPEED"))
        // Soup is in hand already.
        #expect(stew.contains("bob    6.50 = 6.00 + 0.50 + -0.50 + 0.50 + 0.00  chosen"))
        #expect(stew.contains("ann    lacks cooking 0 of 5"))
        let judge = try self.baton("why", "r", "judge").output
        #expect(judge.contains("ann    1.00 = 0.00 + 0.50 + 0.00 + 0.50 + 0.00  chosen"))
        #expect(judge.contains("bob    is no taste"))
    }

    @Test func `a failure leaves alone what is in hand and what comes later, if that does not need it`() throws {
        try self.plan(
            """
            project_id: apart
            agents:
              - {agent_id: bad, command: [sh, -c, "touch failed; exit 65"]}
              - {agent_id: good, command: [sh, -c, "while [ ! -e failed ]; do sleep 0.02; done; echo fine"]}
            tasks:
              - {task_id: break, assigned_agent: bad}
              - {task_id: needs, assigned_agent: good, dependencies: [break]}
              - {task_id: beside, assigned_agent: good}
              - {task_id: later, assigned_agent: good, dependencies: [beside]}
            """
        )
        #expect(try self.baton("run", "plan.yml", "--id", "r").code == 1)
        let shown = try JSON(parsing: try self.baton("show", "r", "--json").output.utf8)
        #expect(shown["tasks"]?.elements?.map { $0["state"] } == ["failed", "skipped", "completed", "completed"])
        #expect(shown["tasks"]?.elements?.map { $0["attempts"]?.elements?.count } == [1, 0, 1, 1])
    }
}
