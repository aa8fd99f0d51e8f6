import BatonCore

/// The phrases that explanations are made of.
struct WhyWords {
    private let inquiry: Inquiry
    private let viewer: Viewer
    let isCarried: Bool

    init(_ inquiry: Inquiry, _ viewer: Viewer, isCarried: Bool) {
        self.inquiry = inquiry
        self.viewer = viewer
        self.isCarried = isCarried
    }

    /// Says that nothing goes on, where that is so.
    var carriage: [StyledText] {
        guard !self.isCarried, !self.run.isEnded else { return [] }
        let words = "nothing carries the run since \(self.moment(self.run.now)): it stands still until it is resumed"
        return [StyledText(words, .waiting)]
    }

    private var run: Run { self.inquiry.run }

    // MARK: Names

    func name(_ task: TaskIndex) -> String {
        self.run.plan.tasks.indices.contains(task.offset) ? self.run.plan.tasks[task.offset].id.text : "?"
    }

    func name(_ agent: AgentIndex) -> String {
        self.run.plan.agents.indices.contains(agent.offset) ? self.run.plan.agents[agent.offset].id.text : "?"
    }

    func names(_ agents: [AgentIndex]) -> String { self.list(agents.map { self.name($0) }) }

    /// Some names, and how many more.
    func list(_ names: [String]) -> String { self.list(names, of: names.count) }

    /// The first of so many names.
    func list(_ names: [String], of count: Int) -> String {
        names.prefix(6).joined(separator: ", ") + (count > 6 ? " and \(count - 6) more" : "")
    }

    /// A chain in its order; the middle of a long one is left out, its root never.
    func way(_ chain: [TaskIndex]) -> String {
        guard chain.count > 8 else { return chain.map { self.name($0) }.joined(separator: ", ") }
        let ends = [chain.prefix(5), chain.suffix(2)].map { $0.map { self.name($0) }.joined(separator: ", ") }
        return "\(ends[0]), … (\(chain.count - 7) more), \(ends[1])"
    }

    var engine: String { "Baton \(PlainText.line(self.run.seed.engine, limit: 40))" }

    // MARK: Times

    // A rehearsal and an ended run stand still.
    var now: Timestamp {
        if let end = self.inquiry.sheet.endedAt { return end }
        return self.run.seed.mode == .rehearsal ? self.run.now : max(self.run.now, self.viewer.now)
    }

    func moment(_ moment: Timestamp) -> String {
        self.run.seed.mode == .rehearsal
            ? CivilDate(moment).text(milliseconds: false) : self.viewer.timeOfDay(moment)
    }

    func age(_ since: Timestamp) -> String { SpanText.of(max(.zero, self.now - since)) }

    func ahead(_ date: Timestamp) -> String {
        date > self.now
            ? "at \(self.moment(date)), in \(SpanText.of(date - self.now))" : "due since \(self.moment(date))"
    }

    // MARK: States

    /// How another task stands, with the root of its trouble.
    func standing(of task: TaskIndex, behind chain: [TaskIndex]) -> String {
        let own = self.standing(of: task)
        guard let root = chain.last else { return own }
        let way = chain.count == 1 ? "" : " through \(self.way(Array(chain.dropLast())))"
        return "\(own)\(way): \(self.name(root)) \(self.standing(of: root))"
    }

    /// When somebody last worked on what is in hand of a run that nobody carries.
    var lastSeen: String { self.run.awaitsEngine ? "where the run was forked off" : "when the engine ended" }

    private func standing(of task: TaskIndex) -> String {
        let since = self.inquiry.since[task.offset]
        let age = self.age(since)
        switch self.run.tasks[task.offset].state {
        case .waiting: return "waits in its turn"
        case .scheduled(let date): return "is scheduled for \(CivilDate(date).text(milliseconds: false))"
        case .ready: return "is ready since \(self.moment(since))\(self.obstacle(to: task))"
        case .running(let attempt):
            let who = self.name(attempt.assignment.lead)
            return self.isCarried ? "is running for \(age), by \(who)" : "was in hand with \(who) \(self.lastSeen)"
        case .stopping: return "is stopping for \(age)"
        case .resting(let until): return "has failed and is tried again \(self.ahead(until))"
        case .blocked(let id, _): return "waits for the answer to \(id), since \(self.moment(since)), for \(age)"
        case .ended(let end): return "\(end.word) at \(self.moment(since))"
        }
    }

    private func obstacle(to task: TaskIndex) -> String {
        let run = self.run
        let busy = run.candidates(for: task).agents.filter { !run.isFree($0) }
        if !run.canBeServed(task) { return " and waits for \(self.names(busy))" }
        return run.phase == .paused || !self.isCarried ? "" : " and waits for room or a slot"
    }

