// Where the events of a run may be cut in two: between commands, never among the events of one.
extension Run {
    /// Whether the rules were through with all that had led to this state, so that another run may begin with it.
    ///
    /// Most commands bring several events. Cut among them, a fork would begin with a question that is answered and a task that still
    /// waits for it, or with a step that came back and led to nothing; no rule looks at such a state again.
    ///
    /// - Parameter next: the event that follows in the journal; nil at the end of an append, where no command is cut.
    package func mayBeCut(before next: Event?) -> Bool {
        guard let next else { return true }
        if planted(.forkCutsCommands) { return true }
        switch next {
        // What a task's failure brings, and what a fork begins with.
        case .stopping(.strict), .taskEnded(_, .skipped(.dependency)): return false
        case .taskEnded(_, .failed(let failure)) where failure.code == Self.dependencyFailureCode: return false
        case .tasksReset where self.awaitsEngine: return false
        default: return self.tasks.allSatisfy { self.isThrough($0.state) }
        }
    }

    private func isThrough(_ state: TaskState) -> Bool {
        switch state {
        case .running(let attempt): attempt.open > 0 || (self.phase == .paused && attempt.pattern.mayBeHeld)
        case .stopping(let attempt, _): attempt.open > 0
        case .blocked(let question, _): self.questions[question] != nil
        case .waiting, .scheduled, .ready, .resting, .ended: true
        }
    }
}
