package import BatonCore

/// Finds words in documents and in what agents want to remember; a port, kept beside the journal.
///
/// What it holds of documents can be made again at any time; what agents remember cannot.
package protocol TextStore: Sendable {
    /// Looks for words in the documents of a collection, nearest first.
    ///
    /// - Parameters:
    ///   - documents: all there are, with stamps that change when they do.
    ///   - read: the text of one that is new or has changed; nil if it has none.
    func search(
        _ query: String,
        in collection: String,
        of documents: [TextDocument],
        most: Int,
        read: @Sendable @escaping (_ path: String) -> String?
    ) async throws(TextStoreFault) -> [TextPassage]

    /// Keeps what an agent wants to remember. The same key again changes nothing.
    func remember(_ memory: Memory) async throws(TextStoreFault)

    /// What an agent has remembered, nearest to some words first; the newest first without any.
    func memories(of agent: AgentID, about query: String, most: Int) async throws(TextStoreFault) -> [Memory]
}

/// A document by its path within its collection.
package struct TextDocument: Hashable, Sendable {
    package let path: String
    package let stamp: String

    package init(path: String, stamp: String) {
        self.path = path
        self.stamp = stamp
    }
}

/// A part of a document, with the lines where it stands, from 1.
package struct TextPassage: Hashable, Sendable {
    package let path: String
    package let lines: ClosedRange<Int>
    package let text: String

    package init(path: String, lines: ClosedRange<Int>, text: String) {
        self.path = path
        self.lines = lines
        self.text = text
    }
}

/// Something that an agent wants to know later, in this run or another, with where it comes from.
package struct Memory: Hashable, Sendable {
    /// Tells it apart: the step that it comes from.
    package let key: String
    package let agent: AgentID
    package let run: RunID
    package let task: TaskID
    package let at: Timestamp
    package let text: String

    package init(key: String, agent: AgentID, run: RunID, task: TaskID, at: Timestamp, text: String) {
        self.key = key
        self.agent = agent
        self.run = run
        self.task = task
        self.at = at
        self.text = text
    }
}

/// Why texts cannot be kept or found.
package struct TextStoreFault: Error, Hashable {
    package let words: String

    package init(words: String) { self.words = words }
}
