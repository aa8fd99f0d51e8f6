// Whose words an event carries, for readers outside.
extension EventView {
    mutating func noteRequest(of event: Event) {
        switch event {
        case .stepOwed(let key, let request): self.requests[key.task] = request
        case .taskEnded(let task, _): self.requests[task] = nil
        default: break
        }
    }

    /// Nil for events that carry nobody's words.
    func provenance(of fact: Recorded) -> Provenance? {
        switch fact.event {
        case .stepReturned(let key, .done), .stepReturned(let key, .replied): self.speaker(in: key)
        case .steered(let directive): Provenance(directive.sender, by: fact.by)
        case .asked(let question):
            switch question.kind {
            case .consultation, .blocker, .action: self.lead(of: question.task) ?? .engine
            case .approval, .staffing, .work, .unknownOutcome, .budget: .engine
            }
        case .answered, .tasksAdded, .delegated, .taskEdited: Provenance(fact.by)
        case .created, .forked, .recovered, .attemptStarted, .stepOwed, .stopRequested, .stepReturned, .stepLost,
            .staleResult, .attemptHeld, .taskRested, .taskFellBack, .taskReady, .taskEnded, .paused, .resumed,
            .stopping,
            .taskReprioritized, .tasksReset, .ended:
            nil
        }
    }

    private func speaker(in key: StepKey) -> Provenance? {
        guard case .tool(let place)? = self.requests[key.task] else { return self.lead(of: key.task) }
        return self.call(place, of: key.task).map { Provenance(ofTool: $0.tool) }
    }
}
