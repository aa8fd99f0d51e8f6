import Testing

@testable import BatonCore

/// Tools of others: looked up once an attempt, recorded, and held by the rules for tools.
@Suite struct ForeignToolTests {
    private static func scene(_ tools: [String], _ change: (inout Plan) -> Void = { _ in }) throws -> RunScene {
        var agent = AgentProfile(id: "ada")
        (agent.model, agent.tools) = ("ollama/m", tools)
        var plan = Plan(id: "p", agents: [agent], tasks: [TaskSpec(id: "a")])
        var server = ToolServer(name: "docs")
        server.command = ["serve"]
        plan.toolServers = [server]
        change(&plan)
        var scene = try RunScene(plan)
        try scene.when(.slots(9))
        return scene
    }

    private static let look = Catalogue.Tool(name: "docs__look", source: "docs/look", isRepeatable: true)
    private static let act = Catalogue.Tool(name: "docs__act", source: "docs/act", isRepeatable: false)

    private static func offered(_ tools: Catalogue.Tool...) -> StepResult {
        .offered(
            Catalogue(tools: tools, content: .inline(.array(tools.map { _ in ["description": "", "input": [:]] })))
        )
    }

    private static func wants(_ tool: String, _ input: JSON = [:]) -> StepResult {
        let call = ToolCall(id: "c", tool: tool, input: .inline(input))
        return .replied(Reply(model: "ollama/m", text: .inline(""), calls: [call], stop: .tools), .none)
    }

    @Test func `they are looked up before the first question, and only by who has been granted some`() throws {
        var scene = try Self.scene(["read_file", "docs/*"])
        #expect(scene.run.owed[scene.key("a")]?.request == .catalogue)
        let lines = try scene.when(.returned(scene.key("a"), Self.offered(Self.look, Self.act)))
        #expect(lines == ["returned a#1.1/1 offered docs__look docs__act", "owed a#1.2/1"])
        #expect(scene.run.owed[scene.key("a")]?.request.word == "model")
        scene = try Self.scene(["read_file"])
        #expect(scene.run.owed[scene.key("a")]?.request.word == "model")
    }

    @Test func `a look is simply called, and an action waits for a yes`() throws {
        var scene = try Self.scene(["docs/*"])
        try scene.when(.returned(scene.key("a"), Self.offered(Self.look, Self.act)))
        #expect(try scene.when(.returned(scene.key("a"), Self.wants("docs__look"))).last == "owed a#1.3/1")
        try scene.when(.returned(scene.key("a"), .done(.inline("seen"), .none)))
        #expect(try scene.when(.returned(scene.key("a"), Self.wants("docs__act"))).last == "asked q1 action a")
        #expect(scene.run.openQuestions.first?.text == "May ada call docs__act in task a with {}?")
    }

    @Test(arguments: ["docs/act", "docs/*"])
    func `a plan may leave an agent the actions of others`(grant: String) throws {
        var scene = try Self.scene(["docs/*"]) { $0.agents[0].approvedTools = [grant] }
        try scene.when(.returned(scene.key("a"), Self.offered(Self.act)))
        #expect(try scene.when(.returned(scene.key("a"), Self.wants("docs__act"))).last == "owed a#1.3/1")
    }

    @Test func `what others do not offer is told to the model, with what they do`() throws {
        var scene = try Self.scene(["docs/*"])
        try scene.when(.returned(scene.key("a"), Self.offered(Self.look)))
        try scene.when(.returned(scene.key("a"), Self.wants("docs__gone")))
        guard case .running(let attempt) = scene.run.tasks[0].state, case .conversation(let talk) = attempt.pattern
        else { return }
        let words = talk.turns[0].results[0].content.inlined?.string ?? ""
        #expect(words.contains("docs__gone") && words.contains("docs__look"))
    }

    @Test(
        arguments: [
            Catalogue.Tool(name: "read_file", source: "docs/read_file", isRepeatable: true),
            Catalogue.Tool(name: "web__look", source: "web/look", isRepeatable: true),
            Self.look,
        ]
    )
    func `nobody offers what was not granted, nor under a name that is taken`(odd: Catalogue.Tool) throws {
        var scene = try Self.scene(["read_file", "docs/*"])
        let lines = try scene.when(.returned(scene.key("a"), Self.offered(Self.look, odd)))
        #expect(lines.contains { $0.contains("mind.odd") }, "\(lines)")
    }

    @Test func `after a crash the look is handed out again, and what it brought stays`() throws {
        var scene = try Self.scene(["docs/*"])
        #expect(try scene.when(.recovered(engine: "next")).last == "owed a#1.1/2")
        try scene.when(.returned(scene.key("a"), Self.offered(Self.look)))
        #expect(try scene.when(.recovered(engine: "third")).last == "owed a#1.2/2")
        #expect(scene.run.owed[scene.key("a")]?.request.word == "model")
    }

    @Test func `a look that fails fails the attempt`() throws {
        var scene = try Self.scene(["docs/*"])
        let failure = Failure(.permanent, "tool.server", "gone", remedy: "none")
        #expect(try scene.when(.returned(scene.key("a"), .failed(failure, .none))).last == "run failed")
    }

