extension PlanGraph {
    /// A plan's tasks cut into layers: the tasks of one layer can run side by side as far as the graph goes.
    ///
    /// A task stands in the layer whose number is the longest count of steps from a task that waits for nothing.
    package struct Layers: Hashable, Sendable {
        /// The layers in order; in each the tasks in plan order.
        package let rows: [[TaskIndex]]
        /// For each task its layer, from 0; nil for tasks on or behind a cycle.
        package let layerOf: [Int?]

        /// The place of the layer with the most tasks, the first of equals; nil without tasks.
        package let widest: Int?

        init(rows: [[TaskIndex]], layerOf: [Int?]) {
            self.rows = rows
            self.layerOf = layerOf
            // Kept, for whoever goes through all layers asks for it at each.
            self.widest = rows.indices.max { left, right in
                let (fewer, more) = (rows[left].count, rows[right].count)
                return fewer < more || (fewer == more && left > right)
            }
        }

        /// How many tasks the widest layer has.
        package var width: Int { self.widest.map { self.rows[$0].count } ?? 0 }
    }

    /// Cuts the graph into layers; tasks on or behind a cycle are in none.
    package func layers() -> Layers {
        var layerOf = [Int?](repeating: nil, count: self.count)
        var depth = 0
        for task in self.topologicalOrder() {
            let before = self.dependencies[task].compactMap { layerOf[Int($0)] }.max()
            let layer = before.map { $0 + 1 } ?? 0
            layerOf[task.offset] = layer
            depth = max(depth, layer + 1)
        }
        var rows = [[TaskIndex]](repeating: [], count: depth)
        for (offset, layer) in layerOf.enumerated() {
            if let layer { rows[layer].append(TaskIndex(offset)) }
        }
        return Layers(rows: rows, layerOf: layerOf)
    }
}
