import BatonCore

/// The plans that are gone through exhaustively: three tasks in each shape, two agents.
enum SmallScopes {
    private static let shapes: [(String, [[Int]])] = [
        ("apart", [[], [], []]), ("chain", [[], [0], [1]]), ("fan out", [[], [0], [0]]), ("fan in", [[], [], [0, 1]]),
    ]

    static var plans: [(String, Plan)] {
        self.shapes.flatMap { shape, needs in
            [
                ("\(shape), repeatable, skip", Self.plan(needs, .skip, isRepeatable: true)),
                ("\(shape), not repeatable, run", Self.plan(needs, .run, isRepeatable: false)),
                ("\(shape), a person and a strict task, fail", Self.peopled(needs)),
            ]
        }
    }

    private static func plan(
        _ needs: [[Int]],
        _ rule: TaskSpec.DependencyFailureRule,
        isRepeatable: Bool
    ) -> Plan {
        let agents = ["a0", "a1"].map { name in
            var agent = AgentProfile(id: AgentID(name))
            agent.type = "function"
            agent.repeatable = isRepeatable
            return agent
        }
        let tasks = needs.enumerated().map { offset, needed in
            var task = TaskSpec(id: TaskID("t\(offset)"), description: "work")
            task.type = "work"
            task.dependencies = needed.map { TaskID("t\($0)") }
            task.onDependencyFailure = rule
            return task
        }
        var plan = Plan(id: "small", agents: agents, tasks: tasks)
        plan.executionMode = .fullyAutomated
        plan.defaults.maxRetryAttempts = 2
        plan.defaults.taskTimeout = .seconds(30)
        return plan
    }

    private static func peopled(_ needs: [[Int]]) -> Plan {
        var plan = Self.plan(needs, .fail, isRepeatable: true)
        plan.agents[1].type = "person"
        plan.tasks[1].assignedAgent = "a1"
        plan.tasks[1].timeout = .seconds(50)
        plan.tasks[2].strict = true
        plan.budget.time = .seconds(120)
        return plan
    }
}