    @Test(
        arguments: [
            (["docs/*", "read_file"], ["docs/look"], ["docs/look"]), (["docs/look"], ["docs/*"], ["docs/look"]),
            (["docs/*"], ["web/*", "read_file"], []), (["docs/a", "docs/b"], ["docs/b"], ["docs/b"]),
            (["docs/*"], ["docs/sub/*"], ["docs/sub/*"]), (["docs/sub/*"], ["docs/look"], []),
        ]
    )
    func `a task narrows the tools of its agent`(agents: [String], tasks: [String], both: [String]) {
        #expect(ToolGrant.both(agents, tasks) == both)
    }

    @Test(
        arguments: [
            ("docs/*", nil), ("swift/price", nil), ("web/look", "mcp_servers has no web"), ("docs/", "names no tool"),
            ("/look", "begins with no name"), ("dogs/look", "mcp_servers has no dogs"),
            ("docs/sub/*", "has a * that stands for no whole server"), ("docs__look", "which there is not"),
        ] as [(String, String?)]
    )
    func `the plan says whose tools there are`(tool: String, fault: String?) throws {
        var agent = AgentProfile(id: "ada")
        (agent.model, agent.tools) = ("ollama/m", [tool])
        var plan = Plan(id: "p", agents: [agent], tasks: [TaskSpec(id: "a")])
        var server = ToolServer(name: "docs")
        server.command = ["serve"]
        plan.toolServers = [server]
        let found = PlanCheck.diagnostics(of: plan).first { $0.code == "plan.unknown_tool" }
        #expect((found == nil) == (fault == nil), "\(found?.message ?? "")")
        if let fault { #expect(found?.message.contains(fault) == true, "\(found?.message ?? "")") }
    }

    @Test(
        arguments: [
            (["url": "http://elsewhere.example/mcp"], "not https"), (["url": "ftp://h/"], "neither http nor https"),
            ([:], "either a command or a url"), (["url": "https://h/", "command": ["x"]], "either a command or a url"),
            (["command": ["x"], "environment": ["GITHUB_TOKEN": "abc"]], "plans hold no keys"),
            (["url": "https://h/", "headers": ["Host": "x"]], "cannot be sent"),
            (["url": "https://h/", "headers": ["X-A": "a\nb"]], "cannot be sent"),
            (["url": "http://localhost:x@192.0.2.2:80/mcp"], "names nobody, or a password"),
            (["url": "http://localhost:80x/mcp"], "not https"), (["url": "https://me:pass@h/"], "a password"),
            (["url": "https://h/", "headers": ["Authorization": "Bearer sk-1"]], "plans hold none"),
            (["url": "https://h/", "headers": ["X-Key": "${OPENAI_API_KEY}"]], "goes to its provider only"),
        ] as [(JSON, String)]
    )
    func `a server that cannot be spoken to is refused before the run`(server: JSON, fault: String) throws {
        let plan = try PlanDecoder.checked([
            "project_id": "p", "mcp_servers": ["docs": server], "agents": [["agent_id": "ada"]],
            "tasks": [["task_id": "a"]],
        ])
        let found = PlanCheck.diagnostics(of: plan).filter { $0.code == "plan.tool_server" }
        #expect(found.contains { $0.message.contains(fault) }, "\(found.map(\.message))")
    }

    @Test(arguments: ["swift", "a b", "a__b", "überall"])
    func `a server has a name that models can use`(name: String) {
        var plan = Plan(id: "p", agents: [AgentProfile(id: "ada")], tasks: [TaskSpec(id: "a")])
        var server = ToolServer(name: name)
        server.command = ["serve"]
        plan.toolServers = [server]
        #expect(PlanCheck.diagnostics(of: plan).contains { $0.code == "plan.tool_server" })
    }

    @Test func `a grant for a part of a server is for no tool of it, and approves none`() throws {
        var scene = try Self.scene(["docs/*"]) { $0.agents[0].approvedTools = ["docs/sub/*"] }
        try scene.when(.returned(scene.key("a"), Self.offered(Self.act)))
        #expect(try scene.when(.returned(scene.key("a"), Self.wants("docs__act"))).last == "asked q1 action a")
    }

    @Test func `a tool that is named as models call it is told how the plan calls it`() {
        var agent = AgentProfile(id: "ada")
        (agent.model, agent.tools) = ("ollama/m", ["docs__look"])
        var plan = Plan(id: "p", agents: [agent], tasks: [TaskSpec(id: "a")])
        plan.toolServers = [ToolServer(name: "docs")]
        #expect(PlanCheck.diagnostics(of: plan).contains { $0.remedy == "write docs/look" })
    }

    @Test(
        arguments: [
            ("http://192.0.2.2:8431/s?q={query}", "not https"), ("https://s.example/", "no {query}"),
            ("https://u:p@s.example/?q={query}", "a password"),
        ]
    )
    func `a search that would send keys about is refused`(url: String, fault: String) {
        var plan = Plan(id: "p", agents: [AgentProfile(id: "ada")], tasks: [TaskSpec(id: "a")])
        plan.web.search = Plan.Web.Search(url: url)
        #expect(PlanCheck.diagnostics(of: plan).contains { $0.code == "plan.web" && $0.message.contains(fault) })
        plan.web.search = Plan.Web.Search(url: "https://s.example/?q={query}")
        plan.web.search?.headers = [AgentProfile.Variable("X-Key", "${ANTHROPIC_API_KEY}")]
        #expect(
            PlanCheck.diagnostics(of: plan).contains { $0.code == "plan.web" && $0.message.contains("provider only") }
        )
    }
}
