import BatonCore
import Testing

/// Tasks that agents add by themselves.
@Suite struct SpawnTests {
    private static func scene(_ change: (inout Plan) -> Void = { _ in }) throws -> RunScene {
        var agent = AgentProfile(id: "ada")
        agent.type = "function"
        var plan = Plan(id: "x", agents: [agent], tasks: [TaskSpec(id: "a")])
        change(&plan)
        return try RunScene(plan)
    }

    private func add(_ names: [String]) -> Command { .add(names.map { TaskSpec(id: TaskID($0)) }) }

    @Test func `agents add two hundred tasks, and no more, by the limit's name`() throws {
        var scene = try Self.scene()
        let by = Origin.agent("ada", "a")
        let thousand = (0..<1000).map { "t\($0)" }
        var refused: Refusal?
        do { try scene.when(self.add(thousand), by: by) } catch let refusal as Refusal { refused = refusal }
        #expect(refused?.code == "limit.spawned")
        #expect(refused?.message.contains("1000 more from ada pass the limit of 200") == true)
        try scene.when(self.add(Array(thousand.prefix(200))), by: by)
        #expect(scene.refusal(of: self.add(["one"]), by: by) == "limit.spawned")
        // People go on.
        try scene.when(self.add(["two"]), by: .person("bob"))
        #expect(scene.run.spawned.count == 200)
    }

    @Test func `two agents that give each other tasks come to an end`() throws {
        var scene = try Self.scene()
        for (place, name) in ["b", "c", "d", "e"].enumerated() {
            try scene.when(self.add([name]), by: .agent("ada", TaskID(place == 0 ? "a" : ["b", "c", "d"][place - 1])))
        }
        #expect(scene.refusal(of: self.add(["f"]), by: .agent("ada", "e")) == "limit.depth")
        try scene.when(self.add(["f"]), by: .agent("ada", "a"))
    }

    @Test func `the plan says otherwise`() throws {
        var scene = try Self.scene { ($0.budget.fanOut, $0.budget.depth) = (2, 1) }
        try scene.when(self.add(["b"]), by: .agent("ada", "a"))
        #expect(scene.refusal(of: self.add(["c"]), by: .agent("ada", "b")) == "limit.depth")
        try scene.when(self.add(["c"]), by: .agent("ada", "a"))
        #expect(scene.refusal(of: self.add(["d"]), by: .agent("ada", "a")) == "limit.spawned")
    }

    @Test func `who added a task survives writing and reading`() throws {
        let fact = Recorded(
            position: Position(5),
            at: RunScene.noon,
            by: .agent("ada", "a"),
            event: .tasksAdded([TaskSpec(id: "b")])
        )
        var writer = JSONWriter()
        EventCodec.write(fact, to: &writer)
        let read = try EventCodec.read(writer.bytes.dropLast(), position: Position(5)) { (_) throws(EventCodec.Fault) in
            Specimens.plan
        }
        #expect(read == fact)
    }
}
