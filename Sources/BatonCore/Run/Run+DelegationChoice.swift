// Who does work that an agent hands on: somebody who declares it, at the best price and time.
extension Run {
    /// Those who may do it, the best first.
    func weighed(
        named name: String,
        _ order: DelegationOrder,
        _ task: TaskIndex,
        _ lead: AgentIndex
    ) throws(DelegationOrder.Fault) -> [Delegation.Candidate] {
        let named = self.team.filter { self.profile($0).id.text == name }
        let called = named.isEmpty ? self.team.filter { self.profile($0).name == name } : named
        let found = called.count == 1 ? called : self.declaring(name)
        return try self.weighed(found, name, order, task, lead)
    }

    func weighed(
        declaring name: String,
        _ order: DelegationOrder,
        _ task: TaskIndex,
        _ lead: AgentIndex
    ) throws(DelegationOrder.Fault) -> [Delegation.Candidate] {
        try self.weighed(self.declaring(name), name, order, task, lead)
    }

    /// Who declares a type or capability, the best first.
    func offers(of name: String) -> [Delegation.Candidate] {
        Self.ranked(self.declaring(name).map { self.candidate($0, name) }, self.plan.agents, failing: self.failing)
    }

    private func declaring(_ name: String) -> [AgentIndex] { self.team.filter { self.profile($0).declares(name) } }

    // Whoever takes tasks, and was not made for one alone.
    private var team: [AgentIndex] {
        self.plan.agents.indices.lazy.map { AgentIndex($0) }.filter { agent in
            let profile = self.profile(agent)
            return profile.available && profile.madeBy == nil && profile.kind != .conductor
        }
    }

    private func weighed(
        _ found: [AgentIndex],
        _ name: String,
        _ order: DelegationOrder,
        _ task: TaskIndex,
        _ lead: AgentIndex
    ) throws(DelegationOrder.Fault) -> [Delegation.Candidate] {
        guard !found.isEmpty else { throw self.unregistered(name, lead) }
        let chain = self.chain(of: task, lead)
        let others = planted(.delegatesInCircles) ? found : found.filter { !chain.contains($0) }
        guard !others.isEmpty else { throw self.circle(found[0], chain) }
        let able = others.filter { self.profile($0).capability(name)?.missing(in: order.input).isEmpty ?? true }
        guard !able.isEmpty else {
            let missing = self.profile(others[0]).capability(name)?.missing(in: order.input) ?? []
            throw DelegationOrder.Fault(
                "\(PlainText.line(name, limit: 60)) wants \(missing.joined(separator: ", ")) in input"
            )
        }
        return Self.ranked(able.map { self.candidate($0, name, behind: task) }, self.plan.agents, failing: self.failing)
    }

    private func unregistered(_ name: String, _ lead: AgentIndex) -> DelegationOrder.Fault {
        var names: [String] = []
        for agent in self.team where agent != lead {
            let profile = self.profile(agent)
            let types = [profile.type].compactMap { $0 }.filter { AgentProfile.builtInTypes.contains($0) }
            for name in [profile.id.text] + types + profile.capabilities.map(\.name) where !names.contains(name) {
                names.append(name)
            }
        }
        let there = names.isEmpty ? "There is nobody else" : "There are \(names.prefix(40).joined(separator: ", "))"
        let isBuiltIn = BuiltInProfile.named(name) != nil
        let hint = isBuiltIn ? " It is a built-in type, and this plan names no agent of it." : ""
        return DelegationOrder.Fault("Agent \(PlainText.line(name, limit: 60)) not registered. \(there).\(hint)")
    }

    // Who waits for the task: whoever does it, and those who handed it on.
    private func chain(of task: TaskIndex, _ lead: AgentIndex) -> [AgentIndex] {
        [lead]
            + self.delegators(of: task).compactMap { above in
                guard case .running(let attempt) = self.tasks[above.offset].state else { return nil }
                return attempt.assignment.lead
            }
    }

