import OrderedCollections

/// What tasks of research have brought together: counted from their outputs and from nothing else, so that everybody can count again.
///
/// An output counts for what it has: a list `sources`, `insights`, `sections` or `citations` in the form of ``ResearchRole``.
package struct ResearchAggregate: Sendable {
    private struct Source {
        let name: String
        let kind: String
        let confidence: Double?
    }

    private struct Insight {
        let topic: String?
        let confidence: Double?
        let sources: [String]
    }

    private var sources: OrderedDictionary<String, Source> = [:]
    private var insights: [Insight] = []
    private var sections: [String] = []
    private var cited: OrderedDictionary<String, String> = [:]
    private var words = 0
    /// Numbers in square brackets of the document's text.
    private var marks: OrderedSet<String> = []
    private var hasSources = false
    private var hasInsights = false
    private var hasDocument = false
    private var hasCitations = false

    /// - Parameter outputs: of the tasks that completed, in the plan's order; of several documents the last one is the final one.
    package init(_ outputs: [JSON]) {
        for output in outputs {
            self.takeSources(output["sources"])
            self.takeInsights(output["insights"])
            self.takeDocument(output)
            self.takeCitations(output["citations"])
        }
    }

    /// Whether nothing in it is of a research.
    package var isEmpty: Bool { !(self.hasSources || self.hasInsights || self.hasDocument || self.hasCitations) }

    private mutating func takeSources(_ list: JSON?) {
        let found = (list?.elements ?? []).filter { $0["source"]?.string != nil && $0["kind"]?.string != nil }
        guard !found.isEmpty || list?.elements?.isEmpty == true else { return }
        self.hasSources = true
        for json in found {
            guard let name = json["source"]?.string, let kind = json["kind"]?.string else { continue }
            // The same one found twice is one, with what was said of it last.
            self.sources[name] = Source(name: name, kind: kind, confidence: json["confidence"]?.double)
        }
    }

    private mutating func takeInsights(_ list: JSON?) {
        guard let elements = list?.elements else { return }
        self.hasInsights = true
        for json in elements where json["statement"]?.string != nil {
            self.insights.append(
                Insight(
                    topic: json["topic"]?.string,
                    confidence: json["confidence"]?.double,
                    sources: json["sources"]?.elements?.compactMap(\.string) ?? []
                )
            )
        }
    }

    private mutating func takeDocument(_ output: JSON) {
        guard let parts = output["sections"]?.elements, parts.contains(where: { $0["text"]?.string != nil }) else {
            return
        }
        self.hasDocument = true
        self.sections = parts.compactMap { $0["heading"]?.string }
        self.words = parts.reduce(0) { sum, part in
            sum + (part["text"]?.string ?? "").split { $0.isWhitespace }.count
        }
        self.cited = [:]
        self.marks = OrderedSet(parts.flatMap { Self.marks(in: $0["text"]?.string ?? "") })
    }

    private static func marks(in text: String) -> [String] {
        // `[1]`, `[2, 3]` and `[^4]`.
        text.split(separator: "[").dropFirst().flatMap { piece -> [String] in
            guard let end = piece.firstIndex(of: "]") else { return [] }
            let numbers = piece[..<end].drop { $0 == "^" }.split(separator: ",").map { $0.filter { $0 != " " } }
            let areMarks = numbers.allSatisfy { 1...4 ~= $0.count && $0.allSatisfy { $0.isASCII && $0.isNumber } }
            return areMarks ? numbers : []
        }
    }

    /// Marks that no citation explains.
    private var strayMarks: [String] {
        let known = Set(self.cited.keys.map { $0.filter { $0.isASCII && $0.isNumber } })
        return self.marks.filter { !known.contains($0) }
    }

    private mutating func takeCitations(_ list: JSON?) {
        let found = (list?.elements ?? []).filter { $0["mark"]?.string != nil && $0["source"]?.string != nil }
        guard !found.isEmpty || (self.hasDocument && list?.elements != nil) else { return }
        self.hasCitations = true
        self.cited = [:]
        for json in found {
            if let mark = json["mark"]?.string, let source = json["source"]?.string { self.cited[mark] = source }
        }
    }

    // MARK: What it comes to

    /// The members of seed 001's aggregate; what no task has brought is null, not 0.
    package var members: [(String, JSON)] {
        [
            ("sources", self.hasSources ? self.sourcesJSON : .null),
            ("analysis", self.hasInsights ? self.analysisJSON : .null),
            ("document", self.hasDocument || self.hasCitations ? self.documentJSON : .null),
            ("quality", self.isEmpty ? .null : self.qualityJSON),
        ]
    }

    private var sourcesJSON: JSON {
        var types: OrderedDictionary<String, Int> = [:]
        for source in self.sources.values { types[source.kind, default: 0] += 1 }
        return [
            "total_sources": .integer(Int64(self.sources.count)),
            "web_articles": .integer(Int64(types["web"] ?? 0)),
            "academic_papers": .integer(Int64(types["academic"] ?? 0)),
            "source_types": .members(types.map { ($0.key, .integer(Int64($0.value))) }),
        ]
    }

    private var analysisJSON: JSON {
        let topics = OrderedSet(self.insights.compactMap(\.topic))
        return [
            "insights_generated": .integer(Int64(self.insights.count)),
            "average_confidence": Self.mean(self.insights.map(\.confidence)),
            "confidence_distribution": Self.distribution(self.insights.map(\.confidence)),
            "topic_coverage": .array(topics.map { .string($0) }),
        ]
    }

    /// Marks of the document, or of its citations, that name no source of the run.
    package var unresolvedMarks: [String] {
        self.cited.filter { self.sources[$0.value] == nil }.map(\.key) + self.strayMarks
    }

    private var documentJSON: JSON {
        [
            "has_final_document": .bool(self.hasDocument),
            "word_count": self.hasDocument ? .integer(Int64(self.words)) : .null,
            "sections": .array(self.sections.map { .string($0) }),
            "citations": self.hasCitations ? .integer(Int64(self.cited.count)) : .null,
        ]
    }

    private var qualityJSON: JSON {
        let unknown = self.cited.filter { self.sources[$0.value] == nil }.map(\.key)
        let known = self.insights.count { insight in
            !insight.sources.isEmpty && insight.sources.allSatisfy { self.sources[$0] != nil }
        }
        let hasDensity = self.hasCitations && self.hasDocument && self.words > 0
        return [
            "source_quality": self.hasSources
                ? [
                    "average_confidence": Self.mean(self.sources.values.map(\.confidence)),
                    "confidence_distribution": Self.distribution(self.sources.values.map(\.confidence)),
                ] : .null,
            "insight_quality": self.hasInsights
                ? [
                    "average_confidence": Self.mean(self.insights.map(\.confidence)),
                    "backed_by_known_sources": .integer(Int64(known)),
                ] : .null,
            "citation_quality": self.hasCitations
                ? [
                    "citation_density": hasDensity ? .number(Double(self.cited.count) / Double(self.words)) : .null,
                    "resolved": .integer(Int64(self.cited.count - unknown.count)),
                    "unresolved": .array(self.unresolvedMarks.map { .string($0) }),
                ] : .null,
        ]
    }

    private static func mean(_ values: [Double?]) -> JSON {
        let known = values.compactMap { $0 }
        return known.isEmpty ? .null : .number(known.reduce(0, +) / Double(known.count))
    }

    private static func distribution(_ values: [Double?]) -> JSON {
        let known = values.compactMap { $0 }
        let high = known.count { $0 >= 0.8 }
        let medium = known.count { $0 >= 0.5 && $0 < 0.8 }
        return [
            "high": .integer(Int64(high)), "medium": .integer(Int64(medium)),
            "low": .integer(Int64(known.count - high - medium)),
        ]
    }
}
