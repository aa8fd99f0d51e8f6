import Testing

@testable import BatonCore

@Suite struct EligibilityTests {
    private static let agents: [AgentProfile] = {
        var writer = AgentProfile(id: "writer", name: "Wanda")
        writer.skillLevels = ["writing": 8, "testing": 3]
        writer.capabilities = ["prose"]
        var tester = AgentProfile(id: "tester", name: "Theo")
        tester.skillLevels = ["writing": 4, "testing": 9]
        tester.type = "function"
        var away = AgentProfile(id: "away", name: "Ada")
        away.skillLevels = ["writing": 10, "testing": 10]
        away.available = false
        return [writer, tester, away]
    }()

    private static func candidates(_ edit: (inout TaskSpec) -> Void) -> Eligibility.Candidates {
        var task = TaskSpec(id: "t")
        edit(&task)
        return Eligibility.candidates(
            for: task,
            agents: Self.agents,
            declaredTypes: Eligibility.declaredTypes(of: Self.agents)
        )
    }

    private static let (writer, tester) = (AgentIndex(0), AgentIndex(1))

    @Test func `who is available and has every minimum is eligible`() {
        #expect(Self.candidates { _ in } == .eligible([Self.writer, Self.tester]))
        #expect(Self.candidates { $0.requiredSkills = ["writing": 4] } == .eligible([Self.writer, Self.tester]))
        #expect(Self.candidates { $0.requiredSkills = ["writing": 4.01] } == .eligible([Self.writer]))
        #expect(Self.candidates { $0.requiredSkills = ["testing": 9] } == .eligible([Self.tester]))
    }

    @Test func `an assigned agent overrides skills and types`() {
        #expect(
            Self.candidates {
                $0.assignedAgent = "writer"
                $0.requiredSkills = ["testing": 10]
                $0.agentType = "function"
            } == .eligible([Self.writer])
        )
        #expect(Self.candidates { $0.assignedAgent = "nobody" } == .nobody)
    }

    @Test func `an agent type always binds, a task type only where somebody declares it`() {
        #expect(Self.candidates { $0.agentType = "prose" } == .eligible([Self.writer]))
        #expect(Self.candidates { $0.agentType = "function" } == .eligible([Self.tester]))
        #expect(Self.candidates { $0.agentType = "unheard" } == .nobody)
        #expect(Self.candidates { $0.type = "prose" } == .eligible([Self.writer]))
        #expect(Self.candidates { $0.type = "unheard" } == .eligible([Self.writer, Self.tester]))
    }

    @Test func `where nobody fits, the nearest come first with what the nearest lacks`() {
        #expect(
            Self.candidates { $0.requiredSkills = ["writing": 9, "testing": 9] }
                == .nearest(
                    [Self.tester, Self.writer],
                    lacking: [Eligibility.Gap(skill: "writing", has: 400, needs: 900)]
                )
        )
    }

    @Test func `a meeting is staffed by the team: of each skill the best attendee counts`() {
        #expect(
            Self.candidates {
                $0.isMeeting = true
                $0.attendees = ["Theo", "writer", "tester"]
                $0.requiredSkills = ["writing": 8, "testing": 9]
            } == .attendees([Self.tester, Self.writer])
        )
        #expect(
            Self.candidates {
                $0.isMeeting = true
                $0.attendees = ["writer", "tester"]
                $0.requiredSkills = ["writing": 9, "law": 2]
            }
                == .nearest(
                    [Self.writer, Self.tester],
                    lacking: [
                        Eligibility.Gap(skill: "writing", has: 800, needs: 900),
                        Eligibility.Gap(skill: "law", has: 0, needs: 200),
                    ]
                )
        )
        #expect(
            Self.candidates {
                $0.isMeeting = true
                $0.attendees = ["nobody"]
            } == .nobody
        )
        #expect(Self.candidates { $0.isMeeting = true } == .eligible([Self.writer, Self.tester]))
    }

    @Test func `every type and capability counts as declared`() {
        #expect(Eligibility.declaredTypes(of: Self.agents) == ["prose", "function"])
    }
}
