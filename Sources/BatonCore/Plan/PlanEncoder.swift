import OrderedCollections

/// Writes a ``Plan`` in the plan form, leaving out what equals the default: read back, it is the same plan.
package enum PlanEncoder {
    package static func json(_ plan: Plan) -> JSON {
        var object = Members()
        object.put("project_id", .string(plan.id))
        object.put("title", .string(plan.title))
        object.put("description", plan.description)
        object.put("execution_mode", .string(plan.executionMode.rawValue))
        object.put("scheduling", Self.scheduling(plan.scheduling))
        object.put("agents", .array(plan.agents.map(Self.agent)))
        object.put("tasks", .array(plan.tasks.map(Self.task)))
        object.put("ceo_oversight", Self.oversight(plan.oversight))
        object.put("success_criteria", Self.criteria(plan.successCriteria))
        object.put("budget", Self.budget(plan.budget))
        object.put("defaults", Self.defaults(plan.defaults))
        object.put("staffing", plan.staffing?.rawValue)
        object.put("estimated_duration_minutes", plan.estimatedDurationMinutes)
        object.put("working_directory", plan.workingDirectory)
        return object.json
    }

    private static func agent(_ agent: AgentProfile) -> JSON {
        let usual = AgentProfile(id: agent.id)
        var object = Members()
        object.put("agent_id", .string(agent.id.text))
        object.put("name", .string(agent.name))
        object.put("occupation", agent.occupation)
        object.put("personality_traits", agent.personalityTraits)
        object.put("professional_interests", agent.professionalInterests)
        object.put("skills", agent.skills)
        object.put("years_experience", agent.yearsExperience)
        object.put("skill_levels", agent.skillLevels)
        object.put("preferences", agent.preferences)
        object.put("type", agent.type)
        object.put("model", agent.model)
        object.put("persona", agent.persona)
        object.put("instructions", agent.instructions)
        object.put("tools", agent.tools)
        object.put("command", agent.command)
        object.put("environment", agent.environment.map { ($0.name, .string($0.text)) })
        object.put("working_directory", agent.workingDirectory)
        object.put("capabilities", agent.capabilities)
        object.put("tags", agent.tags)
        object.put("priority", agent.priority, unless: usual.priority)
        object.put("max_concurrent_tasks", agent.maxConcurrentTasks, unless: usual.maxConcurrentTasks)
        object.put("repeatable", agent.repeatable, unless: usual.repeatable)
        object.put("available", agent.available, unless: usual.available)
        if agent.limits != usual.limits {
            object.put("limits", ["output_bytes": .integer(Int64(agent.limits.outputBytes))])
        }
        return object.json
    }

    /// One task in the plan form.
    package static func task(_ task: TaskSpec) -> JSON {
        var object = Self.part(task)
        object.put("type", task.type)
        object.put("scheduled_date", task.scheduledDate?.text)
        if task.estimatedHours != 1 { object.put("estimated_hours", task.estimatedHours) }
        object.put("priority", task.priority, unless: 1)
        object.put("meeting_required", task.isMeeting, unless: false)
        object.put("attendees", task.attendees)
        object.put("dependencies", task.dependencies.map(\.text))
        object.put("follow_up_tasks", task.followUps.map(\.text))
        object.put("pattern", task.pattern)
        if !task.subtasks.isEmpty { object.put("subtasks", .array(task.subtasks.map { Self.part($0).json })) }
        object.put("aggregation", task.aggregation)
        object.put("min_agreement", task.minAgreement)
        var retry = Members()
        if let attempts = task.maxAttempts { retry.put("max_attempts", .integer(Int64(attempts))) }
        retry.put("delay_seconds", task.retryDelay)
        object.put("retry", retry.json)
        if task.onDependencyFailure != .skip { object.put("on_dependency_failure", task.onDependencyFailure.rawValue) }
        object.put("produces", task.produces)
        if !task.doneWhen.isEmpty { object.put("done_when", .array(task.doneWhen)) }
        if let repeatable = task.repeatable { object.put("repeatable", .bool(repeatable)) }
        object.put("needs_approval", task.needsApproval, unless: false)
        object.put("answer_within_seconds", task.answerWithin)
        object.put("if_unanswered", task.ifUnanswered?.rawValue)
        object.put("working_directory", task.workingDirectory)
        return object.json
    }

    private static func part(_ task: TaskSpec) -> Members {
        var object = Members()
        object.put("task_id", .string(task.id.text))
        object.put("description", task.description)
        if task.input != .null { object.put("input", task.input) }
        object.put("assigned_agent", task.assignedAgent?.text)
        object.put("agent_type", task.agentType)
        object.put("required_skills", task.requiredSkills)
        object.put("timeout_seconds", task.timeout)
        object.put("strict", task.strict, unless: false)
        return object
    }

    private static func scheduling(_ scheduling: Plan.Scheduling) -> JSON {
        let usual = Plan.Scheduling()
        var object = Members()
        if scheduling.mode != usual.mode { object.put("mode", scheduling.mode.rawValue) }
        object.put("start_date", scheduling.startDate?.text)
        object.put("compress_timeline", scheduling.compressTimeline, unless: usual.compressTimeline)
        object.put("auto_adjust_dates", scheduling.autoAdjustDates, unless: usual.autoAdjustDates)
        if scheduling.timeZone != usual.timeZone { object.put("time_zone", scheduling.timeZone) }
        return object.json
    }

    private static func oversight(_ oversight: Plan.Oversight) -> JSON {
        var object = Members()
        object.put("enabled", oversight.enabled, unless: false)
        object.put("interrupt_triggers", oversight.interruptTriggers)
        object.put("review_frequency", oversight.reviewFrequency)
        object.put("escalation_criteria", oversight.escalationCriteria.map { ($0.name, .number($0.value)) })
        return object.json
    }

    private static func criteria(_ criteria: Plan.SuccessCriteria) -> JSON {
        var object = Members()
        object.put("technical_milestones", criteria.technicalMilestones)
        object.put("compliance_requirements", criteria.complianceRequirements)
        object.put("business_objectives", criteria.businessObjectives)
        return object.json
    }

    private static func budget(_ budget: Plan.Budget) -> JSON {
        var object = Members()
        object.put("money", budget.money.map { Double($0.microUSD) / 1_000_000 })
        if let tokens = budget.tokens { object.put("tokens", .integer(tokens)) }
        if let calls = budget.calls { object.put("calls", .integer(calls)) }
        object.put("time", budget.time)
        if let depth = budget.depth { object.put("depth", .integer(Int64(depth))) }
        if let fanOut = budget.fanOut { object.put("fan_out", .integer(Int64(fanOut))) }
        return object.json
    }

    private static func defaults(_ defaults: Plan.Defaults) -> JSON {
        let usual = Plan.Defaults()
        var object = Members()
        if let limit = defaults.maxConcurrentTasks { object.put("max_concurrent_tasks", .integer(Int64(limit))) }
        if defaults.taskTimeout != usual.taskTimeout { object.put("task_timeout_seconds", defaults.taskTimeout) }
        object.put("max_retry_attempts", defaults.maxRetryAttempts, unless: usual.maxRetryAttempts)
        if defaults.retryDelay != usual.retryDelay { object.put("retry_delay_seconds", defaults.retryDelay) }
        object.put("enable_parallel_execution", defaults.enableParallelExecution, unless: true)
        if defaults.progressUpdateInterval != usual.progressUpdateInterval {
            object.put("progress_update_interval_seconds", defaults.progressUpdateInterval)
        }
        object.put("answer_within_seconds", defaults.answerWithin)
        if defaults.ifUnanswered != usual.ifUnanswered { object.put("if_unanswered", defaults.ifUnanswered.rawValue) }
        object.put("type_weights", defaults.typeWeights.map { ($0.name, .number($0.value)) })
        return object.json
    }
}

