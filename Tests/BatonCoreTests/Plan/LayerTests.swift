import Testing

@testable import BatonCore

@Suite struct LayerTests {
    private static func layers(_ tasks: [TaskSpec]) -> (names: [[String]], layers: PlanGraph.Layers) {
        let layers = PlanGraph(tasks).layers()
        return (layers.rows.map { row in row.map { tasks[$0.offset].id.text } }, layers)
    }

    @Test func `a task stands behind the longest way to it`() {
        let tasks = [
            Sketch.task("d", after: ["b", "a"]), Sketch.task("a"), Sketch.task("b", after: ["a"]), Sketch.task("x"),
        ]
        let (names, layers) = Self.layers(tasks)
        #expect(names == [["a", "x"], ["b"], ["d"]])
        #expect(layers.layerOf == [2, 0, 1, 0])
        #expect(layers.widest == 0)
        #expect(layers.width == 2)
    }

    @Test func `of layers as wide as each other the first is the widest`() {
        let tasks = ["a", "b"].map { Sketch.task($0) } + ["c", "d"].map { Sketch.task($0, after: ["a"]) }
        #expect(Self.layers(tasks).layers.widest == 0)
        #expect(Self.layers(tasks + [Sketch.task("e", after: ["b"])]).layers.widest == 1)
    }

    @Test func `follow-ups and outputs that a task uses count as steps`() {
        let tasks = [
            Sketch.task("a") { $0.followUps = ["b"] }, Sketch.task("b"),
            Sketch.task("c") { $0.input = "{{tasks.b.output}}" },
        ]
        #expect(Self.layers(tasks).names == [["a"], ["b"], ["c"]])
    }

    @Test func `tasks on or behind a cycle are in no layer`() {
        let tasks = [
            Sketch.task("a"), Sketch.task("b", after: ["c"]), Sketch.task("c", after: ["b"]),
            Sketch.task("d", after: ["c", "a"]),
        ]
        let (names, layers) = Self.layers(tasks)
        #expect(names == [["a"]])
        #expect(layers.layerOf == [0, nil, nil, nil])
    }

    @Test func `no tasks have no layers and no widest one`() {
        let (names, layers) = Self.layers([])
        #expect(names.isEmpty)
        #expect(layers.widest == nil)
        #expect(layers.width == 0)
    }

    @Test func `within every layer nobody waits for anybody, and each waits for the layer before`() {
        var draws = SplitMix64(seed: 5)
        for _ in 0..<50 {
            let tasks = (0..<40).map { number -> TaskSpec in
                let before = (0..<number).filter { _ in draws.next() % 8 == 0 }
                return Sketch.task(TaskID("t\(number)"), after: before.map { TaskID("t\($0)") })
            }
            let graph = PlanGraph(tasks)
            let layers = graph.layers()
            #expect(layers.rows.reduce(0) { $0 + $1.count } == 40)
            for (number, row) in layers.rows.enumerated() {
                for task in row {
                    let before = graph.dependencies[task].compactMap { layers.layerOf[Int($0)] }
                    #expect(before.allSatisfy { $0 < number })
                    #expect(number == 0 ? before.isEmpty : before.contains(number - 1))
                }
            }
        }
    }
}
