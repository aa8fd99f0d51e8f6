import BatonCore
import Testing

/// What a conversation wants next, and how it ends.
@Suite struct ConversationTests {
    private static func text(_ text: String) -> Content { .inline(.string(text)) }

    private static func reply(
        _ words: String,
        calls: [ToolCall] = [],
        stop: Reply.Stop = .end,
        faults: [String] = []
    )
        -> StepResult
    {
        .replied(
            Reply(model: "lab/m", text: Self.text(words), faults: faults, calls: calls, stop: stop),
            .none
        )
    }

    private static func call(_ tool: String, _ input: JSON = [:], id: String = "c") -> ToolCall {
        ToolCall(id: id, tool: tool, input: .inline(input))
    }

    private static let lost = Failure(.transient, "test.lost", "the line is dead", remedy: "none")

    /// Lets it ask, and answers with these results one after the other.
    private static func play(_ results: [StepResult], tools: [String] = ["read"], choices: Int32 = 1) -> Conversation {
        var talk = Conversation(tools: tools, models: (0..<choices).map { "lab/m\($0)" })
        for result in results {
            guard case .request(let request) = talk.move(told: 0) else { break }
            talk.asked(request)
            talk.took(result)
        }
        return talk
    }

    private static func failure(of talk: Conversation) -> Failure? {
        if case .finish(.failed(let failure, _)) = talk.move(told: 0) { return failure }
        return nil
    }

    @Test func `what the model says without calling a tool is the result`() {
        let talk = Self.play([Self.reply("it is done")])
        #expect(talk.move(told: 0) == .finish(.done(Self.text("it is done"), .none)))
    }

    @Test func `tools are called one after the other, and then the model is asked again`() {
        let first = Self.reply(
            "",
            calls: [Self.call("read", ["file": "a"]), Self.call("read", ["file": "b"])],
            stop: .tools
        )
        var talk = Self.play([first])
        #expect(talk.move(told: 0) == .request(.tool(0)))
        talk.asked(.tool(0))
        #expect(talk.move(told: 0) == .wait)
        talk.took(.done(Self.text("A"), .none))
        #expect(talk.move(told: 0) == .request(.tool(1)))
        talk.asked(.tool(1))
        talk.took(.failed(Self.lost, .none))
        #expect(talk.move(told: 7) == .request(.model(ModelCall(choice: 0, told: 7))))
        #expect(talk.turns[0].results.map(\.isError) == [false, true])
        #expect(talk.turns[0].results[1].content == Self.text("the line is dead"))
    }

    @Test func `a tool that was not granted is never called, whatever stands before and behind it`() {
        let calls = [Self.call("rm"), Self.call("read"), Self.call("rm", ["force": true])]
        let talk = Self.play([Self.reply("", calls: calls, stop: .tools), .done(Self.text("A"), .none)])
        #expect(talk.turns[0].results.map(\.isError) == [true, false, true])
        #expect(talk.move(told: 0) == .request(.model(ModelCall(choice: 0, told: 0))))
    }

    @Test func `the same call for the third time is a loop, and a person is asked`() {
        let same = Self.reply("", calls: [Self.call("read", ["file": "a"])], stop: .tools)
        let talk = Self.play([same, .done(Self.text("A"), .none), same, .done(Self.text("A"), .none), same])
        #expect(Self.failure(of: talk)?.code == "mind.loop")
        #expect(Self.failure(of: talk)?.kind == .blocked)
        #expect(talk.turns.count == 3)
    }

    @Test func `the same words for the third time are a loop, silence beside calls is none`() {
        let spoken = (0..<3).flatMap { number in
            [
                Self.reply("let me see", calls: [Self.call("read", ["file": .integer(number)])], stop: .tools),
                StepResult.done(Self.text("A"), .none),
            ]
        }
        #expect(Self.failure(of: Self.play(spoken))?.code == "mind.loop")
        let silent = (0..<4).flatMap { number in
            [
                Self.reply("", calls: [Self.call("read", ["file": .integer(number)])], stop: .tools),
                StepResult.done(Self.text("A"), .none),
            ]
        }
        #expect(Self.failure(of: Self.play(silent)) == nil)
    }

