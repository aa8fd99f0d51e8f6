/// The shape of a value in a plan file.
///
/// Reader and published schema both come from these tables, so they cannot differ.
package indirect enum PlanForm: Sendable {
    /// Any text up to so many characters.
    case text(max: Int)
    /// A name by ``NameRule``.
    case name
    /// One of these words.
    case word([String])
    case integer(ClosedRange<Int64>)
    /// A finite number; the lower end may be excluded.
    case number(ClosedRange<Double>, excludingLowest: Bool)
    case bool
    /// ISO 8601.
    case date
    /// Seconds as a number, or a text such as `90s`, `15m`, `2h`.
    case duration
    /// A limit of the budget: a number, not negative.
    case amount
    case list(PlanForm, atMost: Int)
    /// Free names, one form of value.
    case map(PlanForm)
    case object(PlanKeys)
    /// A line, or a list of lines.
    case lines(atMost: Int)
    /// A line, or an object with these keys.
    case lineOr(PlanKeys)
    /// Any JSON.
    case anything
}

/// The keys of an object of the plan form.
package struct PlanKeys: Sendable {
    package struct Key: Sendable {
        package let name: String
        package let form: PlanForm
        package let isRequired: Bool
        /// Meaning, range and scale, for the schema.
        package let text: String

        /// Whether nobody else writes it.
        var isBatons: Bool { self.text.hasPrefix("Set by Baton") }
    }

    /// What the object is called in messages.
    package let noun: String
    package let keys: [Key]

    package func key(named name: String) -> Key? { self.keys.first { $0.name == name } }
}

extension PlanKeys {
    static func optional(_ name: String, _ form: PlanForm, _ text: String) -> Key {
        Key(name: name, form: form, isRequired: false, text: text)
    }

    static func required(_ name: String, _ form: PlanForm, _ text: String) -> Key {
        Key(name: name, form: form, isRequired: true, text: text)
    }

    static let words = PlanForm.list(.text(max: 2000), atMost: 1000)
    static let level = PlanForm.number(1...10, excludingLowest: false)
    package static let line = PlanForm.text(max: 2000)
    static let prose = PlanForm.text(max: 1_000_000)

    /// The whole plan.
    package static let plan = PlanKeys(
        noun: "a plan",
        keys: [
            required("project_id", .name, "Names the plan; run identifiers begin with it. \(NameRule.form)."),
            optional("title", line, "A line for people."),
            optional("description", prose, "What the project is about."),
            optional(
                "execution_mode",
                .word(Plan.ExecutionMode.allCases.map(\.rawValue)),
                "How much a person takes part. Default: incremental."
            ),
            optional("scheduling", .object(.scheduling), "Dates and how tasks spread over them."),
            required("agents", .list(.object(.agent), atMost: 10_000), "Who there is."),
            required("tasks", .list(.object(.task), atMost: 10_000_000), "What is to be done; 100,000 at most."),
            optional("ceo_oversight", .object(.oversight), "When the person in charge is asked."),
            optional("success_criteria", .object(.successCriteria), "What success means; shown in the report."),
            optional("budget", .object(.budget), "Limits of the whole run."),
            optional("defaults", .object(.defaults), "Values for tasks that set none."),
            optional(
                "staffing",
                .word(Plan.Staffing.allCases.map(\.rawValue)),
                "What happens when no agent fits a task. strict: a person is asked; best_available: the nearest agent does "
                    + "it and the record says so. Default: strict in incremental mode, best_available otherwise."
            ),
            optional(
                "estimated_duration_minutes",
                .number(0...1e8, excludingLowest: true),
                "The author's estimate for the whole plan, in minutes; `baton check` compares it with its own."
            ),
            optional("working_directory", line, "Where commands start, relative to the project folder."),
            optional(
                "mcp_servers",
                .map(.object(.toolServer)),
                "Programs of others whose tools agents may use as NAME/TOOL, by the Model Context Protocol."
            ),
            optional(
                "model_tiers",
                .map(.lines(atMost: 20)),
                "A model for each complexity of tasks, such as simple and complex: its name, and provider/model. Of "
                    + "several, the one whose good answer probably costs least is asked first."
            ),
            optional("web", .object(.web), "Where fetch_url, web_search and the browser may go."),
        ]
    )

    package static let scheduling = PlanKeys(
        noun: "scheduling",
        keys: [
            optional(
                "mode",
                .word(Plan.Scheduling.Mode.allCases.map(\.rawValue)),
                "How tasks spread over days. Default: distributed."
            ),
            optional("start_date", .date, "Where project time begins, ISO 8601."),
            optional("compress_timeline", .bool, "Whether idle project time is taken out. Default: false."),
            optional("auto_adjust_dates", .bool, "Whether clashing dates are moved instead of refused. Default: true."),
            optional("time_zone", .text(max: 64), "The zone of dates that name none: an IANA name. Default: UTC."),
        ]
    )

