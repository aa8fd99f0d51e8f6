/// What agents, their managers and people say to one another while a run goes on, for programs that act on it.
public enum TeamEvent: Hashable, Sendable {
    /// A task cannot go on; the question asks its manager, or a person, how it may.
    case blocker(task: TaskID, agent: AgentID?, text: String, question: QuestionID)
    /// An agent or the engine asks something.
    case question(task: TaskID, agent: AgentID?, text: String, question: QuestionID)
    /// A task is done; the output is nil where it is over 1 KiB, and the run's outcome has it.
    case complete(task: TaskID, agent: AgentID?, output: JSON?)
    /// What was asked is answered: by a person or a manager with their name, by `engine` if nobody did in time.
    case resolution(task: TaskID, by: String, text: String, question: QuestionID)
}

extension EventView {
    mutating func noteQuestion(of event: Event) {
        switch event {
        case .asked(let question): self.open[question.id] = question.task
        default: break
        }
    }

    /// What a program hears of a fact; nil if it is none of these.
    mutating func teamEvent(of fact: Recorded) -> TeamEvent? {
        switch fact.event {
        case .asked(let question):
            let (task, id) = (TaskID(self.name(of: question.task)), question.id)
            let agent = self.lead(of: question.task).flatMap { $0.trust == .engine ? nil : AgentID($0.sender) }
            return self.isBlocker(question)
                ? .blocker(task: task, agent: agent, text: question.text, question: id)
                : .question(task: task, agent: agent, text: question.text, question: id)
        case .answered(let id, let answer):
            guard let task = self.open.removeValue(forKey: id) else { return nil }
            let said = [answer.content == .inline(.null) ? "" : answer.content.shown, answer.note].filter {
                !$0.isEmpty
            }
            return .resolution(
                task: TaskID(self.name(of: task)),
                by: Provenance(fact.by).sender,
                text: said.isEmpty ? answer.choice.word : said.joined(separator: "; "),
                question: id
            )
        case .taskEnded(let task, .completed(let content)):
            let agent = self.lead(of: task).flatMap { $0.trust == .engine ? nil : AgentID($0.sender) }
            return .complete(task: TaskID(self.name(of: task)), agent: agent, output: content.inlined)
        default: return nil
        }
    }

    // By a result with blockers, or by the tool that says so.
    private func isBlocker(_ question: Question) -> Bool {
        switch question.kind {
        case .blocker: true
        case .consultation:
            (self.calls[question.task] ?? []).contains { call in
                call.tool == "report_blocker"
                    && call.input.inlined?["blocker"]?.string.map(question.text.hasSuffix) ?? false
            }
        case .work, .staffing, .unknownOutcome, .approval, .budget, .action: false
        }
    }
}
