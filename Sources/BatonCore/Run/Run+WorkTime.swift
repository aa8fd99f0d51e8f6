// Budgets of time: how long tasks, and agents over all their tasks, may be worked on. What a step may take is set aside before it is
// handed out, and what it did not take is given back.
extension Run {
    /// What is set aside for a step that is out.
    struct HeldTime: Hashable, Sendable {
        let begin: Timestamp
        let most: Duration
        let agent: AgentIndex
    }

    enum WorkTime {
        case unlimited
        case left(Duration)
        /// Until others come back that have all of it set aside.
        case wait
        case short(Question.Budget)
    }

    /// How long a step of a task may take.
    func workTime(of task: TaskIndex, by agent: AgentIndex) -> WorkTime {
        // A rehearsal has the time of the project.
        guard self.seed.mode == .real,
            self.ownScopes(of: task, agent).contains(where: { self.budget(of: $0).workTime != nil })
        else { return .unlimited }
        var found = WorkTime.unlimited
        for scope in self.ownScopes(of: task, agent) {
            guard let limit = self.budget(of: scope).limit(on: .time) else { continue }
            let account = self.account(of: scope)
            if account.spent.time >= limit { return .short(Question.Budget(scope: scope, measure: .time)) }
            let left = limit - account.spent.time - account.reserved.time
            switch found {
            case .unlimited: found = left > 0 ? .left(.microseconds(left)) : .wait
            case .left(let other): found = left > 0 ? .left(min(other, .microseconds(left))) : .wait
            case .wait, .short: break
            }
        }
        return planted(.timeNotHeld) ? .unlimited : found
    }

    /// The deadline of a step, which its budgets may make earlier; sets aside what it may take.
    mutating func holdTime(
        _ key: StepKey,
        _ agent: AgentIndex,
        until deadline: Timestamp,
        _ now: Timestamp
    ) -> Timestamp {
        let most: Duration
        switch self.workTime(of: key.task, by: agent) {
        case .unlimited: return deadline
        case .left(let left): most = min(left, max(.zero, deadline - now))
        // Handed out again after a crash: others have taken what there was.
        case .wait, .short: most = .zero
        }
        self.withdrawHeldQuestions(of: key.task)
        self.heldTimes[key] = HeldTime(begin: now, most: most, agent: agent)
        for scope in self.ownScopes(of: key.task, agent) {
            self.accounts[scope, default: .init()].reserved.time += most.microseconds
        }
        return min(deadline, now + most)
    }

    /// Counts what a step took; nothing of one that a crash has cut off.
    mutating func countTime(_ key: StepKey, until now: Timestamp?) {
        guard let held = self.heldTimes.removeValue(forKey: key) else { return }
        let took = min(held.most, max(.zero, now.map { $0 - held.begin } ?? .zero))
        for scope in self.ownScopes(of: key.task, held.agent) {
            self.accounts[scope, default: .init()].reserved.time -= held.most.microseconds
            self.accounts[scope, default: .init()].spent.time += took.microseconds
        }
    }
}
