import BatonCore
import BatonEngine

/// OpenAI's Responses: https://platform.openai.com/docs/api-reference/responses.
struct ResponsesForm: WireForm {
    private(set) var draft = AnswerDraft()
    private(set) var isOver = false
    private var said = ""

    // MARK: Questions

    static func body(of question: ModelQuestion, for provider: ModelProvider) -> JSON {
        var body: [(String, JSON)] = [
            ("model", .string(question.model)), ("instructions", .string(question.prompt.system)),
            ("input", .array(question.prompt.messages.flatMap { Self.items(of: $0) })),
            ("max_output_tokens", .integer(Int64(question.mostTokens))),
            // All that was said is in the journal; nobody else has to keep it.
            ("store", false),
        ]
        if let temperature = question.temperature { body.append(("temperature", .number(temperature))) }
        if !question.tools.isEmpty {
            let tools = question.tools.map { tool -> JSON in
                [
                    "type": "function", "name": .string(tool.name), "description": .string(tool.text),
                    "parameters": tool.input, "strict": false,
                ]
            }
            body.append(("tools", .array(tools)))
        }
        if let form = question.form {
            body.append(
                ("text", ["format": ["type": "json_schema", "name": "output", "schema": form, "strict": false]])
            )
        }
        if question.streams { body.append(("stream", true)) }
        return .members(body)
    }

    private static func items(of message: Prompt.Message) -> [JSON] {
        switch message {
        case .user(let text): return [["role": "user", "content": .string(text)]]
        case .heard(let name, let text): return [["role": "user", "content": .string("\(name): \(text)")]]
        case .assistant(let text, let calls):
            let said: [JSON] =
                text.isEmpty && !calls.isEmpty ? [] : [["role": "assistant", "content": .string(text)]]
            return said
                + calls.map { call in
                    [
                        "type": "function_call", "call_id": .string(call.id), "name": .string(call.tool),
                        "arguments": .string(call.arguments.description),
                    ]
                }
        case .results(let results):
            return results.map { result in
                ["type": "function_call_output", "call_id": .string(result.id), "output": .string(result.words)]
            }
        }
    }

    // MARK: Answers

    static func draft(of whole: JSON) throws(WireFault) -> AnswerDraft {
        guard let items = whole["output"]?.elements else { throw .malformed("it has no output") }
        if whole["status"]?.string == "failed" { throw Self.told(whole["error"] ?? whole) }
        var draft = AnswerDraft()
        draft.model = whole["model"]?.string ?? ""
        for (place, item) in items.enumerated() {
            switch item["type"]?.string {
            case "message": Self.add(item["content"]?.elements ?? [], &draft)
            case "function_call":
                draft.call(
                    place,
                    id: item["call_id"]?.string,
                    tool: item["name"]?.string,
                    arguments: item["arguments"]?.string ?? ""
                )
            // What it thought, or something newer.
            default: break
            }
        }
        draft.stop = Self.word(of: whole)
        Self.count(whole["usage"], &draft)
        return draft
    }

    private static func add(_ parts: [JSON], _ draft: inout AnswerDraft) {
        for part in parts {
            switch part["type"]?.string {
            case "output_text": draft.text += part["text"]?.string ?? ""
            case "refusal":
                draft.isRefused = true
                draft.text += part["refusal"]?.string ?? ""
            default: break
            }
        }
    }

    private static func word(of whole: JSON) -> String? {
        switch whole["status"]?.string {
        case "completed": "completed"
        case "incomplete": whole["incomplete_details"]?["reason"]?.string ?? "incomplete"
        default: nil
        }
    }

    private static func count(_ usage: JSON?, _ draft: inout AnswerDraft) {
        guard let usage, usage != .null else { return }
        draft.tokens.take(.input, usage["input_tokens"])
        draft.tokens.take(.cacheRead, usage["input_tokens_details"]?["cached_tokens"])
        draft.tokens.take(.output, usage["output_tokens"])
        draft.tokens.takeOut(.cacheRead, of: .input)
    }

    static func stop(_ word: String) -> Reply.Stop? {
        switch word {
        case "completed": .end
        case "max_output_tokens", "max_tokens", "incomplete": .length
        case "content_filter": .refused
        default: nil
        }
    }

    mutating func take(_ event: JSON) throws(WireFault) -> String {
        switch event["type"]?.string {
        case "response.output_text.delta":
            let delta = event["delta"]?.string ?? ""
            self.said += delta
            return delta
        case "response.completed", "response.incomplete", "response.failed":
            guard let whole = event["response"] else { throw .malformed("the last event has no response") }
            if let error = whole["error"], error != .null { throw Self.told(error) }
            self.draft = try Self.draft(of: whole)
            // Some do not say at the end what they have said.
            if self.draft.text.isEmpty { self.draft.text = self.said }
            self.isOver = true
        case "error": throw Self.told(event["error"] ?? event)
        case nil: throw .malformed("an event has no type")
        default: break
        }
        return ""
    }
}
