import BatonCore

// Calls that want a person first.
extension Ledger {
    /// A tool whose calls need a yes.
    static let action = "run_command"
    /// One that a person answers.
    static let consultation = "ask_person"

    /// Arguments of its form, told apart by a number.
    static func input(of tool: String, _ number: Int64) -> JSON {
        switch tool {
        case Self.action: ["command": [.string("\(number)")]]
        case Self.consultation: ["question": .string("\(number)")]
        default: ["path": .string("\(number)")]
        }
    }

    func has(_ tool: String, _ task: TaskIndex) -> Bool {
        self.tasks[task.offset].lead.map { self.plan.agents[$0.offset].tools.contains(tool) } ?? false
    }

    func checkCall(_ question: Question, _ book: TaskBook) throws {
        guard !book.isOut, let talk = book.talk, case .tool(let place) = talk.next, !talk.isApproved,
            talk.tools[Int(place)] == (question.kind == .action ? Ledger.action : Ledger.consultation)
        else { throw self.violation("who asks for a call has one to make", question.task) }
        self.reached.insert(question.kind == .action ? .actionAsked : .consulted)
    }

    /// Whether the answer is one that the conversation hears, and goes on.
    func heard(_ question: Question, _ answer: Answer) -> Bool {
        guard let talk = self.tasks[question.task.offset].talk, case .tool(let place) = talk.next else { return false }
        switch (question.kind, answer.choice) {
        case (.action, .approve): self.tasks[question.task.offset].talk?.isApproved = true
        case (.action, .deny):
            self.reached.insert(.actionDenied)
            self.tasks[question.task.offset].talk?.next = talk.next(from: Int(place) + 1)
        case (.consultation, .done):
            self.tasks[question.task.offset].talk?.saidBytes += 1
            self.tasks[question.task.offset].talk?.next = talk.next(from: Int(place) + 1)
        default: return false
        }
        return true
    }

    /// Whether the call that is next waits for a person's word.
    func waitsForWord(_ task: Int) -> Bool {
        self.awaitsEngine || self.open.values.contains { $0.task.offset == task && $0.kind.holdsAttempt }
    }
}
