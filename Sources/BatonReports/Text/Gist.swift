package import BatonCore

/// What the result of a pattern comes to, in a line: its JSON tells nobody anything at a glance.
package enum Gist {
    /// Nil of a task without a pattern, and of a result in another form.
    package static func of(_ output: JSON, of task: TaskSpec) -> String? {
        switch task.pattern {
        case .meeting: Self.meeting(output)
        case .consensus: Self.vote(output)
        case .hierarchical where output["subtasks_count"] != nil:
            "\(output["successful"]?.integer ?? 0) of \(output["subtasks_count"]?.integer ?? 0) parts completed"
        case .sequential, .parallel: Self.parts(output)
        case .hierarchical, nil: nil
        }
    }

    private static let names = [
        ("decisions", "decision"), ("action_items", "action item"), ("risks", "risk"), ("insights", "insight"),
        ("next_steps", "next step"), ("open_questions", "open question"),
    ]

    private static func meeting(_ output: JSON) -> String? {
        guard Self.names.contains(where: { output[$0.0]?.elements != nil }) else { return nil }
        let counts = Self.names.compactMap { key, name in
            (output[key]?.elements?.count).flatMap { $0 > 0 ? CountText.of($0, name) : nil }
        }
        return counts.isEmpty ? "nothing was decided" : counts.joined(separator: ", ")
    }

    private static func vote(_ output: JSON) -> String? {
        guard case .bool(let agrees)? = output["consensus"], let all = output["total_agents"]?.integer else {
            return nil
        }
        guard agrees, let winner = output["winning_result"] else {
            return "no consensus of \(all): \(output["reason"]?.string ?? "the answers differ")"
        }
        let votes = output["votes"]?.elements?.first { $0["answer"] == winner }?["voters"]?.elements?.count ?? 0
        return "\(votes) of \(all) agree: \(PlainText.line(winner["summary"]?.string ?? winner.plainText, limit: 200))"
    }

    private static func parts(_ output: JSON) -> String? {
        guard let parts = output.elements, !parts.isEmpty else { return nil }
        let done = parts.count { $0["output"] != nil && $0["output"] != .null }
        return "\(done) of \(CountText.of(parts.count, "part")) completed"
    }
}
