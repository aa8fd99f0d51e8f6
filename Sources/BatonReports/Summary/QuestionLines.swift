package import BatonCore

/// An open question with the command that answers it.
package enum QuestionLines {
    package static func of(_ question: Question, in run: Run, for viewer: Viewer) -> [StyledText] {
        let example = question.options.first ?? "..."
        let others = question.options.dropFirst().joined(separator: ", ")
        var first = StyledText("  \(question.id)  ", .waiting)
        first.append(Self.words(question, in: run.plan))
        var second = StyledText("      " + viewer.command(["answer", run.id.text, question.id.description, example]))
        if !others.isEmpty { second.append("  (or \(PlainText.line(others, limit: 120)))", .faint) }
        let told = run.directives(for: question)
        let shown = told.suffix(Self.mostTold).map { directive in
            StyledText("      told: \(PlainText.line(directive.text.shown, limit: 300))")
        }
        let left = told.count - shown.count
        return [first] + shown + (left > 0 ? [StyledText("      and \(left) told before", .faint)] : []) + [second]
    }

    private static let mostTold = 5

    /// Since when it waits, what it holds up, and what happens if nobody answers.
    package static func context(of question: Question, in run: Run, at now: Timestamp) -> StyledText {
        var parts: [String] = []
        if let at = run.askedAt[question.id] { parts.append("asked \(SpanText.of(now - at)) ago") }
        let held = run.held(by: question.task)
        if held > 0 { parts.append("holds up \(CountText.of(held, "task"))") }
        if let deadline = question.deadline {
            let fallback = question.fallback?.rawValue ?? "the attempt has failed"
            // Nothing is decided until it is written: an answer that comes before the engine looks still counts.
            parts.append(
                deadline > now
                    ? "if nobody answers, in \(SpanText.of(deadline - now)): \(fallback)"
                    : "overdue for \(SpanText.of(now - deadline)): \(fallback) when an engine goes on, unless it is answered before"
            )
        }
        return StyledText("      " + parts.joined(separator: " · "), .faint)
    }

    /// The same for whoever can answer at once, at a prompt.
    package static func prompt(_ question: Question, in plan: Plan) -> [StyledText] {
        let choice =
            question.options.isEmpty
            ? "Type the result as text or JSON, !fail REASON or !skip"
            : "Type one of \(question.options.joined(separator: ", "))"
        return [
            StyledText("\(question.id)  \(Self.words(question, in: plan))", .strong),
            StyledText("\(PlainText.line(choice, limit: 300)), then Enter:"),
        ]
    }

    /// The same in a few rows of a screen, with what was said to the last line that was no answer.
    ///
    /// Each of the three may have a third; of a long question the end gives way.
    package static func prompt(
        _ question: Question,
        in plan: Plan,
        refusal: String?,
        columns: Int,
        rows: Int
    ) -> [StyledText] {
        let lines = Self.prompt(question, in: plan)
        let third = max(1, rows / 3)
        let choice = lines.dropFirst().flatMap { $0.wrapped(to: columns, most: third) }
        let said =
            refusal.map { StyledText(PlainText.line($0, limit: 400), .bad).wrapped(to: columns, most: third) } ?? []
        let room = max(1, rows - choice.count - said.count)
        return Array((lines[0].wrapped(to: columns, most: room) + choice + said).prefix(rows))
    }

    /// Who is asked, about which task, what; nobody is named where whoever is in charge is asked.
    static func words(_ question: Question, in plan: Plan) -> String {
        let who = question.agent.flatMap { plan.agents.indices.contains($0.offset) ? plan.agents[$0.offset] : nil }
        let task = plan.tasks.indices.contains(question.task.offset) ? plan.tasks[question.task.offset].id.text : "?"
        let asked = who.map { "\($0.name), " } ?? ""
        return "\(asked)\(task): \(PlainText.line(question.text, limit: 400))"
    }
}
