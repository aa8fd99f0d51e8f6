import BatonCore

/// Sound inputs, from which unsound ones are made.
enum Samples {
    static let json = [
        #"{"a": [1, -2.5e3, null, true, "x\n\u00e9\ud83d\ude00"], "b": {"c": {}}}"#, #"[[[[]]], "", 0, {"": ""}]"#,
        #"{"file": "a/b.txt", "lines": [1, 2], "all": false}"#,
    ].map { Array($0.utf8) }

    /// Answers in events.
    static func events(_ form: ModelProvider.Form) -> [UInt8] {
        let events: [String] =
            switch form {
            case .messages:
                [
                    #"{"type":"message_start","message":{"model":"m","usage":{"input_tokens":3,"output_tokens":1}}}"#,
                    #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#,
                    #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Grüße"}}"#,
                    #"{"type":"content_block_start","index":1,"content_block":{"type":"tool_use","id":"t","name":"read","input":{}}}"#,
                    #"{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":"{\"a\""}}"#,
                    #"{"type":"content_block_delta","index":1,"delta":{"type":"input_json_delta","partial_json":": 1}"}}"#,
                    #"{"type":"message_delta","delta":{"stop_reason":"tool_use"},"usage":{"output_tokens":7}}"#,
                    #"{"type":"message_stop"}"#,
                ]
            case .chat:
                [
                    #"{"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"Grü"}}]}"#,
                    #"{"choices":[{"delta":{"content":"ße","tool_calls":[{"index":0,"id":"t","function":{"name":"read","arguments":"{\"a\""}}]}}]}"#,
                    #"{"choices":[{"delta":{"tool_calls":[{"index":0,"function":{"arguments":": 1}"}}]},"finish_reason":"tool_calls"}]}"#,
                    #"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":7,"prompt_tokens_details":{"cached_tokens":1}}}"#,
                ]
            case .responses:
                [
                    #"{"type":"response.created","response":{"status":"in_progress"}}"#,
                    #"{"type":"response.output_text.delta","delta":"Grüße"}"#,
                    #"{"type":"response.completed","response":\#(Self.response)}"#,
                ]
            }
        let lines = events.map { "event: x\r\ndata: \($0)\n\n" }.joined()
        return Array((lines + (form == .chat ? "data: [DONE]\n\n" : "")).utf8)
    }

    private static let response = """
        {"status":"completed","model":"m","output":[{"type":"message","content":[{"type":"output_text","text":"Grüße"}]},\
        {"type":"function_call","call_id":"t","name":"read","arguments":"{\\"a\\": 1}"}],"usage":{"input_tokens":3,"output_tokens":7}}
        """
}
