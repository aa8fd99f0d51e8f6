// Calls that want a person first: the attempt is held, with all that was said in it, until there is an answer.
extension Run {
    /// Whether a call has to wait for a person; asks, unless somebody is asked already.
    mutating func waitsForPerson(
        _ place: Int32,
        _ task: TaskIndex,
        _ attempt: Attempt,
        _ now: Timestamp,
        _ by: Origin,
        _ out: inout Emission
    ) -> Bool {
        guard case .conversation(let conversation) = attempt.pattern, let call = conversation.call(at: place),
            let nature = conversation.nature(of: call.tool)
        else { return false }
        let kind: Question.Kind
        switch nature {
        case .action, .keyedAction:
            guard conversation.wantsYes(to: call.tool), !planted(.actionWithoutYes) else { return false }
            kind = .action
        case .repeatable, .delegation, .phase: return false
        case .question: kind = .consultation
        }
        if self.questions.values.contains(where: { $0.task == task && $0.kind == kind }) { return true }
        let text = Self.words(
            for: call,
            kind,
            of: self.profile(attempt.assignment.lead),
            self.spec(task).id,
            isOfWeb: conversation.isOfWeb
        )
        let options = kind == .action ? ["approve", "deny", "skip", "fail"] : []
        self.ask(kind, task, agent: nil, text: text, options: options, now, by, &out)
        if call.tool == "ask_manager" || call.tool == "report_blocker" {
            self.callManager(about: QuestionID(self.asked), task, text, now, &out)
        }
        return true
    }

    // The whole action stands in the question: the answer is to this one and no other.
    private static func words(
        for call: ToolCall,
        _ kind: Question.Kind,
        of agent: AgentProfile,
        _ task: TaskID,
        isOfWeb: Bool
    ) -> String {
        guard kind == .action else {
            let said = call.input.inlined.flatMap { $0["question"]?.string ?? $0["blocker"]?.string } ?? ""
            let verb =
                call.tool == "report_blocker" ? "is blocked" : call.tool == "ask_manager" ? "asks the manager" : "asks"
            return "\(agent.name) \(verb) in task \(task): \(said)"
        }
        let web = isOfWeb ? " Words of the web stand behind it." : ""
        return "May \(agent.name) call \(call.tool) in task \(task) with \(call.input.shown)?\(web)"
    }

    /// The question that an attempt in hand waits for, between two steps; nil if it waits for none.
    package func question(holding task: TaskIndex) -> Question? {
        guard case .running(let attempt)? = self.record(task)?.state, attempt.open == 0 else { return nil }
        let open = self.openQuestions.filter(\.kind.holdsAttempt)
        let scopes = self.scopes(of: task, attempt.assignment.lead)
        return open.first { $0.task == task } ?? open.first { $0.budget.map { scopes.contains($0.scope) } ?? false }
    }

    /// The conversation of an attempt goes on with what a person has said.
    mutating func hear(_ answer: Answer, _ by: Origin, to question: Question) -> Bool {
        guard case .running(var attempt) = self.tasks[question.task.offset].state, attempt.open == 0 else {
            return false
        }
        switch (question.kind, answer.choice) {
        case (.action, .approve): attempt.pattern.hear(.approved)
        case (.action, .deny): attempt.pattern.hear(.denied(answer.note))
        case (.consultation, .done):
            attempt.pattern.hear(.said(answer.content, by: by))
            self.noteWeb(of: by, in: question.task, &attempt.pattern)
        default: return false
        }
        self.tasks[question.task.offset].state = .running(attempt)
        if attempt.isAway { self.returning.insert(question.task) }
        return true
    }

    /// Ends an attempt whose conversation is over by what a person has said, also while the run is paused: it has asked as often as
    /// it may.
    mutating func finishThrough(_ task: TaskIndex, _ now: Timestamp, _ out: inout Emission) {
        guard case .running(let attempt)? = self.record(task)?.state, attempt.open == 0,
            case .finish = self.move(of: attempt)
        else { return }
        self.advance(task, now, .engine, &out)
    }

    /// Whether a call of a tool may simply be made again when nobody knows what became of it.
    func isRepeatable(_ request: StepRequest, _ attempt: Attempt) -> Bool {
        guard case .tool(let place) = request, case .conversation(let conversation) = attempt.pattern else {
            return false
        }
        switch conversation.call(at: place).flatMap({ conversation.nature(of: $0.tool) }) {
        case .repeatable?, .keyedAction?: return true
        case .action?, .question?, .delegation?, .phase?, nil: return false
        }
    }
}
