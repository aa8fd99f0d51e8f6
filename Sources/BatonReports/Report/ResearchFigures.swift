import BatonCore

extension ResearchAggregate {
    // Nil where each has its source.
    fileprivate var unresolvedWords: String? {
        let marks = self.unresolvedMarks
        guard !marks.isEmpty else { return nil }
        let named = marks.prefix(10).map { PlainText.line($0, limit: 20) }.joined(separator: ", ")
        return "\(marks.count): \(named)\(marks.count > 10 ? ", …" : "")"
    }
}

/// What a run of research comes to, for reports.
extension ReportSources {
    /// Counted from the outputs of all tasks that completed.
    func research(of report: RunReport) -> ResearchAggregate {
        ResearchAggregate(report.plan.tasks.indices.compactMap { self.outputs[TaskIndex($0)] })
    }

    /// The same in lines; none of a run without research, nor of one so large that a page has not all outputs.
    func researchFigures(of report: RunReport) -> [(name: String, value: String)] {
        let aggregate = self.research(of: report)
        guard !aggregate.isEmpty, !report.isLarge else { return [] }
        let json = JSON.members(aggregate.members)
        let number = { (path: String...) -> String? in
            let value = path.reduce(Optional(json)) { $0?[$1] }
            if let whole = value?.integer { return "\(whole)" }
            guard case .number(let share)? = value else { return nil }
            return "\((share * 1000).rounded() / 1000)"
        }
        let figures: [(String, String?)] = [
            ("Sources", number("sources", "total_sources")),
            ("Mean confidence of sources", number("quality", "source_quality", "average_confidence")),
            ("Insights", number("analysis", "insights_generated")),
            ("Mean confidence of insights", number("analysis", "average_confidence")),
            ("Words of the document", number("document", "word_count")),
            ("Citations", number("document", "citations")),
            ("Citations that name a source of the run", number("quality", "citation_quality", "resolved")),
            ("Marks that name no source of the run", aggregate.unresolvedWords),
        ]
        return figures.compactMap { name, value in value.map { (name: name, value: $0) } }
    }
}
