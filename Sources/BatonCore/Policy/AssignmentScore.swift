/// How well an agent suits a task just now, in ten-thousandths.
///
/// Σ skill × importance (importance: the task's minimum ÷ the sum of minimums) + 0.1 × preference for the type
/// (unknown: 5) − 0.5 × workload + (successes + 1) ÷ (attempts + 2) − 0.2 × (own mean time ÷ mean time of all − 1),
/// the last within ±1 and 0 until measured.
package enum AssignmentScore {
    /// What has been measured of an agent in this run.
    package struct Record: Hashable, Sendable {
        package var inHand = 0
        package var successes: Int64 = 0
        package var attempts: Int64 = 0
        package var busyMicroseconds: Int64 = 0
        package var spent = Money.zero

        package init() {}

        package var meanMicroseconds: Int64? { self.attempts > 0 ? self.busyMicroseconds / self.attempts : nil }
    }

    /// The parts of a score, each in ten-thousandths and with its sign; their sum is the score.
    package struct Terms: Hashable, Sendable {
        package let skills: Int64
        package let preference: Int64
        package let workload: Int64
        package let success: Int64
        package let speed: Int64

        package var sum: Int64 { self.skills + self.preference + self.workload + self.success + self.speed }
    }

    package static func of(_ agent: AgentProfile, _ record: Record, for task: TaskSpec, meanOfAll: Int64?) -> Int64 {
        Self.terms(agent, record, for: task, meanOfAll: meanOfAll).sum
    }

    package static func terms(_ agent: AgentProfile, _ record: Record, for task: TaskSpec, meanOfAll: Int64?) -> Terms {
        Terms(
            skills: Self.skillTerm(agent, task),
            preference: 10 * Int64(agent.preferences.hundredths(of: task.preferenceType) ?? 500),
            workload: -5000 * Int64(record.inHand),
            success: 10_000 * (record.successes + 1) / (record.attempts + 2),
            speed: -Self.speedTerm(record.meanMicroseconds, meanOfAll)
        )
    }

    private static func skillTerm(_ agent: AgentProfile, _ task: TaskSpec) -> Int64 {
        var weighted: Int64 = 0
        var minimums: Int64 = 0
        for required in task.requiredSkills.entries {
            weighted += Int64(agent.skillLevels.hundredths(of: required.name) ?? 0) * Int64(required.hundredths)
            minimums += Int64(required.hundredths)
        }
        return minimums > 0 ? 100 * weighted / minimums : 0
    }

    private static func speedTerm(_ own: Int64?, _ all: Int64?) -> Int64 {
        guard let own, let all, all > 0 else { return 0 }
        let relative = own.multipliedReportingOverflow(by: 1000)
        // No agent takes less than no time, whatever a journal says.
        let deviation = relative.overflow ? 1000 : max(0, relative.partialValue / all) - 1000
        return 2000 * min(1000, max(-1000, deviation)) / 1000
    }

    /// The mean time of an attempt over those who have one.
    package static func meanOfAll(_ records: some Sequence<Record>) -> Int64? {
        var total: Int64 = 0
        var count: Int64 = 0
        for record in records {
            guard let mean = record.meanMicroseconds else { continue }
            // Times come from the journal: absurd ones must not trap.
            let (sum, overflow) = total.addingReportingOverflow(mean)
            total = overflow ? .max : sum
            count += 1
        }
        return count > 0 ? total / count : nil
    }

    /// Whether the left candidate goes first: score, then the agent's priority, then workload, then plan order.
    package static func goesFirst(
        _ left: (agent: AgentIndex, score: Int64),
        _ right: (agent: AgentIndex, score: Int64),
        agents: [AgentProfile],
        records: [Record]
    ) -> Bool {
        if left.score != right.score { return left.score > right.score }
        let priorities = (agents[left.agent.offset].priority, agents[right.agent.offset].priority)
        if priorities.0 != priorities.1 { return priorities.0 > priorities.1 }
        let loads = (records[left.agent.offset].inHand, records[right.agent.offset].inHand)
        return loads.0 == loads.1 ? left.agent < right.agent : loads.0 < loads.1
    }
}