    private static let taskCommon: [Key] = [
        optional("description", prose, "What is to be done."),
        optional("input", .anything, "What the performer gets; texts may name outputs: {{tasks.research.output}}."),
        optional("assigned_agent", .name, "Who does it, whatever the scores."),
        optional("agent_type", line, "The type or capability that its agent must declare."),
        optional("required_skills", .map(level), "The least level of each skill, 1 to 10."),
        optional(
            "timeout_seconds",
            .number(0...31_536_000, excludingLowest: true),
            "How long an attempt may last, in seconds."
        ),
        optional("strict", .bool, "Whether its failure ends the sequence or the run it is in. Default: false."),
    ]

    package static let subtask = PlanKeys(
        noun: "a subtask",
        keys: [optional("task_id", .name, "Names the part. \(NameRule.form).")] + taskCommon + [
            optional("dependencies", .list(.name, atMost: 1000), "Other parts that must have ended before."),
            optional("produces", .anything, "A JSON Schema of its output."),
        ]
    )

    package static let task = PlanKeys(
        noun: "a task",
        keys: [
            required("task_id", .name, "Names the task. \(NameRule.form).")
        ] + taskCommon + [
            optional("type", line, "Kind of work: matches agents that declare it, and their preferences."),
            optional("scheduled_date", .date, "The date of the plan, in project time, ISO 8601."),
            optional(
                "estimated_hours",
                .number(0...100_000, excludingLowest: true),
                "The estimate of the work, in hours. Default: 1."
            ),
            optional("priority", .integer(1...5), "1 to 5; 5 goes first. Default: 1."),
            optional("meeting_required", .bool, "Whether it is a meeting of the attendees. Default: false."),
            optional("attendees", words, "Agents by agent_id, or by a name that only one agent has."),
            optional(
                "agenda",
                .list(.lineOr(.agendaItem), atMost: TaskSpec.mostRounds),
                "What a meeting talks about, one item after the other: texts, or topic with minutes."
            ),
            optional("facilitator", .name, "The attendee who leads a meeting from item to item."),
            optional(
                "minutes_by",
                .name,
                "Who writes down what a meeting has brought. Default: whoever leads it, else an attendee who is a language model, else Baton by a rule."
            ),
            optional("extraction_objective", prose, "What the minutes of a meeting are to look for above all."),
            optional(
                "fields",
                .list(.name, atMost: 20),
                "What minutes list beside decisions, action_items, insights, risks, next_steps and open_questions."
            ),
            optional(
                "broadcast",
                .bool,
                "Whether all hear all that is said in a meeting; false: whoever is addressed, all if nobody is. Default: true."
            ),
            optional(
                "spawn_tasks",
                .bool,
                "Whether action items and high or critical risks of a meeting become tasks. Default: true."
            ),
            optional("due_date", .date, "By when it has to be done, in project time, ISO 8601."),
            optional("dependencies", .list(.name, atMost: 10_000_000), "Tasks that must have ended before."),
            optional(
                "follow_up_tasks",
                .list(.name, atMost: 10_000_000),
                "Tasks that start after this one; each also depends on it."
            ),
            optional(
                "pattern",
                .word(TeamPattern.allCases.map(\.rawValue)),
                "How agents work together on it."
            ),
            optional("subtasks", .list(.object(.subtask), atMost: 1000), "The parts of a pattern."),
            optional(
                "part_of",
                .name,
                "The task whose pattern it is a part of: as a subtask, with all keys of a task."
            ),
            optional(
                "aggregation",
                .word(Aggregation.allCases.map(\.rawValue)),
                "How the results of the parts of a hierarchy are joined. Default: concat."
            ),
            optional(
                "voters",
                .list(line, atMost: 100),
                "Who votes in a consensus: agents, types or capabilities; one named three times votes three times."
            ),
            optional(
                "rounds",
                .integer(1...Int64(TaskSpec.mostRounds)),
                "How often each part of a parallel pattern, voter of a consensus or attendee of a meeting speaks; each round hears all rounds before. Default: 1, of meetings 4."
            ),
            optional(
                "manager",
                .name,
                "The agent that breaks a hierarchy without subtasks down, says how blocked parts go on, and joins what they brought."
            ),
            optional("judge", .name, "The agent that says which answers of a consensus mean the same."),
            optional("weighted_by", line, "The skill whose level is the weight of a vote. Default: one vote each."),
            optional(
                "min_agreement",
                .number(0...1, excludingLowest: true),
                "The share of equal answers that a consensus needs, over 0 up to 1. Default: 0.6."
            ),
            optional(
                "early_stop",
                .bool,
                "Whether a consensus asks nobody any more when its outcome cannot change. Default: false."
            ),
            optional("retry", .object(.retry), "Attempts and the wait between them."),
            optional(
                "on_dependency_failure",
                .word(TaskSpec.DependencyFailureRule.allCases.map(\.rawValue)),
                "What happens to it when a task that it needs has failed. Default: skip."
            ),
            optional(
                "when",
                .list(.object(.condition), atMost: Condition.most),
                "What other tasks must have returned for it to be needed: all of it has to hold, else it is left out."
            ),
            optional("model", line, "The model that its agent asks for it, instead of the agent's own."),
            optional("complexity", line, "How hard it is: a name of model_tiers, whose model its agent asks for it."),
            optional(
                "share_call",
                .bool,
                "Whether its question may be asked together with those of other such tasks of its agent. Default: false."
            ),
            optional("produces", .anything, "A JSON Schema of its output."),
            optional("tools", words, "Which of its agent's tools may be used for it. Default: all."),
            optional(
                "done_when",
                .list(.object(.doneCheck), atMost: 20),
                "Checks that prove that it is done, made one after the other when an attempt claims so; each is one of file, command, schema, review and signed_by."
            ),
            optional("repeatable", .bool, "Overrides the agent's word on whether a step may simply be done again."),
            optional("needs_approval", .bool, "Whether a person has to say yes before it begins. Default: false."),
        ] + patience + [
            optional("working_directory", line, "Where its command starts, relative to the project folder."),
            optional("limits", .object(.taskLimits), "Limits of one attempt."),
            optional(
                "fallback",
                .object(.fallback),
                "How it is done when its last attempt has failed; its input then has failure."
            ),
            optional("budget", .object(.partBudget), "What models may cost for it in a run, all attempts together."),
            optional("delegated_by", .name, "Set by Baton: the task whose agent handed it on."),
            optional("proves", .object(.doneCheck), "Set by Baton: the check that it carries out."),
            optional("spawned_from", .name, "Set by Baton: the meeting whose minutes it comes from."),
        ]
    )

