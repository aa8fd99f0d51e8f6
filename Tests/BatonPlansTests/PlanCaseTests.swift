import BatonCore
import BatonPlans
import Testing

/// Cases 1 to 24: what is wrong with a plan, not with its text.
struct PlanCaseTests {
    @Test(arguments: Self.graph + Self.values + Self.people)
    func `what a plan may not say is refused at its place`(_ text: RefusedText) throws { try text.check() }

    private static let graph: [RefusedText] = [
        RefusedText(1, "plan.cycle", 4, 33, "a → a", SmallPlan.tasks("- {task_id: a, dependencies: [a]}")),
        RefusedText(
            2,
            "plan.cycle",
            4,
            33,
            "a → b → c → a",
            SmallPlan.tasks(
                "- {task_id: a, dependencies: [c]}",
                "- {task_id: b, dependencies: [a]}",
                "- {task_id: c, dependencies: [b]}"
            )
        ),
        RefusedText(
            3,
            "plan.cycle",
            4,
            5,
            "a → b → a",
            SmallPlan.tasks("- {task_id: a, follow_up_tasks: [b]}", "- {task_id: b, follow_up_tasks: [a]}")
        ),
        RefusedText(
            7,
            "plan.duplicate_id",
            5,
            15,
            "task a is here twice, first as tasks[0], at 4:15",
            SmallPlan.tasks("- {task_id: a}", "- {task_id: a}")
        ),
        RefusedText(
            8,
            "plan.ambiguous_id",
            5,
            15,
            "task Ab differs from aB only in case, at 4:15",
            SmallPlan.tasks("- {task_id: aB}", "- {task_id: Ab}")
        ),
        RefusedText(8, "name.invalid", 4, 15, "U+00E9", SmallPlan.tasks("- {task_id: \u{e9}}")),
        RefusedText(8, "name.invalid", 5, 15, "U+0301", SmallPlan.tasks("- {task_id: x}", "- {task_id: e\u{301}}")),
        RefusedText(
            9,
            "plan.unknown_task",
            5,
            40,
            "did you mean research?",
            SmallPlan.tasks("- {task_id: research}", "- {task_id: write, dependencies: [a, reserch]}")
                .replacing("[a, ", with: "[   ")
        ),
        RefusedText(
            10,
            "plan.unknown_agent",
            4,
            34,
            "assigned to zoe, which is no agent; the agents are ann",
            SmallPlan.tasks("- {task_id: a, assigned_agent: zoe}")
        ),
        RefusedText(
            11,
            "plan.empty_plan",
            3,
            8,
            "the plan has no tasks",
            "project_id: p\nagents: [{agent_id: a}]\ntasks: []"
        ),
        RefusedText(
            11,
            "plan.empty_plan",
            2,
            9,
            "the plan has no agents",
            "project_id: p\nagents: []\ntasks: [{task_id: a}]"
        ),
        RefusedText(11, "plan.missing_field", 1, 1, "a plan needs tasks", "project_id: p\nagents: [{agent_id: a}]"),
    ]

