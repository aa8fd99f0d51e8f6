extension Run {
    mutating func ask(
        _ kind: Question.Kind,
        _ task: TaskIndex,
        agent: AgentIndex?,
        text: String,
        options: [String],
        budget: Question.Budget? = nil,
        _ now: Timestamp,
        _ by: Origin,
        _ out: inout Emission
    ) {
        let spec = self.spec(task)
        // People take their time: of the limits on work, only one that the task itself sets counts for them.
        let limit = kind == .work ? spec.timeout : nil
        let patience = spec.answerWithin ?? self.plan.defaults.answerWithin
        let fallback = spec.ifUnanswered ?? self.plan.defaults.ifUnanswered
        let question = Question(
            id: QuestionID(planted(.questionNumberReused) ? max(1, self.asked) : self.asked + 1),
            kind: kind,
            task: task,
            agent: agent,
            text: text,
            options: options,
            deadline: (limit ?? patience).map { now + $0 },
            fallback: limit == nil && patience != nil ? fallback : nil,
            budget: budget
        )
        self.emit(.asked(question), now, by, &out)
    }

    /// What a person is asked to do: description and input, with the outputs that they name.
    func words(for task: TaskIndex) -> String {
        let spec = self.spec(task)
        let missing = { (id: TaskID) -> JSON in
            let isStored = self.index(of: id).flatMap { self.output(of: $0) } != nil
            return isStored ? .string("[see: baton show \(self.id) \(id)]") : .null
        }
        let expand = { (text: JSON) in
            Template(text).expanded({ self.shownOutput(of: $0) }, otherwise: missing).plainText
        }
        let description = expand(.string(spec.description))
        // Whoever is asked whether something is done sees what it is.
        if let (claim, output) = self.claimed(by: task) {
            let brought = output.inlined.map { PlainText.of($0.plainText, keepingLines: true) }
            return
                "\(description)\n\(self.spec(claim).id) brought: \(brought ?? "[see: baton show \(self.id) \(self.spec(claim).id)]")"
        }
        // A question has to ask something.
        let heard = self.linesHeard(by: task)
        guard spec.input != .null else { return description.isEmpty ? "do task \(spec.id)" : description + heard }
        let input = expand(spec.input)
        return description.isEmpty ? input : "\(description)\n\(input)\(heard)"
    }

    /// How a person's attempt fails whose words name what an output does not have.
    func missingInWords(for task: TaskIndex) -> Failure? {
        let (spec, agents) = (self.spec(task), self.plan.agents)
        guard spec.input.mayHoldTemplate || JSON.string(spec.description).mayHoldTemplate else { return nil }
        return Template(spec.input).failure(of: spec.id, agents: agents) { self.shownOutput(of: $0) }
            ?? Template(.string(spec.description)).failure(of: spec.id, agents: agents) { self.shownOutput(of: $0) }
    }

    // Nil if there is none, or if it is too long for a question.
    private func shownOutput(of id: TaskID) -> JSON? {
        guard let index = self.index(of: id), case .inline(let value)? = self.output(of: index) else { return nil }
        return value
    }

    mutating func askForStaff(
        _ task: TaskIndex,
        _ nearest: [AgentIndex],
        _ gaps: [Eligibility.Gap],
        _ now: Timestamp,
        _ by: Origin,
        _ out: inout Emission
    ) {
        let id = self.spec(task).id
        let lacking = gaps.map(\.words).joined(separator: ", ")
        let text =
            nearest.first.map { agent in
                "Nobody has the skills that task \(id) asks for. The nearest, \(self.profile(agent).id), has \(lacking). Who does it?"
            } ?? "Nobody can do what task \(id) asks for\(self.wanted(by: task)). Who does it?"
        let all = self.plan.agents.filter { $0.kind != .conductor }.map(\.id.text)
        let names = nearest.isEmpty ? all : nearest.map { self.profile($0).id.text }
        let options = names.filter { !Question.means($0) }.prefix(20) + ["skip", "fail"]
        self.ask(.staffing, task, agent: nil, text: text, options: Array(options), now, by, &out)
    }

    private func wanted(by task: TaskIndex) -> String {
        let spec = self.spec(task)
        if let agent = spec.assignedAgent { return " (agent \(agent))" }
        return (spec.agentType ?? spec.type).map { " (\(PlainText.line($0, limit: 60)))" } ?? ""
    }

    /// Whether a person has still to say that the task may begin; stand-ins need nobody's leave.
    func awaitsApproval(_ task: TaskIndex) -> Bool {
        self.plan.tasks[task.offset].needsApproval && !self.tasks[task.offset].isApproved && self.seed.mode == .real
            && !planted(.approvalNotWaitedFor)
    }

    /// Asks about all that is ready but for a person's yes, also while no slot is free: people are slow.
    mutating func askForApproval(_ now: Timestamp, _ by: Origin, _ out: inout Emission) {
        guard !self.unapproved.isEmpty else { return }
        for task in self.unapproved where self.tasks[task.offset].state == .ready && self.awaitsApproval(task) {
            let text = "May task \(self.spec(task).id) begin? \(self.words(for: task))"
            self.ask(.approval, task, agent: nil, text: text, options: ["approve", "skip", "fail"], now, by, &out)
        }
    }

    /// An attempt came back with what keeps it from going on.
    mutating func askAboutBlocker(
        _ task: TaskIndex,
        _ failure: Failure,
        _ now: Timestamp,
        _ by: Origin,
        _ out: inout Emission
    ) {
        let spent =
            self.managerOutOfRounds(for: task).map { " (\($0) has had its \(self.rounds(of: $0)) rounds.)" } ?? ""
        let text = "Task \(self.spec(task).id) is blocked: \(failure.message). Say how it is to go on.\(spent)"
        self.ask(.blocker, task, agent: nil, text: text, options: [], now, by, &out)
        self.callManager(about: QuestionID(self.asked), task, failure.message, now, &out)
    }

    // MARK: Answers

    mutating func take(
        _ answer: Answer,
        to id: QuestionID,
        _ now: Timestamp,
        _ by: Origin,
        _ out: inout Emission
    ) throws(Refusal) {
        guard let question = self.questions[id] else {
            throw Refusal(
                "question.closed",
                "question \(id) of run \(self.id) is not open",
                remedy: "`baton inbox` lists the open questions"
            )
        }
        try self.refuse(answer, to: question)
        if planted(.answerRefusedWhilePaused), self.phase == .paused { throw self.refusal("is paused", "resume it") }
        self.carryOut(answer, to: question, skipping: .person(note: answer.note), now, by, &out) { run in
            Failure(
                .permanent,
                Self.failedByPerson,
                answer.note.isEmpty ? "a person said that task \(run.spec(question.task).id) failed" : answer.note,
                remedy: "ask who answered"
            )
        }
    }

    /// Nobody has answered in time.
    mutating func expire(
        _ question: Question,
        _ fallback: TaskSpec.UnansweredRule,
        _ now: Timestamp,
        _ by: Origin,
        _ out: inout Emission
    ) {
        let answer = Answer(fallback == .skip ? .skip : .fail, note: "nobody answered question \(question.id) in time")
        self.carryOut(answer, to: question, skipping: .unanswered(question.id), now, by, &out) { _ in
            Failure(
                .permanent,
                "question.unanswered",
                answer.note,
                remedy: "answer sooner, or raise answer_within_seconds"
            )
        }
    }

    private mutating func carryOut(
        _ answer: Answer,
        to question: Question,
        skipping reason: SkipReason,
        _ now: Timestamp,
        _ by: Origin,
        _ out: inout Emission,
        failure: (Run) -> Failure
    ) {
        self.emit(.answered(question.id, answer), now, by, &out)
        switch answer.choice {
        case .done where question.kind == .consultation: self.finishThrough(question.task, now, &out)
        case .done:
            guard case .running(let attempt) = self.tasks[question.task.offset].state else {
                let failure = self.takeManaged(question.task, answer.content, now, &out)
                return self.end(question.task, failure.map { .failed($0) } ?? .completed(answer.content), now, by, &out)
            }
            self.complete(question.task, attempt, answer.content, now, by, &out)
        case .fail: self.end(question.task, .failed(failure(self)), now, by, &out)
        case .skip: self.end(question.task, .skipped(reason), now, by, &out)
        case .deny: self.finishThrough(question.task, now, &out)
        case .raise: return
        case .approve where question.kind == .action: return
        case .again, .approve, .assign:
            if planted(.yesLeavesFallen), answer.choice != .again { return }
            self.settleFallen(question.task, now, by, &out)
        }
    }

    private func refuse(_ answer: Answer, to question: Question) throws(Refusal) {
        if question.kind == .blocker, answer.choice == .again { try self.refuseDirectiveTooMany() }
        let fits =
            switch (question.kind, answer.choice) {
            case (_, .fail), (_, .skip): true
            case (.work, .done), (.unknownOutcome, .done), (.unknownOutcome, .again), (.approval, .approve): true
            case (.blocker, .again): answer.content != .inline(.null)
            case (.budget, .raise(let limit)): self.isMore(limit, than: question)
            case (.action, .approve), (.action, .deny): true
            case (.consultation, .done): answer.content != .inline(.null)
            case (.staffing, .assign(let agent)): self.records.indices.contains(agent.offset)
            case (.work, _), (.unknownOutcome, _), (.staffing, _), (.approval, _), (.blocker, _), (.budget, _),
                (.action, _), (.consultation, _):
                false
            }
        guard !fits else { return try self.refuseForm(of: answer, to: question) }
        if let budget = question.budget {
            throw Refusal(
                "question.answer",
                "that is no new limit for question \(question.id) of run \(self.id)",
                remedy: "answer with more than \(self.limitWords(of: budget)), or with skip or fail"
            )
        }
        let allowed = question.options.isEmpty ? "any text or JSON" : question.options.joined(separator: ", ")
        throw Refusal(
            "question.answer",
            "that is no answer to question \(question.id) of run \(self.id)",
            remedy: "answer with \(allowed)"
        )
    }

    // Such as `deny: it is still needed`; nil if the words begin otherwise.
    private static func reason(behind heads: [String], _ words: String) -> String? {
        let head = words.prefix { $0.isLetter }
        guard heads.contains(head.lowercased()) else { return nil }
        return String(words[head.endIndex...].drop { !$0.isLetter && !$0.isNumber })
    }

    // What a person brings has the form that the task wants; a long value is held against it by nobody yet.
    private func refuseForm(of answer: Answer, to question: Question) throws(Refusal) {
        guard answer.choice == .done, !question.kind.holdsAttempt, let value = answer.content.inlined else { return }
        let failure = OutputForm.failure(
            of: value,
            for: self.spec(question.task).id,
            by: self.spec(question.task).produces ?? question.agent.flatMap { self.profile($0).produces }
        )
        guard let failure else { return try self.refuseManaged(value, in: question.task) }
        throw Refusal("question.form", failure.message, remedy: "answer with a JSON value of that form")
    }
}

