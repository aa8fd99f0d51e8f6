import BatonCore

/// A drawing in the language of Graphviz.
package enum DotGraph {
    /// The text, and whether it shows layers with counts instead of tasks.
    ///
    /// - Parameter drawsAll: draws each task, however many there are.
    package static func text(_ drawing: GraphDrawing, drawsAll: Bool) -> (text: String, isCut: Bool) {
        let isCut = drawing.graph.count > GraphDrawing.mostTasks && !drawsAll
        let body = isCut ? Self.bands(drawing) : Self.tasks(drawing)
        let lines =
            [
                "digraph baton {",
                "  graph [label=\(Self.quoted([drawing.title])), labelloc=t, fontname=\"sans-serif\"]",
                "  node [shape=box, style=\"rounded,filled\", fillcolor=\"#f6f8fa\", color=\"#8c959f\", "
                    + "fontcolor=\"\(GraphState.ink)\", fontname=\"sans-serif\"]",
                "  edge [color=\"#8c959f\"]",
            ] + body + ["}"]
        return (lines.joined(separator: "\n") + "\n", isCut)
    }

    // MARK: Each task

    private static func tasks(_ drawing: GraphDrawing) -> [String] {
        var lines = ["  rankdir=LR"]
        var isOnPath = [Bool](repeating: false, count: drawing.graph.count)
        for task in drawing.critical.tasks { isOnPath[task.offset] = true }
        // The headings of the layers are a chain of their own, which holds the ranks in order.
        let rows = drawing.layers.rows
        for (layer, row) in rows.enumerated() {
            lines.append(
                "  L\(layer + 1) [shape=plaintext, style=\"\", label=\(Self.quoted([drawing.heading(ofLayer: layer)]))]"
            )
            if layer > 0 { lines.append("  L\(layer) -> L\(layer + 1) [style=invis]") }
            for task in row { lines.append("  \(Self.node(task, drawing, isOnPath: isOnPath[task.offset]))") }
            let names = row.map { "t\($0.value)" }.joined(separator: "; ")
            lines.append("  { rank=same; L\(layer + 1); \(names) }")
        }
        drawing.eachLink { from, to in
            let look = drawing.isCritical(from, to) ? " [color=\"\(GraphState.critical)\", penwidth=3]" : ""
            lines.append("  t\(from.value) -> t\(to.value)\(look)")
        }
        return lines + Self.legend(drawing)
    }

    private static func node(_ task: TaskIndex, _ drawing: GraphDrawing, isOnPath: Bool) -> String {
        var look = "label=\(Self.quoted(drawing.label(task)))"
        if let state = drawing.state(task) {
            look += ", fillcolor=\"\(state.colours.fill)\", color=\"\(state.colours.line)\""
        }
        if isOnPath { look += ", color=\"\(GraphState.critical)\", penwidth=3" }
        return "t\(task.value) [\(look)]"
    }

    private static func legend(_ drawing: GraphDrawing) -> [String] {
        var nodes = drawing.occurringStates.map { state in
            "    legend_\(state.rawValue) [label=\(Self.quoted([state.rawValue])), "
                + "fillcolor=\"\(state.colours.fill)\", color=\"\(state.colours.line)\"]"
        }
        if !drawing.critical.tasks.isEmpty {
            nodes.append(
                "    legend_critical [label=\(Self.quoted([drawing.criticalHeading])), "
                    + "color=\"\(GraphState.critical)\", penwidth=3]"
            )
        }
        guard !nodes.isEmpty else { return [] }
        return ["  subgraph cluster_legend {", "    label=\"legend\"; color=\"#d0d7de\""] + nodes + ["  }"]
    }

    // MARK: Layers with counts

    private static func bands(_ drawing: GraphDrawing) -> [String] {
        var lines = ["  // too large to name each task: layers with counts; with --all each task is drawn"]
        for (place, band) in drawing.bands.enumerated() {
            let counts = band.states.map { "\($0.count) \($0.state.rawValue)" }.joined(separator: ", ")
            let label = Self.quoted([band.heading] + (counts.isEmpty ? [] : [counts]))
            lines.append("  b\(place) [label=\(label)\(band.isWidest ? ", penwidth=3" : "")]")
            if place > 0 { lines.append("  b\(place - 1) -> b\(place)") }
        }
        return lines
    }

    // MARK: Escaping

    /// Lines of text as one quoted string of DOT.
    ///
    /// Besides quotes and backslashes, `&` is escaped, for Graphviz reads the character codes of HTML in labels.
    static func quoted(_ lines: [String]) -> String {
        let escaped = lines.map { line in
            PlainText.of(line).replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("&", with: "&amp;")
        }
        return "\"\(escaped.joined(separator: "\\n"))\""
    }
}
