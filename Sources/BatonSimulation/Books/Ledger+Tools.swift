import BatonCore

// Calls that want a person first.
extension Ledger {
    /// A tool whose calls need a yes.
    static let action = "run_command"
    /// Tools of others: one that changes nothing, and one that needs a yes.
    static let foreignLook = "swift__look"
    static let foreignAction = "swift__act"
    static let foreignGrant = "swift/*"
    /// Those whose calls need a yes, and those that are simply called again.
    static let actions = [Ledger.action, Ledger.foreignAction]
    static let looks = [Ledger.tool, Ledger.foreignLook]

    static let catalogue = Catalogue(
        tools: [
            Catalogue.Tool(name: Ledger.foreignLook, source: "swift/look", isRepeatable: true),
            Catalogue.Tool(name: Ledger.foreignAction, source: "swift/act", isRepeatable: false),
        ],
        // So long that a bound that leaves it out is too small.
        content: .inline([["description": .string(String(repeating: "looks ", count: 150)), "input": [:]]])
    )

    /// One that a person answers.
    static let consultation = "ask_person"
    static let questions = [Ledger.consultation, Ledger.blockerTool]

    /// Arguments of its form, told apart by a number.
    static func input(of tool: String, _ number: Int64) -> JSON {
        switch tool {
        case Self.action: ["command": [.string("\(number)")]]
        case Self.consultation: ["question": .string("\(number)")]
        case Self.blockerTool: ["blocker": .string("\(number)")]
        case Self.delegate: ["role": "helper", "task": .string("\(number)")]
        default: ["path": .string("\(number)")]
        }
    }

    /// What its agent has for a task.
    func granted(_ task: TaskIndex) -> [String] {
        let own = self.tasks[task.offset].lead.map { self.plan.agents[$0.offset].tools } ?? []
        return self.tasks[task.offset].tools.map { tools in own.filter { tools.contains($0) } } ?? own
    }

    func has(_ tool: String, _ task: TaskIndex) -> Bool {
        let granted = self.granted(task)
        if [Self.foreignLook, Self.foreignAction].contains(tool) { return granted.contains(Self.foreignGrant) }
        return granted.contains(tool)
    }

    func checkCall(_ question: Question, _ book: TaskBook) throws {
        guard !book.isOut, let talk = book.talk, case .tool(let place) = talk.next, !talk.isApproved,
            question.kind == .action
                ? Ledger.actions.contains(talk.tools[Int(place)]) : Ledger.questions.contains(talk.tools[Int(place)])
        else { throw self.violation("who asks for a call has one to make", question.task) }
        self.reached.insert(question.kind == .action ? .actionAsked : .consulted)
        if talk.tools[Int(place)] == Ledger.blockerTool { self.unheard.insert(question.id) }
    }

    /// Whether the answer is one that the conversation hears, and goes on.
    func heard(_ question: Question, _ answer: Answer) -> Bool {
        guard let talk = self.tasks[question.task.offset].talk, case .tool(let place) = talk.next else { return false }
        switch (question.kind, answer.choice) {
        case (.action, .approve): self.tasks[question.task.offset].talk?.isApproved = true
        case (.action, .deny):
            self.reached.insert(.actionDenied)
            self.goOn(question.task, from: Int(place) + 1)
        case (.consultation, .done):
            self.tasks[question.task.offset].talk?.saidBytes += 1
            self.goOn(question.task, from: Int(place) + 1)
        default: return false
        }
        return true
    }

    /// Whether the call that is next waits for a person's word.
    func waitsForWord(_ task: Int) -> Bool {
        self.awaitsEngine || self.open.values.contains { $0.task.offset == task && $0.kind.holdsAttempt }
    }
}
