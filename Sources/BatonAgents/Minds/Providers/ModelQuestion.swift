package import BatonCore
import BatonEngine

/// One question to a model, before it is put into a provider's form.
struct ModelQuestion: Sendable {
    /// As the provider calls it.
    let model: String
    let prompt: Prompt
    /// How many tokens it may answer with, thinking included.
    let mostTokens: Int
    let temperature: Double?
    /// Whether the answer is wanted piece by piece.
    let streams: Bool
    /// What it may call.
    var tools: [ToolOffer] = []
    /// The JSON Schema of the answer, where the provider can hold it to one.
    var form: JSON?
}

extension ToolOffer {
    /// One of Baton's own; nil if there is none of that name.
    init?(builtIn name: String) {
        guard let tool = BuiltInTool.named(name) else { return nil }
        self.init(name: name, source: name, text: tool.text, input: tool.input, isRepeatable: true)
    }
}

/// What a model said, whatever form it came in.
package struct ModelAnswer: Hashable, Sendable {
    /// Who answered, as the provider says.
    package var model: String
    package var text: String
    package var calls: [Call]
    package var stop: Reply.Stop
    /// Nil if the provider did not say, or said what cannot be.
    package var tokens: Usage.TokenKinds?

    package struct Call: Hashable, Sendable {
        package var id: String
        package var tool: String
        package var input: JSON
        /// Why the arguments cannot be read; nil if they can.
        package var fault: String?
    }
}

/// Why bytes of a provider are no answer.
package enum WireFault: Error, Hashable, Sendable {
    /// They are not what its form has.
    case malformed(String)
    /// The provider tells of a failure instead, perhaps in the midst of an answer.
    case told(kind: String, message: String)
    /// They end in the midst of the answer.
    case truncated
    /// They end without a reason to stop.
    case noStop
    /// They end with a reason that nobody knows.
    case oddStop(String)
    /// They say nothing.
    case empty
    /// They are more than an answer may have.
    case tooLong
}
