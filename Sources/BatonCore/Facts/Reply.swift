/// What a model is asked for: the next turn of the conversation that its attempt is.
package struct ModelCall: Hashable, Sendable {
    /// Which of the agent's models: the first, or one that stands in for it; from 0.
    package let choice: Int32
    /// So many directives of the run had been given when it was asked; those for others count too.
    package let told: Int32
    /// So often in a row this model has failed before.
    package let again: Int32
    /// So many turns at the beginning of which only the outline is told, to make room.
    package let cleared: Int32
    /// What it may cost at most, where a budget wants to know; counts as spent until it has come back.
    package let reserved: Spend?

    package init(choice: Int32, told: Int32, again: Int32 = 0, cleared: Int32 = 0, reserved: Spend? = nil) {
        self.choice = choice
        self.told = told
        self.again = again
        self.cleared = cleared
        self.reserved = reserved
    }
}

extension ModelCall {
    /// The same question to another model, which has not failed yet.
    func turned(to choice: Int32) -> ModelCall {
        guard choice != self.choice else { return self }
        return ModelCall(choice: choice, told: self.told, cleared: self.cleared, reserved: self.reserved)
    }

    func reserving(_ spend: Spend) -> ModelCall {
        ModelCall(choice: self.choice, told: self.told, again: self.again, cleared: self.cleared, reserved: spend)
    }
}

/// What a model said, as far as the rules look at it.
package struct Reply: Hashable, Sendable {
    /// Who was asked, as `provider/model`.
    package let model: String
    /// Who answered by the provider's own word, where that is another name.
    package let answerer: String?
    /// What it said, a text.
    package let text: Content
    /// The value that its text stands for; a text stands for itself unless the task wants a form.
    package let output: Content
    /// Why the text is not in the form that the task wants; empty if it is.
    package let faults: [String]
    /// The tools that it wants to be called, in order.
    package let calls: [ToolCall]
    package let stop: Stop
    /// How many tasks the question was for; each has paid its part.
    package let sharers: Int32

    package init(
        model: String,
        text: Content,
        output: Content? = nil,
        faults: [String] = [],
        calls: [ToolCall] = [],
        stop: Stop,
        sharers: Int32 = 1,
        answerer: String? = nil
    ) {
        self.model = model
        self.answerer = answerer
        self.text = text
        self.output = output ?? text
        self.faults = faults
        self.calls = calls
        self.stop = stop
        self.sharers = sharers
    }

    /// Why it stopped there.
    package enum Stop: String, Hashable, Sendable {
        /// It has said all.
        case end
        /// It waits for its tools.
        case tools
        /// It had no more room.
        case length
        /// It will not do it.
        case refused
    }
}

/// A tool that a model wants to be called.
package struct ToolCall: Hashable, Sendable {
    /// By what the model knows the call.
    package let id: String
    package let tool: String
    /// The arguments, an object.
    package let input: Content
    /// Why the arguments cannot be read; nil if they can.
    package let fault: String?

    package init(id: String, tool: String, input: Content, fault: String? = nil) {
        self.id = id
        self.tool = tool
        self.input = input
        self.fault = fault
    }
}
