// A meeting as tasks: it is opened when all are there, each attendee speaks once in a round, and then its minutes are written.
extension Plan {
    /// The same plan, in which every meeting that somebody attends is a pattern.
    func withMeetings(from begun: Int) -> Plan {
        let isOne = { (task: TaskSpec) in
            task.isMeeting && task.pattern == nil && !task.isOpening || task.pattern == .meeting && !task.isMeeting
        }
        guard begun < self.tasks.count, self.tasks[begun...].contains(where: isOne) else { return self }
        var plan = self
        for offset in begun..<plan.tasks.count where isOne(plan.tasks[offset]) {
            plan.tasks[offset].isMeeting = true
            let attendees = plan.tasks[offset].attendees(among: self.agents)
            plan.tasks[offset].pattern = attendees.isEmpty ? nil : .meeting
            let assigned = plan.tasks[offset].assignedAgent
            if plan.tasks[offset].facilitator == nil, attendees.contains(where: { $0.id == assigned }) {
                plan.tasks[offset].facilitator = assigned
            }
        }
        return plan
    }
}

enum MeetingUnfolding {
    /// The parts of a meeting, its opening first.
    static func parts(of task: TaskSpec, _ agents: [AgentProfile], conductor: AgentID) -> [TaskSpec] {
        let attendees = task.attendees(among: agents)
        let opening = Self.opening(of: task, conductor)
        // Whoever is alone has nobody to hear.
        let wanted = attendees.count > 1 ? Meeting.rounds(of: task) : 1
        let rounds = min(wanted, max(1, Meeting.mostUtterances / max(1, attendees.count)))
        var parts = [opening]
        for round in 1...rounds {
            let heard = parts.map(\.id)
            for agent in attendees {
                var part = Self.utterance(of: agent, in: task, attendees, round: round)
                part.dependencies = heard
                // Whether it may go on without what comes before the meeting is decided when that is opened.
                part.onDependencyFailure = .run
                part.estimatedHours = task.estimatedHours / Double(rounds)
                parts.append(part)
            }
        }
        return parts
    }

    private static func opening(of task: TaskSpec, _ conductor: AgentID) -> TaskSpec {
        var opening = TaskSpec(
            id: TaskSpec.opening(of: task.id),
            description: "Meeting \(task.id) begins when all are there."
        )
        opening.isMeeting = true
        opening.attendees = task.attendees
        opening.requiredSkills = task.requiredSkills
        opening.assignedAgent = conductor
        opening.partOf = task.id
        opening.priority = task.priority
        opening.scheduledDate = task.scheduledDate
        opening.estimatedHours = 0.000_1
        opening.needsApproval = task.needsApproval
        return opening
    }

    private static func utterance(
        of agent: AgentProfile,
        in task: TaskSpec,
        _ attendees: [AgentProfile],
        round: Int
    ) -> TaskSpec {
        var part = TaskSpec(
            id: Talk.part(TaskID("\(task.id).\(agent.id)"), in: round),
            description: Meeting.question(of: task, attendees, to: agent.id)
        )
        part.input = task.input
        part.isMeeting = true
        part.assignedAgent = agent.id
        part.partOf = task.id
        // Kept where the rules read it.
        if task.facilitator == agent.id { part.facilitator = agent.id }
        part.priority = task.priority
        part.tools = task.tools
        part.timeout = task.timeout
        part.maxAttempts = task.maxAttempts
        part.retryDelay = task.retryDelay
        part.answerWithin = task.answerWithin
        part.ifUnanswered = task.ifUnanswered
        return part
    }

    /// What remains of the meeting itself: its minutes.
    static func minutes(of task: TaskSpec, _ agents: [AgentProfile], conductor: AgentID) -> TaskSpec {
        var whole = task
        whole.requiredSkills = SkillLevels()
        whole.agentType = nil
        whole.scheduledDate = nil
        whole.needsApproval = false
        whole.estimatedHours = 0.000_1
        guard let writer = Self.writer(of: task, agents) else {
            whole.assignedAgent = conductor
            return whole
        }
        whole.aggregation = .synthesis
        whole.assignedAgent = writer
        whole.tools = []
        whole.produces = task.produces ?? MinutesForm.form(of: task, agents)
        whole.description = MinutesForm.work(of: task)
        return whole
    }

    // Whoever leads it, else the first attendee who is a language model; nobody whose words are made up.
    private static func writer(of task: TaskSpec, _ agents: [AgentProfile]) -> AgentID? {
        let able = { (agent: AgentProfile) in
            agent.kind == .model && agent.models.allSatisfy { $0 != ModelName.rehearsal }
        }
        if let named = task.minutesBy { return agents.contains { $0.id == named && able($0) } ? named : nil }
        let attendees = task.attendees(among: agents).filter(able)
        return (attendees.first { $0.id == task.facilitator } ?? attendees.first)?.id
    }
}
