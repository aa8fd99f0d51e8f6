import Testing

@testable import BatonCore

/// What becomes of minutes.
@Suite struct FollowThroughTests {
    private static let today = Timestamp(microseconds: 1_705_312_800_000_000)  // 2024-01-15T10:00:00Z

    private static let plan: Plan = {
        var pm = AgentProfile(id: "pm", name: "Emily")
        pm.skillLevels = SkillLevels(entries: [.init(name: "project_management", hundredths: 800)])
        var dev = AgentProfile(id: "dev", name: "Lisa Chen")
        dev.skillLevels = SkillLevels(
            entries: [.init(name: "api_design", hundredths: 400), .init(name: "security", hundredths: 900)]
        )
        var away = AgentProfile(id: "away")
        away.available = false
        var meeting = TaskSpec(id: "m", description: "Kickoff")
        (meeting.isMeeting, meeting.pattern, meeting.priority) = (true, .meeting, 4)
        var old = TaskSpec(id: "old", description: "Write the form")
        old.assignedAgent = "dev"
        return Plan(id: "p", agents: [pm, dev, away], tasks: [meeting, old])
    }()

    private static func items(_ minutes: JSON, _ change: (inout TaskSpec) -> Void = { _ in }) -> [FollowThrough.Item] {
        var plan = Self.plan
        change(&plan.tasks[0])
        return FollowThrough.items(of: minutes, after: plan.tasks[0], in: plan, today: Self.today)
    }

    private static func specs(_ minutes: JSON, _ change: (inout TaskSpec) -> Void = { _ in }) -> [TaskSpec] {
        Self.items(minutes, change).compactMap { if case .task(let spec) = $0.fate { spec } else { nil } }
    }

    @Test
    func `an action item becomes a task of its owner behind the meeting, one priority lower, with skills and date`() {
        let found = Self.specs(
            [
                "action_items": [
                    [
                        "text": "Design the API and its encryption", "owner": "dev", "due": "in 3 days",
                        "evidence": ["m.pm.r1"],
                    ]
                ]
            ]
        )
        #expect(found.count == 1 && found[0].id == "m.action-1" && found[0].assignedAgent == "dev")
        #expect(found[0].description == "Design the API and its encryption")
        #expect(found[0].dependencies == ["m"] && found[0].spawnedFrom == "m" && found[0].priority == 3)
        #expect(found[0].dueDate?.text == "2024-01-18")
        #expect(found[0].requiredSkills.entries.map(\.name) == ["api_design", "security"])
        #expect(found[0].requiredSkills.entries.map(\.hundredths) == [400, 500])
        #expect(found[0].input["evidence"] == ["m.pm.r1"] && found[0].input["meeting"] == "m")
    }

    @Test(arguments: [("zoe", "zoe is no agent of the plan"), ("away", "away is no agent of the plan")])
    func `an owner who is not there leaves it to whoever fits, and the task says so`(owner: String, words: String) {
        let found = Self.specs(["action_items": [["text": "x y", "owner": .string(owner)]]])
        #expect(found.count == 1 && found[0].assignedAgent == nil && found[0].input["named"] == .string(words))
    }

    @Test(arguments: ["2024-01-14", "2024-02-31", "soon"])
    func `a day that is over, or none, is no date, and the task says so`(due: String) {
        let found = Self.specs(["action_items": [["text": "x y", "owner": "pm", "due": .string(due)]]])
        #expect(found.count == 1 && found[0].dueDate == nil)
        #expect(found[0].input["due"] == .string("\(due), which is no day to come"))
    }

    @Test func `today is a day to come`() {
        #expect(Self.specs(["action_items": [["text": "x", "due": "2024-01-15"]]])[0].dueDate?.text == "2024-01-15")
    }

    @Test func `what a task says already is merged with it`() {
        let found = Self.items(
            [
                "action_items": [
                    ["text": "write the FORM!", "owner": "dev"], ["text": "write the form", "owner": "pm"],
                    ["text": "Write the form.", "owner": "pm"],
                ]
            ]
        )
        #expect(found.map(\.fate).first == .merged("old"))
        #expect(found.map(\.fate).last == .merged("m.action-1"))
        #expect(found.count == 3)
    }

    @Test func `grave risks are met by a task, others stay in the minutes`() {
        let risks: [JSON] = ["low", "medium", "high", "critical"].map {
            ["text": .string("\($0) it leaks"), "severity": .string($0)]
        }
        let found = Self.specs(["risks": .array(risks), "action_items": []])
        #expect(found.map(\.id) == ["m.risk-1", "m.risk-2"])
        #expect(found[0].description == "See to it that this risk does no harm: high it leaks")
        #expect(found[0].assignedAgent == nil && found[1].input["severity"] == "critical")
    }

    @Test func `no words of a meeting name outputs, and a meeting may keep its words to itself`() {
        let minutes: JSON = ["action_items": [["text": "see {{tasks.old.output}}", "owner": "pm"], ["text": " "], 7]]
        let found = Self.specs(minutes)
        #expect(found.count == 1 && found[0].references.isEmpty)
        #expect(Self.specs(minutes) { $0.spawnsTasks = false }.isEmpty)
    }

    @Test(
        arguments: [
            ("Check the security of it", ["security"]), ("plan the next weeks", ["project_management"]),
            ("go for a walk", []),
        ]
    )
    func `skills follow from words by the table`(text: String, skills: [String]) {
        #expect(SkillWords.skills(in: text, of: Self.plan.agents).entries.map(\.name) == skills)
    }
}