    @Test func `an answer that wants more calls than anybody needs ends it, however many they are`() {
        let calls = (0..<100_000).map { Self.call("tool\($0)") }
        let talk = Self.play([Self.reply("", calls: calls, stop: .tools)])
        #expect(Self.failure(of: talk)?.code == "mind.calls")
        #expect(talk.turns.isEmpty)
    }

    @Test func `so many questions and no more`() {
        var limits = Conversation.Limits()
        limits.calls = 2
        var talk = Conversation(limits: limits, tools: ["read"], models: ["lab/m"])
        for number in 0..<2 {
            talk.asked(.model(ModelCall(choice: 0, told: 0)))
            talk.took(Self.reply("", calls: [Self.call("read", ["file": .integer(Int64(number))])], stop: .tools))
            #expect(Self.failure(of: talk) == nil || number == 1)
            guard number == 0 else { continue }
            talk.asked(.tool(0))
            talk.took(.done(Self.text("A"), .none))
        }
        #expect(talk.move(told: 0) == .request(.tool(0)))
        talk.asked(.tool(0))
        talk.took(.done(Self.text("B"), .none))
        #expect(Self.failure(of: talk)?.code == "mind.iterations")
    }

    @Test func `an answer in a wrong form is sent back twice`() {
        let wrong = Self.reply("{}", faults: ["$.title is missing"])
        let mended = Self.play([
            wrong, Self.reply("{\"title\": 1}", faults: ["$.title is no text"]), Self.reply("{\"title\": \"a\"}"),
        ])
        #expect(mended.move(told: 0) == .finish(.done(Self.text("{\"title\": \"a\"}"), .none)))
        #expect(mended.turns.map(\.note) == [.mend(["$.title is missing"]), .mend(["$.title is no text"]), nil])
        let stubborn = (0..<3).map { Self.reply("{\"try\": \($0)}", faults: ["$.title is missing"]) }
        #expect(Self.failure(of: Self.play(stubborn))?.code == "mind.form")
    }

    @Test(arguments: [(Reply.Stop.refused, "mind.refused"), (.length, "mind.cut_off")])
    func `what is refused or cut off is no result`(stop: Reply.Stop, code: String) {
        let talk = Self.play([Self.reply("I", stop: stop)])
        #expect(Self.failure(of: talk)?.code == code)
        #expect(Self.failure(of: talk)?.kind == .permanent)
    }

    @Test func `a model that fails in passing is asked again, and then the next one, which keeps what was said`() {
        let first = Self.reply("", calls: [Self.call("read")], stop: .tools)
        let begun = [first, .done(Self.text("A"), .none)]
        let lost = [StepResult](repeating: .failed(Self.lost, .none), count: 5)
        let talk = Self.play(begun + lost, choices: 2)
        #expect(talk.move(told: 0) == .request(.model(ModelCall(choice: 0, told: 0, again: 5))))
        let next = Self.play(begun + lost + lost.prefix(1), choices: 2)
        #expect(next.move(told: 0) == .request(.model(ModelCall(choice: 1, told: 0))))
        #expect(next.turns.count == 1)
        #expect(Self.failure(of: Self.play(begun + lost + lost.prefix(1))) == Self.lost)
    }

    @Test func `an answer lets a model begin to count its failures anew`() {
        let lost = [StepResult](repeating: .failed(Self.lost, .none), count: 5)
        let answered = Self.reply("", calls: [Self.call("none")], stop: .tools)
        let talk = Self.play(lost + [answered] + lost)
        #expect(talk.move(told: 0) == .request(.model(ModelCall(choice: 0, told: 0, again: 5))))
    }

    @Test func `what a model will never do is not asked again, but of the next one`() {
        let refused = StepResult.failed(Failure(.permanent, "test.no", "no", remedy: "none"), .none)
        let talk = Self.play([refused], choices: 2)
        #expect(talk.move(told: 0) == .request(.model(ModelCall(choice: 1, told: 0))))
        #expect(Self.failure(of: Self.play([refused, refused], choices: 2))?.code == "test.no")
    }

