import BatonCore

/// Sentences that the pages have in common.
enum ReportWords {
    /// What failed, why, and what followed from it, in one or two sentences.
    ///
    /// - Returns: what it is about, and what is said of that.
    static func sentence(of group: FailureGroup, in report: RunReport) -> (subject: String, text: String) {
        let effect = Self.effect(of: group, in: report)
        let end = effect.isEmpty ? "." : ". \(effect)"
        switch group.cause {
        case .failure(let task, let failure): return (report.id(task).text, " failed: \(Self.reason(failure))\(end)")
        case .skippedByPerson(let task):
            var reason = ""
            if case .ended(.skipped(.person(let note)))? = report.state(task), !note.isEmpty {
                reason = ": \(PlainText.line(Self.withoutPeriod(note), limit: 200))"
            }
            return (report.id(task).text, " was skipped by a person\(reason)\(end)")
        case .unanswered(let task, let question):
            return (report.id(task).text, " was skipped, as nobody answered \(question) in time\(end)")
        case .stop(.person): return ("A person stopped the run", ": \(Self.cancelled(group)).")
        case .stop(.strict(let task)):
            return (report.id(task).text, ", a strict task, stopped the run: \(Self.cancelled(group)).")
        case .stop(.timeLimit): return ("The time of the run was over", ": \(Self.cancelled(group)).")
        case .unknown(let task): return (report.id(task).text, " did not complete\(end)")
        }
    }

    private static func cancelled(_ group: FailureGroup) -> String {
        group.consequences.count == 1 ? "1 task was cancelled" : "\(group.consequences.count) tasks were cancelled"
    }

    /// Why, in one line: the message, and the nearest cause or the last line that the program wrote to standard error.
    static func reason(_ failure: Failure, limit: Int = 200) -> String {
        let message = PlainText.line(Self.withoutPeriod(failure.message), limit: limit)
        // Some performers put that line into their message already.
        guard let said = failure.causes.first ?? Self.lastLine(failure.stderrTail),
            !message.contains(PlainText.line(said, limit: limit))
        else { return message }
        return "\(message) (“\(PlainText.line(said, limit: limit))”)"
    }

    private static func lastLine(_ text: String?) -> String? {
        text?.split(whereSeparator: \.isNewline).last { $0.contains { !$0.isWhitespace } }.map(String.init)
    }

    private static func withoutPeriod(_ text: String) -> String { text.hasSuffix(".") ? String(text.dropLast()) : text }

    /// `Because of it 2 tasks were skipped and 1 failed.`; empty if nothing followed.
    static func effect(of group: FailureGroup, in report: RunReport) -> String {
        var counts: [(word: String, count: Int)] = []
        for task in group.consequences {
            let word = report.state(task)?.word ?? "lost"
            if let place = counts.firstIndex(where: { $0.word == word }) {
                counts[place].count += 1
            } else {
                counts.append((word, 1))
            }
        }
        guard let first = counts.first else { return "" }
        let others = counts.dropFirst().map { " and \($0.count) \($0.word)" }.joined()
        let noun = first.count == 1 ? "1 task was" : "\(first.count) tasks were"
        return "Because of it \(noun) \(first.word == "failed" ? "given up as failed" : first.word)\(others)."
    }

    /// `had 1 failed attempt before it completed`.
    static func mended(_ account: TaskAccount, in report: RunReport) -> String {
        let failed = account.attempts.count { $0.failure != nil }
        let state = report.state(account.task)
        let now =
            switch state {
            case .ended(.completed): "before it completed"
            case .ended, .waiting, .scheduled, .ready, .running, .stopping, .resting, .blocked, nil:
                "and is now \(state?.word ?? "lost")"
            }
        return "had \(CountText.of(failed, "failed attempt")) \(now)"
    }

    /// Names with arrows; a long chain is told by its ends.
    static func chain(_ tasks: [TaskIndex], in report: RunReport) -> String {
        let names = tasks.map { report.id($0).text }
        guard names.count > 8 else { return names.joined(separator: " → ") }
        return (names.prefix(4) + ["… \(names.count - 6) more …"] + names.suffix(2)).joined(separator: " → ")
    }

    /// The names, and how many more there are.
    static func names(_ tasks: [TaskIndex], in report: RunReport, limit: Int = 20) -> String {
        let shown = tasks.prefix(limit).map { report.id($0).text }.joined(separator: ", ")
        return tasks.count > limit ? "\(shown) … and \(tasks.count - limit) more" : shown
    }

    // MARK: Decisions

    /// Whom a question was put to.
    static func asked(_ decision: Decision, in report: RunReport) -> String {
        guard let question = decision.question else { return "" }
        return question.agent.map { report.name($0) } ?? "whoever is in charge"
    }

    /// What was asked, or done unasked, in one line.
    static func matter(_ decision: Decision, in report: RunReport, limit: Int = 400) -> String {
        switch decision.matter {
        case .question(let question):
            return "\(report.id(question.task)): \(PlainText.line(question.text, limit: limit))"
        case .order(let order): return PlainText.line(Self.order(order, in: report), limit: limit)
        }
    }

    private static func order(_ order: Decision.Order, in report: RunReport) -> String {
        switch order {
        case .paused: "paused the run"
        case .resumed: "resumed the run"
        case .stopped: "stopped the run"
        case .forked(let run, let position): "forked run \(run) at event \(position.value)"
        case .skipped(let task, let note): "skipped \(report.id(task))" + (note.isEmpty ? "" : ": \(note)")
        case .added(let tasks): "added \(Self.names(tasks, in: report))"
        case .edited(let task): "edited \(report.id(task))"
        case .reprioritized(let task, let priority): "set the priority of \(report.id(task)) to \(priority)"
        case .retried(let tasks): "had \(Self.names(tasks, in: report)) begin anew"
        case .steered(let directive): "told \(Self.audience(of: directive, in: report)): \(directive.text.shown)"
        }
    }

    /// Who is to hear a directive.
    static func audience(of directive: Directive, in report: RunReport) -> String {
        switch directive.audience {
        case .everyone: "everyone"
        case .agent(let agent): "agent \(report.plan.agents[agent.offset].id)"
        case .task(let task): "task \(report.id(task))"
        }
    }

    /// What was answered, in one line.
    static func answer(_ decision: Decision, in report: RunReport, limit: Int = 400) -> String {
        guard decision.question != nil else { return "done unasked" }
        guard let answer = decision.answer else {
            return decision.isOpen
                ? "no answer yet" : "withdrawn: the task ended, or became another one, without an answer"
        }
        return AnswerText.line(answer, in: report.plan, limit: limit)
    }
}

extension Decision.Order {
    /// As reports for programs say it.
    var word: String {
        switch self {
        case .paused: "paused"
        case .resumed: "resumed"
        case .stopped: "stopped"
        case .forked: "forked"
        case .skipped: "skipped"
        case .added: "added"
        case .edited: "edited"
        case .reprioritized: "reprioritized"
        case .retried: "retried"
        case .steered: "steered"
        }
    }
}
