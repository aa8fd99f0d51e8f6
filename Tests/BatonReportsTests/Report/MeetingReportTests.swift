import Testing

@testable import BatonCore
@testable import BatonReports

/// Minutes in reports, of a rehearsal whose words are known.
@Suite struct MeetingReportTests {
    private static func played(_ change: (inout Plan) -> Void = { _ in }) throws -> (RunReport, ReportSources) {
        var lisa = AgentProfile(id: "lisa", name: "Lisa Chen")
        lisa.personalityTraits = ["organized"]
        var meeting = TaskSpec(id: "kickoff", description: "What do we build?")
        (meeting.isMeeting, meeting.attendees, meeting.rounds) = (true, ["lisa", "pm"], 3)
        var plan = Plan(id: "p", agents: [lisa, AgentProfile(id: "pm", name: "Emily")], tasks: [meeting])
        change(&plan)
        plan = plan.unfolded
        let seed = RunSeed(run: "r", plan: plan, stored: .zero, seed: 5, mode: .rehearsal, engine: "0")
        var out = Emission()
        var time = VirtualTime(Run.create(seed, at: .zero, by: .engine, &out))
        var facts = out.facts
        while let more = try time.step() { facts += more }
        let report = try #require(RunReport(facts, at: time.now))
        return (report, ReportScene.sources(report))
    }

    @Test func `each point of the minutes stands with who said so, and with the task that was made of it`() throws {
        let (report, sources) = try Self.played()
        let record = try #require(MeetingRecord.all(in: report.run, outputs: [:]).first)
        #expect(record.attendees == ["lisa", "pm"] && record.end != nil && record.rounds >= 1)
        let items = record.lists.flatMap(\.items)
        #expect(!items.isEmpty && items.allSatisfy { !$0.evidence.isEmpty })
        let actions = record.lists.first { $0.kind == "action_items" }?.items ?? []
        #expect(!actions.isEmpty && actions.allSatisfy { $0.task != nil && $0.owner != nil })
        let task = try #require(actions.first?.task)
        let text = MarkdownReport.text(report, sources)
        #expect(text.contains("## Meetings") && text.contains("### kickoff"), "\(text)")
        #expect(text.contains("task \(report.id(task)), completed"), "\(text)")
        #expect(text.contains("in round 1"))
        let page = HTMLReport.page(report, sources)
        for said in actions.flatMap(\.evidence) {
            #expect(page.contains("href=\"#u\(said.value)\"") && page.contains("id=\"u\(said.value)\""))
        }
        let json = JSONReport.value(report, sources)["meetings"]?[0]
        #expect(json?["minutes"]?["action_items"]?[0]?["task"] == .string(report.id(task).text))
        #expect(json?["utterances"]?.elements?.count == record.utterances.count)
    }

    @Test func `a decision that goes against an earlier one is marked`() throws {
        let says = { (words: String) -> StepResult in .done(.inline(.string(words)), .none) }
        var tasks = ["first", "second"].map { id -> TaskSpec in
            var task = TaskSpec(id: TaskID(id))
            (task.isMeeting, task.attendees, task.rounds) = (true, ["ann", "bob"], 1)
            return task
        }
        tasks[1].dependencies = ["first"]
        let agents = ["ann", "bob"].map { id -> AgentProfile in
            var agent = AgentProfile(id: AgentID(id))
            agent.type = "function"
            return agent
        }
        var stage = ReportScene.Stage(Plan(id: "p", agents: agents, tasks: tasks).unfolded)
        for (meeting, decision) in [("first", "we ship"), ("second", "We do not ship.")] {
            let place = try #require(stage.run.index(of: TaskID("\(meeting).open"))).offset
            try stage.end(place, says(""))
            try stage.end(place + 1, says("Decision: \(decision)"))
            try stage.end(place + 2, says("PASS"))
            let minutes: JSON = [
                "decisions": [["text": .string(decision), "evidence": [.string("\(meeting).ann.r1")]]]
            ]
            try stage.end(try #require(stage.run.index(of: TaskID(meeting))).offset, .done(.inline(minutes), .none))
        }
        let report = try #require(RunReport(stage.facts, at: stage.now))
        let text = MarkdownReport.text(report, ReportScene.sources(report))
        #expect(text.contains("We do not ship. (contradicts first: we ship)"), "\(text)")
    }

    @Test func `a run without meetings has no part about them`() throws {
        let (report, sources) = try Self.played { $0.tasks = [TaskSpec(id: "a")] }
        #expect(!MarkdownReport.text(report, sources).contains("Meetings"))
        #expect(!HTMLReport.page(report, sources).contains("id=\"meetings\""))
    }

    @Test(
        arguments: [
            (TeamPattern.meeting, ["decisions": [1, 2], "risks": [1], "insights": []] as JSON, "2 decisions, 1 risk"),
            (.meeting, ["decisions": []], "nothing was decided"), (.meeting, ["x": 1], nil),
            (
                .consensus,
                [
                    "consensus": true, "total_agents": 3, "winning_result": "yes",
                    "votes": [["answer": "no", "voters": ["a"]], ["answer": "yes", "voters": ["b", "c"]]],
                ], "2 of 3 agree: yes"
            ),
            (.consensus, ["consensus": false, "total_agents": 3, "reason": "tie"], "no consensus of 3: tie"),
            (.parallel, [["output": 1], ["status": "failed"]], "1 of 2 parts completed"),
            (.hierarchical, ["subtasks_count": 4, "successful": 3], "3 of 4 parts completed"), (.parallel, "x", nil),
        ] as [(TeamPattern, JSON, String?)]
    )
    func `what a pattern comes to is told in a line`(pattern: TeamPattern, output: JSON, line: String?) {
        var task = TaskSpec(id: "t")
        task.pattern = pattern
        #expect(Gist.of(output, of: task) == line)
    }

    @Test func `a meeting that brought nothing says how long it was, what it was for and what may help`() throws {
        let (report, _) = try Self.played { $0.tasks[0].extractionObjective = "Who pays?" }
        let record = try #require(MeetingRecord.all(in: report.run, outputs: [:]).first)
        let empty = MeetingRecord(
            task: record.task,
            attendees: record.attendees,
            rounds: 2,
            end: .silence,
            utterances: [],
            lists: [("decisions", [])]
        )
        let words = MeetingWords(meeting: empty, run: report.run).emptiness
        #expect(
            words
                == "Nothing was decided in 2 rounds; its objective was: Who pays?; it had no agenda, no input and no result of "
                + "another task to go by. More rounds, a clearer objective or more context may help."
        )
        #expect(MeetingWords(meeting: record, run: report.run).emptiness == nil)
    }
}
