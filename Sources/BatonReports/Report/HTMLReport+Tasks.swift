import BatonCore

extension HTMLReport {
    /// Whether a table of the page has a row for the task.
    func isListed(_ task: TaskIndex) -> Bool { self.listed.contains(task) }

    func graph(_ page: inout HTMLWriter) {
        let picture = GraphPicture(self.report)
        page.figure(picture.caption) { picture.draw(on: &$0) }
        if !picture.isDetailed { picture.list(on: &page) }
        if self.report.isLarge { self.groups(&page) }
        self.proofs(&page)
        self.words(&page)
        for list in self.lists {
            let left = list.count > list.tasks.count ? ", \(list.tasks.count) of \(list.count)" : ""
            self.table(of: list.tasks, list.heading + left, &page)
        }
        guard self.report.isLarge else { return }
        page.element("p", [("class", "faint")]) { page in
            page.text("The other tasks are counted above. All of them: ")
            page.element("code", text: self.sources.command(["show", self.report.run.id.text, "--json"]))
        }
    }

    private func proofs(_ page: inout HTMLWriter) {
        let proofs = ProofTable(self.report, most: RunReport.mostTasksNamed)
        self.table(ProofTable.caption, proofs.left, ProofTable.columns, proofs.rows, name: 0, &page)
    }

    private func words(_ page: inout HTMLWriter) {
        let words = WordTable(self.report, most: RunReport.mostTasksNamed) { self.report.since($0) }
        self.table(WordTable.caption, words.left, WordTable.columns, words.rows, name: 2, &page)
    }

    private func table(
        _ caption: String,
        _ left: Int,
        _ columns: [String],
        _ rows: [[String]],
        name: Int,
        _ page: inout HTMLWriter
    ) {
        guard !rows.isEmpty else { return }
        page.table(caption + (left > 0 ? ", \(left) more not shown" : ""), columns) { page in
            for row in rows {
                page.element("tr") { page in
                    for (place, text) in row.enumerated() {
                        let isName = place == name
                        page.element(
                            isName ? "th" : "td",
                            isName ? [("scope", "row"), ("class", "task")] : [],
                            text: text
                        )
                    }
                }
            }
        }
    }

    private func groups(_ page: inout HTMLWriter) {
        let columns = ["Group", "Tasks", "Completed", "Failed", "Skipped", "Cancelled", "Open", "Time", "Longest"]
        page.table("All tasks, by type or by name", columns, numbers: Set(1...8)) { page in
            for group in self.report.groups {
                page.element("tr") { page in
                    page.element("th", [("scope", "row"), ("class", "task")], text: group.name)
                    for number in [
                        group.tasks, group.completed, group.failed, group.skipped, group.cancelled, group.open,
                    ] {
                        page.element("td", [("class", "number")], text: "\(number)")
                    }
                    page.element("td", [("class", "number")], text: SpanText.of(group.took))
                    page.element("td", [("class", "number")], text: SpanText.of(group.longest))
                }
            }
        }
    }

    private func table(of tasks: [TaskIndex], _ heading: String, _ page: inout HTMLWriter) {
        let columns = ["Task", "State", "What", "Agent", "Attempts", "Started", "Took", "Waits for"]
        page.table(heading, columns, numbers: [4, 5, 6]) { page in
            for task in tasks { self.row(self.report.tasks[task.offset], &page) }
        }
    }

    private func row(_ account: TaskAccount, _ page: inout HTMLWriter) {
        let task = account.task
        page.element("tr", [("id", "t\(task.value)")]) { page in
            page.element("th", [("scope", "row"), ("class", "task")], text: self.report.id(task).text)
            page.element("td", [("class", "tight")]) { self.state(of: task, &$0) }
            page.element(
                "td",
                [("class", "text")],
                text: PlainText.line(self.report.plan.tasks[task.offset].description, limit: 160)
            )
            page.element(
                "td",
                text: account.attempts.last.map { self.report.name($0.assignment.lead) }
                    ?? (self.report.state(task)?.isEnded == true ? "nobody" : "nobody yet")
            )
            page.element("td", [("class", "number")], text: "\(account.attempts.count)")
            page.element("td", [("class", "number")], text: account.startedAt.map(self.report.since) ?? "")
            page.element(
                "td",
                [("class", "number")],
                text: account.attempts.isEmpty ? "" : SpanText.of(account.took)
            )
            page.element("td") { page in
                self.names(of: self.report.run.graph.dependencies[task].map { TaskIndex(Int($0)) }, limit: 8, &page)
            }
        }
    }

    func gantt(_ page: inout HTMLWriter) {
        guard self.report.statistics.attempts > 0 else {
            page.element("p", text: "No attempt has started yet.")
            return
        }
        let chart = GanttChart(self.report)
        page.figure(chart.caption) { chart.draw(on: &$0) }
    }

    // MARK: Agents

    func agents(_ page: inout HTMLWriter) {
        let busiest = self.report.agentsByWork
        let idle = self.report.agents.filter { $0.attempts + $0.attended == 0 }
        let shown = (busiest + idle).prefix(RunReport.mostNotable)
        let left = self.report.agents.count - shown.count
        let columns = [
            "Agent", "Role", "Done", "Failed", "Attempts", "Busy", "Share of the run", "In hand", "Waiting for it",
        ]
        let caption = "What each agent did, who did most first" + (left > 0 ? "; \(left) more are left out" : "")
        page.table(caption, columns, numbers: Set(2...6)) { page in
            for agent in shown { self.row(agent, &page) }
        }
    }

    private func row(_ agent: Contribution, _ page: inout HTMLWriter) {
        page.element("tr") { page in
            page.element("th", [("scope", "row")]) { page in
                page.text(agent.name)
                if agent.name != agent.id.text {
                    page.text(" ")
                    page.element("span", [("class", "faint")], text: "(\(agent.id))")
                }
            }
            page.element("td", text: agent.occupation.isEmpty ? (agent.isPerson ? "a person" : "") : agent.occupation)
            let tries =
                agent.failedAttempts > 0 ? "\(agent.attempts), \(agent.failedAttempts) failed" : "\(agent.attempts)"
            let attended = agent.attended > 0 ? ", attended \(agent.attended)" : ""
            let busy = SpanText.of(agent.busy) + (agent.isPerson ? ", waited for" : "")
            for text in [
                "\(agent.completed)", "\(agent.failed)", tries + attended, busy,
                NumberText.percent(agent.busy, of: self.report.elapsed),
            ] {
                page.element("td", [("class", "number")], text: text)
            }
            for tasks in [agent.inHand, agent.waiting] {
                let left = tasks.count > 8 ? " … and \(tasks.count - 8) more" : ""
                page.element("td", text: tasks.prefix(8).map(\.text).joined(separator: ", ") + left)
            }
        }
    }
}
