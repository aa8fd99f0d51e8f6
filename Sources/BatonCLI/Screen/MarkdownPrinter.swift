import BatonCore
import BatonEngine
import BatonReports

/// A run's results as Markdown, for reading and for pasting.
enum MarkdownPrinter {
    static func text(_ sheet: RunSheet, outputs: [TaskIndex: JSON]) -> String {
        let plan = sheet.run.plan
        var lines = [
            "# \(Self.escaped(plan.title))", "",
            Self.escaped(RunSummary(sheet, outputs: [:], for: Console.viewer(dataFolder: "")).headline), "",
        ]
        if sheet.run.seed.mode == .rehearsal { lines += ["> \(StandIn.mark): stand-ins played every agent.", ""] }
        lines += ["| task | state | agent | attempts |", "|---|---|---|---|"]
        for (offset, task) in plan.tasks.enumerated() {
            let attempts = sheet.attempts[offset]
            let agent = attempts.last?.agent.text ?? ""
            lines.append("| \(task.id) | \(sheet.run.tasks[offset].state.word) | \(agent) | \(attempts.count) |")
        }
        for (offset, task) in plan.tasks.enumerated() {
            let heading =
                ["", "## \(task.id)", ""] + (task.description.isEmpty ? [] : [Self.escaped(task.description), ""])
            if let output = outputs[TaskIndex(offset)] {
                lines += heading + Self.block(output)
            } else if case .ended(.failed(let failure)) = sheet.run.tasks[offset].state {
                lines +=
                    heading + [
                        "Failed [\(failure.code)]: \(Self.escaped(failure.message)); \(Self.escaped(failure.remedy))"
                    ]
            }
        }
        return lines.joined(separator: "\n")
    }

    // Results are shown as they are, inside a fence longer than any they hold.
    private static func block(_ output: JSON) -> [String] {
        let text = PlainText.of(output.plainText, keepingLines: true)
        var fence = "```"
        while text.contains(fence) { fence += "`" }
        return [fence + (output.string == nil ? "json" : "text"), text, fence]
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in PlainText.of(text) {
            if "\\`*_[]<>|#".contains(character) { escaped.append("\\") }
            escaped.append(character)
        }
        return escaped
    }
}
