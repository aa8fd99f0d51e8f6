import Testing

@testable import BatonCore

/// Tasks that are done only when it is proved.
@Suite struct ProofTests {
    private static func scene(_ checks: [DoneCheck], _ change: (inout Plan) -> Void = { _ in }) throws -> RunScene {
        var agents = ["ann", "bob", "eve"].map { AgentProfile(id: AgentID($0)) }
        agents[1].capabilities = ["critic"]
        agents[2].type = "person"
        for offset in 0...1 { (agents[offset].model, agents[offset].budget.calls) = ("ollama/m", 50) }
        var task = TaskSpec(id: "a", description: "Write it.")
        task.assignedAgent = "ann"
        task.doneWhen = checks
        var plan = Plan(id: "p", agents: agents, tasks: [task, TaskSpec(id: "b", dependencies: ["a"])])
        plan.tasks[1].assignedAgent = "ann"
        plan.defaults.maxRetryAttempts = 2
        change(&plan)
        var scene = try RunScene(plan)
        try scene.when(.slots(9))
        return scene
    }

    private static func says(_ words: JSON) -> StepResult {
        .replied(Reply(model: "m", text: .inline(words), output: .inline(words), stop: .end), .none)
    }

    private static let passes = StepResult.done(.inline(["passed": true]), .none)
    private static let exits = StepResult.done(.inline(["passed": false, "reason": "it ended with 1"]), .none)

    @Test func `what an attempt brings is a claim until its checks have passed, one after the other`() throws {
        var scene = try Self.scene([.file("out.md"), .command(["swift", "test"])])
        let lines = try scene.when(.returned(scene.key("a"), Self.says("done")))
        #expect(lines.last == "added a.check-1")
        #expect(scene.state("a") == "running" && scene.run.counts.inHand == 0)
        #expect(try scene.when(.slots(9)) == ["attempt a.check-1#1 by a.check-1", "owed a.check-1#1.1/1"])
        let check = scene.task("a.check-1")
        #expect(scene.run.claimed(by: check)?.output == .inline("done"))
        try scene.when(.returned(scene.key("a.check-1"), Self.passes))
        #expect(try scene.when(.slots(9)).prefix(2) == ["added a.check-2", "attempt a.check-2#1 by a.check-2"])
        let agents = scene.run.plan.agents.suffix(2)
        #expect(agents.map(\.command) == [["test", "-e", "out.md"], ["swift", "test"]])
        #expect(agents.allSatisfy { $0.madeBy == "ann" && $0.repeatable })
        try scene.when(.returned(scene.key("a.check-2"), Self.passes))
        #expect(try scene.when(.slots(9)).prefix(2) == ["end a completed", "attempt b#1 by ann"])
        #expect(scene.run.output(of: scene.task("a")) == .inline("done"))
    }

    @Test func `a claim that is not proved is another attempt's matter, which is told why`() throws {
        var scene = try Self.scene([.command(["make"]), .signature()])
        try scene.when(.returned(scene.key("a"), Self.says("done")))
        try scene.when(.slots(9))
        let lines = try scene.when(.returned(scene.key("a.check-1"), Self.exits))
        // No person is asked about what the machine has refuted.
        #expect(lines.last == "end a.check-1 completed" && scene.run.tasks.count == 3)
        #expect(try scene.when(.slots(9)) == ["steered 1", "rest a task.unproved"])
        let told = scene.run.directives[0]
        #expect(told.sender == .check && told.audience == .task(scene.task("a")))
        #expect(told.text.inlined?.string == "not proved that `make` succeeds: it ended with 1")
        scene.pass(.seconds(5))
        try scene.when(.tick)
        #expect(try scene.when(.slots(9)).first == "attempt a#2 by ann")
        try scene.when(.returned(scene.key("a"), Self.says("better")))
        try scene.when(.slots(9))
        #expect(scene.state("a.check-2") == "running")
        try scene.when(.returned(scene.key("a.check-2"), Self.exits))
        #expect(try scene.when(.slots(9)).suffix(3).contains("end a failed task.unproved"))
        #expect(scene.end == .failed)
    }

