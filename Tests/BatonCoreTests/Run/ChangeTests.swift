import BatonTestKit
import Testing

@testable import BatonCore

/// What people change in a run while it goes on.
@Suite struct ChangeTests {
    private static func scene(_ tasks: [TaskSpec], agents: Int = 9) throws -> RunScene {
        try RunScene(Sketch.plan([Sketch.agent("w", most: agents)], tasks))
    }

    private static func edited(_ scene: RunScene, _ id: TaskID, _ change: (inout TaskSpec) -> Void) -> Command {
        let task = scene.task(id)
        var spec = scene.run.spec(task)
        change(&spec)
        return .edit(task, spec)
    }

    // MARK: Retry

    @Test func `a failed task begins anew, with all that was given up because of it`() throws {
        var scene = try Self.scene([
            Sketch.task("a"), Sketch.task("b", after: ["a"]),
            Sketch.task("c", after: ["b"]) { $0.onDependencyFailure = .fail },
            Sketch.task("slow"),
        ])
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("a"), .fault(.permanent)))
        #expect(try scene.when(.retry(scene.task("a")), by: .person("ada")) == ["reset a b c"])
        #expect(scene.run.counts.all.ended == 0)
        #expect(try scene.when(.slots(9)) == ["attempt a#2 by w", "owed a#2.1/1"])
        try scene.when(.returned(scene.key("a"), .done))
        #expect(scene.state("b") == "ready")
    }

    @Test func `what has another cause as well is not begun anew`() throws {
        var scene = try Self.scene([
            Sketch.task("a"), Sketch.task("x"), Sketch.task("both", after: ["a", "x"]), Sketch.task("slow"),
        ])
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("a"), .fault(.permanent)))
        try scene.when(.returned(scene.key("x"), .fault(.permanent)))
        #expect(try scene.when(.retry(scene.task("a"))) == ["reset a"])
        #expect(scene.state("both") == "skipped")
        #expect(try scene.when(.retry(scene.task("x"))) == ["reset x both"])
        #expect(scene.state("both") == "waiting")
    }

    // Found by `scripts/sim --exhaustive`.
    @Test func `a task that began anew waits for one that begins anew after it`() throws {
        var scene = try Self.scene([
            Sketch.task("a"), Sketch.task("b", after: ["a"]) { $0.onDependencyFailure = .run }, Sketch.task("slow"),
        ])
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("a"), .fault(.permanent)))
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("b"), .fault(.permanent)))
        try scene.when(.retry(scene.task("b")))
        #expect(scene.state("b") == "ready")
        try scene.when(.retry(scene.task("a")))
        #expect(scene.state("b") == "waiting")
        #expect(try scene.when(.slots(9)) == ["attempt a#2 by w", "owed a#2.1/1"])
    }

    @Test func `the attempts before a retry do not count toward its limit`() throws {
        var scene = try Self.scene([Sketch.task("a") { $0.maxAttempts = 2 }, Sketch.task("slow")])
        for _ in 0..<2 {
            scene.pass(.seconds(60))
            try scene.when(.tick)
            try scene.when(.slots(9))
            try scene.when(.returned(scene.key("a"), .fault(.transient)))
        }
        #expect(scene.state("a") == "failed")
        try scene.when(.retry(scene.task("a")))
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("a"), .fault(.transient)))
        #expect(scene.state("a") == "resting")
    }

    @Test func `who went on without the task waits for it again, unless it has begun`() throws {
        var scene = try Self.scene(
            [
                Sketch.task("a"), Sketch.task("slow"),
                Sketch.task("begun", after: ["a"]) { $0.onDependencyFailure = .run },
                Sketch.task("later", after: ["a"]) { $0.onDependencyFailure = .run },
            ],
            agents: 2
        )
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("a"), .fault(.permanent)))
        try scene.when(.slots(9))
        #expect(scene.state("begun") == "running")
        #expect(scene.state("later") == "ready")
        try scene.when(.retry(scene.task("a")))
        #expect(scene.state("begun") == "running")
        #expect(scene.run.record(scene.task("later"))?.state == .waiting(open: 1))
    }

    @Test func `a resting task does not wait any longer`() throws {
        var scene = try Self.scene([Sketch.task("a")])
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("a"), .fault(.transient)))
        #expect(try scene.when(.retry(scene.task("a"))) == ["ready a"])
        #expect(try scene.when(.slots(9)) == ["attempt a#2 by w", "owed a#2.1/1"])
    }

    @Test func `what cannot be retried is refused with the way`() throws {
        var scene = try Self.scene([
            Sketch.task("done"), Sketch.task("fails"), Sketch.task("after", after: ["fails"]), Sketch.task("busy"),
            Sketch.task("waits", after: ["busy"]),
        ])
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("done"), .done))
        try scene.when(.returned(scene.key("fails"), .fault(.permanent)))
        for id: TaskID in ["done", "busy", "waits", "after"] {
            #expect(scene.refusal(of: .retry(scene.task(id))) == "run.state", "\(id)")
        }
        try scene.when(.cancel)
        #expect(scene.refusal(of: .retry(scene.task("fails"))) == "run.state")
    }

    // MARK: Order

    @Test func `a new priority changes the order of what waits and keeps its place in time`() throws {
        var scene = try Self.scene([Sketch.task("a"), Sketch.task("b"), Sketch.task("c", after: ["a"])], agents: 1)
        #expect(try scene.when(.reprioritize(scene.task("b"), 5), by: .person("ada")) == ["priority b 5"])
        #expect(try scene.when(.slots(9)).first == "attempt b#1 by w")
        scene.pass(.seconds(30))
        let since = scene.run.record(scene.task("a"))?.readySince
        try scene.when(.reprioritize(scene.task("a"), 2))
        #expect(scene.run.record(scene.task("a"))?.readySince == since)
        #expect(scene.refusal(of: .reprioritize(scene.task("b"), 1)) == "run.state")
        #expect(scene.refusal(of: .reprioritize(scene.task("a"), 6)) == "run.priority")
        #expect(scene.refusal(of: .reprioritize(scene.task("a"), 0)) == "run.priority")
        try scene.when(.returned(scene.key("b"), .done))
        #expect(scene.refusal(of: .reprioritize(scene.task("b"), 1)) == "run.state")
    }

    // MARK: New tasks

    @Test func `added tasks wait for what they need and are dispatched as any other`() throws {
        var scene = try Self.scene([Sketch.task("a"), Sketch.task("slow")])
        try scene.when(.slots(9))
        let added = [Sketch.task("n", after: ["a"]), Sketch.task("m", after: ["n"]), Sketch.task("free")]
        #expect(try scene.when(.add(added), by: .person("ada")) == ["added n m free"])
        #expect(scene.run.counts.all.total == 5)
        #expect(try scene.when(.slots(9)) == ["attempt free#1 by w", "owed free#1.1/1"])
        try scene.when(.returned(scene.key("a"), .done))
        #expect(scene.state("n") == "ready")
        for id: TaskID in ["slow", "free", "n", "m"] {
            try scene.when(.slots(9))
            try scene.when(.returned(scene.key(id), .done))
        }
        #expect(scene.end == .completed)
    }

    @Test func `a task added behind one that failed follows its rule at once`() throws {
        var scene = try Self.scene([Sketch.task("a"), Sketch.task("slow")])
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("a"), .fault(.permanent)))
        let added = [
            Sketch.task("skips", after: ["a"]), Sketch.task("behind", after: ["skips"]),
            Sketch.task("fails", after: ["a"]) { $0.onDependencyFailure = .fail },
            Sketch.task("runs", after: ["a"]) { $0.onDependencyFailure = .run },
        ]
        try scene.when(.add(added))
        #expect(added.map { scene.state($0.id) } == ["skipped", "skipped", "failed", "ready"])
    }

    @Test func `a cycle is refused and printed, also one by follow_up_tasks`() throws {
        var scene = try Self.scene([Sketch.task("a"), Sketch.task("b", after: ["a"])], agents: 1)
        let circle = [Sketch.task("n", after: ["m"]), Sketch.task("m", after: ["n"])]
        #expect(scene.refusal(of: .add(circle)) == "plan.cycle")
        let follow = [Sketch.task("n", after: ["b"]) { $0.followUps = ["b"] }]
        #expect(scene.refusal(of: .add(follow)) == "plan.cycle")
        #expect(scene.refusal(of: .add([Sketch.task("n", after: ["n"])])) == "plan.cycle")
        #expect(scene.refusal(of: .add([Sketch.task("n", after: ["nowhere"])])) == "plan.unknown_task")
        #expect(scene.refusal(of: .add([Sketch.task("a")])) == "run.conflict")
        #expect(scene.refusal(of: .add([])) == "run.add")
        #expect(scene.run.counts.all.total == 2)
        try scene.when(.slots(9))
        let tooLate = [Sketch.task("n") { $0.followUps = ["a"] }]
        #expect(scene.refusal(of: .add(tooLate)) == "run.conflict")
    }

    @Test func `a task that has not begun can be made to follow a new one`() throws {
        var scene = try Self.scene([Sketch.task("a"), Sketch.task("b")], agents: 1)
        try scene.when(.slots(9))
        #expect(scene.state("b") == "ready")
        try scene.when(.add([Sketch.task("n") { $0.followUps = ["b"] }]))
        #expect(scene.state("b") == "waiting")
        try scene.when(.returned(scene.key("a"), .done))
        #expect(try scene.when(.slots(9)).first == "attempt n#1 by w")
        try scene.when(.returned(scene.key("n"), .done))
        #expect(try scene.when(.slots(9)).first == "attempt b#1 by w")
    }

    // MARK: Edits

    @Test func `a task that has not begun becomes another one`() throws {
        var scene = try Self.scene([Sketch.task("a"), Sketch.task("b"), Sketch.task("c", after: ["a"])], agents: 1)
        try scene.when(.slots(9))
        #expect(try scene.when(Self.edited(scene, "b") { $0.dependencies = ["c"] }) == ["edited b"])
        #expect(scene.state("b") == "waiting")
        try scene.when(Self.edited(scene, "c") { $0.dependencies = [] })
        #expect(scene.state("c") == "ready")
        #expect(scene.run.graph.cycle() == nil)
        #expect(scene.refusal(of: Self.edited(scene, "c") { $0.dependencies = ["b"] }) == "plan.cycle")
        #expect(scene.refusal(of: Self.edited(scene, "c") { $0.estimatedHours = -1 }) == "plan.range")
        #expect(scene.refusal(of: Self.edited(scene, "c") { _ in }) == "run.edit")
        #expect(scene.refusal(of: Self.edited(scene, "c") { $0.id = "other" }) == "run.conflict")
        #expect(scene.refusal(of: Self.edited(scene, "a") { $0.description = "x" }) == "run.conflict")
    }

    @Test func `a task does not become a meeting on the way, as nobody would speak in it`() throws {
        var scene = try RunScene(Sketch.plan([Sketch.agent("ann")], [Sketch.task("a")]))
        var spec = scene.run.spec(scene.task("a"))
        (spec.isMeeting, spec.attendees) = (true, ["ann"])
        #expect(scene.refusal(of: .edit(scene.task("a"), spec)) == "run.conflict")
    }

    @Test func `a failed task becomes another one when it was begun anew in a pause`() throws {
        var scene = try Self.scene([Sketch.task("a") { $0.maxAttempts = 1 }, Sketch.task("b")])
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("a"), .fault(.permanent)))
        #expect(scene.refusal(of: Self.edited(scene, "a") { $0.description = "x" }) == "run.conflict")
        try scene.when(.pause(now: false))
        try scene.when(.retry(scene.task("a")))
        #expect(try scene.when(Self.edited(scene, "a") { $0.description = "x" }) == ["edited a"])
        try scene.when(.resume)
        #expect(try scene.when(.slots(9)).first == "attempt a#2 by w")
        #expect(scene.refusal(of: Self.edited(scene, "a") { $0.description = "y" }) == "run.conflict")
        #expect(scene.run.tasks[0].granted == 1)
    }

    @Test func `an edit that gives the task to another takes the question about it back`() throws {
        let plan = Sketch.plan(
            [Sketch.agent("w"), Sketch.agent("v")],
            [Sketch.task("a") { $0.requiredSkills = ["magic": 9] }]
        )
        var strict = plan
        strict.staffing = .strict
        var scene = try RunScene(strict)
        try scene.when(.slots(9))
        #expect(scene.state("a") == "blocked")
        try scene.when(Self.edited(scene, "a") { $0.requiredSkills = [:] })
        #expect(scene.run.questions.isEmpty)
        #expect(try scene.when(.slots(9)).first?.hasPrefix("attempt a#1") == true)
    }

    @Test func `the answer to a question counts only when what was added before the task is done`() throws {
        var plan = Sketch.plan([Sketch.agent("w", most: 2)], [Sketch.task("a") { $0.requiredSkills = ["magic": 9] }])
        plan.staffing = .strict
        var scene = try RunScene(plan)
        try scene.when(.slots(9))
        let question = try #require(scene.run.openQuestions.first)
        try scene.when(.add([Sketch.task("n") { $0.followUps = ["a"] }]))
        try scene.when(.answer(question.id, Answer(.assign(AgentIndex(0)))))
        #expect(scene.state("a") == "waiting")
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("n"), .fault(.permanent)))
        #expect(scene.state("a") == "skipped")
    }

    // MARK: Directives

    @Test func `directives concern who they are said to`() throws {
        let plan = Sketch.plan(
            [Sketch.agent("w", most: 2), Sketch.agent("v")],
            [Sketch.task("a") { $0.assignedAgent = "w" }, Sketch.task("b") { $0.assignedAgent = "v" }]
        )
        var scene = try RunScene(plan)
        try scene.when(.steer(.everyone, .inline("one")), by: .person("ada"))
        try scene.when(.steer(.agent(AgentIndex(1)), .inline("two")))
        try scene.when(.steer(.task(TaskIndex(0)), .inline("three")))
        func heard(_ task: Int, by agent: Int) -> [Content] {
            let assignment = Assignment(lead: AgentIndex(agent), agents: [AgentIndex(agent)])
            return scene.run.directives(for: TaskIndex(task), assignment).map(\.text)
        }
        #expect(heard(0, by: 0) == [.inline("one"), .inline("three")])
        #expect(heard(1, by: 1) == [.inline("one"), .inline("two")])
        #expect(scene.refusal(of: .steer(.agent(AgentIndex(7)), .inline("x"))) == "run.state")
        #expect(scene.refusal(of: .steer(.task(TaskIndex(7)), .inline("x"))) == "run.state")
        try scene.when(.skip(TaskIndex(0), note: "no time"))
        #expect(scene.refusal(of: .steer(.task(TaskIndex(0)), .inline("x"))) == "run.state")
    }

    @Test func `a reason for skipping is kept, also while the task runs`() throws {
        var scene = try Self.scene([Sketch.task("a"), Sketch.task("b", after: ["a"])])
        try scene.when(.slots(9))
        try scene.when(.skip(scene.task("a"), note: "no time"))
        #expect(try scene.when(.returned(scene.key("a"), .halted)).contains("end a skipped by person (no time)"))
        #expect(scene.state("b") == "skipped")
    }

    // MARK: Forged journals

    @Test func `changes that do not fit mark the run as damaged and change nothing`() throws {
        let forged: [Event] = [
            .tasksAdded([]), .tasksAdded([Sketch.task("a")]), .tasksAdded([Sketch.task("n"), Sketch.task("n")]),
            .tasksAdded([Sketch.task("n", after: ["m"]), Sketch.task("m", after: ["n"])]),
            .taskEdited(TaskIndex(9), Sketch.task("a")), .taskEdited(TaskIndex(0), Sketch.task("z")),
            .taskReprioritized(TaskIndex(9), priority: 1), .taskReprioritized(TaskIndex(0), priority: 9),
            .tasksReset([]), .tasksReset([TaskIndex(0)]), .tasksReset([TaskIndex(9)]),
            .steered(Directive(number: 2, audience: .everyone, text: .inline("x"))),
            .steered(Directive(number: 1, audience: .agent(AgentIndex(9)), text: .inline("x"))),
        ]
        for event in forged {
            var scene = try Self.scene([Sketch.task("a"), Sketch.task("b", after: ["a"])])
            let before = Essence(scene.run)
            scene.append(Recorded(position: scene.run.head.next, at: scene.now, by: .engine, event: event))
            #expect(scene.run.damage != nil, "\(event)")
            #expect(Essence(scene.run) == before, "\(event)")
        }
    }
}
