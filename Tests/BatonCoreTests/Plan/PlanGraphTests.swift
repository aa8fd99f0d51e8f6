import BatonCore
import Testing

/// Who waits for whom.
@Suite struct PlanGraphTests {
    @Test func `both ways of looking at an edge agree, each in the order of the plan and each edge once`() {
        var first = TaskSpec(id: "a")
        first.followUps = ["c", "c"]
        let tasks = [
            first, TaskSpec(id: "b", dependencies: ["d", "a", "a"]), TaskSpec(id: "c", dependencies: ["b"]),
            TaskSpec(id: "d"), TaskSpec(id: "e", description: "of {{tasks.a.output}}"),
        ]
        let graph = PlanGraph(tasks)
        let rows = tasks.indices.map { TaskIndex($0) }
        #expect(rows.map { Array(graph.dependencies[$0]) } == [[], [0, 3], [0, 1], [], [0]])
        #expect(rows.map { Array(graph.dependents[$0]) } == [[1, 2, 4], [2], [], [1], []])
        #expect(graph.knowsAllNames)
    }

    @Test(arguments: [
        TaskSpec(id: "b", dependencies: ["nobody"]), TaskSpec(id: "b", description: "of {{tasks.nobody.output}}"),
    ])
    func `a name that is none of the plan's tasks is noticed`(task: TaskSpec) {
        #expect(!PlanGraph([TaskSpec(id: "a"), task]).knowsAllNames)
    }
}
