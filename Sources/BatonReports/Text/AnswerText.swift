import BatonCore

/// What was answered to a question, in one line.
enum AnswerText {
    static func line(_ answer: Answer, in plan: Plan, limit: Int) -> String {
        let said = [Self.content(answer.content, limit), Self.note(answer.note, limit)].compactMap { $0 }
        guard !said.isEmpty else { return Self.word(answer.choice, plan) }
        return answer.choice == .done ? said[0] : "\(Self.word(answer.choice, plan)): \(said.joined(separator: "; "))"
    }

    private static func word(_ choice: Answer.Choice, _ plan: Plan) -> String {
        guard case .assign(let agent) = choice else { return choice.word }
        return "\(plan.agents.indices.contains(agent.offset) ? plan.agents[agent.offset].name : "somebody") does it"
    }

    private static func content(_ content: Content, _ limit: Int) -> String? {
        switch content {
        case .inline(.null): nil
        case .inline(let value): PlainText.line(value.plainText, limit: limit)
        case .stored(_, let bytes): "an answer of \(bytes) bytes, see the results"
        }
    }

    private static func note(_ note: String, _ limit: Int) -> String? {
        note.isEmpty ? nil : PlainText.line(note, limit: limit)
    }
}
