import BatonCore

// Tasks are added by people, and by agents in the midst of others.
extension World {
    mutating func origin(of command: Command, _ run: Int) -> Origin {
        guard case .add = command, let ledger = self.ledgers[run], !ledger.tasks.isEmpty,
            self.choices.chance(500, .teams)
        else { return .person("p") }
        let agent = ledger.plan.agents[self.choices.below(ledger.plan.agents.count, .teams)].id
        // Often by the one that was added last: chains come to their limit.
        let last = self.choices.below(2, .teams) == 1
        let task = last ? ledger.tasks.count - 1 : self.choices.below(ledger.tasks.count, .teams)
        return .agent(agent, ledger.tasks[task].id)
    }
}
