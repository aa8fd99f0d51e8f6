/// What the tables of the plan form say of a file, said of a plan built in code: names, ranges and sizes.
package enum PlanRanges {
    package static func diagnostics(of plan: Plan) -> [Diagnostic] {
        var found: [Diagnostic] = []
        if let fault = NameRule.fault(of: plan.id) {
            found.append(Self.name(plan.id, fault, PlanPath(.name("project_id"))))
        }
        for (offset, agent) in plan.agents.enumerated() {
            let path = PlanPath(.name("agents"), .index(offset))
            if let fault = NameRule.fault(of: agent.id.text) { found.append(Self.name(agent.id.text, fault, path)) }
            if !Self.isInside(agent) {
                found.append(
                    Self.range(
                        "agent \(agent.id)",
                        "priority, max_concurrent_tasks, max_tokens, temperature, limits and levels",
                        path
                    )
                )
            }
        }
        for (offset, task) in plan.tasks.enumerated() {
            var path: PlanPath { PlanPath(.name("tasks"), .index(offset)) }
            if let fault = NameRule.fault(of: task.id.text) { found.append(Self.name(task.id.text, fault, path)) }
            if !Self.hasRange(task) {
                found.append(
                    Self.range(
                        "task \(task.id)",
                        "priority, estimated_hours, input, retry, timeout_seconds, answer_within_seconds and required_skills",
                        path
                    )
                )
            }
        }
        if !Self.isInside(plan.defaults) {
            found.append(Self.range("the plan", "defaults", PlanPath(.name("defaults"))))
        }
        return found
    }

    /// Whether a task that did not come through a plan file has a proper name and values in their ranges.
    package static func isInside(_ task: TaskSpec) -> Bool {
        NameRule.fault(of: task.id.text) == nil && Self.hasRange(task)
    }

    /// The first task or agent with a number that the rules cannot calculate with; names are not looked at.
    ///
    /// Quick: it is asked whenever a plan is read back from a journal.
    package static func fault(ofStored plan: Plan) -> String? {
        if let agent = plan.agents.first(where: { !Self.isInside($0) }) { return "agent \(agent.id)" }
        if let task = plan.tasks.first(where: { !Self.hasRange($0) }) { return "task \(task.id)" }
        return Self.isInside(plan.defaults) ? nil : "defaults"
    }

    package static func isInside(_ agent: AgentProfile) -> Bool {
        1...10 ~= agent.priority && 1...10_000 ~= agent.maxConcurrentTasks && agent.limits.outputBytes > 0
            && 1...10_000 ~= agent.limits.iterations && 1000...100_000_000 ~= agent.limits.contextTokens
            && agent.maxTokens.map { 1...1_000_000 ~= $0 } ?? true
            && agent.temperature.map { 0...2 ~= $0 } ?? true
            && Self.areLevels(agent.skillLevels) && Self.areLevels(agent.preferences)
    }

    private static func hasRange(_ task: TaskSpec) -> Bool {
        guard task.estimatedHours > 0, task.estimatedHours <= 100_000, 1...5 ~= task.priority else { return false }
        if let attempts = task.maxAttempts, !(1...100 ~= attempts) { return false }
        if let iterations = task.iterations, !(1...10_000 ~= iterations) { return false }
        if let rounds = task.rounds, !(1...TaskSpec.mostRounds ~= rounds) { return false }
        if let timeout = task.timeout, timeout <= .zero { return false }
        if task.doneWhen.count > 20 || task.conditions.count > Condition.most { return false }
        if task.input != .null, task.input.fault != nil { return false }
        if let delay = task.retryDelay, delay < .zero { return false }
        if let patience = task.answerWithin, patience <= .zero { return false }
        return Self.areLevels(task.requiredSkills)
    }

    private static func isInside(_ defaults: Plan.Defaults) -> Bool {
        if let limit = defaults.maxConcurrentTasks, limit < 1 { return false }
        if let patience = defaults.answerWithin, patience <= .zero { return false }
        return defaults.taskTimeout > .zero && 1...100 ~= defaults.maxRetryAttempts && defaults.retryDelay >= .zero
            && defaults.progressUpdateInterval > .zero && defaults.typeWeights.allSatisfy { 0...1000 ~= $0.value }
    }

    private static func areLevels(_ levels: SkillLevels) -> Bool {
        levels.entries.allSatisfy { 100...1000 ~= $0.hundredths }
    }

    private static func name(_ name: String, _ fault: String, _ path: PlanPath) -> Diagnostic {
        Diagnostic(
            "name.invalid",
            "\"\(PlainText.line(name, limit: 60))\" is no name: \(fault)",
            remedy: "a name has \(NameRule.form)",
            at: path
        )
    }

    private static func range(_ what: String, _ fields: String, _ path: PlanPath) -> Diagnostic {
        Diagnostic(
            "plan.range",
            "\(what) has a value out of range among \(fields)",
            remedy: "`baton schema` gives the ranges",
            at: path
        )
    }
}
