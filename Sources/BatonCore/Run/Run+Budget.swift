// Budgets: what a question to a model may cost is set aside before it is asked, and none is asked that does not fit.
extension Run {
    /// What is set aside for a question that has not come back.
    struct Reservation: Hashable, Sendable {
        let spend: Spend
        let agent: AgentIndex
    }

    /// What a budget has let go; nothing of one that nobody has drawn on.
    package func account(of scope: BudgetScope) -> BudgetPolicy.Account { self.accounts[scope] ?? .init() }

    package func budget(of scope: BudgetScope) -> Plan.Budget {
        switch scope {
        case .run: self.plan.budget
        case .agent(let agent): self.plan.agents[agent.offset].budget
        case .task(let task): self.plan.tasks[task.offset].budget
        }
    }

    /// Whose budgets a step draws on: those of its task and of all that it was handed on by, of its agent and of all that it was made
    /// by, and that of the run.
    func scopes(of task: TaskIndex, _ agent: AgentIndex) -> [BudgetScope] {
        self.ownScopes(of: task, agent) + [.run]
    }

    /// The same without that of the run.
    func ownScopes(of task: TaskIndex, _ agent: AgentIndex) -> [BudgetScope] {
        let isHandedOn = self.plan.tasks[task.offset].delegatedBy != nil || self.plan.agents[agent.offset].madeBy != nil
        guard isHandedOn, !planted(.delegatesPastBudget) else {
            return [.task(task), .agent(agent)]
        }
        // What proves an agent's work is not its own.
        let makers = self.plan.tasks[task.offset].proves == nil ? self.makers(of: agent) : []
        return ([task] + self.delegators(of: task)).map { .task($0) } + ([agent] + makers).map { .agent($0) }
    }

    // MARK: Asking

    private enum Finding {
        /// With what is to be set aside.
        case fits(Spend)
        case wait
        case short(Question.Budget, need: Spend)
        /// It cannot be told what the model costs.
        case unpriced(ModelName)
    }

    /// The question with what is set aside for it; nil if it cannot be asked now.
    ///
    /// Then the attempt waits for others to come back or for a person, or its task has failed.
    mutating func afford(
        _ call: ModelCall,
        _ task: TaskIndex,
        _ attempt: Attempt,
        _ now: Timestamp,
        _ by: Origin,
        _ out: inout Emission
    ) -> ModelCall? {
        let lead = attempt.assignment.lead
        guard case .conversation(let conversation) = attempt.pattern,
            self.scopes(of: task, lead).contains(where: { self.budget(of: $0).limitsModels })
        else { return call }
        let bound = PromptWords(self, task, attempt.assignment)
        var finding = self.look(at: call, conversation, bound)
        var choice = call.choice
        if case .short(let budget, _) = finding, self.budget(of: budget.scope).atLimit == .cheaper {
            for other in call.choice + 1..<max(call.choice + 1, conversation.choices) {
                switch self.look(at: call.turned(to: other), conversation, bound) {
                case .fits(let spend): (finding, choice) = (.fits(spend), other)
                case .wait:
                    finding = .wait
                    continue
                case .short, .unpriced: continue
                }
                break
            }
        }
        switch finding {
        case .fits(let spend):
            return call.turned(to: choice).reserving(spend)
        case .wait: break
        case .short(let budget, let need): self.run(short: budget, need, task, attempt, now, by, &out)
        case .unpriced(let model):
            self.fail(task, Self.unpriced(model), attempt: attempt.number, now, by, &out)
        }
        return nil
    }

    private func look(
        at call: ModelCall,
        _ conversation: Conversation,
        _ bound: PromptWords
    ) -> Finding {
        let agent = self.profile(bound.lead)
        // One that has no name is nobody's: its performer says so.
        guard let name = conversation.model(at: call.choice).flatMap({ ModelName($0) }) else { return .fits(.none) }
        let scopes = self.scopes(of: bound.task, bound.lead)
        let price = self.seed.prices.price(of: name)
        guard price != nil || !scopes.contains(where: { self.budget(of: $0).money != nil }) else {
            return .unpriced(name)
        }
        let read = conversation.tokens(for: call, base: bound.base, words: { bound.said(until: $0) })
        let written = Int64(agent.answerTokens(of: name))
        let need = Spend(
            money: price?.most(reading: read, writing: written) ?? .zero,
            tokens: read.addingSaturated(written),
            calls: 1
        )
        var waits = false
        for scope in scopes {
            switch BudgetPolicy.verdict(on: need, self.account(of: scope), within: self.budget(of: scope)) {
            case .fits: continue
            case .wait: waits = true
            case .short(let measure): return .short(Question.Budget(scope: scope, measure: measure), need: need)
            }
        }
        return waits ? .wait : .fits(need)
    }

    mutating func run(
        short budget: Question.Budget,
        _ need: Spend,
        _ task: TaskIndex,
        _ attempt: Attempt,
        _ now: Timestamp,
        _ by: Origin,
        _ out: inout Emission
    ) {
        if self.budget(of: budget.scope).atLimit == .stop {
            let failure = self.spentFailure(of: budget, need, task)
            return self.fail(task, failure, attempt: attempt.number, now, by, &out)
        }
        // One question for a budget, however many wait for it.
        guard !self.questions.values.contains(where: { $0.budget == budget }) else { return }
        let text =
            "\(self.shortage(of: budget, need, task)). Answer with a new limit"
            + " (such as \(self.largerLimit(of: budget, need))), skip to leave the task out, or fail to end all that needs more."
        self.ask(.budget, task, agent: nil, text: text, options: [], budget: budget, now, by, &out)
    }

    // MARK: Words

    func shortage(of budget: Question.Budget, _ need: Spend, _ task: TaskIndex) -> String {
        let measure = budget.measure
        let spent = self.account(of: budget.scope).spent.amount(measure)
        let limit = self.budget(of: budget.scope).limit(on: measure) ?? 0
        let whose =
            switch budget.scope {
            case .run: "the run"
            case .agent(let agent): "agent \(self.profile(agent).id)"
            case .task(let task): "task \(self.spec(task).id)"
            }
        if measure == .time {
            return "The time of \(whose) is used up: \(measure.words(spent)) of \(measure.words(limit)), and task "
                + "\(self.spec(task).id) is not done"
        }
        return
            "The budget of \(whose) is too small: \(measure.words(spent)) of \(measure.words(limit)) are spent, and the "
            + "next question of task \(self.spec(task).id) may take \(measure.words(need.amount(measure)))"
    }

    private func largerLimit(of budget: Question.Budget, _ need: Spend) -> String {
        let measure = budget.measure
        let least = self.account(of: budget.scope).spent.amount(measure).addingSaturated(need.amount(measure))
        let larger = max(least, self.budget(of: budget.scope).limit(on: measure)?.addingSaturated(least) ?? least)
        return measure == .money || measure == .time ? measure.words(larger) : "\(larger)"
    }

    private func spentFailure(of budget: Question.Budget, _ need: Spend, _ task: TaskIndex) -> Failure {
        Failure(
            .permanent,
            "budget.spent",
            self.shortage(of: budget, need, task),
            remedy: "raise the budget, lower max_tokens of the agent, or let at_limit ask"
        )
    }

    private static func unpriced(_ model: ModelName) -> Failure {
        Failure(
            .permanent,
            "budget.unpriced",
            "nobody knows what \(PlainText.line(model.description, limit: 80)) costs, so no budget of money can hold",
            remedy: "write its price into prices.json; `baton cost --prices` shows the known ones"
        )
    }
}
