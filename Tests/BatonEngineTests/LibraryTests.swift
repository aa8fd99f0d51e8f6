import BatonEngine
import BatonPlans
import BatonSQLite
import BatonTestKit
import Testing

/// What an embedding program is promised.
@Suite struct LibraryTests {
    @Test func `a function becomes an agent of any type in one call, and tasks of that type go to it`() async throws {
        let coder = FunctionAgent(
            "coder",
            type: "code",
            name: "Coder",
            description: "writes code",
            capabilities: ["swift"],
            priority: 7
        ) { work in "by \(work.agent.id)" }
        let other = FunctionAgent("other") { _ in "by other" }
        #expect(coder.profile.priority == 7)
        #expect(coder.profile.occupation == "writes code")
        var task = TaskSpec(id: "write")
        task.agentType = "code"
        var second = TaskSpec(id: "mend")
        second.agentType = "swift"
        let plan = Plan(id: "p", agents: [other.profile, coder.profile], tasks: [task, second])
        let outcome = try await Engine(agents: [other, coder]).running { try await $0.start(plan).outcome() }
        #expect(outcome.output(of: "write") == "by coder")
        #expect(outcome.output(of: "mend") == "by coder")
    }

    @Test(arguments: ["function"] + AgentProfile.builtInTypes)
    func `a plan file names a function by its identifier and gives it any type of a plan`(type: String) async throws {
        let text = """
            project_id: p
            agents: [{agent_id: other, type: function}, {agent_id: mine, type: \(type), capabilities: [swift]}]
            tasks: [{task_id: write, agent_type: swift}]
            """
        let reading = PlanFile.read(bytes: Array(text.utf8), name: "plan.yml")
        let plan = try #require(reading.plan, "\(reading.diagnostics)")
        let agents = ["other", "mine"].map { name in FunctionAgent(AgentID(name)) { _ in .string("by \(name)") } }
        let outcome = try await Engine(agents: agents).running { try await $0.start(plan).outcome() }
        #expect(outcome.output(of: "write") == "by mine")
    }

