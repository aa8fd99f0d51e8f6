package import BatonEngine

/// What stands for a language model: one question, one answer.
///
/// When its Swift task is cancelled it stops, and returns `stopped` only once nothing of the question goes on.
package protocol Mind: Sendable {
    func answer(_ prompt: Prompt, to work: Work, after transcript: Transcript) async -> Thought

    /// Whether it answers what it is asked, for several tasks at once too.
    var takesSharedQuestions: Bool { get }
}

extension Mind {
    package var takesSharedQuestions: Bool { false }
}
