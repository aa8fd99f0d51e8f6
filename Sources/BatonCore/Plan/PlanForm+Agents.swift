// The keys of agents.
extension PlanKeys {
    package static let textFile = PlanKeys(
        noun: "a text file",
        keys: [required("path", line, "Where it lies, for people."), required("text", prose, "All of its text.")]
    )

    package static let capability = PlanKeys(
        noun: "a capability",
        keys: [
            required("name", line, "What tasks and delegations call it."),
            optional("description", line, "What it does."),
            optional(
                "input_types",
                words,
                "Keys that the input of its tasks has to have; one that ends with ? may be left out."
            ),
            optional("output_types", words, "What its results are."),
            optional("estimated_time", .duration, "How long a task takes, until it is known better."),
            optional("cost_estimate", .amount, "What a task costs in USD, until it is known better."),
        ]
    )

    package static let agent = PlanKeys(
        noun: "an agent",
        keys: [
            required("agent_id", .name, "Names the agent. \(NameRule.form)."),
            optional("name", line, "For people. Default: the agent_id."),
            optional("occupation", line, "The role."),
            optional("personality_traits", words, "Traits of character."),
            optional("professional_interests", words, "Interests."),
            optional("skills", words, "Skills in words; for matching see skill_levels."),
            optional("years_experience", line, "Experience in words, such as \"10+ years\"."),
            optional(
                "skill_levels",
                .map(level),
                "What the agent can do, 1 to 10: 5 to 8 is competent, 9 to 10 is expert."
            ),
            optional(
                "preferences",
                .map(level),
                "Which types of task the agent likes, 1 to 10; an unknown type counts 5."
            ),
            optional(
                "type",
                .word(
                    ["command", "model", "person", "function"] + AgentProfile.builtInTypes + [
                        AgentProfile.conductorType
                    ]
                ),
                "How the agent works. Default: command if `command` is set, else model if `model` is, else the stand-in."
            ),
            optional("model", line, "The language model, as provider/model."),
            optional("fallback_models", words, "Models that are asked instead, in this order, when it fails."),
            optional(
                "max_tokens",
                .integer(1...1_000_000),
                "How many tokens an answer may have, thinking included. Default: 8192."
            ),
            optional(
                "temperature",
                .number(0...2, excludingLowest: false),
                "How freely the model chooses its words. Default: the provider's."
            ),
            optional("stream", .bool, "Whether answers are wanted piece by piece. Default: true."),
            optional(
                "persona",
                .anything,
                "Who it is as a person: facts by keys such as age, traits, beliefs; a file with them, of TinyTroupe too; or a list of these."
            ),
            optional("instructions", prose, "What the agent is told before every task."),
            optional(
                "instruction_files",
                .list(.lineOr(.textFile), atMost: 100),
                "Text files below the plan's folder, told to its model before the instructions, in this order."
            ),
            optional("tools", words, "The tools that its tasks may use; SERVER/TOOL or SERVER/* for those of others."),
            optional("approved_tools", words, "Those of them whose calls need no person's yes."),
            optional("approved_after_web", words, "Those whose calls need none even after it has read from the web."),
            optional(
                "command",
                .list(.text(max: 200_000), atMost: 10_000),
                "The program and its arguments; never a shell line."
            ),
            optional(
                "environment",
                .map(.text(max: 100_000)),
                "Variables that its commands get besides the allowed ones."
            ),
            optional("working_directory", line, "Where its commands start, relative to the project folder."),
            optional(
                "capabilities",
                .list(.lineOr(.capability), atMost: 1000),
                "Task and agent types that it declares to be able to do, each by its name or with what it takes."
            ),
            optional(
                "phases",
                .list(.word(WorkPhase.allCases.map(\.rawValue)), atMost: 5),
                "The phases that it goes through, the first one first; tools that do not belong to a phase are refused in it."
            ),
            optional("produces", .anything, "A JSON Schema of its outputs, for tasks that have none of their own."),
            optional("tags", words, "For selection by people."),
            optional("priority", .integer(1...10), "Breaks ties between equal scores; 10 goes first. Default: 5."),
            optional(
                "max_concurrent_tasks",
                .integer(1...10_000),
                "How many tasks it has in hand at once. Default: 1."
            ),
            optional(
                "repeatable",
                .bool,
                "Whether a step whose fate is unknown after a crash may simply be done again. Default: false."
            ),
            optional("available", .bool, "Whether it takes tasks at all. Default: true."),
            optional("rehearsal", .object(.mischief), "What goes wrong with a rehearsal mind, and how often."),
            optional("limits", .object(.agentLimits), "Limits of one attempt."),
            optional("budget", .object(.partBudget), "What its model may cost in a run."),
            optional("made_by", .name, "Set by Baton: the agent that made it for a task of its own."),
        ]
    )
}
