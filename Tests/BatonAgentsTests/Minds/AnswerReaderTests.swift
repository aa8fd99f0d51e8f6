import BatonCore
import Testing

@testable import BatonAgents

/// Answers of each form, whole and in pieces.
@Suite struct AnswerReaderTests {
    static let forms: [ModelProvider.Form] = [.messages, .chat, .responses]

    static func bytes(_ events: [JSON], lineEnd: String = "\n", done: Bool = true) -> [UInt8] {
        let lines = events.map { "event: x\(lineEnd)data: \($0)\(lineEnd)\(lineEnd)" }
        return Array((lines.joined() + (done ? "data: [DONE]\(lineEnd)\(lineEnd)" : "")).utf8)
    }

    private static func expected(_ sample: AnswerSample, _ form: ModelProvider.Form) -> ModelAnswer {
        var tokens = Usage.TokenKinds()
        (tokens.input, tokens.cacheRead, tokens.output) = (10, 6, 7)
        if form == .messages { (tokens.cacheRead, tokens.cacheWrite) = (4, 2) }
        let calls = [
            ModelAnswer.Call(id: "t1", tool: "read", input: ["file": "a\"b"], fault: nil),
            ModelAnswer.Call(id: "t2", tool: "list", input: [:], fault: nil),
        ]
        return ModelAnswer(
            model: AnswerSample.models[form] ?? "",
            text: sample == .words ? "Grüße, Ada" : "Look:",
            calls: sample == .words ? [] : calls,
            stop: sample == .words ? .end : .tools,
            tokens: tokens
        )
    }

    @Test(arguments: forms, AnswerSample.allCases)
    func `an answer in one piece is read`(_ form: ModelProvider.Form, _ sample: AnswerSample) throws {
        #expect(try AnswerReader.answer(sample.whole(form), form) == Self.expected(sample, form))
    }

    @Test(arguments: forms, AnswerSample.allCases)
    func `an answer in events is the same wherever its bytes are cut`(
        _ form: ModelProvider.Form,
        _ sample: AnswerSample
    ) throws {
        for lineEnd in ["\n", "\r\n", "\r"] {
            let bytes = Self.bytes(sample.events(form), lineEnd: lineEnd, done: form == .chat)
            for size in [1, 2, 3, 7, 64, bytes.count] {
                var reader = AnswerReader(form)
                for start in stride(from: 0, to: bytes.count, by: size) {
                    _ = try reader.take(bytes[start..<min(start + size, bytes.count)])
                }
                #expect(try reader.answer() == Self.expected(sample, form))
            }
        }
    }

    @Test(arguments: forms)
    func `an answer that breaks off is never taken for a whole one`(_ form: ModelProvider.Form) throws {
        for sample in AnswerSample.allCases {
            let events = sample.events(form)
            // Up to where the reason to stop is told.
            let told = form == .messages ? 2 : form == .chat ? 2 : 1
            for count in 0...(events.count - told) {
                var reader = AnswerReader(form)
                _ = try reader.take(Self.bytes(Array(events.prefix(count)), done: false))
                #expect(throws: WireFault.truncated) { try reader.answer() }
            }
        }
    }

    @Test(arguments: forms)
    func `an end without a reason to stop is named`(_ form: ModelProvider.Form) throws {
        let events: [JSON] =
            switch form {
            case .messages: [["type": "message_start", "message": [:]], ["type": "message_stop"]]
            case .chat: [["choices": [["index": 0, "delta": ["content": "x"], "finish_reason": nil]]]]
            case .responses: [["type": "response.completed", "response": ["output": []]]]
            }
        var reader = AnswerReader(form)
        _ = try reader.take(Self.bytes(events))
        #expect(throws: WireFault.noStop) { try reader.answer() }
    }

