/// What the models of a plan will probably cost, and the agents that declare a `cost_estimate`, before anything runs.
///
/// Little is: whoever may do a task for least does it in one question, and answers briefly. Much is: whoever may cost most does it, an
/// answer is as long as it may be, and an agent with tools asks ten times. Failures and what people add come on top; only a budget
/// is a limit.
package struct CostEstimate: Hashable, Sendable {
    package private(set) var low = Money.zero
    package private(set) var high = Money.zero
    /// Tasks that somebody may do who costs something.
    package private(set) var tasks = 0
    /// Models whose price nobody knows; they count as nothing.
    package private(set) var unpriced: [String] = []
    private var hasPrice = false
    private var hasDeclared = false

    private static let briefAnswer: Int64 = 150
    private static let questionsWithTools: Int64 = 10
    private static let toolResult: Int64 = 1000
    // What a task needs was written by somebody before, of whom only the length is known that an answer may have.
    private static let otherResult: Int64 = 2000

    private typealias Range = (low: Money, high: Money)

    package init(of plan: Plan, _ prices: PriceTable) {
        // A large plan of commands starts without this.
        guard plan.agents.contains(where: { $0.kind == .model || $0.capabilities.contains { $0.costEstimate != nil } })
        else { return }
        let declared = Eligibility.declaredTypes(of: plan.agents)
        let graph = PlanGraph(plan.tasks)
        var lacking: Set<String> = []
        for (offset, task) in plan.tasks.enumerated() {
            let agents = Eligibility.agents(for: task, plan, declared)
            let needed = Int64(graph.dependencies[TaskIndex(offset)].count)
            let costs = agents.map { agent -> [Range] in
                let own = Self.declared(by: agent, for: task)
                if agent.kind != .model { return own.map { [$0] } ?? [] }
                return Self.models(of: agent, for: task, plan).map { model -> Range in
                    guard let name = ModelName(model), let price = prices.price(of: name) else {
                        if own == nil { lacking.insert(model) }
                        return own ?? (.zero, .zero)
                    }
                    self.hasPrice = true
                    return Self.cost(of: task, needed, by: agent, name, price)
                }
            }
            guard costs.contains(where: { !$0.isEmpty }) else { continue }
            self.tasks += 1
            self.hasDeclared = self.hasDeclared || agents.contains { Self.declared(by: $0, for: task) != nil }
            // Whoever says nothing of a price may do it for nothing.
            if costs.allSatisfy({ !$0.isEmpty }) {
                self.low = self.low + (costs.joined().map(\.low).min() ?? .zero)
            }
            self.high = self.high + (costs.joined().map(\.high).max() ?? .zero)
        }
        self.unpriced = lacking.sorted()
    }

    private static func models(of agent: AgentProfile, for task: TaskSpec, _ plan: Plan) -> [String] {
        let models = plan.tier(of: task)?.models ?? plan.models(of: agent, for: task).prefix(1).map(\.self)
        return models.isEmpty ? [""] : models
    }

    private static func declared(by agent: AgentProfile, for task: TaskSpec) -> Range? {
        let cost = (task.agentType ?? task.type).flatMap(agent.capability)?.costEstimate
        return cost.map { ($0, $0) }
    }

    private static func cost(
        of task: TaskSpec,
        _ needed: Int64,
        by agent: AgentProfile,
        _ name: ModelName,
        _ price: PriceTable.Price
    ) -> (low: Money, high: Money) {
        let words =
            PromptBound.bytes(of: agent) + Int64(task.description.utf8.count + task.input.description.utf8.count)
        // A token is about four bytes.
        let brief = words / 4 + 20 + needed * Self.briefAnswer
        let long = words / 4 + 100 + needed * Self.otherResult
        let answer = Int64(agent.answerTokens(of: name))
        var much = Money.zero
        let questions = agent.tools.isEmpty ? 1 : Self.questionsWithTools
        for question in 0..<questions {
            let written = question + 1 == questions ? answer : min(answer, Self.toolResult)
            let read = long + question * (Self.toolResult + min(answer, Self.toolResult))
            much = much + price.most(reading: read, writing: written)
        }
        return (price.least(reading: brief, writing: min(Self.briefAnswer, answer)), much)
    }

    /// Such as `models will cost about 0.02 to 0.31 USD`; nil if the plan asks nobody who costs something.
    package var words: String? {
        guard self.tasks > 0 else { return nil }
        let tasks = CountText.of(self.tasks, "task")
        let names = self.unpriced.joined(separator: ", ")
        guard self.hasPrice || self.hasDeclared else {
            return "what models will cost for \(tasks) is not known: of \(names) nobody knows the price"
        }
        let range = self.high == .zero ? "nothing" : "about \(Self.range(self.low, self.high)) USD"
        let missing = self.unpriced.isEmpty ? "" : "; of \(names) the price is not known"
        let who = self.hasDeclared ? "models and agents with a cost_estimate" : "models"
        return "\(who) will cost \(range) for \(tasks)\(missing)"
    }

    private static func range(_ low: Money, _ high: Money) -> String {
        let ends = [low, high].map(Self.rounded)
        return ends[0] == ends[1] ? ends[0] : ends.joined(separator: " to ")
    }

    // Two digits that say something.
    private static func rounded(_ money: Money) -> String {
        var unit: Int64 = 1
        while money.microUSD / unit >= 100 { unit *= 10 }
        let rounded = (money.microUSD + unit / 2) / unit * unit
        return String(Money(microUSD: rounded).description.dropLast(4))
    }

    package var json: JSON {
        [
            "tasks": .integer(Int64(self.tasks)), "low_usd": .number(self.low.inUSD),
            "high_usd": .number(self.high.inUSD),
            "unpriced": .array(self.unpriced.map { .string($0) }),
        ]
    }
}