    private static let values: [RefusedText] = [
        RefusedText(
            14,
            "plan.range",
            4,
            35,
            "is -1; write a number over 0",
            SmallPlan.tasks("- {task_id: a, estimated_hours: -1}")
        ),
        RefusedText(14, "plan.range", 4, 35, "is 0; write", SmallPlan.tasks("- {task_id: a, estimated_hours: 0}")),
        RefusedText(14, "plan.range", 4, 35, "is nan", SmallPlan.tasks("- {task_id: a, estimated_hours: .nan}")),
        RefusedText(14, "plan.range", 4, 35, "is inf", SmallPlan.tasks("- {task_id: a, estimated_hours: 1e400}")),
        RefusedText(
            14,
            "plan.range",
            4,
            35,
            "up to 100000",
            SmallPlan.tasks("- {task_id: a, estimated_hours: 1e18}")
        ),
        RefusedText(
            15,
            "plan.type",
            4,
            28,
            "is a text, not a whole number from 1 to 5",
            SmallPlan.tasks("- {task_id: a, priority: high}")
        ),
        RefusedText(15, "plan.range", 4, 28, "is 99", SmallPlan.tasks("- {task_id: a, priority: 99}")),
        RefusedText(15, "plan.range", 4, 28, "is 6", SmallPlan.tasks("- {task_id: a, priority: 6}")),
        RefusedText(15, "plan.range", 4, 28, "is 0", SmallPlan.tasks("- {task_id: a, priority: 0}")),
        RefusedText(
            16,
            "plan.date",
            4,
            34,
            "month 2 of 2024 has 29 days, not 30",
            SmallPlan.tasks("- {task_id: a, scheduled_date: 2024-02-30}")
        ),
        RefusedText(
            16,
            "plan.date",
            4,
            34,
            "\"10000-01-01\" is not in ISO 8601 form",
            SmallPlan.tasks("- {task_id: a, scheduled_date: 10000-01-01}")
        ),
        RefusedText(19, "plan.range", 4, 33, "is 0; write a number over 0 up to 1", Self.consensus("0")),
        RefusedText(19, "plan.range", 4, 33, "is 1.1", Self.consensus("1.1")),
        RefusedText(19, "plan.range", 4, 33, "is nan", Self.consensus(".nan")),
        RefusedText(
            21,
            "plan.unknown_field",
            4,
            18,
            "did you mean dependencies?",
            SmallPlan.tasks("- {task_id: a, dependancies: []}")
        ),
        RefusedText(21, "plan.unknown_field", 4, 1, "has no key \"<<\"", SmallPlan.with("<<: {title: x}")),
        RefusedText(
            22,
            "plan.range",
            4,
            40,
            "is -1; write a whole number from 1 to 100",
            SmallPlan.tasks("- {task_id: a, retry: {max_attempts: -1}}")
        ),
        RefusedText(
            22,
            "plan.range",
            4,
            40,
            "is 1000000000",
            SmallPlan.tasks("- {task_id: a, retry: {max_attempts: 1000000000}}")
        ),
        RefusedText(23, "plan.budget", 4, 17, "\"∞\"", SmallPlan.with("budget: {money: ∞}")),
        RefusedText(23, "plan.budget", 4, 17, "is -5", SmallPlan.with("budget: {money: -5}")),
        RefusedText(23, "plan.budget", 4, 17, "without currency", SmallPlan.with("budget: {money: 5 EUR}")),
        RefusedText(23, "plan.budget", 4, 16, "\"0x10s\"", SmallPlan.with("budget: {time: 0x10s}")),
        RefusedText(
            24,
            "plan.value",
            4,
            17,
            "did you mean simulation? allowed: fully_automated, incremental, simulation",
            SmallPlan.with("execution_mode: simulatoin")
        ),
        RefusedText(
            0,
            "plan.time_zone",
            4,
            25,
            "did you mean Europe/Berlin?",
            SmallPlan.with("scheduling: {time_zone: Europe/Berln}")
        ),
        RefusedText(
            0,
            "plan.time_zone",
            4,
            25,
            "no time zone",
            SmallPlan.with("scheduling: {time_zone: ../../etc/passwd}")
        ),
        RefusedText(
            0,
            "plan.estimate",
            4,
            29,
            "estimates 10 minutes, its tasks take ",
            SmallPlan.with("estimated_duration_minutes: 10")
        ),
    ]

