import BatonCore

// What providers bill, and what they say that they have billed.
extension World {
    /// A count that nobody made.
    static let uncounted: Usage.TokenKinds = {
        var kinds = Usage.TokenKinds()
        kinds.isEstimated = true
        return kinds
    }()

    // Some providers count long tokens, and the next time shorter ones: what was cheap once is no promise.
    private mutating func count(_ bytes: Int64) -> Int64 {
        guard self.countsLongTokens else { return bytes }
        guard self.choices.below(2, .teams) == 1 else { return bytes / 2 }
        self.reach(.countedLongTokens)
        return bytes / 16
    }

    /// The result with what the provider says of its price; the bill goes into the books as it is.
    mutating func billed(
        _ result: StepResult,
        _ call: ModelCall,
        _ key: StepKey,
        _ run: Int
    ) throws -> StepResult {
        guard let ledger = self.ledgers[run], call.reserved != nil, case .replied(let reply, _) = result,
            let lead = ledger.tasks[key.task.offset].lead,
            let talk = ledger.tasks[key.task.offset].talk, talk.models.indices.contains(Int(call.choice))
        else { return result }
        let agent = ledger.plan.agents[lead.offset]
        guard let name = ModelName(talk.models[Int(call.choice)]), let price = Ledger.prices.price(of: name) else {
            return result
        }
        var kinds = Usage.TokenKinds()
        let read = self.count(ledger.truth(of: key))
        switch self.choices.below(3, .budgets) {
        case 0: kinds.input = read
        case 1: kinds.cacheWrite = read
        default: (kinds.input, kinds.cacheRead) = (read - read / 2, read / 2)
        }
        let most = agent.maxTokens ?? 1
        kinds.output = Int64(self.choices.below(2, .budgets) == 0 ? most : self.choices.below(most + 1, .budgets))
        try ledger.bill(key, kinds.total, price.cost(of: kinds))
        var usage = Usage()
        switch self.choices.below(8, .budgets) {
        case 7:
            // It counts what cannot be.
            self.reach(.billClamped)
            kinds.output = 1_000_000_000_000
        case 6: kinds = Self.uncounted
        default: break
        }
        usage.tokenKinds = kinds
        usage.tokens = kinds.total
        usage.money = price.cost(of: kinds)
        return .replied(reply, usage)
    }
}