    @Test(arguments: [
        (ModelProvider.Form.messages, "max_tokens", Reply.Stop.length), (.messages, "refusal", .refused),
        (.messages, "stop_sequence", .end), (.chat, "eos", .end), (.chat, "length", .length),
        (.chat, "content_filter", .refused), (.responses, "max_output_tokens", .length),
        (.responses, "content_filter", .refused),
    ])
    func `each reason to stop is known`(_ form: ModelProvider.Form, _ word: String, _ stop: Reply.Stop) throws {
        var whole = AnswerSample.words.whole(form)
        switch form {
        case .messages: whole = whole.adding("stop_reason", .string(word))
        case .chat:
            let choice: JSON = ["message": ["content": "x"], "finish_reason": .string(word)]
            whole = whole.adding("choices", [choice])
        case .responses:
            whole = whole.adding("status", "incomplete").adding("incomplete_details", ["reason": .string(word)])
        }
        #expect(try AnswerReader.answer(whole, form).stop == stop)
    }

    private static func chat(_ message: JSON, _ reason: String, _ usage: JSON = nil) -> JSON {
        ["choices": [["message": message, "finish_reason": .string(reason)]], "usage": usage]
    }

    @Test(arguments: ["error", "abort", "pause_turn", "cancelled", ""])
    func `a reason to stop that is not known makes no answer`(_ word: String) {
        #expect(throws: WireFault.oddStop(word)) {
            try AnswerReader.answer(Self.chat(["content": "half of an ans"], word), .chat)
        }
        #expect(throws: WireFault.oddStop(word)) {
            try AnswerReader.answer(AnswerSample.words.whole(.messages).adding("stop_reason", .string(word)), .messages)
        }
    }

    @Test func `an error beside half of an answer is an error`() {
        let error: JSON = ["code": 502, "message": "gone"]
        let choice: JSON = ["message": ["content": "half"], "finish_reason": "stop", "error": error]
        #expect(throws: WireFault.told(kind: "502", message: "gone")) {
            try AnswerReader.answer(["choices": [choice]], .chat)
        }
        var reader = AnswerReader(.chat)
        #expect(throws: WireFault.self) {
            try reader.take(Self.bytes([["choices": [["delta": [:], "finish_reason": "stop", "error": error]]]]))
        }
    }

    @Test func `whoever wants tools and names none, or says nothing, has not answered`() {
        #expect(throws: WireFault.malformed("it wants tools and names none")) {
            try AnswerReader.answer(Self.chat(["content": "Let me look"], "tool_calls"), .chat)
        }
        for message: JSON in [["content": nil], ["content": " \n"], [:]] {
            #expect(throws: WireFault.empty) { try AnswerReader.answer(Self.chat(message, "stop"), .chat) }
        }
    }

    @Test func `an answer in parts, an old kind of call and words that the end does not repeat are read`() throws {
        let parts: JSON = [["type": "thinking", "text": "hm"], ["type": "text", "text": "yes"]]
        #expect(try AnswerReader.answer(Self.chat(["content": parts], "stop"), .chat).text == "yes")
        let call: JSON = ["content": nil, "function_call": ["name": "read", "arguments": "{}"]]
        #expect(try AnswerReader.answer(Self.chat(call, "function_call"), .chat).calls.map(\.tool) == ["read"])
        var reader = AnswerReader(.responses)
        let end: JSON = ["type": "response.completed", "response": ["status": "completed", "output": []]]
        _ = try reader.take(Self.bytes([["type": "response.output_text.delta", "delta": "yes"], end]))
        #expect(try reader.answer().text == "yes")
    }

    @Test func `nothing follows the reason to stop, and what was thought counts as written`() throws {
        var reader = AnswerReader(.chat)
        let chunk = { (text: String, reason: JSON) -> JSON in
            ["choices": [["delta": ["content": .string(text)], "finish_reason": reason]]]
        }
        _ = try reader.take(Self.bytes([chunk("yes", "stop"), chunk(" - no", nil)]))
        #expect(try reader.answer().text == "yes")
        let usage: JSON = ["prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 1015]
        #expect(try AnswerReader.answer(Self.chat(["content": "x"], "stop", usage), .chat).tokens?.output == 1005)
    }

    @Test func `a refusal in words is a refusal`() throws {
        let chat: JSON = ["choices": [["message": ["content": nil, "refusal": "No."], "finish_reason": "stop"]]]
        #expect(try AnswerReader.answer(chat, .chat).stop == .refused)
        let part: JSON = ["type": "message", "content": [["type": "refusal", "refusal": "No."]]]
        #expect(try AnswerReader.answer(["status": "completed", "output": [part]], .responses).stop == .refused)
    }

    @Test(arguments: forms)
    func `a failure in the midst of an answer is told as such`(_ form: ModelProvider.Form) throws {
        let error: JSON = ["type": "overloaded_error", "message": "Overloaded"]
        let event: JSON =
            switch form {
            case .messages, .responses: ["type": "error", "error": error]
            case .chat: ["error": error]
            }
        var reader = AnswerReader(form)
        let events = Array(AnswerSample.words.events(form).prefix(2)) + [event]
        #expect(throws: WireFault.told(kind: "overloaded_error", message: "Overloaded")) {
            try reader.take(Self.bytes(events, done: false))
        }
    }

    @Test func `arguments that cannot be read are kept with the reason, and every call has a name of its own`() throws {
        let call = { (id: String, arguments: String) -> JSON in
            ["id": .string(id), "function": ["name": "read", "arguments": .string(arguments)]]
        }
        let calls: JSON = [call("a", "{\"file\": "), call("a", "[1]"), call("", "7"), call("b", " ")]
        let message: JSON = ["content": nil, "tool_calls": calls]
        let whole: JSON = ["choices": [["message": message, "finish_reason": "tool_calls"]]]
        let answer = try AnswerReader.answer(whole, .chat)
        #expect(Set(answer.calls.map(\.id)).count == 4)
        #expect(answer.calls[0].fault?.hasPrefix("they are no JSON") == true)
        #expect(answer.calls[0].input == "{\"file\": ")
        #expect(answer.calls[1].fault == "they are no object")
        #expect(answer.calls[2].fault == "they are no object")
        #expect(answer.calls[3].fault == nil)
        #expect(answer.calls[3].input == [:])
    }

    @Test(
        arguments: [
            ["prompt_tokens": -1, "completion_tokens": 3], ["prompt_tokens": 3], nil,
            ["prompt_tokens": 1_000_000_000_000_000_000, "completion_tokens": 3],
            ["prompt_tokens": "many", "completion_tokens": 3],
            ["prompt_tokens": 3, "completion_tokens": 3, "prompt_tokens_details": ["cached_tokens": 5]],
        ] as [JSON]
    )
    func `counts that cannot be are no counts`(_ usage: JSON) throws {
        let whole = AnswerSample.words.whole(.chat).adding("usage", usage)
        #expect(try AnswerReader.answer(whole, .chat).tokens == nil)
    }

    @Test func `an event without end is not kept`() throws {
        var reader = AnswerReader(.chat)
        let line = [UInt8](repeating: 0x61, count: 1 << 20)
        #expect(throws: WireFault.tooLong) { for _ in 0...16 { _ = try reader.take(line) } }
        var lines = AnswerReader(.chat)
        let data = Array("data: ".utf8) + line + [0x0A]
        #expect(throws: WireFault.tooLong) { for _ in 0...16 { _ = try lines.take(data) } }
    }

    @Test(arguments: forms)
    func `bytes that nobody should send end in an answer or a named fault`(_ form: ModelProvider.Form) {
        var random = SplitMix64(seed: 7)
        for sample in AnswerSample.allCases {
            let sound = Self.bytes(sample.events(form))
            for _ in 0..<500 {
                var bytes = sound
                for _ in 0...random.below(4) {
                    let place = random.below(bytes.count)
                    switch random.below(3) {
                    case 0: bytes[place] = UInt8(random.below(256))
                    case 1: bytes.remove(at: place)
                    default: bytes.insert(contentsOf: bytes[place...].prefix(random.below(40)), at: place)
                    }
                }
                var reader = AnswerReader(form)
                do throws(WireFault) {
                    _ = try reader.take(bytes)
                    _ = try reader.answer()
                } catch {
                    continue
                }
            }
        }
    }
}