    /// The tasks in hand, the oldest first.
    var inHand: String { self.list(self.inquiry.sheet.progress.tasksInHand.map { self.name($0) }) }

    /// The way from what brought a task down to the task.
    func fall(of chain: [TaskIndex]) -> [StyledText] {
        guard let root = chain.last else { return [] }
        var lines: [StyledText] = []
        if chain.count > 1 { lines.append(StyledText("the way there: \(self.way(chain))")) }
        if case .ended(.failed(let failure))? = self.run.record(root)?.state {
            lines.append(
                StyledText(
                    "\(self.name(root)) failed [\(failure.code)]: \(PlainText.line(failure.message, limit: 300))",
                    .bad
                )
            )
        } else {
            lines.append(StyledText("\(self.name(root)) \(self.standing(of: root))"))
        }
        return lines
    }

    func lines(of failure: Failure) -> [StyledText] {
        var lines = [StyledText("[\(failure.code)] \(PlainText.line(failure.message, limit: 400))", .bad)]
        lines += failure.causes.prefix(5).map { StyledText("caused by \(PlainText.line($0, limit: 300))") }
        let tail = (failure.stderrTail ?? "").split(separator: "\n").filter { line in line.contains { !$0.isWhitespace }
        }
        lines += tail.suffix(6).map { StyledText("| \(PlainText.line(String($0), limit: 200))", .faint) }
        return lines
    }

    func reason(of cause: StopCause) -> String {
        switch cause {
        case .person: "\(self.person(self.inquiry.stoppedBy)) cancelled the run"
        case .strict(let task): "\(self.name(task)) is strict and failed, which ends the run"
        case .timeLimit:
            "the time of the run was over (budget.time\(self.run.plan.budget.time.map { ", \(SpanText.of($0))" } ?? ""))"
        }
    }

    func reason(of stop: StopReason) -> String {
        switch stop {
        case .timedOut: "it took longer than its limit (timeout_seconds)"
        case .cancelled: "the run is being cancelled"
        case .decided: "the vote was decided without it"
        case .skipped(let note): "a person left it out\(Self.because(note))"
        case .paused: "the run was paused at once"
        }
    }

    func sequel(_ sequel: TaskExplanation.Sequel) -> String {
        switch sequel {
        case .nextTry(let rest):
            (rest.until > self.now ? "to be tried again" : "tried again") + " after \(SpanText.of(rest.wait)), "
                + "at \(self.moment(rest.until)) (\(self.reason(of: rest.rule)))"
        case .permanent: "no further try: another try does not mend this"
        case .limit(let most):
            "no further try: \(most) \(most == 1 ? "attempt is" : "attempts are") allowed (max_attempts)"
        case .stopping: "no further try: the run was stopping"
        case .person(.engine): "no further try: nobody answered in time"
        case .person(let by): "no further try: \(self.person(by)) gave the task up"
        case .uncounted: "does not count: another attempt was asked for"
        case .unknown: "no further try, by a rule that this version does not have"
        }
    }

    /// Why it was this model.
    func reason(of reason: ModelUse.Reason) -> String {
        switch reason {
        case .task: "the task names it"
        case .tier(let name): "it is of model_tiers for what is \(PlainText.line(name, limit: 60))"
        case .agent: "it is the agent's own"
        case .failure: "the one before it had failed, and it is the next of fallback_models"
        case .price: "it is the first that fits what the budget has left"
        }
    }

    private func reason(of rule: Inquiry.RestRule) -> String {
        switch rule {
        case .doubled(let most): "the retry delay, doubled by each failure, makes \(SpanText.of(most)), less jitter"
        case .retryAfter(let span): "the other side asked for \(SpanText.of(span))"
        case .fallback: "it was the last attempt: the fallback of the task took over"
        case .other: "by a rule that this version does not have"
        }
    }

    /// What a person gave as the reason, behind a colon.
    static func because(_ note: String) -> String { note.isEmpty ? "" : ": \(PlainText.line(note, limit: 300))" }

    /// What the plan does with a task whose question stays open.
    static func unanswered(_ question: QuestionID) -> String {
        "nobody answered \(question) in time, and the plan leaves the task out then (if_unanswered: skip)"
    }

    /// Why nobody needed a task.
    func needlessness(of task: TaskIndex, after other: TaskIndex) -> [String] {
        let output = self.run.output(of: other)
        let failed = self.run.spec(task).conditions.filter {
            $0.task == self.run.spec(other).id && !$0.isMet(by: output)
        }
        guard !failed.isEmpty else { return ["it needs only \(self.name(other)), which nobody needed"] }
        return failed.map { condition in
            let found =
                switch output {
                case nil: "it returned nothing"
                case .inline(let value)?: "it is \(Condition.line(condition.found(in: value)))"
                case .stored?: "it returned more than is looked into"
                }
            return "it is needed if \(condition.words), and \(found) (when)"
        }
    }

