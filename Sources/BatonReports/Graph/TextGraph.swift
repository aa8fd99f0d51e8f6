import BatonCore

/// A drawing as lines for a terminal: the layers as a list, the critical path, the longest chain.
package enum TextGraph {
    /// The lines, and whether layers are only counted.
    ///
    /// - Parameter columns: how wide the terminal is; lists are wrapped there.
    /// - Parameter drawsAll: names each task, however many there are.
    package static func lines(
        _ drawing: GraphDrawing,
        columns: Int,
        drawsAll: Bool
    ) -> (lines: [StyledText], isCut: Bool) {
        let isCut = drawing.graph.count > GraphDrawing.mostTasks && !drawsAll
        var lines = Self.head(drawing)
        lines += isCut ? Self.bands(drawing, columns) : Self.layers(drawing, columns)
        lines.append(StyledText())
        lines += Self.path(drawing.critical, drawing.criticalHeading, drawing, columns, isCut: isCut)
        let longest = "longest chain, \(CountText.of(drawing.longest.tasks.count, "task"))"
        lines += Self.path(drawing.longest, longest, drawing, columns, isCut: isCut)
        return (lines + Self.legend(drawing, isCut: isCut), isCut)
    }

    private static func head(_ drawing: GraphDrawing) -> [StyledText] {
        var lines = [StyledText(PlainText.line(drawing.title, limit: 120), .strong)]
        let layers = drawing.layers.rows.count
        var words = "\(CountText.of(drawing.graph.count, "task")) in \(CountText.of(layers, "layer"))"
        if let widest = drawing.layers.widest, drawing.layers.width > 1 {
            words += ", at most \(drawing.layers.width) side by side (layer \(widest + 1))"
        }
        lines.append(StyledText(words))
        return lines + [StyledText()]
    }

    private static func layers(_ drawing: GraphDrawing, _ columns: Int) -> [StyledText] {
        let onPath = Set(drawing.critical.tasks)
        var lines: [StyledText] = []
        for (layer, row) in drawing.layers.rows.enumerated() {
            lines.append(StyledText("\(drawing.heading(ofLayer: layer)):"))
            let names = row.map { task in
                let state = drawing.state(task)
                let name = (state.map { "\($0.mark) " } ?? "") + drawing.id(task) + (onPath.contains(task) ? "*" : "")
                return StyledText(name, state?.style ?? .plain)
            }
            lines += Self.wrapped(names, separator: "  ", columns)
        }
        return lines
    }

    private static func bands(_ drawing: GraphDrawing, _ columns: Int) -> [StyledText] {
        drawing.bands.map { band in
            var line = StyledText(band.heading)
            for (place, (state, count)) in band.states.enumerated() {
                line.append(place == 0 ? ": " : ", ")
                line.append("\(count) \(state.rawValue)", state.style)
            }
            return line.cut(to: columns)
        }
    }

    // A path of thousands is told by its ends.
    private static func path(
        _ path: CriticalPath,
        _ heading: String,
        _ drawing: GraphDrawing,
        _ columns: Int,
        isCut: Bool
    ) -> [StyledText] {
        guard !path.tasks.isEmpty else { return [] }
        var names = path.tasks.map { StyledText(drawing.id($0)) }
        if isCut, names.count > 20 {
            let left = StyledText("… \(names.count - 12) more …", .faint)
            names = names.prefix(6) + [left] + names.suffix(6)
        }
        return [StyledText("\(heading):")] + Self.wrapped(names, separator: " → ", columns)
    }

    private static func legend(_ drawing: GraphDrawing, isCut: Bool) -> [StyledText] {
        guard !isCut else { return [] }
        var line = StyledText()
        for state in drawing.occurringStates {
            line.append("\(state.mark) \(state.rawValue)", state.style)
            line.append("  ")
        }
        if !drawing.critical.tasks.isEmpty { line.append("* on the critical path", .faint) }
        return line.plain.isEmpty ? [] : [StyledText(), line]
    }

    /// Names on indented lines that fit, a name that is longer than a line cut.
    private static func wrapped(_ names: [StyledText], separator: String, _ columns: Int) -> [StyledText] {
        let indent = "  "
        let room = max(8, columns - indent.count)
        var lines: [StyledText] = []
        var line = StyledText()
        var width = 0
        for name in names {
            let shown = name.cut(to: room)
            let added = shown.width + (width == 0 ? 0 : TextWidth.of(separator))
            if width > 0, width + added > room {
                lines.append(StyledText(indent) + line)
                line = shown
                width = shown.width
            } else {
                if width > 0 { line.append(separator) }
                line = line + shown
                width += added
            }
        }
        return width == 0 ? lines : lines + [StyledText(indent) + line]
    }
}
