/// How a task is done another way when its last attempt has failed.
public struct TaskFallback: Hashable, Sendable {
    /// Another agent.
    public var assignedAgent: AgentID?
    /// Another type or capability that its agent must declare.
    public var agentType: String?
    /// Another model.
    public var model: String?
    /// Another tier of models.
    public var complexity: String?
    /// Other work.
    public var description: String?

    /// Nothing else is done.
    public init() {}
}

extension TaskSpec {
    /// The task with what its fallback names.
    func otherWay(by fallback: TaskFallback) -> TaskSpec {
        var task = self
        task.fallback = nil
        if fallback.assignedAgent != nil || fallback.agentType != nil {
            task.assignedAgent = fallback.assignedAgent
            task.agentType = fallback.agentType
        }
        if fallback.model != nil || fallback.complexity != nil {
            task.model = fallback.model
            task.complexity = fallback.complexity
        }
        if let description = fallback.description { task.description = description }
        return task
    }

    /// The task done the other way, told why the first one failed; nil if there is no other way.
    func fallenBack(after failure: Failure) -> TaskSpec? {
        guard let fallback = self.fallback else { return nil }
        var task = self.otherWay(by: fallback)
        // Texts of a task may name outputs; those of a failure are words.
        var words = String(failure.message.prefix(2000))
        while words.contains("{{") { words = words.replacing("{{", with: "{ {") }
        let cause: JSON = ["code": .string(failure.code), "message": .string(words)]
        switch task.input {
        case .object where task.input["failure"] == nil: task.input = task.input.adding("failure", cause)
        case .null: task.input = ["failure": cause]
        default: task.input = ["input": task.input, "failure": cause]
        }
        return task
    }
}
