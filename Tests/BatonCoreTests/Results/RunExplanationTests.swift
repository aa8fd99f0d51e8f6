import BatonTestKit
import Testing

@testable import BatonCore

/// What is told of a run as a whole.
@Suite struct RunExplanationTests {
    private static func explanation(_ scene: RunScene) throws -> RunExplanation {
        RunExplanation(try #require(Inquiry(scene.facts, about: nil)), now: scene.now)
    }

    @Test func `failures are told by their roots, the one that brought down most first`() throws {
        let plan = Sketch.plan(
            [Sketch.agent("a", most: 9)],
            [
                Sketch.task("small"), Sketch.task("big"), Sketch.task("b1", after: ["big"]),
                Sketch.task("b2", after: ["b1"]),
                Sketch.task("b3", after: ["b2"]) { $0.onDependencyFailure = .fail },
                Sketch.task("s1", after: ["small"]),
            ]
        )
        var scene = try RunScene(plan)
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("small"), .fault(.permanent)))
        try scene.when(.returned(scene.key("big"), .fault(.permanent)))
        let told = try Self.explanation(scene)
        #expect(told.troubles.map(\.task) == [TaskIndex(1), TaskIndex(0)])
        #expect(told.troubles.map(\.victims) == [3, 1])
    }

    @Test func `a strict failure counts what it cancelled, and a task left out what needed it`() throws {
        var scene = try RunScene(
            Sketch.plan(
                [Sketch.agent("a")],
                [Sketch.task("s") { $0.strict = true }, Sketch.task("x"), Sketch.task("y")]
            )
        )
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("s"), .fault(.permanent)))
        #expect(try Self.explanation(scene).troubles.map(\.victims) == [2])
        var left = try RunScene(
            Sketch.plan([Sketch.agent("a")], [Sketch.task("x"), Sketch.task("y", after: ["x"]), Sketch.task("z")])
        )
        try left.when(.skip(TaskIndex(0)), by: .person("ada"))
        try left.when(.skip(TaskIndex(2)), by: .person("ada"))
        let troubles = try Self.explanation(left).troubles
        // Of what nobody needed there is no trouble.
        #expect(troubles.map(\.task) == [TaskIndex(0)])
        #expect(troubles.first?.failure == nil)
    }

    @Test func `ready tasks are told by the busy agents that they wait for`() throws {
        let plan = Sketch.plan(
            [Sketch.agent("a"), Sketch.agent("b")],
            [
                Sketch.task("a1") { $0.assignedAgent = "a" }, Sketch.task("b1") { $0.assignedAgent = "b" },
                Sketch.task("a2") { $0.assignedAgent = "a" }, Sketch.task("b2") { $0.assignedAgent = "b" },
                Sketch.task("b3") { $0.assignedAgent = "b" },
            ]
        )
        var scene = try RunScene(plan)
        #expect(try Self.explanation(scene).queues.isEmpty)
        try scene.when(.slots(9))
        let told = try Self.explanation(scene)
        #expect(told.ready == 3)
        #expect(told.queues.map(\.tasks) == [[TaskIndex(3), TaskIndex(4)], [TaskIndex(2)]])
        #expect(told.queues.map(\.agents) == [[AgentIndex(1)], [AgentIndex(0)]])
        #expect(told.room == nil)
    }

    @Test func `all who attend a meeting were busy with it, and what is in hand counts up to now`() throws {
        let plan = Sketch.plan(
            [Sketch.agent("a"), Sketch.agent("b"), Sketch.agent("c")],
            [
                Sketch.task("meet") {
                    $0.isMeeting = true
                    $0.attendees = ["a", "b"]
                },
                Sketch.task("own") { $0.assignedAgent = "c" },
            ]
        )
        var scene = try RunScene(plan)
        try scene.when(.slots(9))
        scene.pass(.seconds(5))
        try scene.when(.returned(scene.key("meet"), .done))
        scene.pass(.seconds(2))
        let told = try Self.explanation(scene)
        #expect(told.shares.map(\.agent) == [AgentIndex(0), AgentIndex(2), AgentIndex(1)])
        #expect(told.shares.map(\.busy) == [.seconds(5), .seconds(7), .seconds(5)])
        #expect(told.shares.map(\.completed) == [1, 0, 0])
        #expect(told.longest.map(\.task) == [TaskIndex(1), TaskIndex(0)])
    }
}
