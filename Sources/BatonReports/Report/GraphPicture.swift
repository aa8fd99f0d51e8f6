import BatonCore

/// Who waits for whom, as a picture: each task in its layer, or for many tasks the layers with their counts.
struct GraphPicture {
    /// More tasks, or a wider layer, than this are drawn as layers with counts.
    static let mostTasks = 60
    static let mostInLayer = 16

    private let drawing: GraphDrawing
    private let report: RunReport

    init(_ report: RunReport) {
        self.report = report
        self.drawing = GraphDrawing(report.sheet)
    }

    /// Whether each task is drawn.
    var isDetailed: Bool {
        self.drawing.graph.count <= Self.mostTasks && self.drawing.layers.width <= Self.mostInLayer
    }

    var caption: String {
        let states = self.drawing.occurringStates.map { "\($0.mark) \($0.rawValue)" }.joined(separator: ", ")
        let path = self.drawing.critical.tasks.isEmpty ? "" : " Thick lines: the \(self.drawing.criticalHeading)."
        return self.isDetailed
            ? "Tasks from left to right, each after what it waits for. \(states).\(path)"
            : "Layers from top to bottom: the tasks of one layer can run side by side. \(states)."
    }

    func draw(on page: inout HTMLWriter) {
        if self.isDetailed { self.tasks(on: &page) } else { self.layers(on: &page) }
    }

    // MARK: Tasks

    private func tasks(on page: inout HTMLWriter) {
        let layout = GraphLayout(self.drawing)
        let description =
            "\(CountText.of(self.drawing.graph.count, "task")) in \(CountText.of(layout.columns, "layer")) with "
            + "\(CountText.of(self.drawing.linkCount, "link")). The table of tasks names what each waits for."
        page.svg(
            width: layout.width,
            height: layout.height,
            title: "Graph of the tasks",
            description: description,
            name: "graph"
        ) { page in
            for link in layout.links {
                page.element("path", [("class", link.isCritical ? "link critical" : "link"), ("d", link.path)]) { _ in }
            }
            for (task, spot) in layout.spots { self.node(task, spot, to: &page) }
        }
    }

    private func node(_ task: TaskIndex, _ spot: GraphLayout.Spot, to page: inout HTMLWriter) {
        let state = self.drawing.state(task) ?? .waiting
        let description = PlainText.line(self.report.plan.tasks[task.offset].description, limit: 300)
        page.element("a", [("href", "#t\(task.value)")]) { page in
            page.element("title", text: "\(self.drawing.id(task)): \(state.rawValue). \(description)")
            page.element(
                "rect",
                [
                    ("class", "node \(state.rawValue)"), ("x", "\(spot.x)"), ("y", "\(spot.y)"),
                    ("width", "\(GraphLayout.node.width)"), ("height", "\(GraphLayout.node.height)"), ("rx", "6"),
                ]
            ) { _ in }
            page.element(
                "text",
                [("class", "name"), ("x", "\(spot.x + 10)"), ("y", "\(spot.y + 18)")],
                text: TextWidth.cut(self.drawing.id(task), to: 22)
            )
            let agent = self.report.tasks[task.offset].attempts.last.map { ", \(self.report.name($0.assignment.lead))" }
            page.element(
                "text",
                [("class", "state \(state.rawValue)"), ("x", "\(spot.x + 10)"), ("y", "\(spot.y + 35)")],
                text: TextWidth.cut("\(state.mark) \(state.rawValue)\(agent ?? "")", to: 26)
            )
        }
    }

    // MARK: Layers

    private func layers(on page: inout HTMLWriter) {
        let bands = self.drawing.bands
        let most = max(1, bands.map(\.tasks).max() ?? 1)
        let (label, room, row) = (330, 560, 24)
        let description =
            "\(CountText.of(self.drawing.graph.count, "task")) in "
            + "\(CountText.of(self.drawing.layers.rows.count, "layer")), "
            + "at most \(self.drawing.layers.width) side by side. The list of layers says the same."
        page.svg(
            width: label + room + 20,
            height: max(1, bands.count) * row + 8,
            title: "Layers of the tasks",
            description: description,
            name: "graph"
        ) { page in
            for (place, band) in bands.enumerated() {
                let y = place * row
                page.element(
                    "text",
                    [("class", "name"), ("x", "0"), ("y", "\(y + 16)")],
                    text: TextWidth.cut(band.heading, to: 45)
                )
                var x = label
                for (state, count) in band.states {
                    let width = max(2, room * count / most)
                    page.element("g") { page in
                        page.element("title", text: "\(count) \(state.rawValue)")
                        page.element(
                            "rect",
                            [
                                ("class", "bar \(state.rawValue)"), ("x", "\(x)"), ("y", "\(y + 4)"),
                                ("width", "\(width)"), ("height", "16"),
                            ]
                        ) { _ in }
                    }
                    x += width
                }
            }
        }
    }

    /// The layers in words, for those who do not see the picture.
    func list(on page: inout HTMLWriter) {
        page.element("details") { page in
            page.element("summary", text: "The layers in words")
            page.element("ol", [("class", "plain")]) { page in
                for band in self.drawing.bands {
                    let states = band.states.map { "\($0.count) \($0.state.rawValue)" }.joined(separator: ", ")
                    page.element("li", text: "\(band.heading): \(states)")
                }
            }
        }
    }
}
