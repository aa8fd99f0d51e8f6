import BatonCore

extension HTMLReport {
    /// Outputs, the final ones first; what is long is behind its first line.
    func results(_ page: inout HTMLWriter) {
        let results = ResultList(
            self.report,
            self.sources,
            lines: Self.mostLines,
            characters: Self.mostCharacters,
            open: self.report.isLarge ? Self.openLinesOfLarge : Self.openLines,
            foldsLong: self.report.isLarge
        )
        if results.count == 0 { page.element("p", text: "No task has completed yet: there is no result.") }
        if results.beginsWithLines { self.lines(results, &page) }
        for block in results.blocks { self.block(block, &page) }
        if !results.beginsWithLines { self.lines(results, &page) }
        let left = self.report.run.counts.shown.completed - results.count
        if left > 0 {
            page.element("p") { page in
                page.text("\(CountText.of(left, "task")) more have results that are not shown here. ")
                page.element("code", text: self.sources.command(["show", self.report.run.id.text, "TASK"]))
                page.text(" prints each.")
            }
        }
        self.criteria(&page)
    }

    private func lines(_ results: ResultList, _ page: inout HTMLWriter) {
        guard !results.lines.isEmpty else { return }
        page.table(self.report.isLarge ? "Results, or their first lines" : "Results of one line", ["Task", "Result"]) {
            page in
            for (task, text) in results.lines {
                page.element("tr") { page in
                    page.element("th", [("scope", "row"), ("class", "both")]) { page in
                        self.name(of: task, &page)
                        page.element("span", [("class", "under")], text: self.description(of: task, limit: 160))
                    }
                    page.element("td", [("class", "text")]) { page in page.element("samp", text: text) }
                }
            }
        }
    }

    private func description(of task: TaskIndex, limit: Int) -> String {
        PlainText.line(self.report.plan.tasks[task.offset].description, limit: limit)
    }

    private func block(_ block: ResultList.Block, _ page: inout HTMLWriter) {
        page.element("article") { page in
            page.element("h3") { page in self.name(of: block.task, &page) }
            let description = self.description(of: block.task, limit: 600)
            if !description.isEmpty { page.element("p", [("class", "faint")], text: description) }
            if block.isOpen {
                page.element("pre", text: block.text.text)
            } else {
                page.element("details") { page in
                    let lines = CountText.of(block.text.lines, "line")
                    page.element("summary", text: "\(OutputText.line(block.output, limit: 100)) (\(lines))")
                    page.element("pre", text: block.text.text)
                }
            }
            guard let cut = block.text.cut else { return }
            page.element("p", [("class", "faint")]) { page in
                page.text("\(cut); all of it: ")
                page.element(
                    "code",
                    text: self.sources.command(["show", self.report.run.id.text, self.report.id(block.task).text])
                )
            }
        }
        page.lineBreak()
    }

    // The plan's own words of what success is; nothing here can check them.
    private func criteria(_ page: inout HTMLWriter) {
        let criteria = self.report.plan.successCriteria
        let lists = [
            ("Technical milestones", criteria.technicalMilestones),
            ("Compliance requirements", criteria.complianceRequirements),
            ("Business objectives", criteria.businessObjectives),
        ].filter { !$0.1.isEmpty }
        guard !lists.isEmpty else { return }
        page.element("article") { page in
            page.element("h3", text: "What the plan calls success")
            page.element("p", [("class", "faint")], text: "Baton does not check these; read the results against them.")
            page.element("dl") { page in
                for (name, entries) in lists {
                    page.element("dt", text: name)
                    for entry in entries { page.element("dd", text: entry) }
                }
            }
        }
    }
}
