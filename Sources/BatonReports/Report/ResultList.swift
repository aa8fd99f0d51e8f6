import BatonCore

/// The results that a page shows: short ones in a table, others each by itself.
struct ResultList {
    /// A result that needs room of its own.
    struct Block {
        let task: TaskIndex
        let output: JSON
        let text: OutputText
        /// Whether there is room for all of it among the others.
        let isOpen: Bool
    }

    /// Results of one line, and those that are told by their first line.
    private(set) var lines: [(task: TaskIndex, text: String)] = []
    private(set) var blocks: [Block] = []
    /// Whether the result that matters most is one of ``lines``.
    let beginsWithLines: Bool

    /// - Parameters:
    ///   - open: how many lines of results there is room for.
    ///   - foldsLong: whether what has no room is told by its first line among ``lines``.
    init(_ report: RunReport, _ sources: ReportSources, lines most: Int, characters: Int, open: Int, foldsLong: Bool) {
        var used = 0
        var first: TaskIndex?
        for task in report.results {
            // What checks say stands with the tasks that they prove.
            let spec = report.plan.tasks[task.offset]
            // What was said in meetings stands with their minutes.
            guard let output = sources.outputs[task], spec.proves == nil, !spec.isOfMeeting else { continue }
            if first == nil { first = task }
            if spec.pattern == .meeting, let gist = Gist.of(output, of: spec) {
                self.lines.append((task, "\(gist); see the minutes"))
                continue
            }
            let text = OutputText(output, lines: most, characters: characters)
            if text.lines == 1, text.cut == nil, TextWidth.of(text.text) <= 100 {
                self.lines.append((task, text.text))
                continue
            }
            // The first is what the run was for: it is shown in any case.
            let isOpen = used == 0 || used + min(text.lines, most) <= open
            guard isOpen || !foldsLong else {
                let left = text.lines > 1 ? " … (\(text.lines) lines)" : ""
                self.lines.append((task, OutputText.line(output, limit: 80) + left))
                continue
            }
            if isOpen { used += min(text.lines, most) }
            self.blocks.append(Block(task: task, output: output, text: text, isOpen: isOpen))
        }
        self.beginsWithLines = first != nil && self.blocks.first?.task != first
    }

    /// How many are shown.
    var count: Int { self.lines.count + self.blocks.count }
}