    private func circle(_ agent: AgentIndex, _ chain: [AgentIndex]) -> DelegationOrder.Fault {
        let name = self.profile(agent).id
        guard agent != chain.first else {
            return DelegationOrder.Fault(
                "Agent \(name) cannot hand work to itself: do it in this task, or make an agent by its role."
            )
        }
        let way = (chain.prefix { $0 != agent } + [agent]).reversed().map { self.profile($0).id.text } + [name.text]
        return DelegationOrder.Fault(
            "Agent \(name) waits for this task itself: handing work back would go round in circles (\(way.joined(separator: " → "))). "
                + "Answer with what you have."
        )
    }

    // Measured where the agent has done something in this run, for each task that it completed; else as declared.
    //
    // Whoever has been promised other work by the same task is as busy as if it had begun.
    private func candidate(
        _ agent: AgentIndex,
        _ name: String,
        behind task: TaskIndex? = nil
    ) -> Delegation.Candidate {
        let promised = task.map { self.promised(to: agent, by: $0) } ?? 0
        let record = self.records[agent.offset]
        let declared = self.profile(agent).capability(name)
        let isMeasured = record.successes > 0
        // Nothing spent on a model with a price is a price that nobody knows, and programs and people do not say what they cost.
        let isPriced = isMeasured && (record.spent != .zero || self.costsNothing(self.profile(agent)))
        return Delegation.Candidate(
            agent: agent,
            cost: isPriced ? Money(microUSD: record.spent.microUSD / record.successes) : declared?.costEstimate,
            time: isMeasured ? .microseconds(record.busyMicroseconds / record.successes) : declared?.estimatedTime,
            isMeasured: isMeasured,
            isBusy: !self.isFree(agent, for: promised + 1)
        )
    }

    // Who has tried and never completed anything is cheap and quick at that.
    private var failing: Set<AgentIndex> {
        let failed = self.records.indices.filter { self.records[$0].attempts > 0 && self.records[$0].successes == 0 }
        return Set(failed.map { AgentIndex($0) })
    }

    private func promised(to agent: AgentIndex, by task: TaskIndex) -> Int {
        self.handed[task, default: []].count { piece in
            guard self.spec(piece).assignedAgent == self.profile(agent).id else { return false }
            return switch self.tasks[piece.offset].state {
            case .waiting, .scheduled, .ready: true
            case .running, .stopping, .resting, .blocked, .ended: false
            }
        }
    }

    private func costsNothing(_ agent: AgentProfile) -> Bool {
        guard agent.kind == .model else { return false }
        return agent.model.flatMap(ModelName.init).flatMap(PriceTable.own) != nil
    }

    /// The best first: who has not only failed; who is free; then the least cost and time, each beside the mean of all; then priority and plan order.
    static func ranked(
        _ candidates: [Delegation.Candidate],
        _ agents: [AgentProfile],
        failing: Set<AgentIndex> = []
    ) -> [Delegation.Candidate] {
        let costs = Self.relative(candidates.map { $0.cost?.microUSD })
        let times = Self.relative(candidates.map { $0.time?.microseconds })
        let order = candidates.indices.sorted { left, right in
            let (one, other) = (candidates[left], candidates[right])
            let (hasFailed, hasOther) = (failing.contains(one.agent), failing.contains(other.agent))
            if hasFailed != hasOther { return hasOther }
            if one.isBusy != other.isBusy { return other.isBusy }
            let own = costs[left].addingSaturated(times[left])
            let its = costs[right].addingSaturated(times[right])
            if own != its { return own < its }
            let (first, second) = (agents[one.agent.offset].priority, agents[other.agent.offset].priority)
            return first == second ? one.agent < other.agent : first > second
        }
        return order.map { candidates[$0] }
    }

    // In thousandths of the mean; what is not known is taken for the mean.
    private static func relative(_ values: [Int64?]) -> [Int64] {
        let known = values.compactMap { $0 }
        let mean = known.reduce(0) { $0.addingSaturated($1) } / Int64(max(1, known.count))
        guard mean > 0 else { return values.map { _ in 0 } }
        return values.map { value in
            guard let value else { return 1000 }
            let (product, overflow) = value.multipliedReportingOverflow(by: 1000)
            return overflow ? .max / 4 : product / mean
        }
    }
}
