import BatonCore

/// A drawing as a flowchart of Mermaid, as Markdown pages of GitHub and others show it.
package enum MermaidGraph {
    // What Mermaid draws without being asked to; a page cannot raise it.
    private static let mostLinks = 500
    private static let mostCharacters = 50_000

    /// The text, and whether it shows layers with counts instead of tasks.
    ///
    /// - Parameter drawsAll: draws each task, however many there are.
    package static func text(_ drawing: GraphDrawing, drawsAll: Bool) -> (text: String, isCut: Bool) {
        let isSmall = drawing.graph.count <= GraphDrawing.mostTasks && drawing.linkCount <= Self.mostLinks
        guard isSmall || drawsAll else { return (Self.bands(drawing), true) }
        let text = Self.tasks(drawing)
        // The length in UTF-16, for that is what JavaScript counts.
        guard drawsAll || text.utf16.count <= Self.mostCharacters else { return (Self.bands(drawing), true) }
        return (text, false)
    }

    // MARK: Each task

    private static func tasks(_ drawing: GraphDrawing) -> String {
        var lines = ["flowchart LR", "%% \(Self.escaped(drawing.title))"]
        for (layer, row) in drawing.layers.rows.enumerated() {
            // Mermaid breaks longer titles and draws the first node over the rest.
            let widest = layer == drawing.layers.widest && drawing.layers.rows.count > 1 ? " (widest)" : ""
            let title = "layer \(layer + 1): \(CountText.of(row.count, "task"))\(widest)"
            lines.append("subgraph L\(layer + 1)[\"\(Self.escaped(title))\"]")
            for task in row { lines.append("  \(Self.node(task, drawing))") }
            lines.append("end")
        }
        var critical: [Int] = []
        var links = 0
        drawing.eachLink { from, to in
            let isCritical = drawing.isCritical(from, to)
            if isCritical { critical.append(links) }
            lines.append("t\(from.value) \(isCritical ? "==>" : "-->") t\(to.value)")
            links += 1
        }
        lines += Self.legend(drawing) + Self.classes(drawing)
        if !drawing.critical.tasks.isEmpty {
            lines.append("class \(drawing.critical.tasks.map { "t\($0.value)" }.joined(separator: ",")) critical")
        }
        if !critical.isEmpty {
            lines.append("linkStyle \(critical.map(String.init).joined(separator: ",")) stroke:\(GraphState.critical)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func node(_ task: TaskIndex, _ drawing: GraphDrawing) -> String {
        let label = drawing.label(task).map(Self.escaped).joined(separator: "<br/>")
        let state = drawing.state(task).map { ":::\($0.rawValue)" } ?? ""
        return "t\(task.value)[\"\(label)\"]\(state)"
    }

    private static func legend(_ drawing: GraphDrawing) -> [String] {
        var lines = ["subgraph legend[\"legend\"]"]
        for state in drawing.occurringStates {
            lines.append("  legend_\(state.rawValue)[\"\(state.rawValue)\"]:::\(state.rawValue)")
        }
        if !drawing.critical.tasks.isEmpty {
            lines.append("  legend_critical[\"\(Self.escaped(drawing.criticalHeading))\"]:::critical")
        }
        return lines.count == 1 ? [] : lines + ["end"]
    }

    private static func classes(_ drawing: GraphDrawing) -> [String] {
        let states = drawing.occurringStates.map { state in
            "classDef \(state.rawValue) fill:\(state.colours.fill),stroke:\(state.colours.line),color:\(GraphState.ink)"
        }
        return states + ["classDef critical stroke:\(GraphState.critical),stroke-width:3px"]
    }

    // MARK: Layers with counts

    private static func bands(_ drawing: GraphDrawing) -> String {
        var lines = [
            "flowchart TD", "%% \(Self.escaped(drawing.title))",
            "%% too large to name each task: layers with counts; with --all each task is drawn",
        ]
        let bands = drawing.bands
        for (place, band) in bands.enumerated() {
            let counts = band.states.map { "\($0.count) \($0.state.rawValue)" }.joined(separator: ", ")
            let label = ([band.heading] + (counts.isEmpty ? [] : [counts])).map(Self.escaped)
            lines.append("b\(place)[\"\(label.joined(separator: "<br/>"))\"]\(band.isWidest ? ":::widest" : "")")
        }
        for place in bands.indices.dropFirst() { lines.append("b\(place - 1) --> b\(place)") }
        lines.append("classDef widest stroke-width:3px")
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: Escaping

    /// Text as it may stand between the quotes of a label, or in a comment.
    ///
    /// All but letters, digits and a few harmless signs becomes a character code: so there is no quote, bracket, arrow or
    /// directive left to be read. Mermaid reads Markdown, icons and formulas only after it has put the signs back, so
    /// their signs are replaced by others that look alike.
    static func escaped(_ text: String) -> String {
        let scalars = Array(PlainText.of(text).unicodeScalars)
        var escaped = ""
        for (place, scalar) in scalars.enumerated() {
            let before = place > 0 ? scalars[place - 1] : " "
            let after = place + 1 < scalars.count ? scalars[place + 1] : " "
            if let twin = Self.twin(of: scalar, before, after) {
                escaped += twin
            } else if Self.isHarmless(scalar, before, after) {
                escaped.unicodeScalars.append(scalar)
            } else {
                escaped += "#\(scalar.value);"
            }
        }
        return escaped
    }

    private static func isHarmless(
        _ scalar: Unicode.Scalar,
        _ before: Unicode.Scalar,
        _ after: Unicode.Scalar
    ) -> Bool {
        switch scalar {
        case " ", ",": true
        case "-", "_", ".": Self.isWord(before) && Self.isWord(after)
        default: Self.isWord(scalar)
        }
    }

    // What is read as Markdown, icon, formula or Mermaid's own form of a character code, and what is shown instead.
    private static func twin(
        of scalar: Unicode.Scalar,
        _ before: Unicode.Scalar,
        _ after: Unicode.Scalar
    ) -> String? {
        switch scalar {
        case "*": "\u{2217}"
        case "`": "\u{2CB}"
        case "~": "\u{223C}"
        case "_": Self.isWord(before) && Self.isWord(after) ? nil : "\u{2CD}"
        case "$": before == "$" ? "\u{FF04}" : nil
        case ":": Self.isWord(after) || after == "/" ? "\u{2236}" : nil
        case "(": before == "]" ? "\u{FF08}" : nil
        case "@": "\u{FE6B}"
        // What stands before it may be "www".
        case ".": before == "w" || before == "W" ? "\u{2024}" : nil
        case "\u{FB02}": "fl"
        case "¶": "\u{204B}"
        default: nil
        }
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: scalar.value >= 0x80
        }
    }
}
