package import BatonCore

/// A run as one HTML page: opens offline, needs no script, loads nothing, shows every text as text.
package struct HTMLReport {
    /// No more lines and characters of one output are shown.
    static let mostLines = 200
    static let mostCharacters = 12_000
    /// So many lines of results lie open; the rest is behind its first line.
    static let openLines = 60
    static let openLinesOfLarge = 12

    let report: RunReport
    let sources: ReportSources
    /// The tables of tasks.
    let lists: [TaskList]
    /// The tasks in them.
    let listed: Set<TaskIndex>

    private init(_ report: RunReport, _ sources: ReportSources) {
        self.report = report
        self.sources = sources
        self.lists = TaskList.all(of: report)
        self.listed = Set(self.lists.flatMap(\.tasks))
    }

    /// The page.
    package static func page(_ report: RunReport, _ sources: ReportSources) -> String {
        let html = HTMLReport(report, sources)
        var page = HTMLWriter()
        page.doctype()
        page.element("html", [("lang", "en")]) { page in
            html.head(&page)
            page.element("body") { page in
                html.header(&page)
                html.glance(&page)
                html.navigation(&page)
                page.element("main") { page in
                    for section in ReportSection.all(of: report) { html.section(section, &page) }
                }
                html.footer(&page)
            }
        }
        page.lineBreak()
        return page.html
    }

    private var mark: String { self.report.banner == nil ? "" : "\(StandIn.mark): " }

    private func head(_ page: inout HTMLWriter) {
        page.element("head") { page in
            page.void("meta", [("charset", "utf-8")])
            // Nothing may be loaded, run, sent or framed; the one style sheet is named by its hash.
            page.void(
                "meta",
                [
                    ("http-equiv", "Content-Security-Policy"),
                    (
                        "content",
                        "default-src 'none'; style-src '\(PageStyle.hash)'; base-uri 'none'; form-action 'none'"
                    ),
                ]
            )
            page.void("meta", [("name", "viewport"), ("content", "width=device-width, initial-scale=1")])
            page.void("meta", [("name", "color-scheme"), ("content", "light dark")])
            page.void("meta", [("name", "referrer"), ("content", "no-referrer")])
            page.element("title", text: "\(self.mark)\(self.report.plan.title), run \(self.report.run.id)")
            page.style(PageStyle.sheet)
        }
        page.lineBreak()
    }

    private func header(_ page: inout HTMLWriter) {
        let report = self.report
        page.element("header") { page in
            page.element("h1", text: report.plan.title)
            if let banner = report.banner { page.element("p", [("class", "banner")], text: banner) }
            if !report.plan.description.isEmpty { page.element("p", text: report.plan.description) }
            page.element("p", [("class", "headline")]) { page in
                page.text("Run ")
                page.element("span", [("class", "task")], text: report.run.id.text)
                page.text(": \(report.headline).")
            }
            page.element("p", text: report.meaning)
            let end = report.run.isEnded ? "ended" : "stood as told here"
            page.element(
                "p",
                [("class", "faint")],
                text: "Began \(RunReport.clock(report.run.began)) UTC, \(end) \(RunReport.clock(report.now)) UTC"
                    + (report.isRehearsal ? " in project time." : ".")
            )
        }
        page.lineBreak()
    }

    // MARK: At a glance

    private func glance(_ page: inout HTMLWriter) {
        page.element("div", [("class", "glance")]) { page in
            for part in Glance(self.report).parts {
                page.element("section") { page in
                    page.element("h2", text: part.question)
                    page.element("ul") { page in
                        for line in part.lines { page.element("li") { self.line(line, &$0) } }
                    }
                }
            }
        }
        page.lineBreak()
    }

    private func line(_ line: Glance.Line, _ page: inout HTMLWriter) {
        if let place = line.place {
            page.element("a", [("href", self.reference(to: place))], text: line.subject)
        } else {
            page.text(line.subject)
        }
        page.text(line.text)
        guard let command = line.command else { return }
        page.text(" ")
        page.element("code", text: self.sources.command(command))
    }

    private func reference(to place: Glance.Place) -> String {
        switch place {
        case .failure(let number): "#f\(number)"
        case .task(let task): self.isListed(task) ? "#t\(task.value)" : "#\(Self.anchor(of: .graph))"
        case .section(let section): "#\(Self.anchor(of: section))"
        }
    }

    static func anchor(of section: ReportSection) -> String {
        switch section {
        case .results: "results"
        case .meetings: "meetings"
        case .graph: "graph"
        case .gantt: "gantt"
        case .agents: "agents"
        case .failures: "failures"
        case .timeline: "timeline"
        case .decisions: "decisions"
        case .figures: "figures"
        }
    }

    private func navigation(_ page: inout HTMLWriter) {
        page.element("nav", [("aria-label", "Parts of the report")]) { page in
            page.element("ul") { page in
                for section in ReportSection.all(of: self.report) {
                    page.element("li") { page in
                        page.element("a", [("href", "#\(Self.anchor(of: section))")], text: section.rawValue)
                    }
                }
            }
        }
        page.lineBreak()
    }

    // MARK: Sections

    private func section(_ section: ReportSection, _ page: inout HTMLWriter) {
        page.element("section", [("id", Self.anchor(of: section))]) { page in
            page.element("h2", text: section.rawValue)
            switch section {
            case .results: self.results(&page)
            case .meetings: self.meetings(&page)
            case .graph: self.graph(&page)
            case .gantt: self.gantt(&page)
            case .agents: self.agents(&page)
            case .failures: self.failures(&page)
            case .timeline: self.timeline(&page)
            case .decisions: self.decisions(&page)
            case .figures: self.figures(&page)
            }
        }
        page.lineBreak()
    }

    private func footer(_ page: inout HTMLWriter) {
        page.element("footer") { page in
            page.text("\(self.mark)Written by baton \(self.report.run.seed.engine). All of it as data: ")
            page.element("code", text: self.sources.command(["report", self.report.run.id.text, "--json"]))
        }
    }

    /// A task by its name, with a link where it is listed.
    func name(of task: TaskIndex, _ page: inout HTMLWriter) {
        guard self.isListed(task) else {
            page.element("span", [("class", "task")], text: self.report.id(task).text)
            return
        }
        page.element("a", [("class", "task"), ("href", "#t\(task.value)")], text: self.report.id(task).text)
    }

    /// Names with links, and how many more there are.
    func names(of tasks: [TaskIndex], limit: Int = 20, _ page: inout HTMLWriter) {
        for (place, task) in tasks.prefix(limit).enumerated() {
            if place > 0 { page.text(", ") }
            self.name(of: task, &page)
        }
        if tasks.count > limit { page.text(" … and \(tasks.count - limit) more") }
    }

    /// The state of a task: a sign and a word, never colour alone.
    func state(of task: TaskIndex, _ page: inout HTMLWriter) {
        guard let state = self.report.state(task) else { return }
        let look = GraphState(state)
        page.element("span", [("class", look.rawValue)], text: "\(look.mark) \(state.word)")
    }
}
