import BatonCore
import BatonEngine

/// OpenAI's Chat Completions, as many servers understand it: https://platform.openai.com/docs/api-reference/chat.
struct ChatForm: WireForm {
    private(set) var draft = AnswerDraft()
    let isOver = false

    // MARK: Questions

    static func body(of question: ModelQuestion, for provider: ModelProvider) -> JSON {
        var messages: [JSON] = [["role": "system", "content": .string(question.prompt.system)]]
        for message in question.prompt.messages { messages += Self.messages(of: message) }
        // Only OpenAI knows the newer name, and its newer models no other.
        let limit = provider.name == "openai-chat" ? "max_completion_tokens" : "max_tokens"
        var body: [(String, JSON)] = [
            ("model", .string(question.model)), ("messages", .array(messages)),
            (limit, .integer(Int64(question.mostTokens))),
        ]
        if let temperature = question.temperature { body.append(("temperature", .number(temperature))) }
        if !question.tools.isEmpty {
            let tools = question.tools.map { tool -> JSON in
                let function: JSON = [
                    "name": .string(tool.name), "description": .string(tool.text), "parameters": tool.input,
                ]
                return ["type": "function", "function": function]
            }
            body.append(("tools", .array(tools)))
        }
        if let form = question.form {
            let wanted: JSON = ["name": "output", "schema": form]
            body.append(("response_format", ["type": "json_schema", "json_schema": wanted]))
        }
        if question.streams { body += [("stream", true), ("stream_options", ["include_usage": true])] }
        return .members(body)
    }

    private static func messages(of message: Prompt.Message) -> [JSON] {
        switch message {
        case .user(let text): return [["role": "user", "content": .string(text)]]
        case .heard(let name, let text):
            return [["role": "user", "name": .string(Self.name(name)), "content": .string(text)]]
        case .assistant(let text, let calls):
            guard !calls.isEmpty else { return [["role": "assistant", "content": .string(text)]] }
            let made = calls.map { call -> JSON in
                [
                    "id": .string(call.id), "type": "function",
                    "function": ["name": .string(call.tool), "arguments": .string(call.arguments.description)],
                ]
            }
            return [
                ["role": "assistant", "content": text.isEmpty ? .null : .string(text), "tool_calls": .array(made)]
            ]
        case .results(let results):
            return results.map { result in
                ["role": "tool", "tool_call_id": .string(result.id), "content": .string(result.words)]
            }
        }
    }

    // Names of senders may have no more than this.
    private static func name(_ sender: String) -> String {
        String(sender.prefix(64).map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") ? $0 : "_" })
    }

    // MARK: Answers

    static func draft(of whole: JSON) throws(WireFault) -> AnswerDraft {
        guard let choice = whole["choices"]?[0], let message = choice["message"] else {
            throw .malformed("it has no choices with a message")
        }
        if let error = choice["error"], error != .null { throw Self.told(error) }
        var draft = AnswerDraft()
        draft.model = whole["model"]?.string ?? ""
        Self.add(message, &draft)
        draft.stop = choice["finish_reason"]?.string
        Self.count(whole["usage"], &draft)
        return draft
    }

    private static func add(_ message: JSON, _ draft: inout AnswerDraft) {
        draft.text += Self.text(of: message["content"])
        if let call = message["function_call"], call.isObject {
            draft.call(-1, tool: call["name"]?.string, arguments: call["arguments"]?.string ?? "")
        }
        if let refusal = message["refusal"]?.string {
            draft.isRefused = true
            draft.text += refusal
        }
        for (place, call) in (message["tool_calls"]?.elements ?? []).enumerated() {
            let arguments = call["function"]?["arguments"]
            draft.call(
                call["index"]?.integer.flatMap { Int(exactly: $0) } ?? place,
                id: call["id"]?.string,
                tool: call["function"]?["name"]?.string,
                arguments: arguments?.string ?? "",
                // Some servers do not put it into a text.
                input: arguments?.isObject == true ? arguments : JSON?.none
            )
        }
    }

    // A text, or parts of which some are text.
    private static func text(of content: JSON?) -> String {
        guard let parts = content?.elements else { return content?.string ?? "" }
        return parts.map { part in part["type"] == "text" ? part["text"]?.string ?? "" : "" }.joined()
    }

    private static func count(_ usage: JSON?, _ draft: inout AnswerDraft) {
        guard let usage, usage != .null else { return }
        draft.tokens.take(.input, usage["prompt_tokens"])
        draft.tokens.take(.cacheRead, usage["prompt_tokens_details"]?["cached_tokens"])
        draft.tokens.take(.output, usage["completion_tokens"])
        // Some leave what was thought out of the one, and not out of the sum.
        draft.tokens.takeRest(of: usage["total_tokens"])
        draft.tokens.takeOut(.cacheRead, of: .input)
    }

    static func stop(_ word: String) -> Reply.Stop? {
        switch word {
        // Other servers have words of their own.
        case "stop", "stop_sequence", "end", "end_turn", "eos", "eos_token", "complete", "COMPLETE", "STOP": .end
        case "tool_calls", "function_call": .tools
        case "length": .length
        case "content_filter": .refused
        default: nil
        }
    }

    mutating func take(_ event: JSON) throws(WireFault) -> String {
        if let error = event["error"], error != .null { throw Self.told(error) }
        let before = self.draft.text.utf8.count
        if self.draft.model.isEmpty { self.draft.model = event["model"]?.string ?? "" }
        guard let choices = event["choices"]?.elements else { throw .malformed("an event has no choices") }
        if let choice = choices.first {
            if let error = choice["error"], error != .null { throw Self.told(error) }
            // Nothing follows the reason to stop.
            if self.draft.stop == nil, let delta = choice["delta"] { Self.add(delta, &self.draft) }
            self.draft.stop = choice["finish_reason"]?.string ?? self.draft.stop
        }
        Self.count(event["usage"], &self.draft)
        return String(decoding: self.draft.text.utf8.dropFirst(before), as: UTF8.self)
    }
}