    private static let people: [RefusedText] = [
        RefusedText(
            17,
            "plan.answer_word",
            2,
            21,
            "agent Done is called like an answer",
            "project_id: p\nagents: [{agent_id: Done}]\ntasks: [{task_id: a}]"
        ),
        RefusedText(17, "plan.attendee", 4, 59, "is listed twice", Self.meeting("[ann, ann]")),
        RefusedText(17, "plan.attendee", 4, 54, "attendee bob of task a is no agent", Self.meeting("[bob, ann]")),
        RefusedText(
            18,
            "plan.unsatisfiable",
            4,
            35,
            "nobody has law 9; the nearest, ann, has law",
            SmallPlan.tasks("- {task_id: a, required_skills: {law: 9}}")
        ),
        RefusedText(20, "plan.quorum", 4, 27, "among 0 voters", SmallPlan.tasks("- {task_id: a, pattern: consensus}")),
        RefusedText(
            20,
            "plan.pattern",
            4,
            27,
            "has the pattern parallel and no parts",
            SmallPlan.tasks("- {task_id: a, pattern: parallel}")
        ),
        RefusedText(
            20,
            "plan.pattern",
            5,
            27,
            "task b is part of a, which has no pattern",
            SmallPlan.tasks("- {task_id: a}", "- {task_id: b, part_of: a}")
        ),
        RefusedText(
            20,
            "plan.unknown_task",
            4,
            27,
            "task a is part of aa, which is no task",
            SmallPlan.tasks("- {task_id: a, part_of: aa}")
        ),
        RefusedText(
            20,
            "plan.unknown_agent",
            4,
            65,
            "task a is judged by jo, which is no agent",
            SmallPlan.tasks("- {task_id: a, pattern: consensus, voters: [ann, ann], judge: jo}")
        ),
        RefusedText(
            20,
            "plan.quorum",
            4,
            27,
            "among 1 voter;",
            SmallPlan.tasks("- {task_id: a, pattern: consensus, attendees: [ann]}")
        ),
    ]

    private static func consensus(_ share: String) -> String {
        SmallPlan.tasks("- {task_id: a, min_agreement: \(share)}")
    }

    private static func meeting(_ attendees: String) -> String {
        SmallPlan.tasks("- {task_id: a, meeting_required: true, attendees: \(attendees)}")
    }

    @Test func `a skill that nobody has is a warning where the best available may do it`() throws {
        let text = SmallPlan.tasks("- {task_id: a, required_skills: {law: 9}}") + "staffing: best_available\n"
        let reading = PlanFile.read(bytes: Array(text.utf8), name: "plan.yml")
        let finding = try #require(reading.diagnostics.first)
        #expect(finding.code == "plan.unsatisfiable")
        #expect(finding.severity == .warning)
        #expect(finding.remedy.contains("the nearest does it"))
        #expect(reading.plan != nil)
    }

    @Test func `a task that nobody can do leaves the plan, since a run asks a person`() {
        let text = SmallPlan.tasks("- {task_id: a, required_skills: {law: 9}}")
        let reading = PlanFile.read(bytes: Array(text.utf8), name: "plan.yml")
        #expect(reading.hasErrors)
        #expect(reading.plan != nil)
    }

    @Test func `an estimate within a quarter of the forecast is no finding`() {
        #expect(
            PlanFile.read(bytes: Array(SmallPlan.with("estimated_duration_minutes: 60").utf8), name: "p.yml")
                .diagnostics.isEmpty
        )
    }

    @Test(arguments: ["UTC", "GMT", "Europe/Berlin", "America/Argentina/Buenos_Aires", "US/Pacific"])
    func `time zones of the database are known`(_ name: String) {
        #expect(SmallPlan.errors(SmallPlan.with("scheduling: {time_zone: \(name)}")).isEmpty)
    }

    @Test(arguments: [
        (SmallPlan.tasks("- {task_id: 5}", "- {task_id: b, dependencies: [five]}"), ["plan.type"]),
        ("project_id: p\nagents: x\ntasks: [{task_id: a, assigned_agent: ann}]", ["plan.type"]),
        ("project_id: p\ntasks: [{task_id: a, attendees: [x]}]", ["plan.missing_field"]),
        (SmallPlan.tasks("- {task_id: a, pattern: consensus, attendees: ann}"), ["plan.type"]),
        (SmallPlan.tasks("- {task_id: a, dependencies: [1, zz]}"), ["plan.type"]),
        ("[]", ["plan.type"]),
    ])
    func `one slip makes one finding`(_ text: String, _ codes: [String]) {
        #expect(SmallPlan.errors(text) == codes)
    }

    @Test func `findings stand in the order of the file`() {
        let text = "project_id: -p\nagents: [{agent_id: ann, nme: x}]\ntasks: [{task_id: a, priority: 9}]\nfoo: 1\n"
        let places = PlanFile.read(bytes: Array(text.utf8), name: "plan.yml").diagnostics.compactMap(\.place)
        #expect(places.map(\.line) == [1, 2, 3, 4])
    }
}