    /// Who did what only a person does.
    func person(_ by: Origin) -> String {
        switch by {
        case .person(let name): return PlainText.line(name, limit: 60)
        case .agent(let agent, _): return agent.text
        case .engine: return "a person"
        }
    }

    // MARK: Agents

    /// - Parameter chosen: what is said of whoever takes the task; nil for the others.
    func verdict(_ standing: AgentChoice.Standing, chosen: String?) -> String {
        switch standing {
        case .candidate: chosen ?? ""
        case .busy(let held) where held.isEmpty: "busy for another run"
        case .busy(let held): "busy with \(self.words(of: held))"
        case .attends: chosen == nil ? "attends" : "attends and leads"
        case .nearest(let gaps): "\(chosen.map { "\($0), " } ?? "")nearest, lacks \(self.words(of: gaps))"
        case .unavailable: "not available (available: false)"
        case .givenTo(let agent): "the task is given to \(self.name(agent))"
        case .notInvited: "not invited to the meeting"
        case .otherType(let wanted): "is no \(PlainText.line(wanted, limit: 60)): neither its type nor a capability"
        case .lacks(let gaps): gaps.isEmpty ? "not considered" : "lacks \(self.words(of: gaps))"
        }
    }

    private func words(of held: [AgentChoice.Held]) -> String {
        let shown = held.prefix(2).map { "\(self.name($0.task)) since \(self.moment($0.since))" }
        return shown.joined(separator: ", ") + (held.count > 2 ? " and \(held.count - 2) more" : "")
    }

    private func words(of gaps: [Eligibility.Gap]) -> String {
        self.list(gaps.map(\.words))
    }

    /// What keeps agents in other runs.
    func elsewhere(_ agents: [AgentIndex]) -> [StyledText] {
        let pieces = self.inquiry.elsewhere?.pieces(of: agents) ?? []
        let shown = pieces.prefix(6).map { piece in
            let question = piece.question.map { ", which waits for the answer to \($0)" } ?? ""
            let work = "\(self.name(piece.agent)) has task \(piece.task) of run \(piece.run) in hand"
            return StyledText("\(work), for \(self.age(piece.since))\(question)", .waiting)
        }
        return shown + (pieces.count > 6 ? [StyledText("… and \(pieces.count - 6) more", .faint)] : [])
    }

    /// Why the run ended before its tasks were through; nil if it did not.
    var cut: StopCause? {
        for record in self.run.tasks { if case .ended(.cancelled(let cause)) = record.state { return cause } }
        return nil
    }

    // MARK: Questions and advice

    func line(ofQuestion id: QuestionID) -> StyledText {
        guard let question = self.run.questions[id] else { return StyledText("an answer to \(id)") }
        let since = self.inquiry.asked[id].map { ", since \(self.moment($0)), for \(self.age($0))" } ?? ""
        return StyledText("an answer to \(id)\(since): \(QuestionLines.words(question, in: self.run.plan))", .waiting)
    }

    func lines(of advice: [TaskExplanation.Advice]) -> [StyledText] {
        advice.map { StyledText(self.sentence($0)) }
    }

    private func sentence(_ advice: TaskExplanation.Advice) -> String {
        let run = self.run.id.text
        switch advice {
        case .answer(let id):
            let example = self.run.questions[id]?.options.first ?? Question.placeholder
            return self.viewer.command(["answer", run, id.description, example])
        case .answerElsewhere(let other, let id):
            return self.viewer.command(["answer", other.text, id.description, Question.placeholder])
        case .lookAt(let task): return "see the root: \(self.viewer.command(["why", run, self.name(task)]))"
        case .mend(let remedy): return PlainText.line(remedy, limit: 300)
        case .change(let words): return "for the next run: \(PlainText.line(words, limit: 300))"
        case .waitUntil(let date): return "wait: \(self.ahead(date))"
        case .resume:
            guard self.isCarried, self.run.phase != .paused else { return self.viewer.command(["resume", run]) }
            return "see it go on: \(self.viewer.command(["watch", run]))"
        case .runAgain:
            guard self.run.isEnded else {
                let task = self.inquiry.subject.map { self.name($0) } ?? "TASK"
                return "the run tries it no more: mend the cause, then \(self.viewer.command(["retry", run, task]))"
            }
            let time = self.cut == .timeLimit ? ["--set", "budget.time=..."] : []
            let again = self.viewer.command(["fork", run, "--retry-all"] + time)
            return "go on from what is done, when the cause is mended: \(again)"
        case .nothing: return "nothing"
        }
    }
}
