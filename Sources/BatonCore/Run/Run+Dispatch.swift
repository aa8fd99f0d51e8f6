extension Run {
    /// Starts ready tasks, the best first, until `slots` tasks are in hand or nobody is free.
    mutating func dispatch(_ slots: Int, _ now: Timestamp, _ by: Origin, _ out: inout Emission) {
        let mayStart = self.phase == .running || (planted(.pausedStillDispatches) && self.phase == .paused)
        guard mayStart else { return }
        self.askForApproval(now, by, &out)
        let limit = self.largestInHand
        // Two events a start: growing step by step would leave the memory in pieces.
        let starts = min(self.counts.ready, max(0, min(slots, limit) - self.counts.inHand))
        out.facts.reserveCapacity(out.facts.count + 2 * starts)
        while self.counts.inHand < slots, self.counts.inHand + self.counts.withPeople < limit,
            let (task, demand) = self.bestReady()
        {
            self.serve(task, demand, now, by, &out)
            // Damaged only by a planted bug: with it the task would stay ready for ever.
            guard self.damage == nil, case .running = self.phase else { return }
        }
        // What fails as it starts may have made others ready.
        self.askForApproval(now, by, &out)
    }

    /// What is not said of an agent is as its plan has it.
    mutating func take(_ shares: [AgentIndex: Int]) {
        for offset in self.shares.indices {
            let agent = AgentIndex(offset)
            let share = min(shares[agent] ?? .max, self.capacities[offset])
            let grew = share > self.shares[offset]
            self.shares[offset] = share
            let isDeaf = planted(.shareWakesOnlyIdle) && self.records[offset].inHand > 0
            if grew, self.isFree(agent), !isDeaf { self.queue.free(agent) }
        }
    }

    private mutating func bestReady() -> (task: TaskIndex, demand: Int32)? {
        let (tasks, records, shares) = (self.tasks, self.records, self.shares)
        let (unapproved, unneeded) = (self.unapproved, self.unneeded)
        return self.queue.best(
            isFree: { records[$0.offset].inHand < shares[$0.offset] },
            // One that was ready before, with a yes, may have an entry of that time.
            isReady: {
                Self.isReady(tasks[$0.offset]) && !unapproved.contains($0) && unneeded[$0] == nil
            }
        )
    }

    private static func isReady(_ record: TaskRecord) -> Bool {
        if case .ready = record.state { return true }
        return false
    }

    private mutating func serve(
        _ task: TaskIndex,
        _ demand: Int32,
        _ now: Timestamp,
        _ by: Origin,
        _ out: inout Emission
    ) {
        switch self.queue.demands[Int(demand)].candidates {
        case .eligible(let agents): self.startWithBest(of: agents, gaps: [], task, demand, now, by, &out)
        case .attendees(let agents): self.startMeeting(agents, gaps: [], task, demand, now, by, &out)
        case .nearest(let agents, let gaps):
            if self.plan.effectiveStaffing == .strict {
                self.askForStaff(task, agents, gaps, now, by, &out)
            } else if self.spec(task).meetsAtOnce {
                self.startMeeting(agents, gaps: gaps, task, demand, now, by, &out)
            } else {
                self.startWithBest(of: self.equallyNear(agents, task), gaps: gaps, task, demand, now, by, &out)
            }
        case .nobody: self.askForStaff(task, [], [], now, by, &out)
        }
    }

    /// Whether dispatch would do something with this ready task now: start it, or ask who does it.
    package func canBeServed(_ task: TaskIndex) -> Bool {
        let isMeeting = self.spec(task).meetsAtOnce
        switch self.queue.demands[Int(self.tasks[task.offset].demand)].candidates {
        case .eligible(let agents): return agents.contains { self.isFree($0) }
        case .attendees(let agents): return agents.allSatisfy { self.isFree($0) }
        case .nobody: return true
        case .nearest(let agents, _):
            if self.plan.effectiveStaffing == .strict { return true }
            return isMeeting
                ? agents.allSatisfy { self.isFree($0) } : self.equallyNear(agents, task).contains { self.isFree($0) }
        }
    }

    func equallyNear(_ ranked: [AgentIndex], _ task: TaskIndex) -> [AgentIndex] {
        Eligibility.equallyNear(ranked, self.spec(task).requiredSkills, agents: self.plan.agents)
    }

    private mutating func startWithBest(
        of agents: [AgentIndex],
        gaps: [Eligibility.Gap],
        _ task: TaskIndex,
        _ demand: Int32,
        _ now: Timestamp,
        _ by: Origin,
        _ out: inout Emission
    ) {
        guard agents.contains(where: { self.isFree($0) }) else {
            self.queue.park(demand, with: agents)
            return
        }
        guard agents.count > 1 else {
            self.start(task, Assignment(lead: agents[0], agents: agents, gaps: gaps), now, by, &out)
            return
        }
        let records = self.records
        let mean = AssignmentScore.meanOfAll(agents.lazy.map { records[$0.offset] })
        var ranked = agents.filter { self.isFree($0) }.map { agent in
            (
                agent: agent,
                score: AssignmentScore.of(
                    self.profile(agent),
                    self.records[agent.offset],
                    for: self.spec(task),
                    meanOfAll: mean
                )
            )
        }
        ranked.sort { AssignmentScore.goesFirst($0, $1, agents: self.plan.agents, records: self.records) }
        let shown = ranked.prefix(5).map { Assignment.Candidate(agent: $0.agent, score: $0.score) }
        let best = ranked[0].agent
        // Those who are equally near may lack different skills: the record names what this one lacks.
        let lacking = gaps.isEmpty ? [] : Eligibility.gaps(of: self.profile(best), for: self.spec(task).requiredSkills)
        self.start(task, Assignment(lead: best, agents: [best], candidates: shown, gaps: lacking), now, by, &out)
    }

    private mutating func startMeeting(
        _ attendees: [AgentIndex],
        gaps: [Eligibility.Gap],
        _ task: TaskIndex,
        _ demand: Int32,
        _ now: Timestamp,
        _ by: Origin,
        _ out: inout Emission
    ) {
        if let busy = attendees.first(where: { !self.isFree($0) }) {
            self.queue.park(demand, with: [busy])
            return
        }
        let spec = self.spec(task)
        let assigned = spec.assignedAgent.flatMap { id in attendees.first { self.profile($0).id == id } }
        let ranked = attendees.map { agent in
            (
                agent: agent,
                score: AssignmentScore.of(self.profile(agent), self.records[agent.offset], for: spec, meanOfAll: nil)
            )
        }
        let best = ranked.min {
            AssignmentScore.goesFirst($0, $1, agents: self.plan.agents, records: self.records)
        }
        // A meeting is opened by the engine itself, with all who are there.
        if spec.isOpening, let host = self.plan.agents.firstIndex(where: { $0.id == spec.assignedAgent }) {
            let all = attendees + [AgentIndex(host)]
            return self.start(task, Assignment(lead: AgentIndex(host), agents: all, gaps: gaps), now, by, &out)
        }
        let lead = self.leads[task] ?? assigned ?? best?.agent ?? attendees[0]
        self.start(task, Assignment(lead: lead, agents: attendees, gaps: gaps), now, by, &out)
    }

    private mutating func start(
        _ task: TaskIndex,
        _ assignment: Assignment,
        _ now: Timestamp,
        _ by: Origin,
        _ out: inout Emission
    ) {
        let attempt = self.tasks[task.offset].attempts + 1
        let models = self.weighedModels(task, assignment)
        self.emit(.attemptStarted(task, attempt: attempt, assignment.asking(models)), now, by, &out)
        self.advance(task, now, by, &out)
    }
}
