import BatonCore
import Testing

@testable import BatonEngine

/// Which results say that their agent cannot go on.
@Suite struct BlockerTests {
    @Test(
        arguments: [
            (["blockers": ["no key", "no shop"]], "no key; no shop"),
            (["blockers": [["description": "no key", "severity": "high"]]], "no key"),
            (["blockers": [["reason": "asleep"], 7], "status": "half done"], "asleep; 7"),
            (["blockers": "no key for the shop"], "no key for the shop"),
            (["blockers": ["description": "no key"]], "no key"),
        ] as [(JSON, String)]
    )
    func `something in blockers blocks, in the words of the agent`(result: JSON, message: String) throws {
        let failure = try #require(Blocker.failure(in: result))
        #expect(failure.kind == .blocked)
        #expect(failure.message == message)
    }

    @Test(
        arguments: [
            ["blockers": []], ["blockers": "none"], ["blockers": "N/A"], ["blockers": "No blockers."],
            ["blockers": [:]],
            ["blockers": 7], ["blocker": ["x"]], [["blockers": ["x"]]], "blockers", .null,
        ] as [JSON]
    )
    func `anything else is a result`(result: JSON) {
        #expect(Blocker.failure(in: result) == nil)
    }

    @Test(arguments: ["I am stuck.\n```json\n{\"blockers\": [\"no key\"]}\n```", "{\"blockers\": \"no key\"}"])
    func `a model says so in its text, also behind other words`(text: String) {
        let reply = Transcript.Reply(model: "m", text: text, stop: .end)
        #expect(Blocker.failure(in: reply)?.message == "no key")
    }

    @Test func `blockers of any length and with any characters fit a question`() throws {
        let long = String(repeating: "x\u{1B}]0;a\u{7}\n", count: 10_000)
        let failure = try #require(Blocker.failure(in: ["blockers": [.string(long)]]))
        #expect(failure.message.count <= 400)
        #expect(!failure.message.unicodeScalars.contains { $0.value < 32 })
    }
}
