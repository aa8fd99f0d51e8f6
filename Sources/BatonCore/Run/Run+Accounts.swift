// What budgets have let go, and what people have said about them.
extension Run {
    mutating func reserve(_ spend: Spend, for key: StepKey, of agent: AgentIndex) {
        self.reservations[key] = Reservation(spend: spend, agent: agent)
        for scope in self.scopes(of: key.task, agent) { self.accounts[scope, default: .init()].reserved += spend }
    }

    /// Takes back what was set aside; what is not known to be unspent is spent.
    ///
    /// - Parameter usage: nil if nobody knows what became of the question.
    mutating func settle(_ key: StepKey, _ usage: Usage?) {
        guard let reservation = self.reservations.removeValue(forKey: key) else { return }
        var spent = usage.map { Spend(money: $0.money, tokens: $0.tokens, calls: 1) } ?? reservation.spend
        if planted(.lostIsUnspent), usage == nil { spent = .none }
        for scope in self.scopes(of: key.task, reservation.agent) {
            self.accounts[scope, default: .init()].reserved -= reservation.spend
            self.accounts[scope, default: .init()].spent += spent
        }
    }

    /// Whether a question that nobody heard of any more may be asked once more, all that was set aside for it being spent.
    func mayAskOnceMore(_ key: StepKey, _ request: StepRequest) -> Bool {
        guard case .model(let call) = request, let need = call.reserved,
            case .running(let attempt) = self.tasks[key.task.offset].state
        else { return true }
        return self.scopes(of: key.task, attempt.assignment.lead).allSatisfy { scope in
            BudgetPolicy.verdict(on: need, self.account(of: scope), within: self.budget(of: scope)) == .fits
        }
    }

    /// What came back, its bill no larger than what was set aside; where nobody has counted, all of that is spent.
    func charged(_ result: StepResult, _ key: StepKey) -> StepResult {
        guard let spend = self.reservations[key]?.spend, !planted(.billTakenOnTrust) else { return result }
        let usage = result.usage
        let isEstimated = usage.tokenKinds?.isEstimated ?? false
        let isOver = usage.money > spend.money || usage.tokens > spend.tokens
        let isOdd = usage.money < .zero || usage.tokens < 0
        return isEstimated || isOver || isOdd ? result.with(Self.all(of: spend, usage)) : result
    }

    /// Of a question that was being stopped when nobody listened any more.
    func unknownUsage(_ key: StepKey) -> Usage {
        self.reservations[key].map { Self.all(of: $0.spend, .none) } ?? .none
    }

    // What was set aside, with the rest of what is known.
    private static func all(of spend: Spend, _ known: Usage) -> Usage {
        var usage = known
        (usage.money, usage.tokens) = (spend.money, spend.tokens)
        var kinds = known.tokenKinds ?? Usage.TokenKinds()
        kinds.isEstimated = true
        usage.tokenKinds = kinds
        return usage
    }

    /// What another run has spent, and asks for, is its own matter.
    mutating func forgetSpending() {
        self.accounts = [:]
        self.reservations = [:]
        self.heldTimes = [:]
        // What else is asked in the midst of a task stays open.
        for question in self.openQuestions where question.kind == .budget { self.close(question.id) }
    }

    /// A person has said how much it may be from now on.
    mutating func raise(_ budget: Question.Budget, to limit: Int64) {
        self.change(budget.scope) { $0.setLimit(limit, on: budget.measure) }
    }

    /// A person has said that it is enough.
    mutating func keepLimit(of scope: BudgetScope) { self.change(scope) { $0.atLimit = .stop } }

    private mutating func change(_ scope: BudgetScope, _ body: (inout Plan.Budget) -> Void) {
        switch scope {
        case .run: body(&self.plan.budget)
        case .agent(let agent): body(&self.plan.agents[agent.offset].budget)
        case .task(let task): body(&self.plan.tasks[task.offset].budget)
        }
    }

    func isMore(_ limit: Int64, than question: Question) -> Bool {
        guard let budget = question.budget else { return false }
        return limit > self.budget(of: budget.scope).limit(on: budget.measure) ?? 0
    }

    func limitWords(of budget: Question.Budget) -> String {
        budget.measure.words(self.budget(of: budget.scope).limit(on: budget.measure) ?? 0)
    }

    func holds(_ scope: BudgetScope) -> Bool {
        switch scope {
        case .run: true
        case .agent(let agent): self.plan.agents.indices.contains(agent.offset)
        case .task(let task): self.plan.tasks.indices.contains(task.offset)
        }
    }
}

extension StepResult {
    /// The same with another usage.
    func with(_ usage: Usage) -> StepResult {
        switch self {
        case .done(let content, _): .done(content, usage)
        case .replied(let reply, _): .replied(reply, usage)
        case .failed(let failure, _): .failed(failure, usage)
        case .offered: self
        case .stopped: .stopped(usage)
        }
    }
}
