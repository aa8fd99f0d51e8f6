/// What a person says to agents while they work; the next step of each of them is told.
package struct Directive: Hashable, Sendable {
    /// Who is to hear it.
    package enum Audience: Hashable, Sendable {
        case everyone
        case agent(AgentIndex)
        case task(TaskIndex)
    }

    /// From 1, in the order of the run.
    package let number: Int32
    package let audience: Audience
    package let text: Content
    /// The agent that says it; nil is a person.
    package let sender: AgentID?

    package init(number: Int32, audience: Audience, text: Content, sender: AgentID? = nil) {
        self.sender = sender
        self.number = number
        self.audience = audience
        self.text = text
    }

    /// What a text of an agent begins with, where agents are told it.
    package static let agentMark = "From the agent "

    /// The words with who says them, if that is an agent.
    package func labelled(_ words: String) -> String {
        self.sender.map { "\(Self.agentMark)\($0), which manages this work:\n\(words)" } ?? words
    }

    /// The task that it is said to, if it is to one.
    package var task: TaskIndex? {
        if case .task(let task) = self.audience { return task }
        return nil
    }

    package func concerns(_ task: TaskIndex, _ assignment: Assignment) -> Bool {
        switch self.audience {
        case .everyone: true
        case .agent(let agent): assignment.agents.contains(agent)
        case .task(let other): task == other
        }
    }
}
