package import BatonCore
import OrderedCollections

/// Figures over many runs: by plan from their heads and plans, by agent from their events.
///
/// Rehearsals are left out: their time is not real.
package struct RunStatistics: Sendable {
    /// The runs of one plan.
    package struct PlanFigures: Sendable {
        package let name: String
        package fileprivate(set) var runs = 0
        /// How many ended in which way.
        package fileprivate(set) var ends: [RunEnd: Int] = [:]
        /// Of those that have ended, by the clock of the machine: waits for people and for engines are in it.
        fileprivate var durations: [Duration] = []
        /// Nil if no events were read.
        package fileprivate(set) var usage: Usage?

        package var ended: Int { RunEnd.allCases.reduce(0) { $0 + (self.ends[$1] ?? 0) } }

        package var duration: RunTimes.Spread { RunTimes.Spread(self.durations) }

        /// Completed runs in percent of those that have ended; nil before the first.
        package var successRate: Double? {
            let completed = self.ends[.completed] ?? 0
            return Rates.success(completed: completed, failed: self.ended - completed)
        }
    }

    /// The attempts that one agent led, over all runs, each in the run that it was made for, not in forks of it.
    ///
    /// Of several runs it is one if identifier and type are equal.
    package struct AgentFigures: Sendable {
        package let agent: AgentID
        package let type: String
        package fileprivate(set) var runs = 0
        package fileprivate(set) var attempts = 0
        package fileprivate(set) var completed = 0
        package fileprivate(set) var failed = 0
        package fileprivate(set) var usage = Usage.none
        fileprivate var durations: [Duration] = []

        package var duration: RunTimes.Spread { RunTimes.Spread(self.durations) }

        /// Completed attempts in percent of those that completed or failed; nil before the first.
        package var successRate: Double? {
            Rates.success(completed: self.completed, failed: self.failed)
        }
    }

    private struct Identity: Hashable {
        let id: AgentID
        let type: String
    }

    private var planFigures: OrderedDictionary<String, PlanFigures> = [:]
    private var agentFigures: OrderedDictionary<Identity, AgentFigures> = [:]
    /// Whether the events of the runs were read too.
    package let hasAgents: Bool

    package init(hasAgents: Bool) { self.hasAgents = hasAgents }

    /// The plans with most runs first.
    package var plans: [PlanFigures] {
        self.planFigures.values.sorted { $0.runs == $1.runs ? $0.name < $1.name : $0.runs > $1.runs }
    }

    /// The agents with most attempts first.
    package var agents: [AgentFigures] {
        self.agentFigures.values.sorted { $0.attempts == $1.attempts ? $0.agent < $1.agent : $0.attempts > $1.attempts }
    }

    package var runs: Int { self.planFigures.values.reduce(0) { $0 + $1.runs } }

    /// Takes a run of a plan in by what its head says.
    package mutating func take(_ head: RunHead, of name: String) {
        guard !head.isRehearsal else { return }
        var figures = self.planFigures[name] ?? PlanFigures(name: name)
        figures.runs += 1
        if head.isEnded, let end = RunEnd(rawValue: head.state) {
            figures.ends[end, default: 0] += 1
            figures.durations.append(max(.zero, head.updatedAt - head.createdAt))
        }
        self.planFigures[name] = figures
    }

    /// Takes in what the events of a run say besides; its head comes first.
    package mutating func take(_ sheet: RunSheet) {
        guard sheet.run.seed.mode == .real else { return }
        var spent = Usage.none
        var led: Set<Identity> = []
        for attempt in sheet.attempts.joined() where !attempt.isShared {
            let profile = sheet.run.plan.agents[attempt.assignment.lead.offset]
            let identity = Identity(id: profile.id, type: profile.kindWord)
            var figures = self.agentFigures[identity] ?? AgentFigures(agent: profile.id, type: profile.kindWord)
            figures.attempts += 1
            if led.insert(identity).inserted { figures.runs += 1 }
            if attempt.result == "completed" {
                figures.completed += 1
            } else if attempt.failure != nil {
                figures.failed += 1
            }
            if let end = attempt.endedAt { figures.durations.append(attempt.span(at: end)) }
            figures.usage = figures.usage + attempt.usage
            spent = spent + attempt.usage
            self.agentFigures[identity] = figures
        }
        let name = sheet.run.plan.id
        let before = self.planFigures[name]?.usage ?? .none
        self.planFigures[name]?.usage = before + spent
    }

    /// The identifier of a run without its date and time; the title if it has none.
    static func plan(named head: RunHead) -> String {
        let usual = /^(.+)-[0-9]{8}-[0-9]{6}(-[0-9]+)?$/
        if let match = head.run.text.wholeMatch(of: usual) { return String(match.1) }
        return head.title
    }
}

extension Readings {
    /// Figures over the newest runs.
    ///
    /// - Parameters:
    ///   - most: how many runs; nil is all.
    ///   - hasAgents: whether the events of each are read too, which costs as much as they are long.
    package func statistics(of most: Int? = nil, withAgents hasAgents: Bool) async throws -> RunStatistics {
        var statistics = RunStatistics(hasAgents: hasAgents)
        for head in try await self.journal.heads().filter({ !$0.isRehearsal }).prefix(most ?? .max) {
            guard hasAgents else {
                statistics.take(head, of: await self.plan(of: head))
                continue
            }
            let sheet = try await self.sheet(of: head.run)
            statistics.take(head, of: sheet.run.plan.id)
            statistics.take(sheet)
        }
        return statistics
    }

    // A run whose beginning cannot be read is still one of the list: what it is called tells most of it.
    private func plan(of head: RunHead) async -> String {
        let plan = try? await JournalReader(self.journal).plan(of: head.run)
        return plan?.id ?? RunStatistics.plan(named: head)
    }
}

extension RunStatistics {
    /// As `baton stats --json` prints it.
    package var json: JSON {
        [
            "runs": .integer(Int64(self.runs)), "plans": .array(self.plans.map(\.json)),
            "agents": self.hasAgents ? .array(self.agents.map(\.json)) : .null,
        ]
    }
}

extension RunStatistics.PlanFigures {
    fileprivate var json: JSON {
        var json: JSON = ["plan": .string(self.name), "runs": .integer(Int64(self.runs))]
        for end in RunEnd.allCases { json = json.adding(end.rawValue, .integer(Int64(self.ends[end] ?? 0))) }
        json = json.adding("success_rate", self.successRate.map { .number($0) } ?? .null)
        json = json.adding("duration_seconds", self.ended > 0 ? self.duration.json : .null)
        json = json.adding("tokens", self.usage.map { .integer($0.tokens) } ?? .null)
        json = json.adding("money_usd", self.usage.map { .number($0.money.inUSD) } ?? .null)
        return json.adding("cpu_seconds", self.usage?.cpuJSON ?? .null)
    }
}

extension RunStatistics.AgentFigures {
    fileprivate var json: JSON {
        [
            "agent": .string(self.agent.text), "type": .string(self.type), "runs": .integer(Int64(self.runs)),
            "attempts": .integer(Int64(self.attempts)), "completed": .integer(Int64(self.completed)),
            "failed": .integer(Int64(self.failed)), "success_rate": self.successRate.map { .number($0) } ?? .null,
            "duration_seconds": self.durations.isEmpty ? .null : self.duration.json,
            "tokens": .integer(self.usage.tokens), "money_usd": .number(self.usage.money.inUSD),
            "cpu_seconds": self.usage.cpuJSON, "peak_memory_bytes": self.usage.peakMemoryJSON,
            "peak_memory_bound_bytes": self.usage.peakMemoryBoundJSON,
        ]
    }
}
