import Testing

@testable import BatonCore

/// What a research comes to is counted from typed outputs.
@Suite struct ResearchAggregateTests {
    private static let outputs: [JSON] = [
        [
            "sources": [
                ["source": "a.md:1-3", "kind": "document", "excerpt": "x", "confidence": 0.9],
                ["source": "https://b.example/", "kind": "web", "excerpt": "y", "confidence": 0.5],
            ]
        ],
        ["sources": [["source": "a.md:1-3", "kind": "document", "excerpt": "x", "confidence": 0.7]]],
        [
            "insights": [
                ["statement": "s", "topic": "tea", "confidence": 0.8, "sources": ["a.md:1-3"]],
                ["statement": "t", "topic": "tea", "confidence": 0.2, "sources": ["nowhere"]],
            ]
        ],
        [
            "title": "Tea",
            "sections": [["heading": "One", "text": "Tea is good [1]."], ["heading": "Two", "text": "So [2]."]],
            "citations": [["mark": "[1]", "source": "a.md:1-3"], ["mark": "[2]", "source": "elsewhere"]],
        ],
    ]

    private static func value(_ outputs: [JSON], _ path: String...) -> JSON? {
        path.reduce(Optional(JSON.members(ResearchAggregate(outputs).members))) { $0?[$1] }
    }

    @Test func `every number can be counted again from the outputs`() {
        let value = { (path: [String]) in
            path.reduce(Optional(JSON.members(ResearchAggregate(Self.outputs).members))) { $0?[$1] }
        }
        #expect(
            value(["sources"]) == [
                "total_sources": 2, "web_articles": 1, "academic_papers": 0, "source_types": ["document": 1, "web": 1],
            ]
        )
        #expect(value(["analysis", "insights_generated"]) == 2 && value(["analysis", "average_confidence"]) == 0.5)
        #expect(value(["analysis", "confidence_distribution"]) == ["high": 1, "medium": 0, "low": 1])
        #expect(value(["analysis", "topic_coverage"]) == ["tea"])
        #expect(
            value(["document"]) == [
                "has_final_document": true, "word_count": 6, "sections": ["One", "Two"], "citations": 2,
            ]
        )
        // 0.7 was said of the first source last.
        #expect(value(["quality", "source_quality", "average_confidence"]) == 0.6)
        #expect(value(["quality", "insight_quality", "backed_by_known_sources"]) == 1)
        #expect(
            value(["quality", "citation_quality"])
                == ["citation_density": .number(2.0 / 6), "resolved": 1, "unresolved": ["[2]"]]
        )
    }

    @Test func `what no task has brought is null, not 0`() {
        for name in ["sources", "analysis", "document", "quality"] {
            #expect(Self.value([["answer": "yes"], "text"], name) == .null)
        }
        #expect(Self.value(Array(Self.outputs.prefix(1)), "analysis") == .null)
        #expect(Self.value(Array(Self.outputs.prefix(1)), "quality", "citation_quality") == .null)
    }

    @Test func `a search that has found nothing has brought no source, and says so`() {
        #expect(Self.value([["sources": []]], "sources", "total_sources") == 0)
        #expect(Self.value([["sources": []]], "quality", "source_quality", "average_confidence") == .null)
    }

    @Test func `a citation editor has the last word on citations`() {
        let edited: JSON = ["citations": [["mark": "[1]", "source": "a.md:1-3", "text": "A, lines 1 to 3"]]]
        #expect(Self.value(Self.outputs + [edited], "quality", "citation_quality", "unresolved") == ["2"])
        #expect(Self.value(Self.outputs + [edited], "document", "citations") == 1)
    }

    @Test func `every type of research task has a form that a value fits`() throws {
        for type in ["web_search", "academic_search", "content_analysis", "document_generation", "citation_formatting"]
        {
            let schema = try JSONSchema(ResearchRole.doing(type).form(of: type))
            #expect(JSONSample.value(of: schema, seed: 1) != nil)
        }
    }
}
