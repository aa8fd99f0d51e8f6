import Testing

@testable import BatonCore

/// Calls of tools: which may be made, which want a person first, and which are made again after a crash.
@Suite struct ToolRuleTests {
    private static func scene(_ tools: [String], _ change: (inout Plan) -> Void = { _ in }) throws -> RunScene {
        var agent = AgentProfile(id: "ada")
        (agent.model, agent.tools) = ("ollama/m", tools)
        var plan = Plan(id: "p", agents: [agent], tasks: [TaskSpec(id: "a")])
        change(&plan)
        var scene = try RunScene(plan)
        try scene.when(.slots(9))
        return scene
    }

    private static func wants(_ calls: (String, JSON)...) -> StepResult {
        let calls = calls.enumerated().map { ToolCall(id: "c\($0)", tool: $1.0, input: .inline($1.1)) }
        return .replied(Reply(model: "ollama/m", text: .inline(""), calls: calls, stop: .tools), .none)
    }

    private static let command: JSON = ["command": ["rm", "a"]]

    @Test func `an action waits for a yes, with all of it in the question, and is then made once`() throws {
        var scene = try Self.scene(["run_command"])
        let lines = try scene.when(.returned(scene.key("a"), Self.wants(("run_command", Self.command))))
        #expect(lines == ["returned a#1.1/1 said ", "asked q1 action a"])
        #expect(scene.run.waitsOnlyForPeople)
        let question = try #require(scene.run.openQuestions.first)
        #expect(question.text == "May ada call run_command in task a with {\"command\":[\"rm\",\"a\"]}?")
        #expect(question.options == ["approve", "deny", "skip", "fail"])
        let answer = try scene.run.answer(.words("yes", .inline("yes")), to: question.id)
        #expect(try scene.when(.answer(question.id, answer)) == ["answered q1 approve"])
        #expect(try scene.when(.slots(9)) == ["owed a#1.2/1"])
        // The next call of the same tool wants a yes of its own.
        try scene.when(.returned(scene.key("a"), .done(.inline("gone"), .none)))
        #expect(
            try scene.when(.returned(scene.key("a"), Self.wants(("run_command", Self.command)))).last
                == "asked q2 action a"
        )
    }

    @Test func `an action that is denied is not made, and the model is told why`() throws {
        var scene = try Self.scene(["run_command", "read_file"])
        try scene.when(
            .returned(scene.key("a"), Self.wants(("run_command", Self.command), ("read_file", ["path": "x"])))
        )
        try scene.when(.answer(QuestionID(1), Answer(.deny, note: "not that file")))
        #expect(try scene.when(.slots(9)) == ["owed a#1.2/1"])
        #expect(scene.run.owed[scene.key("a")]?.request == .tool(1))
        guard case .running(let attempt) = scene.run.tasks[0].state, case .conversation(let talk) = attempt.pattern
        else { return }
        let said = Content.inline("A person does not allow this: not that file.")
        #expect(talk.turns[0].results == [Conversation.ToolResult(content: said, isError: true)])
    }

    @Test(arguments: [("deny", ""), ("No", ""), ("deny: keep it", "keep it"), ("no, not yet", "not yet")])
    func `a denial may say why`(words: String, note: String) throws {
        var scene = try Self.scene(["run_command"])
        try scene.when(.returned(scene.key("a"), Self.wants(("run_command", Self.command))))
        #expect(
            try scene.run.answer(.words(words, .inline(.string(words))), to: QuestionID(1)) == Answer(.deny, note: note)
        )
        #expect(throws: Refusal.self) { try scene.run.answer(.words("nobody", .inline("nobody")), to: QuestionID(1)) }
    }

    @Test func `a plan may leave an agent its actions`() throws {
        var scene = try Self.scene(["run_command"]) { $0.agents[0].approvedTools = ["run_command"] }
        let lines = try scene.when(.returned(scene.key("a"), Self.wants(("run_command", Self.command))))
        #expect(lines.last == "owed a#1.2/1")
    }

    @Test(arguments: [("ask_person", "question", "asks"), ("report_blocker", "blocker", "is blocked")])
    func `what a person is asked comes back as the result of the call`(tool: String, name: String, verb: String) throws
    {
        var scene = try Self.scene([tool])
        try scene.when(.returned(scene.key("a"), Self.wants((tool, [name: "Which colour?"]))))
        let question = try #require(scene.run.openQuestions.first)
        #expect(question.text == "ada \(verb) in task a: Which colour?")
        let answer = try scene.run.answer(.words("blue", .inline("blue")), to: question.id)
        try scene.when(.answer(question.id, answer), by: .person("ada"))
        #expect(try scene.when(.slots(9)) == ["owed a#1.2/1"])
        guard case .running(let attempt) = scene.run.tasks[0].state, case .conversation(let talk) = attempt.pattern
        else { return }
        #expect(
            talk.turns[0].results == [
                Conversation.ToolResult(content: .inline("blue"), isError: false, source: Provenance(.person("ada")))
            ]
        )
    }

    @Test(
        arguments: [
            ("run_command", ["cmd": "rm"]), ("ask_person", [:]), ("report_blocker", ["blocker": 7]),
            ("run_command", ["command": ["echo", "a\u{0}b"]]),
            ("run_command", ["command": ["sh", "-c", .string(String(repeating: "# ", count: 800))]]),
            ("ask_person", ["question": .string(String(repeating: "why? ", count: 300))]),
        ] as [(String, JSON)]
    )
    func `what is wrong with its arguments the model is told, and no person`(tool: String, input: JSON) throws {
        var scene = try Self.scene([tool])
        let size = input.description.utf8.count
        let content = size > 1024 ? Content.stored(.zero, bytes: size) : .inline(input)
        let call = ToolCall(id: "c", tool: tool, input: content)
        let reply = Reply(model: "ollama/m", text: .inline(""), calls: [call], stop: .tools)
        try scene.when(.returned(scene.key("a"), .replied(reply, .none)))
        #expect(scene.run.openQuestions.isEmpty)
        #expect(scene.run.owed[scene.key("a")]?.request.word == "model")
        guard case .running(let attempt) = scene.run.tasks[0].state, case .conversation(let talk) = attempt.pattern
        else { return }
        #expect(talk.turns[0].results.map(\.isError) == [true])
    }

    @Test func `an attempt that waits for a person says for which answer`() throws {
        var scene = try Self.scene(["run_command"])
        #expect(scene.run.question(holding: TaskIndex(0)) == nil)
        try scene.when(.returned(scene.key("a"), Self.wants(("run_command", Self.command))))
        #expect(scene.run.question(holding: TaskIndex(0))?.id == QuestionID(1))
    }

    @Test func `who is skipped while somebody is asked takes the question along`() throws {
        var scene = try Self.scene(["ask_person"])
        try scene.when(.returned(scene.key("a"), Self.wants(("ask_person", ["question": "why?"]))))
        #expect(try scene.when(.skip(TaskIndex(0))) == ["end a skipped by person", "run completed"])
        #expect(scene.run.openQuestions.isEmpty)
    }

    @Test func `a task takes tools away, and gives none`() throws {
        var scene = try Self.scene(["read_file", "list_files"]) { $0.tasks[0].tools = ["list_files", "write_file"] }
        let calls = Self.wants(
            ("read_file", ["path": "x"]),
            ("write_file", ["path": "x", "text": ""]),
            ("list_files", [:])
        )
        try scene.when(.returned(scene.key("a"), calls))
        #expect(scene.run.owed[scene.key("a")]?.request == .tool(2))
    }

    @Test(arguments: [
        ("read_file", "owed a#1.2/2"), ("run_command", "asked q1 unknown_outcome a"), ("propose_tasks", "owed a#1.2/2"),
    ])
    func `after a crash a look is made again, and of an action a person says what became`(
        tool: String,
        last: String
    ) throws {
        var scene = try Self.scene([tool]) { $0.agents[0].approvedTools = ["run_command", "propose_tasks"] }
        try scene.when(.returned(scene.key("a"), Self.wants((tool, ["path": "x"]))))
        #expect(try scene.when(.recovered(engine: "next")).last == last)
    }

    @Test func `a question to a person stays open over a crash, and is asked once`() throws {
        var scene = try Self.scene(["run_command"])
        try scene.when(.returned(scene.key("a"), Self.wants(("run_command", Self.command))))
        #expect(try scene.when(.recovered(engine: "next")) == ["recovered"])
        #expect(try scene.when(.slots(9)).isEmpty)
        #expect(scene.run.openQuestions.count == 1)
    }

    @Test func `a tool that there is not is refused with the nearest`() {
        var agent = AgentProfile(id: "ada")
        (agent.model, agent.tools) = ("ollama/m", ["read_fil"])
        let found = PlanCheck.diagnostics(of: Plan(id: "p", agents: [agent], tasks: [TaskSpec(id: "a")]))
        #expect(found.contains { $0.code == "plan.unknown_tool" && $0.remedy == "did you mean read_file?" })
    }

    @Test(arguments: BuiltInTool.all.map(\.name))
    func `the arguments of a tool have a schema that can be held`(name: String) throws {
        _ = try JSONSchema(try #require(BuiltInTool.named(name)).input)
    }
}
