/// How a run went as a whole: what succeeded, how well its slots were used and when, and what held it up.
///
/// Every number follows from the events; where none can be told yet, it is nil.
package struct RunDiagnosis: Sendable {
    /// From the first event to the moment it tells of.
    package let elapsed: Duration
    /// That without the times in which no engine was there.
    package let carried: Duration
    /// The most attempts that it could have had in hand: by the plan, by its agents, and by its tasks.
    package let slots: Int
    /// The time of all attempts, each once; people's own work is left out.
    package let worked: Duration
    package let completed: Int
    package let failed: Int
    /// The time of the run in equal pieces; empty while there is too little of it.
    package let stretches: [Stretch]
    package let criticalPath: CriticalPath
    package let issues: Issues
    package let times: RunTimes

    package init(_ report: RunReport) {
        let work = report.tasks.flatMap(\.attempts).filter { !report.plan.isPersons($0.assignment) }
        self.elapsed = report.elapsed
        self.carried = max(.zero, report.elapsed - report.sheet.absence)
        self.slots = Self.slots(of: report.run)
        self.worked = work.reduce(Duration.zero) { $0.addingSaturated($1.span(at: report.now)) }
        self.completed = report.run.counts.shown.completed
        self.failed = report.run.counts.shown.failed
        self.stretches = Stretch.all(of: report, work: work, slots: self.slots)
        self.criticalPath = CriticalPath.byMeasuredTimes(of: report.sheet)
        let whole = self.carried.inSeconds * Double(self.slots)
        self.issues = Issues(
            report,
            on: self.criticalPath,
            busyShare: whole > 0 ? self.worked.inSeconds / whole : nil,
            slots: self.slots
        )
        self.times = RunTimes(report)
    }

    /// Completed tasks in percent of those that completed or failed; nil before the first.
    package var successRate: Double? {
        Rates.success(completed: self.completed, failed: self.failed)
    }

    /// The work done by what all slots could have done while an engine was there, 0 to 1; nil while no time has passed.
    package var parallelEfficiency: Double? {
        let whole = self.carried.inSeconds * Double(self.slots)
        return whole > 0 ? self.worked.inSeconds / whole : nil
    }

    /// Completed tasks a minute; nil while no time has passed.
    package var tasksPerMinute: Double? {
        Rates.perMinute(self.completed, in: self.elapsed)
    }

    private static func slots(of run: Run) -> Int {
        let most = min(run.largestInHand, run.tasks.count)
        // Each counts as `most` at the most, so that no plan can make the sum overflow.
        return run.plan.agents.filter { $0.kind != .person }.reduce(0) { sum, agent in
            min(most, sum + max(0, min(most, agent.maxConcurrentTasks)))
        }
    }
}

extension RunDiagnosis {
    /// One of the equal pieces of the time of a run.
    package struct Stretch: Hashable, Sendable {
        /// How many pieces there are.
        static let count = 10

        package let from: Duration
        package let to: Duration
        /// Tasks whose last attempt completed in it.
        package fileprivate(set) var completed = 0
        /// The time of attempts in it by the time of all slots, 0 to 1.
        package fileprivate(set) var busyShare = 0.0

        static func all(of report: RunReport, work: [RunSheet.AttemptSheet], slots: Int) -> [Stretch] {
            let total = report.elapsed.microseconds
            guard total >= Int64(Self.count) else { return [] }
            let edges = (0..<Self.count).map { total / Int64(Self.count) * Int64($0) } + [total]
            var stretches = zip(edges, edges.dropFirst()).map {
                Stretch(from: .microseconds($0), to: .microseconds($1))
            }
            let began = report.run.began
            for account in report.tasks {
                guard case .ended(.completed)? = report.state(account.task),
                    let end = account.attempts.last?.endedAt
                else { continue }
                let moment = (end - began).microseconds
                // What ends with the run belongs to the last piece.
                if let place = edges.dropLast().lastIndex(where: { $0 <= moment }) { stretches[place].completed += 1 }
            }
            guard slots > 0 else { return stretches }
            for piece in work.flatMap({ $0.stretches(at: report.now) }) {
                let (start, end) = ((piece.from - began).microseconds, (piece.to - began).microseconds)
                for place in stretches.indices {
                    let (low, high) = (edges[place], edges[place + 1])
                    let busy = max(low, min(high, end)) - max(low, min(high, start))
                    guard busy > 0 else { continue }
                    stretches[place].busyShare += Double(busy) / (Double(high - low) * Double(slots))
                }
            }
            return stretches
        }
    }
}
