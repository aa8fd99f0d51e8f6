extension Plan {
    /// The models that an agent turns to for a task, one after the other: the task's own or that of its complexity in the place of the
    /// agent's first.
    package func models(of agent: AgentProfile, for task: TaskSpec) -> [String] {
        guard let own = task.model ?? task.complexity.flatMap(self.model(ofTier:)) else { return agent.models }
        return [own] + agent.fallbackModels
    }

    package func model(ofTier name: String) -> String? { self.modelTiers.first { $0.name == name }?.text }

    /// Those of tasks and tiers, whoever does them.
    ///
    /// None where nobody thinks: a large plan of commands is not gone through for it.
    package var taskModels: [String] {
        guard self.agents.contains(where: { $0.kind == .model }) else { return [] }
        return self.modelTiers.map(\.text) + self.tasks.compactMap(\.model)
            + self.tasks.compactMap { $0.fallback?.model }
    }

    /// All models that somebody may turn to: those of agents that think, and where there is such an agent those of tasks and tiers.
    package var allModels: [String] {
        let thinking = self.agents.filter { $0.kind == .model }
        guard !thinking.isEmpty else { return [] }
        return thinking.flatMap(\.models) + self.taskModels
    }
}
