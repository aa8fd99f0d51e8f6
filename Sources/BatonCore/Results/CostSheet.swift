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
        package private(set) var usage = Usage()
        /// Questions whose price is not known.
        package private(set) var unpriced = 0

        fileprivate mutating func add(_ result: StepResult) {
            self.calls += 1
            if case .replied = result {} else { self.failures += 1 }
            self.usage = self.usage + result.usage
            if result.usage.isUnpriced { self.unpriced += 1 }
        }

        fileprivate mutating func addLost() {
            self.calls += 1
            self.lost += 1
        }
    }

    package private(set) var total = Line()
    package private(set) var agents: OrderedDictionary<String, Line> = [:]
    package private(set) var tasks: OrderedDictionary<String, Line> = [:]
    package private(set) var models: OrderedDictionary<String, Line> = [:]

    /// - Parameter run: folded from the same facts.
    package init(_ run: Run, _ facts: some Sequence<Recorded>) {
        var asked: [StepKey: ModelCall] = [:]
        var leads: [TaskIndex: AgentIndex] = [:]
        for fact in facts {
            switch fact.event {
            case .attemptStarted(let task, _, let assignment): leads[task] = assignment.lead
            case .stepOwed(let key, .model(let call)):
                // Handed out again: nobody heard what came of the first time.
                if key.delivery > 1, let lost = asked.removeValue(forKey: key.before) {
                    self.add(run, key, lost, leads, nil)
                }
                asked[key] = call
            case .stepLost(let key):
                if let call = asked.removeValue(forKey: key) { self.add(run, key, call, leads, nil) }
            case .stepReturned(let key, let result):
                guard let call = asked.removeValue(forKey: key) else { continue }
                self.add(run, key, call, leads, result)
            default: continue
            }
        }
    }

    private mutating func add(
        _ run: Run,
        _ key: StepKey,
        _ call: ModelCall,
        _ leads: [TaskIndex: AgentIndex],
        _ result: StepResult?
    ) {
        guard run.tasks.indices.contains(key.task.offset), let lead = leads[key.task] else { return }
        let agent = run.profile(lead)
        var model = agent.models.indices.contains(Int(call.choice)) ? agent.models[Int(call.choice)] : ""
        if case .replied(let reply, _)? = result { model = reply.model }
        model = ModelName(model)?.description ?? model
        let change = { (line: inout Line) in if let result { line.add(result) } else { line.addLost() } }
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
                ("models", list(self.models, "model")),
            ]
        )
    }
}

extension CostSheet.Line {
    fileprivate var fields: [(String, JSON)] {
        let kinds = self.usage.tokenKinds ?? Usage.TokenKinds()
        return [
            ("calls", .integer(Int64(self.calls))), ("failures", .integer(Int64(self.failures))),
            ("lost", .integer(Int64(self.lost))), ("input_tokens", .integer(kinds.input)),
            ("cache_read_tokens", .integer(kinds.cacheRead)), ("cache_write_tokens", .integer(kinds.cacheWrite)),
            ("output_tokens", .integer(kinds.output)), ("tokens_estimated", .bool(kinds.isEstimated)),
            ("money_usd", .number(self.usage.money.inUSD)), ("saved_usd", .number(self.usage.saved.inUSD)),
            ("unpriced", .integer(Int64(self.unpriced))),
        ]
    }
}
