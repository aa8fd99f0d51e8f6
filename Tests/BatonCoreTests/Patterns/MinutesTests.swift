import BatonCore
import Testing

/// What is read from what was said, by the rule.
@Suite struct MinutesTests {
    private static let agents: [AgentProfile] = {
        var lisa = AgentProfile(id: "lisa", name: "Lisa Chen")
        lisa.occupation = "Developer"
        return [lisa, AgentProfile(id: "pm", name: "Emily")]
    }()

    private static func minutes(
        _ said: [(String, JSON?)],
        _ change: (inout TaskSpec) -> Void = { _ in }
    ) -> Result<JSON, Failure> {
        var task = TaskSpec(id: "m")
        (task.isMeeting, task.pattern) = (true, .meeting)
        change(&task)
        let parts = said.enumerated().map { place, one in
            PartResult(
                task: TaskID("m.\(one.0).r\(place / 2 + 1)"),
                agent: AgentID(one.0),
                output: one.1,
                shortfall: one.1 == nil ? "failed: away" : nil
            )
        }
        return Minutes.result(of: task, parts: parts, agents: Self.agents)
    }

    @Test func `lines that begin with what they are go into the minutes, with who said so`() throws {
        let text = """
            I have thought about it.
            Decision: we use Swift.
            - **Risk (high):** the form is late
            Question: who pays?
            Next steps: a visit
            Insight: three of four agree
            Decisions are hard, I know.
            """
        let told = try Self.minutes([
            ("pm", .string(text)), ("lisa", "Decision: We use Swift"), ("pm", "PASS"), ("lisa", "pass"),
        ]).get()
        #expect(told["decisions"] == [["text": "we use Swift.", "evidence": ["m.pm.r1", "m.lisa.r1"]]])
        #expect(told["risks"] == [["text": "the form is late", "severity": "high", "evidence": ["m.pm.r1"]]])
        #expect(told["open_questions"]?[0]?["text"] == "who pays?")
        #expect(told["next_steps"]?[0]?["text"] == "a visit")
        #expect(told["insights"]?[0]?["evidence"] == ["m.pm.r1"])
        #expect(told["rounds"] == 2 && told["ended_by"] == "silence" && told["attendees"] == ["pm", "lisa"])
    }

    @Test(
        arguments: [
            (
                "Action: Lisa Chen: draft the form by 2026-01-20",
                ["text": "draft the form", "owner": "lisa", "due": "2026-01-20"]
            ),
            ("Action item: lisa will draft it in 3 days.", ["text": "draft it", "owner": "lisa", "due": "in 3 days"]),
            ("TODO: write it down", ["text": "write it down", "owner": "pm"]),
            ("Action: API: define the calls by then", ["text": "API: define the calls by then", "owner": "pm"]),
            ("Action: go by 2026-02-31", ["text": "go by 2026-02-31", "owner": "pm"]),
        ] as [(String, JSON)]
    )
    func `an action has an owner, and a day where one is named`(line: String, wanted: JSON) throws {
        let told = try Self.minutes([("pm", .string(line)), ("lisa", "PASS")]).get()
        #expect(told["action_items"] == [wanted.adding("evidence", ["m.pm.r1"])])
    }

    @Test func `programs may say it as a value, and own fields are read too`() throws {
        let value: JSON = [
            "says": "Fine.", "risks": [["text": "late", "severity": "low"]], "decisions": ["go"], "costs": ["10 USD"],
        ]
        let told = try Self.minutes([("pm", value), ("lisa", "Costs: 5 more")]) { $0.fields = ["costs"] }.get()
        #expect(told["risks"]?[0]?["severity"] == "low" && told["decisions"]?[0]?["text"] == "go")
        #expect(told["costs"]?.elements?.compactMap { $0["text"] } == ["10 USD", "5 more"])
    }

    @Test func `of thousands the first are listed and the rest counted`() throws {
        let text = (0..<10_000).map { "Action: do \($0)" }.joined(separator: "\n")
        let told = try Self.minutes([("pm", .string(text)), ("lisa", nil)]).get()
        #expect(told["action_items"]?.elements?.count == Minutes.most && told["left_out"] == 9900)
        #expect(told["silent"]?[0]?["error"] == "failed: away")
    }

    @Test func `a meeting in which nobody spoke has no result`() {
        #expect(throws: Failure.self) { try Self.minutes([("pm", nil), ("lisa", nil)]).get() }
    }

    @Test func `minutes of a model name utterances that were made, and days that there are`() {
        let odd: JSON = [
            "summary": "s", "decisions": [["text": "x", "evidence": ["m.nobody.r1"]]],
            "action_items": [
                ["text": "y", "owner": "pm", "due": "2026-02-31", "evidence": ["m.pm.r1"]],
                ["text": "z", "owner": "pm", "due": "2026-01-02", "evidence": ["m.pm.r1"]],
            ],
        ]
        let faults = MinutesForm.faults(of: odd, utterances: ["m.pm.r1"])
        #expect(
            faults == [
                "/decisions/0/evidence: m.nobody.r1 is no utterance of this meeting",
                "/action_items/0/due: there is no day 2026-02-31",
            ]
        )
    }
}
