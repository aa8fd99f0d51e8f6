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
        return [first, second]
    }

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

    /// Who is asked, about which task, what; nobody is named where whoever is in charge is asked.
    static func words(_ question: Question, in plan: Plan) -> String {
        let who = question.agent.flatMap { plan.agents.indices.contains($0.offset) ? plan.agents[$0.offset] : nil }
        let task = plan.tasks.indices.contains(question.task.offset) ? plan.tasks[question.task.offset].id.text : "?"
        let asked = who.map { "\($0.name), " } ?? ""
        return "\(asked)\(task): \(PlainText.line(question.text, limit: 400))"
    }
}
