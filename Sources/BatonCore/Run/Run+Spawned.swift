// Tasks that agents add by themselves: so many, and in chains no longer than that.
extension Run {
    /// How many tasks agents may add where the plan does not say.
    package static let mostSpawned = 200
    /// How deep tasks that agents add may be added by others such.
    package static let deepestSpawned = 4

    mutating func noteSpawned(_ added: PartialRangeFrom<Int>, by task: TaskID) {
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
