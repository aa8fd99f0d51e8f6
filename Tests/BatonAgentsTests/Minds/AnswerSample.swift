import BatonCore

/// The same answer, as each form writes it.
enum AnswerSample: CaseIterable {
    case words
    case calls

    static let models: [ModelProvider.Form: String] = [.messages: "claude-x", .chat: "gpt-x", .responses: "gpt-x"]

    func whole(_ form: ModelProvider.Form) -> JSON {
        switch (form, self) {
        case (.messages, .words):
            [
                "type": "message", "role": "assistant", "model": "claude-x",
                "content": [["type": "text", "text": "Grüße, "], ["type": "text", "text": "Ada"]],
                "stop_reason": "end_turn", "usage": Self.messagesUsage,
            ]
        case (.messages, .calls):
            [
                "type": "message", "role": "assistant", "model": "claude-x",
                "content": [
                    ["type": "text", "text": "Look:"],
                    ["type": "tool_use", "id": "t1", "name": "read", "input": ["file": "a\"b"]],
                    ["type": "tool_use", "id": "t2", "name": "list", "input": [:]],
                ],
                "stop_reason": "tool_use", "usage": Self.messagesUsage,
            ]
        case (.chat, .words):
            Self.chat(["role": "assistant", "content": "Grüße, Ada"], "stop")
        case (.chat, .calls):
            Self.chat(
                [
                    "role": "assistant", "content": "Look:",
                    "tool_calls": [
                        Self.function("t1", "read", "{\"file\":\"a\\\"b\"}"), Self.function("t2", "list", ""),
                    ],
                ],
                "tool_calls"
            )
        case (.responses, .words):
            Self.response([Self.message("Grüße, Ada")])
        case (.responses, .calls):
            Self.response([
                ["type": "reasoning", "id": "r", "summary": []], Self.message("Look:"),
                [
                    "type": "function_call", "call_id": "t1", "name": "read",
                    "arguments": "{\"file\":\"a\\\"b\"}",
                ],
                ["type": "function_call", "call_id": "t2", "name": "list", "arguments": "{}"],
            ])
        }
    }

    private static let messagesUsage: JSON = [
        "input_tokens": 10, "cache_read_input_tokens": 4, "cache_creation_input_tokens": 2, "output_tokens": 7,
    ]

    private static func chat(_ message: JSON, _ reason: String) -> JSON {
        [
            "object": "chat.completion", "model": "gpt-x",
            "choices": [["index": 0, "message": message, "finish_reason": .string(reason)]],
            "usage": [
                "prompt_tokens": 16, "completion_tokens": 7, "prompt_tokens_details": ["cached_tokens": 6],
            ],
        ]
    }

    private static func function(_ id: String, _ name: String, _ arguments: String) -> JSON {
        [
            "id": .string(id), "type": "function",
            "function": ["name": .string(name), "arguments": .string(arguments)],
        ]
    }

    private static func message(_ text: String) -> JSON {
        [
            "type": "message", "role": "assistant",
            "content": [["type": "output_text", "text": .string(text), "annotations": []]],
        ]
    }

    private static func response(_ output: [JSON]) -> JSON {
        [
            "object": "response", "status": "completed", "model": "gpt-x", "error": nil, "output": .array(output),
            "usage": [
                "input_tokens": 16, "input_tokens_details": ["cached_tokens": 6], "output_tokens": 7,
            ],
        ]
    }

    /// The same in events, the arguments and texts in several of them.
    func events(_ form: ModelProvider.Form) -> [JSON] {
        let whole = self.whole(form)
        switch form {
        case .messages: return Self.messageEvents(whole)
        case .chat: return Self.chatEvents(whole)
        case .responses:
            return [
                ["type": "response.created", "response": ["status": "in_progress", "output": []]],
                ["type": "response.output_text.delta", "delta": "Gr"],
                ["type": "response.something_new", "delta": 7],
                ["type": "response.completed", "response": whole],
            ]
        }
    }

    private static func messageEvents(_ whole: JSON) -> [JSON] {
        var events: [JSON] = [
            [
                "type": "message_start",
                "message": [
                    "type": "message", "model": "claude-x", "content": [],
                    "usage": [
                        "input_tokens": 10, "cache_read_input_tokens": 4, "cache_creation_input_tokens": 2,
                        "output_tokens": 1,
                    ],
                ],
            ],
            ["type": "ping"],
        ]
        for (place, part) in (whole["content"]?.elements ?? []).enumerated() {
            let index = JSON.integer(Int64(place))
            if let text = part["text"]?.string {
                let empty: JSON = ["type": "text", "text": ""]
                events.append(["type": "content_block_start", "index": index, "content_block": empty])
                events += text.map { letter in
                    let delta: JSON = ["type": "text_delta", "text": .string(String(letter))]
                    return ["type": "content_block_delta", "index": index, "delta": delta]
                }
            } else {
                let empty = part.adding("input", [:])
                events.append(["type": "content_block_start", "index": index, "content_block": empty])
                let json = part["input"]?.description ?? ""
                for piece in json == "{}" ? [""] : [String(json.prefix(5)), String(json.dropFirst(5))] {
                    let delta: JSON = ["type": "input_json_delta", "partial_json": .string(piece)]
                    events.append(["type": "content_block_delta", "index": index, "delta": delta])
                }
            }
            events.append(["type": "content_block_stop", "index": index])
        }
        events.append([
            "type": "message_delta", "delta": ["stop_reason": whole["stop_reason"] ?? nil],
            "usage": ["output_tokens": 7],
        ])
        events.append(["type": "message_stop"])
        return events
    }

    private static func chatEvents(_ whole: JSON) -> [JSON] {
        let choice = whole["choices"]?[0]
        var deltas: [JSON] = [["role": "assistant", "content": ""]]
        deltas += (choice?["message"]?["content"]?.string ?? "").map { ["content": .string(String($0))] }
        for (place, call) in (choice?["message"]?["tool_calls"]?.elements ?? []).enumerated() {
            let index = JSON.integer(Int64(place))
            let arguments = call["function"]?["arguments"]?.string ?? ""
            let named: JSON = [
                "index": index, "id": call["id"] ?? nil, "type": "function",
                "function": ["name": call["function"]?["name"] ?? nil, "arguments": ""],
            ]
            deltas.append(["tool_calls": [named]])
            deltas += arguments.map { letter in
                ["tool_calls": [["index": index, "function": ["arguments": .string(String(letter))]]]]
            }
        }
        let chunk = { (delta: JSON, reason: JSON) -> JSON in
            ["model": "gpt-x", "choices": [["index": 0, "delta": delta, "finish_reason": reason]]]
        }
        return deltas.map { chunk($0, nil) } + [chunk([:], choice?["finish_reason"] ?? nil)]
            + [["model": "gpt-x", "choices": [], "usage": whole["usage"] ?? nil]]
    }
}
