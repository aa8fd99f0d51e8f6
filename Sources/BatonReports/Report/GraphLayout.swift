import BatonCore

/// Where each task of a graph stands, and which way its links go: around the tasks between, never behind them.
struct GraphLayout {
    static let node = (width: 186, height: 44)
    private static let gap = (x: 40, y: 14)
    // A link that passes a layer takes a lane of its own in it; links to one task share it.
    private static let lane = 6

    struct Spot {
        let x: Int
        let y: Int
    }

    struct Link {
        let path: String
        let isCritical: Bool
    }

    /// What takes room in a layer.
    private enum Item: Hashable {
        case task(TaskIndex)
        case lane(to: TaskIndex)
    }

    private(set) var spots: [(task: TaskIndex, spot: Spot)] = []
    private(set) var links: [Link] = []
    let columns: Int
    let width: Int
    private(set) var height = 0
    private var middles: [[Item: Int]] = []

    init(_ drawing: GraphDrawing) {
        let layers = Self.ordered(drawing)
        self.columns = layers.count
        self.width = max(1, layers.count) * (Self.node.width + Self.gap.x) - Self.gap.x + 4
        let heights = layers.map { $0.reduce(0) { $0 + Self.height(of: $1) } }
        self.height = max(Self.node.height, heights.max() ?? 0) + 4
        for (column, layer) in layers.enumerated() {
            var y = 2 + (self.height - 4 - heights[column]) / 2
            var places: [Item: Int] = [:]
            for item in layer {
                let room = Self.height(of: item)
                places[item] = y + room / 2
                if case .task(let task) = item {
                    self.spots.append((task, Spot(x: Self.x(column), y: y + Self.gap.y / 2)))
                }
                y += room
            }
            self.middles.append(places)
        }
        drawing.eachLink { from, to in
            if let link = self.link(from, to, drawing) { self.links.append(link) }
        }
    }

    private static func x(_ column: Int) -> Int { 2 + column * (Self.node.width + Self.gap.x) }

    private static func height(of item: Item) -> Int {
        switch item {
        case .task: Self.node.height + Self.gap.y
        case .lane: Self.lane + Self.gap.y
        }
    }

    // Each layer in the order of the middle of what comes before, so that fewer links cross.
    private static func ordered(_ drawing: GraphDrawing) -> [[Item]] {
        var places: [Item: Double] = [:]
        return drawing.layers.rows.enumerated().map { column, row in
            var items = row.map { Item.task($0) }
            for target in Self.passing(column, drawing) { items.append(.lane(to: target)) }
            let ranked = items.enumerated().map { offset, item -> (item: Item, offset: Int, middle: Double) in
                let before = Self.before(item, column, drawing).compactMap { places[$0] }
                let middle = before.isEmpty ? 0.5 : before.reduce(0, +) / Double(before.count)
                return (item, offset, column == 0 ? 0 : middle)
            }
            let sorted = ranked.sorted { $0.middle == $1.middle ? $0.offset < $1.offset : $0.middle < $1.middle }
            for (offset, item) in sorted.enumerated() {
                places[item.item] = (Double(offset) + 0.5) / Double(sorted.count)
            }
            // Lanes of the layer before have served; those of this one go on under the same name.
            return sorted.map(\.item)
        }
    }

    // The tasks further on that something before this layer leads to.
    private static func passing(_ column: Int, _ drawing: GraphDrawing) -> [TaskIndex] {
        guard column > 0, column + 1 < drawing.layers.rows.count else { return [] }
        return drawing.layers.rows[(column + 1)...].joined().filter { target in
            drawing.graph.dependencies[target].contains { (drawing.layers.layerOf[Int($0)] ?? column) < column }
        }
    }

    private static func before(_ item: Item, _ column: Int, _ drawing: GraphDrawing) -> [Item] {
        let target: TaskIndex
        switch item {
        case .task(let task), .lane(let task): target = task
        }
        return drawing.graph.dependencies[target].compactMap { from in
            guard let layer = drawing.layers.layerOf[Int(from)], layer < column else { return nil }
            return layer == column - 1 ? .task(TaskIndex(Int(from))) : .lane(to: target)
        }
    }

    private func link(_ from: TaskIndex, _ to: TaskIndex, _ drawing: GraphDrawing) -> Link? {
        guard let first = drawing.layers.layerOf[from.offset], let last = drawing.layers.layerOf[to.offset],
            first < last, let start = self.middles[first][.task(from)], let end = self.middles[last][.task(to)]
        else { return nil }
        var (x, y) = (Self.x(first) + Self.node.width, start)
        var path = "M\(x) \(y)"
        let bend = Self.gap.x / 2
        for column in (first + 1)..<last {
            guard let lane = self.middles[column][.lane(to: to)] else { continue }
            let next = Self.x(column)
            path += "C\(x + bend) \(y) \(next - bend) \(lane) \(next) \(lane)H\(next + Self.node.width)"
            (x, y) = (next + Self.node.width, lane)
        }
        let next = Self.x(last)
        path += "C\(x + bend) \(y) \(next - bend) \(end) \(next) \(end)"
        return Link(path: path, isCritical: drawing.isCritical(from, to))
    }
}
