package import BatonCore

/// What `baton why RUN` says, in about forty lines whatever the run.
package struct RunWhy {
    private var mostTroubles: Int { self.run.isEnded ? 5 : 2 }
    private static let mostNames = 5
    private static let mostQuestions = 2

    private let inquiry: Inquiry
    private let explanation: RunExplanation
    private let words: WhyWords
    private let viewer: Viewer

    /// - Parameter isCarried: whether a process has the run's data folder in its hands.
    package init(_ inquiry: Inquiry, _ explanation: RunExplanation, isCarried: Bool, for viewer: Viewer) {
        self.inquiry = inquiry
        self.explanation = explanation
        self.words = WhyWords(inquiry, viewer, isCarried: isCarried)
        self.viewer = viewer
    }

    package var lines: [StyledText] {
        var lines = self.head.flatMap { $0.wrapped(to: max(40, self.viewer.width), indent: 2, most: 3) }
        lines += self.section("What failed", self.troubles)
        lines += self.section("What is waited for", self.waits)
        lines += self.section("Who did most", self.shares)
        lines += self.section("What took longest", self.longest)
        lines += self.section("What to do next", self.advice, wraps: false)
        return lines
    }

    // Commands are never broken: they are there to be copied.
    private func section(_ title: String, _ body: [StyledText], wraps: Bool = true) -> [StyledText] {
        guard !body.isEmpty else { return [] }
        let rows = body.map { StyledText("  ") + $0 }
        let shown = wraps ? rows.flatMap { $0.wrapped(to: max(40, self.viewer.width), indent: 6, most: 2) } : rows
        return [StyledText(), StyledText(title, .strong)] + shown
    }

    private var run: Run { self.inquiry.run }

    private var head: [StyledText] {
        var lines = [StyledText(RunSummary(self.inquiry.sheet, outputs: [:], for: self.viewer).headline, .strong)]
        lines.append(StyledText(PlainText.line(self.run.plan.title, limit: max(40, self.viewer.width)), .faint))
        let since = self.words.moment(self.inquiry.phaseSince)
        switch self.run.phase {
        case .paused: lines.append(StyledText("paused since \(since)", .waiting))
        case .stopping(let cause):
            lines.append(StyledText("stopping since \(since): \(self.words.reason(of: cause))", .waiting))
        case .ended(.cancelled): lines.append(StyledText("cancelled at \(since)", .waiting))
        case .ended(.failed), .ended(.partial), .ended(.completed), .running: break
        }
        if self.run.isEnded, let cause = self.words.cut {
            let count = self.run.counts.shown.cancelled
            let tasks = count == 1 ? "1 task was" : "\(count) tasks were"
            lines.append(StyledText("\(tasks) cancelled: \(self.words.reason(of: cause))", .bad))
        }
        lines += self.words.carriage
        if self.run.seed.mode == .rehearsal {
            lines.append(StyledText("\(StandIn.mark): stand-ins played every agent", .waiting))
        }
        return lines
    }

    // MARK: What failed

    private var troubles: [StyledText] {
        let shown = self.explanation.troubles.prefix(self.mostTroubles)
        let lines = shown.flatMap { trouble -> [StyledText] in
            let line = self.line(of: trouble)
            guard trouble.victims > 0 else { return [line] }
            let count = trouble.victims == 1 ? "1 task was" : "\(trouble.victims) tasks were"
            return [line, StyledText("  \(count) not done because of it", .waiting)]
        }
        let left = self.explanation.troubles.dropFirst(shown.count)
        return lines + (left.isEmpty ? [] : [StyledText("… and \(self.counted(left))", .faint)])
    }

    private func line(of trouble: RunExplanation.Trouble) -> StyledText {
        let agent = trouble.agent.map { ", by \($0)" } ?? ""
        var line = StyledText("\(self.words.name(trouble.task))\(agent): ", .bad)
        if let failure = trouble.failure {
            line.append("[\(failure.code)] \(PlainText.line(failure.message, limit: 240))")
        } else if case .ended(.skipped(.person(let note)))? = self.run.record(trouble.task)?.state {
            line.append("a person left it out\(WhyWords.because(note))")
        } else if case .ended(.skipped(.unanswered(let question)))? = self.run.record(trouble.task)?.state {
            line.append(WhyWords.unanswered(question))
        }
        return line
    }

    // Many failures usually have few codes.
    private func counted(_ troubles: ArraySlice<RunExplanation.Trouble>) -> String {
        var counts: [String: Int] = [:]
        for trouble in troubles { counts[trouble.failure?.code ?? "left out", default: 0] += 1 }
        let codes = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(3)
        let words = codes.map { "\($0.value) \($0.key)" }.joined(separator: ", ")
        let noun = troubles.count == 1 ? "task" : "tasks"
        return "\(troubles.count) more \(noun): \(words)\(counts.count > 3 ? " and others" : "")"
    }

    // MARK: What is waited for

    private var waits: [StyledText] {
        var lines: [StyledText] = []
        for question in self.explanation.questions.prefix(Self.mostQuestions) {
            lines.append(self.words.line(ofQuestion: question.id))
            lines.append(StyledText("  \(self.whoCanHelp(question))", .faint))
        }
        let more = self.explanation.questions.count - Self.mostQuestions
        if more > 0 {
            lines.append(StyledText("… and \(more) more answers: \(self.viewer.command(["inbox"]))", .waiting))
        }
        let running = self.explanation.running
        if !running.isEmpty {
            let names = running.prefix(Self.mostNames).map { self.atWork($0) }
            let more = running.count > names.count ? " and \(running.count - names.count) more" : ""
            let how = self.words.isCarried ? "at work" : "in hand \(self.words.lastSeen)"
            lines.append(StyledText("\(running.count) \(how): \(names.joined(separator: ", "))\(more)"))
        }
        if let next = self.explanation.resting.first {
            let count = self.explanation.resting.count
            lines.append(
                StyledText(
                    "\(count) failed and tried again, next \(self.words.name(next.task)) \(self.words.ahead(next.until))"
                )
            )
        }
        if let next = self.explanation.scheduled.first {
            let date = CivilDate(next.date).text(milliseconds: false)
            lines.append(
                StyledText(
                    "\(self.explanation.scheduled.count) scheduled, next \(self.words.name(next.task)) on \(date)"
                )
            )
        }
        lines += self.ready
        if self.explanation.waiting > 0 {
            lines.append(StyledText("\(self.explanation.waiting) waiting for other tasks", .faint))
        }
        return lines
    }

    private var ready: [StyledText] {
        guard self.explanation.ready > 0 else { return [] }
        var lines: [StyledText] = []
        if let room = self.explanation.room {
            lines.append(StyledText("\(self.explanation.ready) ready; the plan lets \(room) be in hand at once"))
        }
        var left = self.explanation.ready
        for queue in self.explanation.queues.prefix(2) {
            left -= queue.tasks.count
            let tasks = self.words.list(queue.tasks.prefix(7).map { self.words.name($0) }, of: queue.tasks.count)
            lines.append(
                StyledText("\(queue.tasks.count) ready for \(self.words.names(queue.agents)), busy now: \(tasks)")
            )
            lines += self.words.elsewhere(queue.agents).map { StyledText("  ") + $0 }
        }
        if left > 0, self.explanation.room == nil {
            let isPaused = if case .paused = self.run.phase { true } else { false }
            lines.append(
                StyledText("\(left) ready, for \(isPaused ? "the run to be resumed" : "a slot of the engine")")
            )
        }
        return lines
    }

    private func whoCanHelp(_ question: Question) -> String {
        guard let agent = question.agent, self.run.plan.agents.indices.contains(agent.offset) else {
            return "whoever is in charge can help"
        }
        let profile = self.run.profile(agent)
        return "\(profile.name) can help"
            + (profile.occupation.isEmpty ? "" : " (\(PlainText.line(profile.occupation, limit: 60)))")
    }

    private func atWork(_ task: TaskIndex) -> String {
        let agent = self.inquiry.sheet.attempts[task.offset].last.map { "\($0.agent), " } ?? ""
        return "\(self.words.name(task)) (\(agent)\(self.words.age(self.inquiry.since[task.offset])))"
    }

    // MARK: Who and what

    private var shares: [StyledText] {
        let shown = self.explanation.shares.prefix(3)
        let left = self.explanation.shares.count - shown.count
        return shown.map { share in
            let failed = share.failed > 0 ? ", \(share.failed) failed" : ""
            return StyledText(
                "\(self.words.name(share.agent)): \(share.completed) done\(failed), \(SpanText.of(share.busy)) at work"
            )
        } + (left > 0 ? [StyledText("… and \(left) more \(left == 1 ? "agent" : "agents")", .faint)] : [])
    }

    private var longest: [StyledText] {
        var lines = self.explanation.longest.prefix(self.run.isEnded ? 5 : 3).map { stretch in
            let attempts = stretch.attempts > 1 ? ", \(stretch.attempts) attempts" : ""
            let agent = self.inquiry.sheet.attempts[stretch.task.offset].last.map { ", \($0.agent)" } ?? ""
            return StyledText("\(self.words.name(stretch.task)): \(SpanText.of(stretch.duration))\(agent)\(attempts)")
        }
        let path = self.explanation.path
        if path.tasks.count > 1 {
            let names = path.tasks.prefix(8).map { self.words.name($0) }
            let more = path.tasks.count > names.count ? " → … (\(path.tasks.count) tasks)" : ""
            lines.append(
                StyledText("critical path, \(SpanText.of(path.duration)): \(names.joined(separator: " → "))\(more)")
            )
        }
        return lines
    }

    // MARK: Next

    private var advice: [StyledText] {
        var advice: [TaskExplanation.Advice] = self.explanation.questions.prefix(2).map { .answer($0.id) }
        let elsewhere = self.inquiry.elsewhere?.pieces(of: self.explanation.queues.flatMap(\.agents)) ?? []
        advice += elsewhere.compactMap { piece in piece.question.map { .answerElsewhere(piece.run, $0) } }.prefix(2)
        advice += self.explanation.troubles.prefix(2).map { .lookAt($0.task) }
        if self.explanation.questions.isEmpty, self.explanation.running.isEmpty {
            if let next = self.explanation.resting.first { advice.append(.waitUntil(next.until)) }
        }
        if let worst = self.explanation.troubles.first?.failure { advice.append(.mend(worst.remedy)) }
        if !self.run.isEnded { advice.append(.resume) }
        let isTroubled = self.words.cut != nil || !self.explanation.troubles.isEmpty
        if self.run.isEnded, isTroubled, !self.run.unfinished.isEmpty { advice.append(.runAgain) }
        if advice.isEmpty {
            return [StyledText("nothing is open; see the results: \(self.viewer.command(["show", self.run.id.text]))")]
        }
        return self.words.lines(of: advice)
    }
}
