import BatonCore

/// The four questions that a newcomer has, answered in sentences before anything else.
struct Glance {
    /// Where a page says more.
    enum Place: Hashable {
        case failure(Int)
        case task(TaskIndex)
        case section(ReportSection)
    }

    struct Line {
        /// What the line is about: where there is a place, it leads there.
        var subject = ""
        /// What is said of it.
        var text: String
        /// The words of a command that does or shows it.
        var command: [String]?
        var place: Place?
    }

    struct Part {
        let question: String
        let lines: [Line]
    }

    private static let most = 3
    private let report: RunReport

    init(_ report: RunReport) { self.report = report }

    var parts: [Part] {
        [
            Part(question: "What failed", lines: self.failed),
            Part(question: "What took longest", lines: self.longest),
            Part(question: "Who did most", lines: self.most),
            Part(question: "What next", lines: self.next),
        ]
    }

    // MARK: What failed

    private var failed: [Line] {
        var lines = self.report.failures.prefix(Self.most).enumerated().map { number, group -> Line in
            let (subject, text) = ReportWords.sentence(of: group, in: self.report)
            return Line(subject: subject, text: text, place: .failure(number))
        }
        if self.report.failures.count > Self.most {
            let left = CountText.of(self.report.failures.count - Self.most, "more cause")
            lines.append(Line(subject: "… and \(left)", text: ".", place: .section(.failures)))
        }
        if lines.isEmpty { lines.append(Line(text: self.report.run.isEnded ? "Nothing." : "Nothing so far.")) }
        let mended = self.report.mended
        if let first = mended.first, let failure = first.lastFailure {
            let others = mended.count > 1 ? " \(mended.count - 1) more tasks had failed attempts." : ""
            lines.append(
                Line(
                    subject: self.report.id(first.task).text,
                    text: " \(ReportWords.mended(first, in: self.report)): \(ReportWords.reason(failure)).\(others)",
                    place: .section(.failures)
                )
            )
        }
        return lines
    }

    // MARK: What took longest

    private var longest: [Line] {
        let slowest = self.report.slowest(Self.most)
        guard !slowest.isEmpty else { return [Line(text: "Nothing has taken any time yet.")] }
        var lines = slowest.map { account in
            let who = account.attempts.last.map { self.report.name($0.assignment.lead) } ?? "nobody"
            let tries = account.attempts.count > 1 ? ", \(account.attempts.count) attempts" : ""
            let what = account.isPersons ? "waiting for \(who)" : "by \(who)"
            return Line(
                subject: self.report.id(account.task).text,
                text: ": \(SpanText.of(account.took)), \(what)\(tries).",
                place: .task(account.task)
            )
        }
        let path = CriticalPath.byMeasuredTimes(of: self.report.sheet)
        if path.tasks.count > 1 {
            lines.append(
                Line(
                    subject: "The longest chain",
                    text: ", \(SpanText.of(path.duration)) of work: "
                        + ReportWords.chain(path.tasks, in: self.report) + ".",
                    place: .section(.graph)
                )
            )
        }
        return lines
    }

    // MARK: Who did most

    private var most: [Line] {
        let agents = self.report.agentsByWork
        guard !agents.isEmpty else { return [Line(text: "Nobody has done anything yet.")] }
        let total = self.report.tasks.count
        let talk = self.report.run.counts.talk.total > 0 ? ", what was said in meetings among them," : ""
        return agents.prefix(Self.most).enumerated().map { place, agent in
            let done =
                place == 0
                ? "completed \(agent.completed) of \(CountText.of(total, "task"))\(talk)"
                : "completed \(agent.completed)"
            let span = SpanText.of(agent.busy)
            let time = agent.isPerson ? "was waited for: \(span)" : "was busy for \(span)"
            return Line(
                subject: agent.name,
                text: place == 0 ? " \(done) and \(time)." : " \(done), \(time).",
                place: .section(.agents)
            )
        }
    }

    // MARK: What next

    private var next: [Line] {
        let steps = self.report.nextSteps
        var lines = steps.prefix(Self.most).map { self.line($0) }
        // What comes after all that has to be mended stands at the end, and is told in any case.
        if steps.count > Self.most, let last = steps.last {
            let left = steps.count - Self.most - 1
            if left > 0 { lines.append(Line(subject: "… and \(left) more", text: ".", place: .section(.failures))) }
            lines.append(self.line(last))
        }
        return lines
    }

    private func line(_ step: NextStep) -> Line {
        let run = self.report.run.id.text
        switch step {
        case .answer(let question):
            return Line(
                subject: "Answer \(question.id)",
                text: ", about \(self.report.id(question.task)): "
                    + PlainText.line(question.text, limit: 160),
                command: ["answer", run, question.id.description, question.options.first ?? Question.placeholder],
                place: .section(.decisions)
            )
        case .mend(let task, let failure):
            // Many remedies name the command themselves.
            let isSaid = failure.remedy.contains("baton show")
            return Line(
                subject: "Mend \(self.report.id(task))",
                text: ": \(PlainText.line(failure.remedy, limit: 160))",
                command: isSaid ? nil : ["show", run, self.report.id(task).text],
                place: self.report.failures.firstIndex { $0.root == task }.map { .failure($0) }
            )
        case .goOn:
            return Line(text: "The run has not ended. If no process carries it now:", command: ["resume", run])
        case .runAgain:
            let then = self.report.rootFailures.isEmpty ? "Go" : "Then go"
            return Line(text: "\(then) on in a new run that has what is done:", command: ["fork", run, "--retry-all"])
        case .runForReal: return Line(text: "This was a rehearsal. For real:", command: ["run", "PLAN"])
        case .use: return Line(subject: "Use the results", text: "; nothing is left to do.", place: .section(.results))
        }
    }
}

/// The parts of a report, in their order.
enum ReportSection: String, CaseIterable {
    case results = "Results"
    case meetings = "Meetings"
    case graph = "Graph"
    case gantt = "Gantt chart"
    case agents = "Agents"
    case failures = "Failures"
    case timeline = "Timeline"
    case decisions = "Decisions of people"
    case figures = "Figures"

    /// Those that a report of this run has.
    static func all(of report: RunReport) -> [ReportSection] {
        let hasMeetings = report.plan.tasks.contains { $0.pattern == .meeting }
        return Self.allCases.filter { $0 != .meetings || hasMeetings }
    }
}
