import BatonCore
import Testing

/// Limits of the plan hold for tasks that set none, and a task's own go before them.
@Suite struct LimitTests {
    private static let usual = Sketch.task("usual") { $0.assignedAgent = "w" }

    private static func scene(
        own: (inout TaskSpec) -> Void,
        _ defaults: (inout Plan.Defaults) -> Void
    ) throws -> RunScene {
        let task = Sketch.task("own") {
            $0.assignedAgent = "v"
            own(&$0)
        }
        var scene = try RunScene(
            Sketch.plan([Sketch.agent("w"), Sketch.agent("v")], [Self.usual, task]) { defaults(&$0.defaults) }
        )
        try scene.when(.slots(2))
        return scene
    }

    @Test func `an attempt may last as long as the plan says, or its task, or an hour`() throws {
        var scene = try Self.scene(own: { $0.timeout = .seconds(3) }, { $0.taskTimeout = .seconds(7) })
        scene.pass(.seconds(3))
        #expect(try scene.when(.tick) == ["stop own#1.1/1 timed_out"])
        scene.pass(.seconds(4))
        #expect(try scene.when(.tick) == ["stop usual#1.1/1 timed_out"])
        let plain = try Self.scene(own: { $0.timeout = .seconds(3601) }, { _ in })
        #expect(plain.run.nextWake == RunScene.noon + .seconds(3600))
    }

    @Test func `attempts are as many as the plan says, or its task, or three`() throws {
        for (most, own, attempts) in [(2, 1, [2, 1]), (nil, 4, [3, 4])] as [(Int?, Int, [Int])] {
            var scene = try Self.scene(
                own: { $0.maxAttempts = own },
                { $0.maxRetryAttempts = most ?? $0.maxRetryAttempts }
            )
            while scene.end == nil {
                for id in ["usual", "own"] as [TaskID] where scene.state(id) == "running" {
                    try scene.when(.returned(scene.key(id), .fault(.transient)))
                }
                scene.pass(.seconds(60))
                guard scene.end == nil else { break }
                try scene.when(.tick)
                try scene.when(.slots(2))
            }
            #expect(scene.run.tasks.map { Int($0.attempts) } == attempts)
        }
    }

    @Test func `the wait is that of the plan, or of the task, less a quarter at most`() throws {
        var scene = try Self.scene(own: { $0.retryDelay = .seconds(4) }, { $0.retryDelay = .seconds(40) })
        for (id, seconds) in [("usual", 40), ("own", 4)] as [(TaskID, Int)] {
            try scene.when(.returned(scene.key(id), .fault(.transient)))
            guard case .taskRested(_, let until, _)? = scene.facts.last?.event else {
                Issue.record("\(id) does not rest")
                continue
            }
            #expect(until - scene.now <= .seconds(seconds))
            #expect(until - scene.now >= .seconds(seconds) * 3 / 4)
        }
    }

    @Test func `engines that die between attempts and within them give nobody more attempts`() throws {
        var agent = Sketch.agent("w")
        agent.repeatable = true
        var scene = try RunScene(Sketch.plan([agent], [Sketch.task("a")]))
        var rounds = 0
        while scene.end == nil, rounds < 10 {
            rounds += 1
            try scene.when(.slots(1))
            try scene.when(.recovered(engine: "next"))
            try scene.when(.returned(scene.key("a"), .fault(.transient)))
            guard scene.end == nil else { break }
            try scene.when(.recovered(engine: "next"))
            scene.pass(.seconds(60))
            try scene.when(.tick)
        }
        #expect(rounds == 3)
        #expect(scene.run.tasks[0].attempts == 3)
    }
}
