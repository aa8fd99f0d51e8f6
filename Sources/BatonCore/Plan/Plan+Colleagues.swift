extension Plan {
    private static let mostColleagues = 40

    /// A line about each agent that another one may hand work to; none where it has no tool for that.
    package func colleagues(of agent: AgentProfile, for task: TaskSpec) -> [String] {
        guard task.tools(of: agent).contains(BuiltInTool.delegate) else { return [] }
        let others = self.agents.filter {
            $0.id != agent.id && $0.available && $0.madeBy == nil && $0.kind != .conductor
        }
        return others.prefix(Self.mostColleagues).map(\.introduction)
    }
}

extension AgentProfile {
    /// Who it is and what it can do, in a line for models.
    fileprivate var introduction: String {
        var words = self.id.text
        if self.name != self.id.text { words += " (\(self.name))" }
        if !self.occupation.isEmpty { words += ", \(self.occupation)" }
        if !self.capabilities.isEmpty {
            words += "; can: \(self.capabilities.prefix(10).map(\.introduction).joined(separator: ", "))"
        }
        return PlainText.line(words, limit: 400)
    }
}

extension Capability {
    fileprivate var introduction: String {
        let wants = self.inputTypes.isEmpty ? "" : " (input: \(self.inputTypes.joined(separator: ", ")))"
        return self.name + wants
    }
}
