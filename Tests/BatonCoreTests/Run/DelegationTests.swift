import Testing

@testable import BatonCore

/// Work that agents hand to others: a task of the run, with whoever asked for it waiting and in nobody's way.
@Suite struct DelegationTests {
    private static func agent(_ id: AgentID, _ tools: [String] = ["delegate", "read_file"]) -> AgentProfile {
        var agent = AgentProfile(id: id)
        (agent.model, agent.tools) = ("ollama/m", tools)
        return agent
    }

    /// Ada has task a, and is at its first question.
    static func scene(_ change: (inout Plan) -> Void = { _ in }) throws -> RunScene {
        var plan = Plan(
            id: "p",
            agents: [Self.agent("ada"), Self.agent("bob"), Self.agent("cyd")],
            tasks: [TaskSpec(id: "a")]
        )
        plan.tasks[0].assignedAgent = "ada"
        change(&plan)
        var scene = try RunScene(plan)
        try scene.when(.slots(9))
        return scene
    }

    static func hands(_ inputs: JSON...) -> StepResult {
        let calls = inputs.enumerated().map { ToolCall(id: "c\($0)", tool: "delegate", input: .inline($1)) }
        return .replied(Reply(model: "ollama/m", text: .inline(""), calls: calls, stop: .tools), .none)
    }

    static func says(_ text: String) -> StepResult {
        .replied(Reply(model: "ollama/m", text: .inline(.string(text)), stop: .end), .none)
    }

    private func results(_ scene: RunScene, _ task: TaskID) -> [Conversation.ToolResult] {
        guard case .running(let attempt)? = scene.run.record(scene.task(task))?.state,
            case .conversation(let talk) = attempt.pattern
        else { return [] }
        return talk.turns.last?.results ?? []
    }

    private func refusal(_ scene: inout RunScene, _ input: JSON) throws -> String {
        try scene.when(.returned(scene.key("a"), Self.hands(input)))
        for fact in scene.facts.reversed() {
            guard case .delegated(let delegation) = fact.event else { continue }
            if case .refused(let words) = delegation.verdict { return words }
        }
        return "granted"
    }

