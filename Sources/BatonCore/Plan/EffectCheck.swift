/// Finds words of tasks that would change nothing: fallbacks that are as the task itself or that nobody can follow, models for work
/// that nobody thinks about, and calls that nobody can share.
enum EffectCheck {
    static func diagnostics(of plan: Plan) -> [Diagnostic] {
        var found: [Diagnostic] = []
        let declared = Eligibility.declaredTypes(of: plan.agents)
        for (offset, task) in plan.tasks.enumerated() where task.fallback != nil || task.sharesCall {
            let path = PlanPath(.name("tasks"), .index(offset))
            if let fallback = task.fallback {
                found += Self.faults(of: fallback, of: task, plan, declared, path["fallback"])
            }
            if task.sharesCall, let why = Self.hindrance(to: task, plan, declared) {
                found.append(
                    Diagnostic(
                        "plan.no_effect",
                        "share_call of task \(task.id) is read and has no effect: \(why)",
                        remedy: "change the agent, or take it out",
                        at: path["share_call"],
                        severity: .warning
                    )
                )
            }
        }
        return found
    }

    private static func faults(
        of fallback: TaskFallback,
        of task: TaskSpec,
        _ plan: Plan,
        _ declared: Set<String>,
        _ path: PlanPath
    ) -> [Diagnostic] {
        let other = task.otherWay(by: fallback)
        if other.hasSameWay(as: task) {
            return [
                Diagnostic(
                    "plan.fallback",
                    "the fallback of task \(task.id) is as the task itself",
                    remedy: "name another assigned_agent, agent_type, model, complexity or description",
                    at: path,
                    // Whoever names what the task has already gets one more try of it.
                    severity: fallback == TaskFallback() ? .error : .warning
                )
            ]
        }
        let agents = Eligibility.agents(for: other, plan, declared)
        if agents.isEmpty, fallback.assignedAgent == nil {
            return [Self.warning("the fallback of task \(task.id) finds nobody who could do it", path)]
        }
        let isModel = fallback.model != nil || fallback.complexity != nil
        guard isModel, !agents.isEmpty, !agents.contains(where: { $0.kind == .model }) else { return [] }
        return [
            Self.warning("the fallback of task \(task.id) names a model, and nobody who would do it asks one", path)
        ]
    }

    private static func warning(_ message: String, _ path: PlanPath) -> Diagnostic {
        Diagnostic(
            "plan.fallback",
            message,
            remedy: "name an assigned_agent or agent_type that there is, and a model only for agents that are models",
            at: path,
            severity: .warning
        )
    }

    private static func hindrance(to task: TaskSpec, _ plan: Plan, _ declared: Set<String>) -> String? {
        let agents = Eligibility.agents(for: task, plan, declared)
        guard !agents.isEmpty else { return nil }
        let thinking = agents.filter { $0.kind == .model }
        guard !thinking.isEmpty else { return "nobody who would do it asks a model" }
        guard thinking.contains(where: { task.tools(of: $0).isEmpty }) else {
            return "its agent has tools for it; tools: [] takes them away"
        }
        let isAlone = thinking.allSatisfy { $0.maxConcurrentTasks == 1 }
        return isAlone ? "its agent does one task at a time (max_concurrent_tasks)" : nil
    }
}

extension TaskSpec {
    fileprivate func hasSameWay(as other: TaskSpec) -> Bool {
        self.assignedAgent == other.assignedAgent && self.agentType == other.agentType && self.model == other.model
            && self.complexity == other.complexity && self.description == other.description
    }
}
