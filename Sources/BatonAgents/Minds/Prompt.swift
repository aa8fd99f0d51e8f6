package import BatonCore
package import BatonEngine

/// All that a model is told for one question, in the order in which it is told: every word of it stands in the plan, in the
/// journal, or below.
package struct Prompt: Hashable, Sendable {
    /// Who it is.
    package var system: String
    package var messages: [Message]
    /// The JSON Schema that the answer has to fit, if the task wants one.
    package var form: JSON?

    /// What stands for an answer without words, where a provider takes none.
    static let silence = "(nothing)"

    package enum Message: Hashable, Sendable {
        case user(String)
        /// What another agent has said in a talk, under its name.
        case heard(from: String, String)
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
        self.system = Self.system(of: work.agent).map(\.text).joined(separator: "\n")
        self.messages = []
        self.form = work.form
        var words: [String]
        if work.isTalk {
            self.talk(work)
            words = []
        } else {
            words = [Self.words(of: work).map(\.text).joined(separator: "\n\n")]
        }
        for turn in transcript.turns {
            words += turn.told.map(Self.directive)
            self.tell(&words)
            let calls = turn.reply.calls.enumerated().map { place, call in
                let isRefused = turn.results.indices.contains(place) && turn.results[place].isError
                let isOutlined = turn.isOutlined || isRefused && Self.isLong(call.input)
                return Call(id: call.id, tool: call.tool, input: isOutlined ? Self.outline(of: call.input) : call.input)
            }
            let text = turn.isOutlined ? Self.outline(of: turn.reply.text) : turn.reply.text
            self.messages.append(.assistant(text, calls: calls))
            if !calls.isEmpty { self.messages.append(.results(Self.results(of: turn))) }
            switch turn.note {
            case .mend(let faults)?: words.append(Self.mend(faults))
            case .masked(let refusal)?: words.append(refusal)
            case nil: break
            }
        }
        words += transcript.told.map(Self.directive)
        self.tell(&words)
    }

    // The question as it is, then what was said, each under the name of whoever said it: nobody can speak for another one.
    private mutating func talk(_ work: Work) {
        let talk = Self.talkParts(of: work)
        self.messages.append(.user(talk.first.map(\.text).joined(separator: "\n\n")))
        for (speaker, part) in talk.heard {
            self.messages.append(
                speaker == work.agent.id.text ? .assistant(part.text, calls: []) : .heard(from: speaker, part.text)
            )
        }
        if let last = talk.last { self.messages.append(.user(last.text)) }
    }

    private struct TalkParts {
        var first: [Part]
        var heard: [(speaker: String, part: Part)] = []
        /// Where a meeting stands.
        var last: Part?
    }

    private static func talkParts(of work: Work) -> TalkParts {
        let task = "tasks.\(work.task.id)"
        var parts = [Part(origin: "\(task).description", text: Self.description(of: work))]
        if work.input != .null {
            parts.append(Part(origin: "\(task).input", text: "Input:\n\(Self.quoted(work.input.plainText))"))
        }
        // What was there before the talk is known to all who speak.
        parts += work.dependencies.filter { !work.isSaid($0.task) }.compactMap(Self.result)
        if let form = work.form { parts.append(Part(origin: "\(task).produces", text: Self.formWords(form))) }
        let heard = work.dependencies.filter { work.isSaid($0.task) }.map { said in
            let speaker = work.speaker(of: said.task)
            let text = said.output.map(Minutes.words) ?? "(\(said.shortfall ?? "nothing"))"
            return (speaker, Part(origin: "\(said.task), said by \(speaker)", text: text))
        }
        let last = work.announcement.map { Part(origin: "the meeting", text: $0) }
        return TalkParts(first: parts, heard: heard, last: last)
    }

    private static func result(_ dependency: Work.Dependency) -> Part? {
        let origin = "the result of \(dependency.task)"
        if let output = dependency.output {
            let text = Self.quoted(output.plainText)
            return Part(origin: origin, text: "Result of \(dependency.task)\(Self.from(dependency.source)):\n\(text)")
        }
        return dependency.shortfall.map {
            Part(origin: origin, text: "There is no result of \(dependency.task): \($0)")
        }
    }

    private static func formWords(_ form: JSON) -> String {
        "Answer with nothing but a JSON value that this JSON Schema takes:\n\(form.description)"
    }

    private mutating func tell(_ words: inout [String]) {
        guard !words.isEmpty else { return }
        self.messages.append(.user(words.joined(separator: "\n\n")))
        words = []
    }

    // MARK: Words

    /// A piece of what is told first, with where it stands.
    package struct Part: Hashable, Sendable {
        package let origin: String
        package let text: String
    }

    /// Who the agent is.
    package static func system(of agent: AgentProfile) -> [Part] {
        var parts: [Part] = []
        let say = { (origin: String, text: String) in
            parts.append(Part(origin: "agents.\(agent.id).\(origin)", text: text))
        }
        let occupation = agent.occupation.isEmpty ? "" : ", \(agent.occupation)"
        // Instructions that say it themselves say it once.
        if !(agent.instructions ?? "").hasPrefix("You are ") {
            say("name, occupation", "You are \(agent.name)\(occupation).")
        }
        if !agent.personalityTraits.isEmpty {
            say("personality_traits", "Character: \(agent.personalityTraits.joined(separator: ", ")).")
        }
        if !agent.professionalInterests.isEmpty {
            say("professional_interests", "Interests: \(agent.professionalInterests.joined(separator: ", ")).")
        }
        parts += Self.persona(of: agent)
        if let conduct = Conduct(of: agent).words { say("personality_traits, by the table of docs/people.md", conduct) }
        if !agent.skills.isEmpty { say("skills", "Skills: \(agent.skills.joined(separator: ", ")).") }
        if let years = agent.yearsExperience { say("years_experience", "Experience: \(years).") }
        if let phases = agent.phaseWords { say("phases", phases) }
        for file in agent.instructionFiles {
            let isBuiltIn = BuiltInProfile.all.contains { $0.path == file.path && $0.text == file.text }
            let origin =
                isBuiltIn ? "built in; a file \(file.path) beside the plan takes its place" : "the file \(file.path)"
            parts.append(Part(origin: origin, text: file.text ?? ""))
        }
        if let instructions = agent.instructions { say("instructions", instructions) }
        return parts
    }

    // What its first line has said already is not said again.
    private static func persona(of agent: AgentProfile) -> [Part] {
        (agent.persona?.facts ?? []).compactMap { fact in
            let isSaid = fact.key == "name" || fact.key == "occupation" && fact.words == [agent.occupation]
            guard !isSaid else { return nil }
            let label = PersonaForm.label(fact.key)
            let text =
                fact.words.count == 1 && !PersonaForm.isList(fact.key)
                ? "\(label): \(fact.words[0])" : "\(label):\n" + fact.words.map { "- \($0)" }.joined(separator: "\n")
            let origin = fact.path.map { "the file \($0)" } ?? "agents.\(agent.id).persona"
            return Part(origin: "\(origin), \(fact.key)", text: text)
        }
    }

    /// Which tools a model is offered, as the provider puts them into its own form; those of other servers are asked for when a
    /// task begins.
    package static func offers(of tools: [String]) -> [Part] {
        tools.map { name in
            let tool = BuiltInTool.named(name)
            return Part(
                origin: "the tool \(name)",
                text: tool.map { "\($0.text)\n\($0.input)" } ?? "(told by its server when a task begins)"
            )
        }
    }

    /// What the task is.
    ///
    /// - Parameter isAlone: whether nothing else is told with it, so that the form of the answer is told here.
    package static func words(of work: Work, isAlone: Bool = true) -> [Part] {
        let task = "tasks.\(work.task.id)"
        if work.isTalk {
            let talk = Self.talkParts(of: work)
            return talk.first + talk.heard.map(\.part) + [talk.last].compactMap(\.self)
        }
        // What the plan says, and what the engine asks for itself, needs no name.
        let asker = work.asker.flatMap { $0.trust == .engine ? nil : ", from \($0.words)" } ?? ""
        var parts = [
            Part(
                origin: "\(task).description",
                text: "Your task, \(work.task.id)\(asker):\n\(Self.description(of: work))"
            )
        ]
        if work.input != .null {
            parts.append(Part(origin: "\(task).input", text: "Input:\n\(Self.quoted(work.input.plainText))"))
        }
        parts += work.dependencies.filter { !work.isSilence($0) }.compactMap(Self.result)
        let colleagues = work.colleagues
        if !colleagues.isEmpty {
            let lines = colleagues.map { "- \($0)" }.joined(separator: "\n")
            parts.append(Part(origin: "the agents of the plan", text: "Agents that you may hand work to:\n\(lines)"))
        }
        if isAlone, let form = work.form {
            parts.append(Part(origin: "\(task).produces", text: Self.formWords(form)))
        }
        return parts
    }

    // The words of a plan are its own, until those of others stand in them.
    private static func description(of work: Work) -> String {
        let isOwn = work.description == work.task.description && (work.asker.map { $0.trust != .agent } ?? true)
        return isOwn ? work.description : Self.quoted(work.description)
    }

    private static func from(_ source: Provenance?) -> String { source.map { ", from \($0.words)" } ?? "" }

    // What Baton's own words begin with, where they stand beside those of others.
    private static let openings = [
        "From the person ", "From a person ", "From the agent ", "From the checks ", "From the engine", "From the web",
        "Your task,", "Input:", "Result of ",
        "There is no result of ",
        "Answer with nothing but",
        "Your answer has not the form",
    ]

    // Who writes like Baton is quoted, between lines that nobody can know before the text is whole.
    private static func quoted(_ text: String) -> String {
        let isForged = text.split(whereSeparator: \.isNewline).contains { line in
            let line = line.drop { $0.isWhitespace }
            return Self.openings.contains { line.prefix($0.count).lowercased() == $0.lowercased() }
        }
        guard isForged else { return text }
        let mark = HashChain.digest(of: Array(text.utf8)).description.prefix(16)
        return "Quoted, all of it, from the line \(mark) to the next such line:\n\(mark)\n\(text)\n\(mark)"
    }

    /// What people have said to it.
    package static func directives(of work: Work) -> [Part] {
        work.directives.map { Part(origin: "baton steer", text: Self.directive($0)) }
    }

    private static func directive(_ words: String) -> String {
        guard Directive.marks.contains(where: words.hasPrefix), let end = words.firstIndex(of: "\n") else {
            return "From the person in charge:\n\(words)"
        }
        return words[...end] + Self.quoted(String(words[words.index(after: end)...]))
    }

    private static func mend(_ faults: [String]) -> String {
        "Your answer has not the form that is wanted:\n" + faults.map { "- \($0)" }.joined(separator: "\n")
            + "\nAnswer again, with nothing but the whole value."
    }

    private static func results(of turn: Transcript.Turn) -> [Result] {
        zip(turn.reply.calls, turn.results).map { call, result in
            let text = result.value.plainText
            let isKept = !turn.isOutlined || PromptBound.keepsResult(of: call.tool, bytes: text.utf8.count)
            let told = isKept ? text : "(\(text.utf8.count) bytes, left out to make room)"
            let mark = Self.mark(of: call, result)
            let isOthers = !mark.isEmpty && result.source?.trust != .person && isKept
            return Result(id: call.id, text: mark + (isOthers ? Self.quoted(told) : told), isError: result.isError)
        }
    }

    // The role of a result says that a tool has brought it; who else says something is named.
    private static func mark(of call: Transcript.Call, _ result: Transcript.Result) -> String {
        if let source = result.source { return "From \(source.words):\n" }
        return !result.isError && BuiltInTool.named(call.tool)?.isOfWeb == true ? BuiltInTool.webMark(call.tool) : ""
    }

    // MARK: Turns in outline

    private static func outline(of text: String) -> String {
        guard text.utf8.count > PromptBound.outline else { return text }
        let kept = String(decoding: text.utf8.prefix(PromptBound.outline).withoutCutEnd, as: UTF8.self)
        return "\(kept) (\(text.utf8.count) bytes in all, the rest left out to make room)"
    }

    // Of what was refused nobody needs more than that it was long.
    private static func isLong(_ input: JSON) -> Bool { input.description.utf8.count > 16 << 10 }

    private static func outline(of input: JSON) -> JSON {
        let bytes = input.description.utf8.count
        return bytes > PromptBound.outline ? ["left_out_bytes": .integer(Int64(bytes))] : input
    }

    /// All of it as text, for those who look for words in it.
    package var text: String {
        ([self.system] + self.messages.map(\.text)).joined(separator: "\n\n")
    }
}

extension Prompt.Message {
    fileprivate var text: String {
        switch self {
        case .user(let text), .heard(_, let text): text
        case .assistant(let text, let calls):
            ([text] + calls.map { "\($0.tool) \($0.input)" }).joined(separator: "\n")
        case .results(let results): results.map(\.text).joined(separator: "\n")
        }
    }
}