/// An object under construction; what is nil or empty stays out.
private struct Members {
    private var members: [(String, JSON)] = []

    var json: JSON { .object(.init(self.members, uniquingKeysWith: { $1 })) }

    mutating func put(_ name: String, _ value: JSON?) {
        guard let value else { return }
        if case .object(let members) = value, members.isEmpty { return }
        self.members.append((name, value))
    }

    mutating func put(_ name: String, _ text: String?) {
        if let text, !text.isEmpty { self.members.append((name, .string(text))) }
    }

    mutating func put(_ name: String, _ texts: [String]) {
        if !texts.isEmpty { self.members.append((name, .array(texts.map { .string($0) }))) }
    }

    mutating func put(_ name: String, _ pairs: [(String, JSON)]) {
        if !pairs.isEmpty { self.put(name, .object(.init(pairs, uniquingKeysWith: { $1 }))) }
    }

    mutating func put(_ name: String, _ levels: SkillLevels) {
        self.put(name, levels.entries.map { ($0.name, Self.decimal($0.hundredths)) })
    }

    mutating func put(_ name: String, _ value: Double?) {
        if let value { self.members.append((name, .number(value))) }
    }

    mutating func put(_ name: String, _ duration: Duration?) {
        if let duration { self.members.append((name, .number(Double(duration.microseconds) / 1_000_000))) }
    }

    mutating func put(_ name: String, _ value: Int, unless usual: Int) {
        if value != usual { self.members.append((name, .integer(Int64(value)))) }
    }

    mutating func put(_ name: String, _ value: Bool, unless usual: Bool) {
        if value != usual { self.members.append((name, .bool(value))) }
    }

    private static func decimal(_ hundredths: Int) -> JSON {
        hundredths % 100 == 0 ? .integer(Int64(hundredths / 100)) : .number(Double(hundredths) / 100)
    }
}
