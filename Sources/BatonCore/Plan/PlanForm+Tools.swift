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

    package static let web = PlanKeys(
        noun: "web",
        keys: [
            optional(
                "hosts",
                words,
                "Hosts, or HOST:PORT: no others may be fetched, and these even inside one's own network. Default: all public ones."
            ),
            optional(
                "cache_seconds",
                .number(0...31_536_000, excludingLowest: false),
                "How old the answer to an equal fetch or search of the run may be, in seconds. Default: 3600."
            ),
            optional("search", .object(.webSearch), "Who searches the web: an address that answers with JSON."),
        ]
    )

    package static let webSearch = PlanKeys(
        noun: "web.search",
        keys: [
            required("url", line, "The address; {query} stands for what is looked for."),
            optional(
                "headers",
                .map(.text(max: 10_000)),
                "Headers of each request; ${NAME} stands for a variable of the engine, so that no plan holds a key."
            ),
            optional("results", line, "Where the list of results is, such as web.results. Default: the usual places."),
            optional("title", line, "Where a result has its title. Default: the usual places."),
            optional("link", line, "Where a result has its address. Default: the usual places."),
            optional("text", line, "Where a result has its words. Default: the usual places."),
        ]
    )
}
