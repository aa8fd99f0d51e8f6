/// How long a plan takes by its own estimates, played once in virtual time.
package struct Forecast: Hashable, Sendable {
    /// From the first start to the last end.
    package let duration: Duration
    /// The chain of tasks that decides it, from estimates alone.
    package let criticalPath: [TaskID]
    /// The sum of estimates along it.
    package let criticalHours: Double
    /// The most tasks that were in hand at once.
    package let widest: Int

    /// - Returns: nil if the plan does not reach an end by itself.
    package static func of(_ plan: Plan) -> Forecast? {
        var plan = plan
        plan.budget.time = nil
        plan.staffing = .bestAvailable
        plan.defaults.taskTimeout = .seconds(31_536_000)
        for index in plan.tasks.indices { plan.tasks[index].timeout = nil }
        let start = plan.scheduling.startDate?.projectTimestamp ?? .zero
        let seed = RunSeed(run: RunID("forecast"), plan: plan, stored: .zero, seed: 0, mode: .rehearsal, engine: "")
        var out = Emission()
        let run = Run.create(seed, at: start, by: .engine, &out)
        var time = VirtualTime(run, isExact: true)
        var widest = 0
        while (try? time.step()) != nil { widest = max(widest, time.run.counts.inHand) }
        guard time.run.isEnded else { return nil }
        // Tasks that a manager will make are not known yet.
        let path = CriticalPath.byEstimates(time.run.plan.tasks, time.run.graph).tasks.filter {
            plan.tasks.indices.contains($0.offset)
        }
        return Forecast(
            duration: time.now - start,
            criticalPath: path.map { plan.tasks[$0.offset].id },
            criticalHours: path.reduce(0) { $0 + plan.tasks[$1.offset].estimatedHours },
            widest: widest
        )
    }
}
