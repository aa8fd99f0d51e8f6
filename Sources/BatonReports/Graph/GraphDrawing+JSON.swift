package import BatonCore

extension GraphDrawing {
    /// The graph as `baton graph --json` prints it: always each task.
    package var json: JSON {
        let subject: (String, JSON) =
            switch self.subject {
            case .plan(let file): ("file", .string(file))
            case .run(let run): ("run", .string(run.text))
            }
        return .members([
            subject, ("title", .string(self.title)), ("total_tasks", .integer(Int64(self.graph.count))),
            ("links", .integer(Int64(self.linkCount))),
            ("layers", .array(self.layers.rows.map { self.names($0) })),
            ("widest_layer", self.layers.widest.map { .integer(Int64($0) + 1) } ?? .null),
            ("width", .integer(Int64(self.layers.width))), ("critical_path", self.names(self.critical.tasks)),
            ("critical_seconds", .number(Double(self.critical.duration.microseconds) / 1_000_000)),
            ("critical_by", .string(self.critical.source.rawValue)),
            ("longest_chain", self.names(self.longest.tasks)),
            ("tasks", .array(self.graph.indices.map { self.json(of: $0) })),
        ])
    }

    private func names(_ tasks: [TaskIndex]) -> JSON { .array(tasks.map { .string(self.id($0)) }) }

    private func json(of task: TaskIndex) -> JSON {
        let source = self.sources[task]
        let before = self.graph.dependencies[task].map { TaskIndex(Int($0)) }.filter { $0 != source }
        var members: [(String, JSON)] = [
            ("task", .string(self.id(task))),
            ("layer", self.layers.layerOf[task.offset].map { .integer(Int64($0) + 1) } ?? .null),
            ("depends_on", self.names(before)),
        ]
        if let source { members.append(("comes_from", .string(self.id(source)))) }
        if let words = self.stateWords { members.append(("state", .string(words[task.offset]))) }
        return .members(members)
    }
}

extension PlanGraph {
    /// All tasks, in plan order.
    fileprivate var indices: [TaskIndex] { (0..<self.count).map { TaskIndex($0) } }
}
