// What stands within tasks.
extension PlanKeys {
    package static let agendaItem = PlanKeys(
        noun: "an item of an agenda",
        keys: [
            required("topic", line, "What it is about."),
            optional("minutes", .integer(1...10_000), "How long it may take, in minutes of the meeting."),
        ]
    )

    static let condition = PlanKeys(
        noun: "a condition",
        keys: [
            required("task", .name, "The task whose output is looked at."),
            optional("field", line, "Where to look: names and places in lists, with dots between. Default: all of it."),
            optional("is", .anything, "The value that it has to be."),
            optional("is_not", .anything, "The value that it must not be."),
            optional("one_of", .list(.anything, atMost: 100), "Values of which it has to be one."),
            optional("at_least", .number(-1e15...1e15, excludingLowest: false), "The least that it may be."),
            optional("at_most", .number(-1e15...1e15, excludingLowest: false), "The most that it may be."),
            optional("contains", .anything, "A piece of a text, or an element of a list, that it has to hold."),
        ]
    )

    static let doneCheck = PlanKeys(
        noun: "a check",
        keys: [
            optional("file", line, "A file or folder that is there, relative to where the task's commands start."),
            optional("command", words, "A program with its arguments that ends with 0; no shell reads them."),
            optional("schema", .anything, "A JSON Schema that the output fits."),
            optional("review", line, "An agent, type or capability: another agent than the task's own approves."),
            optional("instructions", prose, "What a reviewer looks for, beside the task itself."),
            optional("signed_by", line, "An agent of type person who signs; anybody is whoever answers first."),
            optional("timeout_seconds", .duration, "How long the check may take. Default: that of the plan."),
        ]
    )

    static let patience = [
        optional(
            "answer_within_seconds",
            .number(0...31_536_000, excludingLowest: true),
            "How long a question may stay open, in seconds. Default: for ever."
        ),
        optional(
            "if_unanswered",
            .word(TaskSpec.UnansweredRule.allCases.map(\.rawValue)),
            "What happens to the task when a question about it is not answered in time. Default: fail."
        ),
    ]

    package static let retry = PlanKeys(
        noun: "retry",
        keys: [
            optional("max_attempts", .integer(1...100), "Attempts in all, the first counted."),
            optional(
                "delay_seconds",
                .number(0...3600, excludingLowest: false),
                "The wait before the second attempt, in seconds."
            ),
        ]
    )
}
