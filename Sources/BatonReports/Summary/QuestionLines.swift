package import BatonCore

/// An open question with the command that answers it.
package enum QuestionLines {
    package static func of(_ question: Question, in run: Run, for viewer: Viewer) -> [StyledText] {
        let example = question.options.first ?? Question.placeholder
        let others = question.options.dropFirst().joined(separator: ", ")
        var first = StyledText("  \(question.id)  ", .waiting)
        first.append(Self.words(question, in: run.plan))
        var second = StyledText("      " + viewer.command(["answer", run.id.text, question.id.description, example]))
        if !others.isEmpty { second.append("  (or \(PlainText.line(others, limit: 120)))", .faint) }
        return [first] + Self.told(run.directives(for: question), indent: "      ") + [second]
    }

    // The newest last.
    private static func told(_ directives: [Directive], indent: String) -> [StyledText] {
        let shown = directives.suffix(Self.mostTold).map { directive in
            StyledText("\(indent)told: \(PlainText.line(directive.text.shown, limit: 300))")
        }
        let left = directives.count - shown.count
        return shown + (left > 0 ? [StyledText("\(indent)and \(left) told before", .faint)] : [])
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

    private static func unit(of measure: Spend.Measure?) -> String {
        switch measure {
        case .money: " in USD"
        case .time: ", such as 90s, 15m or 2h"
        case .tokens, .calls, nil: ""
        }
    }

    /// The same for whoever can answer at once, at a prompt.
    package static func prompt(_ question: Question, in plan: Plan) -> [StyledText] {
        let choice =
            switch question.kind {
            case .budget: "Type a new limit\(Self.unit(of: question.budget?.measure)), skip or fail"
            case .consultation: "Type your answer, skip or fail"
            case .work, .staffing, .unknownOutcome, .approval, .blocker, .action:
                question.options.isEmpty
                    ? "Type the result as text or JSON, !fail REASON or !skip"
                    : "Type one of \(question.options.joined(separator: ", "))"
            }
        return [
            StyledText("\(question.id)  \(Self.words(question, in: plan))", .strong),
            StyledText("\(PlainText.line(choice, limit: 300)), then Enter:"),
        ]
    }

    /// The same in a few rows of a screen, with what whoever is asked was told, and what was said to the last line that was no answer.
    ///
    /// Choice, refusal and the rest may have a third each; of a long question the end gives way, of what was told the oldest.
    package static func prompt(
        _ question: Question,
        in plan: Plan,
        told directives: [Directive] = [],
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
        let asked = lines[0].wrapped(to: columns, most: room)
        let told = Self.told(directives, indent: "").flatMap { $0.wrapped(to: columns, most: 2) }
        return Array((asked + told.suffix(max(0, room - asked.count)) + choice + said).prefix(rows))
    }

    private static func longest(_ question: Question) -> Int {
        switch question.kind {
        // Who says yes to an action has to see all of it; its arguments have an end of their own.
        case .action: 10_000
        // Who does work themselves, or speaks in a meeting, has nothing else to read.
        case .work: 4000
        case .staffing, .unknownOutcome, .approval, .blocker, .budget, .consultation: 400
        }
    }

    /// Who is asked, about which task, what; nobody is named where whoever is in charge is asked.
    static func words(_ question: Question, in plan: Plan) -> String {
        let who = question.agent.flatMap { plan.agents.indices.contains($0.offset) ? plan.agents[$0.offset] : nil }
        let task = plan.tasks.indices.contains(question.task.offset) ? plan.tasks[question.task.offset].id.text : "?"
        let asked = who.map { "\($0.name), " } ?? ""
        return "\(asked)\(task): \(PlainText.line(question.text, limit: Self.longest(question)))"
    }
}
