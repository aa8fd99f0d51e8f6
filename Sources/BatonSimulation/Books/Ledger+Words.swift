import BatonCore

// What people have said to agents, and who is told.
extension Ledger {
    func steered(_ directive: Directive) {
        self.reached.insert(.steered)
        self.said.append(directive)
    }

    /// The answer to a blocker is a word for its task.
    func answered(_ question: Question, with text: Content, _ by: Origin) {
        let number = Int32(self.said.count + 1)
        var sender = Directive.Sender.person
        if case .agent(let manager, _) = by { sender = .manager(manager) }
        self.said.append(Directive(number: number, audience: .task(question.task), text: text, sender: sender))
    }

    /// What the run says that people said.
    func checkWords(of run: Run) throws {
        guard run.directives == self.said else {
            let words = { (said: [Directive]) in said.map { "\($0.audience) \($0.text)" }.joined(separator: ", ") }
            throw Violation(
                "what people say is said once, to whom they say it",
                "\(self.name) \(words(run.directives)), not \(words(self.said))"
            )
        }
    }

    /// What the agents of an attempt are told as its step begins.
    func checkWords(to task: TaskIndex, _ told: [Directive]) throws {
        let agents = self.tasks[task.offset].agents
        let wanted = self.said.filter { directive in
            switch directive.audience {
            case .everyone: true
            case .agent(let agent): agents.contains(agent)
            case .task(let other): other == task
            }
        }
        guard told == wanted else {
            throw self.violation(
                "an attempt is told what is for it, and nothing else",
                task,
                "\(told.map(\.number)), not \(wanted.map(\.number))"
            )
        }
        if told.count > 1 { self.reached.insert(.toldSeveralThings) }
    }
}
