import BatonCore

// Agents that work for runs outside of this world as well: what they have left for these changes all the time.
extension World {
    mutating func takeShares(_ batch: inout [SimulatedEngine.Input]) {
        for index in self.seeds.indices {
            guard let live = self.engine?.runs[index] else { continue }
            if self.faults.isHealed, !live.shares.isEmpty {
                batch.append(.shares(index, [:]))
            } else if self.choices.chance(self.faults.rate(.sharedAgents), .agents) {
                let agents = self.seeds[index].plan.agents
                batch.append(.shares(index, self.shares(of: agents)))
            }
        }
    }

    // Of half of the agents nothing is said: they work for this run alone.
    private mutating func shares(of agents: [AgentProfile]) -> [AgentIndex: Int] {
        var shares: [AgentIndex: Int] = [:]
        for (offset, agent) in agents.enumerated() where self.choices.below(2, .agents) == 1 {
            shares[AgentIndex(offset)] = self.choices.below(agent.maxConcurrentTasks + 1, .agents)
        }
        return shares
    }

    mutating func tell(_ shares: [AgentIndex: Int], _ run: Int, _ engine: inout SimulatedEngine) {
        engine.tell(shares, run, self.now)
        self.ledgers[run]?.take(shares)
        self.log?.note(
            self.clock,
            "run \(run) is left \(shares.sorted { $0.key < $1.key }.map { "\($0.value) of agent \($0.key.offset)" })"
        )
    }
}
