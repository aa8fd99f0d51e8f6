/// What an agent with phases is doing; which of its tools may be called then.
///
/// The tools that its model is told of stay the same in all phases, so that what providers keep of the prompt stays good.
package enum WorkPhase: String, CaseIterable, Hashable, Sendable {
    case planning, executing, verifying, browsing, learning

    /// The tool by which an agent goes from one to another.
    package static let tool = "enter_phase"
    /// What the last answer is called where it is refused.
    static let completion = "task_completed"

    /// The phases in which a tool may be called.
    ///
    /// - Parameter nature: of a tool that this table does not name.
    package static func allowed(for tool: String, _ nature: BuiltInTool.Nature) -> [WorkPhase] {
        if let phases = Self.mask[tool] { return phases }
        switch nature {
        // What only looks, and what people answer.
        case .repeatable where BuiltInTool.named(tool) == nil: return [.planning, .executing, .verifying, .learning]
        case .action, .keyedAction, .delegation: return [.executing]
        case .repeatable, .question, .phase: return WorkPhase.allCases
        }
    }

    // Seed 004's table, with Baton's names; what is not here may always be called, if it changes nothing.
    private static let mask: [String: [WorkPhase]] = {
        let looking: [WorkPhase] = [.planning, .executing, .verifying, .learning]
        var mask: [String: [WorkPhase]] = [
            "write_file": [.executing], "run_command": [.executing, .verifying],
            "propose_tasks": [.planning, .executing], "report_progress": [.planning, .executing],
            "web_search": [.planning, .executing, .learning],
            "fetch_url": [.planning, .executing, .learning], BuiltInTool.delegate: [.executing],
            Self.completion: [.executing, .verifying, .learning],
        ]
        for tool in ["read_file", "list_files", "search_files", "search_documents", "recall", "remember"] {
            mask[tool] = looking
        }
        for tool in ["open", "read", "click", "fill", "screenshot"] {
            mask["browser_\(tool)"] = [.browsing, .executing]
        }
        return mask
    }()

    /// Why a tool may not be called now; nil if it may.
    func objection(to tool: String, _ nature: BuiltInTool.Nature) -> String? {
        let allowed = Self.allowed(for: tool, nature)
        guard !allowed.contains(self) else { return nil }
        let names = allowed.map(\.rawValue).joined(separator: ", ")
        return
            "Action \(PlainText.line(tool, limit: 60)) not available in state \(self.rawValue). Available in: \(names)"
    }
}
