import BatonSimulation
import BatonTestKit
import Testing

@testable import BatonCore

/// A run that goes on from the events of another one.
@Suite struct ForkTests {
    private static func seed(_ plan: Plan, mode: RunMode = .real) -> RunSeed {
        RunSeed(run: RunID("fork"), plan: plan, stored: .zero, seed: 1, mode: mode, engine: "test")
    }

    private static func scene(_ tasks: [TaskSpec], repeatable: Bool = true) throws -> RunScene {
        var agent = Sketch.agent("w", most: 9)
        agent.repeatable = repeatable
        return try RunScene(Sketch.plan([agent], tasks))
    }

    private static let chain = [Sketch.task("a"), Sketch.task("b", after: ["a"]), Sketch.task("c", after: ["b"])]

    @Test func `what is done is not done again`() throws {
        var scene = try Self.scene(Self.chain)
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("a"), .done))
        let lines = try scene.when(.fork(Self.seed(scene.run.plan)), by: .person("ada"))
        #expect(lines == ["forked fork at 5", "recovered"])
        #expect(scene.run.id == RunID("fork"))
        #expect(scene.state("a") == "completed")
        #expect(try scene.when(.slots(9)) == ["attempt b#1 by w", "owed b#1.1/1"])
    }

    // The events behind which the run may not be cut, as they are read.
    private static func uncut(_ scene: RunScene) throws -> [String] {
        var folded = try #require(Run(scene.facts[0]))
        var changes = Changes()
        var found: [String] = []
        for (fact, next) in zip(scene.facts.dropFirst(), scene.facts.dropFirst(2)) {
            folded.apply(fact, &changes)
            if !folded.mayBeCut(before: next.event) { found.append(scene.line(fact.event)) }
        }
        return found
    }

    @Test func `a run is not cut among the events of one command`() throws {
        var scene = try Self.scene([Sketch.task("a"), Sketch.task("b", after: ["a"])], repeatable: false)
        try scene.when(.slots(9))
        try scene.when(.recovered(engine: "later"))
        try scene.when(.answer(QuestionID(1), Answer(.done, content: .inline(1))), by: .person("ada"))
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("b"), .done))
        #expect(
            try Self.uncut(scene) == [
                "attempt a#1 by w", "lost a#1.1/1", "answered q1 done", "attempt b#1 by w", "returned b#1.1/1 done",
            ]
        )
    }

    @Test func `what a strict task's failure brings belongs to it`() throws {
        var strict = Sketch.task("a")
        strict.strict = true
        var scene = try Self.scene([strict, Sketch.task("b", after: ["a"]), Sketch.task("c")])
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("a"), .fault(.permanent)))
        #expect(
            try Self.uncut(scene).suffix(3) == [
                "returned a#1.1/1 failed", "end a failed test.fault", "end b skipped for a",
            ]
        )
    }

    @Test func `what was in hand is handed out again where that is allowed, else asked about`() throws {
        var scene = try Self.scene(Self.chain)
        try scene.when(.slots(9))
        #expect(try scene.when(.fork(Self.seed(scene.run.plan))).last == "owed a#1.1/2")
        var careful = try Self.scene(Self.chain, repeatable: false)
        try careful.when(.slots(9))
        #expect(
            try careful.when(.fork(Self.seed(careful.run.plan))).suffix(2) == [
                "lost a#1.1/1", "asked q1 unknown_outcome a",
            ]
        )
        #expect(careful.run.openQuestions.first?.text.contains("where this run was forked off") == true)
    }

    @Test func `a changed task begins anew with all that follows, also when it had completed`() throws {
        var scene = try Self.scene(Self.chain + [Sketch.task("x")])
        try scene.when(.slots(9))
        for id: TaskID in ["a", "x", "b", "c"] {
            try scene.when(.returned(scene.key(id), .done))
            if scene.end == nil { try scene.when(.slots(9)) }
        }
        #expect(scene.end == .completed)
        var plan = scene.run.plan
        plan.tasks[1].description = "otherwise"
        try scene.when(.fork(Self.seed(plan)))
        #expect(scene.end == nil)
        #expect(
            ["a", "b", "c", "x"].map { scene.state(TaskID($0)) } == ["completed", "ready", "waiting", "completed"]
        )
        #expect(scene.run.counts.all.completed == 2)
        #expect(try scene.when(.slots(9)) == ["attempt b#2 by w", "owed b#2.1/1"])
        let sheet = try #require(RunSheet(scene.facts))
        #expect(sheet.progress.completedTasks == 2)
        #expect(sheet.progress.end == nil)
        #expect(sheet.endedAt == nil)
    }

    @Test func `an attempt at a task that changes is forgotten, and its agent is free`() throws {
        var scene = try Self.scene(Self.chain)
        try scene.when(.slots(9))
        let old = scene.key("a")
        var plan = scene.run.plan
        plan.tasks[0].description = "otherwise"
        try scene.when(.fork(Self.seed(plan)))
        #expect(scene.state("a") == "ready")
        #expect(scene.run.records[0].inHand == 0)
        #expect(scene.run.counts.inHand == 0)
        #expect(try scene.when(.returned(old, .done)) == ["stale a#1.1/1"])
        #expect(try scene.when(.slots(9)) == ["attempt a#2 by w", "owed a#2.1/1"])
    }

    @Test func `new tasks and agents come behind those that there are`() throws {
        var scene = try Self.scene(Self.chain)
        var plan = scene.run.plan
        plan.agents.append(Sketch.agent("v"))
        plan.tasks.append(Sketch.task("n") { $0.assignedAgent = "v" })
        try scene.when(.fork(Self.seed(plan)))
        #expect(try scene.when(.slots(9)).contains("attempt n#1 by v"))
        let sheet = try #require(RunSheet(scene.facts))
        #expect(sheet.progress.totalTasks == 4)
        #expect(sheet.progress.agents.map(\.agent) == ["w", "v"])
    }

    @Test func `a plan that does not fit the events is refused`() throws {
        var scene = try Self.scene(Self.chain)
        func code(_ change: (inout Plan) -> Void) -> String? {
            var plan = scene.run.plan
            change(&plan)
            return scene.refusal(of: .fork(Self.seed(plan)))
        }
        #expect(code { $0.tasks.removeLast() } == "fork.plan")
        #expect(code { $0.tasks[0].id = "z" } == "fork.plan")
        #expect(code { $0.agents[0].id = "z" } == "fork.plan")
        #expect(code { $0.agents = [] } == "fork.plan")
        #expect(code { $0.tasks[0].dependencies = ["c"] } == "plan.cycle")
        #expect(code { _ in } == nil)
    }

    @Test func `a failed task is retried in a fork of an ended run`() throws {
        var scene = try Self.scene(Self.chain)
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("a"), .fault(.permanent)))
        #expect(scene.end == .failed)
        let done = Self.seed(scene.run.plan)
        #expect(scene.refusal(of: .fork(done, retrying: [TaskIndex(9)])) == "run.state")
        let lines = try scene.when(.fork(done, retrying: [TaskIndex(0)]))
        #expect(lines == ["forked fork at 8", "reset a b c", "recovered"])
        #expect(scene.end == nil)
        #expect(try scene.when(.slots(9)) == ["attempt a#2 by w", "owed a#2.1/1"])
    }

    @Test func `a strict part that failed ended its pattern, and ends no fork; who takes part in that stays as it was`()
        throws
    {
        var whole = Sketch.task("p")
        whole.pattern = .parallel
        whole.subtasks = [Sketch.task("a"), Sketch.task("b")]
        whole.subtasks[0].strict = true
        var plan = Sketch.plan([Sketch.agent("w", most: 9)], [whole, Sketch.task("x")])
        plan.defaults.maxRetryAttempts = 1
        var scene = try RunScene(plan.unfolded)
        try scene.when(.slots(9))
        let failed = StepResult.failed(Failure(.permanent, "x.y", "no luck", remedy: "none"), .none)
        for task in ["a", "x"] { try scene.when(.returned(scene.key(TaskID(task)), failed)) }
        try scene.when(.returned(scene.key("b"), .done))
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("p"), failed))
        var other = scene.run.plan
        other.tasks[0].rounds = 2
        #expect(throws: Refusal.self) { try scene.when(.fork(Self.seed(other)), by: .person("ada")) }
        let lines = try scene.when(.fork(Self.seed(scene.run.plan), retrying: [scene.task("x")]), by: .person("ada"))
        #expect(!lines.contains { $0.contains("stopping") }, "\(lines)")
        #expect(scene.state("x") == "ready")
    }

    @Test func `a strict task that failed ends the fork too, unless it begins anew`() throws {
        var strict = Sketch.task("a")
        strict.strict = true
        var scene = try Self.scene([strict, Sketch.task("b"), Sketch.task("c", after: ["b"])])
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("a"), .fault(.permanent)))
        var early = scene
        let stopped = try early.when(.fork(Self.seed(scene.run.plan), isCarried: false))
        #expect(stopped.contains("stopping strict a"))
        try early.when(.recovered(engine: "later"))
        #expect(early.end == .failed)
        try scene.when(.returned(scene.key("b"), .halted))
        #expect(scene.end == .failed)
        var ended = scene
        try ended.when(.fork(Self.seed(scene.run.plan)))
        #expect(ended.end == .failed)
        try scene.when(.fork(Self.seed(scene.run.plan), retrying: [TaskIndex(0)]))
        #expect(scene.end == nil)
    }

    @Test func `what was cancelled behind a task begins anew with it, and nothing else does`() throws {
        var first = Sketch.task("a")
        first.strict = true
        let others = [Sketch.task("d"), Sketch.task("e", after: ["b", "d"])]
        var scene = try Self.scene([first, Sketch.task("b", after: ["a"]), Sketch.task("c", after: ["b"])] + others)
        try scene.when(.slots(1))
        try scene.when(.returned(scene.key("a"), .fault(.permanent)))
        #expect(scene.end == .failed)
        let lines = try scene.when(.fork(Self.seed(scene.run.plan), retrying: [TaskIndex(0)]))
        // `e` was given up with `b`, but needs `d` as well, which nobody wants done.
        #expect(lines.dropFirst().first == "reset a b c")
        #expect(scene.end == nil)
        #expect(["d", "e"].map { scene.state(TaskID($0)) } == ["cancelled", "skipped"])
    }

    @Test func `what had begun before it was cancelled begins anew only if it is named`() throws {
        var after = Sketch.task("b", after: ["a"])
        after.onDependencyFailure = .run
        var scene = try Self.scene([Sketch.task("a"), after], repeatable: false)
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("a"), .fault(.permanent)))
        try scene.when(.slots(9))
        try scene.when(.cancel, by: .person("p"))
        try scene.when(.returned(scene.key("b"), .stopped(.none)))
        var whole = scene
        let lines = try scene.when(.fork(Self.seed(scene.run.plan), retrying: [TaskIndex(0)]))
        #expect(lines.dropFirst().first == "reset a")
        #expect(scene.state("b") == "cancelled")
        let both = try whole.when(.fork(Self.seed(whole.run.plan), retrying: [TaskIndex(0), TaskIndex(1)]))
        #expect(both.dropFirst().first == "reset a b")
    }

    @Test func `a task is not begun anew in vain`() throws {
        var scene = try Self.scene(Self.chain)
        try scene.when(.slots(9))
        try scene.when(.cancel, by: .person("p"))
        try scene.when(.returned(scene.key("a"), .stopped(.none)))
        let seed = Self.seed(scene.run.plan)
        #expect(scene.refusal(of: .fork(seed, retrying: [TaskIndex(1)])) == "run.state")
        // The fork may need it no more.
        var plan = scene.run.plan
        plan.tasks[1].dependencies = []
        var free = scene
        #expect(free.refusal(of: .fork(Self.seed(plan), retrying: [TaskIndex(1)])) == nil)
        let lines = try scene.when(.fork(seed, retrying: [TaskIndex(0), TaskIndex(1)]))
        #expect(lines.dropFirst().first == "reset a b c")
    }

    @Test func `a fork has the whole time budget, and people as long as they had left`() throws {
        var plan = Sketch.plan([Sketch.agent("w")], [Sketch.task("a"), Sketch.task("b")])
        plan.budget.time = .seconds(60)
        plan.tasks[0].needsApproval = true
        plan.tasks[0].answerWithin = .seconds(30)
        var scene = try RunScene(plan)
        try scene.when(.slots(9))
        scene.pass(.seconds(20))
        try scene.when(.returned(scene.key("b"), .done))
        scene.pass(.seconds(3600))
        try scene.when(.fork(Self.seed(plan)), by: .person("p"))
        #expect(try scene.when(.tick) == [])
        #expect(scene.run.openQuestions.first?.deadline == scene.now + .seconds(10))
        scene.pass(.seconds(10))
        #expect(try scene.when(.tick).first == "answered q1 fail")
    }

    @Test func `a fork of a run whose time was over has time again`() throws {
        var scene = try Self.scene([Sketch.task("a"), Sketch.task("b", after: ["a"])])
        var plan = scene.run.plan
        plan.budget.time = .seconds(60)
        scene = try RunScene(plan)
        try scene.when(.slots(9))
        scene.pass(.seconds(60))
        #expect(try scene.when(.tick).first == "stopping time_limit")
        try scene.when(.returned(scene.key("a"), .stopped(.none)))
        scene.pass(.seconds(5))
        try scene.when(.fork(Self.seed(plan), retrying: [TaskIndex(0)]), by: .person("p"))
        scene.pass(.seconds(59))
        #expect(try scene.when(.tick) == [])
        scene.pass(.seconds(1))
        #expect(try scene.when(.tick).first?.hasPrefix("stopping") == true)
    }

    @Test func `a fork that waits for an engine has its time when one takes it up`() throws {
        var plan = Sketch.plan([Sketch.agent("w")], [Sketch.task("a")])
        plan.budget.time = .seconds(60)
        var scene = try RunScene(plan)
        try scene.when(.slots(9))
        try scene.when(.fork(Self.seed(plan), isCarried: false), by: .person("p"))
        scene.pass(.seconds(3600))
        try scene.when(.recovered(engine: "later"))
        #expect(try scene.when(.tick) == [])
        scene.pass(.seconds(59))
        #expect(try scene.when(.tick) == [])
        // It is taken over by another one: that time counts.
        scene.pass(.seconds(1))
        try scene.when(.recovered(engine: "third"))
        #expect(try scene.when(.tick).first?.hasPrefix("stopping") == true)
    }

    @Test func `all that is unfinished begins anew, but for what was left out on purpose and what needs that`() throws {
        let tasks = [
            Sketch.task("a") { $0.maxAttempts = 1 }, Sketch.task("b", after: ["a"]), Sketch.task("s"),
            Sketch.task("t", after: ["s"]), Sketch.task("u", after: ["t", "a"]),
        ]
        var scene = try Self.scene(tasks)
        try scene.when(.skip(scene.task("s"), note: "no"), by: .person("p"))
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("a"), .fault(.permanent)))
        #expect(scene.end == .failed)
        #expect(scene.run.unfinished == [scene.task("a"), scene.task("b")])
        let lines = try scene.when(.fork(Self.seed(scene.run.plan), retrying: scene.run.unfinished))
        #expect(lines.dropFirst().first == "reset a b")
    }

    @Test func `a fork of what has ended, with nothing changed, has ended`() throws {
        var scene = try Self.scene([Sketch.task("a")])
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("a"), .done))
        #expect(try scene.when(.fork(Self.seed(scene.run.plan))).last == "run completed")
    }

    @Test func `at every event of a history a fork goes on to an end and folds to the same`() throws {
        for seed: UInt64 in 0..<12 {
            let facts = try Schedule.seed(seed).history()
            for count in stride(from: 1, through: facts.count, by: 1 + facts.count / 25) {
                var run = try #require(RunScene.fold(Array(facts[..<count])))
                var plan = run.plan
                if count % 3 == 0 { plan.tasks[count % plan.tasks.count].description += "!" }
                var out = Emission()
                try run.handle(.fork(Self.seed(plan)), at: run.now, by: .engine, &out)
                let folded = try #require(RunScene.fold(Array(facts[..<count]) + out.facts))
                #expect(Essence(folded) == Essence(run), "seed \(seed), event \(count)")
                let inHand = run.records.reduce(0) { $0 + $1.inHand }
                #expect(inHand >= 0 && run.counts.inHand >= 0 && run.counts.ready >= 0)
            }
        }
    }

    @Test(arguments: [(1, RunEnd.partial), (0, RunEnd.cancelled)])
    func `what another run gave up is not done in its fork`(completed: Int, end: RunEnd) throws {
        var scene = try RunScene(Sketch.plan([Sketch.agent("w")], [Sketch.task("a"), Sketch.task("b")]))
        if completed == 1 {
            try scene.when(.slots(1))
            try scene.when(.returned(scene.key("a"), .done))
        }
        try scene.when(.cancel)
        try scene.when(.fork(Self.seed(scene.run.plan)))
        #expect(scene.end == end)
    }
}
