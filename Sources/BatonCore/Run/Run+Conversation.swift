// Agents that think: an attempt of many steps, which a pause may hold between two of them.
extension Run {
    /// What the attempt wants next.
    func move(of attempt: Attempt) -> Pattern.Move {
        guard self.isChecked(attempt) else { return .wait }
        return attempt.pattern.move(told: planted(.questionForgetsWords) ? 0 : Int32(self.directives.count))
    }

    // Whatever else is in hand has a step out.
    private var held: Int { self.counts.inHand - self.owed.count - self.stopping.count }

    /// Whether an engine that has slots to give is wanted now.
    package var wantsDispatch: Bool { self.counts.ready > 0 || self.held > 0 || !self.returning.isEmpty }

    /// Goes on with attempts that waited between two steps: for the run to go on, or for a budget that the next one fits into.
    mutating func goOnWithHeld(_ now: Timestamp, _ by: Origin, _ out: inout Emission) {
        var held = self.held
        guard held > 0, self.phase == .running, !planted(.heldNeverGoesOn) else { return }
        for offset in self.tasks.indices where held > 0 {
            guard case .running(let attempt) = self.tasks[offset].state, attempt.open == 0, !attempt.isAway else {
                continue
            }
            held -= 1
            self.advance(TaskIndex(offset), now, by, &out)
        }
    }

    // A pause has stopped its step at once: the conversation waits where it was.
    mutating func takeHold(_ task: TaskIndex) -> Bool {
        guard case .stopping(let attempt, .paused)? = self.record(task)?.state, attempt.open == 0,
            attempt.pattern.mayBeHeld
        else { return false }
        self.tasks[task.offset].state = .running(attempt)
        return true
    }

    // Nobody has worked on what was held: its time begins anew.
    mutating func restartHeld(_ now: Timestamp) {
        for offset in self.tasks.indices {
            guard case .running(var attempt) = self.tasks[offset].state, attempt.open == 0, attempt.check == nil else {
                continue
            }
            attempt.busySince = now
            attempt.idleSince = now
            self.tasks[offset].state = .running(attempt)
        }
    }

    // Only work that is real is thought about; a rehearsal is played by stand-ins.
    func isThoughtAbout(by lead: AgentIndex) -> Bool {
        self.kinds[lead.offset] == .model && self.seed.mode == .real
    }

    // What a manager is asked, and a reviewer, and what is said in a meeting, is an answer and no work of several phases.
    private func isAnswer(_ task: TaskIndex) -> Bool {
        let spec = self.spec(task)
        return spec.isReadByRules || spec.manager != nil || spec.isMeeting
    }

    func pattern(of task: TaskIndex, for assignment: Assignment) -> Pattern {
        guard self.isThoughtAbout(by: assignment.lead) else { return .single(.fresh) }
        let agent = self.profile(assignment.lead)
        var limits = Conversation.Limits()
        limits.calls = Int32(clamping: self.spec(task).iterations ?? agent.limits.iterations)
        limits.context = Int64(agent.limits.contextTokens)
        let models = self.plan.models(of: assignment, for: self.spec(task))
        let tools = self.spec(task).tools(of: agent)
        return .conversation(
            Conversation(
                limits: limits,
                tools: tools,
                approved: agent.approvedTools,
                approvedAfterWeb: agent.approvedAfterWeb,
                models: models,
                phases: self.isAnswer(task) ? [] : agent.phases.compactMap(WorkPhase.init),
                isOfWeb: self.tasks[task.offset].isOfWeb
            )
        )
    }
}
