import BatonCore

extension HTMLReport {
    // MARK: Failures

    func failures(_ page: inout HTMLWriter) {
        let groups = self.report.failures
        if groups.isEmpty {
            page.element("p", text: self.report.run.isEnded ? "Nothing failed." : "Nothing has failed so far.")
        }
        for (number, group) in groups.prefix(RunReport.mostNotable).enumerated() { self.group(group, number, &page) }
        if groups.count > RunReport.mostNotable {
            page.element("p") { page in
                page.text("… and \(groups.count - RunReport.mostNotable) more causes. All of them: ")
                page.element("code", text: self.sources.command(["report", self.report.run.id.text, "--json"]))
            }
        }
        self.mended(&page)
    }

    private func group(_ group: FailureGroup, _ number: Int, _ page: inout HTMLWriter) {
        page.element("article", [("id", "f\(number)")]) { page in
            page.element("h3") { page in
                if let root = group.root {
                    self.state(of: root, &page)
                    page.text(" ")
                    self.name(of: root, &page)
                } else {
                    page.element("span", [("class", "cancelled")], text: "\(GraphState.cancelled.mark) stopped")
                }
            }
            let (subject, text) = ReportWords.sentence(of: group, in: self.report)
            page.element("p", text: subject + text)
            if let failure = group.failure, let root = group.root { self.detail(failure, root, &page) }
            guard !group.consequences.isEmpty else { return }
            page.element("p") { page in
                page.text("Without a result because of it: ")
                self.names(of: group.consequences, &page)
                page.text(".")
            }
        }
        page.lineBreak()
    }

    private func detail(_ failure: Failure, _ task: TaskIndex, _ page: inout HTMLWriter) {
        let account = self.report.tasks[task.offset]
        page.element("dl") { page in
            page.element("dt", text: "What it was to do")
            page.element("dd", text: PlainText.line(self.report.plan.tasks[task.offset].description, limit: 600))
            page.element("dt", text: "What to do now")
            page.element("dd", text: PlainText.of(failure.remedy, keepingLines: true))
            page.element("dt", text: "Code")
            page.element("dd") { page in
                page.element("code", text: failure.code)
                page.text(", \(Self.words(for: failure.kind))")
            }
            page.element("dt", text: "Attempts")
            let names = account.attempts.map {
                "\($0.number) by \(self.report.name($0.assignment.lead)): \($0.result), \(SpanText.of($0.span(at: self.report.now)))"
            }
            page.element("dd", text: names.isEmpty ? "none" : names.joined(separator: "; "))
        }
        if !failure.causes.isEmpty {
            page.element("details") { page in
                page.element("summary", text: "Causes, the nearest first")
                page.element("ol", [("class", "plain")]) { page in
                    for cause in failure.causes { page.element("li", text: cause) }
                }
            }
        }
        if let tail = failure.stderrTail, !tail.isEmpty {
            page.element("details") { page in
                page.element("summary", text: "What it wrote to standard error")
                // The end of it says most.
                page.element("pre", text: String(tail.suffix(Self.mostCharacters)))
            }
        }
    }

    static func words(for kind: Failure.Class) -> String {
        switch kind {
        case .transient: "another try may help"
        case .permanent: "another try gives the same"
        case .blocked: "it needs a word from a person"
        case .timedOut: "it took longer than it may"
        }
    }

    private func mended(_ page: inout HTMLWriter) {
        let mended = self.report.mended
        guard !mended.isEmpty else { return }
        let shown = mended.prefix(RunReport.mostNotable)
        let left = mended.count > shown.count ? ", \(shown.count) of \(mended.count)" : ""
        page.table("Failed attempts of tasks that were not given up\(left)", ["Task", "State", "Attempt", "Why"]) {
            page in
            for account in shown {
                for attempt in account.attempts {
                    guard let failure = attempt.failure else { continue }
                    page.element("tr") { page in
                        page.element("th", [("scope", "row")]) { self.name(of: account.task, &$0) }
                        page.element("td", [("class", "tight")]) { self.state(of: account.task, &$0) }
                        page.element(
                            "td",
                            [("class", "tight")],
                            text: "\(attempt.number) by \(self.report.name(attempt.assignment.lead))"
                        )
                        page.element(
                            "td",
                            [("class", "text")],
                            text: "[\(failure.code)] \(ReportWords.reason(failure))"
                        )
                    }
                }
            }
        }
    }

