import BatonSimulation
import BatonTestKit
import Testing

@testable import BatonCore

/// Why one agent takes an attempt and another does not.
@Suite struct AgentChoiceTests {
    private static func cook(_ id: AgentID, _ level: Double, most: Int = 1) -> AgentProfile {
        var agent = Sketch.agent(id, most: most)
        agent.skillLevels = ["cooking": level]
        return agent
    }

    /// A word for each agent of the plan.
    private static func words(_ choice: AgentChoice, _ run: Run) -> [String] {
        choice.verdicts.map { verdict in
            let name = run.profile(verdict.agent).id.text
            switch verdict.standing {
            case .candidate: return "\(name) could"
            case .busy(let held):
                return "\(name) busy with \(held.map { run.spec($0.task).id.text }.joined(separator: " "))"
            case .attends: return "\(name) attends"
            case .nearest(let gaps): return "\(name) nearest: \(gaps.map(\.words).joined())"
            case .unavailable: return "\(name) unavailable"
            case .givenTo(let other): return "\(name) not: given to \(run.profile(other).id)"
            case .notInvited: return "\(name) not invited"
            case .otherType(let type): return "\(name) not \(type)"
            case .lacks(let gaps): return "\(name) lacks \(gaps.map(\.words).joined())"
            }
        }
    }

    @Test func `the score is told in its five terms, and they sum to what was recorded`() throws {
        var liked = Self.cook("a", 6)
        liked.preferences = ["do": 9]
        let plan = Sketch.plan(
            [liked, Self.cook("b", 8, most: 2)],
            [
                Sketch.task("first") { $0.requiredSkills = ["cooking": 7] }, Sketch.task("second", after: ["first"]),
            ]
        )
        var scene = try RunScene(plan)
        try scene.when(.slots(9))
        scene.pass(.seconds(4))
        try scene.when(.returned(scene.key("first"), .done))
        try scene.when(.slots(9))
        let choice = try #require(Inquiry(scene.facts, about: "second")?.choices.first)
        // Nobody needs a skill for the second; b has done one task well, and only b has a mean time.
        let expected: [AssignmentScore.Terms] = [
            .init(skills: 0, preference: 9000, workload: 0, success: 5000, speed: 0),
            .init(skills: 0, preference: 5000, workload: 0, success: 6666, speed: 0),
        ]
        #expect(choice.verdicts.map(\.terms) == expected)
        #expect(choice.rule == .score)
        #expect(choice.recorded?.candidates.map(\.score) == [14_000, 11_666])
        #expect(choice.lead == AgentIndex(0))
        #expect(choice.isAsRecorded)
    }

    @Test func `load shows as a term and as the tasks in hand`() throws {
        let plan = Sketch.plan(
            [Self.cook("a", 5, most: 2), Self.cook("b", 5)],
            [
                Sketch.task("one") { $0.assignedAgent = "a" }, Sketch.task("two") { $0.assignedAgent = "b" },
                Sketch.task("three"),
            ]
        )
        var scene = try RunScene(plan)
        try scene.when(.slots(9))
        let choice = try #require(Inquiry(scene.facts, about: "three")?.choices.first)
        #expect(Self.words(choice, scene.run) == ["a could", "b busy with two"])
        #expect(choice.verdicts.map { $0.terms?.workload } == [-5000, -5000])
        #expect(choice.winner == AgentIndex(0))
    }