// MARK: Words of people

extension Run {
    /// What a person said, before it is held against the question.
    package enum Reply: Sendable {
        /// One of the question's options, or the content of a person's own work: JSON if the words are JSON, else text.
        case words(String, Content)
        /// The work is done, with what it brought.
        case done(Content)
        /// The task is given up, with the reason.
        case fail(String)
        /// The task is left out, with the reason.
        case skip(String)
    }

    /// Reads a reply as an answer to an open question.
    package func answer(_ reply: Reply, to id: QuestionID) throws(Refusal) -> Answer {
        guard let question = self.questions[id] else {
            throw Refusal(
                "question.closed",
                "question \(id) of run \(self.id) is not open",
                remedy: "`baton inbox` lists the open questions"
            )
        }
        if case .words(Question.placeholder, _) = reply {
            throw Refusal(
                "question.answer",
                "\(Question.placeholder) stands for what you say yourself",
                remedy: "answer question \(id) in words of your own"
            )
        }
        let words: String
        let content: Content
        switch reply {
        case .fail(let note): return Answer(.fail, note: note)
        case .skip(let note): return Answer(.skip, note: note)
        // Held against the question when it is handled.
        case .done(let value):
            guard self.spec(question.task).proves?.signature != nil, question.kind == .work else {
                return Answer(.done, content: value)
            }
            return try self.signed(value, question)
        case .words(let said, let value): (words, content) = (said, value)
        }
        guard !words.isBlank else {
            throw Refusal(
                "question.answer",
                "nothing is said to question \(id) of run \(self.id)",
                remedy: "answer in words"
            )
        }
        let word = words.lowercased()
        switch question.kind {
        case .work:
            if let check = self.spec(question.task).proves, let verdict = Proving.verdict(in: words) {
                if check.review != nil { return Answer(.done, content: .inline(verdict.review)) }
                return verdict.isYes ? Answer(.done, content: content) : Answer(.fail, note: verdict.why ?? words)
            }
            // Words that are neither sign nothing, nor do values.
            let isObject = content.inlined?.isObject == true
            if isObject, self.spec(question.task).proves?.signature != nil { return try self.signed(content, question) }
            if question.options.isEmpty || isObject { return Answer(.done, content: content) }
        case .staffing:
            // An agent that is called like another answer gives way to it: the word must not mean two things.
            if !Question.means(words), let agent = self.plan.agents.firstIndex(where: { $0.id.text == words }) {
                return Answer(.assign(AgentIndex(agent)))
            }
        case .approval:
            switch word {
            case "approve", "yes": return Answer(.approve)
            case "no": return Answer(.skip, note: words)
            default: break
            }
        case .blocker: if word != "skip", word != "fail" { return Answer(.again, content: content) }
        case .action:
            switch word {
            case "approve", "yes": return Answer(.approve)
            default: if let why = Self.reason(behind: ["deny", "no"], words) { return Answer(.deny, note: why) }
            }
        case .consultation: if word != "skip", word != "fail" { return Answer(.done, content: content) }
        case .budget:
            if let limit = question.budget?.measure.amount(of: words) { return Answer(.raise(limit), content: content) }
        case .unknownOutcome:
            if word == "again" { return Answer(.again) }
            if word == "done" { return Answer(.done) }
        }
        if word == "skip" { return Answer(.skip) }
        if word == "fail" { return Answer(.fail) }
        throw Refusal(
            "question.answer",
            "\"\(PlainText.line(words, limit: 60))\" is no answer to question \(id) of run \(self.id)",
            remedy: question.budget.map { "answer with more than \(self.limitWords(of: $0)), or with skip or fail" }
                ?? "answer with one of \(question.options.joined(separator: ", "))"
        )
    }

    // Whoever signs by a value says yes or no in it.
    private func signed(_ content: Content, _ question: Question) throws(Refusal) -> Answer {
        guard let verdict = content.inlined.flatMap(Proving.verdict(in:)) else {
            throw Refusal(
                "question.answer",
                "that signs nothing: question \(question.id) of run \(self.id) wants a yes or a no",
                remedy: "answer with yes, or with no: WHAT IS MISSING"
            )
        }
        guard !verdict.isYes else { return Answer(.done, content: content) }
        return Answer(.fail, note: verdict.why ?? "a person said no to question \(question.id)")
    }
}