    // MARK: Timeline

    func timeline(_ page: inout HTMLWriter) {
        let timeline = self.report.timeline
        if timeline.leftOut > 0 {
            page.element("p", [("class", "faint")]) { page in
                page.text(
                    "Only what is notable is listed; \(timeline.leftOut) events, most of them starts and ends of tasks, are left out. "
                )
                page.element("code", text: self.sources.command(["events", self.report.run.id.text]))
                page.text(" prints all.")
            }
        }
        let isShort = timeline.entries.count <= Self.openLines
        if isShort { return self.entries(timeline.entries, &page) }
        page.element("details") { page in
            page.element("summary", text: CountText.of(timeline.entries.count, "event"))
            self.entries(timeline.entries, &page)
        }
    }

    private func entries(_ entries: [RunEvent], _ page: inout HTMLWriter) {
        page.table("What happened, in order", ["After", "Task", "Agent", "What"], numbers: [0]) { page in
            for entry in entries {
                page.element("tr") { page in
                    page.element("td", [("class", "number")]) { page in
                        page.element("time", [("datetime", entry.at.description)], text: self.report.since(entry.at))
                    }
                    page.element("td", [("class", "tight")], text: entry.task?.text ?? "")
                    page.element("td", [("class", "tight")], text: entry.agent?.text ?? "")
                    page.element("td", [("class", "text")], text: PlainText.line(entry.summary, limit: 300))
                }
            }
        }
    }

    // MARK: Decisions

    func decisions(_ page: inout HTMLWriter) {
        let decisions = self.report.decisions
        guard !decisions.isEmpty else {
            page.element("p", text: "No person was asked, and none took part.")
            return
        }
        let shown = decisions.filter(\.isOpen).prefix(RunReport.mostNotable) + decisions.filter { !$0.isOpen }
        let columns = ["After", "Asked", "About", "Answer", "By", "Waited"]
        page.table("What people were asked and what they decided", columns, numbers: [0, 5]) { page in
            for decision in shown.prefix(Timeline.most) { self.row(decision, &page) }
        }
        let left = decisions.count - min(shown.count, Timeline.most)
        if left > 0 { page.element("p", [("class", "faint")], text: "… and \(left) more.") }
        let open = self.report.run.openQuestions
        guard !open.isEmpty else { return }
        page.element("p", text: "Still open:")
        page.element("ul") { page in
            for question in open.prefix(RunReport.mostNotable) {
                page.element("li") { page in
                    let word = question.options.first ?? Question.placeholder
                    let words = ["answer", self.report.run.id.text, question.id.description, word]
                    page.element("code", text: self.sources.command(words))
                    if question.options.count > 1 {
                        page.text(
                            " or \(PlainText.line(question.options.dropFirst().joined(separator: ", "), limit: 200))"
                        )
                    }
                }
            }
        }
    }

    private func row(_ decision: Decision, _ page: inout HTMLWriter) {
        page.element("tr") { page in
            page.element("td", [("class", "number")]) { page in
                page.element("time", [("datetime", decision.at.description)], text: self.report.since(decision.at))
            }
            page.element("td", text: ReportWords.asked(decision, in: self.report))
            page.element("td", [("class", "text")], text: ReportWords.matter(decision, in: self.report))
            page.element("td", [("class", "text")], text: ReportWords.answer(decision, in: self.report))
            page.element("td", text: decision.by ?? "")
            page.element(
                "td",
                [("class", "number")],
                text: decision.question == nil ? "" : SpanText.of(decision.waited(at: self.report.now))
            )
        }
    }

    // MARK: Figures

    func figures(_ page: inout HTMLWriter) {
        page.element("dl") { page in
            for (name, value) in ReportFigures.of(self.report) + self.sources.researchFigures(of: self.report) {
                page.element("dt", text: name)
                page.element("dd", text: value)
            }
        }
        let table = TimesTable(RunTimes(self.report), most: RunReport.mostNotable)
        guard !table.rows.isEmpty else { return }
        let more = table.left > 0 ? "; \(table.left) more are left out" : ""
        page.table(TimesTable.caption + more, table.columns, numbers: Set(2...8)) { page in
            for row in table.rows {
                page.element("tr") { page in
                    page.element("td", text: row[0])
                    page.element("th", [("scope", "row")], text: row[1])
                    for text in row.dropFirst(2) { page.element("td", [("class", "number")], text: text) }
                }
            }
        }
    }
}
