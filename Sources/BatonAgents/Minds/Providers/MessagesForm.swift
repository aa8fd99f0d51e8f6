import BatonCore
import BatonEngine

/// Anthropic's Messages: https://docs.anthropic.com/en/api/messages.
struct MessagesForm: WireForm {
    private(set) var draft = AnswerDraft()
    private(set) var isOver = false

    // MARK: Questions

    static func body(of question: ModelQuestion, for provider: ModelProvider) -> JSON {
        var messages: [(role: String, parts: [JSON])] = []
        for message in question.prompt.messages {
            let (role, parts) = Self.parts(of: message)
            if messages.last?.role == role {
                messages[messages.count - 1].parts += parts
            } else {
                messages.append((role, parts))
            }
        }
        // All up to the newest message is the same in the next question, and need not be read anew.
        if let last = messages.indices.last, let part = messages[last].parts.popLast() {
            messages[last].parts.append(Self.cached(part))
        }
        var body: [(String, JSON)] = [
            ("model", .string(question.model)), ("max_tokens", .integer(Int64(question.mostTokens))),
            ("system", [Self.cached(Self.text(question.prompt.system))]),
            ("messages", .array(messages.map { ["role": .string($0.role), "content": .array($0.parts)] })),
        ]
        if !question.tools.isEmpty {
            let tools = question.tools.map { tool -> JSON in
                ["name": .string(tool.name), "description": .string(tool.text), "input_schema": tool.input]
            }
            body.append(("tools", .array(tools)))
        }
        // There is no temperature in this form any more.
        if question.streams { body.append(("stream", true)) }
        return .members(body)
    }

    private static func parts(of message: Prompt.Message) -> (String, [JSON]) {
        switch message {
        case .user(let text): return ("user", [Self.text(text)])
        case .heard(let name, let text): return ("user", [Self.text("\(name): \(text)")])
        case .assistant(let text, let calls):
            let said = text.allSatisfy(\.isWhitespace) ? [] : [Self.text(text)]
            let parts =
                said
                + calls.map {
                    ["type": "tool_use", "id": .string($0.id), "name": .string($0.tool), "input": $0.arguments] as JSON
                }
            return ("assistant", parts.isEmpty ? [Self.text(Prompt.silence)] : parts)
        case .results(let results):
            return ("user", results.map { Self.part(of: $0) })
        }
    }

    private static func part(of result: Prompt.Result) -> JSON {
        var part: [(String, JSON)] = [
            ("type", "tool_result"), ("tool_use_id", .string(result.id)), ("content", .string(result.text)),
        ]
        if result.isError { part.append(("is_error", true)) }
        return .members(part)
    }

    // A text without words is refused.
    private static func text(_ text: String) -> JSON {
        ["type": "text", "text": .string(text.allSatisfy(\.isWhitespace) ? Prompt.silence : text)]
    }

    private static func cached(_ part: JSON) -> JSON { part.adding("cache_control", ["type": "ephemeral"]) }

    // MARK: Answers

    static func draft(of whole: JSON) throws(WireFault) -> AnswerDraft {
        guard whole["type"]?.string == "message", let parts = whole["content"]?.elements else {
            throw .malformed("it is no message with content")
        }
        var draft = AnswerDraft()
        draft.model = whole["model"]?.string ?? ""
        for (place, part) in parts.enumerated() { Self.begin(part, at: place, &draft) }
        draft.stop = whole["stop_reason"]?.string
        Self.count(whole["usage"], &draft)
        return draft
    }

    private static func begin(_ part: JSON, at place: Int, _ draft: inout AnswerDraft) {
        switch part["type"]?.string {
        case "text": draft.text += part["text"]?.string ?? ""
        case "tool_use": draft.call(place, id: part["id"]?.string, tool: part["name"]?.string, input: part["input"])
        default: break
        }
    }

    private static func count(_ usage: JSON?, _ draft: inout AnswerDraft) {
        draft.tokens.take(.input, usage?["input_tokens"])
        draft.tokens.take(.cacheRead, usage?["cache_read_input_tokens"])
        draft.tokens.take(.cacheWrite, usage?["cache_creation_input_tokens"])
        draft.tokens.take(.output, usage?["output_tokens"])
    }

    static func stop(_ word: String) -> Reply.Stop? {
        switch word {
        case "end_turn", "stop_sequence": .end
        case "tool_use": .tools
        case "max_tokens", "model_context_window_exceeded": .length
        case "refusal": .refused
        default: nil
        }
    }

    mutating func take(_ event: JSON) throws(WireFault) -> String {
        let before = self.draft.text.utf8.count
        switch event["type"]?.string {
        case "message_start":
            guard let message = event["message"] else { throw .malformed("message_start has no message") }
            self.draft.model = message["model"]?.string ?? ""
            Self.count(message["usage"], &self.draft)
        case "content_block_start":
            guard let place = event.place, let part = event["content_block"] else {
                throw .malformed("content_block_start has no index and content_block")
            }
            Self.begin(part, at: place, &self.draft)
        case "content_block_delta":
            guard let place = event.place, let delta = event["delta"] else {
                throw .malformed("content_block_delta has no index and delta")
            }
            self.draft.text += delta["text"]?.string ?? ""
            if let json = delta["partial_json"]?.string { self.draft.call(place, arguments: json) }
        case "message_delta":
            self.draft.stop = event["delta"]?["stop_reason"]?.string ?? self.draft.stop
            Self.count(event["usage"], &self.draft)
        case "message_stop": self.isOver = true
        case "error": throw Self.told(event["error"] ?? event)
        case nil: throw .malformed("an event has no type")
        // A ping, the end of a part, or something newer.
        default: break
        }
        return String(decoding: self.draft.text.utf8.dropFirst(before), as: UTF8.self)
    }
}

extension JSON {
    /// The place of the part that an event is about.
    fileprivate var place: Int? { self["index"]?.integer.flatMap { Int(exactly: $0) } }
}
