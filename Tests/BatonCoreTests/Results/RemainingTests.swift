import Testing

@testable import BatonCore

/// The time left of a run, worked out by hand.
@Suite struct RemainingTests {
    private static let hour = Duration.seconds(3600)

    private static func task(
        _ id: TaskID,
        _ hours: Double,
        by agent: AgentID?,
        type: String? = nil,
        after: [TaskID] = []
    )
        -> TaskSpec
    {
        Sketch.task(id, after: after) {
            $0.estimatedHours = hours
            $0.assignedAgent = agent
            $0.type = type
        }
    }

    private static func scene() throws -> RunScene {
        try RunScene(
            Sketch.plan(
                [Sketch.agent("w", most: 2), Sketch.agent("v", most: 2)],
                [
                    Self.task("scan1", 1, by: "w", type: "scan"),
                    Self.task("scan2", 2, by: "v", type: "scan", after: ["scan1"]),
                    Self.task("x", 1, by: "v"), Self.task("y", 3, by: "v", after: ["x"]),
                    Self.task("z", 1, by: nil, after: ["scan1"]),
                ]
            )
        )
    }

    private static func sheet(_ scene: RunScene) throws -> RunSheet { try #require(RunSheet(scene.facts)) }

    @Test func `what is left follows the type, then the agent, then the run`() throws {
        var scene = try Self.scene()
        // By the plan: x and y take four hours, scan1 and scan2 three; v has six hours for two at a time.
        #expect(try Self.sheet(scene).remaining() == Self.hour * 4)
        #expect(try Self.sheet(scene).progress.isMeasured == false)
        try scene.when(.slots(9))
        scene.pass(.seconds(1800))
        try scene.when(.returned(scene.key("x"), .done))
        // x took half its estimate: y takes 1.5 hours by the speed of v, scan1 is due by that of the run, scan2 takes one.
        #expect(try Self.sheet(scene).remaining() == .seconds(5400))
        #expect(try Self.sheet(scene).progress.isMeasured)
        try scene.when(.slots(9))
        scene.pass(.seconds(5400))
        try scene.when(.returned(scene.key("scan1"), .done))
        // scan1 took twice its estimate: so will scan2, whoever does it; y is due, z takes 1.25 hours.
        #expect(try Self.sheet(scene).remaining() == Self.hour * 4)
        #expect(try Self.sheet(scene).remaining(at: scene.now + Self.hour) == Self.hour * 4)
        try scene.when(.slots(9))
        #expect(try Self.sheet(scene).remaining(at: scene.now + Self.hour) == Self.hour * 3)
        #expect(try Self.sheet(scene).json["eta_seconds"] == 14400.0)
    }

    @Test func `many tasks beside each other take as long as the slots need for them`() throws {
        let tasks = (1...12).map { Self.task(TaskID("t\($0)"), 1, by: nil) }
        var plan = Sketch.plan([Sketch.agent("w", most: 2), Sketch.agent("v", most: 4)], tasks)
        // Six at a time.
        #expect(try Self.sheet(try RunScene(plan)).remaining() == Self.hour * 2)
        plan.defaults.maxConcurrentTasks = 3
        #expect(try Self.sheet(try RunScene(plan)).remaining() == Self.hour * 4)
        plan.defaults.enableParallelExecution = false
        #expect(try Self.sheet(try RunScene(plan)).remaining() == Self.hour * 12)
    }

    @Test func `nothing is said while a person is asked, and nothing is left at the end`() throws {
        let tasks = [Self.task("own", 1, by: "ann"), Self.task("then", 1, by: "w", after: ["own"])]
        var scene = try RunScene(Sketch.plan([Sketch.agent("ann", type: "person"), Sketch.agent("w")], tasks))
        try scene.when(.slots(9))
        #expect(try Self.sheet(scene).remaining() == nil)
        try scene.when(.cancel)
        #expect(try Self.sheet(scene).remaining() == .zero)
    }

    @Test func `whoever shows it counts down between two ends`() throws {
        var scene = try Self.scene()
        try scene.when(.slots(9))
        var eta = Eta()
        eta.take(try Self.sheet(scene).progress)
        #expect(eta.left(at: scene.now + Self.hour) == Self.hour * 3)
        #expect(eta.left(at: scene.now + Self.hour * 9) == nil, "it takes longer than was thought")
        #expect(!eta.isMeasured)
        scene.pass(.seconds(1800))
        try scene.when(.returned(scene.key("x"), .done))
        eta.take(try Self.sheet(scene).progress)
        #expect(eta.left(at: scene.now) == .seconds(5400))
        #expect(eta.isMeasured)
    }

    @Test func `times of a journal that no plan has foreseen do not trap`() throws {
        let tasks = ["a", "b", "c"].map { Self.task($0, 100_000, by: "w") }
        var scene = try RunScene(Sketch.plan([Sketch.agent("w", most: 2)], tasks))
        try scene.when(.slots(9))
        scene.now = Timestamp(microseconds: .max / 2)
        try scene.when(.returned(scene.key("a"), .done))
        #expect(try Self.sheet(scene).remaining() != nil)
        #expect(try Self.sheet(scene).remaining(at: Timestamp(microseconds: .max)) != nil)
    }
}
