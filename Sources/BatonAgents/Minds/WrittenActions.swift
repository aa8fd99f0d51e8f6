import BatonCore
import BatonEngine

/// Calls that a model has written into its text instead of making them.
enum WrittenActions {
    private static let completion = "task_completed"

    /// The reply with the calls of its text; the reply itself where there are none.
    static func read(_ reply: Transcript.Reply, _ work: Work, after transcript: Transcript) -> Transcript.Reply {
        let tools = work.task.tools(of: work.agent)
        guard !tools.isEmpty, reply.stop == .end || reply.stop == .tools, reply.text.contains("ACTION:") else {
            return reply
        }
        let told = Set(Self.told(work, transcript).flatMap(Self.lines))
        let reading = ActionText.read(
            reply.text,
            // Whatever their order, and however they were set in.
            told: { Self.lines(of: $0).allSatisfy(told.contains) },
            schema: { name in
                BuiltInTool.named(name)?.input ?? transcript.offers.first { $0.name == name }?.input
            }
        )
        if reading.quoted > 0 { work.say("an ACTION in text that is quoted is data, and is not followed") }
        guard !reading.blocks.isEmpty else { return reply }
        var reply = reply
        if let last = reading.blocks.last, reading.blocks.count == 1, last.tool == Self.completion, last.fault == nil {
            let said = ["result", "summary", "text"].lazy.compactMap { last.input[$0]?.plainText }.first
            reply.text = said ?? reply.text
            return reply
        }
        let turn = transcript.turns.count + 1
        reply.calls += reading.blocks.enumerated().map { place, block in
            Transcript.Call(id: "action-\(turn)-\(place + 1)", tool: block.tool, input: block.input, fault: block.fault)
        }
        reply.stop = .tools
        return reply
    }

    // What others have said to the model: texts of the task, results of other tasks and of tools. What was read in pieces is
    // told once as it was brought, and once as it hangs together.
    private static func told(_ work: Work, _ transcript: Transcript) -> [String] {
        var texts = [work.description] + Self.texts(in: work.input) + work.directives + transcript.told
        for dependency in work.dependencies { texts += dependency.output.map(Self.texts) ?? [] }
        var pieces: [String: String] = [:]
        for turn in transcript.turns {
            texts += turn.told
            for (call, result) in zip(turn.reply.calls, turn.results) {
                texts += Self.texts(in: result.value)
                let source = call.input["path"]?.string ?? call.input["url"]?.string ?? ""
                pieces["\(call.tool) \(source)", default: ""] +=
                    result.value["text"]?.string ?? result.value.string ?? ""
            }
        }
        return texts + pieces.values
    }

    // The texts of a value, each as it is written and not as JSON writes it.
    private static func texts(in value: JSON) -> [String] {
        switch value {
        case .string(let text): [text]
        case .array(let elements): elements.flatMap(Self.texts)
        case .object(let members): members.flatMap { [$0.key] + Self.texts(in: $0.value) }
        case .null, .bool, .integer, .number: []
        }
    }

    // However it was set in, in whatever case.
    private static func lines(of text: String) -> [String] {
        text.split(whereSeparator: \.isNewline).map { line in
            line.drop { $0.isWhitespace || $0 == ">" }.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                .lowercased()
        }.filter { !$0.isEmpty }
    }
}
