import BatonCore
import Testing

@testable import BatonPlans

/// The research plan of the first documents is read as a plan.
@Suite struct ResearchFormTests {
    private static let seed = """
        {"query": "Research query", "session_id": "session-123", "tasks": [
          {"task_id": "web_search", "task_type": "web_search", "description": "Search web sources",
           "parameters": {"query": "research topic"}, "assigned_agent": "research"},
          {"task_id": "analysis", "task_type": "content_analysis", "description": "Analyze content",
           "parameters": {"analysis_type": "topic_modeling"}, "dependencies": ["web_search"], "assigned_agent": "analysis"},
          {"task_id": "paper", "task_type": "document_generation", "description": "Write", "dependencies": ["analysis"]}
        ], "estimated_duration_minutes": 30}
        """

    private static func read(_ text: String) -> PlanFile {
        PlanFile.read(bytes: Array(text.utf8), name: "plan.json", folder: nil, model: "ollama/m")
    }

    @Test func `the plan of the first documents becomes one of ours, with agents by type of task`() throws {
        let file = Self.read(Self.seed)
        let plan = try #require(file.plan, "\(file.diagnostics)")
        #expect(plan.id == "session-123" && plan.title == "Research query" && plan.description == "Research query")
        #expect(plan.tasks.map(\.type) == ["web_search", "content_analysis", "document_generation"])
        #expect(
            plan.tasks[0].input == ["query": "research topic"] && plan.tasks[2].input == ["query": "Research query"]
        )
        #expect(plan.tasks.map(\.assignedAgent) == ["research", "analysis", "writing"])
        #expect(plan.tasks[1].dependencies == ["web_search"])
        #expect(plan.agents.map(\.id) == ["research", "analysis", "writing"])
        #expect(plan.agents.allSatisfy { $0.model == "ollama/m" && $0.instructions?.isEmpty == false })
        #expect(plan.agents[0].tools.contains("search_documents") && plan.agents[2].tools == ["read_file"])
        #expect(plan.tasks[0].produces?["required"] == ["sources"])
        #expect(plan.estimatedDurationMinutes == 30)
    }

    @Test func `its faults are told at their places in the file`() throws {
        let file = Self.read(
            Self.seed.replacing("\"dependencies\": [\"analysis\"]", with: "\"dependencies\": [\"nobody\"]")
        )
        let found = try #require(file.diagnostics.first { $0.severity == .error })
        #expect(file.plan == nil && found.place?.line == 6 && found.message.contains("nobody"))
        #expect(Self.read(#"{"query": 3, "tasks": []}"#).plan == nil)
        #expect(Self.read(#"{"query": "x", "tasks": "y"}"#).plan == nil)
        #expect(Self.read(#"{"query": "x", "tasks": [1]}"#).plan == nil)
    }

    @Test func `a plan that has agents is no research plan, whatever else it has`() {
        let file = Self.read(#"{"query": "x", "project_id": "p", "agents": [], "tasks": []}"#)
        #expect(file.diagnostics.contains { $0.message.contains("query") })
    }
}
