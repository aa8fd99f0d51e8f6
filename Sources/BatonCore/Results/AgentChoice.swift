/// Why an attempt went to one agent, or would go now: a word on every agent of the plan.
package struct AgentChoice: Hashable, Sendable {
    /// What is said of one agent.
    package struct Verdict: Hashable, Sendable {
        package let agent: AgentIndex
        package let standing: Standing
        /// How the score came about; nil for whoever is no candidate.
        package let terms: AssignmentScore.Terms?
    }

    /// A task that somebody has in hand.
    package struct Held: Hashable, Sendable {
        package let task: TaskIndex
        package let since: Timestamp
    }

    package enum Standing: Hashable, Sendable {
        /// It could take the task.
        case candidate
        /// It suits, and has as many tasks in hand as it may.
        case busy(with: [Held])
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

    /// What decides.
    package enum Rule: String, Hashable, Sendable {
        /// The best score of those who are free.
        case score
        /// Nobody else suits.
        case onlyOne = "only_one"
        /// The plan names the agent.
        case plan
        /// A person named the agent.
        case person
        /// All attendees together.
        case meeting
        /// Nobody suits: the best score of those who lack least.
        case nearest
        /// Nobody suits: a person is asked.
        case nobody
    }

    package let rule: Rule
    /// In plan order.
    package let verdicts: [Verdict]
    /// Who goes first of those who are free; nil if nobody can take it.
    package let winner: AgentIndex?
    /// The attempt that was started so; nil for a choice as it would be now.
    package private(set) var attempt: Int32?
    /// What the journal says of that attempt.
    package private(set) var recorded: Assignment?

    /// Who performs that attempt.
    package var lead: AgentIndex? { self.recorded?.lead }

    /// Whether the rules of this version would have chosen as the journal says, by the same scores.
    package var isAsRecorded: Bool {
        guard let recorded else { return true }
        guard recorded.lead == self.winner else { return false }
        return recorded.candidates.allSatisfy { candidate in
            self.verdicts.indices.contains(candidate.agent.offset)
                && self.verdicts[candidate.agent.offset].terms?.sum == candidate.score
        }
    }

    /// As the run stands.
    package init(of task: TaskIndex, in run: Run) {
        let suitable = run.candidates(for: task)
        let mean =
            suitable.isMeeting ? nil : AssignmentScore.meanOfAll(suitable.agents.lazy.map { run.records[$0.offset] })
        let spec = run.spec(task)
        let chosen = Set(suitable.agents)
        let isBusy = suitable.agents.contains { !run.isFree($0) }
        let inHand = isBusy ? Self.tasksInHand(of: run) : [:]
        let objections = Objections(to: task, in: run)
        self.verdicts = run.plan.agents.indices.map { offset in
            let agent = AgentIndex(offset)
            guard chosen.contains(agent) else {
                return Verdict(agent: agent, standing: objections.standing(of: agent, in: run), terms: nil)
            }
            let (profile, record) = (run.profile(agent), run.records[offset])
            let terms = AssignmentScore.terms(profile, record, for: spec, meanOfAll: mean)
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
        self.rule = Self.rule(suitable, task, in: run)
    }

    /// As an attempt was started, from the run just before.
    package init(of task: TaskIndex, attempt: Int32, _ assignment: Assignment, before run: Run) {
        self.init(of: task, in: run)
        self.attempt = attempt
        self.recorded = assignment
    }

    private static func rule(_ suitable: Run.Suitable, _ task: TaskIndex, in run: Run) -> Rule {
        if suitable.agents.isEmpty { return .nobody }
        if suitable.isMeeting { return .meeting }
        if run.leads[task] != nil { return .person }
        if run.spec(task).assignedAgent != nil { return .plan }
        if suitable.isShort { return .nearest }
        return suitable.agents.count == 1 ? .onlyOne : .score
    }

    private static func tasksInHand(of run: Run) -> [AgentIndex: [Held]] {
        var tasks: [AgentIndex: [Held]] = [:]
        for (offset, record) in run.tasks.enumerated() {
            let attempt: Attempt
            switch record.state {
            case .running(let running), .stopping(let running, _), .blocked(_, .some(let running)): attempt = running
            case .waiting, .scheduled, .ready, .resting, .blocked(_, nil), .ended: continue
            }
            for agent in attempt.assignment.agents {
                tasks[agent, default: []].append(Held(task: TaskIndex(offset), since: attempt.busySince))
            }
        }
        return tasks
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
            // A meeting is opened by the engine itself, whoever answers for a skill that is missing.
            if let lead = (run.spec(task).isOpening ? nil : run.leads[task]) ?? assigned { return lead }
        }
        return ranked.filter { suitable.isMeeting || run.isFree($0.agent) }.min {
            AssignmentScore.goesFirst($0, $1, agents: run.plan.agents, records: run.records)
        }?.agent
    }
}

/// Why agents are no candidates for a task.
private struct Objections {
    private let task: TaskIndex
    private let given: AgentIndex?
    private let types: Set<String>

    init(to task: TaskIndex, in run: Run) {
        let spec = run.spec(task)
        self.task = task
        self.types = Eligibility.declaredTypes(of: run.plan.agents)
        let assigned = spec.assignedAgent.flatMap { id in run.plan.agents.firstIndex { $0.id == id } }
        self.given = run.leads[task] ?? assigned.map { AgentIndex($0) }
    }

    func standing(of agent: AgentIndex, in run: Run) -> AgentChoice.Standing {
        let (spec, profile) = (run.spec(self.task), run.profile(agent))
        if spec.meetsAtOnce { return .notInvited }
        if let given, given != agent { return .givenTo(given) }
        if !profile.available { return .unavailable }
        if let wanted = spec.agentType, !profile.declares(wanted) { return .otherType(than: wanted) }
        if let type = spec.type, self.types.contains(type), !profile.declares(type) { return .otherType(than: type) }
        return .lacks(Eligibility.gaps(of: profile, for: spec.requiredSkills))
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

    // Of a meeting that is opened: the engine itself, beside those who attend.
    private func host(of task: TaskIndex) -> [AgentIndex] {
        guard self.spec(task).isOpening else { return [] }
        return self.plan.agents.indices.filter { self.plan.agents[$0].id == self.spec(task).assignedAgent }.map {
            AgentIndex($0)
        }
    }

    package func candidates(for task: TaskIndex) -> Suitable {
        let isMeeting = self.spec(task).meetsAtOnce
        switch self.queue.demands[Int(self.tasks[task.offset].demand)].candidates {
        case .eligible(let agents): return Suitable(agents: agents, isMeeting: false, isShort: false)
        case .attendees(let agents):
            return Suitable(agents: agents + self.host(of: task), isMeeting: true, isShort: false)
        case .nobody: return Suitable(agents: [], isMeeting: false, isShort: false)
        case .nearest(let agents, _):
            if isMeeting { return Suitable(agents: agents + self.host(of: task), isMeeting: true, isShort: true) }
            guard self.plan.effectiveStaffing == .bestAvailable else {
                return Suitable(agents: [], isMeeting: false, isShort: true)
            }
            return Suitable(agents: self.equallyNear(agents, task), isMeeting: false, isShort: true)
        }
    }
}
