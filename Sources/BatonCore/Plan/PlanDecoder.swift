/// Makes a ``Plan`` of a tree that was read.
///
/// Values that the validator refused fall back to defaults, so that the checks of the graph can still speak about the
/// rest.
package enum PlanDecoder {
    package static func plan(_ node: SourceNode) -> Plan {
        var plan = Plan(
            id: node.text("project_id") ?? "",
            title: node.text("title"),
            agents: node.list("agents").map(Self.agent),
            tasks: node.list("tasks").map(Self.task)
        )
        plan.description = node.text("description") ?? ""
        plan.executionMode = node.text("execution_mode").flatMap(Plan.ExecutionMode.init) ?? plan.executionMode
        if let scheduling = node["scheduling"] { plan.scheduling = Self.scheduling(scheduling) }
        if let oversight = node["ceo_oversight"] { plan.oversight = Self.oversight(oversight) }
        if let criteria = node["success_criteria"] { plan.successCriteria = Self.criteria(criteria) }
        if let budget = node["budget"] { plan.budget = Self.budget(budget) }
        if let defaults = node["defaults"] { plan.defaults = Self.defaults(defaults) }
        plan.staffing = node.text("staffing").flatMap(Plan.Staffing.init)
        plan.estimatedDurationMinutes = node["estimated_duration_minutes"]?.double
        plan.workingDirectory = node.text("working_directory")
        plan.toolServers = node.members("mcp_servers").map(Self.server)
        plan.modelTiers = node.members("model_tiers").map { member in
            Plan.ModelTier(member.name, member.value.lines)
        }
        if let web = node["web"] { plan.web = Self.web(web) }
        return plan
    }

    /// A plan in the form of a file that somebody sends.
    ///
    /// - Throws: a refusal with the code and the place of the first thing that the form does not allow.
    package static func checked(_ value: JSON) throws(Refusal) -> Plan {
        let node = SourceNode(value)
        var validator = PlanValidator()
        validator.validate(node, as: .object(.plan), at: .root)
        if let first = validator.diagnostics.first {
            throw Refusal(first.code, "\(first.path): \(first.message)", remedy: first.remedy)
        }
        return Self.plan(node)
    }

    private static func server(_ member: SourceNode.Member) -> ToolServer {
        var server = ToolServer(name: member.name)
        server.command = member.value.texts("command")
        server.environment = member.value.namedTexts("environment")
        server.passedVariables = member.value.texts("pass_environment")
        server.url = member.value.text("url")
        server.headers = member.value.namedTexts("headers")
        server.readOnly = member.value.texts("read_only")
        server.timeoutSeconds = member.value["timeout_seconds"]?.double ?? server.timeoutSeconds
        return server
    }

    private static func web(_ node: SourceNode) -> Plan.Web {
        var web = Plan.Web()
        web.hosts = node.texts("hosts")
        web.cacheSeconds = node["cache_seconds"]?.double ?? web.cacheSeconds
        guard let search = node["search"], let url = search.text("url") else { return web }
        web.search = Plan.Web.Search(url: url)
        web.search?.headers = search.namedTexts("headers")
        web.search?.results = search.text("results")
        web.search?.title = search.text("title")
        web.search?.link = search.text("link")
        web.search?.text = search.text("text")
        return web
    }

    private static func capability(_ node: SourceNode) -> Capability? {
        if case .string(let name) = node.kind { return Capability(name) }
        guard let name = node.text("name") else { return nil }
        var capability = Capability(name)
        capability.description = node.text("description") ?? ""
        capability.inputTypes = node.texts("input_types")
        capability.outputTypes = node.texts("output_types")
        capability.estimatedTime = node["estimated_time"].flatMap(PlanDuration.read)
        capability.costEstimate = node.amount("cost_estimate").map {
            Money(microUSD: Int64(($0 * 1_000_000).rounded()))
        }
        return capability
    }

    // Files by their endings; what is read of them stands beside their names.
    private static func persona(_ node: SourceNode) -> Persona {
        guard case .array(let parts) = node.kind else { return Persona(parts: [Self.personaPart(node)]) }
        return Persona(parts: parts.map(Self.personaPart))
    }

    private static func personaPart(_ node: SourceNode) -> Persona.Part {
        if case .string(let text) = node.kind, [".json", ".yml", ".yaml"].contains(where: text.hasSuffix) {
            return Persona.Part(path: text)
        }
        guard let path = node.text("file") else { return Persona.Part(facts: JSON(node) ?? .null) }
        return Persona.Part(path: path, facts: node["facts"].flatMap { JSON($0) })
    }

    /// One agent in the plan form.
    package static func agent(_ node: SourceNode) -> AgentProfile {
        var agent = AgentProfile(id: AgentID(node.text("agent_id") ?? ""), name: node.text("name"))
        agent.occupation = node.text("occupation") ?? ""
        agent.personalityTraits = node.texts("personality_traits")
        agent.professionalInterests = node.texts("professional_interests")
        agent.skills = node.texts("skills")
        agent.yearsExperience = node.text("years_experience")
        agent.skillLevels = node.levels("skill_levels")
        agent.preferences = node.levels("preferences")
        agent.type = node.text("type")
        agent.model = node.text("model")
        agent.fallbackModels = node.texts("fallback_models")
        agent.maxTokens = node.integer("max_tokens")
        agent.temperature = node["temperature"]?.double
        agent.streams = node.bool("stream") ?? true
        agent.persona = node["persona"].map(Self.persona)
        agent.takePersona()
        agent.instructions = node.text("instructions")
        agent.instructionFiles = node.list("instruction_files").compactMap { file in
            if case .string(let path) = file.kind { return AgentProfile.InstructionFile(path: path) }
            return file.text("path").map { AgentProfile.InstructionFile(path: $0, text: file.text("text")) }
        }
        agent.tools = node.texts("tools")
        agent.command = node.texts("command")
        agent.environment = node.namedTexts("environment")
        agent.workingDirectory = node.text("working_directory")
        agent.approvedTools = node.texts("approved_tools")
        agent.approvedAfterWeb = node.texts("approved_after_web")
        agent.capabilities = node.list("capabilities").compactMap(Self.capability)
        agent.phases = node.texts("phases")
        agent.produces = node["produces"].flatMap { JSON($0) }
        agent.tags = node.texts("tags")
        agent.priority = node.integer("priority") ?? agent.priority
        agent.maxConcurrentTasks = node.integer("max_concurrent_tasks") ?? agent.maxConcurrentTasks
        agent.repeatable = node.bool("repeatable") ?? false
        agent.available = node.bool("available") ?? true
        agent.limits.outputBytes = node["limits"]?.integer("output_bytes") ?? agent.limits.outputBytes
        agent.limits.iterations = node["limits"]?.integer("max_iterations") ?? agent.limits.iterations
        agent.limits.contextTokens = node["limits"]?.integer("context_tokens") ?? agent.limits.contextTokens
        if let budget = node["budget"] { agent.budget = Self.partBudget(budget) }
        agent.madeBy = node.text("made_by").map { AgentID($0) }
        if let mischief = node["rehearsal"] { agent.mischief = Self.mischief(mischief) }
        return agent
    }

    /// One task in the plan form.
    package static func task(_ node: SourceNode) -> TaskSpec {
        var task = Self.part(node, id: node.text("task_id") ?? "")
        task.type = node.text("type")
        task.scheduledDate = node.date("scheduled_date")
        task.estimatedHours = node["estimated_hours"]?.double ?? task.estimatedHours
        task.priority = node.integer("priority") ?? task.priority
        task.isMeeting = node.bool("meeting_required") ?? false
        task.attendees = node.texts("attendees")
        task.dependencies = node.texts("dependencies").map { TaskID($0) }
        task.followUps = node.texts("follow_up_tasks").map { TaskID($0) }
        task.pattern = node.text("pattern").flatMap(TeamPattern.init)
        task.subtasks = node.list("subtasks").enumerated().map { offset, part in
            Self.subtask(part, id: part.text("task_id") ?? "\(task.id).\(offset + 1)")
        }
        task.partOf = node.text("part_of").map { TaskID($0) }
        task.aggregation = node.text("aggregation").flatMap(Aggregation.init)
        task.voters = node.texts("voters")
        task.rounds = node.integer("rounds")
        task.agenda = node.list("agenda").compactMap { item in
            if case .string(let topic) = item.kind { return AgendaItem(topic) }
            return item.text("topic").map { AgendaItem($0, minutes: item.integer("minutes")) }
        }
        task.facilitator = node.text("facilitator").map { AgentID($0) }
        task.minutesBy = node.text("minutes_by").map { AgentID($0) }
        task.extractionObjective = node.text("extraction_objective")
        task.fields = node.texts("fields")
        task.isBroadcast = node.bool("broadcast") ?? true
        task.spawnsTasks = node.bool("spawn_tasks") ?? true
        task.spawnedFrom = node.text("spawned_from").map { TaskID($0) }
        task.dueDate = node.date("due_date")
        task.manager = node.text("manager").map { AgentID($0) }
        task.judge = node.text("judge").map { AgentID($0) }
        task.weightedBy = node.text("weighted_by")
        task.minAgreement = node["min_agreement"]?.double
        task.maxAttempts = node["retry"]?.integer("max_attempts")
        task.retryDelay = node["retry"]?.seconds("delay_seconds")
        task.onDependencyFailure =
            node.text("on_dependency_failure").flatMap(TaskSpec.DependencyFailureRule.init) ?? .skip
        task.conditions = node.list("when").map { Self.condition($0) }
        task.stopsEarly = node.bool("early_stop") ?? false
        task.produces = node["produces"].flatMap { JSON($0) }
        task.model = node.text("model")
        task.complexity = node.text("complexity")
        task.sharesCall = node.bool("share_call") ?? false
        if node["tools"] != nil { task.tools = node.texts("tools") }
        task.doneWhen = node.list("done_when").map { Self.check($0) }
        task.repeatable = node.bool("repeatable")
        task.needsApproval = node.bool("needs_approval") ?? false
        task.answerWithin = node.seconds("answer_within_seconds")
        task.ifUnanswered = node.text("if_unanswered").flatMap(TaskSpec.UnansweredRule.init)
        task.workingDirectory = node.text("working_directory")
        task.iterations = node["limits"]?.integer("max_iterations")
        if let budget = node["budget"] { task.budget = Self.partBudget(budget) }
        task.delegatedBy = node.text("delegated_by").map { TaskID($0) }
        task.proves = node["proves"].map { Self.check($0) }
        if let fallback = node["fallback"] { task.fallback = Self.fallback(fallback) }
        return task
    }

    private static func condition(_ node: SourceNode) -> Condition {
        var condition = Condition(task: TaskID(node.text("task") ?? ""))
        condition.field = node.text("field")
        condition.value = node["is"].flatMap { JSON($0) }
        condition.otherThan = node["is_not"].flatMap { JSON($0) }
        condition.oneOf = node.list("one_of").compactMap { JSON($0) }
        condition.atLeast = node["at_least"]?.double
        condition.atMost = node["at_most"]?.double
        condition.containing = node["contains"].flatMap { JSON($0) }
        return condition
    }

    private static func check(_ node: SourceNode) -> DoneCheck {
        var check = DoneCheck()
        check.file = node.text("file")
        check.command = node.texts("command")
        check.schema = node["schema"].flatMap { JSON($0) }
        check.review = node.text("review")
        check.instructions = node.text("instructions")
        check.signature = node.text("signed_by")
        check.timeout = node.seconds("timeout_seconds")
        return check
    }

    private static func fallback(_ node: SourceNode) -> TaskFallback {
        var fallback = TaskFallback()
        fallback.assignedAgent = node.text("assigned_agent").map { AgentID($0) }
        fallback.agentType = node.text("agent_type")
        fallback.model = node.text("model")
        fallback.complexity = node.text("complexity")
        fallback.description = node.text("description")
        return fallback
    }

    private static func subtask(_ node: SourceNode, id: String) -> TaskSpec {
        var task = Self.part(node, id: id)
        task.dependencies = node.texts("dependencies").map { TaskID($0) }
        task.produces = node["produces"].flatMap { JSON($0) }
        return task
    }

    // What tasks and subtasks have in common.
    private static func part(_ node: SourceNode, id: String) -> TaskSpec {
        var task = TaskSpec(id: TaskID(id), description: node.text("description") ?? "")
        task.input = node["input"].flatMap { JSON($0) } ?? .null
        task.assignedAgent = node.text("assigned_agent").map { AgentID($0) }
        task.agentType = node.text("agent_type")
        task.requiredSkills = node.levels("required_skills")
        task.timeout = node.seconds("timeout_seconds")
        task.strict = node.bool("strict") ?? false
        return task
    }

    private static func scheduling(_ node: SourceNode) -> Plan.Scheduling {
        var scheduling = Plan.Scheduling()
        scheduling.mode = node.text("mode").flatMap(Plan.Scheduling.Mode.init) ?? scheduling.mode
        scheduling.startDate = node.date("start_date")
        scheduling.compressTimeline = node.bool("compress_timeline") ?? scheduling.compressTimeline
        scheduling.autoAdjustDates = node.bool("auto_adjust_dates") ?? scheduling.autoAdjustDates
        scheduling.timeZone = node.text("time_zone") ?? scheduling.timeZone
        return scheduling
    }

    private static func oversight(_ node: SourceNode) -> Plan.Oversight {
        var oversight = Plan.Oversight()
        oversight.enabled = node.bool("enabled") ?? false
        oversight.interruptTriggers = node.texts("interrupt_triggers")
        oversight.reviewFrequency = node.text("review_frequency")
        oversight.escalationCriteria = node.numbers("escalation_criteria")
        return oversight
    }

    private static func criteria(_ node: SourceNode) -> Plan.SuccessCriteria {
        var criteria = Plan.SuccessCriteria()
        criteria.technicalMilestones = node.texts("technical_milestones")
        criteria.complianceRequirements = node.texts("compliance_requirements")
        criteria.businessObjectives = node.texts("business_objectives")
        return criteria
    }

    // The time of an agent or a task is that of its work.
    private static func partBudget(_ node: SourceNode) -> Plan.Budget {
        var budget = Self.budget(node)
        (budget.workTime, budget.time) = (budget.time, nil)
        return budget
    }

    private static func budget(_ node: SourceNode) -> Plan.Budget {
        var budget = Plan.Budget()
        budget.money = [node.amount("usd"), node.amount("money")].compactMap { $0 }.min()
            .map { Money(microUSD: Int64(($0 * 1_000_000).rounded())) }
        budget.tokens = node.amount("tokens").map { Int64($0) }
        budget.calls = node.amount("calls").map { Int64($0) }
        budget.time = node["time"].flatMap(PlanDuration.read)
        budget.depth = node.amount("depth").map { Int($0) }
        budget.fanOut = node.amount("fan_out").map { Int($0) }
        budget.atLimit = node.text("at_limit").flatMap(Plan.Budget.Limit.init) ?? .ask
        return budget
    }

    private static func mischief(_ node: SourceNode) -> AgentProfile.Mischief {
        var mischief = AgentProfile.Mischief()
        mischief.fail = node["fail"]?.double ?? 0
        mischief.refuse = node["refuse"]?.double ?? 0
        mischief.block = node["block"]?.double ?? 0
        mischief.loop = node["loop"]?.double ?? 0
        mischief.slow = node.seconds("slow_seconds") ?? .zero
        return mischief
    }

    private static func defaults(_ node: SourceNode) -> Plan.Defaults {
        var defaults = Plan.Defaults()
        defaults.model = node.text("model")
        defaults.maxConcurrentTasks = node.integer("max_concurrent_tasks")
        defaults.taskTimeout = node.seconds("task_timeout_seconds") ?? defaults.taskTimeout
        defaults.maxRetryAttempts = node.integer("max_retry_attempts") ?? defaults.maxRetryAttempts
        defaults.retryDelay = node.seconds("retry_delay_seconds") ?? defaults.retryDelay
        defaults.enableParallelExecution = node.bool("enable_parallel_execution") ?? defaults.enableParallelExecution
        defaults.progressUpdateInterval =
            node.seconds("progress_update_interval_seconds") ?? defaults.progressUpdateInterval
        defaults.typeWeights = node.numbers("type_weights")
        defaults.answerWithin = node.seconds("answer_within_seconds")
        defaults.ifUnanswered = node.text("if_unanswered").flatMap(TaskSpec.UnansweredRule.init) ?? .fail
        return defaults
    }
}