    @Test func `another agent reviews, whatever it is asked for by, and its findings reach the next attempt`() throws {
        var scene = try Self.scene([.review(by: "critic", instructions: "Is it short?")]) { plan in
            plan.agents[0].capabilities = ["critic"]
        }
        try scene.when(.returned(scene.key("a"), Self.says("long")))
        #expect(try scene.when(.slots(9)).first == "attempt a.check-1#1 by bob")
        #expect(scene.run.spec(scene.task("a.check-1")).description.contains("Is it short?"))
        let no: JSON = ["approved": false, "findings": ["it is long", "it is wrong"]]
        #expect(try scene.when(.returned(scene.key("a.check-1"), Self.says(no))).last == "end a.check-1 completed")
        try scene.when(.slots(9))
        #expect(scene.run.directives.map(\.sender) == [.reviewer("bob")])
        let words = scene.run.directives[0].labelled(scene.run.directives[0].text.shown)
        #expect(
            words
                == "From the agent bob, which looked at what the attempt before this one brought:\nnot proved that critic approves: it is long; it is wrong"
        )
        scene.pass(.seconds(5))
        try scene.when(.tick)
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("a"), Self.says("short")))
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("a.check-2"), Self.says(["approved": true, "findings": []])))
        #expect(try scene.when(.slots(9)).first == "end a completed")
    }

    @Test func `nobody reviews what is its own, and where nobody else is there the task fails with that`() throws {
        var scene = try Self.scene([.review(by: "critic")]) { $0.tasks[0].assignedAgent = "bob" }
        let lines = try scene.when(.returned(scene.key("a"), Self.says("done")))
        #expect(lines.dropFirst().first == "end a failed task.unproved")
        guard case .ended(.failed(let failure))? = scene.run.record(scene.task("a"))?.state else {
            Issue.record("it failed")
            return
        }
        #expect(failure.message == "task a claims to be done: nobody but who has done it is there as critic")
    }

    @Test func `a person signs, or says what is missing`() throws {
        var scene = try Self.scene([.signature(of: "eve")])
        try scene.when(.returned(scene.key("a"), Self.says("done")))
        #expect(try scene.when(.slots(9)).last == "asked q1 work a.check-1")
        let question = try #require(scene.run.openQuestions.first)
        #expect(question.text.hasPrefix("Is task a done?") && question.options == ["yes", "no: WHAT IS MISSING"])
        var other = scene
        try scene.when(.answer(question.id, Answer(.done, content: .inline("ok"))), by: .person("eve"))
        #expect(try scene.when(.slots(9)).first == "end a completed")
        try other.when(.answer(question.id, Answer(.fail, note: "no date")), by: .person("eve"))
        try other.when(.slots(9))
        let told = try #require(other.run.directives.first)
        #expect(told.sender == .signer && told.text.shown == "not proved that eve signs: no date")
        #expect(told.labelled(told.text.shown).hasPrefix("From a person who looked at what the attempt before"))
        #expect(other.state("a") == "resting")
        // Who says no has done what was asked.
        let record = try #require(other.run.records.indices.contains(2) ? other.run.records[2] : nil)
        #expect(record.attempts == 1 && record.successes == 1)
    }

    @Test func `whoever did a part of a whole does not review it`() throws {
        var scene = try Self.scene([]) { plan in
            plan.agents[0].capabilities = ["critic"]
            plan.agents[1].capabilities = ["critic"]
            var whole = TaskSpec(id: "w")
            (whole.pattern, whole.doneWhen) = (.parallel, [.review(by: "critic")])
            whole.subtasks = ["p", "q"].map { TaskSpec(id: $0) }
            whole.subtasks[0].assignedAgent = "ann"
            whole.subtasks[1].assignedAgent = "eve"
            plan.tasks = [whole]
            plan = plan.unfolded
        }
        try scene.when(.returned(scene.key("p"), Self.says("done")))
        let asked = try #require(scene.run.openQuestions.first?.id)
        try scene.when(.answer(asked, Answer(.done, content: .inline("done"))), by: .person("eve"))
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("w"), .done(.inline([]), .none)))
        #expect(try scene.when(.slots(9)).first == "attempt w.check-1#1 by bob")
    }

    @Test(
        arguments: [
            (["approved": false], .fail), (["signed": false, "why": "broken"], .fail), (["approved": true], .done),
            ([:], nil), (["answer": "no"], nil),
        ] as [(JSON, Answer.Choice?)]
    )
    func `a value signs by the yes or no in it`(value: JSON, choice: Answer.Choice?) throws {
        var scene = try Self.scene([.signature(of: "eve")])
        try scene.when(.returned(scene.key("a"), Self.says("done")))
        try scene.when(.slots(9))
        let id = try #require(scene.run.openQuestions.first?.id)
        #expect((try? scene.run.answer(.words("\(value)", .inline(value)), to: id))?.choice == choice)
        #expect((try? scene.run.answer(.done(.inline(value)), to: id))?.choice == choice)
        #expect(try scene.run.answer(.done(.inline(.null)), to: id).choice == .done)
        #expect(try scene.run.answer(.done(.inline("no")), to: id).choice == .fail)
    }

    @Test(arguments: ["yes and no", "Yes? No!", "yes, but the tests fail", "YES I do not sign"])
    func `a yes with a doubt behind it signs nothing`(words: String) throws {
        var scene = try Self.scene([.signature(of: "eve")])
        try scene.when(.returned(scene.key("a"), Self.says("done")))
        try scene.when(.slots(9))
        let id = try #require(scene.run.openQuestions.first?.id)
        #expect(throws: Refusal.self) { try scene.run.answer(.words(words, .inline(.string(words))), to: id) }
        #expect(try scene.run.answer(.words("yes, looks good", .inline("yes")), to: id).choice == .done)
    }

    @Test func `who leaves a check out takes the claim as it is`() throws {
        var scene = try Self.scene([.file("x"), .command(["make"])])
        try scene.when(.returned(scene.key("a"), Self.says("done")))
        try scene.when(.skip(scene.task("a.check-1"), note: "it is elsewhere"), by: .person("p"))
        #expect(try scene.when(.slots(9)).prefix(2) == ["added a.check-2", "attempt a.check-2#1 by a.check-2"])
        try scene.when(.returned(scene.key("a.check-2"), Self.passes))
        #expect(try scene.when(.slots(9)).first == "end a completed")
    }

    @Test func `a schema is held against the output by the engine itself`() throws {
        var scene = try Self.scene([.schema(["type": "string"])])
        try scene.when(.returned(scene.key("a"), Self.says("done")))
        #expect(scene.run.plan.agents.last?.kind == .conductor)
        #expect(try scene.when(.slots(9)).first == "attempt a.check-1#1 by baton")
    }

    @Test func `what a person has done is proved as well`() throws {
        var scene = try Self.scene([.command(["make"])]) { $0.tasks[0].assignedAgent = "eve" }
        let question = try #require(scene.run.openQuestions.first)
        let lines = try scene.when(.answer(question.id, Answer(.done, content: .inline("mine"))), by: .person("eve"))
        #expect(lines == ["answered q1 done", "added a.check-1"])
        #expect(scene.run.counts.withPeople == 0 && scene.run.counts.inHand == 0)
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("a.check-1"), Self.passes))
        #expect(try scene.when(.slots(9)).first == "end a completed")
        #expect(scene.run.output(of: scene.task("a")) == .inline("mine"))
    }

    @Test func `a check is given up with the task that it proves`() throws {
        var scene = try Self.scene([.command(["make"]), .command(["true"])])
        try scene.when(.returned(scene.key("a"), Self.says("done")))
        try scene.when(.slots(9))
        let lines = try scene.when(.skip(scene.task("a"), note: "later"), by: .person("p"))
        #expect(lines.prefix(2) == ["end a skipped by person (later)", "stop a.check-1#1.1/1 skipped"])
        try scene.when(.returned(scene.key("a.check-1"), .stopped(.none)))
        #expect(scene.state("a.check-1") == "skipped")
    }

    @Test func `checks that a journal adds to a task that claims nothing are damage`() throws {
        var scene = try Self.scene([.command(["make"])])
        var spec = TaskSpec(id: "a.check-1")
        (spec.delegatedBy, spec.proves) = ("a", .command(["make"]))
        scene.append(
            Recorded(
                position: scene.run.head.next,
                at: scene.now,
                by: .engine,
                event: .tasksAdded([spec], made: [AgentProfile(id: "a.check-1")])
            )
        )
        #expect(scene.run.damage != nil && scene.run.tasks.count == 2 && scene.run.plan.agents.count == 3)
    }

    @Test func `nothing comes before a check, nor is one changed: who waits for it might wait for ever`() throws {
        var scene = try Self.scene([.command(["make"])])
        try scene.when(.returned(scene.key("a"), Self.says("done")))
        var other = TaskSpec(id: "c", dependencies: ["a"])
        other.followUps = ["a.check-1"]
        #expect(scene.refusal(of: .add([other]), by: .person("p")) == "run.conflict")
        var spec = scene.run.spec(scene.task("a.check-1"))
        spec.dependencies = ["b"]
        #expect(scene.refusal(of: .edit(scene.task("a.check-1"), spec), by: .person("p")) == "run.conflict")
        var plan = scene.run.plan
        plan.tasks.append(other)
        let seed = RunSeed(run: RunID("f"), plan: plan, stored: .zero, seed: 1, mode: .real, engine: "f")
        let fork = Command.fork(seed, retrying: [], isCarried: true)
        #expect(scene.refusal(of: fork, by: .person("p")) == "run.conflict")
    }

    @Test func `what a reviewer is to look for names no outputs, and tasks that failed before hold up no check`() throws
    {
        var scene = try Self.scene([.review(by: "critic", instructions: "See {{tasks.b.output}}.")]) { plan in
            plan.tasks.append(TaskSpec(id: "z"))
            plan.tasks[2].assignedAgent = "bob"
            plan.tasks[0].dependencies = ["z"]
            plan.tasks[0].onDependencyFailure = .run
            plan.tasks[0].description = "Write of {{tasks.z.output}}."
        }
        try scene.when(.returned(scene.key("z"), .failed(MindFailure.refused(by: "m"), .none)))
        try scene.when(.slots(9))
        let lines = try scene.when(.returned(scene.key("a"), Self.says("done")))
        #expect(lines.last == "added a.check-1")
        let needed = scene.run.graph.dependencies[scene.task("a.check-1")].map { scene.run.spec(TaskIndex(Int($0))).id }
        #expect(needed == ["z"])
        #expect(try scene.when(.slots(9)).first == "attempt a.check-1#1 by bob")
    }

    @Test func `nobody who was at a meeting reviews what came of it`() throws {
        var scene = try Self.scene([.review(by: "critic")]) { plan in
            plan.tasks[0].isMeeting = true
            plan.tasks[0].attendees = ["ann", "bob"]
            plan.agents.append(AgentProfile(id: "cyd"))
            plan.agents[3].capabilities = ["critic"]
            plan.agents[3].model = "ollama/m"
        }
        try scene.when(.returned(scene.key("a"), Self.says("done")))
        #expect(scene.run.spec(scene.task("a.check-1")).assignedAgent == "cyd")
    }

    @Test func `findings may have a form of their own, and are told in words`() throws {
        var scene = try Self.scene([.review(by: "critic")])
        try scene.when(.returned(scene.key("a"), Self.says("code")))
        try scene.when(.slots(9))
        let found: JSON = ["file": "a.swift", "line": 3, "severity": "major", "message": "it never ends"]
        let no: JSON = ["approved": false, "findings": [found, ["odd": 1], "and is long"]]
        #expect(OutputForm.failure(of: no, for: "a.check-1", by: Proving.reviewForm) == nil)
        try scene.when(.returned(scene.key("a.check-1"), Self.says(no)))
        try scene.when(.slots(9))
        #expect(
            scene.run.directives.last?.text.shown
                == #"not proved that critic approves: a.swift:3: major: it never ends; {"odd":1}; and is long"#
        )
    }

    @Test func `what a reviewer brings in no form is not told as its word`() throws {
        var scene = try Self.scene([.review(by: "critic")])
        try scene.when(.returned(scene.key("a"), Self.says("a poem")))
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("a.check-1"), .failed(MindFailure.refused(by: "m"), .none)))
        try scene.when(.slots(9))
        #expect(scene.run.directives.last?.sender == .check)
    }

    @Test func `an agent whose output is held against a schema is told that as its form`() {
        var task = TaskSpec(id: "a")
        (task.doneWhen, task.assignedAgent) = ([.schema(["type": "object"])], "ann")
        var agent = AgentProfile(id: "ann")
        #expect(task.form(by: agent) == ["type": "object"])
        agent.produces = ["type": "string"]
        #expect(task.form(by: agent) == ["type": "string"])
    }

    @Test func `a check that says nothing proves nothing`() throws {
        for output in [JSON.null, "ok", ["passed": "yes"]] {
            var scene = try Self.scene([.command(["make"])])
            try scene.when(.returned(scene.key("a"), Self.says("done")))
            try scene.when(.slots(9))
            try scene.when(.returned(scene.key("a.check-1"), .done(.inline(output), .none)))
            #expect(try scene.when(.slots(9)).last == "rest a task.unproved")
        }
        let far = Content.stored(.zero, bytes: 5000)
        #expect(Proving.refutation(in: far, of: .command(["make"]), isReal: true) == "")
        #expect(Proving.refutation(in: far, of: .review(by: "x"), isReal: true) == "")
    }

    @Test func `what could not be checked at all is not done again`() throws {
        var scene = try Self.scene([.command(["nothing"])])
        try scene.when(.returned(scene.key("a"), Self.says("done")))
        try scene.when(.slots(9))
        let missing = Failure(.permanent, "exec.not_found", "there is no program nothing", remedy: "install it")
        try scene.when(.returned(scene.key("a.check-1"), .failed(missing, .none)))
        #expect(try scene.when(.slots(9)).contains("end a failed task.unproved"))
    }

    @Test func `keys that only Baton sets are refused from people`() throws {
        var scene = try Self.scene([.command(["make"])])
        var spec = TaskSpec(id: "c", description: "x")
        spec.proves = .file("y")
        #expect(scene.refusal(of: .add([spec]), by: .person("p")) != nil)
        (spec.proves, spec.delegatedBy) = (nil, "a")
        #expect(scene.refusal(of: .add([spec]), by: .person("p")) == "run.conflict")
        #expect(scene.refusal(of: .edit(scene.task("b"), spec), by: .person("p")) != nil)
    }

    @Test func `nobody whom an agent has made for itself reviews its work`() throws {
        var scene = try Self.scene([.review(by: "critic")]) { plan in
            var made = AgentProfile(id: "a.1", name: "critic")
            (made.madeBy, made.model) = ("ann", "ollama/m")
            plan.agents.append(made)
        }
        try scene.when(.returned(scene.key("a"), Self.says("done")))
        #expect(scene.run.spec(scene.task("a.check-1")).assignedAgent == "bob")
    }

    @Test func `who is asked to sign sees what was brought, and a no is no signature`() throws {
        var scene = try Self.scene([.signature()])
        try scene.when(.returned(scene.key("a"), Self.says("a poem")))
        try scene.when(.slots(9))
        let question = try #require(scene.run.openQuestions.first)
        #expect(
            question.text
                == "Is task a done? Say yes, or no and what is missing.\nThe task: Write it.\na brought: a poem"
        )
        let no = try scene.run.answer(.words("no, the date is missing", .inline("no")), to: question.id)
        #expect(no.choice == .fail && no.note == "the date is missing")
        #expect(try scene.run.answer(.words("yes", .inline("yes")), to: question.id).choice == .done)
    }

    @Test(
        arguments: [
            ("Yes.", true), ("yes, well done", true), ("signed", true), ("OK!", true), ("not done", false),
            ("No, the date is missing", false), ("reject", false), ("never", false), ("nope, missing the summary", nil),
            ("nein", nil), ("maybe", nil), ("I refuse", nil), ("false", nil), ("done but for the date", nil),
        ] as [(String, Bool?)]
    )
    func `only a clear yes signs, and what is neither yes nor no is asked again`(words: String, signs: Bool?) throws {
        var scene = try Self.scene([.signature()])
        try scene.when(.returned(scene.key("a"), Self.says("a poem")))
        try scene.when(.slots(9))
        let id = try #require(scene.run.openQuestions.first?.id)
        let content = Content.inline((try? JSON(parsing: Array(words.utf8))) ?? .string(words))
        let choice = try? scene.run.answer(.words(words, content), to: id).choice
        #expect(choice == signs.map { $0 ? .done : .fail })
    }

    @Test(arguments: [("yes", true), ("no, it is too long", false)])
    func `a person who reviews says yes or no, in no form`(words: String, isGood: Bool) throws {
        var scene = try Self.scene([.review(by: "eve")])
        try scene.when(.returned(scene.key("a"), Self.says("a poem")))
        try scene.when(.slots(9))
        let question = try #require(scene.run.openQuestions.first)
        #expect(question.text.hasPrefix("Another agent says that task a is done. Do you approve? Say yes, or no"))
        let answer = try scene.run.answer(.words(words, .inline(.string(words))), to: question.id)
        #expect(answer.content.inlined?["approved"] == .bool(isGood))
        try scene.when(.answer(question.id, answer), by: .person("eve"))
        try scene.when(.slots(9))
        #expect(scene.state("a") == (isGood ? "completed" : "resting"))
        guard !isGood else { return }
        let told = try #require(scene.run.directives.last)
        #expect(told.sender == .signer && told.text.shown == "not proved that eve approves: it is too long")
    }

    @Test func `while its checks go on nobody is at work on a task, and why says what it waits for`() throws {
        var scene = try Self.scene([.signature()])
        scene.pass(.seconds(10))
        try scene.when(.returned(scene.key("a"), Self.says("a poem")))
        try scene.when(.slots(9))
        scene.pass(.seconds(1000))
        let sheet = try #require(RunSheet(scene.facts))
        #expect(sheet.attempts[0][0].span(at: scene.now) == .seconds(10))
        #expect(sheet.progress.agents[0].inHand.isEmpty && sheet.progress.runningTasks == 1)
        let inquiry = try #require(Inquiry(scene.facts, about: "a"))
        let explanation = try #require(TaskExplanation(inquiry))
        #expect(explanation.waits == [.dependency(scene.task("a.check-1"), chain: [])])
        #expect(explanation.advice.first == .answer(QuestionID(1)))
        try scene.when(.answer(QuestionID(1), Answer(.fail, note: "no date")), by: .person("p"))
        try scene.when(.slots(9))
        let rested = try #require(RunSheet(scene.facts))
        #expect(rested.attempts[0][0].span(at: scene.now) == .seconds(10))
    }

    @Test func `what proves an agent's work is not of its own time`() throws {
        var scene = try Self.scene([.command(["sleep"])]) { $0.agents[0].budget.workTime = .seconds(2) }
        scene.pass(.seconds(1))
        try scene.when(.returned(scene.key("a"), Self.says("done")))
        try scene.when(.slots(9))
        scene.pass(.seconds(60))
        try scene.when(.returned(scene.key("a.check-1"), Self.passes))
        #expect(try scene.when(.slots(9)).first == "end a completed")
    }

    @Test func `a check that failed is no failure of a run in which it passed later`() throws {
        var scene = try Self.scene([.signature()])
        try scene.when(.returned(scene.key("a"), Self.says("a poem")))
        try scene.when(.slots(9))
        try scene.when(.answer(QuestionID(1), Answer(.fail, note: "no date")), by: .person("p"))
        try scene.when(.slots(9))
        scene.pass(.seconds(60))
        try scene.when(.tick)
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("a"), Self.says("a poem, dated")))
        try scene.when(.slots(9))
        try scene.when(.answer(QuestionID(2), Answer(.done, content: .inline("yes"))), by: .person("p"))
        try scene.when(.slots(9))
        #expect(scene.state("a") == "completed")
        #expect(RunReport(scene.facts)?.failures.isEmpty == true)
    }

    @Test func `a result that nobody can check is claimed all the same`() throws {
        var scene = try Self.scene([.review(by: "ann")])
        try scene.when(.returned(scene.key("a"), Self.says("done")))
        try scene.when(.slots(9))
        #expect(scene.run.proof(of: scene.task("a")).isClaimed)
    }
}
