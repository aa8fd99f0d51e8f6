// What stand-ins say in meetings: by what their agent tends to do, repeatable by seed.
extension StandIn {
    /// An utterance; nil if the task is none.
    package static func utterance(in task: TaskSpec, by agent: AgentProfile, _ plan: Plan, seed: UInt64) -> JSON? {
        guard let meeting = plan.meeting(of: task) else { return nil }
        var draws = SplitMix64(seed: seed, subject: [SplitMix64.number(of: task.id.text), 3])
        let round = Talk.round(of: task.id)
        let conduct = Conduct(of: agent)
        if round > 1, draws.below(100) < Self.silence(in: round, conduct) { return .string(Meeting.pass) }
        let rounds = Meeting(of: meeting)
        let subject = Self.subject(of: meeting, rounds, round)
        var acts = [Self.act(of: conduct, &draws)]
        let second = Self.act(of: conduct, &draws)
        if second != acts[0] { acts.append(second) }
        let others = meeting.attendees(among: plan.agents).filter { $0.id != agent.id }
        let lines = acts.map { Self.line($0, subject, others, &draws) }
        let opening = "\(Self.mark): \(agent.name)\(Self.manner(of: agent, task, 1, seed)), on \(subject):"
        return .string(([opening] + lines).joined(separator: "\n"))
    }

    // In percent; the longer a meeting lasts, the less is new.
    private static func silence(in round: Int, _ conduct: Conduct) -> Int {
        let usual = min(90, 25 * (round - 1))
        return conduct.tends(to: .listens)
            ? min(95, usual + 25) : conduct.tends(to: .speaks) ? max(5, usual - 15) : usual
    }

    private static func subject(of meeting: TaskSpec, _ rounds: Meeting, _ round: Int) -> String {
        var left = round
        for item in rounds.agenda {
            left -= item.rounds
            if left <= 0 { return PlainText.line(item.topic, limit: 120) }
        }
        let words = meeting.description.isEmpty ? meeting.id.text : meeting.description
        return PlainText.line(words, limit: 120)
    }

    // What somebody tends to do is three times as likely as the rest.
    private static func act(of conduct: Conduct, _ draws: inout SplitMix64) -> Conduct.Tendency {
        let all = Conduct.Tendency.allCases.filter { $0 != .listens && $0 != .speaks }
        let weights = all.map { conduct.tends(to: $0) ? 3 : 1 }
        var left = draws.below(weights.reduce(0, +))
        for (place, weight) in weights.enumerated() {
            left -= weight
            if left < 0 { return all[place] }
        }
        return all[0]
    }

    private static func line(
        _ act: Conduct.Tendency,
        _ subject: String,
        _ others: [AgentProfile],
        _ draws: inout SplitMix64
    ) -> String {
        let other = others.isEmpty ? nil : others[draws.below(others.count)]
        let days = 1 + draws.below(10)
        switch act {
        case .asks: return "Question: what does \(subject) mean for \(other?.name ?? "us")?"
        case .proves: return "Insight: for \(subject) we have \(2 + draws.below(8)) comparable cases to learn from"
        case .proposes:
            return
                "Decision: we try \(Self.pick(["a small version first", "two ways side by side", "what others have proved"], &draws)) for \(subject)"
        case .warns:
            let severity = Self.pick(["low", "medium", "high"], &draws)
            return "Risk (\(severity)): \(subject) may take longer than planned"
        case .objects: return "Risk (medium): I do not see who owns \(subject)"
        case .agrees: return "Next step: \(other?.name ?? "all") and I go through \(subject) together"
        case .orders: return "Action: \(other?.id.text ?? "me"): write down the plan for \(subject) in \(days) days"
        case .decides: return "Decision: we go on with \(subject) as it stands"
        case .speaks, .listens: return "Insight: \(subject) is understood"
        }
    }

    private static func pick(_ words: [String], _ draws: inout SplitMix64) -> String { words[draws.below(words.count)] }
}
