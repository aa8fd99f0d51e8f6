/// The name of a model as plans write it: `provider/model`, or a name that is known by its beginning.
package struct ModelName: Hashable, Sendable, CustomStringConvertible {
    package let provider: String
    /// As the provider calls it; of a script its file.
    package let model: String

    /// Reads a name; nil if it names no provider and is not known, or names nothing behind it.
    package init?(_ text: String) {
        if text == Self.rehearsal {
            (self.provider, self.model) = (text, "anybody")
            return
        }
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 1, let provider = Self.provider(ofBare: text) {
            (self.provider, self.model) = (provider, text)
            return
        }
        guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else { return nil }
        self.provider = String(parts[0])
        self.model = String(parts[1])
    }

    package var description: String { "\(self.provider)/\(self.model)" }

    /// Whether this version can ask it.
    package var isPlayed: Bool {
        [Self.scripted, Self.rehearsal, Self.recorded].contains(self.provider)
            || ModelProvider.named(self.provider) != nil
    }

    /// The provider whose models are files of answers.
    package static let scripted = "scripted"

    /// The provider whose models are runs: what was said in them is said again.
    package static let recorded = "recorded"

    /// The provider whose models are nobody: what they might have said is made up, and marked.
    package static let rehearsal = "rehearsal"

    private static let families = [
        ("claude-", "anthropic"), ("gpt-", "openai"), ("chatgpt-", "openai"), ("o1", "openai"), ("o3", "openai"),
        ("o4-", "openai"), ("gemini-", "gemini"),
    ]

    private static func provider(ofBare name: String) -> String? {
        Self.families.first { name.hasPrefix($0.0) }?.1
    }
}

extension Plan {
    /// The agents that think with nobody's model; where a task does, all that think may.
    package var rehearsedAgents: [AgentID] {
        let isRehearsed = { (name: String) in ModelName(name)?.provider == ModelName.rehearsal }
        let mayAll = self.taskModels.contains(where: isRehearsed)
        return self.agents.filter { $0.kind == .model && (mayAll || $0.models.contains(where: isRehearsed)) }.map(\.id)
    }
}
