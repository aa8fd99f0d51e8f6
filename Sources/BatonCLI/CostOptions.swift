import ArgumentParser
import BatonCore
import BatonEngine

/// What models may cost in a new run.
struct CostOptions: ParsableArguments {
    @Option(help: "What models may cost at most, in US dollars; what needs more fails.") var maxCost: Double?

    func validate() throws {
        guard let maxCost, !(0...1_000_000).contains(maxCost) else { return }
        throw ValidationError("--max-cost is a number of US dollars, 0 to 1000000")
    }

    /// Says what the models of a plan will cost, and holds the plan to what they may.
    ///
    /// - Throws: ``BatonError``: even the least they will cost is more, or the price table cannot be read.
    func limit(_ plan: inout Plan, data: DataOptions, output: OutputOptions) throws {
        let estimate = CostEstimate(of: plan, try Prices.table(in: data.path))
        if let words = estimate.words, !output.json { Console.note(words) }
        guard let maxCost = self.maxCost else { return }
        let limit = Money(microUSD: Int64((maxCost * 1_000_000).rounded()))
        guard estimate.low <= limit else {
            throw BatonError(
                BatonError.Code("budget.estimate"),
                "models will cost at least about \(estimate.low), and --max-cost is \(limit)",
                remedy: "allow more, or make the plan smaller; nothing has begun"
            )
        }
        // A plan that allows no more says itself what happens then.
        if let own = plan.budget.money, own <= limit { return }
        plan.budget.money = limit
        plan.budget.atLimit = .stop
    }
}
