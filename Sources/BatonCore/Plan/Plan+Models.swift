extension Plan {
    /// Models that are able enough for tasks of one complexity.
    public struct ModelTier: Hashable, Sendable {
        /// What tasks call it.
        public var name: String
        /// Those that may be asked, each as `provider/model`; of several the one whose good answer probably costs least goes first.
        public var models: [String]

        /// Models that tasks may name together.
        public init(_ name: String, _ models: [String]) {
            self.name = name
            self.models = models
        }
    }

    /// The models that an agent turns to for a task, one after the other: the task's own or that of its complexity in the place of the
    /// agent's first.
    package func models(of agent: AgentProfile, for task: TaskSpec) -> [String] {
        if let model = task.model { return [model] + agent.fallbackModels }
        return self.tier(of: task).map { $0.models + agent.fallbackModels } ?? agent.models
    }

    /// The same as ``models(of:for:)`` in the order that was found when the attempt began.
    package func models(of assignment: Assignment, for task: TaskSpec) -> [String] {
        let agent = self.agents[assignment.lead.offset]
        guard !assignment.models.isEmpty else { return self.models(of: agent, for: task) }
        return assignment.models.map(\.model) + agent.fallbackModels
    }

    /// Whose models a task may be thought about with; nil if it names its own, or says nothing of it.
    package func tier(of task: TaskSpec) -> ModelTier? {
        task.model == nil ? task.complexity.flatMap(self.tier(named:)) : nil
    }

    package func tier(named name: String) -> ModelTier? { self.modelTiers.first { $0.name == name } }

    /// Those of tasks and tiers, whoever does them.
    ///
    /// None where nobody thinks: a large plan of commands is not gone through for it.
    package var taskModels: [String] {
        guard self.agents.contains(where: { $0.kind == .model }) else { return [] }
        return self.modelTiers.flatMap(\.models) + self.tasks.compactMap(\.model)
            + self.tasks.compactMap { $0.fallback?.model }
    }

    /// All models that somebody may turn to: those of agents that think, and where there is such an agent those of tasks and tiers.
    package var allModels: [String] {
        let thinking = self.agents.filter { $0.kind == .model }
        guard !thinking.isEmpty else { return [] }
        return thinking.flatMap(\.models) + self.taskModels
    }
}
