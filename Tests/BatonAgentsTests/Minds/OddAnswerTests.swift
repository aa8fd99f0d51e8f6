import BatonCore
import Testing

@testable import BatonAgents

/// Answers of providers that are whole and wrong.
@Suite struct OddAnswerTests {
    private static func fault(_ body: () throws(WireFault) -> ModelAnswer) -> WireFault? {
        do throws(WireFault) {
            _ = try body()
            return nil
        } catch {
            return error
        }
    }

    // Case 101 in every form, whole; AnswerReaderTests has chat only.
    private static let blank: JSON = ["type": "text", "text": " \n"]
    private static let thought: JSON = ["type": "thinking", "thinking": "hm"]
    private static let reasoning: JSON = ["type": "reasoning", "summary": []]
    private static let silent: JSON = ["message": ["content": ""], "finish_reason": "stop"]
    private static let empty: [(ModelProvider.Form, JSON)] = [
        (.messages, ["type": "message", "content": [], "stop_reason": "end_turn"]),
        (.messages, ["type": "message", "content": [Self.blank], "stop_reason": "end_turn"]),
        (.messages, ["type": "message", "content": [Self.thought], "stop_reason": "end_turn"]),
        (.responses, ["status": "completed", "output": []]),
        (.responses, ["status": "completed", "output": [Self.reasoning]]),
        (.chat, ["choices": [Self.silent]]),
    ]

    @Test(arguments: empty)
    func `an empty answer is none, in every form`(_ form: ModelProvider.Form, _ whole: JSON) {
        #expect(Self.fault { () throws(WireFault) in try AnswerReader.answer(whole, form) } == .empty)
    }

    // Case 102: `list_files` with no arguments yet would be a sound call.
    @Test(arguments: [("length", Reply.Stop.length), ("content_filter", .refused)])
    func `calls of an answer that was cut off or refused do not make it a wish for tools`(
        _ word: String,
        _ stop: Reply.Stop
    ) throws {
        let call: JSON = ["id": "t", "type": "function", "function": ["name": "list_files", "arguments": ""]]
        let message: JSON = ["content": "Look:", "tool_calls": [call]]
        let whole: JSON = ["choices": [["message": message, "finish_reason": .string(word)]]]
        #expect(try AnswerReader.answer(whole, .chat).stop == stop)
    }

    @Test func `the same of the other forms`() throws {
        let use: JSON = ["type": "tool_use", "id": "t", "name": "list_files", "input": [:]]
        for (word, stop) in [("max_tokens", Reply.Stop.length), ("refusal", .refused)] {
            let whole: JSON = ["type": "message", "content": [use], "stop_reason": .string(word)]
            #expect(try AnswerReader.answer(whole, .messages).stop == stop)
        }
        let item: JSON = ["type": "function_call", "call_id": "t", "name": "list_files", "arguments": ""]
        let whole: JSON = [
            "status": "incomplete", "incomplete_details": ["reason": "max_output_tokens"], "output": [item],
        ]
        #expect(try AnswerReader.answer(whole, .responses).stop == .length)
    }

    // F-29.
    @Test func `ten thousand calls with one name are read, and each has a name of its own`() throws {
        let calls = (0..<10_000).map { number -> JSON in
            ["id": "same", "function": ["name": "read", "arguments": .string("{\"n\": \(number)}")]]
        }
        let message: JSON = ["content": nil, "tool_calls": .array(calls)]
        let whole: JSON = ["choices": [["message": message, "finish_reason": "tool_calls"]]]
        let answer = try AnswerReader.answer(whole, .chat)
        #expect(Set(answer.calls.map(\.id)).count == 10_000)
    }

    // F-28: a line of 10 MB is below the limit of 16 MiB and is an answer; events that nobody knows are passed over in each form.
    @Test func `a line of ten megabytes is an answer, and events that nobody knows are passed over`() throws {
        let long = String(repeating: "y", count: 10_000_000)
        var reader = AnswerReader(.chat)
        let chunk: JSON = ["choices": [["delta": ["content": .string(long)], "finish_reason": "stop"]]]
        _ = try reader.take(AnswerReaderTests.bytes([chunk]))
        #expect(try reader.answer().text.utf8.count == 10_000_000)
        for form in AnswerReaderTests.forms {
            var events = AnswerSample.words.events(form)
            // Chat has no types: there it is an event without choices.
            events.insert(["type": "something_new", "choices": [], "delta": 7], at: 1)
            var reader = AnswerReader(form)
            _ = try reader.take(AnswerReaderTests.bytes(events))
            #expect(try reader.answer().text == "Grüße, Ada")
        }
    }

    // F-28: line ends of three kinds in one stream, and an id on each event, the same one twice.
    @Test func `mixed line ends and ids of events change nothing`() throws {
        var text = ""
        for (number, event) in AnswerSample.words.events(.chat).enumerated() {
            let end = ["\n", "\r\n", "\r"][number % 3]
            text += "id: 7\(end)data: \(event)\(end)\(end)"
        }
        let bytes = Array((text + "data: [DONE]\n\n").utf8)
        for size in [1, 2, 5, bytes.count] {
            var reader = AnswerReader(.chat)
            for start in stride(from: 0, to: bytes.count, by: size) {
                _ = try reader.take(bytes[start..<min(start + size, bytes.count)])
            }
            #expect(try reader.answer().text == "Grüße, Ada")
        }
    }

    // Case 104: five megabytes of arguments are read or refused as arguments, and never a whole answer lost.
    @Test func `arguments of five megabytes are one call, and the tool refuses them in words`() async throws {
        let long = String(repeating: "z", count: 5_000_000)
        let call: JSON = [
            "id": "t",
            "function": ["name": "write_file", "arguments": .string("{\"path\":\"a\",\"text\":\"\(long)\"}")],
        ]
        let message: JSON = ["content": nil, "tool_calls": [call]]
        let whole: JSON = ["choices": [["message": message, "finish_reason": "tool_calls"]]]
        let answer = try AnswerReader.answer(whole, .chat)
        #expect(answer.calls.count == 1)
        let faults = try #require(BuiltInTool.named("write_file")).faults(of: answer.calls[0].input)
        #expect(!faults.isEmpty)
        #expect(faults.joined().utf8.count < 1000, "the words of the fault do not hold the arguments")
        // Extra members, of each tool.
        for tool in BuiltInTool.all {
            #expect(!tool.faults(of: ["surprise": 1]).isEmpty, "\(tool.name)")
            #expect(!tool.faults(of: [1]).isEmpty, "\(tool.name)")
        }
    }
}
