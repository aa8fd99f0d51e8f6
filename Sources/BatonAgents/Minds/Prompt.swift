package import BatonCore
package import BatonEngine

/// All that a model is told for one question, in the order in which it is told: every word of it stands in the plan, in the
/// journal, or below.
package struct Prompt: Hashable, Sendable {
    /// Who it is.
    package var system: String
    package var messages: [Message]

    /// What stands for an answer without words, where a provider takes none.
    static let silence = "(nothing)"

    package enum Message: Hashable, Sendable {
        case user(String)
        case assistant(String, calls: [Call])
        case results([Result])
    }

    package struct Call: Hashable, Sendable {
        package let id: String
        package let tool: String
        package let input: JSON

        /// The arguments as an object, whatever was said.
        var arguments: JSON { self.input.isObject ? self.input : ["arguments": self.input] }
    }

    package struct Result: Hashable, Sendable {
        package let id: String
        package let text: String
        package let isError: Bool

        /// For forms that cannot tell an error apart.
        var words: String { self.isError ? "Error: \(self.text)" : self.text }
    }

    /// Makes the prompt of a question.
    package init(_ work: Work, after transcript: Transcript) {
        self.system = Self.system(of: work.agent)
        self.messages = []
        var words = [Self.words(of: work)]
        for turn in transcript.turns {
            words += turn.told.map(Self.directive)
            self.tell(&words)
            let calls = turn.reply.calls.map { Call(id: $0.id, tool: $0.tool, input: $0.input) }
            self.messages.append(.assistant(turn.reply.text, calls: calls))
            if !calls.isEmpty { self.messages.append(.results(Self.results(of: turn))) }
            if case .mend(let faults)? = turn.note { words.append(Self.mend(faults)) }
        }
        words += transcript.told.map(Self.directive)
        self.tell(&words)
    }

    private mutating func tell(_ words: inout [String]) {
        guard !words.isEmpty else { return }
        self.messages.append(.user(words.joined(separator: "\n\n")))
        words = []
    }

    // MARK: Words

    private static func system(of agent: AgentProfile) -> String {
        var lines = ["You are \(agent.name)" + (agent.occupation.isEmpty ? "." : ", \(agent.occupation).")]
        if !agent.personalityTraits.isEmpty {
            lines.append("Character: \(agent.personalityTraits.joined(separator: ", ")).")
        }
        if !agent.professionalInterests.isEmpty {
            lines.append("Interests: \(agent.professionalInterests.joined(separator: ", ")).")
        }
        if !agent.skills.isEmpty { lines.append("Skills: \(agent.skills.joined(separator: ", ")).") }
        if let years = agent.yearsExperience { lines.append("Experience: \(years).") }
        if let persona = agent.persona { lines.append(persona.plainText) }
        if let instructions = agent.instructions { lines.append(instructions) }
        return lines.joined(separator: "\n")
    }

    private static func words(of work: Work) -> String {
        var parts = ["Your task, \(work.task.id):\n\(work.description)"]
        if work.input != .null { parts.append("Input:\n\(work.input.plainText)") }
        for dependency in work.dependencies {
            if let output = dependency.output {
                parts.append("Result of \(dependency.task):\n\(output.plainText)")
            } else if let shortfall = dependency.shortfall {
                parts.append("There is no result of \(dependency.task): \(shortfall)")
            }
        }
        if let form = work.task.produces {
            parts.append("Answer with nothing but a JSON value that this JSON Schema takes:\n\(form.description)")
        }
        return parts.joined(separator: "\n\n")
    }

    private static func directive(_ words: String) -> String { "From the person in charge:\n\(words)" }

    private static func mend(_ faults: [String]) -> String {
        "Your answer has not the form that is wanted:\n" + faults.map { "- \($0)" }.joined(separator: "\n")
            + "\nAnswer again, with nothing but the whole value."
    }

    private static func results(of turn: Transcript.Turn) -> [Result] {
        zip(turn.reply.calls, turn.results).map { call, result in
            Result(id: call.id, text: result.value.plainText, isError: result.isError)
        }
    }

    /// All of it as text, for those who look for words in it.
    package var text: String {
        ([self.system] + self.messages.map(\.text)).joined(separator: "\n\n")
    }
}

extension Prompt.Message {
    fileprivate var text: String {
        switch self {
        case .user(let text): text
        case .assistant(let text, let calls):
            ([text] + calls.map { "\($0.tool) \($0.input)" }).joined(separator: "\n")
        case .results(let results): results.map(\.text).joined(separator: "\n")
        }
    }
}