    @Test func `several calls become tasks side by side, and whoever made them hears all, in their order`() throws {
        var scene = try Self.scene()
        let calls = Self.hands(["agent": "bob", "task": "look"], ["agent": "cyd", "task": "write", "input": ["n": 1]])
        let lines = try scene.when(.returned(scene.key("a"), calls))
        #expect(lines == ["returned a#1.1/1 said ", "a hands on a.1 to bob", "a hands on a.2 to cyd"])
        #expect(scene.run.counts.inHand == 0 && scene.run.records[0].inHand == 0)
        #expect(
            try scene.when(.slots(9)).filter { $0.hasPrefix("attempt") } == [
                "attempt a.1#1 by bob", "attempt a.2#1 by cyd",
            ]
        )
        #expect(scene.run.spec(scene.task("a.2")).input == ["n": 1])
        try scene.when(.returned(scene.key("a.2"), Self.says("a text")))
        #expect(try scene.when(.slots(9)).isEmpty)
        try scene.when(.returned(scene.key("a.1"), .failed(MindFailure.refused(by: "m"), .none)))
        #expect(try scene.when(.slots(9)) == ["owed a#1.2/1"])
        let heard = self.results(scene, "a")
        #expect(heard.map(\.isError) == [true, false])
        #expect(heard[0].content.shown.contains("Task a.1 failed") && heard[1].content == .inline("a text"))
        try scene.when(.returned(scene.key("a"), Self.says("both")))
        // What was handed on is the matter of whoever handed it on.
        #expect(scene.end == .completed)
    }

    @Test func `with one slot and one agent at a time nobody waits for himself`() throws {
        var scene = try Self.scene { plan in
            plan.defaults.maxConcurrentTasks = 1
            plan.tasks.append(TaskSpec(id: "z"))
            plan.tasks[1].assignedAgent = "ada"
        }
        try scene.when(.returned(scene.key("a"), Self.hands(["role": "a helper", "task": "look"])))
        #expect(try scene.when(.slots(1)).first == "attempt z#1 by ada")
        try scene.when(.returned(scene.key("z"), Self.says("done")))
        #expect(try scene.when(.slots(1)).first == "attempt a.1#1 by a.1")
        try scene.when(.returned(scene.key("a.1"), Self.says("seen")))
        #expect(try scene.when(.slots(1)) == ["owed a#1.2/1"])
        #expect(scene.run.counts.inHand == 1 && scene.run.records[0].inHand == 1)
    }

    @Test func `an agent that is made has the model and some of the tools of its maker, and is nobody else's`() throws {
        var scene = try Self.scene { $0.agents[0].approvedTools = ["run_command"] }
        let call: JSON = [
            "role": "a careful reader", "instructions": "Read twice.", "task": "read", "tools": ["read_file"],
            "timeout_seconds": 300, "budget_usd": 0.05,
        ]
        try scene.when(.returned(scene.key("a"), Self.hands(call)))
        let made = try #require(scene.run.plan.agents.last)
        #expect(made.madeBy == "ada" && made.name == "a careful reader" && made.instructions == "Read twice.")
        #expect(made.model == "ollama/m" && made.tools == ["read_file"])
        let spec = scene.run.spec(scene.task("a.1"))
        #expect(spec.timeout == .seconds(300) && spec.budget.money == Money(microUSD: 50_000))
        try scene.when(.add([TaskSpec(id: "more")]), by: .person("p"))
        #expect(try scene.when(.slots(9)).contains("attempt more#1 by ada"))
        var greedy = try Self.scene()
        let words = try self.refusal(&greedy, ["role": "x", "task": "y", "tools": ["read_file", "run_command"]])
        #expect(words == "ada may not be given run_command: the tools to choose from are delegate, read_file")
        #expect(greedy.run.plan.agents.count == 3)
    }

    @Test func `nobody hands work to himself, nor back to who waits for it`() throws {
        var scene = try Self.scene()
        #expect(
            try self.refusal(&scene, ["agent": "ada", "task": "look"]).hasPrefix("Agent ada cannot hand work to itself")
        )
        try scene.when(.returned(scene.key("a"), Self.hands(["agent": "bob", "task": "look"])))
        try scene.when(.slots(9))
        let lines = try scene.when(.returned(scene.key("a.1"), Self.hands(["agent": "ada", "task": "look"])))
        #expect(
            lines[1]
                == "a.1 may not hand on: Agent ada waits for this task itself: handing work back would go round in circles "
                + "(ada → bob → ada). Answer with what you have."
        )
        #expect(lines.last == "owed a.1#1.2/1")
    }

    @Test(
        arguments: [
            (
                ["agent": "code", "task": "look"],
                "Agent code not registered. There are bob, writing, cyd. It is a built-in type, and this plan names no agent of it."
            ),
            (
                ["capability": "code", "task": "look"],
                "Agent code not registered. There are bob, writing, cyd. It is a built-in type, and this plan names no agent of it."
            ),
            (["task": "look"], "name one of agent, capability and role, to say who is to do it"),
            (
                ["agent": "bob", "role": "x", "task": "look"],
                "name one of agent, capability and role, to say who is to do it"
            ),
            (["agent": "bob", "task": " "], "task says nothing"),
            (["capability": "writing", "task": "look"], "writing wants query in input"),
            (
                ["agent": "bob", "task": "look", "tools": ["browser_open"]],
                "bob may not be given browser_open: the tools to choose from are delegate, read_file"
            ),
        ] as [(JSON, String)]
    )
    func `what cannot be handed on is refused with the reason`(input: JSON, words: String) throws {
        var scene = try Self.scene { plan in
            var writing = Capability("writing")
            writing.inputTypes = ["query", "limit?"]
            plan.agents[1].capabilities = [writing]
        }
        let said = try self.refusal(&scene, input)
        #expect(said == words)
        #expect(scene.run.tasks.count == 1)
        #expect(self.results(scene, "a").map(\.isError) == [true])
        #expect(scene.state("a") == "running" && scene.run.owed.count == 1)
    }

    @Test func `a capability finds who is free, then the best price and time, measured before declared`() throws {
        func able(_ seconds: Int, _ cents: Int64) -> Capability {
            var ability = Capability("research")
            (ability.estimatedTime, ability.costEstimate) = (.seconds(seconds), Money(microUSD: cents * 10_000))
            return ability
        }
        var scene = try Self.scene { plan in
            plan.agents[1].capabilities = [able(10, 4)]
            plan.agents[2].capabilities = [able(10, 2)]
        }
        try scene.when(
            .returned(
                scene.key("a"),
                Self.hands(["capability": "research", "task": "one"], ["capability": "research", "task": "two"])
            )
        )
        let weighed = scene.facts.compactMap { fact -> [AgentIndex]? in
            guard case .delegated(let delegation) = fact.event, case .granted(_, _, let all) = delegation.verdict else {
                return nil
            }
            return all.map(\.agent)
        }
        // Whoever has the first piece is busy with it by then.
        #expect(weighed == [[AgentIndex(2), AgentIndex(1)], [AgentIndex(1), AgentIndex(2)]])
        #expect(scene.run.spec(scene.task("a.1")).agentType == "research")
        let busy = Delegation.Candidate(agent: AgentIndex(0), cost: .zero, time: .zero, isMeasured: true, isBusy: true)
        let free = Delegation.Candidate(agent: AgentIndex(1), cost: nil, time: nil, isMeasured: false, isBusy: false)
        #expect(Run.ranked([busy, free], scene.run.plan.agents).map(\.agent) == [AgentIndex(1), AgentIndex(0)])
        // Whoever has only failed so far comes last, however quick that was.
        let failing = Run.ranked([busy, free], scene.run.plan.agents, failing: [AgentIndex(1)])
        #expect(failing.map(\.agent) == [AgentIndex(0), AgentIndex(1)])
    }

    @Test func `failing is no price and no speed, and what a program costs is what it declares`() throws {
        var ability = Capability("research")
        (ability.estimatedTime, ability.costEstimate) = (.seconds(10), Money(microUSD: 20_000))
        var quick = AgentProfile(id: "quick")
        (quick.command, quick.capabilities) = (["false"], [ability])
        var sound = AgentProfile(id: "sound")
        (sound.command, sound.capabilities, sound.maxConcurrentTasks) = (["true"], [ability], 2)
        var first = TaskSpec(id: "f")
        (first.assignedAgent, first.maxAttempts) = ("quick", 1)
        var second = TaskSpec(id: "s")
        second.assignedAgent = "sound"
        var scene = try RunScene(Plan(id: "p", agents: [quick, sound], tasks: [first, second]))
        try scene.when(.slots(9))
        scene.pass(.seconds(1))
        try scene.when(.returned(scene.key("f"), .failed(Failure(.permanent, "x", "no", remedy: "y"), .none)))
        try scene.when(.returned(scene.key("s"), .done(.inline(1), .none)))
        let offers = scene.run.offers(of: "research")
        #expect(offers.map(\.agent) == [AgentIndex(1), AgentIndex(0)])
        #expect(offers.map(\.cost) == [Money(microUSD: 20_000), Money(microUSD: 20_000)])
        #expect(offers.map(\.isMeasured) == [true, false] && offers[0].time == .seconds(1))
    }

    @Test func `limits of number and depth are named`() throws {
        var scene = try Self.scene { ($0.budget.fanOut, $0.budget.depth) = (2, 1) }
        let call: JSON = ["role": "x", "task": "y"]
        let lines = try scene.when(
            .returned(scene.key("a"), Self.hands(call.adding("input", 1), call.adding("input", 2), call))
        )
        #expect(lines[3].hasPrefix("a may not hand on: limit.spawned: "))
        try scene.when(.slots(9))
        let deeper = try scene.when(.returned(scene.key("a.1"), Self.hands(call)))
        #expect(deeper[1].contains("limit.spawned") || deeper[1].contains("limit.depth"))
    }

    @Test func `what was handed on draws on the budget of who handed it on`() throws {
        let prices: JSON = ["ollama/m": [1_000_000, 1_000_000, 0, 0]]
        var plan = Plan(id: "p", agents: [Self.agent("ada"), Self.agent("bob")], tasks: [TaskSpec(id: "a")])
        plan.tasks[0].assignedAgent = "ada"
        plan.tasks[0].budget.calls = 2
        plan.tasks[0].budget.atLimit = .stop
        var scene = try RunScene(plan, prices: #require(PriceTable(stored: prices)))
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("a"), Self.hands(["agent": "bob", "task": "look"])))
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("a.1"), Self.says("seen")))
        #expect(try scene.when(.slots(9)).contains("end a failed budget.spent"))
        #expect(scene.run.account(of: .task(TaskIndex(0))).spent.calls == 2)
    }

    @Test func `whoever is left out takes with him what he has handed on`() throws {
        var scene = try Self.scene()
        try scene.when(
            .returned(scene.key("a"), Self.hands(["agent": "bob", "task": "look"], ["agent": "bob", "task": "see"]))
        )
        try scene.when(.slots(9))
        let lines = try scene.when(.skip(scene.task("a"), note: "enough"), by: .person("p"))
        #expect(lines == ["end a skipped by person (enough)", "stop a.1#1.1/1 skipped", "end a.2 skipped for a"])
        try scene.when(.returned(scene.key("a.1"), .stopped(.none)))
        #expect(scene.state("a.1") == "skipped" && scene.end == .completed)
    }

    @Test func `a failed piece is not tried again behind the back of who went on without it`() throws {
        var scene = try Self.scene()
        try scene.when(.returned(scene.key("a"), Self.hands(["agent": "bob", "task": "look"])))
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("a.1"), .failed(MindFailure.refused(by: "m"), .none)))
        try scene.when(.slots(9))
        #expect(scene.state("a.1") == "failed")
        #expect(scene.refusal(of: .retry(scene.task("a.1")), by: .person("p")) == "run.state")
    }

    @Test func `a person who is asked answers for the agent that waits`() throws {
        var scene = try Self.scene { plan in
            plan.agents[1].type = "person"
            plan.agents[1].model = nil
        }
        try scene.when(.returned(scene.key("a"), Self.hands(["agent": "bob", "task": "Which colour?"])))
        #expect(try scene.when(.slots(9)).last == "asked q1 work a.1")
        #expect(scene.run.waitsOnlyForPeople)
        try scene.when(.answer(QuestionID(1), Answer(.done, content: .inline("blue"))), by: .person("p"))
        try scene.when(.slots(9))
        #expect(
            self.results(scene, "a") == [
                Conversation.ToolResult(
                    content: .inline("blue"),
                    isError: false,
                    source: Provenance(of: scene.run.plan.agents[1])
                )
            ]
        )
    }

    @Test func `a take-over in the middle asks nothing again`() throws {
        var scene = try Self.scene()
        try scene.when(.returned(scene.key("a"), Self.hands(["agent": "bob", "task": "look"])))
        try scene.when(.slots(9))
        try scene.when(.recovered(engine: "later"))
        #expect(scene.run.owed.keys.map(\.task) == [scene.task("a.1")])
        try scene.when(.returned(scene.key("a.1"), Self.says("seen")))
        #expect(try scene.when(.slots(9)) == ["owed a#1.2/1"])
    }

    @Test func `what an agent says of a piece names no outputs, whatever stands in it`() throws {
        var scene = try Self.scene { $0.tasks.append(TaskSpec(id: "z")) }
        let call: JSON = ["agent": "bob", "task": "see {{tasks.z.output}}", "input": ["of": "{{tasks.a.output}}"]]
        try scene.when(.returned(scene.key("a"), Self.hands(call)))
        let spec = scene.run.spec(scene.task("a.1"))
        #expect(spec.references.isEmpty && scene.run.graph.dependencies[scene.task("a.1")].isEmpty)
        #expect(Template(.string(spec.description)).expanded { _ in nil } == "see {{tasks.z.output}}")
        #expect(Template(spec.input).expanded { _ in nil } == ["of": "{{tasks.a.output}}"])
    }

    @Test func `an agent that was made draws on its maker's budget whatever it does`() throws {
        var scene = try Self.scene { plan in
            plan.agents[0].budget.calls = 5
            var cook = TaskSpec(id: "cook")
            cook.requiredSkills = ["cooking": 9]
            plan.tasks.append(cook)
            plan.staffing = .strict
        }
        try scene.when(.returned(scene.key("a"), Self.hands(["role": "x", "task": "y"])))
        let made = AgentIndex(scene.run.plan.agents.count - 1)
        let question = try #require(scene.run.openQuestions.first)
        try scene.when(.answer(question.id, Answer(.assign(made))), by: .person("p"))
        #expect(scene.run.scopes(of: scene.task("cook"), made).contains(.agent(AgentIndex(0))))
    }

    @Test func `prices and times without end are weighed without a fall`() {
        let most = Money(microUSD: .max)
        let all = (0..<4).map { place in
            Delegation.Candidate(
                agent: AgentIndex(place),
                cost: place == 0 ? most : Money(microUSD: -9_000_000_000_000_000),
                time: .microseconds(place == 0 ? .max : 1),
                isMeasured: true,
                isBusy: false
            )
        }
        let agents = (0..<4).map { AgentProfile(id: AgentID("a\($0)")) }
        #expect(Run.ranked(all, agents).count == 4)
    }
}
