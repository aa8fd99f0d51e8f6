import BatonCore
import BatonTestKit
import Foundation
import Testing

/// A research plan of the first documents over a folder of documents, played by the real program.
@Suite(.ownThreads, .timeLimit(.minutes(30))) struct ResearchRunTests {
    private let folder: TemporaryFolder

    init() throws { self.folder = try TemporaryFolder() }

    private static let plan = """
        {"query": "What is good about tea?", "session_id": "tea", "tasks": [
          {"task_id": "search", "task_type": "web_search", "description": "Search the folder texts.",
           "parameters": {"query": "tea"}, "assigned_agent": "research"},
          {"task_id": "analysis", "task_type": "content_analysis", "description": "Analyze content", "dependencies": ["search"]},
          {"task_id": "paper", "task_type": "document_generation", "description": "Write it.", "dependencies": ["search", "analysis"]},
          {"task_id": "marks", "task_type": "citation_formatting", "description": "Format.", "dependencies": ["search", "paper"]}
        ], "estimated_duration_minutes": 30}
        """

    private static func reply(_ message: JSON, _ reason: String) -> WireServer.Reply {
        let body: JSON = [
            "model": "m", "choices": [["message": message, "finish_reason": .string(reason)]],
            "usage": ["prompt_tokens": 4000, "completion_tokens": 50],
        ]
        return WireServer.Reply("200 OK", ["content-type: application/json"], "\(body)")
    }

    // Where passages stand, in the order in which they are named.
    private static func places(in text: String) -> [String] {
        var seen: [String] = []
        for match in text.matches(of: /texts\/[a-z]+\.md:[0-9]+(-[0-9]+)?/) where !seen.contains(String(match.output.0))
        {
            seen.append(String(match.output.0))
        }
        return seen
    }

    /// A model that says nothing but what its tools and the tasks before have told it.
    private static func answer(_ request: WireServer.Request) -> WireServer.Reply {
        let text = request.text.replacing("\\/", with: "/")
        let places = Self.places(in: text)
        let value: JSON
        if text.contains("You find sources") {
            guard text.contains("\"role\":\"tool\"") else {
                let call: JSON = [
                    "id": "c1", "type": "function",
                    "function": ["name": "search_documents", "arguments": #"{"query": "tea", "path": "texts"}"#],
                ]
                return Self.reply(["content": .null, "tool_calls": [call]], "tool_calls")
            }
            let sources = places.enumerated().map { number, place -> JSON in
                [
                    "source": .string(place), "kind": "document", "excerpt": "tea",
                    "confidence": .number(number == 0 ? 0.9 : 0.6),
                ]
            }
            value = ["sources": .array(sources)]
        } else if text.contains("You say what follows") {
            let insights = places.map { place -> JSON in
                ["statement": "Tea is good.", "topic": "tea", "confidence": 0.75, "sources": [.string(place)]]
            }
            value = ["insights": .array(insights)]
        } else {
            let citations = places.enumerated().map { number, place -> JSON in
                ["mark": .string("[\(number + 1)]"), "source": .string(place), "text": "A text"]
            }
            let words = citations.compactMap { $0["mark"]?.string }.joined(separator: " ")
            let document: JSON = [
                "title": "Tea", "sections": [["heading": "Why", "text": .string("Tea is good \(words)")]],
                "citations": .array(citations),
            ]
            value = text.contains("You write the document") ? document : ["citations": .array(citations)]
        }
        return Self.reply(["content": .string("\(value)")], "stop")
    }

    @Test func `a research over a folder gives sources, insights and a document whose citations resolve, all counted`()
        throws
    {
        let server = try WireServer { request, _ in Self.answer(request) }
        defer { server.stop() }
        _ = try self.folder.write(Self.plan, to: "research.json")
        for (name, text) in [
            ("green", "# Green\n\nGreen tea keeps you awake.\n"), ("black", "# Black\n\nBlack tea is warm.\n"),
        ] {
            try FileManager.default.createDirectory(atPath: self.folder("texts"), withIntermediateDirectories: true)
            _ = try self.folder.write(text, to: "texts/\(name).md")
        }
        let baton = Binary(
            folder: self.folder.path,
            environment: ["LLM_BASE_URL": "http://127.0.0.1:\(server.port)/v1", "BATON_MODEL": "llm/m"]
        )
        let run = try baton("run", "research.json", "--id", "r")
        #expect(run.code == 0, "\(run.everything)")
        let report = try JSON(parsing: Array(baton("report", "r", "--format", "json").output.utf8))
        #expect(report["project_id"] == "tea" && report["title"] == "What is good about tea?")
        let outputs = Dictionary(
            uniqueKeysWithValues: (report["tasks"]?.elements ?? []).map {
                ($0["task"]?.string ?? "", $0["output"] ?? .null)
            }
        )
        let sources = try #require(outputs["search"]?["sources"]?.elements)
        #expect(sources.count == 2)
        #expect(report["sources"]?["total_sources"] == 2 && report["sources"]?["source_types"] == ["document": 2])
        #expect(report["analysis"]?["insights_generated"] == 2 && report["analysis"]?["average_confidence"] == 0.75)
        #expect(report["document"]?["has_final_document"] == true && report["document"]?["word_count"] == 5)
        #expect(report["quality"]?["source_quality"]?["average_confidence"] == 0.75)
        let quality = try #require(report["quality"]?["citation_quality"])
        #expect(quality == ["citation_density": .number(2.0 / 5), "resolved": 2, "unresolved": []])
        // Each citation names lines that there are.
        for citation in outputs["marks"]?["citations"]?.elements ?? [] {
            let parts = try #require(citation["source"]?.string).split(separator: ":")
            let text = try String(contentsOfFile: self.folder(String(parts[0])), encoding: .utf8)
            let last = try #require(parts[1].split(separator: "-").last.flatMap { Int($0) })
            #expect(last <= text.split(separator: "\n", omittingEmptySubsequences: false).count)
        }
        let page = try baton("report", "r", "--format", "md").output
        #expect(page.contains("- Citations that name a source of the run: 2") && page.contains("- Insights: 2"))
    }

    @Test func `without a model a research plan says what is missing, and its rehearsal plays`() throws {
        _ = try self.folder.write(Self.plan, to: "research.json")
        let baton = Binary(folder: self.folder.path)
        let run = try baton("run", "research.json")
        #expect(run.code != 0 && run.everything.contains("BATON_MODEL"), "\(run.everything)")
        #expect(try baton("run", "research.json", "--rehearse").code == 0)
    }
}
