/// What became of a part of a pattern.
package struct PartResult: Hashable, Sendable {
    package let task: TaskID
    /// Who was to do it; nil if it was left to the run.
    package let agent: AgentID?
    /// Nil if it did not complete.
    package let output: JSON?
    /// What counts of it in a vote: of a part that is a pattern itself what that has brought, not who did what in it.
    package let answer: JSON?
    /// How it ended instead, with the reason.
    package let shortfall: String?
    /// Whether the pattern fails with it.
    package let isStrict: Bool
    /// What its vote counts, in hundredths.
    package let weight: Int64

    package init(
        task: TaskID,
        agent: AgentID? = nil,
        output: JSON? = nil,
        answer: JSON? = nil,
        shortfall: String? = nil,
        isStrict: Bool = false,
        weight: Int64 = 100
    ) {
        self.task = task
        self.agent = agent
        self.output = output
        self.answer = answer ?? output
        self.shortfall = shortfall
        self.isStrict = isStrict
        self.weight = weight
    }

    /// - Parameter agents: of the plan; whoever has not the skill that votes are weighed by has no vote.
    package init(of part: TaskSpec, in whole: TaskSpec, agents: [AgentProfile], output: JSON?, shortfall: String?) {
        var weight = Int64(100)
        if let skill = whole.weightedBy {
            let voter = agents.first { $0.id == part.assignedAgent }
            weight = Int64(voter?.skillLevels.hundredths(of: skill) ?? 0)
        }
        self.init(
            task: part.id,
            // Who joins what is a pattern itself says nothing of its own.
            agent: part.isConducted ? nil : part.assignedAgent,
            output: output,
            answer: output.map { Self.answer(of: part.pattern, $0) },
            shortfall: shortfall,
            isStrict: part.strict && shortfall != SkipReason.leftOut,
            weight: weight
        )
    }

    private static func answer(of pattern: TeamPattern?, _ output: JSON) -> JSON {
        let outputs = (output.elements ?? []).map { $0["output"] ?? .null }
        switch pattern {
        case .consensus: return output["consensus"] == true ? output["winning_result"] ?? output : output
        case .hierarchical: return output["results"] ?? output
        case .sequential: return outputs.last ?? output
        case .parallel: return outputs.isEmpty ? output : .array(outputs)
        case .meeting, nil: return output
        }
    }

    /// Whether nobody asked it any more, as the vote was decided.
    package var wasSpared: Bool { self.shortfall == SkipReason.spared }

    /// As results show it: `task_id`, `agent`, `status` and `output` or `error`.
    package var json: JSON {
        var members: [(String, JSON)] = [("task_id", .string(self.task.text))]
        if let agent { members.append(("agent", .string(agent.text))) }
        if let output {
            members += [("status", "completed"), ("output", output)]
        } else {
            let words = self.shortfall ?? "did not complete"
            let status = words.prefix { $0.isLetter }
            members += [("status", .string(String(status))), ("error", .string(words))]
        }
        return .members(members)
    }
}
