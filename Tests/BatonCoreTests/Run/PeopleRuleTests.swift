import BatonCore
import Testing

/// Staffing, people, recovery and the end of a run, by the rules.
@Suite struct PeopleRuleTests {
    private static let w = Sketch.agent("w")

    // MARK: Staffing and people

    private static func short(_ staffing: Plan.Staffing) -> Plan {
        Sketch.plan([Self.w, Sketch.agent("v")], [Sketch.task("a") { $0.requiredSkills = ["law": 3] }]) {
            $0.staffing = staffing
        }
    }

    @Test func `with strict staffing a person says who does what nobody can`() throws {
        var scene = try RunScene(Self.short(.strict))
        #expect(try scene.when(.slots(1)) == ["asked q1 staffing a"])
        #expect(scene.run.waitsOnlyForPeople)
        let question = try #require(scene.run.openQuestions.first)
        #expect(question.options == ["w", "v", "skip", "fail"])
        #expect(question.text.contains("law 0 of 3"))
        let answer = try scene.run.answer(.words("v", .inline("v")), to: question.id)
        #expect(try scene.when(.answer(question.id, answer)) == ["answered q1 assign v"])
        #expect(try scene.when(.slots(1)) == ["attempt a#1 by v", "owed a#1.1/1"])
    }

    @Test(arguments: ["skip", "fail"])
    func `an answer that an agent is called like keeps its meaning`(_ word: String) throws {
        let agents = [Sketch.agent(AgentID(word)), Sketch.agent("v")]
        let plan = Sketch.plan(agents, [Sketch.task("a") { $0.requiredSkills = ["law": 3] }]) { $0.staffing = .strict }
        var scene = try RunScene(plan)
        #expect(try scene.when(.slots(1)) == ["asked q1 staffing a"])
        let question = try #require(scene.run.openQuestions.first)
        #expect(question.options == ["v", "skip", "fail"])
        let answer = try scene.run.answer(.words(word, .inline(.string(word))), to: question.id)
        #expect(answer.choice == (word == "skip" ? .skip : .fail))
        let told = PlanCheck.diagnostics(of: plan).filter { $0.code == "plan.answer_word" }
        #expect(told.map(\.severity) == [.warning])
    }

    @Test func `with best_available the nearest does it and the record says so`() throws {
        var scene = try RunScene(Self.short(.bestAvailable))
        #expect(try scene.when(.slots(1)).first == "attempt a#1 by w short")
    }

