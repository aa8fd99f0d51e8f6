import OrderedCollections

/// Writes a ``Plan`` in the plan form, leaving out what equals the default: read back, it is the same plan.
///
/// Straight into bytes: a tree of a large plan would cost more than its check.
package enum PlanEncoder {
    package static func bytes(of plan: Plan) -> [UInt8] {
        var writer = JSONWriter(reserving: 4096 + plan.tasks.count * 48)
        Self.write(plan, to: &writer)
        return writer.bytes
    }

    package static func json(_ plan: Plan) -> JSON { Self.json { Self.write(plan, to: &$0) } }

    /// One task in the plan form.
    package static func json(_ task: TaskSpec) -> JSON { Self.json { Self.write(task, to: &$0) } }

    // What is written here can be read again.
    /// One agent in the plan form.
    package static func json(_ agent: AgentProfile) -> JSON { Self.json { Self.write(agent, to: &$0) } }

    private static func json(_ write: (inout JSONWriter) -> Void) -> JSON {
        var writer = JSONWriter()
        write(&writer)
        return (try? JSONReader.read(writer.bytes, depth: JSONReader.usualDepth + 8)).flatMap { JSON($0) } ?? .null
    }

    package static func write(_ plan: Plan, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.text("project_id", plan.id)
            writer.text("title", plan.title)
            writer.put("description", plan.description)
            writer.text("execution_mode", plan.executionMode.rawValue)
            writer.part("scheduling") { Self.write(plan.scheduling, to: &$0) }
            writer.name("agents")
            writer.array { writer in for agent in plan.agents { Self.write(agent, to: &writer) } }
            writer.name("tasks")
            writer.array { writer in for task in plan.tasks { Self.write(task, to: &writer) } }
            writer.part("ceo_oversight") { Self.write(plan.oversight, to: &$0) }
            writer.part("success_criteria") { Self.write(plan.successCriteria, to: &$0) }
            writer.part("budget") { Self.write(plan.budget, to: &$0) }
            writer.part("defaults") { Self.write(plan.defaults, to: &$0) }
            writer.put("staffing", plan.staffing?.rawValue)
            writer.put("estimated_duration_minutes", plan.estimatedDurationMinutes)
            writer.put("working_directory", plan.workingDirectory)
            writer.put(
                "model_tiers",
                plan.modelTiers.map { tier in
                    let models = tier.models.map { JSON.string($0) }
                    return (tier.name, models.count == 1 ? models[0] : .array(models))
                }
            )
            writer.part("web") { Self.write(plan.web, to: &$0) }
            if !plan.toolServers.isEmpty {
                writer.part("mcp_servers") { writer in
                    for server in plan.toolServers {
                        writer.name(server.name)
                        Self.write(server, to: &writer)
                    }
                }
            }
        }
    }

    private static func write(_ files: [AgentProfile.InstructionFile], to writer: inout JSONWriter) {
        writer.name("instruction_files")
        writer.array { writer in
            for file in files {
                guard let text = file.text else {
                    writer.string(file.path)
                    continue
                }
                writer.object { writer in
                    writer.text("path", file.path)
                    writer.text("text", text)
                }
            }
        }
    }

    private static func writeMeeting(_ task: TaskSpec, to writer: inout JSONWriter) {
        if !task.agenda.isEmpty {
            writer.part(
                "agenda",
                .array(
                    task.agenda.map { item in
                        item.minutes.map { ["topic": .string(item.topic), "minutes": .integer(Int64($0))] }
                            ?? .string(item.topic)
                    }
                )
            )
        }
        writer.put("facilitator", task.facilitator?.text)
        writer.put("minutes_by", task.minutesBy?.text)
        writer.put("extraction_objective", task.extractionObjective)
        writer.put("fields", task.fields)
        writer.put("broadcast", task.isBroadcast, unless: true)
        writer.put("spawn_tasks", task.spawnsTasks, unless: true)
    }

    private static func write(_ persona: Persona, to writer: inout JSONWriter) {
        let parts = persona.parts.map { part -> JSON in
            switch (part.path, part.facts) {
            case (let path?, nil): .string(path)
            case (let path?, let facts?): ["file": .string(path), "facts": facts]
            // A text could be taken for the name of a file.
            case (nil, .string(let text)?): ["other_facts": [.string(text)]]
            case (nil, let facts): facts ?? [:]
            }
        }
        writer.part("persona", parts.count == 1 ? parts[0] : .array(parts))
    }

    private static func write(_ web: Plan.Web, to writer: inout JSONWriter) {
        writer.put("hosts", web.hosts)
        if web.cacheSeconds != Plan.Web().cacheSeconds { writer.put("cache_seconds", web.cacheSeconds) }
        guard let search = web.search else { return }
        writer.part("search") { writer in
            writer.text("url", search.url)
            writer.put("headers", search.headers.map { ($0.name, .string($0.text)) })
            writer.put("results", search.results)
            writer.put("title", search.title)
            writer.put("link", search.link)
            writer.put("text", search.text)
        }
    }

    private static func write(_ server: ToolServer, to writer: inout JSONWriter) {
        let usual = ToolServer(name: server.name)
        writer.object { writer in
            writer.put("command", server.command)
            writer.put("environment", server.environment.map { ($0.name, .string($0.text)) })
            writer.put("pass_environment", server.passedVariables)
            writer.put("url", server.url)
            writer.put("headers", server.headers.map { ($0.name, .string($0.text)) })
            writer.put("read_only", server.readOnly)
            if server.timeoutSeconds != usual.timeoutSeconds { writer.put("timeout_seconds", server.timeoutSeconds) }
        }
    }

    private static func write(_ capabilities: [Capability], to writer: inout JSONWriter) {
        guard !capabilities.isEmpty else { return }
        writer.name("capabilities")
        writer.array { writer in
            for capability in capabilities {
                guard !capability.isBare else {
                    writer.string(capability.name)
                    continue
                }
                writer.object { writer in
                    writer.text("name", capability.name)
                    writer.put("description", capability.description)
                    writer.put("input_types", capability.inputTypes)
                    writer.put("output_types", capability.outputTypes)
                    writer.put("estimated_time", capability.estimatedTime)
                    writer.put("cost_estimate", capability.costEstimate?.inUSD)
                }
            }
        }
    }

    /// One agent in the plan form.
    package static func write(_ agent: AgentProfile, to writer: inout JSONWriter) {
        let usual = AgentProfile(id: agent.id)
        writer.object { writer in
            writer.text("agent_id", agent.id.text)
            writer.text("name", agent.name)
            writer.put("occupation", agent.occupation)
            writer.put("personality_traits", agent.personalityTraits)
            writer.put("professional_interests", agent.professionalInterests)
            writer.put("skills", agent.skills)
            writer.put("years_experience", agent.yearsExperience)
            writer.put("skill_levels", agent.skillLevels)
            writer.put("preferences", agent.preferences)
            writer.put("type", agent.type)
            writer.put("model", agent.model)
            writer.put("fallback_models", agent.fallbackModels)
            if let tokens = agent.maxTokens { writer.put("max_tokens", Int64(tokens)) }
            writer.put("temperature", agent.temperature)
            writer.put("stream", agent.streams, unless: usual.streams)
            if let persona = agent.persona { Self.write(persona, to: &writer) }
            writer.put("instructions", agent.instructions)
            if !agent.instructionFiles.isEmpty { Self.write(agent.instructionFiles, to: &writer) }
            writer.put("tools", agent.tools)
            writer.put("approved_tools", agent.approvedTools)
            writer.put("approved_after_web", agent.approvedAfterWeb)
            writer.put("command", agent.command)
            writer.put("environment", agent.environment.map { ($0.name, .string($0.text)) })
            writer.put("working_directory", agent.workingDirectory)
            Self.write(agent.capabilities, to: &writer)
            writer.put("phases", agent.phases)
            if let produces = agent.produces { writer.part("produces", produces) }
            writer.put("tags", agent.tags)
            writer.put("priority", agent.priority, unless: usual.priority)
            writer.put("max_concurrent_tasks", agent.maxConcurrentTasks, unless: usual.maxConcurrentTasks)
            writer.put("repeatable", agent.repeatable, unless: usual.repeatable)
            writer.put("available", agent.available, unless: usual.available)
            if agent.limits != usual.limits {
                writer.part("limits") { writer in
                    writer.put("output_bytes", agent.limits.outputBytes, unless: usual.limits.outputBytes)
                    writer.put("max_iterations", agent.limits.iterations, unless: usual.limits.iterations)
                    writer.put("context_tokens", agent.limits.contextTokens, unless: usual.limits.contextTokens)
                }
            }
            writer.part("budget") { Self.write(agent.budget, to: &$0) }
            writer.part("rehearsal") { Self.write(agent.mischief, to: &$0) }
            writer.put("made_by", agent.madeBy?.text)
        }
    }

    package static func write(_ task: TaskSpec, to writer: inout JSONWriter) {
        writer.object { writer in
            Self.writePart(task, to: &writer)
            Self.writeRest(task, to: &writer)
        }
    }

    private static func writeRest(_ task: TaskSpec, to writer: inout JSONWriter) {
        writer.put("type", task.type)
        writer.put("scheduled_date", task.scheduledDate?.text)
        writer.put("due_date", task.dueDate?.text)
        if task.estimatedHours != 1 { writer.put("estimated_hours", task.estimatedHours) }
        writer.put("priority", task.priority, unless: 1)
        writer.put("meeting_required", task.isMeeting, unless: false)
        writer.put("attendees", task.attendees)
        Self.writeMeeting(task, to: &writer)
        writer.put("dependencies", task.dependencies.lazy.map(\.text))
        writer.put("follow_up_tasks", task.followUps.lazy.map(\.text))
        writer.put("pattern", task.pattern?.rawValue)
        if !task.subtasks.isEmpty {
            writer.name("subtasks")
            writer.array { writer in
                for subtask in task.subtasks { writer.object { Self.writeSubtask(subtask, to: &$0) } }
            }
        }
        writer.put("part_of", task.partOf?.text)
        writer.put("aggregation", task.aggregation?.rawValue)
        writer.put("voters", task.voters)
        writer.put("judge", task.judge?.text)
        writer.put("weighted_by", task.weightedBy)
        writer.put("min_agreement", task.minAgreement)
        if task.maxAttempts != nil || task.retryDelay != nil {
            writer.part("retry") { writer in
                writer.put("max_attempts", task.maxAttempts.map { Int64($0) })
                writer.put("delay_seconds", task.retryDelay)
            }
        }
        if task.onDependencyFailure != .skip { writer.put("on_dependency_failure", task.onDependencyFailure.rawValue) }
        if !task.conditions.isEmpty {
            writer.name("when")
            writer.array { writer in
                for condition in task.conditions { writer.object { Self.write(condition, to: &$0) } }
            }
        }
        writer.put("early_stop", task.stopsEarly, unless: false)
        writer.put("model", task.model)
        writer.put("complexity", task.complexity)
        writer.put("share_call", task.sharesCall, unless: false)
        if let produces = task.produces { writer.part("produces", produces) }
        if let tools = task.tools {
            writer.name("tools")
            writer.array { writer in for tool in tools { writer.string(tool) } }
        }
        if !task.doneWhen.isEmpty {
            writer.name("done_when")
            writer.array { writer in for check in task.doneWhen { writer.object { Self.write(check, to: &$0) } } }
        }
        if let repeatable = task.repeatable { writer.put("repeatable", repeatable) }
        writer.put("needs_approval", task.needsApproval, unless: false)
        writer.put("answer_within_seconds", task.answerWithin)
        writer.put("if_unanswered", task.ifUnanswered?.rawValue)
        writer.put("working_directory", task.workingDirectory)
        if let iterations = task.iterations {
            writer.part("limits") { $0.put("max_iterations", Int64(iterations)) }
        }
        if task.budget != Plan.Budget() { writer.part("budget") { Self.write(task.budget, to: &$0) } }
        writer.put("rounds", task.rounds.map { Int64($0) })
        writer.put("manager", task.manager?.text)
        writer.put("delegated_by", task.delegatedBy?.text)
        writer.put("spawned_from", task.spawnedFrom?.text)
        if let check = task.proves { writer.part("proves") { Self.write(check, to: &$0) } }
        if let fallback = task.fallback {
            writer.part("fallback") { writer in
                writer.put("assigned_agent", fallback.assignedAgent?.text)
                writer.put("agent_type", fallback.agentType)
                writer.put("model", fallback.model)
                writer.put("complexity", fallback.complexity)
                writer.put("description", fallback.description)
            }
        }
    }

    private static func writeSubtask(_ task: TaskSpec, to writer: inout JSONWriter) {
        Self.writePart(task, to: &writer)
        writer.put("dependencies", task.dependencies.lazy.map(\.text))
        if let produces = task.produces { writer.part("produces", produces) }
    }

    private static func writePart(_ task: TaskSpec, to writer: inout JSONWriter) {
        writer.text("task_id", task.id.text)
        writer.put("description", task.description)
        if task.input != .null { writer.part("input", task.input) }
        writer.put("assigned_agent", task.assignedAgent?.text)
        writer.put("agent_type", task.agentType)
        writer.put("required_skills", task.requiredSkills)
        writer.put("timeout_seconds", task.timeout)
        writer.put("strict", task.strict, unless: false)
    }

    private static func write(_ scheduling: Plan.Scheduling, to writer: inout JSONWriter) {
        let usual = Plan.Scheduling()
        if scheduling.mode != usual.mode { writer.put("mode", scheduling.mode.rawValue) }
        writer.put("start_date", scheduling.startDate?.text)
        writer.put("compress_timeline", scheduling.compressTimeline, unless: usual.compressTimeline)
        writer.put("auto_adjust_dates", scheduling.autoAdjustDates, unless: usual.autoAdjustDates)
        if scheduling.timeZone != usual.timeZone { writer.put("time_zone", scheduling.timeZone) }
    }

    private static func write(_ oversight: Plan.Oversight, to writer: inout JSONWriter) {
        writer.put("enabled", oversight.enabled, unless: false)
        writer.put("interrupt_triggers", oversight.interruptTriggers)
        writer.put("review_frequency", oversight.reviewFrequency)
        writer.put("escalation_criteria", oversight.escalationCriteria.map { ($0.name, .number($0.value)) })
    }

    private static func write(_ criteria: Plan.SuccessCriteria, to writer: inout JSONWriter) {
        writer.put("technical_milestones", criteria.technicalMilestones)
        writer.put("compliance_requirements", criteria.complianceRequirements)
        writer.put("business_objectives", criteria.businessObjectives)
    }

    private static func write(_ budget: Plan.Budget, to writer: inout JSONWriter) {
        writer.put("usd", budget.money?.inUSD)
        writer.put("tokens", budget.tokens)
        writer.put("calls", budget.calls)
        writer.put("time", budget.time ?? budget.workTime)
        writer.put("depth", budget.depth.map { Int64($0) })
        writer.put("fan_out", budget.fanOut.map { Int64($0) })
        if budget.atLimit != .ask { writer.put("at_limit", budget.atLimit.rawValue) }
    }

    private static func write(_ condition: Condition, to writer: inout JSONWriter) {
        writer.put("task", condition.task.text)
        writer.put("field", condition.field)
        if let value = condition.value { writer.part("is", value) }
        if let value = condition.otherThan { writer.part("is_not", value) }
        if !condition.oneOf.isEmpty { writer.part("one_of", .array(condition.oneOf)) }
        writer.put("at_least", condition.atLeast)
        writer.put("at_most", condition.atMost)
        if let value = condition.containing { writer.part("contains", value) }
    }

    private static func write(_ check: DoneCheck, to writer: inout JSONWriter) {
        writer.put("file", check.file)
        writer.put("command", check.command)
        if let schema = check.schema { writer.part("schema", schema) }
        writer.put("review", check.review)
        writer.put("instructions", check.instructions)
        writer.put("signed_by", check.signature)
        writer.put("timeout_seconds", check.timeout)
    }

    private static func write(_ mischief: AgentProfile.Mischief, to writer: inout JSONWriter) {
        let rates: [(StaticString, Double)] = [
            ("fail", mischief.fail), ("refuse", mischief.refuse), ("block", mischief.block), ("loop", mischief.loop),
        ]
        for (name, rate) in rates where rate != 0 { writer.put(name, rate) }
        if mischief.slow != .zero { writer.put("slow_seconds", mischief.slow) }
    }

    private static func write(_ defaults: Plan.Defaults, to writer: inout JSONWriter) {
        let usual = Plan.Defaults()
        writer.put("model", defaults.model)
        writer.put("max_concurrent_tasks", defaults.maxConcurrentTasks.map { Int64($0) })
        if defaults.taskTimeout != usual.taskTimeout { writer.put("task_timeout_seconds", defaults.taskTimeout) }
        writer.put("max_retry_attempts", defaults.maxRetryAttempts, unless: usual.maxRetryAttempts)
        if defaults.retryDelay != usual.retryDelay { writer.put("retry_delay_seconds", defaults.retryDelay) }
        writer.put("enable_parallel_execution", defaults.enableParallelExecution, unless: true)
        if defaults.progressUpdateInterval != usual.progressUpdateInterval {
            writer.put("progress_update_interval_seconds", defaults.progressUpdateInterval)
        }
        writer.put("answer_within_seconds", defaults.answerWithin)
        if defaults.ifUnanswered != usual.ifUnanswered { writer.put("if_unanswered", defaults.ifUnanswered.rawValue) }
        writer.put("type_weights", defaults.typeWeights.map { ($0.name, .number($0.value)) })
    }
}
