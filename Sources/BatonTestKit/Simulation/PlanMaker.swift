package import BatonCore

/// Draws small plans that cover what the rules know: diamonds, retries, failures, people, meetings, limits.
package enum PlanMaker {
    package static func plan(_ draws: inout SplitMix64) -> Plan {
        let agents = (0..<(1 + draws.below(4))).map { Self.agent($0, &draws) }
        let count = 2 + draws.below(12)
        let tasks = (0..<count).map { Self.task($0, agents, &draws) }
        var plan = Plan(id: "sim", agents: agents, tasks: tasks)
        plan.executionMode = draws.chance(20) ? .incremental : .fullyAutomated
        plan.defaults.taskTimeout = .seconds(20 + draws.below(100))
        plan.defaults.maxRetryAttempts = 1 + draws.below(3)
        if draws.chance(30) { plan.defaults.maxConcurrentTasks = 1 + draws.below(3) }
        if draws.chance(10) { plan.defaults.enableParallelExecution = false }
        if draws.chance(10) { plan.budget.time = .seconds(60 + draws.below(600)) }
        return plan
    }

    private static func agent(_ index: Int, _ draws: inout SplitMix64) -> AgentProfile {
        var agent = AgentProfile(id: AgentID("a\(index)"))
        agent.type = draws.chance(15) ? "person" : "function"
        agent.maxConcurrentTasks = 1 + draws.below(3)
        agent.repeatable = draws.chance(60)
        agent.priority = 1 + draws.below(10)
        agent.skillLevels = ["writing": Double(1 + draws.below(10)), "testing": Double(1 + draws.below(10))]
        return agent
    }

    private static func task(_ index: Int, _ agents: [AgentProfile], _ draws: inout SplitMix64) -> TaskSpec {
        var task = TaskSpec(id: TaskID("t\(index)"), description: "work \(index)")
        for other in 0..<index where draws.chance(25) { task.dependencies.append(TaskID("t\(other)")) }
        task.priority = 1 + draws.below(5)
        task.strict = draws.chance(5)
        task.onDependencyFailure = [.skip, .skip, .run, .fail][draws.below(4)]
        if draws.chance(20) { task.requiredSkills = ["writing": Double(1 + draws.below(10))] }
        if draws.chance(15) { task.assignedAgent = agents[draws.below(agents.count)].id }
        if draws.chance(10), agents.count > 1 {
            task.isMeeting = true
            task.attendees = agents.prefix(2).map(\.id.text)
        }
        if draws.chance(10) { task.repeatable = draws.chance(50) }
        return task
    }
}