    @Test func `work of a person is a question that needs no slot and has a deadline`() throws {
        let plan = Sketch.plan(
            [Sketch.agent("ann", type: "person"), Self.w],
            [
                Sketch.task("a") {
                    $0.assignedAgent = "ann"
                    $0.description = ""
                    $0.timeout = .seconds(60)
                }, Sketch.task("b") { $0.assignedAgent = "w" },
            ]
        )
        var scene = try RunScene(plan)
        #expect(
            try scene.when(.slots(1)) == [
                "attempt a#1 by ann", "asked q1 work a", "attempt b#1 by w", "owed b#1.1/1",
            ]
        )
        #expect(scene.run.openQuestions.map(\.text) == ["do task a"], "a question always asks something")
        #expect(!scene.run.waitsOnlyForPeople)
        try scene.when(.returned(scene.key("b"), .done))
        #expect(scene.run.waitsOnlyForPeople)
        let answer = try scene.run.answer(.words("{}", .inline([:])), to: QuestionID(1))
        #expect(
            try scene.when(.answer(QuestionID(1), answer)) == ["answered q1 done", "end a completed", "run completed"]
        )
        #expect(scene.run.output(of: scene.task("a")) == .inline([:]))
    }

    @Test func `words that are no answer are refused with the words that are`() throws {
        var scene = try RunScene(Self.short(.strict))
        try scene.when(.slots(1))
        do {
            _ = try scene.run.answer(.words("nobody", .inline(nil)), to: QuestionID(1))
            Issue.record("it was taken")
        } catch {
            #expect(error.code == "question.answer")
            #expect(error.remedy.contains("w, v, skip, fail"))
        }
    }

    // MARK: Recovery

    private static func inHand(_ repeatable: Bool) throws -> RunScene {
        var agent = Sketch.agent("w")
        agent.repeatable = repeatable
        var scene = try RunScene(Sketch.plan([agent], [Sketch.task("a")]))
        try scene.when(.slots(1))
        return scene
    }

    @Test func `after a crash a repeatable step is handed out again, twenty times at most`() throws {
        var scene = try Self.inHand(true)
        for delivery in 2...20 {
            #expect(try scene.when(.recovered(engine: "next")) == ["recovered", "owed a#1.1/\(delivery)"])
            #expect(scene.changes.started == [scene.key("a")])
        }
        #expect(
            try scene.when(.recovered(engine: "next")) == ["recovered", "lost a#1.1/20", "asked q1 unknown_outcome a"]
        )
        #expect(try scene.when(.recovered(engine: "next")) == ["recovered"])
    }

    @Test func `after a crash a step that may not be repeated becomes a question, once`() throws {
        var scene = try Self.inHand(false)
        #expect(
            try scene.when(.recovered(engine: "next")) == ["recovered", "lost a#1.1/1", "asked q1 unknown_outcome a"]
        )
        #expect(try scene.when(.recovered(engine: "next")) == ["recovered"])
        #expect(scene.run.records[0].inHand == 0)
        #expect(try scene.when(.answer(QuestionID(1), Answer(.again))) == ["answered q1 again"])
        #expect(try scene.when(.slots(1)) == ["attempt a#2 by w", "owed a#2.1/1"])
        #expect(scene.run.tasks[0].granted == 1)
    }

    @Test func `a paused run hands nothing out again after a crash`() throws {
        var scene = try Self.inHand(true)
        try scene.when(.pause(now: false), by: .person("p"))
        #expect(
            try scene.when(.recovered(engine: "next")) == [
                "recovered", "stop a#1.1/1 paused", "returned a#1.1/1 stopped", "ready a",
            ]
        )
        #expect(scene.changes.started.isEmpty)
        #expect(try scene.when(.slots(1)) == [])
        #expect(try scene.when(.resume, by: .person("p")) == ["resumed"])
        #expect(try scene.when(.slots(1)) == ["attempt a#2 by w", "owed a#2.1/1"])
        #expect(scene.run.tasks[0].granted == 1)
    }

    @Test func `a second recovery changes nothing but the delivery`() throws {
        var scene = try Self.inHand(true)
        try scene.when(.recovered(engine: "next"))
        let (tasks, counts) = (scene.run.tasks, scene.run.counts)
        try scene.when(.recovered(engine: "next"))
        #expect(scene.run.tasks == tasks)
        #expect(scene.run.counts == counts)
        #expect(scene.run.owed.count == 1)
        #expect(try scene.when(.returned(scene.key("a"), .done)).last == "run completed")
    }

    // MARK: The end

    @Test func `an ended run takes no more`() throws {
        var scene = try Self.inHand(true)
        try scene.when(.returned(scene.key("a"), .done))
        #expect(scene.end == .completed)
        #expect(try scene.when(.returned(StepKey(task: TaskIndex(0), attempt: 9, step: 9, delivery: 9), .done)) == [])
        #expect(try scene.when(.slots(9)) == [])
        #expect(try scene.when(.recovered(engine: "next")) == [])
        #expect(scene.run.nextWake == nil)
        #expect(scene.refusal(of: .cancel) == "run.state")
        #expect(scene.refusal(of: .skip(TaskIndex(0))) == "run.state")
    }

    @Test(arguments: [
        (["done", "done"], RunEnd.completed), (["done", "permanent"], .partial), (["permanent", "permanent"], .failed),
        (["skip", "done"], .completed), (["cancel", ""], .cancelled),
    ])
    func `a run ends by what became of its tasks`(steps: [String], end: RunEnd) throws {
        var scene = try RunScene(Sketch.plan([Sketch.agent("w", most: 2)], [Sketch.task("a"), Sketch.task("b")]))
        for (id, step) in zip(["a", "b"] as [TaskID], steps) {
            switch step {
            case "skip": try scene.when(.skip(scene.task(id)))
            case "cancel": try scene.when(.cancel)
            case "done", "permanent":
                try scene.when(.slots(2))
                try scene.when(.returned(scene.key(id), step == "done" ? .done : .fault(.permanent)))
            default: break
            }
        }
        #expect(scene.end == end)
    }

    @Test func `the record of a task is small`() {
        #expect(MemoryLayout<TaskRecord>.size <= 128)
    }
}
