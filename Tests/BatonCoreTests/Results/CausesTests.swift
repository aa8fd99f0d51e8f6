import BatonTestKit
import Testing

@testable import BatonCore

/// Which task is behind another.
@Suite struct CausesTests {
    private static func names(_ tasks: [TaskIndex], _ run: Run) -> [String] { tasks.map { run.spec($0).id.text } }

    private static func failed(_ tasks: [TaskSpec]) throws -> Run {
        var scene = try RunScene(Sketch.plan([Sketch.agent("a", most: 9)], tasks))
        try scene.when(.slots(99))
        try scene.when(.returned(scene.key("root"), .fault(.permanent)))
        return scene.run
    }

    @Test func `of a skipped task the chain leads to the failure`() throws {
        let run = try Self.failed([
            Sketch.task("root"), Sketch.task("b", after: ["root"]), Sketch.task("c", after: ["b"]),
            Sketch.task("d", after: ["c"]),
        ])
        let causes = Causes(of: run)
        #expect(Self.names(causes.chain(behind: TaskIndex(3)), run) == ["c", "b", "root"])
        #expect(causes.root(of: TaskIndex(3)) == TaskIndex(0))
        #expect(causes.root(of: TaskIndex(0)) == TaskIndex(0))
        #expect(causes.chain(behind: TaskIndex(0)) == [])
    }

    @Test func `a task that fails with its dependency names the one of its message`() throws {
        let run = try Self.failed([
            Sketch.task("root"), Sketch.task("other") { $0.dependencies = ["root"] },
            Sketch.task("t", after: ["other"]) { $0.onDependencyFailure = .fail },
        ])
        let causes = Causes(of: run)
        #expect(Self.names(causes.chain(behind: TaskIndex(2)), run) == ["other", "root"])
    }

    @Test func `of several open dependencies the one that needs a person goes first`() throws {
        let plan = Sketch.plan(
            [Sketch.agent("a", most: 9), Sketch.agent("p", type: "person")],
            [
                Sketch.task("busy") { $0.assignedAgent = "a" }, Sketch.task("ask") { $0.assignedAgent = "p" },
                Sketch.task("between", after: ["ask"]), Sketch.task("last", after: ["busy", "between"]),
            ]
        )
        var scene = try RunScene(plan)
        try scene.when(.slots(9))
        let causes = Causes(of: scene.run)
        #expect(Self.names(causes.chain(behind: TaskIndex(3)), scene.run) == ["between", "ask"])
    }

    @Test func `a strict failure is behind all that it cancelled`() throws {
        let run = try Self.failed([
            Sketch.task("root") { $0.strict = true }, Sketch.task("x") { $0.assignedAgent = "a" },
            Sketch.task("y", after: ["x"]),
        ])
        #expect(Causes(of: run).cause(of: TaskIndex(2)) == TaskIndex(0))
    }

    @Test func `what a forged journal names leads nowhere, and a circle of it ends`() throws {
        let plan = Sketch.plan([Sketch.agent("a")], [Sketch.task("x"), Sketch.task("y"), Sketch.task("z")])
        var scene = try RunScene(plan)
        let ends: [(Int, SkipReason)] = [
            (0, .dependency(TaskIndex(1))), (1, .dependency(TaskIndex(0))), (2, .dependency(TaskIndex(99))),
        ]
        for (task, reason) in ends {
            let event = Event.taskEnded(TaskIndex(task), .skipped(reason))
            scene.append(Recorded(position: scene.run.head.next, at: scene.now, by: .engine, event: event))
        }
        #expect(scene.run.damage == nil)
        let inquiry = try #require(Inquiry(scene.facts, about: "x"))
        #expect(inquiry.causes.chain(behind: TaskIndex(0)).count <= 2)
        #expect(inquiry.causes.cause(of: TaskIndex(2)) == nil)
        #expect(try #require(TaskExplanation(inquiry)).json(inquiry)["state"] == "skipped")
        #expect(RunExplanation(inquiry).json(inquiry)["failures"] == [])
    }

    @Test func `a chain of ten thousand and a fan of as many are walked once`() throws {
        let count = 10_000
        var tasks = (0..<count).map { number in
            TaskSpec(id: TaskID("t\(number)"), dependencies: number == 0 ? [] : [TaskID("t\(number - 1)")])
        }
        tasks.append(TaskSpec(id: "all", dependencies: (0..<count).map { TaskID("t\($0)") }))
        var scene = try RunScene(Sketch.plan([Sketch.agent("a")], tasks))
        scene.foldsAlong = false
        let waiting = try #require(Inquiry(scene.facts, about: "all"))
        let explanation = try #require(TaskExplanation(waiting))
        #expect(explanation.waits.count == count)
        #expect(explanation.chain.last == TaskIndex(0))
        try scene.when(.slots(9))
        try scene.when(.returned(scene.key("t0"), .fault(.permanent)))
        let failed = try #require(Inquiry(scene.facts, about: nil))
        #expect(failed.causes.chain(behind: TaskIndex(count - 1)).count == count - 1)
        let run = RunExplanation(failed)
        #expect(run.troubles.map(\.victims) == [count])
    }
}
