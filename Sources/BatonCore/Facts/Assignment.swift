/// Which agents take an attempt, and why these.
package struct Assignment: Hashable, Sendable {
    /// Who performs it.
    package let lead: AgentIndex
    // Most are of one agent without a choice: state and events copy assignments often, and these at no cost.
    private let more: More?

    private final class More: Hashable, Sendable {
        let agents: [AgentIndex]
        let candidates: [Candidate]
        let gaps: [Eligibility.Gap]
        let models: [ModelChoice.Candidate]

        init(
            _ agents: [AgentIndex],
            _ candidates: [Candidate],
            _ gaps: [Eligibility.Gap],
            _ models: [ModelChoice.Candidate]
        ) {
            self.agents = agents
            self.candidates = candidates
            self.gaps = gaps
            self.models = models
        }

        static func == (left: More, right: More) -> Bool {
            left.agents == right.agents && left.candidates == right.candidates && left.gaps == right.gaps
                && left.models == right.models
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(self.agents)
            hasher.combine(self.candidates)
            hasher.combine(self.gaps)
            hasher.combine(self.models)
        }
    }

    package struct Candidate: Hashable, Sendable {
        package let agent: AgentIndex
        package let score: Int64
    }

    package init(
        lead: AgentIndex,
        agents: [AgentIndex],
        candidates: [Candidate] = [],
        gaps: [Eligibility.Gap] = [],
        models: [ModelChoice.Candidate] = []
    ) {
        self.lead = lead
        let isPlain =
            agents.count == 1 && agents[0] == lead && candidates.isEmpty && gaps.isEmpty && models.isEmpty
        self.more = isPlain ? nil : More(agents, candidates, gaps, models)
    }

    /// The same with the models that were weighed, the one that is asked first before the others.
    func asking(_ models: [ModelChoice.Candidate]) -> Assignment {
        guard !models.isEmpty else { return self }
        return Assignment(
            lead: self.lead,
            agents: Array(self.agents),
            candidates: self.candidates,
            gaps: self.gaps,
            models: models
        )
    }

    /// All who are busy with it, the lead among them; more than one in a meeting.
    package var agents: Agents { Agents(lead: self.lead, all: self.more?.agents) }

    /// The best candidates with their scores in ten-thousandths; empty where there was no choice.
    package var candidates: [Candidate] { self.more?.candidates ?? [] }

    /// The models of the task's tier in the order in which they are asked; empty where there was no choice.
    package var models: [ModelChoice.Candidate] { self.more?.models ?? [] }

    /// Required skills that nobody had.
    package var gaps: [Eligibility.Gap] { self.more?.gaps ?? [] }

    /// Agents in their order.
    package struct Agents: RandomAccessCollection, Sendable {
        fileprivate let lead: AgentIndex
        fileprivate let all: [AgentIndex]?

        package var startIndex: Int { 0 }
        package var endIndex: Int { self.all?.count ?? 1 }

        package subscript(index: Int) -> AgentIndex { self.all?[index] ?? self.lead }
    }
}
