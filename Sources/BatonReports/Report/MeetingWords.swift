import BatonCore

/// A meeting in words, for all forms of reports.
struct MeetingWords {
    let meeting: MeetingRecord
    let run: Run

    static let headings = [
        "decisions": "Decisions", "action_items": "Action items", "risks": "Risks", "insights": "Insights",
        "next_steps": "Next steps", "open_questions": "Open questions",
    ]

    static func all(_ report: RunReport, _ sources: ReportSources) -> [MeetingWords] {
        MeetingRecord.all(in: report.run, outputs: sources.outputs).map { MeetingWords(meeting: $0, run: report.run) }
    }

    private func name(_ agent: AgentID) -> String {
        self.run.plan.agents.first { $0.id == agent }?.name ?? agent.text
    }

    /// Who was there, how long, and why it was over.
    var summary: String {
        let names = self.meeting.attendees.prefix(20).map(self.name).joined(separator: ", ")
        let more = self.meeting.attendees.count > 20 ? " and \(self.meeting.attendees.count - 20) more" : ""
        let end =
            switch self.meeting.end {
            case .agenda: "over when its agenda was done"
            case .silence: "over when nobody had anything new to say"
            case .rounds: "over when its rounds were used up"
            case nil: "not over yet"
            }
        return "\(names)\(more). \(CountText.of(self.meeting.rounds, "round")); \(end)."
    }

    /// The lists that have something in them.
    var lists: [(heading: String, items: [MeetingRecord.Item])] {
        self.meeting.lists.filter { !$0.items.isEmpty }.map { kind, items in
            (Self.headings[kind] ?? kind.split(separator: "_").joined(separator: " "), items)
        }
    }

    /// What an item says besides its text: who, until when, how grave; nil if nothing.
    func details(of item: MeetingRecord.Item) -> String? {
        var words: [String] = []
        if let owner = item.owner { words.append(self.name(AgentID(owner))) }
        if let due = item.due { words.append(due.hasPrefix("in ") ? due : "until \(due)") }
        if let severity = item.severity { words.append(severity) }
        if let other = item.contradicts { words.append("contradicts \(other)") }
        return words.isEmpty ? nil : words.joined(separator: ", ")
    }

    /// Who said so, and when: `Lisa Chen in round 2`.
    func speakers(of item: MeetingRecord.Item) -> [(task: TaskIndex, words: String)] {
        item.evidence.compactMap { task in
            guard let said = self.meeting.utterances.first(where: { $0.task == task }) else { return nil }
            return (task, self.words(for: said))
        }
    }

    func words(for utterance: MeetingRecord.Utterance) -> String {
        "\(self.name(utterance.speaker)) in round \(utterance.round)"
    }

    /// All of an item in a line, with what became of it.
    func line(of item: MeetingRecord.Item) -> String {
        var line = item.text + (self.details(of: item).map { " (\($0))" } ?? "")
        let said = self.speakers(of: item).map(\.words)
        if !said.isEmpty { line += "; said by \(said.prefix(5).joined(separator: ", "))" }
        if let task = item.task {
            line += "; task \(self.run.spec(task).id), \(self.run.record(task)?.state.word ?? "waiting")"
        }
        return line
    }

    /// What it says of a meeting without any outcome, and what helps.
    var emptiness: String? { self.meeting.emptiness(in: self.run).map(Self.words) }

    static func words(of emptiness: MeetingRecord.Emptiness) -> String {
        let objective = emptiness.objective.map { "its objective was: \($0)" } ?? "it had no extraction_objective"
        let context = emptiness.hasContext ? "" : "; it had no agenda, no input and no result of another task to go by"
        return
            "Nothing was decided in \(CountText.of(emptiness.rounds, "round")); \(PlainText.line(objective, limit: 300))\(context). "
            + "More rounds, a clearer objective or more context may help."
    }
}
