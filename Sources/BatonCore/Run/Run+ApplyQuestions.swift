import OrderedCollections

// What questions and answers change.
extension Run {
    mutating func takeQuestion(_ question: Question, _ now: Timestamp) -> Bool {
        guard let record = self.record(question.task) else { return false }
        guard question.id.number == self.asked + 1 || planted(.questionNumberReused) else { return false }
        switch (question.kind, record.state) {
        case (.staffing, .ready):
            self.counts.ready -= 1
            self.tasks[question.task.offset].state = .blocked(question.id, nil)
        case (.work, .running(let attempt)):
            guard attempt.open == 0 else { return false }
            // A person at work needs none of the engine's slots.
            self.counts.inHand -= 1
            self.counts.withPeople += 1
            self.tasks[question.task.offset].state = .blocked(question.id, attempt)
        case (.approval, .ready):
            guard self.awaitsApproval(question.task) else { return false }
            self.unapproved.remove(question.task)
            self.counts.ready -= 1
            self.tasks[question.task.offset].state = .blocked(question.id, nil)
        case (.unknownOutcome, .running(let attempt)), (.blocker, .running(let attempt)):
            guard attempt.open == 0, self.release(record.state, at: self.now, succeeded: nil) else { return false }
            self.tasks[question.task.offset].state = .blocked(question.id, nil)
        // Its attempt stays in hand, as do all others that wait for the same.
        case (.budget, .running(let attempt)):
            guard attempt.open == 0, let budget = question.budget, self.holds(budget.scope) else { return false }
        case (.action, .running(let attempt)), (.consultation, .running(let attempt)):
            guard attempt.open == 0, case .request(.tool) = self.move(of: attempt) else { return false }
        case (.budget, _), (.action, _), (.consultation, _), (.work, _), (.staffing, _), (.unknownOutcome, _),
            (.approval, _), (.blocker, _):
            return false
        }
        self.asked += 1
        self.questions[question.id] = question
        self.askedAt[question.id] = now
        if let deadline = question.deadline, !planted(.answerDeadlineForgotten) {
            self.agenda.insert(.questionDeadline(question.id), at: deadline)
        }
        return true
    }

    mutating func takeAnswer(_ id: QuestionID, _ answer: Answer, _ by: Origin, _ now: Timestamp) -> Bool {
        guard let question = self.questions[id], let record = self.record(question.task) else { return false }
        if case .assign(let agent) = answer.choice, !self.records.indices.contains(agent.offset) { return false }
        if !planted(.answerTakenTwice) { self.close(id) }
        switch answer.choice {
        case .fail:
            if let budget = question.budget { self.keepLimit(of: budget.scope) }
            return true
        case .done where question.kind == .consultation, .approve where question.kind == .action, .deny:
            return self.hear(answer, by, to: question)
        case .done where question.kind == .work && self.wantsProof(question.task):
            self.takePersonsWork(question.task, answer.content, now)
            return true
        case .done, .skip: return true
        case .raise(let limit):
            guard let budget = question.budget else { return false }
            if !planted(.raiseForgotten) { self.raise(budget, to: limit) }
            return true
        case .again:
            // The next attempt is told how to go on, as by any other directive.
            if question.kind == .blocker {
                let audience = planted(.blockerAnswerToEveryone) ? .everyone : Directive.Audience.task(question.task)
                guard self.takeDirective(self.nextDirective(audience, answer.content, by: by)) else { return false }
                if self.bringsWeb(by) { self.tasks[question.task.offset].isOfWeb = true }
            }
            self.tasks[question.task.offset].granted += 1
        case .approve: self.tasks[question.task.offset].isApproved = true
        case .assign(let agent):
            let staff = self.staff(of: question.task, chosen: agent)
            self.tasks[question.task.offset].demand = self.queue.demand(for: staff)
        }
        guard self.release(record.state, at: now, succeeded: nil) else { return false }
        if self.openDependencies(of: question.task) == 0 {
            self.makeReady(question.task, at: now)
        } else {
            self.recount([question.task], now)
        }
        return true
    }

    // A person named who does it: of a meeting that is the lead, and the others attend all the same.
    mutating func staff(of task: TaskIndex, chosen: AgentIndex) -> Eligibility.Candidates {
        self.leads[task] = chosen
        let spec = self.spec(task)
        guard spec.meetsAtOnce else { return .eligible([chosen]) }
        // Whoever is chosen for a meeting answers for the skill that is missing; who speaks in it is known.
        let attendees = Attendees.all(spec.attendees, among: self.plan.agents)
        return .attendees(spec.isOpening ? attendees : [chosen] + attendees.filter { $0 != chosen })
    }

    mutating func withdrawQuestion(of state: TaskState) {
        if case .blocked(let id, _) = state { self.close(id) }
    }

    /// Whoever else waits for the same budget asks for it again.
    mutating func withdrawHeldQuestions(of task: TaskIndex) {
        guard !self.questions.isEmpty, self.tasks[task.offset].state.mayHaveAsked else { return }
        let held = self.questions.values.filter { $0.kind.holdsAttempt && $0.task == task }
        for question in held { self.close(question.id) }
    }

    mutating func close(_ id: QuestionID) {
        self.questions[id] = nil
        self.askedAt[id] = nil
    }
}
