extension Run {
    /// How many tasks cannot go on before this one has ended, counted up to a thousand.
    package func held(by task: TaskIndex) -> Int {
        var seen: Set<TaskIndex> = [task]
        var next = [task]
        while let one = next.popLast(), seen.count <= 1000 {
            for dependent in self.graph.dependents[one] {
                let other = TaskIndex(Int(dependent))
                guard case .waiting? = self.record(other)?.state, seen.insert(other).inserted else { continue }
                next.append(other)
            }
        }
        return min(seen.count - 1, 1000)
    }
}
