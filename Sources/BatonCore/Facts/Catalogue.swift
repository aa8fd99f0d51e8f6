/// The tools that programs of others offer an attempt, as they were when it began.
///
/// It is a fact of the run: what a server offers later changes nothing of an attempt that is in hand, nor of its replay.
package struct Catalogue: Hashable, Sendable {
    package struct Tool: Hashable, Sendable {
        /// What models call it.
        package let name: String
        /// Where it comes from: `docs/search`.
        package let source: String
        /// Whether it changes nothing, so that it may be called without a yes, and again after a crash.
        package let isRepeatable: Bool

        package init(name: String, source: String, isRepeatable: Bool) {
            self.name = name
            self.source = source
            self.isRepeatable = isRepeatable
        }
    }

    package let tools: [Tool]
    /// What models are told of each, in the same order: objects with `description` and `input`, a JSON Schema.
    package let content: Content

    package init(tools: [Tool], content: Content) {
        self.tools = tools
        self.content = content
    }

    /// So many tools at once a model can still choose among.
    package static let most = 256

    func tool(named name: String) -> Tool? { self.tools.first { $0.name == name } }
}
