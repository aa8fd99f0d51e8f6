/// What is said to agents while they work; the next step of each of them is told.
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
    package let sender: Sender

    /// Who says it: the engine sets it, nobody else.
    package enum Sender: Hashable, Sendable {
        case person
        /// The agent that manages the work.
        case manager(AgentID)
        /// The agent that did not approve of what the attempt before had brought.
        case reviewer(AgentID)
        /// A person who did not sign, or not approve of, what the attempt before had brought.
        case signer
        /// A check that the attempt before did not pass.
        case check

        /// Whether it tells what is not proved of an attempt.
        package var isRefutation: Bool {
            switch self {
            case .reviewer, .signer, .check: true
            case .person, .manager: false
            }
        }

        /// The agent that says it, if one does.
        package var agent: AgentID? {
            switch self {
            case .manager(let agent), .reviewer(let agent): agent
            case .person, .signer, .check: nil
            }
        }
    }

    package init(number: Int32, audience: Audience, text: Content, sender: Sender = .person) {
        self.sender = sender
        self.number = number
        self.audience = audience
        self.text = text
    }

    /// What a text begins with that is not a person's, where agents are told it.
    package static let marks = ["From the agent ", "From the checks ", "From a person who "]

    /// The words with who says them, unless that is a person.
    package func labelled(_ words: String) -> String {
        switch self.sender {
        case .person: words
        case .manager(let agent): "\(Self.marks[0])\(agent), which manages this work:\n\(words)"
        case .reviewer(let agent):
            "\(Self.marks[0])\(agent), which looked at what the attempt before this one brought:\n\(words)"
        case .signer: "\(Self.marks[2])looked at what the attempt before this one brought:\n\(words)"
        case .check: "\(Self.marks[1])of this task, about what the attempt before this one brought:\n\(words)"
        }
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
