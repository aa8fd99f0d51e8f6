/// What bounds agents, tasks and runs, and what goes wrong with rehearsal minds.
extension PlanKeys {
    private static let rate = PlanForm.number(0...1, excludingLowest: false)

    package static let mischief = PlanKeys(
        noun: "rehearsal",
        keys: [
            optional("fail", rate, "How many of its questions fail, each of which may pass, 0 to 1. Default: 0."),
            optional("refuse", rate, "To how many questions it says no, 0 to 1. Default: 0."),
            optional("block", rate, "At how many questions something is in its way, 0 to 1. Default: 0."),
            optional("loop", rate, "How many attempts go round in circles, if it has a tool, 0 to 1. Default: 0."),
            optional(
                "slow_seconds",
                .number(0...86_400, excludingLowest: false),
                "How long each answer takes. Default: 0."
            ),
        ]
    )

    package static let fallback = PlanKeys(
        noun: "fallback",
        keys: [
            optional("assigned_agent", .name, "Another agent does it."),
            optional("agent_type", .text(max: 200), "An agent of another type or capability does it."),
            optional("model", .text(max: 200), "Another model is asked."),
            optional("complexity", .text(max: 200), "The model of another tier of model_tiers is asked."),
            optional("description", .text(max: 100_000), "Other work is done."),
        ]
    )

    package static let agentLimits = PlanKeys(
        noun: "limits",
        keys: [
            optional(
                "output_bytes",
                .integer(1...1 << 30),
                "How many bytes of standard output a command may give. Default: 8388608."
            ),
            optional(
                "max_iterations",
                .integer(1...10_000),
                "How many questions to its model an attempt may take. Default: 50."
            ),
            optional(
                "context_tokens",
                .integer(1000...100_000_000),
                "Tokens of a conversation, beyond which the model is told its old turns in outline. Default: 150000."
            ),
        ]
    )

    package static let taskLimits = PlanKeys(
        noun: "limits",
        keys: [
            optional(
                "max_iterations",
                .integer(1...10_000),
                "How many questions to a model an attempt of it may take, instead of the agent's limit."
            )
        ]
    )

    private static let modelBudget = [
        optional("usd", .amount, "US dollars that models may cost."),
        optional("money", .amount, "The same as usd; of both the smaller holds."),
        optional("tokens", .amount, "Model tokens, in and out."),
        optional("calls", .amount, "Questions to models."),
        optional(
            "at_limit",
            .word(Plan.Budget.Limit.allCases.map(\.rawValue)),
            "What happens where the next question to a model, or more work, does not fit: a person is asked, the task fails, or a cheaper "
                + "one of the agent's models is asked. Default: ask."
        ),
    ]

    /// Of one agent or task.
    package static let partBudget = PlanKeys(
        noun: "budget",
        keys: modelBudget + [
            optional("time", .duration, "How long it may be worked on, in all its attempts: seconds, or 90s, 15m, 2h.")
        ]
    )

    package static let budget = PlanKeys(
        noun: "budget",
        keys: modelBudget + [
            optional("time", .duration, "Time from the start of the run: seconds, or a text such as 90s, 15m, 2h."),
            optional("depth", .amount, "How deep tasks that agents add may be added by others such. Default: 4."),
            optional("fan_out", .amount, "How many tasks agents may add. Default: 200."),
        ]
    )
}
