import Testing

@testable import BatonCore

@Suite struct CriticalPathTests {
    private static func task(_ id: TaskID, _ hours: Double, after: [TaskID] = []) -> TaskSpec {
        Sketch.task(id, after: after) { $0.estimatedHours = hours }
    }

    private static let diamond = [
        task("a", 1), task("b", 2, after: ["a"]), task("c", 5, after: ["a"]), task("d", 1, after: ["b", "c"]),
    ]

    private static func names(_ path: CriticalPath, _ tasks: [TaskSpec]) -> [TaskID] {
        path.tasks.map { tasks[$0.offset].id }
    }

    @Test func `the estimates of a plan decide its critical path`() {
        let path = CriticalPath.byEstimates(Self.diamond, PlanGraph(Self.diamond))
        #expect(Self.names(path, Self.diamond) == ["a", "c", "d"])
        #expect(path.duration == .seconds(7 * 3600))
        #expect(path.source == .estimates)
    }

    @Test func `of chains as heavy as each other the one first in the plan is taken`() {
        let tasks =
            ["x", "y"].map { Self.task($0, 1) } + [Self.task("z", 1, after: ["y"]), Self.task("w", 1, after: ["x"])]
        #expect(Self.names(CriticalPath.byEstimates(tasks, PlanGraph(tasks)), tasks) == ["x", "w"])
    }

    @Test func `the chain of the most tasks does not look at estimates`() {
        let tasks = [Self.task("long", 90), Self.task("a", 0), Self.task("b", 0, after: ["a"])]
        let path = CriticalPath.bySteps(PlanGraph(tasks))
        #expect(Self.names(path, tasks) == ["a", "b"])
        #expect(path.duration == .zero)
    }

    @Test func `a path never leads into a cycle`() {
        let tasks = [
            Self.task("a", 1), Self.task("b", 9, after: ["a", "c"]), Self.task("c", 9, after: ["b"]),
            Self.task("d", 1, after: ["a"]),
        ]
        #expect(Self.names(CriticalPath.byEstimates(tasks, PlanGraph(tasks)), tasks) == ["a", "d"])
        #expect(CriticalPath.bySteps(PlanGraph([])).tasks.isEmpty)
    }

    @Test func `estimates that no clock can hold do not trap`() {
        let tasks = [
            Self.task("a", .infinity), Self.task("b", .greatestFiniteMagnitude, after: ["a"]), Self.task("c", .nan),
        ]
        let path = CriticalPath.byEstimates(tasks, PlanGraph(tasks))
        #expect(Self.names(path, tasks) == ["a", "b"])
        #expect(path.duration == .microseconds(Int64.max))
    }

    // MARK: Runs

    /// Plays tasks one after the other in the given order, each for so many seconds.
    private static func sheet(_ tasks: [TaskSpec], _ spans: [(TaskID, Int)]) throws -> RunSheet {
        var scene = try RunScene(Sketch.plan([Sketch.agent("w", most: 9)], tasks))
        for (id, seconds) in spans {
            try scene.when(.slots(9))
            scene.now = scene.now + .seconds(seconds)
            let key = try #require(scene.run.owed.keys.first { scene.run.spec($0.task).id == id })
            try scene.when(.returned(key, .done))
        }
        return try #require(RunSheet(scene.facts))
    }

    @Test func `a run is measured by what its attempts took, whatever was estimated`() throws {
        let tasks = [Self.task("a", 1), Self.task("b", 9, after: ["a"]), Self.task("c", 1, after: ["a"])]
        // b and c start together and c ends last.
        let sheet = try Self.sheet(tasks, [("a", 5), ("b", 30), ("c", 10)])
        let path = CriticalPath.byMeasuredTimes(of: sheet)
        #expect(path.tasks.map { sheet.run.spec($0).id } == ["a", "c"])
        #expect(path.duration == .seconds(45))
        #expect(path.source == .measured)
    }

    @Test func `an attempt in hand counts up to the last event, and what has not started does not`() throws {
        let tasks = [Self.task("a", 1), Self.task("slow", 1), Self.task("after", 99, after: ["slow"])]
        let sheet = try Self.sheet(tasks, [("a", 5)])
        let path = CriticalPath.byMeasuredTimes(of: sheet)
        #expect(path.tasks.map { sheet.run.spec($0).id } == ["a"])
        let later = try Self.sheet(tasks + [Self.task("b", 1)], [("a", 5), ("b", 2)])
        #expect(CriticalPath.byMeasuredTimes(of: later).tasks.map { later.run.spec($0).id } == ["slow"])
        #expect(CriticalPath.byMeasuredTimes(of: later).duration == .seconds(7))
    }

    @Test func `every attempt of a task counts`() throws {
        let tasks = [
            Sketch.task("twice") { $0.maxAttempts = 2 }, Sketch.task("once"),
        ]
        var scene = try RunScene(Sketch.plan([Sketch.agent("w", most: 9)], tasks))
        func end(_ id: TaskID, _ result: StepResult, after seconds: Int) throws {
            try scene.when(.slots(9))
            scene.now = scene.now + .seconds(seconds)
            let key = try #require(scene.run.owed.keys.first { scene.run.spec($0.task).id == id })
            try scene.when(.returned(key, result))
        }
        try end("twice", .fault(.transient), after: 20)
        try end("once", .done, after: 5)
        scene.now = scene.now + .seconds(60)
        try scene.when(.tick)
        try end("twice", .done, after: 10)
        let sheet = try #require(RunSheet(scene.facts))
        let path = CriticalPath.byMeasuredTimes(of: sheet)
        #expect(path.tasks.map { sheet.run.spec($0).id } == ["twice"])
        #expect(path.duration == .seconds(30))
    }

    @Test func `where nothing has been measured there is no path`() throws {
        let sheet = try Self.sheet(Self.diamond, [])
        #expect(CriticalPath.byMeasuredTimes(of: sheet).tasks.isEmpty)
    }
}
