/// The agents that every Baton has: what a plan does not say of an agent of such a type is as it is here.
package struct BuiltInProfile: Sendable {
    /// The type, and the name of an agent that no plan names.
    package let type: String
    package let occupation: String
    package let tools: [String]
    package var capabilities: [Capability] = []
    package var phases: [WorkPhase] = []
    /// A JSON Schema of its results.
    package var produces: JSON?

    package static func named(_ type: String) -> BuiltInProfile? { Self.all.first { $0.type == type } }

    /// Where its text stands in this repository, and beside a plan that has another one.
    package var path: String { "Profiles/\(self.type).md" }
    package var text: String { Self.texts[self.type].map { String($0.drop { $0.isNewline }) } ?? "" }

    private static let looking = ["list_files", "read_file", "search_files"]

    package static let all = [
        BuiltInProfile(
            type: "main",
            occupation: "coordinator",
            tools: looking + [BuiltInTool.delegate, "ask_person", "report_progress", WorkPhase.tool],
            phases: [.planning, .executing, .verifying]
        ),
        BuiltInProfile(
            type: "knowledge",
            occupation: "researcher",
            tools: looking + ["search_documents", "fetch_url", "web_search", "remember", "recall"],
            capabilities: [
                capability("web_search", "searches the web", ["query", "max_results?"], 3),
                capability("research_question", "answers a question with sources", ["question"], 10),
                capability("verify_fact", "checks a claim", ["claim"], 5),
            ],
            produces: answer
        ),
        BuiltInProfile(
            type: "planner",
            occupation: "planner",
            tools: looking,
            capabilities: [capability("create_plan", "breaks a goal down into tasks", [], 8)],
            produces: plan
        ),
        BuiltInProfile(
            type: "browser",
            occupation: "browser operator",
            tools: ["browser_open", "browser_read", "browser_click", "browser_fill", "browser_screenshot"],
            capabilities: [
                capability("browser_task", "does something in a web browser", [], 15),
                capability("structured_action", "does one thing on a page", ["url?"], 5),
            ]
        ),
        BuiltInProfile(
            type: "code",
            occupation: "programmer",
            tools: looking + ["write_file", "run_command", "report_progress", WorkPhase.tool],
            phases: [.planning, .executing, .verifying]
        ),
        BuiltInProfile(
            type: "test",
            occupation: "tester",
            tools: looking + ["write_file", "run_command", "report_progress"],
            produces: tests
        ),
        BuiltInProfile(type: "review", occupation: "reviewer", tools: looking, produces: findings),
        BuiltInProfile(type: "debug", occupation: "debugger", tools: looking + ["run_command"], produces: cause),
    ]

    private static func capability(_ name: String, _ text: String, _ inputs: [String], _ seconds: Int) -> Capability {
        var capability = Capability(name)
        capability.description = text
        capability.inputTypes = inputs
        capability.estimatedTime = .seconds(seconds)
        return capability
    }
}

// Forms of results.
extension BuiltInProfile {
    private static func object(_ members: [(String, JSON)], optional: Set<String> = []) -> JSON {
        let required = members.map(\.0).filter { !optional.contains($0) }
        return [
            "type": "object", "properties": .members(members), "required": .array(required.map { .string($0) }),
        ]
    }

    private static func list(_ element: JSON) -> JSON { ["type": "array", "items": element] }

    private static let string: JSON = ["type": "string"]

    private static let answer = Self.object(
        [
            ("answer", Self.string), ("verdict", ["enum": ["true", "false", "unclear"]]),
            (
                "sources",
                Self.list(
                    Self.object(
                        [("source", Self.string), ("title", Self.string), ("quote", Self.string)],
                        optional: ["title", "quote"]
                    )
                )
            ),
        ],
        optional: ["verdict"]
    )

    private static let plan = Self.object(
        [
            ("summary", Self.string),
            (
                "tasks",
                Self.list(
                    Self.object(
                        [
                            ("task_id", ["type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$"]),
                            ("description", Self.string), ("agent_type", Self.string),
                            ("dependencies", Self.list(Self.string)),
                        ],
                        optional: ["agent_type", "dependencies"]
                    )
                )
            ),
        ]
    )

    private static let tests = Self.object([
        ("tests", Self.list(Self.string)), ("command", Self.list(Self.string)), ("exit_code", ["type": "integer"]),
        ("output", Self.string), ("passed", ["type": "boolean"]),
    ])

    private static let findings = Self.object([
        (
            "findings",
            Self.list(
                Self.object([
                    ("file", Self.string), ("line", ["type": "integer", "minimum": 1]),
                    ("severity", ["enum": ["critical", "major", "minor", "note"]]), ("message", Self.string),
                ])
            )
        ),
        ("verdict", ["enum": ["approve", "request_changes"]]),
    ])

    private static let cause = Self.object([
        ("cause", Self.string), ("evidence", Self.list(Self.string)), ("proposed_change", Self.string),
    ])
}
