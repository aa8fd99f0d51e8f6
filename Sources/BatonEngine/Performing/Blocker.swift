package import BatonCore

/// What keeps an agent from going on, as it says itself: a result with something in `blockers`.
package enum Blocker {
    /// The failure that opens a question; nil if nothing is in the way.
    package static func failure(in result: JSON) -> Failure? {
        guard case .object = result, case .array(let blockers)? = result["blockers"], !blockers.isEmpty else {
            return nil
        }
        let words = blockers.map(Self.words)
        return Failure(
            .blocked,
            "agent.blocked",
            words.joined(separator: "; "),
            remedy: "`baton inbox` shows the question",
            causes: words
        )
    }

    /// The same of what a model has said in the end, whatever form was wanted.
    static func failure(in reply: Transcript.Reply) -> Failure? {
        guard reply.calls.isEmpty, reply.text.contains("\"blockers\"") else { return nil }
        let said = reply.output ?? OutputForm.read(reply.text, by: ["type": "object"]).value
        return said.flatMap { Self.failure(in: $0) }
    }

    // A text, or an object that describes it in one of the words that agents use for that.
    private static func words(_ blocker: JSON) -> String {
        let said = ["description", "blocker", "reason", "text"].lazy.compactMap { blocker[$0]?.string }.first
        return PlainText.line(said ?? blocker.plainText, limit: 400)
    }
}
