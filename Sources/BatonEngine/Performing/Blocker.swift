package import BatonCore
import OrderedCollections

/// What keeps an agent from going on, as it says itself: a result with something in `blockers`.
package enum Blocker {
    /// The failure that opens a question; nil if nothing is in the way.
    package static func failure(in result: JSON) -> Failure? {
        guard case .object = result, let said = result["blockers"] else { return nil }
        let blockers: [JSON] =
            switch said {
            case .array(let elements): elements
            case .string(let text): Self.isNothing(text) ? [] : [said]
            case .object(let members): members.isEmpty ? [] : [said]
            case .null, .bool, .integer, .number: []
            }
        guard !blockers.isEmpty else { return nil }
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
        let said = reply.output ?? OutputForm.read(Self.fenced(reply.text), by: ["type": "object"]).value
        return said.flatMap { Self.failure(in: $0) }
    }

    // What people and models write where there is nothing.
    private static func isNothing(_ text: String) -> Bool {
        let word = text.lowercased().filter { $0.isLetter || $0 == " " }.split(separator: " ").joined(separator: " ")
        return ["", "none", "no", "na", "nil", "null", "nothing", "no blockers"].contains(word)
    }

    // The last block in a fence, where words stand before it; else all of it.
    private static func fenced(_ text: String) -> String {
        let parts = text.split(separator: "```", omittingEmptySubsequences: false)
        guard parts.count >= 3, let block = parts[parts.count - 2].firstIndex(of: "{") else { return text }
        return String(parts[parts.count - 2][block...])
    }

    // A text, or an object that describes it in one of the words that agents use for that.
    private static func words(_ blocker: JSON) -> String {
        let said = ["description", "blocker", "reason", "text"].lazy.compactMap { blocker[$0]?.string }.first
        return PlainText.line(said ?? blocker.plainText, limit: 400)
    }
}
