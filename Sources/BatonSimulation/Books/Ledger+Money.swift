import BatonCore

/// What the ledger knows of one budget: what was set aside, what came back, and what providers have really billed.
struct Purse: Equatable {
    var spent: [Int64] = [0, 0, 0]
    var reserved: [Int64] = [0, 0, 0]
    var billed: [Int64] = [0, 0, 0]
}

// Budgets: what is set aside and spent stays within the limit, and so does every bill, whoever lies about it.
extension Ledger {
    /// What questions cost in the simulator's world, in millionths of a US dollar for a million tokens.
    static let prices: PriceTable = {
        let stored: JSON = [
            "sim/m": [3_000_000, 15_000_000, 300_000, 3_750_000], "sim/n": [1_000_000, 5_000_000, 100_000, 1_250_000],
            "sim/o": [250_000, 1_250_000, 25_000, 250_000],
        ]
        return PriceTable(stored: stored) ?? .none
    }()

    static let models = ["sim/m", "sim/n", "sim/o"]

    func scopes(of task: TaskIndex) -> [BudgetScope] {
        [.run] + self.ownScopes(of: task)
    }

    /// Those of the task and of all that it was handed on by, of its agent and of all that made it.
    func ownScopes(of task: TaskIndex) -> [BudgetScope] {
        let tasks = [task.offset] + self.above(task.offset)
        let isCheck = self.tasks[task.offset].proves != nil
        let agents = self.tasks[task.offset].lead.map { [$0] + (isCheck ? [] : self.makers(of: $0)) } ?? []
        return tasks.map { .task(TaskIndex($0)) } + agents.map { .agent($0) }
    }

    func budget(of scope: BudgetScope) -> Plan.Budget {
        switch scope {
        case .run: self.plan.budget
        case .agent(let agent): self.plan.agents[agent.offset].budget
        case .task(let task): self.tasks[task.offset].budget
        }
    }

    private func limits(of scope: BudgetScope) -> [Int64?] {
        let budget = self.budget(of: scope)
        return [budget.money?.microUSD, budget.tokens, budget.calls]
    }

    /// Whether something limits the questions of a task in hand.
    func isLimited(_ task: TaskIndex) -> Bool {
        self.scopes(of: task).contains { self.limits(of: $0).contains { $0 != nil } }
    }

    /// Whether a budget that is too small may turn it to another model.
    func mayTurnCheaper(_ task: TaskIndex) -> Bool {
        self.scopes(of: task).contains { self.budget(of: $0).atLimit == .cheaper }
    }

    private static func amounts(_ spend: Spend) -> [Int64] { [spend.money.microUSD, spend.tokens, 1] }

    /// What providers have billed the run of.
    var billed: Money { Money(microUSD: self.purses[.run]?.billed[0] ?? 0) }

    // MARK: What events say

    func reserve(_ call: ModelCall, _ task: TaskIndex) throws {
        guard self.isLimited(task) else { return }
        guard let reserved = call.reserved else {
            throw self.violation("I-27 a question under a budget sets something aside", task)
        }
        self.tasks[task.offset].reserved = Self.amounts(reserved)
        for (id, question) in self.open where question.kind.holdsAttempt && question.task == task {
            self.open[id] = nil
        }
        for scope in self.scopes(of: task) {
            for (place, amount) in Self.amounts(reserved).enumerated() {
                self.purses[scope, default: Purse()].reserved[place] += amount
            }
            let purse = self.purses[scope] ?? Purse()
            for (place, limit) in self.limits(of: scope).enumerated() {
                guard let limit, purse.spent[place] + purse.reserved[place] > limit else { continue }
                throw self.violation(
                    "I-27 what is spent and set aside stays within the budget",
                    task,
                    "\(scope): \(purse) of \(limit)"
                )
            }
        }
    }

    /// - Parameter usage: nil if nobody knows what became of the question.
    func settle(_ task: TaskIndex, _ usage: Usage?) throws {
        guard let reserved = self.tasks[task.offset].reserved else { return }
        self.tasks[task.offset].reserved = nil
        var spent = reserved
        if let usage {
            spent = [usage.money.microUSD, usage.tokens, 1]
            guard spent[0] <= reserved[0], spent[1] <= reserved[1] else {
                throw self.violation("I-27 no bill is larger than what was set aside for it", task, "\(spent)")
            }
        } else {
            self.reached.insert(.lostCountedAsSpent)
        }
        for scope in self.scopes(of: task) {
            for place in 0..<3 {
                self.purses[scope]?.reserved[place] -= reserved[place]
                self.purses[scope]?.spent[place] += spent[place]
            }
        }
    }

    func raised(_ question: Question, to limit: Int64) {
        guard let budget = question.budget else { return }
        self.reached.insert(.budgetRaised)
        self.change(budget.scope) { known in
            switch budget.measure {
            case .money: known.money = Money(microUSD: limit)
            case .tokens: known.tokens = limit
            case .calls: known.calls = limit
            case .time: known.workTime = .microseconds(limit)
            }
        }
    }

    /// A person has said that it is enough.
    func keptLimit(_ question: Question) {
        if let scope = question.budget?.scope { self.change(scope) { $0.atLimit = .stop } }
    }

    private func change(_ scope: BudgetScope, _ body: (inout Plan.Budget) -> Void) {
        switch scope {
        case .run: body(&self.plan.budget)
        case .agent(let agent): body(&self.plan.agents[agent.offset].budget)
        case .task(let task): body(&self.tasks[task.offset].budget)
        }
    }

    /// Whether it waits for a person's word or a larger budget, or for others to come back that have something set aside.
    func waitsForMoney(_ task: Int) -> Bool {
        let book = self.tasks[task]
        if self.waitsForTime(TaskIndex(task)) { return true }
        if case .tool? = book.talk?.next, book.place == .running { return self.waitsForWord(task) }
        guard book.place == .running, book.talk?.next == .model else { return false }
        // A fork that nobody has taken up does nothing.
        if self.awaitsEngine { return true }
        let scopes = self.scopes(of: TaskIndex(task))
        return self.open.values.contains { question in question.budget.map { scopes.contains($0.scope) } ?? false }
            || scopes.contains { self.purses[$0]?.reserved[2] ?? 0 > 0 }
    }

    // MARK: What providers do

    /// Tokens that the provider reads for a question, one for each byte of what was said before and all that it may add of its own.
    func truth(of key: StepKey) -> Int64 {
        let book = self.tasks[key.task.offset]
        return PromptBound.frame + (book.talk?.saidBytes ?? 0)
    }

    /// A provider has billed a question.
    func bill(_ key: StepKey, _ tokens: Int64, _ money: Money) throws {
        guard self.isLimited(key.task) else { return }
        if let reserved = self.tasks[key.task.offset].reserved, tokens > reserved[1] || money.microUSD > reserved[0] {
            throw self.violation("I-27 what is set aside is enough", key.task, "\(tokens) \(money), not \(reserved)")
        }
        for scope in self.scopes(of: key.task) {
            for (place, amount) in [money.microUSD, tokens, 1].enumerated() {
                self.purses[scope, default: Purse()].billed[place] += amount
            }
            for (place, limit) in self.limits(of: scope).enumerated() {
                guard let limit, let purse = self.purses[scope], purse.billed[place] > limit else { continue }
                throw self.violation("I-27 no bill passes the budget", key.task, "\(scope): \(purse) of \(limit)")
            }
        }
    }
}
