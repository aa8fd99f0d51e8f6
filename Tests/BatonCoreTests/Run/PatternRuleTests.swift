import BatonCore
import Testing

/// What the rules do with parts of patterns.
@Suite struct PatternRuleTests {
    private static func plan(_ pattern: TeamPattern, _ change: (inout TaskSpec) -> Void = { _ in }) -> Plan {
        var agent = AgentProfile(id: "f")
        agent.type = "function"
        agent.maxConcurrentTasks = 10
        var whole = TaskSpec(id: "p")
        whole.pattern = pattern
        whole.subtasks = ["a", "b", "c"].map { id in
            var part = TaskSpec(id: TaskID(id))
            part.maxAttempts = 1
            return part
        }
        change(&whole)
        var plan = Plan(id: "x", agents: [agent], tasks: [whole])
        plan.defaults.maxRetryAttempts = 1
        return plan.unfolded
    }

    private static let slots = Command.slots(10)

    private static func failure(_ code: String = "x.y") -> StepResult {
        .failed(Failure(.permanent, code, "no luck", remedy: "none"), .none)
    }

    private func states(_ run: Run) -> [String] { run.tasks.map(\.state.word) }

    @Test func `a step of a sequence runs in spite of the one before it, unless that one is strict`() throws {
        for isStrict in [false, true] {
            var scene = try RunScene(Self.plan(.sequential) { $0.subtasks[0].strict = isStrict })
            try scene.when(Self.slots)
            try scene.when(.returned(scene.key("a"), Self.failure()))
            try scene.when(Self.slots)
            // A strict step ends its sequence, and not the run.
            #expect(scene.run.phase == .running)
            let wanted =
                isStrict ? ["running", "failed", "skipped", "skipped"] : ["waiting", "failed", "running", "waiting"]
            #expect(self.states(scene.run) == wanted)
        }
    }

    @Test func `who leaves a pattern out leaves out its parts that nothing else needs`() throws {
        var plan = Self.plan(.sequential)
        plan.tasks.append(TaskSpec(id: "z", dependencies: ["b"]))
        var scene = try RunScene(plan)
        try scene.when(Self.slots)
        let lines = try scene.when(.skip(scene.task("p"), note: "too dear"), by: .person("eve"))
        #expect(lines == ["p", "c"].map { "end \($0) skipped by person (too dear)" }, "\(lines)")
        #expect(self.states(scene.run) == ["skipped", "running", "waiting", "skipped", "waiting"])
        // Where nothing else needs them, also what is in hand is told to stop.
        var other = try RunScene(Self.plan(.parallel))
        try other.when(Self.slots)
        let stopped = try other.when(.skip(other.task("p"), note: "too dear"), by: .person("eve"))
        #expect(stopped.count == 4 && stopped.dropFirst().allSatisfy { $0.hasPrefix("stop") }, "\(stopped)")
    }

    @Test
    func `a part that is tried again revives the pattern that failed with it, and none that was joined without it`()
        throws
    {
        for isStrict in [true, false] {
            var plan = Self.plan(.parallel) { $0.subtasks[0].strict = isStrict }
            plan.tasks.append(TaskSpec(id: "z"))
            var scene = try RunScene(plan)
            try scene.when(Self.slots)
            try scene.when(.returned(scene.key("a"), Self.failure()))
            for part in ["b", "c"] { try scene.when(.returned(scene.key(TaskID(part)), .done(.inline(1), .none))) }
            try scene.when(Self.slots)
            try scene.when(
                .returned(scene.key("p"), isStrict ? Self.failure(Joining.failureCode) : .done(.inline(1), .none))
            )
            guard isStrict else {
                #expect(throws: Refusal.self) { try scene.when(.retry(scene.task("a")), by: .person("ada")) }
                continue
            }
            try scene.when(.retry(scene.task("a")), by: .person("ada"))
            #expect(scene.state("p") == "waiting" && scene.state("a") == "ready")
        }
    }

