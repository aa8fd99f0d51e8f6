import BatonCore
import Testing

/// What a model might have said.
@Suite struct RehearsedAnswerTests {
    private static func answer(
        turn: Int = 0,
        again: Int = 0,
        attempt: Int = 1,
        seed: UInt64 = 1,
        _ change: (inout AgentProfile) -> Void = { _ in }
    ) -> RehearsedAnswer {
        var agent = AgentProfile(id: "ada")
        change(&agent)
        let task = TaskSpec(id: "a", description: "Write a title.")
        return RehearsedAnswer.to(
            RehearsedAnswer.Question(
                task: task,
                agent: agent,
                attempt: attempt,
                turn: turn,
                again: again,
                seed: seed,
                files: ["x.md"]
            )
        )
    }

    private static func share(
        _ change: @escaping (inout AgentProfile) -> Void,
        _ isOne: (RehearsedAnswer) -> Bool
    ) -> Double {
        Double((0..<2000).count { isOne(Self.answer(seed: UInt64($0), change)) }) / 2000
    }

    @Test func `rates are those of the plan, and one changes nothing of the others`() {
        let failed = Self.share({ $0.mischief.fail = 0.2 }, { if case .failed = $0 { true } else { false } })
        #expect(0.16...0.24 ~= failed)
        let refused = Self.share(
            { $0.mischief.refuse = 0.5 },
            { if case .replied(_, _, .refused) = $0 { true } else { false } }
        )
        #expect(0.45...0.55 ~= refused)
        let before = (0..<200).map { seed in Self.answer(seed: UInt64(seed)) { $0.mischief.refuse = 0.5 } }
        let after = (0..<200).map { seed in
            Self.answer(seed: UInt64(seed)) { ($0.mischief.refuse, $0.mischief.fail) = (0.5, 0.3) }
        }
        for (one, other) in zip(before, after) {
            if case .failed = other { continue }
            #expect(one == other)
        }
    }

    @Test func `a question that failed may pass when it is asked again`() {
        let answers = Set((0..<50).map { again in Self.answer(again: again) { $0.mischief.fail = 0.5 } })
        #expect(answers.count == 2)
    }

    @Test func `it speaks as its persona would, and the same each time`() {
        let lively = { (agent: inout AgentProfile) in
            agent.personalityTraits = ["careful"]
            agent.professionalInterests = ["tea", "cups"]
        }
        let says = { (change: (inout AgentProfile) -> Void) -> String in
            if case .replied(let text, _, _) = Self.answer(change) { return text }
            return ""
        }
        #expect(says(lively).contains("as somebody careful does, with an eye on "))
        #expect(says(lively) == says(lively))
        #expect(says { $0.persona = Persona(["style": "brief"]) }.contains("as somebody brief does"))
        #expect(!says { _ in }.contains("somebody"))
        let (one, other) = (["careful", "You are very kind."], ["careful", "You are very loud."])
        #expect(says { $0.personalityTraits = one } != says { $0.personalityTraits = other })
    }

    @Test func `it looks with its tools and then answers, and never acts`() {
        let all = { (agent: inout AgentProfile) in agent.tools = BuiltInTool.all.map(\.name) }
        var made: [String] = []
        for turn in 0..<6 {
            if case .replied(_, let calls, _) = Self.answer(turn: turn, all) { made += calls.map(\.tool) }
        }
        #expect(made == ["list_files", "read_file", "report_progress"])
    }
}
