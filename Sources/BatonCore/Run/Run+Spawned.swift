// Tasks that agents add by themselves: so many, and in chains no longer than that.
extension Run {
    /// How many tasks agents may add where the plan does not say.
    package static let mostSpawned = 200
    /// How deep tasks that agents add may be added by others such.
    package static let deepestSpawned = 4

    mutating func noteAdded(_ added: PartialRangeFrom<Int>, by origin: Origin) {
        for offset in self.tasks[added].indices { self.addedBy[TaskIndex(offset)] = origin }
        guard case .agent(_, let task) = origin else { return }
        if self.index(of: task).map({ self.tasks[$0.offset].isOfWeb }) ?? false {
            for offset in self.tasks[added].indices { self.tasks[offset].isOfWeb = true }
        }
        self.noteSpawned(added, by: task)
    }

    private mutating func noteSpawned(_ added: PartialRangeFrom<Int>, by task: TaskID) {
        let depth = (self.index(of: task).flatMap { self.spawned[$0] } ?? 0) + 1
        for offset in self.tasks[added].indices { self.spawned[TaskIndex(offset)] = depth }
    }

    /// Agents go no further than the plan lets them.
    func refuseSpawning(_ count: Int, by: Origin) throws(Refusal) {
        guard case .agent(let agent, let task) = by, !planted(.spawnsWithoutEnd) else { return }
        let most = self.plan.budget.fanOut ?? Self.mostSpawned
        guard self.spawned.count + count <= most else {
            throw Refusal(
                "limit.spawned",
                "agents of run \(self.id) have added \(CountText.of(self.spawned.count, "task")); \(count) more from \(agent) pass the limit of \(most)",
                remedy: "do the work in the tasks that there are; whoever writes the plan may raise budget.fan_out"
            )
        }
        let depth = (self.index(of: task).flatMap { self.spawned[$0] } ?? 0) + 1
        let deepest = self.plan.budget.depth ?? Self.deepestSpawned
        guard depth <= deepest else {
            throw Refusal(
                "limit.depth",
                "task \(task) was added by an agent, as were those before it; \(depth) in a row pass the limit of \(deepest)",
                remedy: "do the work in task \(task); whoever writes the plan may raise budget.depth"
            )
        }
    }
}
