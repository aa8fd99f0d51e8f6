import BatonCore

/// What a person answers to a question.
public enum PersonReply: Hashable, Sendable {
    /// One of the question's options; for a person's own work, the output, as JSON if it is JSON.
    case words(String)
    /// The work is done and brought this: of a person's own work, and of work that was in hand at a crash.
    case done(JSON)
    /// The task is given up, for this reason.
    case fail(String)
    /// The task is left out, for this reason; it may be empty.
    case skip(String)

    /// As the rules take it, with what has to be stored beside it.
    var parts: (reply: Run.Reply, contents: [StoredContent]) {
        switch self {
        case .fail(let reason): return (.fail(reason), [])
        case .skip(let reason): return (.skip(reason), [])
        case .words(let words):
            let value = (try? JSON(parsing: words.utf8)) ?? .string(words)
            let (content, stored) = ContentStore.content(of: value)
            return (.words(words, content), stored.map { [$0] } ?? [])
        case .done(let value):
            let (content, stored) = ContentStore.content(of: value)
            return (.done(content), stored.map { [$0] } ?? [])
        }
    }
}