    @Test func `a call whose arguments cannot be read is not made, and the model is told why`() {
        let call = ToolCall(id: "c", tool: "read", input: Self.text("{"), fault: "they are no JSON")
        let talk = Self.play([Self.reply("", calls: [call], stop: .tools)])
        #expect(talk.turns[0].results.map(\.isError) == [true])
        #expect(talk.turns[0].results[0].content.inlined?.string?.contains("they are no JSON") == true)
        #expect(talk.move(told: 0) == .request(.model(ModelCall(choice: 0, told: 0))))
    }

    @Test func `what was stopped is wanted again`() {
        let talk = Self.play([Self.reply("", calls: [Self.call("read")], stop: .tools), .stopped(.none)])
        #expect(talk.move(told: 0) == .request(.tool(0)))
    }

    @Test func `a result of another kind ends it by name`() {
        #expect(Self.failure(of: Self.play([.done(Self.text("A"), .none)]))?.code == "mind.odd")
    }

    @Test func `an answer that stays in the same wrong form is sent back twice, and is no loop`() {
        let wrong = Self.reply("three", faults: ["it is no JSON"])
        let talk = Self.play([wrong, wrong, wrong])
        #expect(Self.failure(of: talk)?.code == "mind.form")
    }

    /// So many turns with long results, each counted by the provider or by nobody; which call comes next.
    private static func next(after turns: Int, counted: Int64?, context: Int64) -> [Int32] {
        var limits = Conversation.Limits()
        (limits.context, limits.repeats) = (context, 100)
        var talk = Conversation(limits: limits, tools: ["read"], models: ["lab/m"])
        var cleared: [Int32] = []
        for number in 0...turns {
            guard case .request(.model(let call)) = talk.move(told: 0) else { break }
            cleared.append(call.cleared)
            talk.asked(.model(call))
            var usage = Usage()
            usage.tokenKinds = counted.map { count in
                var kinds = Usage.TokenKinds()
                kinds.input = call.cleared > 0 ? count / 4 : count * Int64(number + 1)
                return kinds
            }
            let wanted = Self.call("read", ["n": .integer(Int64(number))])
            let reply = Reply(model: "m", text: .inline("look"), calls: [wanted], stop: .tools)
            talk.took(.replied(reply, usage))
            talk.asked(.tool(0))
            talk.took(.done(.stored(.zero, bytes: 4000), .none))
        }
        return cleared
    }

    @Test func `beyond its limit the old turns are told in outline, and never the last two`() {
        #expect(Self.next(after: 6, counted: nil, context: 1_000_000) == [0, 0, 0, 0, 0, 0, 0])
        // Each turn has about a thousand tokens.
        #expect(Self.next(after: 6, counted: nil, context: 3500) == [0, 0, 0, 0, 2, 2, 4])
        #expect(Self.next(after: 6, counted: 1000, context: 3500) == [0, 0, 0, 1, 1, 1, 1])
        #expect(Self.next(after: 3, counted: nil, context: 1) == [0, 0, 0, 1])
    }

    @Test func `what is told in outline is bounded by its outline`() {
        var limits = Conversation.Limits()
        (limits.context, limits.repeats) = (1, 100)
        var talk = Conversation(limits: limits, tools: ["read"], models: ["lab/m"])
        for number in 0..<3 {
            talk.asked(.model(ModelCall(choice: 0, told: 0)))
            let wanted = Self.call("read", ["n": .integer(Int64(number))])
            talk.took(
                .replied(Reply(model: "m", text: .stored(.zero, bytes: 9000), calls: [wanted], stop: .tools), .none)
            )
            talk.asked(.tool(0))
            talk.took(.done(.stored(.zero, bytes: 50_000), .none))
        }
        let whole = talk.tokens(for: ModelCall(choice: 0, told: 0), base: 0, words: { _ in 0 })
        let outlined = talk.tokens(for: ModelCall(choice: 0, told: 0, cleared: 1), base: 0, words: { _ in 0 })
        #expect(whole > 3 * 59_000 && outlined < 2 * 59_000 + 3000 && outlined > 2 * 59_000)
    }
}
