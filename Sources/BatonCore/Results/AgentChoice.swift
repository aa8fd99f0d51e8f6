/// Why an attempt went to one agent, or would go now: a word on every agent of the plan.
package struct AgentChoice: Hashable, Sendable {
    /// What is said of one agent.
    package struct Verdict: Hashable, Sendable {
        package let agent: AgentIndex
        package let standing: Standing
        /// How the score came about; nil for whoever is no candidate.
        package let terms: AssignmentScore.Terms?
    }

    package enum Standing: Hashable, Sendable {
        /// It could take the task.
        case candidate
        /// It suits, and has these tasks in hand.
        case busy(with: [TaskIndex])
        /// All who are invited attend.
        case attends
        /// Nobody has all the skills; it comes nearest, and lacks these.
        case nearest(lacking: [Eligibility.Gap])
        case unavailable
        /// The plan, or a person, has given the task to another.
        case givenTo(AgentIndex)
        case notInvited
        /// It declares neither a type nor a capability of this name.
        case otherType(than: String)
        case lacks([Eligibility.Gap])
    }

    /// In plan order.
    package let verdicts: [Verdict]
    /// Who goes first of those who are free; nil if nobody can take it.
    package let winner: AgentIndex?
    /// The attempt that was started so; nil for a choice as it would be now.
    package private(set) var attempt: Int32?
    /// Who performs that attempt.
    package private(set) var lead: AgentIndex?

    /// Whether the rules of this version would have chosen as the journal says.
    package var isAsRecorded: Bool { self.attempt == nil || self.lead == self.winner }

    /// As the run stands.
    package init(of task: TaskIndex, in run: Run) {
        let inHand = Self.tasksInHand(of: run)
        let suitable = run.candidates(for: task)
        let mean = AssignmentScore.meanOfAll(suitable.agents.lazy.map { run.records[$0.offset] })
        let spec = run.spec(task)
        let chosen = Set(suitable.agents)
        let types = Eligibility.declaredTypes(of: run.plan.agents)
        self.verdicts = run.plan.agents.indices.map { offset in
            let agent = AgentIndex(offset)
            guard chosen.contains(agent) else {
                return Verdict(agent: agent, standing: Self.reason(against: agent, task, in: run, types), terms: nil)
            }
            let (profile, record) = (run.profile(agent), run.records[offset])
            let terms = AssignmentScore.terms(profile, record, for: spec, meanOfAll: suitable.isMeeting ? nil : mean)
            var standing = Standing.candidate
            if !run.isFree(agent) {
                standing = .busy(with: inHand[agent] ?? [])
            } else if suitable.isMeeting {
                standing = .attends
            } else if suitable.isShort {
                standing = .nearest(lacking: Eligibility.gaps(of: profile, for: spec.requiredSkills))
            }
            return Verdict(agent: agent, standing: standing, terms: terms)
        }
        self.winner = Self.winner(of: self.verdicts, suitable, task, in: run)
    }

    /// As an attempt was started, from the run just before.
    package init(of task: TaskIndex, attempt: Int32, _ assignment: Assignment, before run: Run) {
        self.init(of: task, in: run)
        self.attempt = attempt
        self.lead = assignment.lead
    }

    private static func tasksInHand(of run: Run) -> [AgentIndex: [TaskIndex]] {
        var tasks: [AgentIndex: [TaskIndex]] = [:]
        for (offset, record) in run.tasks.enumerated() {
            let attempt: Attempt
            switch record.state {
            case .running(let running), .stopping(let running, _), .blocked(_, .some(let running)): attempt = running
            case .waiting, .scheduled, .ready, .resting, .blocked(_, nil), .ended: continue
            }
            for agent in attempt.assignment.agents { tasks[agent, default: []].append(TaskIndex(offset)) }
        }
        return tasks
    }

    private static func reason(
        against agent: AgentIndex,
        _ task: TaskIndex,
        in run: Run,
        _ types: Set<String>
    ) -> Standing {
        let (spec, profile) = (run.spec(task), run.profile(agent))
        if let given = run.leads[task], !spec.isMeeting { return .givenTo(given) }
        if spec.isMeeting, !spec.attendees.isEmpty { return .notInvited }
        if let assigned = spec.assignedAgent, assigned != profile.id,
            let index = run.plan.agents.firstIndex(where: { $0.id == assigned })
        {
            return .givenTo(AgentIndex(index))
        }
        if !profile.available { return .unavailable }
        if let wanted = spec.agentType, !profile.declares(wanted) { return .otherType(than: wanted) }
        if let type = spec.type, types.contains(type), !profile.declares(type) { return .otherType(than: type) }
        return .lacks(Eligibility.gaps(of: profile, for: spec.requiredSkills))
    }

    private static func winner(
        of verdicts: [Verdict],
        _ suitable: Run.Suitable,
        _ task: TaskIndex,
        in run: Run
    ) -> AgentIndex? {
        let ranked = verdicts.compactMap { verdict in
            verdict.terms.map { (agent: verdict.agent, score: $0.sum) }
        }
        if suitable.isMeeting {
            guard suitable.agents.allSatisfy({ run.isFree($0) }) else { return nil }
            let assigned = run.spec(task).assignedAgent.flatMap { id in
                suitable.agents.first { run.profile($0).id == id }
            }
            if let lead = run.leads[task] ?? assigned { return lead }
        }
        return ranked.filter { suitable.isMeeting || run.isFree($0.agent) }.min {
            AssignmentScore.goesFirst($0, $1, agents: run.plan.agents, records: run.records)
        }?.agent
    }
}

extension Run {
    /// Who may take a task, before anybody is busy, as dispatch sees it.
    package struct Suitable: Sendable {
        package let agents: [AgentIndex]
        /// They attend together.
        package let isMeeting: Bool
        /// They lack skills and are taken because nobody has them.
        package let isShort: Bool
    }

    package func candidates(for task: TaskIndex) -> Suitable {
        let isMeeting = self.spec(task).isMeeting && !self.spec(task).attendees.isEmpty
        switch self.queue.demands[Int(self.tasks[task.offset].demand)].candidates {
        case .eligible(let agents): return Suitable(agents: agents, isMeeting: false, isShort: false)
        case .attendees(let agents): return Suitable(agents: agents, isMeeting: true, isShort: false)
        case .nobody: return Suitable(agents: [], isMeeting: false, isShort: false)
        case .nearest(let agents, _):
            if isMeeting { return Suitable(agents: agents, isMeeting: true, isShort: true) }
            guard self.plan.effectiveStaffing == .bestAvailable else {
                return Suitable(agents: [], isMeeting: false, isShort: true)
            }
            return Suitable(agents: self.equallyNear(agents, task), isMeeting: false, isShort: true)
        }
    }
}
