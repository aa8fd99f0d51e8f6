import BatonCore
import Testing

/// Conversations that go round in circles, and those that never end.
@Suite struct LoopTests {
    private static func reply(_ calls: [ToolCall], stop: Reply.Stop = .tools) -> StepResult {
        .replied(Reply(model: "lab/m", text: .inline(""), calls: calls, stop: stop), .none)
    }

    private static func failure(of talk: Conversation) -> Failure? {
        if case .finish(.failed(let failure, _)) = talk.move(told: 0) { return failure }
        return nil
    }

    /// Asks and calls until it ends; the model says these replies, the last one for ever.
    private static func play(
        _ limits: Conversation.Limits = Conversation.Limits(),
        _ replies: (Int) -> StepResult
    ) -> (Conversation, questions: Int) {
        var talk = Conversation(limits: limits, tools: ["read_file"], models: ["lab/m"])
        var questions = 0
        while case .request(let request) = talk.move(told: 0), questions < 1000 {
            talk.asked(request)
            if case .model = request {
                talk.took(replies(questions))
                questions += 1
            } else {
                talk.took(.done(.inline("A"), .none))
            }
        }
        return (talk, questions)
    }

    @Test func `the same arguments in another order are the same call`() {
        let orders: [JSON] = [["path": "a", "offset": 1], ["offset": 1, "path": "a"]]
        let (talk, questions) = Self.play { number in
            Self.reply([ToolCall(id: "c\(number)", tool: "read_file", input: .inline(orders[number % 2]))])
        }
        #expect(Self.failure(of: talk)?.code == "mind.loop")
        #expect(questions == 3)
    }

    @Test func `two tools in turn are a loop as well`() {
        let (talk, questions) = Self.play { number in
            Self.reply([ToolCall(id: "c", tool: "read_file", input: .inline(["path": .string("\(number % 2)")]))])
        }
        #expect(Self.failure(of: talk)?.code == "mind.loop")
        #expect(questions == 5)
    }

    // F-29: a truncated call is told to the model, and the same one for the third time ends it.
    @Test func `a call that cannot be read is told to the model twice, and ends it the third time`() {
        let (talk, questions) = Self.play { _ in
            Self.reply([ToolCall(id: "c", tool: "read_file", input: .inline("{\"path\": "), fault: "they are no JSON")])
        }
        #expect(questions == 3)
        #expect(Self.failure(of: talk)?.code == "mind.loop")
        #expect(talk.turns.dropLast().allSatisfy { $0.results.map(\.isError) == [true] })
    }

    // Where each is broken in another way, and where each is of an unknown tool, the limit of questions ends it.
    @Test(arguments: [true, false])
    func `calls that are wrong in ever new ways end at the limit of questions`(isUnknown: Bool) {
        var limits = Conversation.Limits()
        limits.calls = 7
        let (talk, questions) = Self.play(limits) { number in
            isUnknown
                ? Self.reply([ToolCall(id: "c", tool: "sudo", input: .inline(.integer(Int64(number))))])
                : Self.reply([
                    ToolCall(
                        id: "c",
                        tool: "read_file",
                        input: .inline(.string("{\(number)")),
                        fault: "they are no JSON"
                    )
                ])
        }
        #expect(questions == 7)
        #expect(Self.failure(of: talk)?.code == "mind.iterations")
        #expect(Self.failure(of: talk)?.message.contains("7 questions") == true, "the cap that fired is in the result")
    }

    // Case 102 in the rules: whatever the wire says, calls of a refused or cut answer are not made.
    @Test(arguments: [(Reply.Stop.refused, "mind.refused"), (.length, "mind.cut_off")])
    func `calls of what was refused or cut off are not made`(stop: Reply.Stop, code: String) {
        let (talk, questions) = Self.play { number in
            Self.reply(
                [ToolCall(id: "c", tool: "read_file", input: .inline(.integer(Int64(number))))],
                stop: number == 0 ? stop : .tools
            )
        }
        #expect(questions == 1)
        #expect(Self.failure(of: talk)?.code == code)
    }
}
