/// Who may do a task: available, of the right type or capability, every required skill at its minimum.
package enum Eligibility {
    /// A skill that an agent has too little of, in hundredths.
    package struct Gap: Hashable, Sendable {
        package let skill: String
        package let has: Int
        package let needs: Int

        package var missing: Int { self.needs - self.has }

        /// `cooking 2 of 9`.
        package var words: String { "\(self.skill) \(Self.level(self.has)) of \(Self.level(self.needs))" }

        /// A level as people write it: 8, or 6.25.
        package static func level(_ hundredths: Int) -> String {
            hundredths % 100 == 0 ? "\(hundredths / 100)" : "\(Double(hundredths) / 100)"
        }
    }

    /// The skills that the agent lacks for the task.
    package static func gaps(of agent: AgentProfile, for skills: SkillLevels) -> [Gap] {
        skills.entries.compactMap { required in
            let has = agent.skillLevels.hundredths(of: required.name) ?? 0
            return has < required.hundredths ? Gap(skill: required.name, has: has, needs: required.hundredths) : nil
        }
    }

    /// How much the agent lacks for the task in all, in hundredths.
    private static func missing(_ agent: AgentProfile, for skills: SkillLevels) -> Int {
        skills.entries.reduce(0) { sum, required in
            sum + max(0, required.hundredths - (agent.skillLevels.hundredths(of: required.name) ?? 0))
        }
    }

    /// Whether the agent declares what the task asks for.
    ///
    /// A task's `agent_type` always binds. Its `type` binds only where some agent declares that type: otherwise it is
    /// a word for preferences, as in plans of the first seed.
    package static func suits(_ agent: AgentProfile, _ task: TaskSpec, declaredTypes: Set<String>) -> Bool {
        if let wanted = task.agentType, !agent.declares(wanted) { return false }
        if let type = task.type, declaredTypes.contains(type), !agent.declares(type) { return false }
        return true
    }

    /// Every type and capability that some agent declares.
    package static func declaredTypes(of agents: [AgentProfile]) -> Set<String> {
        var types: Set<String> = []
        for agent in agents {
            if let type = agent.type { types.insert(type) }
            types.formUnion(agent.capabilities.lazy.map(\.name))
        }
        return types
    }

    /// All who may do a task of a plan.
    static func agents(for task: TaskSpec, _ plan: Plan, _ declared: Set<String>) -> [AgentProfile] {
        Self.candidates(for: task, agents: plan.agents, declaredTypes: declared).agents.map { plan.agents[$0.offset] }
    }

    /// Who fits one task, before anybody is busy.
    package enum Candidates: Hashable, Sendable {
        /// These all meet it; in plan order.
        case eligible([AgentIndex])
        /// A meeting: all of them together.
        case attendees([AgentIndex])
        /// Nobody meets it; these come nearest, the nearest first, with what they lack together.
        case nearest([AgentIndex], lacking: [Gap])
        /// No available agent declares the type.
        case nobody

        /// Whoever may do it.
        package var agents: [AgentIndex] {
            switch self {
            case .eligible(let agents), .attendees(let agents), .nearest(let agents, _): agents
            case .nobody: []
            }
        }
    }

    package static func candidates(for task: TaskSpec, agents: [AgentProfile], declaredTypes: Set<String>) -> Candidates
    {
        if task.meetsAtOnce {
            return Self.meeting(of: task, agents)
        }
        if let assigned = task.assignedAgent {
            return agents.firstIndex { $0.id == assigned && $0.available }.map { .eligible([AgentIndex($0)]) }
                ?? .nobody
        }
        let suited = agents.indices.filter {
            agents[$0].available && agents[$0].kind != .conductor && agents[$0].madeBy == nil
                && Self.suits(agents[$0], task, declaredTypes: declaredTypes)
        }
        let skills = task.requiredSkills
        let fitting = skills.isEmpty ? suited : suited.filter { Self.missing(agents[$0], for: skills) == 0 }
        if !fitting.isEmpty { return .eligible(fitting.map { AgentIndex($0) }) }
        let ranked = suited.map { (agent: $0, missing: Self.missing(agents[$0], for: skills)) }.sorted {
            $0.missing == $1.missing ? $0.agent < $1.agent : $0.missing < $1.missing
        }
        guard let best = ranked.first else { return .nobody }
        return .nearest(ranked.map { AgentIndex($0.agent) }, lacking: Self.gaps(of: agents[best.agent], for: skills))
    }

    /// Of those who come nearest the ones who lack as little as the first: any of them may do it.
    package static func equallyNear(
        _ ranked: [AgentIndex],
        _ skills: SkillLevels,
        agents: [AgentProfile]
    ) -> [AgentIndex] {
        let missing = ranked.map { Self.missing(agents[$0.offset], for: skills) }
        return zip(ranked, missing).filter { $0.1 == missing.first }.map(\.0)
    }

    // The team staffs a meeting: of each skill the best attendee counts.
    private static func meeting(of task: TaskSpec, _ agents: [AgentProfile]) -> Candidates {
        let attendees = Attendees.all(task.attendees, among: agents)
        let gaps = task.requiredSkills.entries.compactMap { required -> Gap? in
            let best = attendees.map { agents[$0.offset].skillLevels.hundredths(of: required.name) ?? 0 }.max() ?? 0
            return best < required.hundredths ? Gap(skill: required.name, has: best, needs: required.hundredths) : nil
        }
        if attendees.isEmpty { return .nobody }
        return gaps.isEmpty ? .attendees(attendees) : .nearest(attendees, lacking: gaps)
    }
}
