/// The machine inside a task: closed, so that it can be stored, switched over and simulated.
package enum Pattern: Hashable, Sendable {
    case single(Single)
    indirect case conversation(Conversation)

    /// What a machine may want.
    package enum Move: Hashable, Sendable {
        case request(StepRequest)
        case wait
        case finish(StepResult)
    }

    /// What the machine wants next: a pure reading of its state.
    ///
    /// - Parameter told: how many directives the run has.
    package func move(told: Int32) -> Move {
        switch self {
        case .single(let single): single.move
        case .conversation(let conversation): conversation.move(told: told)
        }
    }

    /// What it came to; nil if it goes on.
    package var result: StepResult? {
        if case .finish(let result) = self.move(told: 0) { return result }
        return nil
    }

    /// Whether it may wait between two steps.
    package var mayBeHeld: Bool {
        if case .conversation = self { return self.result == nil }
        return false
    }

    package mutating func asked(_ request: StepRequest) {
        switch self {
        case .single(var single):
            single.asked(request)
            self = .single(single)
        case .conversation(var conversation):
            // Let go of first: its turns would be copied else.
            self = .single(.fresh)
            conversation.asked(request)
            self = .conversation(conversation)
        }
    }

    /// A person's word to a call that waited.
    package mutating func hear(_ word: Conversation.Word) {
        guard case .conversation(var conversation) = self else { return }
        self = .single(.fresh)
        conversation.hear(word)
        self = .conversation(conversation)
    }

    package mutating func took(_ result: StepResult) {
        switch self {
        case .single(var single):
            single.took(result)
            self = .single(single)
        case .conversation(var conversation):
            // Let go of first: its turns would be copied else.
            self = .single(.fresh)
            conversation.took(result)
            self = .conversation(conversation)
        }
    }
}
