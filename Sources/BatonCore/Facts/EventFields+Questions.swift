// What people and managers were asked, and what they said.
extension EventFields {
    func question() throws(EventCodec.Fault) -> Question {
        var options: [String] = []
        for node in self.list("options") {
            guard case .string(let text) = node.kind else { throw self.fault("options") }
            options.append(text)
        }
        return Question(
            id: QuestionID(Int(try self.small("question"))),
            kind: try self.word("about", Question.Kind.init),
            task: try self.task(),
            agent: self.node["agent"] == nil ? nil : try self.agent("agent"),
            text: try self.text("text"),
            options: options,
            deadline: self.node["deadline"] == nil ? nil : Timestamp(microseconds: try self.integer("deadline")),
            fallback: self.node["fallback"] == nil ? nil : try self.word("fallback", TaskSpec.UnansweredRule.init),
            budget: self.node["budget_of"] == nil ? nil : try self.budget()
        )
    }

    private func budget() throws(EventCodec.Fault) -> Question.Budget {
        let scope: BudgetScope
        switch try self.text("budget_of") {
        case "run": scope = .run
        case "agent": scope = .agent(try self.agent("budget_agent"))
        // Of a task above, if it is not that of the question itself.
        case "task": scope = .task(try self.task(self.node["budget_task"] == nil ? "task" : "budget_task"))
        default: throw self.fault("budget_of")
        }
        return Question.Budget(scope: scope, measure: try self.word("measure", Spend.Measure.init))
    }

    func answer() throws(EventCodec.Fault) -> Answer {
        let choice: Answer.Choice
        switch try self.text("choice") {
        case "done": choice = .done
        case "fail": choice = .fail
        case "skip": choice = .skip
        case "again": choice = .again
        case "approve": choice = .approve
        case "assign": choice = .assign(try self.agent("agent"))
        case "deny": choice = .deny
        case "raise": choice = .raise(try self.natural("limit"))
        default: throw self.fault("choice")
        }
        return Answer(choice, content: try self.content(), note: self.optionalText("note") ?? "")
    }
}
