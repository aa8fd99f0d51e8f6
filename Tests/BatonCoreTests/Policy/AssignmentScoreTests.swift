import BatonCore
import Testing

@Suite struct AssignmentScoreTests {
    private static func agent(
        _ id: AgentID,
        _ skills: SkillLevels = [:],
        _ preferences: SkillLevels = [:]
    ) -> AgentProfile {
        var agent = AgentProfile(id: id)
        agent.skillLevels = skills
        agent.preferences = preferences
        return agent
    }

    private static func task(_ skills: SkillLevels = [:], type: String? = "build") -> TaskSpec {
        var task = TaskSpec(id: "t", description: "Review the code")
        task.requiredSkills = skills
        task.type = type
        return task
    }

    private static func record(
        inHand: Int = 0,
        successes: Int64 = 0,
        attempts: Int64 = 0,
        busy: Int64 = 0
    ) -> AssignmentScore.Record {
        var record = AssignmentScore.Record()
        record.inHand = inHand
        record.successes = successes
        record.attempts = attempts
        record.busyMicroseconds = busy
        return record
    }

    @Test func `the score is the documented sum`() {
        // 8 × 6/8 + 4 × 2/8 = 7; + 0.1 × 9 − 0.5 × 2 + 4/5 − 0.2 × (150/100 − 1) = 7.6.
        let score = AssignmentScore.of(
            Self.agent("a", ["go": 8, "sql": 4], ["build": 9]),
            Self.record(inHand: 2, successes: 3, attempts: 3, busy: 450),
            for: Self.task(["go": 6, "sql": 2]),
            meanOfAll: 100
        )
        #expect(score == 76_000)
    }

    @Test func `without skills, preference and measurements only the usual terms are left`() {
        // 0 + 0.1 × 5 − 0 + 1/2 − 0.
        #expect(AssignmentScore.of(Self.agent("a"), Self.record(), for: Self.task(), meanOfAll: nil) == 10_000)
    }

    @Test(arguments: [(0, 12_000), (50, 11_000), (100, 10_000), (150, 9000), (200, 8000), (1_000_000, 8000)])
    func `speed counts for a fifth at most`(own: Int64, score: Int64) {
        let record = Self.record(successes: 0, attempts: 0)
        var measured = record
        (measured.attempts, measured.successes, measured.busyMicroseconds) = (2, 1, own * 2)
        #expect(AssignmentScore.of(Self.agent("a"), measured, for: Self.task(), meanOfAll: 100) == score)
    }

    @Test func `extreme measurements do not trap`() {
        let record = Self.record(attempts: 1, busy: .max)
        #expect(AssignmentScore.of(Self.agent("a"), record, for: Self.task(), meanOfAll: 1) < 10_000)
        #expect(AssignmentScore.meanOfAll([record, record]) != nil)
    }

    @Test func `a task without a type is preferred by the first word of its description`() {
        let agent = Self.agent("a", [:], ["review": 10])
        let score = AssignmentScore.of(agent, Self.record(), for: Self.task(type: nil), meanOfAll: nil)
        #expect(score == 15_000)
    }

    @Test func `the mean time is over those who have one`() {
        let records = [Self.record(attempts: 2, busy: 100), Self.record(), Self.record(attempts: 1, busy: 150)]
        #expect(AssignmentScore.meanOfAll(records) == 100)
        #expect(AssignmentScore.meanOfAll([Self.record()]) == nil)
    }

    @Test func `ties go by priority, then workload, then plan order`() {
        var agents = [Self.agent("a"), Self.agent("b"), Self.agent("c"), Self.agent("d")]
        for (index, priority) in [5, 7, 7, 7].enumerated() { agents[index].priority = priority }
        let records = [Self.record(), Self.record(inHand: 1), Self.record(), Self.record()]
        let ranked = (0..<4).map { (agent: AgentIndex($0), score: Int64(100)) }.sorted {
            AssignmentScore.goesFirst($0, $1, agents: agents, records: records)
        }
        #expect(ranked.map(\.agent.value) == [2, 3, 1, 0])
        #expect(AssignmentScore.goesFirst((AgentIndex(0), 101), (AgentIndex(1), 100), agents: agents, records: records))
    }

    // MARK: In a run

    private static func chosen(_ agents: [AgentProfile], _ task: TaskSpec) throws -> AgentIndex? {
        var plan = Plan(id: "p", agents: agents, tasks: [task])
        plan.staffing = .strict
        var scene = try RunScene(plan)
        try scene.when(.slots(1))
        guard case .running(let attempt)? = scene.run.record(TaskIndex(0))?.state else { return nil }
        return attempt.assignment.lead
    }

    @Test func `a missing minimum excludes, whatever else an agent has`() throws {
        let agents = [
            Self.agent("star", ["go": 10, "sql": 1], ["build": 10]), Self.agent("plain", ["go": 5, "sql": 5]),
        ]
        #expect(try Self.chosen(agents, Self.task(["go": 5, "sql": 5])) == AgentIndex(1))
    }

    @Test func `with equal skills the higher preference wins`() throws {
        let agents = [Self.agent("a", ["go": 5], ["build": 6]), Self.agent("b", ["go": 5], ["build": 7])]
        #expect(try Self.chosen(agents, Self.task(["go": 5])) == AgentIndex(1))
    }

    @Test func `with equal sums the less loaded agent wins`() throws {
        var agents = [Self.agent("a"), Self.agent("b")]
        for index in agents.indices { agents[index].maxConcurrentTasks = 2 }
        let tasks = (0..<4).map { TaskSpec(id: TaskID("t\($0)")) }
        var scene = try RunScene(Plan(id: "p", agents: agents, tasks: tasks))
        #expect(
            try scene.when(.slots(4)).filter { $0.hasPrefix("attempt") } == [
                "attempt t0#1 by a", "attempt t1#1 by b", "attempt t2#1 by a", "attempt t3#1 by b",
            ]
        )
    }

    @Test func `who succeeded and was quick is preferred`() throws {
        let tasks = (0..<4).map { TaskSpec(id: TaskID("t\($0)")) }
        var plan = Plan(id: "p", agents: [Self.agent("a"), Self.agent("b")], tasks: tasks)
        plan.defaults.maxRetryAttempts = 1
        var scene = try RunScene(plan)
        try scene.when(.slots(2))
        try scene.when(.returned(scene.key("t0"), .fault(.transient)))
        try scene.when(.returned(scene.key("t1"), .done))
        #expect(try scene.when(.slots(1)).first == "attempt t2#1 by b")
    }
}
