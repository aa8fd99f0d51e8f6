import Testing

@testable import BatonCore

/// A goal that a manager breaks down, with what it says when its tasks are held up.
@Suite struct ManagerTests {
    private static func scene(_ change: (inout Plan) -> Void = { _ in }) throws -> RunScene {
        let agents = ["boss", "ann", "bob"].map { id in
            var agent = AgentProfile(id: AgentID(id))
            (agent.model, agent.tools) = ("ollama/m", id == "ann" ? ["ask_manager"] : [])
            return agent
        }
        var task = TaskSpec(id: "site", description: "Make a site.")
        task.pattern = .hierarchical
        task.manager = "boss"
        var plan = Plan(id: "p", agents: agents, tasks: [task])
        plan.defaults.maxRetryAttempts = 1
        change(&plan)
        var scene = try RunScene(plan.unfolded)
        try scene.when(.slots(9))
        return scene
    }

    private static func says(_ value: JSON, _ faults: [String] = []) -> StepResult {
        let reply = Reply(
            model: "m",
            text: .inline(.string("\(value)")),
            output: .inline(value),
            faults: faults,
            stop: .end
        )
        return .replied(reply, .none)
    }

    private static func plan(_ tasks: JSON...) -> JSON { ["summary": "so", "tasks": .array(tasks)] }

    private static let two = Self.plan(
        ["task_id": "draw", "description": "Draw it.", "agent": "ann"],
        ["task_id": "build", "description": "Build it.", "agent": "bob", "dependencies": ["draw"]]
    )

    @Test func `a goal becomes tasks that its manager joins when they have ended`() throws {
        var scene = try Self.scene()
        #expect(scene.facts.contains { scene.line($0.event) == "attempt site.plan#1 by boss" })
        let lines = try scene.when(.returned(scene.key("site.plan"), Self.says(Self.two)))
        #expect(lines.suffix(2) == ["added draw build", "end site.plan completed"])
        #expect(try scene.when(.slots(9)).first == "attempt draw#1 by ann")
        try scene.when(.returned(scene.key("draw"), Self.says("a drawing")))
        #expect(try scene.when(.slots(9)).first == "attempt build#1 by bob")
        try scene.when(.returned(scene.key("build"), .failed(MindFailure.refused(by: "m"), .none)))
        // It is told of what failed, too.
        #expect(try scene.when(.slots(9)).first == "attempt site#1 by boss")
        let needed = scene.run.graph.dependencies[scene.task("site")].map { scene.run.spec(TaskIndex(Int($0))).id }
        #expect(Set(needed) == ["site.plan", "draw", "build"])
        #expect(scene.run.plan.unfolded == scene.run.plan)
    }

