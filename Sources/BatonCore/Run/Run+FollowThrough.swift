// After a meeting: what it brought becomes tasks, before it is over for everybody else.
extension Run {
    /// The day on which something happens, in project time.
    ///
    /// Virtual time is that of the project; in earnest it goes on from the plan's first day as fast as the clock does.
    package func projectDay(at now: Timestamp) -> Timestamp {
        guard self.seed.mode == .real, let start = self.plan.scheduling.startDate?.projectTimestamp else { return now }
        return start + (now - self.began)
    }

    /// Adds the tasks that come of the minutes with which a meeting completes.
    mutating func followThrough(_ task: TaskIndex, _ end: TaskEnd, _ now: Timestamp, _ out: inout Emission) {
        guard case .completed(let content) = end, self.plan.tasks[task.offset].pattern == .meeting,
            self.phase == .running || self.phase == .paused, let minutes = content.inlined,
            let lead = self.record(task)?.lead, !planted(.decisionsForgotten)
        else { return }
        let meeting = self.spec(task)
        let day = self.projectDay(at: now)
        let specs = FollowThrough.items(of: minutes, after: meeting, in: self.plan, today: day).compactMap { item in
            if case .task(let spec) = item.fate { spec } else { nil }
        }
        let by = Origin.agent(self.profile(lead).id, meeting.id)
        let wanted = self.fitting(specs, by)
        guard !wanted.isEmpty else { return }
        self.emit(.tasksAdded(wanted), now, by, &out)
    }

    // As many as agents may add, of those that a plan may have.
    private func fitting(_ specs: [TaskSpec], _ by: Origin) -> [TaskSpec] {
        var specs = specs
        while !specs.isEmpty {
            do throws(Refusal) {
                try self.refuseSpawning(specs.count, by: by)
                break
            } catch { specs.removeLast() }
        }
        if self.isSound(specs) { return specs }
        var kept: [TaskSpec] = []
        for spec in specs where self.isSound(kept + [spec]) { kept.append(spec) }
        return kept
    }

    private func isSound(_ specs: [TaskSpec]) -> Bool {
        var wanted = self.plan
        wanted.tasks += specs
        return PlanRanges.diagnostics(of: wanted).isEmpty
            && !PlanCheck.diagnostics(of: wanted).contains(where: \.blocksRun)
    }
}
