// Events in a line each, for people.
extension EventView {
    func summary(of fact: Recorded) -> String {
        switch fact.event {
        case .created(let seed):
            "run \(seed.run) begins: \(CountText.of(seed.plan.tasks.count, "task")), "
                + CountText.of(seed.plan.agents.count, "agent")
                + (seed.mode == .rehearsal ? ", \(StandIn.mark)" : "")
        case .recovered: "taken over by a new engine"
        case .attemptStarted(_, let attempt, let assignment): self.summary(ofAttempt: attempt, assignment)
        case .stepOwed(let key, .tool(let place)) where key.delivery == 1:
            "calls \(self.call(place, of: key.task).map { PlainText.line($0.tool, limit: 60) } ?? "a tool")"
        case .stepOwed(let key, let request):
            key.delivery == 1 ? Self.summary(of: request) : "handed out again, as nobody knew what became of it"
        case .stopRequested(_, let reason): "is told to stop: \(reason.word)"
        case .stepReturned(_, .done): "returned"
        case .stepReturned(_, .replied(let reply, _)): Self.summary(of: reply)
        case .stepReturned(_, .offered(let catalogue)): "\(CountText.of(catalogue.tools.count, "tool")) of others"
        case .stepReturned(_, .failed(let failure, _)): "failed: \(failure.message)"
        case .stepReturned(_, .stopped): "has stopped"
        case .stepLost: "its fate is unknown: the engine had ended"
        case .staleResult: "a late result is ignored"
        case .attemptHeld: "is held until the run goes on"
        case .taskRested(_, let until, let failure):
            "failed [\(failure.code)], next try at \(CivilDate(until).time): \(failure.message)"
        case .taskFellBack(_, let failure): "failed [\(failure.code)], now done another way: \(failure.message)"
        case .taskReady: "is ready again"
        case .taskEnded(_, let end): self.summary(of: end)
        case .asked(let question): "asks \(question.id): \(question.text)"
        case .answered(let id, _):
            switch fact.by {
            case .engine: "nobody answered \(id) in time"
            case .person: "\(id) is answered"
            case .agent(let agent, _): "\(id) is answered by \(agent)"
            }
        case .paused: "paused"
        case .resumed: "resumed"
        case .stopping(let cause): "stopping: \(self.reason(cause))"
        case .forked(let seed, let run, let position):
            "is run \(seed.run) from here on, forked from \(run) at event \(position.value)"
        case .tasksAdded(let specs, _) where specs.first?.proves != nil: Self.summary(ofCheck: specs[0])
        case .tasksAdded(let specs, _): "added: \(Self.list(specs.map(\.id.text)))"
        case .delegated(let delegation): self.summary(of: delegation)
        case .taskEdited: "edited"
        case .taskReprioritized(_, let priority): "has priority \(priority) now"
        case .tasksReset(let tasks): "begins anew: \(Self.list(tasks.map { self.name(of: $0) }))"
        case .steered(let directive):
            "\(self.name(of: directive.audience)) is told: \(directive.text.shown)"
        case .ended(let end): "run ended: \(end.rawValue)"
        }
    }

    static func list(_ names: [String]) -> String {
        names.prefix(5).joined(separator: ", ") + (names.count > 5 ? " and \(names.count - 5) more" : "")
    }

    private func summary(ofAttempt attempt: Int32, _ assignment: Assignment) -> String {
        let start = attempt == 1 ? "started" : "started, attempt \(attempt)"
        let lacking = assignment.gaps.map(\.words)
        let team = assignment.agents.count > 1 ? ", \(assignment.agents.count) attend" : ""
        return start + team + (lacking.isEmpty ? "" : ", lacking \(lacking.joined(separator: ", "))")
    }

    private func summary(of end: TaskEnd) -> String {
        switch end {
        case .completed: "completed"
        case .failed(let failure): "failed [\(failure.code)]: \(failure.message)"
        case .skipped(.dependency(let task)): "skipped: \(self.name(of: task)) did not complete"
        case .skipped(.unanswered(let question)): "skipped: nobody answered \(question) in time"
        case .skipped(.unneeded(let task)): "not needed after \(self.name(of: task))"
        case .skipped(.decided): "not asked any more: the vote was decided"
        case .skipped(.person(let note)): "skipped by a person" + (note.isEmpty ? "" : ": \(note)")
        case .cancelled(let cause): "cancelled: \(self.reason(cause))"
        }
    }

    private func reason(_ cause: StopCause) -> String {
        switch cause {
        case .person: "a person asked for it"
        case .strict(let task): "strict task \(self.name(of: task)) failed"
        case .timeLimit: "the time of the run is over"
        }
    }

    private static func summary(ofCheck spec: TaskSpec) -> String {
        "\(spec.delegatedBy?.text ?? "a task") claims to be done; \(spec.id) proves that \(spec.proves?.words ?? "it is")"
    }
}