    @Test(
        arguments: [
            (
                plan(
                    ["task_id": "a", "description": "x", "dependencies": ["b"]],
                    ["task_id": "b", "description": "y", "dependencies": ["a"]]
                ), "each of these"
            ),
            (
                plan(["task_id": "a", "description": "x", "agent": "zoe"]),
                "Agent zoe not registered. There are boss, ann, bob."
            ),
            (plan(["task_id": "site", "description": "x"]), "there is a task site already"),
            (plan(["task_id": "a", "description": "x", "dependencies": ["none"]]), "none"),
            (plan(["task_id": "../a", "description": "x"]), "no name"),
            (plan(), "no tasks"),
        ] as [(JSON, String)]
    )
    func `a plan that cannot be carried out is told by its faults, and becomes a question instead of tasks`(
        output: JSON,
        words: String
    ) throws {
        var scene = try Self.scene()
        let faults = Managing.faults(of: output, for: scene.run.spec(scene.task("site.plan")), in: scene.run.plan)
        #expect(faults.joined().contains(words), "\(faults)")
        #expect(
            try scene.when(.returned(scene.key("site.plan"), Self.says(output))).last == "asked q1 blocker site.plan"
        )
        #expect(scene.run.tasks.count == 2 && scene.run.waitsOnlyForPeople)
    }

    @Test func `a manager that answers nonsense three times ends in a question, and goes on with the answer`() throws {
        var scene = try Self.scene()
        for number in 1...3 {
            try scene.when(
                .returned(scene.key("site.plan"), Self.says(["n": .integer(Int64(number))], ["it has no tasks"]))
            )
        }
        let question = try #require(scene.run.openQuestions.first)
        #expect(question.kind == .blocker && question.text.contains("brought no plan"))
        try scene.when(.answer(question.id, Answer(.again, content: .inline("two tasks"))), by: .person("p"))
        #expect(try scene.when(.slots(9)).first == "attempt site.plan#2 by boss")
        try scene.when(.returned(scene.key("site.plan"), Self.says(Self.two)))
        #expect(scene.state("draw") == "ready")
    }

    @Test func `a thousand tasks in one answer meet the limit by name`() throws {
        var scene = try Self.scene { $0.budget.fanOut = 1 }
        try scene.when(.returned(scene.key("site.plan"), Self.says(Self.two)))
        #expect(scene.run.openQuestions.first?.text.contains("limit.spawned") == true)
        let many = (0..<1000).map { JSON.members([("task_id", .string("t\($0)")), ("description", "x")]) }
        let part = scene.run.spec(scene.task("site.plan"))
        #expect(
            Managing.faults(of: ["tasks": .array(many)], for: part, in: scene.run.plan) == [
                "1000 tasks are too many: 100 is the most"
            ]
        )
    }

    @Test func `what holds a task up goes to the manager, whose words the task is told, under its name`() throws {
        var scene = try Self.scene()
        try scene.when(.returned(scene.key("site.plan"), Self.says(Self.two)))
        try scene.when(.slots(9))
        let lines = try scene.when(
            .returned(scene.key("draw"), .failed(Failure(.blocked, "x", "no paper", remedy: "y"), .none))
        )
        #expect(lines.suffix(2) == ["asked q1 blocker draw", "added site.resolve-1"])
        #expect(!scene.run.waitsOnlyForPeople)
        #expect(try scene.when(.slots(9)).first == "attempt site.resolve-1#1 by boss")
        let words: JSON = ["action": "work_around", "words": "use a screen"]
        let solved = try scene.when(.returned(scene.key("site.resolve-1"), Self.says(words)))
        #expect(solved.suffix(2) == ["answered q1 again", "end site.resolve-1 completed"])
        #expect(scene.run.directives.map(\.sender) == [.manager("boss")])
        #expect(
            scene.run.directives[0].labelled("use a screen")
                == "From the agent boss, which manages this work:\nuse a screen"
        )
        // The same again is a person's matter.
        try scene.when(.slots(9))
        let again = try scene.when(
            .returned(scene.key("draw"), .failed(Failure(.blocked, "x", "no paper", remedy: "y"), .none))
        )
        #expect(again.last == "asked q2 blocker draw")
        #expect(scene.run.waitsOnlyForPeople)
    }

    @Test func `what is blocked begins anew behind the tasks that its manager puts before it, with their results`()
        throws
    {
        var scene = try Self.scene()
        try scene.when(.returned(scene.key("site.plan"), Self.says(Self.two)))
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("draw"), .failed(Failure(.blocked, "x", "no paper", remedy: "y"), .none)))
        try scene.when(.slots(9))
        let asked = scene.run.spec(scene.task("site.resolve-1")).description
        #expect(asked.contains("Its work: Draw it.") && asked.contains("a part of: Make a site."), "\(asked)")
        let tasks: JSON = [["task_id": "shop", "description": "Buy paper.", "agent": "bob"]]
        let words: JSON = ["action": "replan", "words": "use what was bought", "tasks": tasks]
        try scene.when(.returned(scene.key("site.resolve-1"), Self.says(words)))
        #expect(scene.state("draw") == "waiting")
        #expect(try scene.when(.slots(9)).first == "attempt shop#1 by bob")
        try scene.when(.returned(scene.key("shop"), Self.says("paper")))
        #expect(try scene.when(.slots(9)).first == "attempt draw#2 by ann")
        #expect(scene.run.graph.dependencies[scene.task("draw")].contains(scene.task("shop").value))
    }

    @Test func `a plan whose tasks need what has failed ends with them, and does without it where its whole does`()
        throws
    {
        for rule in [TaskSpec.DependencyFailureRule.skip, .run] {
            var scene = try Self.scene { plan in
                plan.tasks.append(TaskSpec(id: "early"))
                plan.tasks[1].assignedAgent = "bob"
                plan.tasks[0].onDependencyFailure = rule
                if rule == .run { plan.tasks[0].dependencies = ["early"] }
            }
            try scene.when(.returned(scene.key("early"), .failed(MindFailure.refused(by: "m"), .none)))
            try scene.when(.slots(9))
            let needs: JSON = rule == .run ? [] : ["early"]
            let plan = Self.plan(["task_id": "draw", "description": "Draw it.", "agent": "ann", "dependencies": needs])
            try scene.when(.returned(scene.key("site.plan"), Self.says(plan)))
            #expect(scene.state("draw") == (rule == .run ? "ready" : "skipped"))
        }
    }

    @Test func `a manager that does not answer mars nothing, if a person does`() throws {
        var scene = try Self.scene()
        try scene.when(
            .returned(scene.key("site.plan"), Self.says(Self.plan(["task_id": "draw", "description": "x"])))
        )
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("draw"), .failed(Failure(.blocked, "x", "no paper", remedy: "y"), .none)))
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("site.resolve-1"), .failed(MindFailure.refused(by: "m"), .none)))
        #expect(scene.state("site.resolve-1") == "failed")
        try scene.when(.answer(QuestionID(1), Answer(.again, content: .inline("here"))), by: .person("eve"))
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("draw"), Self.says("drawn")))
        try scene.when(.slots(9))
        #expect(try scene.when(.returned(scene.key("site"), Self.says("a site"))).last == "run completed")
    }

    @Test func `a person who stands in for a manager brings a plan that can be carried out, or is told why not`() throws
    {
        var scene = try Self.scene { $0.agents[0].type = "person" }
        let id = try #require(scene.run.openQuestions.first?.id)
        let bad = Answer(.done, content: .inline(Self.plan(["task_id": "site", "description": "x"])))
        #expect(throws: Refusal.self) { try scene.when(.answer(id, bad), by: .person("eve")) }
        let good = try scene.when(.answer(id, Answer(.done, content: .inline(Self.two))), by: .person("eve"))
        #expect(good == ["answered q1 done", "added draw build", "end site.plan completed"])
    }

    @Test func `a manager that breaks a goal down hands nothing on itself, and knows what the others can do`() throws {
        let scene = try Self.scene {
            $0.agents[0].tools = ["read_file", "delegate"]
            $0.agents[1].capabilities = [Capability("design")]
        }
        let part = scene.run.spec(scene.task("site.plan"))
        #expect(part.tools == ["read_file"])
        #expect(part.description.contains("ann (can: design)"), "\(part.description)")
    }

    @Test func `a manager may leave it to a person, or put tasks before it`() throws {
        var scene = try Self.scene()
        try scene.when(.returned(scene.key("site.plan"), Self.says(Self.two)))
        try scene.when(.slots(9))
        let asks = Reply(
            model: "m",
            text: .inline(""),
            calls: [ToolCall(id: "c", tool: "ask_manager", input: .inline(["question": "Which colour?"]))],
            stop: .tools
        )
        #expect(try scene.when(.returned(scene.key("draw"), .replied(asks, .none))).last == "added site.resolve-1")
        try scene.when(.slots(9))
        let tasks: JSON = [["task_id": "swatch", "description": "Try colours.", "agent": "bob"]]
        let words: JSON = ["action": "replan", "words": "blue, with a swatch", "tasks": tasks]
        let lines = try scene.when(.returned(scene.key("site.resolve-1"), Self.says(words)))
        #expect(lines.dropFirst().prefix(2) == ["added swatch", "end site.resolve-1 completed"])
        // Whoever asked hears of it when it is done, together with what the manager said.
        #expect(try scene.when(.slots(9)).first == "attempt swatch#1 by bob")
        #expect(try scene.when(.returned(scene.key("swatch"), Self.says("#00f"))).last == "answered q1 done")
        guard
            case .answered(_, let answer)? = scene.facts.last(where: { scene.line($0.event) == "answered q1 done" })?
                .event
        else {
            Issue.record("it is answered")
            return
        }
        #expect(answer.content == .inline("blue, with a swatch\n\nResult of swatch: #00f"))
        var other = try Self.scene()
        try other.when(.returned(other.key("site.plan"), Self.says(Self.two)))
        try other.when(.slots(9))
        try other.when(.returned(other.key("draw"), .replied(asks, .none)))
        try other.when(.slots(9))
        try other.when(
            .returned(other.key("site.resolve-1"), Self.says(["action": "ask_person", "words": "who knows"]))
        )
        #expect(other.run.openQuestions.map(\.task) == [other.task("draw")] && other.run.waitsOnlyForPeople)
    }

    @Test(arguments: ["site.resolve-dns", "site.plan", "site.resolve-1"])
    func `a name gives no part the power of its manager`(name: String) throws {
        let taken = Self.plan(["task_id": .string(name), "description": "x", "agent": "bob"])
        var scene = try Self.scene()
        #expect(
            Managing.faults(of: taken, for: scene.run.spec(scene.task("site.plan")), in: scene.run.plan).first?
                .contains(name == "site.plan" ? "site.plan already" : "called as Baton calls") == true
        )
        // Nor where the plan itself has such a part.
        scene = try Self.scene { plan in
            plan.tasks[0].manager = nil
            plan.tasks[0].subtasks = [TaskSpec(id: TaskID(name)), TaskSpec(id: "other")]
            for place in 0..<2 { plan.tasks[0].subtasks[place].assignedAgent = "bob" }
            plan.agents[2].maxConcurrentTasks = 2
        }
        let tasks: JSON = ["tasks": [["task_id": "extra", "description": "deploy", "agent": "ann"]]]
        let lines = try scene.when(.returned(scene.key(TaskID(name)), Self.says(tasks)))
        #expect(lines.last == "end \(name) completed" && scene.run.index(of: "extra") == nil)
    }

    @Test func `a part that is called like one of Baton's own is named before a run`() {
        var whole = TaskSpec(id: "site")
        (whole.pattern, whole.manager) = (.hierarchical, "boss")
        whole.subtasks = [TaskSpec(id: "site.resolve-dns"), TaskSpec(id: "other")]
        let found = PlanCheck.diagnostics(of: Plan(id: "p", agents: [AgentProfile(id: "boss")], tasks: [whole]))
        #expect(found.contains { $0.code == "plan.pattern" && $0.message.contains("called as Baton calls") })
    }

    @Test func `what a manager puts before whoever asks may not wait for it`() throws {
        var scene = try Self.scene()
        try scene.when(.returned(scene.key("site.plan"), Self.says(Self.two)))
        try scene.when(.slots(9))
        let call = ToolCall(id: "c", tool: "ask_manager", input: .inline(["question": "Which colour?"]))
        let asks = Reply(model: "m", text: .inline(""), calls: [call], stop: .tools)
        try scene.when(.returned(scene.key("draw"), .replied(asks, .none)))
        let part = scene.run.spec(scene.task("site.resolve-1"))
        for needed in ["draw", "build"] {
            let tasks: JSON = [
                ["task_id": "swatch", "description": "x", "agent": "bob", "dependencies": [.string(needed)]]
            ]
            let words: JSON = ["action": "replan", "words": "so", "tasks": tasks]
            #expect(
                Managing.faults(of: words, for: part, in: scene.run.plan).first?.contains("waits for the one before it")
                    == true
            )
        }
    }

    @Test func `what is blocked is told of tasks before it that failed, and a person hears what its manager says`()
        throws
    {
        var scene = try Self.scene()
        try scene.when(.returned(scene.key("site.plan"), Self.says(Self.two)))
        try scene.when(.slots(9))
        let blocked = StepResult.failed(Failure(.blocked, "x", "no key", remedy: "y"), .none)
        try scene.when(.returned(scene.key("draw"), blocked))
        try scene.when(.slots(9))
        let replan: JSON = [
            "action": "replan", "words": "get the key first",
            "tasks": [["task_id": "key", "description": "Get it.", "agent": "bob"]],
        ]
        try scene.when(.returned(scene.key("site.resolve-1"), Self.says(replan)))
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("key"), .failed(Failure(.permanent, "x", "lost", remedy: "y"), .none)))
        #expect(try scene.when(.slots(9)).contains("attempt draw#2 by ann"))
        try scene.when(
            .returned(scene.key("draw"), .failed(Failure(.blocked, "x", "still no key", remedy: "y"), .none))
        )
        let asked = scene.run.spec(scene.task("site.resolve-2")).description
        #expect(asked.contains("said of others before: draw, no key: get the key first"), "\(asked)")
        try scene.when(.slots(9))
        let asks: JSON = ["action": "ask_person", "words": "only Eve knows"]
        try scene.when(.returned(scene.key("site.resolve-2"), Self.says(asks)))
        let question = try #require(scene.run.openQuestions.first)
        #expect(scene.run.directives(for: question).last?.text.shown == "only Eve knows")
    }

    @Test func `a manager judges how hard a task is, and has as many rounds as its limits say`() throws {
        var scene = try Self.scene { plan in
            plan.agents[0].limits.iterations = 2
            plan.modelTiers = [Plan.ModelTier("hard", ["ollama/big"])]
        }
        let judged = Self.plan(
            ["task_id": "draw", "description": "x", "agent": "ann", "complexity": "hard", "reason": "no map"],
            ["task_id": "build", "description": "y", "agent": "bob", "complexity": "who knows"]
        )
        try scene.when(.returned(scene.key("site.plan"), Self.says(judged)))
        #expect(scene.run.spec(scene.task("draw")).complexity == "hard")
        #expect(scene.run.spec(scene.task("draw")).input == ["complexity": "hard", "reason": "no map"])
        #expect(scene.run.spec(scene.task("build")).complexity == nil)
        try scene.when(.slots(9))
        for (number, lines) in [(1, "site.resolve-1"), (2, nil)] as [(Int, String?)] {
            let failure = Failure(.blocked, "x", "no paper \(number)", remedy: "y")
            try scene.when(.returned(scene.key("draw"), .failed(failure, .none)))
            guard let name = lines else { break }
            try scene.when(.slots(9))
            try scene.when(
                .returned(scene.key(TaskID(name)), Self.says(["action": "answer", "words": "take mine"]))
            )
            try scene.when(.slots(9))
        }
        #expect(scene.run.openQuestions.last?.text.hasSuffix("(boss has had its 2 rounds.)") == true)
        #expect(scene.run.index(of: "site.resolve-2") == nil)
    }

    @Test func `rounds of a manager have an end`() throws {
        var scene = try Self.scene()
        try scene.when(.returned(scene.key("site.plan"), Self.says(Self.two)))
        scene.foldsAlong = false
        for number in 1...60 {
            try scene.when(.slots(9))
            try scene.when(
                .returned(scene.key("draw"), .failed(Failure(.blocked, "x", "no paper \(number)", remedy: "y"), .none))
            )
            guard scene.run.index(of: TaskID("site.resolve-\(number)")) != nil else { break }
            try scene.when(.slots(9))
            try scene.when(
                .returned(
                    scene.key(TaskID("site.resolve-\(number)")),
                    Self.says(["action": "answer", "words": "\(number)"])
                )
            )
        }
        #expect(scene.run.plan.tasks.count(where: \.isResolving) == 49)
        #expect(scene.run.waitsOnlyForPeople)
        #expect(scene.run.openQuestions.last?.text.hasSuffix("(boss has had its 50 rounds.)") == true)
    }

    @Test(arguments: ["{{tasks.site.output}}", "see {{tasks.none.output}} and {{x}}"])
    func `what an agent says of its blocker names no outputs, whatever stands in it`(words: String) throws {
        var scene = try Self.scene()
        try scene.when(.returned(scene.key("site.plan"), Self.says(Self.two)))
        try scene.when(.slots(9))
        let failure = Failure(.blocked, "x", words, remedy: "y")
        #expect(try scene.when(.returned(scene.key("draw"), .failed(failure, .none))).last == "added site.resolve-1")
        let spec = scene.run.spec(scene.task("site.resolve-1"))
        #expect(spec.references.isEmpty && scene.run.graph.dependencies[scene.task("site.resolve-1")].isEmpty)
        #expect(Template(spec.input).expanded { _ in nil }["blocker"] == .string(words))
        #expect(scene.run.damage == nil)
    }

    @Test func `a name that is too long for another task leaves the blocker to a person`() throws {
        let long = TaskID(String(repeating: "s", count: 120))
        var scene = try Self.scene { $0.tasks[0].id = long }
        try scene.when(.returned(scene.key(TaskID("\(long).plan")), Self.says(Self.two)))
        try scene.when(.slots(9))
        let failure = Failure(.blocked, "x", "no paper", remedy: "y")
        #expect(try scene.when(.returned(scene.key("draw"), .failed(failure, .none))).last == "asked q1 blocker draw")
    }

    @Test func `with one task at a time the manager still answers whoever asks it, also one of its own tasks`() throws {
        let own = Self.plan(["task_id": "draw", "description": "Draw it.", "agent": "boss"])
        var scene = try Self.scene { plan in
            plan.defaults.enableParallelExecution = false
            plan.agents[0].tools = ["ask_manager"]
        }
        try scene.when(.returned(scene.key("site.plan"), Self.says(own)))
        try scene.when(.slots(9))
        let call = ToolCall(id: "c", tool: "ask_manager", input: .inline(["question": "Which colour?"]))
        let asks = Reply(model: "m", text: .inline(""), calls: [call], stop: .tools)
        try scene.when(.returned(scene.key("draw"), .replied(asks, .none)))
        #expect(!scene.run.waitsOnlyForPeople && scene.run.counts.inHand == 0)
        #expect(try scene.when(.slots(9)).first == "attempt site.resolve-1#1 by boss")
        try scene.when(.returned(scene.key("site.resolve-1"), Self.says(["action": "answer", "words": "blue"])))
        #expect(try scene.when(.slots(9)) == ["owed draw#1.2/1"])
        #expect(scene.run.counts.inHand == 1 && scene.run.records[0].inHand == 1)
    }
}
