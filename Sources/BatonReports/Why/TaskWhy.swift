package import BatonCore

/// What `baton why RUN TASK` says.
package struct TaskWhy {
    let inquiry: Inquiry
    let explanation: TaskExplanation
    let words: WhyWords
    let viewer: Viewer

    /// - Parameter isCarried: whether a process has the run's data folder in its hands.
    package init(_ inquiry: Inquiry, _ explanation: TaskExplanation, isCarried: Bool, for viewer: Viewer) {
        self.inquiry = inquiry
        self.explanation = explanation
        self.words = WhyWords(inquiry, viewer, isCarried: isCarried)
        self.viewer = viewer
    }

    package var lines: [StyledText] {
        var lines = self.head.flatMap { $0.wrapped(to: max(40, self.viewer.width), indent: 2, most: 3) }
        lines += self.section("Because", self.reasons + self.needs)
        lines += self.section("Waits for", self.waits)
        lines += self.section("Attempts", self.attempts)
        lines += self.section("Asked and answered", self.replies)
        lines += self.section("The vote", self.vote)
        lines += self.section("Handed on", self.handing + self.pieces)
        lines += self.section("On whose word", self.words(ofOthers: self.inquiry.words))
        lines += self.section("Proof", self.proof)
        lines += self.choice
        lines += self.section("Models", self.models)
        lines += self.section("What to do next", self.words.lines(of: self.explanation.advice), wraps: false)
        return lines
    }

    private func section(_ title: String, _ body: [StyledText], wraps: Bool = true) -> [StyledText] {
        guard !body.isEmpty else { return [] }
        let rows = body.map { StyledText("  ") + $0 }
        let shown = wraps ? rows.flatMap { $0.wrapped(to: max(40, self.viewer.width), indent: 6) } : rows
        return [StyledText(), StyledText(title, .strong)] + shown
    }

    var run: Run { self.inquiry.run }
    var task: TaskIndex { self.explanation.task }

    private var head: [StyledText] {
        let state = self.explanation.state
        var line = StyledText("\(self.words.name(self.task)): ", .strong)
        line.append(state.word, RunSummary.style(state))
        line.append(" since \(self.words.moment(self.explanation.since))")
        if !self.run.isEnded { line.append(", for \(self.words.age(self.explanation.since))") }
        line.append(", in run \(self.run.id)")
        var lines = [line] + self.words.carriage
        let description = self.run.spec(self.task).description
        if !description.isEmpty {
            lines.append(StyledText(PlainText.line(description, limit: max(40, self.viewer.width)), .faint))
        }
        return lines
    }

    // MARK: Because

    private var reasons: [StyledText] {
        switch self.explanation.state {
        case .ended(.completed):
            if case .person = self.explanation.endedBy {
                return [StyledText("\(self.words.person(self.explanation.endedBy)) said that it is done")]
            }
            let agent = self.explanation.attempts.last.map { " by \($0.sheet.agent)" } ?? ""
            return [StyledText("its work was done\(agent)")]
        case .ended(.failed(let failure)):
            return self.words.lines(of: failure) + self.words.fall(of: self.explanation.chain)
        case .ended(.skipped(.dependency(let other))):
            let words = "it needs \(self.words.name(other)), which did not complete (on_dependency_failure: skip)"
            return [StyledText(words)] + self.words.fall(of: self.explanation.chain)
        case .ended(.skipped(.person(let note))):
            return [StyledText("\(self.words.person(self.explanation.endedBy)) left it out\(WhyWords.because(note))")]
        case .ended(.skipped(.unanswered(let question))): return [StyledText(WhyWords.unanswered(question))]
        case .ended(.skipped(.unneeded(let other))):
            return self.words.needlessness(of: self.task, after: other).map { StyledText($0) }
        case .ended(.skipped(.decided)):
            let whole = self.run.whole(of: self.task).map { self.words.name($0) } ?? "its pattern"
            return [StyledText("the outcome of \(whole) could not change any more (early_stop)")]
        case .ended(.cancelled(let cause)): return [StyledText(self.words.reason(of: cause))]
        case .waiting, .scheduled, .ready, .running, .stopping, .resting, .blocked: return []
        }
    }

    // MARK: Handed on

    private var handing: [StyledText] {
        guard let handing = self.inquiry.handing else { return [] }
        let above = self.words.name(handing.delegation.task)
        var lines = [StyledText("\(handing.by) handed it on from task \(above) at \(self.words.moment(handing.at))")]
        if let made = handing.delegation.made {
            let tools = made.tools.isEmpty ? "no tools" : made.tools.joined(separator: ", ")
            lines.append(
                StyledText("\(made.id) was made for it, as \(PlainText.line(made.name, limit: 200)), with \(tools)")
            )
        }
        for (place, candidate) in handing.delegation.weighed.enumerated() {
            lines.append(StyledText("\(place == 0 ? "chosen: " : "not: ")\(self.line(of: candidate))"))
        }
        let spent = self.explanation.attempts.reduce(Usage.none) { $0 + $1.sheet.usage }
        if spent.money != .zero || spent.tokens > 0 {
            lines.append(
                StyledText("so far it has cost \(spent.money), \(CountText.of(Int(clamping: spent.tokens), "token"))")
            )
        }
        return lines
    }

    private func line(of candidate: Delegation.Candidate) -> String {
        var words = [candidate.cost.map { "\($0) a task" }, candidate.time.map { SpanText.of($0) }].compactMap { $0 }
        if !words.isEmpty { words.append(candidate.isMeasured ? "measured" : "as it declares") }
        if candidate.isBusy { words.append("busy then") }
        return self.words.name(candidate.agent) + (words.isEmpty ? "" : " (\(words.joined(separator: ", ")))")
    }

    // MARK: Words

    private static let mostWords = 12

    // Of what the plan says, and people were asked, there is nothing to tell here.
    private func words(ofOthers all: [SpokenWord]) -> [StyledText] {
        let words = all.filter { $0.kind != .answered || $0.source.trust != .person }
        let given = self.given
        guard !words.isEmpty || !given.isEmpty || self.run.record(self.task)?.isOfWeb == true else { return [] }
        let asker = words.contains { $0.kind == .asked } ? [] : [StyledText("asked for by the plan")]
        let told = words.prefix(Self.mostWords).map { self.line(of: $0) }
        let more = words.count > told.count ? ["… and \(words.count - told.count) more"] : []
        let web =
            self.run.record(self.task)?.isOfWeb == true
            ? ["words of the web stand behind it: its actions wait for a yes"] : []
        return asker + self.decided + given + (told + more + web).map { StyledText($0) }
    }

    // Of what meeting it comes, and who said so there.
    private var decided: [StyledText] {
        guard let meeting = self.run.spec(self.task).spawnedFrom else { return [] }
        let said = self.run.spec(self.task).evidence.prefix(Self.mostWords).map(\.text).joined(separator: ", ")
        return [StyledText("decided in meeting \(meeting)\(said.isEmpty ? "" : ", said in \(said)")")]
    }

    private func line(of word: SpokenWord) -> String {
        let who = word.source.words
        switch word.kind {
        case .asked: return "asked for by \(who), at \(self.words.moment(word.at))"
        case .told: return "told by \(who), at \(self.words.moment(word.at)): \(word.text)"
        case .answered: return "answered by \(who), at \(self.words.moment(word.at)): \(word.text)"
        case .read: return "read from \(who)\(word.count == 1 ? "" : ", \(word.count) times")"
        }
    }

    // MARK: Proof

    private var proof: [StyledText] {
        ProofText.lines(of: self.run.proof(of: self.task)).map { StyledText($0) }
    }

    // MARK: Waits

    private static let mostWaits = 12

    private var waits: [StyledText] {
        let waits = self.explanation.waits
        let told = waits.prefix(Self.mostWaits)
        let shown = told.flatMap { wait -> [StyledText] in
            guard case .busyAgents(let agents) = wait else { return [self.line(of: wait)] }
            return [self.line(of: wait)] + self.words.elsewhere(agents)
        }
        let left = waits.count - told.count
        return shown + (left > 0 ? [StyledText("… and \(left) more", .faint)] : [])
    }

    private func line(of wait: TaskExplanation.Wait) -> StyledText {
        switch wait {
        case .dependency(let task, let chain):
            StyledText("\(self.words.name(task)), which \(self.words.standing(of: task, behind: chain))")
        case .date(let date): StyledText("its date, \(CivilDate(date).text(milliseconds: false)) in project time")
        case .nextTry(let date): StyledText("its next try, \(self.words.ahead(date))")
        case .answer(let id): self.words.line(ofQuestion: id)
        case .busyAgents(let agents):
            StyledText("somebody to be free: \(self.words.names(agents)), see the choice of agent below")
        case .room(let limit):
            StyledText(
                limit == 1
                    ? "the task in hand to end: this plan runs one at a time, now \(self.words.inHand)"
                    : "one of the \(limit) tasks in hand to end (max_concurrent_tasks): \(self.words.inHand)"
            )
        case .paused: StyledText("the run, which has been paused since \(self.words.moment(self.inquiry.phaseSince))")
        case .work(let agent):
            StyledText(
                self.words.isCarried
                    ? "\(self.words.name(agent)), at work for \(self.words.age(self.explanation.since))"
                    : "an engine to find out what became of it: it was in hand with \(self.words.name(agent)) when the last one ended"
            )
        case .stop(let reason):
            StyledText("what it has started to be gone; it was told to stop: \(self.words.reason(of: reason))")
        case .engine: StyledText("the engine to take it up")
        }
    }

    // MARK: Attempts

    private static let mostAttempts = 8

    private var attempts: [StyledText] {
        let attempts = self.explanation.attempts
        let hidden = max(0, attempts.count - Self.mostAttempts)
        let more = hidden > 0 ? [StyledText("… \(hidden) before", .faint)] : []
        return more + attempts.dropFirst(hidden).flatMap { self.lines(of: $0) }
    }

    private func lines(of account: TaskExplanation.AttemptAccount) -> [StyledText] {
        let sheet = account.sheet
        var line = StyledText("\(sheet.number)  \(sheet.agent)  from \(self.words.moment(sheet.startedAt)), ")
        line.append(SpanText.of(sheet.span(at: self.words.now)))
        line.append("  \(self.result(of: sheet))", sheet.failure == nil ? .plain : .bad)
        if account.deliveries > 1 { line.append("  handed out \(account.deliveries) times", .faint) }
        if let failure = sheet.failure { line.append(" [\(failure.code)]", .bad) }
        var lines = [line]
        if let failure = sheet.failure { lines.append(StyledText("   \(PlainText.line(failure.message, limit: 300))")) }
        if let used = UsageText.machine(sheet.usage) { lines.append(StyledText("   used \(used)", .faint)) }
        if let sequel = account.sequel { lines.append(StyledText("   \(self.words.sequel(sequel))", .faint)) }
        return lines
    }

    private static let mostReplies = 8

    private var replies: [StyledText] {
        let hidden = max(0, self.explanation.replies.count - Self.mostReplies)
        let more = hidden > 0 ? [StyledText("… \(hidden) before", .faint)] : []
        return more
            + self.explanation.replies.dropFirst(hidden).flatMap { reply in
                let who =
                    switch reply.by {
                    case .person: self.words.person(reply.by)
                    case .agent(let agent, let task): "\(agent), in \(task)"
                    case .engine: "nobody in time, so by the plan"
                    }
                let said = AnswerText.line(reply.answer, in: self.run.plan, limit: 300)
                return [
                    StyledText("\(reply.question.id)  \(PlainText.line(reply.question.text, limit: 300))"),
                    StyledText("   \(who), at \(self.words.moment(reply.at)): \(said)"),
                ]
            }
    }

    private var models: [StyledText] {
        let hidden = max(0, self.explanation.models.count - Self.mostReplies)
        let more = hidden > 0 ? [StyledText("… \(hidden) before", .faint)] : []
        return more
            + self.explanation.models.dropFirst(hidden).map { use in
                let times = use.questions == 1 ? "once" : "\(use.questions) times"
                let model = PlainText.line(use.model, limit: 80)
                return StyledText("\(model)  asked \(times): \(self.words.reason(of: use.reason))")
            } + self.weighed
    }

    // The first is the one that was asked, as its good answer probably costs least.
    private var weighed: [StyledText] {
        let weighed = self.explanation.weighed
        guard !weighed.isEmpty else { return [] }
        return [StyledText("weighed for attempt \(self.explanation.attempts.count), best first:", .faint)]
            + weighed.map { model in
                let cost = model.cost.map { "at most \($0) a question" } ?? "of unknown price"
                let (good, attempts) = (model.record.good, model.record.attempts)
                let record = attempts == 0 ? "not tried yet" : "\(good) of \(attempts) attempts went well"
                return StyledText("  \(PlainText.line(model.model, limit: 80))  \(cost), \(record)")
            }
    }

    private func result(of sheet: RunSheet.AttemptSheet) -> String {
        guard sheet.result == "running", !self.words.isCarried, case .running = self.explanation.state else {
            return sheet.result
        }
        return "in hand \(self.words.lastSeen)"
    }

    // MARK: The choice

    private var choice: [StyledText] {
        guard let choice = self.explanation.choices.last else { return [] }
        let title =
            choice.attempt.map {
                "Who does it: \(self.words.name(choice.lead ?? AgentIndex(-1))), chosen for attempt \($0)"
            }
            ?? "Who would do it now: \(choice.winner.map { self.words.name($0) } ?? "nobody")"
        return [StyledText(), StyledText(title, .strong)]
            + ChoiceTable(choice, words: self.words, width: self.viewer.width).lines.flatMap {
                (StyledText("  ") + $0).wrapped(to: max(40, self.viewer.width), indent: 9)
            }
    }
}
