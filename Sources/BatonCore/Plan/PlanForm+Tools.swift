/// Tools that come from outside.
extension PlanKeys {
    package static let toolServer = PlanKeys(
        noun: "a server of tools",
        keys: [
            optional(
                "command",
                .list(.text(max: 100_000), atMost: 1000),
                "The program that serves, with its arguments; spoken to over its standard streams."
            ),
            optional(
                "environment",
                .map(.text(max: 100_000)),
                "Variables that the program gets besides the allowed ones."
            ),
            optional(
                "pass_environment",
                .list(.text(max: 200), atMost: 100),
                "Names of the engine's own variables that the program gets too, keys among them."
            ),
            optional(
                "url",
                line,
                "The address of the server, spoken to over streamable HTTP; in the place of command."
            ),
            optional(
                "headers",
                .map(.text(max: 10_000)),
                "Headers of each request; ${NAME} stands for a variable of the engine, so that no plan holds a key."
            ),
            optional(
                "read_only",
                words,
                "Its tools that change nothing: they need no yes, and are called again after a crash. * names all."
            ),
            optional(
                "timeout_seconds",
                .number(0...86_400, excludingLowest: true),
                "How long one call may take, in seconds. Default: 120."
            ),
        ]
    )
}
