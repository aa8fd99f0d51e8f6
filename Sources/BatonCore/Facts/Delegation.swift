/// What became of a call by which an agent hands work to another one.
package struct Delegation: Hashable, Sendable {
    /// The task in whose attempt it was called.
    package let task: TaskIndex
    /// Which call of the last answer it was, from 0.
    package let place: Int32
    package let verdict: Verdict

    package enum Verdict: Hashable, Sendable {
        /// It is a task of the run now, for an agent that there was, or for one made for it.
        case granted(TaskSpec, made: AgentProfile?, weighed: [Candidate])
        /// With what the agent is told.
        case refused(String)
    }

    /// Somebody who declares what was asked for, as known at that moment.
    package struct Candidate: Hashable, Sendable {
        package let agent: AgentIndex
        /// What a task costs with it; nil if nobody knows.
        package let cost: Money?
        /// How long a task takes it; nil if nobody knows.
        package let time: Duration?
        /// Whether these were measured in this run, and not declared.
        package let isMeasured: Bool
        /// Whether it had something else in hand.
        package let isBusy: Bool

        package init(agent: AgentIndex, cost: Money?, time: Duration?, isMeasured: Bool, isBusy: Bool) {
            self.agent = agent
            self.cost = cost
            self.time = time
            self.isMeasured = isMeasured
            self.isBusy = isBusy
        }
    }

    package init(task: TaskIndex, place: Int32, verdict: Verdict) {
        self.task = task
        self.place = place
        self.verdict = verdict
    }

    /// The task that came of it, if it was granted.
    package var spec: TaskSpec? {
        if case .granted(let spec, _, _) = self.verdict { return spec }
        return nil
    }

    /// Who could do it, the chosen one first.
    package var weighed: [Candidate] {
        if case .granted(_, _, let weighed) = self.verdict { return weighed }
        return []
    }

    /// The agent that was made for it, if one was.
    package var made: AgentProfile? {
        if case .granted(_, let made, _) = self.verdict { return made }
        return nil
    }
}
