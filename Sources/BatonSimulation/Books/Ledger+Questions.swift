import BatonCore

// What people are asked, and what they say.
extension Ledger {
    func asked(_ question: Question, at now: Timestamp) throws {
        let task = question.task
        guard question.id.number == self.asked + 1 else {
            throw self.violation("I-33 a question has a number of its own", task, "\(question.id)")
        }
        self.asked += 1
        self.open[question.id] = question
        let book = self.tasks[task.offset]
        switch (question.kind, book.place) {
        case (.staffing, .ready):
            self.reached.insert(.staffingAsked)
            self.tasks[task.offset].place = .blocked(question.id, holdsAgents: false)
        case (.approval, .ready):
            self.reached.insert(.approvalAsked)
            if !book.awaitsApproval { throw self.violation("I-36 only what needs a yes asks for one", task) }
            self.tasks[task.offset].place = .blocked(question.id, holdsAgents: false)
        case (.blocker, .running):
            self.reached.insert(.blockerAsked)
            if self.isUnplanned(book) {
                self.reached.insert(.planRefused)
            } else if !book.isOut, case .failed(let failure, _)? = book.result, failure.kind == .blocked {
                self.unheard.insert(question.id)
            } else {
                throw self.violation("a blocker comes back from its step", task)
            }
            self.release(task)
            self.tasks[task.offset].place = .blocked(question.id, holdsAgents: false)
        case (.work, .running):
            self.reached.insert(.workAsked)
            self.inHand -= 1
            self.withPeople += 1
            self.tasks[task.offset].place = .blocked(question.id, holdsAgents: true)
        case (.unknownOutcome, .running):
            self.reached.insert(.unknownOutcomeAsked)
            if book.isOut { throw self.violation("I-07 a lost step is said to be lost", task) }
            self.release(task)
            self.tasks[task.offset].place = .blocked(question.id, holdsAgents: false)
        case (.budget, .running):
            self.reached.insert(.budgetAsked)
            let wantsTime = question.budget.map { $0.measure == .time && self.isTimeUp($0) } ?? false
            if wantsTime { self.reached.insert(.timeAsked) }
            guard !book.isOut, wantsTime || book.talk?.next == .model && self.isLimited(task) else {
                throw self.violation("who asks for money has something to ask", task)
            }
        case (.action, .running), (.consultation, .running):
            try self.checkCall(question, book)
        case (.budget, _), (.action, _), (.consultation, _), (.staffing, _), (.work, _), (.unknownOutcome, _),
            (.approval, _), (.blocker, _):
            throw self.violation("a question fits its task", task, "\(question.kind) \(book.place)")
        }
        try self.checkDeadline(question, book, at: now)
    }

    private func checkDeadline(_ question: Question, _ book: TaskBook, at now: Timestamp) throws {
        let patience = book.answerWithin ?? self.plan.defaults.answerWithin
        let limit = question.kind == .work ? book.timeout : nil
        guard question.deadline == (limit ?? patience).map({ now + $0 }) else {
            throw self.violation("a question has the deadline of the plan", question.task)
        }
        let fallback = book.ifUnanswered ?? self.plan.defaults.ifUnanswered
        guard question.fallback == (limit == nil && patience != nil ? fallback : nil) else {
            throw self.violation("a question has the default of the plan", question.task)
        }
    }

    // Only time answers for people, when it is up, and as the plan says.
    private func checkWho(_ question: Question, _ answer: Answer, _ fact: Recorded) throws {
        if case .person = fact.by { return }
        if case .agent(_, let task) = fact.by, self.isManagers(answer, to: question, by: task) { return }
        guard let deadline = question.deadline, deadline <= fact.at,
            answer.choice == (question.fallback == .skip ? .skip : .fail), question.fallback != nil
        else {
            throw self.violation("nobody answers for people before the deadline", question.task)
        }
        self.reached.insert(.nobodyAnswered)
    }

    func answered(_ id: QuestionID, _ answer: Answer, _ fact: Recorded) throws {
        guard let question = self.open[id] else {
            throw Violation("I-35 one answer to a question", "\(self.name) \(id)")
        }
        let task = question.task
        if !question.kind.holdsAttempt {
            guard case .blocked(id, _) = self.tasks[task.offset].place else {
                throw self.violation("I-33 an answer is for the task that asked", task)
            }
        } else if self.tasks[task.offset].place != .running {
            throw self.violation("I-33 an answer is for the task that asked", task)
        }
        try self.checkWho(question, answer, fact)
        if self.heard(question, answer) {
            self.open[id] = nil
            return
        }
        switch answer.choice {
        case .done
        where question.kind == .work
            && (!self.tasks[task.offset].doneWhen.isEmpty || self.tasks[task.offset].form.isManaged):
            self.open[id] = nil
            self.reached.insert(.workDone)
            return self.claimsWork(task, answer.content)
        case .done, .fail, .skip:
            self.open[id] = nil
            if answer.choice == .fail { self.keptLimit(question) }
            self.tasks[task.offset].answer = answer
            self.tasks[task.offset].isUnanswered = fact.by == .engine
            if answer.choice == .done {
                self.reached.insert(question.kind == .work ? .workDone : .unknownOutcomeAccepted)
            }
            return
        case .deny: return
        case .raise(let limit):
            self.open[id] = nil
            return self.raised(question, to: limit)
        case .approve:
            self.reached.insert(.approvalGiven)
            self.tasks[task.offset].isApproved = true
        case .again:
            self.reached.insert(question.kind == .blocker ? .blockerResolved : .unknownOutcomeAgain)
            self.tasks[task.offset].granted += 1
            if question.kind == .blocker { self.answered(question, with: answer.content, fact.by) }
        case .assign(let agent):
            self.reached.insert(.staffingAssigned)
            self.tasks[task.offset].choose(agent)
        }
        self.release(task)
        if self.isSatisfied(task.offset) {
            self.makeReady(task.offset, at: fact.at)
        } else {
            self.tasks[task.offset].place = .waiting
            if answer.choice != .again, self.isHindered(task.offset) {
                self.reached.insert(.fellBeforeTheYes)
            }
        }
    }
}
