import BatonCore
import Testing

@Suite struct ProgressTests {
    private static func progress(_ scene: RunScene) throws -> Progress {
        var progress = try #require(Progress(scene.facts[0]))
        for fact in scene.facts.dropFirst() { progress.take(fact) }
        return progress
    }

    private static func scene() throws -> RunScene {
        let tasks = ["a", "b", "c", "d"].map { Sketch.task($0) { $0.assignedAgent = "w" } }
        return try RunScene(Sketch.plan([Sketch.agent("w", most: 2), Sketch.agent("v")], tasks))
    }

    @Test func `progress counts what ended, what is in hand and what is left`() throws {
        var scene = try Self.scene()
        #expect(try Self.progress(scene).percentage == 0)
        // Four tasks of an hour, by an agent that takes two at a time.
        #expect(try Self.progress(scene).remaining == .seconds(7200))
        try scene.when(.slots(2))
        scene.pass(.seconds(10))
        var usage = Usage()
        usage.money = Money(microUSD: 5)
        try scene.when(.returned(scene.key("a"), .done(.inline(1), usage)))
        let progress = try Self.progress(scene)
        #expect(progress.percentage == 25)
        #expect(progress.completedTasks == 1)
        #expect(progress.runningTasks == 1)
        #expect(progress.spent == Money(microUSD: 5))
        // An hour took ten seconds: b is due, c and d side by side take ten more.
        #expect(progress.remaining == .seconds(10))
        #expect(progress.tasksPerMinute(at: scene.now) == 6)
        #expect(progress.successRate == 100)
        #expect(progress.agents.map(\.completed) == [1, 0])
        #expect(progress.agents.map(\.inHand) == [["b"], []])
        #expect(progress.updated == scene.now)
    }

    @Test func `absurd times of a journal do not trap`() throws {
        var scene = try Self.scene()
        try scene.when(.slots(2))
        scene.now = Timestamp(microseconds: Int64.max / 2)
        try scene.when(.returned(scene.key("a"), .done))
        #expect(try Self.progress(scene).remaining != nil)
    }

    @Test func `an ended run reads 100, also after failures`() throws {
        var scene = try Self.scene()
        try scene.when(.slots(2))
        try scene.when(.returned(scene.key("a"), .fault(.permanent)))
        try scene.when(.skip(scene.task("c")))
        try scene.when(.cancel)
        try scene.when(.returned(scene.key("b"), .halted))
        let progress = try Self.progress(scene)
        #expect(progress.percentage == 100)
        #expect(progress.remaining == .zero)
        #expect(progress.end == .cancelled)
        #expect([progress.failedTasks, progress.skippedTasks, progress.cancelledTasks] == [1, 1, 2])
        #expect(progress.endedTasks == progress.totalTasks)
        #expect(progress.agents.map(\.failed) == [1, 0])
        #expect(progress.agents.map(\.inHand) == [[], []])
    }

    @Test func `a paused run tells its percentage and what is left`() throws {
        var scene = try Self.scene()
        try scene.when(.slots(2))
        scene.pass(.seconds(10))
        try scene.when(.returned(scene.key("a"), .done))
        try scene.when(.pause(now: false))
        let shown = try #require(RunSheet(scene.facts)).json
        #expect(shown["state"] == "paused")
        #expect(shown["progress_percentage"] == 25.0)
        #expect(shown["completed_tasks"] == 1)
        #expect(shown["total_tasks"] == 4)
        #expect(shown["eta_seconds"] == 10.0)
        #expect(try Self.progress(scene).remaining == .seconds(10))
    }

    @Test func `a question that has expired is open no more`() throws {
        let task = Sketch.task("a") {
            $0.assignedAgent = "ann"
            $0.timeout = .seconds(5)
        }
        var scene = try RunScene(Sketch.plan([Sketch.agent("ann", type: "person")], [task]))
        try scene.when(.slots(1))
        #expect(try Self.progress(scene).openQuestions == 1)
        scene.pass(.seconds(5))
        #expect(try scene.when(.tick) == ["rest a step.timed_out"])
        #expect(try Self.progress(scene).openQuestions == 0)
        #expect(scene.run.openQuestions.isEmpty)
    }

    @Test func `a lost step and a rest leave nobody with work in hand`() throws {
        var scene = try Self.scene()
        try scene.when(.slots(2))
        try scene.when(.returned(scene.key("a"), .fault(.transient)))
        try scene.when(.recovered(engine: "next"))
        let progress = try Self.progress(scene)
        #expect(progress.runningTasks == 0)
        #expect(progress.openQuestions == 1)
        #expect(progress.agents.map(\.inHand) == [[], []])
    }

    @Test func `progress begins only with created`() {
        #expect(Progress(Specimens.fact(.paused)) == nil)
    }

    // MARK: EventView

    @Test func `every event reads as its kind, with names instead of numbers`() {
        var view = EventView(plan: Specimens.plan)
        for event in Specimens.events {
            let shown = view.view(Specimens.fact(event, by: .person("ann")))
            #expect(shown.kind == EventCodec.kind(of: event))
            #expect(shown.json["kind"]?.string == shown.kind)
            #expect(shown.json["position"] == 7)
            #expect(shown.json["by"] == "ann")
            #expect(shown.json["task"]?.string == shown.task?.text)
            #expect(shown.json["agent"]?.string == shown.agent?.text)
            #expect(shown.task == event.task.map { Specimens.plan.tasks[$0.offset].id })
            #expect(!shown.summary.isEmpty)
        }
    }

    @Test func `the agent of an attempt is named until its task ends`() throws {
        var scene = try Self.scene()
        try scene.when(.slots(1))
        try scene.when(.returned(scene.key("a"), .done))
        var view = try #require(EventView(scene.facts[0]))
        let shown = scene.facts.map { view.view($0) }
        #expect(shown.map(\.kind) == ["created", "attempt_started", "step_owed", "step_returned", "task_ended"])
        #expect(shown.map(\.agent) == [nil, "w", "w", "w", "w"])
        #expect(shown.map(\.summary).suffix(2) == ["returned", "completed"])
        #expect(view.view(Specimens.fact(.taskReady(TaskIndex(0)))).agent == nil)
    }

    @Test func `numbers that the plan does not have are shown, not looked up`() {
        var view = EventView(plan: Specimens.plan)
        let far = Assignment(lead: AgentIndex(9), agents: [AgentIndex(9)])
        let shown = view.view(Specimens.fact(.attemptStarted(TaskIndex(9), attempt: 1, far)))
        #expect(shown.task == "#9")
        #expect(shown.agent == "#9")
    }
}