    package static let oversight = PlanKeys(
        noun: "ceo_oversight",
        keys: [
            optional("enabled", .bool, "Whether checkpoints and triggers open questions. Default: false."),
            optional(
                "interrupt_triggers",
                .list(.word(["milestone_completion", "risk_threshold_exceeded", "schedule_delay"]), atMost: 10),
                "The facts that open a question."
            ),
            optional("review_frequency", .word(["daily", "weekly", "on_completion"]), "How often a review is due."),
            optional("escalation_criteria", .object(.escalation), "Thresholds that open a question."),
        ]
    )

    package static let escalation = PlanKeys(
        noun: "escalation_criteria",
        keys: [
            optional("budget_variance", .number(0...10_000, excludingLowest: false), "Percent over budget."),
            optional("schedule_delay_days", .number(0...10_000, excludingLowest: false), "Days behind schedule."),
            optional("critical_risks", .number(0...10_000, excludingLowest: false), "Open critical risks."),
        ]
    )

    package static let successCriteria = PlanKeys(
        noun: "success_criteria",
        keys: [
            optional("technical_milestones", words, "Technical goals."),
            optional("compliance_requirements", words, "Rules to meet."),
            optional("business_objectives", words, "Business goals."),
        ]
    )

    package static let defaults = PlanKeys(
        noun: "defaults",
        keys: [
            optional("model", line, "The model of agents of built-in types that name none. Default: BATON_MODEL."),
            optional(
                "max_concurrent_tasks",
                .integer(1...100_000),
                "How many tasks the run has in hand at once. Default: what its agents can take."
            ),
            optional(
                "task_timeout_seconds",
                .number(0...31_536_000, excludingLowest: true),
                "How long an attempt may last, in seconds. Default: 3600."
            ),
            optional("max_retry_attempts", .integer(1...100), "Attempts in all, the first counted. Default: 3."),
            optional(
                "retry_delay_seconds",
                .number(0...3600, excludingLowest: false),
                "The wait before the second attempt, in seconds; then doubled up to 60. Default: 1."
            ),
            optional("enable_parallel_execution", .bool, "false runs one task at a time. Default: true."),
            optional(
                "progress_update_interval_seconds",
                .number(0...86_400, excludingLowest: true),
                "How often progress is reported when nothing else changes, in seconds. Default: 30."
            ),
            optional(
                "type_weights",
                .map(.number(0...1000, excludingLowest: false)),
                "Weight of task types in the order of dispatch among equal priorities. Default: 1 each."
            ),
        ] + patience
    )
}
