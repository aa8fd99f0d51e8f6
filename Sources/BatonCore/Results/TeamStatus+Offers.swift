extension TeamStatus {
    /// An agent of a run that declares a capability.
    package struct Offer: Sendable {
        package let agent: AgentID
        package let run: RunID
        /// What a task costs with it, and how long it takes; nil where nobody knows.
        package let cost: Money?
        package let time: Duration?
        /// Whether these were measured in the run, and not declared.
        package let isMeasured: Bool
        package let isBusy: Bool

        package var json: JSON {
            [
                "agent": .string(self.agent.text), "run": .string(self.run.text),
                "cost_usd": self.cost.map { .number($0.inUSD) } ?? .null,
                "seconds": self.time.map { .number($0.inSeconds) } ?? .null, "measured": .bool(self.isMeasured),
                "busy": .bool(self.isBusy),
            ]
        }
    }

    /// Who declares a type or capability, of each run the best first, by the rules of delegations.
    package func offers(of name: String) -> [Offer] {
        self.runs.flatMap { sheet in
            sheet.run.offers(of: name).map { found in
                Offer(
                    agent: sheet.run.profile(found.agent).id,
                    run: sheet.run.id,
                    cost: found.cost,
                    time: found.time,
                    isMeasured: found.isMeasured,
                    isBusy: found.isBusy
                )
            }
        }
    }
}