    @Test func `a level outside 1 to 10 is refused also in a plan built in code`() async throws {
        for edit in [{ $0.skillLevels = ["adding": 11] }, { $0.preferences = ["adding": 0] }]
            as [(inout AgentProfile) -> Void]
        {
            var agent = FunctionAgent("f") { _ in "done" }
            edit(&agent.profile)
            let plan = Plan(id: "p", agents: [agent.profile], tasks: [TaskSpec(id: "a")])
            let error = await #expect(throws: BatonError.self) {
                try await Engine(agents: [agent]).running { try await $0.start(plan).outcome() }
            }
            #expect(error?.code == .plan)
            #expect(error?.message.contains("agent f") == true)
        }
    }

    @Test func `a task's state can be asked for while it runs`() async throws {
        let begun = Gate()
        let gate = Gate()
        let agent = FunctionAgent("f") { _ in
            begun.open()
            await gate.wait()
            return "done"
        }
        let plan = Plan(
            id: "p",
            agents: [agent.profile],
            tasks: [TaskSpec(id: "a"), TaskSpec(id: "b", dependencies: ["a"])]
        )
        let ended = try await Engine(agents: [agent]).running { engine in
            let run = try await engine.start(plan)
            await begun.wait()
            let live = try await engine.outcome(of: run.id)
            #expect(live.end == nil)
            #expect(live.tasks.map(\.state) == ["running", "waiting"])
            gate.open()
            return try await run.outcome()
        }
        #expect(ended.tasks.map(\.state) == ["completed", "completed"])
    }

    @Test func `one task is one call, and the best of several agents does it`() async throws {
        var expert = FunctionAgent("expert") { work in .integer((work.input.integer ?? 0) + 1) }
        expert.profile.skillLevels = ["adding": 9]
        let novice = FunctionAgent("novice") { _ in "?" }
        var task = TaskSpec(id: "add")
        task.input = 41
        task.requiredSkills = ["adding": 5]
        let outcome = try await Engine.perform(task, by: novice, expert)
        #expect(outcome.state == "completed")
        #expect(outcome.output == 42)
    }

    @Test func `of a task by itself a failure is a value, and what nobody can do is an error`() async throws {
        let broken = FunctionAgent("broken") { _ in
            throw Failure(.permanent, "no.way", "it cannot be done", remedy: "do something else")
        }
        let outcome = try await Engine.perform(TaskSpec(id: "t"), by: broken)
        #expect(outcome.state == "failed")
        #expect(outcome.failure?.code == "no.way")
        #expect(outcome.failure?.kind == .permanent)
        #expect(outcome.failure?.message == "it cannot be done")
        #expect(outcome.failure?.remedy == "do something else")
        var skilled = TaskSpec(id: "t")
        skilled.requiredSkills = ["magic": 9]
        await #expect(throws: BatonError.self) { try await Engine.perform(skilled, by: broken) }
        await #expect(throws: BatonError.self) { try await Engine.perform(TaskSpec(id: "t")) }
        let person = FunctionAgent("p", type: "person") { _ in 1 }
        await #expect(throws: BatonError.self) { try await Engine.perform(TaskSpec(id: "t"), by: person) }
        var away = FunctionAgent("a") { _ in 1 }
        away.profile.available = false
        await #expect(throws: BatonError.self) { try await Engine.perform(TaskSpec(id: "t"), by: away) }
    }

    @Test func `an agent is asked by name, type or capability, in a run of its own that is journaled`() async throws {
        let adder = FunctionAgent("adder", capabilities: ["sum"]) { .integer(($0.input.integer ?? 0) + 1) }
        let poet = FunctionAgent("poet", type: "writer") { work in "of \(work.description)" }
        let agents = [adder, poet]
        let journal = MemoryJournal()
        let engine = Engine(journal: journal, performers: FunctionAgent.table(agents, others: { _ in nil }))
        try await engine.running { engine in
            let team = agents.map(\.profile)
            #expect(try await engine.ask("add", input: 41, of: .agent("adder"), among: team).output == 42)
            #expect(try await engine.ask("add", input: 1, of: .capability("sum"), among: team).output == 2)
            var options = Engine.StartOptions()
            options.id = "of-spring"
            let told = try await engine.ask("spring", of: .type("writer"), among: team, options: options)
            #expect(told.output == "of spring")
            #expect(try await engine.outcome(of: "of-spring").end == .completed)
            var budget = Plan.Budget()
            budget.tokens = 500
            options.id = "short"
            _ = try await engine.ask("summer", of: .agent("poet"), among: team, budget: budget, options: options)
            #expect(try await JournalReader(journal).plan(of: "short").budget.tokens == 500)
            #expect(try await engine.ask("spring", among: [poet.profile]).output == "of spring")
            let error = await #expect(throws: BatonError.self) {
                try await engine.ask("x", of: .agent("addr"), among: team)
            }
            #expect(error?.code.text == "agent.unknown")
            #expect(error?.remedy == "did you mean adder?")
            for nobody in [Engine.Asked.type("x"), .capability("writer")] {
                await #expect(throws: BatonError.self) { try await engine.ask("x", of: nobody, among: team) }
            }
        }
    }

    @Test func `every attempt ends in an outcome with result, failure, usage and time`() async throws {
        let flaky = ScriptedPerformer { work in
            var usage = Usage()
            usage.tokens = Int64(work.attempt)
            guard work.attempt > 1 else {
                return .failed(Failure(.transient, "net.down", "no answer", remedy: "wait"), usage)
            }
            return .done("fine", usage)
        }
        var agent = AgentProfile(id: "f")
        agent.type = "function"
        var task = TaskSpec(id: "a")
        task.retryDelay = .zero
        let plan = Plan(id: "p", agents: [agent], tasks: [task])
        let attempts = try await Engine(performers: { _ in flaky }).running { engine in
            let run = try await engine.start(plan)
            #expect(try await run.outcome().output(of: "a") == "fine")
            await #expect(throws: BatonError.self) { try await engine.attempts(of: "b", in: run.id) }
            return try await engine.attempts(of: "a", in: run.id)
        }
        #expect(attempts.map(\.result) == ["failed", "completed"])
        #expect(attempts.map(\.usage.tokens) == [1, 2])
        #expect(attempts.map(\.agent) == ["f", "f"])
        #expect(attempts[0].failure?.code == "net.down")
        #expect(attempts.allSatisfy { ($0.duration ?? .seconds(-1)) >= .zero })
    }

    @Test func `a run in a data folder is found again by another engine`() async throws {
        let folder = try TemporaryFolder()
        let agent = FunctionAgent("f") { work in "did \(work.task.id)" }
        let plan = Plan(id: "p", agents: [agent.profile], tasks: [TaskSpec(id: "a")])
        var options = Engine.StartOptions()
        options.id = "kept"
        let path = "\(folder.path)/data"
        _ = try await Engine(dataFolder: path, agents: [agent]).running { [options] engine in
            try await engine.start(plan, options: options).outcome()
        }
        let again = try await Engine(dataFolder: path, agents: [agent]).running { engine in
            let early = try await engine.outcome(of: "kept")
            #expect(early.end == .completed)
            return try await engine.resume("kept").outcome()
        }
        #expect(again.output(of: "a") == "did a")
    }

    @Test func `a data folder is held by one engine, and free when that has ended`() async throws {
        let folder = try TemporaryFolder()
        let first = try Engine(dataFolder: "\(folder.path)/data")
        let error = #expect(throws: BatonError.self) { try Engine(dataFolder: "\(folder.path)/data") }
        #expect(error?.code == .busy)
        try await first.running { _ in }
    }

    @Test func `an engine runs once, and says so the second time`() async throws {
        let engine = Engine()
        try await engine.running { _ in }
        let error = await #expect(throws: BatonError.self) { try await engine.running { _ in } }
        #expect(error?.code == .stopped)
    }

    @Test func `callbacks hear of progress, and lines that an agent says reach whoever listens`() async throws {
        let agent = FunctionAgent("f") { work in
            work.say("half way")
            return "done"
        }
        let lines = Lines()
        let plan = Plan(id: "p", agents: [agent.profile], tasks: [TaskSpec(id: "a"), TaskSpec(id: "b")])
        let engine = Engine(
            journal: MemoryJournal(),
            live: { _, task, _ in LiveSink { line in lines.append("\(task): \(line)") } },
            performers: FunctionAgent.table([agent], others: { _ in nil })
        )
        let percents = Lines()
        _ = try await engine.running { engine in
            let run = try await engine.start(plan)
            try await run.onProgress { percents.append("\($0.percentage)") }
            return try await run.outcome()
        }
        #expect(percents.all.last == "100.0")
        #expect(lines.all.sorted() == ["a: half way", "b: half way"])
    }
}
