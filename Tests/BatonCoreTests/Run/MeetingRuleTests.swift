import Testing

@testable import BatonCore

/// Meetings as tasks of a run.
@Suite struct MeetingRuleTests {
    private static func scene(
        most: Int? = nil,
        _ change: (inout TaskSpec) -> Void = { _ in }
    ) throws -> RunScene {
        var task = Sketch.task("m")
        (task.isMeeting, task.attendees, task.rounds) = (true, ["ann", "bob"], 3)
        change(&task)
        var plan = Sketch.plan([Sketch.agent("ann"), Sketch.agent("bob")], [task])
        plan.defaults.maxRetryAttempts = 1
        plan.budget.fanOut = most
        return try RunScene(plan.unfolded)
    }

    private static func says(_ words: JSON) -> StepResult { .done(.inline(words), .none) }
    private static let fails = StepResult.failed(Failure(.permanent, "x.y", "no luck", remedy: "none"), .none)

    private static func open(_ scene: inout RunScene) throws {
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("m.open"), Self.says([:])))
        try scene.when(.slots(9))
    }

    @Test func `all of a round speak at once, and the next round waits for all of them`() throws {
        var scene = try Self.scene()
        #expect(try scene.when(.slots(9)).first?.hasPrefix("attempt m.open#1 by baton") == true)
        #expect(scene.run.records.map(\.inHand) == [1, 1, 1])
        try scene.when(.returned(scene.key("m.open"), Self.says([:])))
        let lines = try scene.when(.slots(9))
        #expect(lines.filter { $0.hasPrefix("attempt") } == ["attempt m.ann.r1#1 by ann", "attempt m.bob.r1#1 by bob"])
        try scene.when(.returned(scene.key("m.ann.r1"), Self.says("tea")))
        #expect(try scene.when(.slots(9)).isEmpty)
        try scene.when(.returned(scene.key("m.bob.r1"), Self.says("milk")))
        #expect(try scene.when(.slots(9)).count { $0.hasPrefix("attempt") } == 2)
        #expect(scene.run.counts.all.total == 8 && scene.run.counts.shown.total == 1)
    }

    @Test func `a person is asked with what was said before to them`() throws {
        var task = Sketch.task("m")
        (task.isMeeting, task.attendees, task.rounds, task.isBroadcast) = (true, ["ann", "bob", "eve"], 2, false)
        var eve = Sketch.agent("eve")
        eve.type = "person"
        let plan = Sketch.plan([Sketch.agent("ann"), Sketch.agent("bob"), eve], [task])
        var scene = try RunScene(plan.unfolded)
        try Self.open(&scene)
        let first = try #require(scene.run.questions.values.first)
        #expect(!first.text.contains("said:"))
        try scene.when(.returned(scene.key("m.ann.r1"), Self.says("tea")))
        try scene.when(.returned(scene.key("m.bob.r1"), Self.says("@ann a secret")))
        try scene.when(.answer(first.id, Answer(.done, content: .inline("milk"))), by: .person("eve"))
        try scene.when(.slots(9))
        let second = try #require(scene.run.questions.values.first)
        #expect(second.text.hasSuffix("\nann said: tea\neve said: milk"), "\(second.text)")
    }

    @Test func `only what the engine itself makes of a meeting is hidden in it`() throws {
        var task = Sketch.task("m")
        (task.isMeeting, task.attendees) = (true, ["ann", "bob"])
        let plan = Sketch.plan([Sketch.agent("ann"), Sketch.agent("bob")], [task]).unfolded
        #expect(plan.tasks.filter(\.isOfMeeting).count == 9)
        var part = Sketch.task("own")
        (part.isMeeting, part.partOf) = (true, "m")
        #expect(!part.isOfMeeting)
        // As older runs have them.
        (part.id, part.attendees) = ("m.1", ["ann"])
        #expect(!part.isOfMeeting)
    }

    @Test func `in silence it is over, and nobody who failed keeps it up`() throws {
        var scene = try Self.scene()
        try Self.open(&scene)
        try scene.when(.returned(scene.key("m.ann.r1"), Self.fails))
        let lines = try scene.when(.returned(scene.key("m.bob.r1"), Self.says("PASS")))
        #expect(lines.filter { $0.contains("decided") }.count == 4, "\(lines)")
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("m"), Self.says("minutes")))
        #expect(scene.end == .completed)
    }

    private static let decided: JSON = [
        "action_items": [
            ["text": "boil water", "owner": "bob", "due": "in 1 days"], ["text": "buy tea", "owner": "ann"],
            ["text": "invite all", "owner": "ann"],
        ]
    ]

    @Test func `what a meeting decides are tasks before it is over, as many as agents may add`() throws {
        for most in [nil, 2] {
            var scene = try Self.scene(most: most)
            scene.foldsAlong = false
            try Self.open(&scene)
            for part in ["m.ann.r1", "m.bob.r1"] as [TaskID] {
                try scene.when(.returned(scene.key(part), Self.says("PASS")))
            }
            try scene.when(.slots(9))
            let lines = try scene.when(.returned(scene.key("m"), Self.says(Self.decided)))
            let all = ["m.action-1", "m.action-2", "m.action-3"].prefix(most ?? 3)
            #expect(lines.first { $0.hasPrefix("added") } == "added \(all.joined(separator: " "))", "\(lines)")
            let next = try scene.when(.slots(9)).filter { $0.hasPrefix("attempt") }
            #expect(next.contains("attempt m.action-1#1 by bob"), "\(next)")
            #expect(scene.run.asker(of: scene.task("m.action-1"))?.trust == .agent)
        }
    }

    @Test func `a meeting that is not opened has nothing said in it`() throws {
        var scene = try Self.scene()
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("m.open"), Self.fails))
        #expect(["m.ann.r1", "m.bob.r1", "m.ann.r3", "m.bob.r3"].allSatisfy { scene.state($0) == "skipped" })
    }

    @Test func `whoever is busy keeps a meeting from being opened, and nobody else from working`() throws {
        var plan = Sketch.plan(
            [Sketch.agent("ann"), Sketch.agent("bob")],
            [Sketch.task("long"), Sketch.task("m"), Sketch.task("other")]
        )
        for (place, agent) in [(0, "ann"), (2, "bob")] { plan.tasks[place].assignedAgent = AgentID(agent) }
        (plan.tasks[1].isMeeting, plan.tasks[1].attendees, plan.tasks[0].priority) = (true, ["ann", "bob"], 5)
        var scene = try RunScene(plan.unfolded)
        let lines = try scene.when(.slots(9))
        #expect(
            lines.filter { $0.hasPrefix("attempt") } == ["attempt long#1 by ann", "attempt other#1 by bob"],
            "\(lines)"
        )
    }
}
