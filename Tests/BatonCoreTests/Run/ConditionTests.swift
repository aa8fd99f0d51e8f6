import Testing

@testable import BatonCore

/// Tasks that begin only if others returned something.
@Suite struct ConditionTests {
    private static func plan(_ change: (inout Plan) -> Void = { _ in }) -> Plan {
        let ann = Sketch.agent("ann", most: 9)
        let tasks = [
            Sketch.task("review"),
            Sketch.task("fix", after: ["review"]) {
                $0.conditions = [Condition("review", field: "verdict", is: "changes")]
            },
            Sketch.task("test-fix", after: ["fix"]),
            Sketch.task("publish", after: ["review", "test-fix"]),
        ]
        return Sketch.plan([ann], tasks, change)
    }

    private static func scene(_ review: JSON, _ change: (inout Plan) -> Void = { _ in }) throws -> (RunScene, [String])
    {
        var scene = try RunScene(Self.plan(change))
        try scene.when(.slots(9))
        let lines = try scene.when(.returned(scene.key("review"), .done(.inline(review), .none)))
        return (scene, lines)
    }

    @Test func `a task whose condition does not hold is left out with its branch, and what else is needed goes on`()
        throws
    {
        var (scene, lines) = try Self.scene(["verdict": "pass"])
        #expect(
            lines.suffix(2) == [
                "end fix skipped as unneeded after review", "end test-fix skipped as unneeded after fix",
            ]
        )
        #expect(try scene.when(.slots(9)).first == "attempt publish#1 by ann")
        try scene.when(.returned(scene.key("publish"), .done(.inline("out"), .none)))
        // Nothing is missing in what came of it.
        #expect(scene.end == .completed)
        #expect(scene.run.counts.all.skipped == 2)
    }

    @Test func `a task whose condition holds runs, whatever the letter case`() throws {
        var (scene, lines) = try Self.scene(["verdict": "Changes."])
        #expect(lines.last == "end review completed")
        #expect(try scene.when(.slots(9)).first == "attempt fix#1 by ann")
    }

    @Test func `where what it asks about did not complete, its rule for that is what counts`() throws {
        var scene = try RunScene(Self.plan { $0.tasks[1].onDependencyFailure = .run })
        try scene.when(.slots(9))
        let lines = try scene.when(.skip(scene.task("review"), note: ""))
        #expect(lines.last?.hasPrefix("stop") == true)
        let ended = try scene.when(.returned(scene.key("review"), .stopped(.none)))
        // Nothing was returned, so the condition does not hold.
        #expect(ended.contains("end fix skipped as unneeded after review"))
    }

    @Test func `a task that does without what it needs also does without what was left out`() throws {
        var (scene, _) = try Self.scene(["verdict": "pass"]) { $0.tasks[2].onDependencyFailure = .run }
        #expect(try scene.when(.slots(9)).first == "attempt test-fix#1 by ann")
    }

    @Test func `a pattern whose condition does not hold is left out with its parts`() throws {
        let (scene, lines) = try Self.scene(["verdict": "pass"]) { plan in
            plan.tasks[1].pattern = .sequential
            plan.tasks[1].subtasks = [TaskSpec(id: "one"), TaskSpec(id: "two")]
            plan = plan.unfolded
        }
        #expect(lines.filter { $0.contains("unneeded") }.count == 4, "\(lines)")
        #expect(scene.run.record(scene.task("fix"))?.state.word == "skipped")
    }

    @Test func `nobody is asked whether a task may begin that nobody needs`() throws {
        let (scene, _) = try Self.scene(["verdict": "pass"]) { $0.tasks[1].needsApproval = true }
        #expect(scene.run.openQuestions.isEmpty && scene.state("fix") == "skipped")
    }

    @Test func `what was left out begins anew with what it looks at`() throws {
        var (scene, _) = try Self.scene(["verdict": "pass"]) { plan in
            plan.tasks.append(
                Sketch.task("more", after: ["other", "review"]) {
                    $0.conditions = [Condition("review", field: "verdict", is: "changes")]
                    $0.onDependencyFailure = .run
                }
            )
            plan.tasks.append(Sketch.task("other"))
        }
        try scene.when(.slots(9))
        let failure = Failure(.permanent, "x.y", "no luck", remedy: "none")
        try scene.when(.returned(scene.key("other"), .failed(failure, .none)))
        #expect(scene.state("more") == "skipped")
        let lines = try scene.when(.retry(scene.task("other")))
        #expect(lines.first?.contains("more") == true, "\(lines)")
        #expect(scene.state("more") == "waiting")
    }

    private static func rehearsed(_ plan: Plan) throws -> [String] {
        var scene = try RunScene(plan, mode: .rehearsal)
        for _ in plan.tasks {
            try scene.when(.slots(9))
            for key in scene.run.owed.keys.sorted() {
                try scene.when(.returned(key, .done(.inline("made up"), .none)))
            }
        }
        return scene.run.tasks.map(\.state.word)
    }

    @Test func `a rehearsal plays every branch, as what stand-ins return is made up`() throws {
        var plan = Self.plan()
        plan.tasks[1].conditions = [Condition("review", is: "never")]
        let ends = try Self.rehearsed(plan)
        #expect(ends.allSatisfy { $0 == "completed" })
    }

    @Test(
        arguments: [
            (Condition("a", is: ["x": 1]), ["x": 1.0] as JSON, true),
            (Condition("a", field: "x.1", is: "b"), ["x": ["a", "B"]], true),
            (Condition("a", field: "x.9", is: .null), ["x": ["a", "B"]], true),
            (Condition("a", field: "score", in: 5...8), ["score": 8], true),
            (Condition("a", field: "score", in: 5...8), ["score": "7.5"], true),
            (Condition("a", field: "score", in: 5...8), ["score": 8.5], false),
            (Condition("a", field: "score", in: 5...8), ["score": "many"], false),
            (Condition("a", isNot: "pass"), "Pass!", false),
            (Condition("a", isNot: "pass"), .null, true),
        ] as [(Condition, JSON, Bool)]
    )
    func `a condition looks at a field, by value`(_ condition: Condition, _ output: JSON, _ holds: Bool) {
        #expect(condition.holds(for: output) == holds)
    }

    @Test func `a piece is looked for as it is written, but for case and blanks`() {
        var piece = Condition(task: "a")
        for (wanted, holds) in [("!", false), ("all.", false), ("ALL  fine", true), (".", false)] {
            piece.containing = .string(wanted)
            #expect(piece.holds(for: "all fine") == holds, "\(wanted)")
        }
        piece.containing = "!"
        #expect(piece.holds(for: "all fine!"))
    }

    @Test func `what is too long to be looked into is not taken for nothing`() throws {
        var scene = try RunScene(Self.plan { $0.tasks[1].conditions = [Condition("review", isNot: "pass")] })
        try scene.when(.slots(9))
        let long = Content.stored(.zero, bytes: 200_000)
        try scene.when(.returned(scene.key("review"), .done(long, .none)))
        #expect(scene.state("fix") == "skipped")
    }

    @Test func `a condition may ask for one of several values, or for a piece`() {
        var one = Condition(task: "a")
        one.oneOf = ["pass", 1]
        #expect(one.holds(for: "PASS") && one.holds(for: 1.0) && !one.holds(for: 2))
        var piece = Condition(task: "a")
        piece.containing = "Error"
        #expect(piece.holds(for: "an error occurred") && piece.holds(for: ["error"]) && !piece.holds(for: 4))
        #expect(piece.words == "what a returned holds Error")
        #expect(one.words == "what a returned is one of pass, 1")
    }
}
