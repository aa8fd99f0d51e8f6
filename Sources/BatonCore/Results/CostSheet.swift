package import OrderedCollections

/// What the models of a run were asked, and what that cost: all of it from the journal.
package struct CostSheet: Sendable {
    /// Sums of some questions.
    package struct Line: Hashable, Sendable {
        /// Questions that were asked, those that came to nothing among them.
        package private(set) var calls = 0
        /// Those that brought no answer.
        package private(set) var failures = 0
        /// Those of which nobody knows what became of them: asked when an engine ended.
        package private(set) var lost = 0
        /// Those that have not come back: under way, or lost and not yet known to be.
        package private(set) var open = 0
        package private(set) var usage = Usage()
        /// Questions whose price is not known.
        package private(set) var unpriced = 0

        package init() {}

        fileprivate mutating func add(_ result: StepResult) {
            self.calls += 1
            if case .replied = result {} else { self.failures += 1 }
            self.usage = self.usage + result.usage
            if result.usage.isUnpriced { self.unpriced += 1 }
        }

        // Under a budget all that was set aside counts as spent.
        fileprivate mutating func addLost(_ reserved: Spend?) {
            self.calls += 1
            self.lost += 1
            guard let reserved else { return }
            var usage = Usage()
            (usage.money, usage.tokens) = (reserved.money, reserved.tokens)
            self.usage = self.usage + usage
        }

        fileprivate mutating func addOpen() {
            self.calls += 1
            self.open += 1
        }
    }

    package private(set) var total = Line()
    package private(set) var agents: OrderedDictionary<String, Line> = [:]
    package private(set) var tasks: OrderedDictionary<String, Line> = [:]
    package private(set) var models: OrderedDictionary<String, Line> = [:]
    package private(set) var budgets: [BudgetLine] = []

    /// A limit, and how far it is used up.
    package struct BudgetLine: Hashable, Sendable {
        /// Such as `the run` or `agent ada`.
        package let whose: String
        package let measure: Spend.Measure
        package let limit: Int64
        package let spent: Int64
        /// For questions that are on their way.
        package let reserved: Int64
    }

    /// - Parameter run: folded from the same facts.
    package init(_ run: Run, _ facts: some Sequence<Recorded>) {
        var asked: [StepKey: ModelCall] = [:]
        var assignments: [TaskIndex: Assignment] = [:]
        for fact in facts {
            switch fact.event {
            case .attemptStarted(let task, _, let assignment): assignments[task] = assignment
            case .stepOwed(let key, .model(let call)):
                // Handed out again: nobody heard what came of the first time.
                if key.delivery > 1, let lost = asked.removeValue(forKey: key.before) {
                    self.add(run, key, lost, assignments) { $0.addLost(lost.reserved) }
                }
                asked[key] = call
            case .stepLost(let key):
                if let call = asked.removeValue(forKey: key) {
                    self.add(run, key, call, assignments) { $0.addLost(call.reserved) }
                }
            case .stepReturned(let key, let result):
                guard let call = asked.removeValue(forKey: key) else { continue }
                self.add(run, key, call, assignments, result) { $0.add(result) }
            case .forked:
                // What came before is another run's, and so is what was under way.
                self = CostSheet()
                asked = [:]
            default: continue
            }
        }
        for (key, call) in asked.sorted(by: { $0.key < $1.key }) {
            self.add(run, key, call, assignments) { $0.addOpen() }
        }
        self.budgets = Self.budgets(of: run)
    }

    private static func budgets(of run: Run) -> [BudgetLine] {
        var scopes: [(String, BudgetScope)] = [("the run", .run)]
        scopes += run.plan.agents.enumerated().lazy.filter(\.element.budget.limitsAnything)
            .map { ("agent \($1.id)", .agent(AgentIndex($0))) }
        scopes += run.plan.tasks.enumerated().lazy.filter(\.element.budget.limitsAnything)
            .map { ("task \($1.id)", .task(TaskIndex($0))) }
        return scopes.flatMap { whose, scope in
            let (budget, account) = (run.budget(of: scope), run.account(of: scope))
            return Spend.Measure.allCases.compactMap { measure in
                budget.limit(on: measure).map {
                    BudgetLine(
                        whose: whose,
                        measure: measure,
                        limit: $0,
                        spent: account.spent.amount(measure),
                        reserved: account.reserved.amount(measure)
                    )
                }
            }
        }
    }

    private init() {}

    private mutating func add(
        _ run: Run,
        _ key: StepKey,
        _ call: ModelCall,
        _ assignments: [TaskIndex: Assignment],
        _ result: StepResult? = nil,
        _ change: (inout Line) -> Void
    ) {
        guard run.tasks.indices.contains(key.task.offset), let assignment = assignments[key.task],
            run.plan.agents.indices.contains(assignment.lead.offset)
        else { return }
        let agent = run.profile(assignment.lead)
        let models = run.plan.models(of: assignment, for: run.spec(key.task))
        var model = models.indices.contains(Int(call.choice)) ? models[Int(call.choice)] : ""
        if case .replied(let reply, _)? = result { model = reply.model }
        model = ModelName(model)?.description ?? model
        change(&self.total)
        change(&self.agents[agent.id.text, default: Line()])
        change(&self.tasks[run.spec(key.task).id.text, default: Line()])
        change(&self.models[model, default: Line()])
    }

    /// What `baton cost --json` prints.
    package var json: JSON {
        let list = { (lines: OrderedDictionary<String, Line>, name: String) -> JSON in
            .array(lines.map { .members([(name, .string($0.key))] + $0.value.fields) })
        }
        return .members(
            self.total.fields + [
                ("agents", list(self.agents, "agent")), ("tasks", list(self.tasks, "task")),
                ("models", list(self.models, "model")), ("budgets", .array(self.budgets.map(\.json))),
            ]
        )
    }
}

extension CostSheet.BudgetLine {
    fileprivate var json: JSON {
        let value = { (amount: Int64) -> JSON in
            switch self.measure {
            case .money: .number(Money(microUSD: amount).inUSD)
            case .tokens, .calls: .integer(amount)
            case .time: .number(Duration.microseconds(amount).inSeconds)
            }
        }
        return [
            "of": .string(self.whose), "measure": .string(self.measure.rawValue), "limit": value(self.limit),
            "spent": value(self.spent), "reserved": value(self.reserved),
        ]
    }

    /// Such as `the run: 0.2 USD of 0.5 USD are spent, 0.1 USD are set aside`.
    package var words: String {
        "\(self.whose): \(self.measure.words(self.spent)) of \(self.measure.words(self.limit)) are spent"
            + (self.reserved > 0 ? ", \(self.measure.words(self.reserved)) are set aside" : "")
    }
}

extension CostSheet.Line {
    fileprivate var fields: [(String, JSON)] {
        let kinds = self.usage.tokenKinds ?? Usage.TokenKinds()
        return [
            ("calls", .integer(Int64(self.calls))), ("failures", .integer(Int64(self.failures))),
            ("lost", .integer(Int64(self.lost))),
            ("open", .integer(Int64(self.open))), ("input_tokens", .integer(kinds.input)),
            ("cache_read_tokens", .integer(kinds.cacheRead)), ("cache_write_tokens", .integer(kinds.cacheWrite)),
            ("output_tokens", .integer(kinds.output)), ("tokens_estimated", .bool(kinds.isEstimated)),
            ("money_usd", .number(self.usage.money.inUSD)), ("saved_usd", .number(self.usage.saved.inUSD)),
            ("unpriced", .integer(Int64(self.unpriced))),
        ]
    }
}
