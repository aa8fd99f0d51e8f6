/// A model that a task's agent has asked, and why that one.
package struct ModelUse: Hashable, Sendable {
    /// What made it this model.
    package enum Reason: Hashable, Sendable {
        /// The task names it.
        case task
        /// It is that of the task's complexity.
        case tier(String)
        /// It is the agent's own.
        case agent
        /// The one before it had failed.
        case failure
        /// The one before it was too dear for what a budget had left.
        case price
    }

    package let model: String
    package let reason: Reason
    /// How often it was asked for this reason, one after the other.
    package var questions = 1

    package var json: JSON {
        [
            "model": .string(self.model), "reason": .string(self.reason.word),
            "questions": .integer(Int64(self.questions)),
        ]
    }
}

extension ModelUse.Reason {
    fileprivate var word: String {
        switch self {
        case .task: "task"
        case .tier: "complexity"
        case .agent: "agent"
        case .failure: "failure"
        case .price: "price"
        }
    }
}

/// Follows which models a task's agents ask, and why.
struct ModelTrail: Sendable {
    private(set) var uses: [ModelUse] = []
    /// The last question.
    private var asked: StepKey?
    private var choice: Int32 = 0
    private var reason = ModelUse.Reason.agent
    private var hasFailed = false

    mutating func ask(_ call: ModelCall, _ key: StepKey, _ run: Run) {
        guard case .running(let attempt)? = run.record(key.task)?.state else { return }
        let task = run.spec(key.task)
        guard case .conversation(let conversation) = attempt.pattern, let model = conversation.model(at: call.choice)
        else { return }
        let isFirst = key.attempt != self.asked?.attempt
        if isFirst { self.hasFailed = false }
        if call.choice == 0 {
            self.reason = task.model != nil ? .task : task.complexity.map { .tier($0) } ?? .agent
        } else if isFirst || call.choice != self.choice {
            self.reason = self.hasFailed ? .failure : .price
        }
        (self.asked, self.choice) = (key, call.choice)
        if let last = self.uses.last, last.model == model, last.reason == self.reason {
            self.uses[self.uses.count - 1].questions += 1
        } else {
            self.uses.append(ModelUse(model: model, reason: self.reason))
        }
    }

    mutating func took(_ result: StepResult, of key: StepKey) {
        // The failure of a tool is not the model's.
        guard key == self.asked else { return }
        if case .failed = result { self.hasFailed = true } else { self.hasFailed = false }
    }
}
