import Testing

@testable import BatonCore

/// Which tools an agent may call in which phase.
@Suite struct WorkPhaseTests {
    @Test func `the table is that of seed 004`() {
        let table: [(String, BuiltInTool.Nature, String)] = [
            ("write_file", .repeatable, "executing"),
            ("read_file", .repeatable, "planning executing verifying learning"),
            ("list_files", .repeatable, "planning executing verifying learning"),
            ("run_command", .action, "executing verifying"),
            ("propose_tasks", .keyedAction, "planning executing"),
            ("browser_open", .repeatable, "browsing executing"),
            ("web_search", .repeatable, "planning executing learning"),
            ("delegate", .delegation, "executing"),
            ("docs__search", .repeatable, "planning executing verifying learning"),
            ("docs__delete", .action, "executing"),
        ]
        for (tool, nature, phases) in table {
            let allowed = Set(WorkPhase.allowed(for: tool, nature))
            #expect(
                allowed == Set(phases.split(separator: " ").compactMap { WorkPhase(rawValue: String($0)) }),
                "\(tool)"
            )
        }
        #expect(WorkPhase.allowed(for: "ask_person", .question) == WorkPhase.allCases)
    }

    private static func talk(_ phases: [WorkPhase], _ tools: [String]) -> Conversation {
        Conversation(tools: tools, models: ["m"], phases: phases)
    }

    private static func took(_ talk: inout Conversation, _ calls: [(String, JSON)], text: String = "") {
        guard case .request(let request) = talk.move(told: 0) else { return }
        talk.asked(request)
        let made = calls.enumerated().map { ToolCall(id: "c\($0)", tool: $1.0, input: .inline($1.1)) }
        let reply = Reply(model: "m", text: .inline(.string(text)), calls: made, stop: made.isEmpty ? .end : .tools)
        talk.took(.replied(reply, .none))
    }

    @Test func `a call outside its phase is refused with the seed's text, and needs no step`() {
        var talk = Self.talk([.planning, .executing], ["write_file", "enter_phase", "delegate"])
        Self.took(&talk, [("write_file", ["path": "a", "text": "b"]), ("delegate", ["agent": "x", "task": "y"])])
        let said = talk.turns[0].results
        #expect(said.map(\.isError) == [true, true])
        #expect(
            said[0].content == .inline("Action write_file not available in state planning. Available in: executing")
        )
        #expect(said[1].content == .inline("Action delegate not available in state planning. Available in: executing"))
        Self.took(&talk, [("enter_phase", ["phase": "executing"]), ("write_file", ["path": "a", "text": "b"])])
        #expect(talk.phase == .executing)
        #expect(talk.turns[1].results.map(\.content) == [.inline("You are executing now.")])
        #expect(talk.move(told: 0) == .request(.tool(1)))
    }

    @Test func `a phase that the agent has not is refused, and agents without phases are masked nowhere`() {
        var talk = Self.talk([.planning, .executing], ["enter_phase"])
        Self.took(&talk, [("enter_phase", ["phase": "browsing"])])
        #expect(talk.turns[0].results[0].content == .inline("Your phases are planning, executing."))
        #expect(talk.phase == .planning)
        var free = Self.talk([], ["write_file"])
        Self.took(&free, [("write_file", ["path": "a", "text": "b"])])
        #expect(free.move(told: 0) == .request(.tool(0)))
    }

    @Test func `whoever answers while planning is sent back, and fails in the end`() {
        var talk = Self.talk([.planning, .executing], ["enter_phase"])
        Self.took(&talk, [], text: "done")
        guard case .masked(let words)? = talk.turns[0].note else {
            Issue.record("it was not sent back")
            return
        }
        #expect(words.hasPrefix("Action task_completed not available in state planning. Available in: executing"))
        Self.took(&talk, [("enter_phase", ["phase": "executing"])])
        Self.took(&talk, [], text: "done")
        #expect(talk.move(told: 0) == .finish(.done(.inline("done"), .none)))
        var stubborn = Self.talk([.planning, .executing], ["enter_phase"])
        for word in ["one", "two", "three"] { Self.took(&stubborn, [], text: word) }
        guard case .finish(.failed(let failure, _)) = stubborn.move(told: 0) else {
            Issue.record("it goes on")
            return
        }
        #expect(failure.code == "mind.phase")
    }
}
