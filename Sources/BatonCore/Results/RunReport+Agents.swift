/// What one agent has brought to a run.
package struct Contribution: Sendable {
    package let agent: AgentIndex
    package let id: AgentID
    package let name: String
    package let occupation: String
    package let isPerson: Bool
    /// Tasks that completed with it in the lead, in this run and not in one that it was forked from.
    package let completed: Int
    /// Tasks that failed with it in the lead in this run, and did not begin anew.
    package let failed: Int
    /// Attempts that it led.
    package private(set) var attempts = 0
    /// Attempts that it led and that did not succeed.
    package private(set) var failedAttempts = 0
    /// Attempts that another one led and that it attended.
    package private(set) var attended = 0
    /// The time of all attempts that it had part in; for a person, from the question to the answer.
    package private(set) var busy = Duration.zero
    package private(set) var usage = Usage.none
    /// Tasks that completed with it in the lead, and that a task of another one built on.
    package private(set) var usedByOthers = 0
    package let inHand: [TaskID]
    /// Tasks assigned to it that have not started, ready ones first.
    package let waiting: [TaskID]

    static func all(of sheet: RunSheet, at now: Timestamp) -> [Contribution] {
        let waiting = sheet.waitingByAgent()
        var all = sheet.run.plan.agents.indices.map { offset in
            Contribution(offset, sheet, waiting: waiting[sheet.run.plan.agents[offset].id] ?? [])
        }
        for attempt in sheet.attempts.joined() where !attempt.isShared {
            for agent in attempt.assignment.agents where all.indices.contains(agent.offset) {
                all[agent.offset].take(attempt, at: now)
            }
        }
        for task in sheet.run.tasks.indices.map({ TaskIndex($0) }) {
            guard let lead = sheet.authorOfUsed(task), all.indices.contains(lead.offset) else { continue }
            all[lead.offset].usedByOthers += 1
        }
        return all
    }

    /// Completed tasks in percent of those that completed or failed with it in the lead; nil before the first.
    package var successRate: Double? {
        Rates.success(completed: self.completed, failed: self.failed)
    }

    private init(_ offset: Int, _ sheet: RunSheet, waiting: [TaskID]) {
        let profile = sheet.run.plan.agents[offset]
        let load = sheet.progress.agents.indices.contains(offset) ? sheet.progress.agents[offset] : nil
        self.agent = AgentIndex(offset)
        self.id = profile.id
        self.name = profile.name
        self.occupation = profile.occupation
        self.isPerson = profile.kind == .person
        self.completed = load?.completed ?? 0
        self.failed = load?.failed ?? 0
        self.inHand = load?.inHand ?? []
        self.waiting = waiting
    }

    private mutating func take(_ attempt: RunSheet.AttemptSheet, at now: Timestamp) {
        self.busy = self.busy.addingSaturated(attempt.span(at: now))
        guard attempt.assignment.lead == self.agent else {
            self.attended += 1
            return
        }
        self.attempts += 1
        if attempt.failure != nil { self.failedAttempts += 1 }
        self.usage = self.usage + attempt.usage
    }
}

extension RunSheet {
    // Who completed a task, if another agent has begun one that needs it.
    fileprivate func authorOfUsed(_ task: TaskIndex) -> AgentIndex? {
        guard case .ended(.completed)? = self.run.record(task)?.state,
            let last = self.attempts[task.offset].last, !last.isShared
        else { return nil }
        let author = last.assignment.lead
        let isUsed = self.run.graph.dependents[task].contains { dependent in
            self.attempts[Int(dependent)].contains { $0.assignment.lead != author }
        }
        return isUsed ? author : nil
    }
}

extension RunReport {
    /// Agents by what they completed, then by how long they were busy; those who did nothing are left out.
    package var agentsByWork: [Contribution] {
        self.agents.filter { $0.attempts + $0.attended > 0 }.sorted { left, right in
            if left.completed != right.completed { return left.completed > right.completed }
            return left.busy == right.busy ? left.agent < right.agent : left.busy > right.busy
        }
    }

    /// Tasks by how long their attempts took, the longest first.
    package func slowest(_ count: Int) -> [TaskAccount] {
        let started = self.tasks.filter { !$0.attempts.isEmpty && $0.took > .zero }
        return Array(started.sorted { $0.took == $1.took ? $0.task < $1.task : $0.took > $1.took }.prefix(count))
    }
}

extension Contribution {
    /// As reports print it.
    package var json: JSON {
        [
            "agent": .string(self.id.text), "name": .string(self.name), "occupation": .string(self.occupation),
            "person": .bool(self.isPerson), "done": .integer(Int64(self.completed)),
            "failed": .integer(Int64(self.failed)), "attempts": .integer(Int64(self.attempts)),
            "failed_attempts": .integer(Int64(self.failedAttempts)), "attended": .integer(Int64(self.attended)),
            "busy_seconds": .number(self.busy.inSeconds), "tokens": .integer(self.usage.tokens),
            "money_usd": .number(self.usage.money.inUSD), "cpu_seconds": self.usage.cpuJSON,
            "peak_memory_bytes": self.usage.peakMemoryJSON,
            "peak_memory_bound_bytes": self.usage.peakMemoryBoundJSON,
            "success_rate": self.successRate.map { .number($0) } ?? .null,
            "used_by_others": .integer(Int64(self.usedByOthers)),
            "in_hand": .array(self.inHand.map { .string($0.text) }),
            "waiting": .array(self.waiting.map { .string($0.text) }),
        ]
    }
}