    @Test func `a pattern within a sequence runs in spite of the step before it, as any other step`() throws {
        var plan = Plan(id: "x", agents: [AgentProfile(id: "f")], tasks: [TaskSpec(id: "seq"), TaskSpec(id: "two")])
        (plan.agents[0].type, plan.agents[0].maxConcurrentTasks) = ("function", 9)
        plan.defaults.maxRetryAttempts = 1
        plan.tasks[0].pattern = .sequential
        var one = TaskSpec(id: "one")
        one.partOf = "seq"
        (plan.tasks[1].pattern, plan.tasks[1].partOf) = (.parallel, "seq")
        plan.tasks[1].subtasks = [TaskSpec(id: "a"), TaskSpec(id: "b")]
        plan.tasks.insert(one, at: 1)
        var scene = try RunScene(plan.unfolded)
        try scene.when(Self.slots)
        try scene.when(.returned(scene.key("one"), Self.failure()))
        try scene.when(Self.slots)
        #expect(scene.state("a") == "running" && scene.state("b") == "running")
        for part in ["a", "b"] { try scene.when(.returned(scene.key(TaskID(part)), .done(.inline(1), .none))) }
        try scene.when(Self.slots)
        try scene.when(.returned(scene.key("two"), .done(.inline([1, 1]), .none)))
        try scene.when(Self.slots)
        #expect(scene.state("seq") == "running")
    }

    @Test(arguments: [TeamPattern.parallel, .hierarchical, .consensus])
    func `a pattern is joined when all its parts have ended, however they did`(_ pattern: TeamPattern) throws {
        var scene = try RunScene(Self.plan(pattern))
        try scene.when(Self.slots)
        #expect(self.states(scene.run) == ["waiting", "running", "running", "running"])
        try scene.when(.returned(scene.key("a"), Self.failure()))
        try scene.when(.returned(scene.key("b"), .done(.inline(1), .none)))
        try scene.when(.returned(scene.key("c"), .done(.inline(1), .none)))
        try scene.when(Self.slots)
        #expect(self.states(scene.run) == ["running", "failed", "completed", "completed"])
    }

    @Test func `where what a pattern needs falls, the pattern falls with its parts`() throws {
        var plan = Self.plan(.sequential) { $0.dependencies = ["first"] }
        plan.tasks.append(TaskSpec(id: "first"))
        var scene = try RunScene(plan)
        try scene.when(Self.slots)
        try scene.when(.returned(scene.key("first"), Self.failure()))
        #expect(self.states(scene.run) == ["skipped", "skipped", "skipped", "skipped", "failed"])
        #expect(scene.run.phase == .ended(.failed))
    }

    @Test func `a pattern and its parts stay in their places once the run has begun`() throws {
        var scene = try RunScene(Self.plan(.parallel))
        var whole = scene.run.spec(TaskIndex(0))
        whole.dependencies.removeLast()
        #expect(scene.refusal(of: .edit(TaskIndex(0), whole)) == "run.conflict")
        var part = scene.run.spec(TaskIndex(1))
        part.partOf = nil
        #expect(scene.refusal(of: .edit(TaskIndex(1), part)) == "run.conflict")
        part = scene.run.spec(TaskIndex(1))
        part.description = "otherwise"
        try scene.when(.edit(TaskIndex(1), part))
    }

    @Test func `a pattern that is added brings its parts, and whoever joins them, if the run has nobody`() throws {
        var scene = try RunScene(Self.plan(.parallel))
        var more = TaskSpec(id: "q")
        more.pattern = .sequential
        more.subtasks = [TaskSpec(id: "q.1"), TaskSpec(id: "q.2")]
        try scene.when(.add([more]))
        #expect(scene.run.plan.tasks.map(\.id).suffix(3) == ["q", "q.1", "q.2"])
        #expect(scene.run.plan.tasks.last?.dependencies == ["q.1"])
        var stray = TaskSpec(id: "stray")
        stray.partOf = "p"
        #expect(scene.refusal(of: .add([stray])) == "run.conflict")
        var plain = Self.plan(.parallel)
        plain.tasks = [TaskSpec(id: "a")]
        plain.agents.removeLast()
        var other = try RunScene(plain)
        let agents = other.run.plan.agents.count
        try other.when(Self.slots)
        try other.when(.add([more]))
        #expect(other.run.plan.agents.count == agents + 1 && other.run.plan.agents.last?.kind == .conductor)
        try other.when(.returned(other.key("a"), .done))
        try other.when(Self.slots)
        for part in ["q.1", "q.2"] {
            try other.when(.returned(other.key(TaskID(part)), .done))
            try other.when(Self.slots)
        }
        try other.when(.returned(other.key("q"), .done))
        #expect(other.run.phase == .ended(.completed))
        // Somebody whom the run knows nothing of, not even the price.
        var judged = TaskSpec(id: "j", description: "Is it right?")
        judged.agentType = "review"
        var stranger = try RunScene(plain)
        #expect(stranger.refusal(of: .add([judged])) == "run.conflict")
    }
}