    @Test func `each agent that is no candidate has its reason`() throws {
        var absent = Self.cook("absent", 9)
        absent.available = false
        var typed = Self.cook("typed", 9)
        typed.capabilities = ["oven"]
        let plan = Sketch.plan(
            [absent, typed, Self.cook("weak", 2), Self.cook("plain", 9)],
            [
                Sketch.task("skill") { $0.requiredSkills = ["cooking": 7] },
                Sketch.task("type") { $0.type = "oven" },
                Sketch.task("agentType") { $0.agentType = "oven" },
                Sketch.task("given") { $0.assignedAgent = "plain" },
                Sketch.task("meeting") {
                    $0.isMeeting = true
                    $0.attendees = ["plain", "typed"]
                },
            ]
        )
        let run = try RunScene(plan).run
        func words(_ task: TaskID) throws -> [String] {
            Self.words(AgentChoice(of: try #require(run.index(of: task)), in: run), run)
        }
        #expect(
            try words("skill") == ["absent unavailable", "typed could", "weak lacks cooking 2 of 7", "plain could"]
        )
        #expect(try words("type") == ["absent unavailable", "typed could", "weak not oven", "plain not oven"])
        #expect(try words("agentType") == ["absent unavailable", "typed could", "weak not oven", "plain not oven"])
        let given = ["absent", "typed", "weak"].map { "\($0) not: given to plain" } + ["plain could"]
        #expect(try words("given") == given)
        #expect(try words("meeting") == ["absent not invited", "typed attends", "weak not invited", "plain attends"])
    }

    @Test func `what decides is named`() throws {
        let plan = Sketch.plan(
            [Self.cook("a", 3), Self.cook("b", 5)],
            [
                Sketch.task("score"), Sketch.task("only") { $0.requiredSkills = ["cooking": 4] },
                Sketch.task("near") { $0.requiredSkills = ["cooking": 9] },
                Sketch.task("plan") { $0.assignedAgent = "a" },
                Sketch.task("nobody") { $0.agentType = "oven" },
            ]
        )
        let run = try RunScene(plan).run
        let rules = run.tasks.indices.map { AgentChoice(of: TaskIndex($0), in: run).rule }
        #expect(rules == [.score, .onlyOne, .nearest, .plan, .nobody])
        let near = AgentChoice(of: TaskIndex(2), in: run)
        #expect(Self.words(near, run) == ["a lacks cooking 3 of 9", "b nearest: cooking 5 of 9"])
        #expect(near.winner == AgentIndex(1))
    }

    @Test func `a person's choice is told as such`() throws {
        let plan = Sketch.plan(
            [Self.cook("a", 3), Self.cook("b", 2)],
            [Sketch.task("t") { $0.requiredSkills = ["cooking": 9] }]
        ) {
            $0.staffing = .strict
        }
        var scene = try RunScene(plan)
        try scene.when(.slots(9))
        #expect(AgentChoice(of: TaskIndex(0), in: scene.run).rule == .nobody)
        try scene.when(.answer(QuestionID(1), Answer(.assign(AgentIndex(1)))), by: .person("ada"))
        try scene.when(.slots(9))
        let choice = try #require(Inquiry(scene.facts, about: "t")?.choices.first)
        #expect(choice.rule == .person)
        #expect(choice.isAsRecorded)
        #expect(Self.words(choice, scene.run) == ["a not: given to b", "b could"])
    }

    @Test func `a record that the rules of this version would not make is told, not explained away`() throws {
        let plan = Sketch.plan([Self.cook("a", 3), Self.cook("b", 5)], [Sketch.task("t")])
        let run = try RunScene(plan).run
        func choice(_ assignment: Assignment) -> AgentChoice {
            AgentChoice(of: TaskIndex(0), attempt: 1, assignment, before: run)
        }
        let other = AgentIndex(1)
        #expect(!choice(Assignment(lead: other, agents: [other])).isAsRecorded)
        let first = AgentIndex(0)
        #expect(choice(Assignment(lead: first, agents: [first])).isAsRecorded)
        let score = [Assignment.Candidate(agent: first, score: 7)]
        #expect(!choice(Assignment(lead: first, agents: [first], candidates: score)).isAsRecorded)
        let forged = [Assignment.Candidate(agent: AgentIndex(99), score: 7)]
        #expect(!choice(Assignment(lead: first, agents: [first], candidates: forged)).isAsRecorded)
    }

    @Test(arguments: 0..<4)
    func `over seeds with crashes and people the winner and the scores are those of the journal`(share: Int) throws {
        var (attempts, rules) = (0, Set<AgentChoice.Rule>())
        for seed in (share * 150)..<(share * 150 + 150) {
            let facts = try Schedule.seed(UInt64(seed)).history()
            var run = try #require(facts.first.flatMap { Run($0) })
            var changes = Changes()
            for fact in facts.dropFirst() {
                if case .attemptStarted(let task, let attempt, let assignment) = fact.event {
                    let choice = AgentChoice(of: task, attempt: attempt, assignment, before: run)
                    attempts += 1
                    rules.insert(choice.rule)
                    #expect(choice.isAsRecorded, "seed \(seed), event \(fact.position.value)")
                    #expect(choice.verdicts.count == run.plan.agents.count)
                    for agent in assignment.agents {
                        #expect(choice.verdicts[agent.offset].terms != nil, "seed \(seed): who takes it suits")
                    }
                }
                run.apply(fact, &changes)
            }
        }
        #expect(attempts > 500)
        #expect(rules == [.score, .onlyOne, .plan, .person, .meeting, .nearest])
    }
}
