import BatonCore

/// Neighbouring layers told in one line, where there are too many tasks to name each.
struct GraphBand {
    /// More bands than this nobody reads; longer graphs put more layers into each.
    static let most = 60

    /// The layers, from 0.
    let layers: Range<Int>
    let tasks: Int
    /// The most tasks in one of its layers.
    let width: Int
    let isWidest: Bool
    /// How many tasks stand in each state, for a run.
    let states: [(state: GraphState, count: Int)]

    /// `layer 3, 120 tasks side by side (the widest)`, or `layers 11 to 20, 57 tasks, at most 8 side by side`.
    var heading: String {
        let widest = self.isWidest ? " (the widest)" : ""
        if self.layers.count == 1 {
            let side = self.tasks > 1 ? " side by side" : ""
            return "layer \(self.layers.lowerBound + 1), \(CountText.of(self.tasks, "task"))\(side)\(widest)"
        }
        let side = self.width > 1 ? "at most \(self.width) side by side" : "one after the other"
        return "layers \(self.layers.lowerBound + 1) to \(self.layers.upperBound), "
            + "\(CountText.of(self.tasks, "task")), \(side)\(widest)"
    }
}

extension GraphDrawing {
    /// All layers, in at most ``GraphBand/most`` bands of as many layers each.
    var bands: [GraphBand] {
        let rows = self.layers.rows
        let size = max(1, (rows.count + GraphBand.most - 1) / GraphBand.most)
        return stride(from: 0, to: rows.count, by: size).map { start in
            let range = start..<min(start + size, rows.count)
            let tasks = rows[range].reduce(0) { $0 + $1.count }
            return GraphBand(
                layers: range,
                tasks: tasks,
                width: rows[range].map(\.count).max() ?? 0,
                isWidest: rows.count > 1 && self.layers.widest.map(range.contains) == true,
                states: self.counts(of: range)
            )
        }
    }

    private func counts(of range: Range<Int>) -> [(GraphState, Int)] {
        guard let states = self.states else { return [] }
        var counts: [GraphState: Int] = [:]
        for row in self.layers.rows[range] { for task in row { counts[states[task.offset], default: 0] += 1 } }
        return GraphState.allCases.compactMap { state in counts[state].map { (state, $0) } }
    }
}
