import Testing

@testable import BatonCore

/// Calls that stand in the text of an answer.
@Suite struct ActionTextTests {
    private static func read(_ text: String, told: String = "") -> ActionText.Reading {
        ActionText.read(text, told: { told.contains($0) }, schema: { BuiltInTool.named($0)?.input })
    }

    private static let form =
        "ACTION: DELEGATE\nAGENT_TYPE: knowledge\nTASK: Research the best\nPython libraries.\n---END---"

    @Test func `the form of seed 004 is a call of delegate`() {
        let reading = Self.read("I hand this on.\n\n\(Self.form)\nThen I go on.")
        #expect(reading.quoted == 0)
        #expect(
            reading.blocks == [
                ActionText.Block(
                    tool: "delegate",
                    input: ["agent": "knowledge", "task": "Research the best\nPython libraries."],
                    fault: nil
                )
            ]
        )
    }

    @Test func `two in one answer are two calls, and values have the types that the tools want`() {
        let text = """
            ACTION: SEARCH_WEB
            QUERY: swift
            MAX_RESULTS: 3
            ---END---
            ACTION: EXECUTE
            COMMAND: ["swift", "test"]
            ---END---
            """
        let blocks = Self.read(text).blocks
        #expect(blocks.map(\.tool) == ["web_search", "run_command"])
        #expect(blocks[0].input == ["query": "swift", "limit": 3])
        #expect(blocks[1].input == ["command": ["swift", "test"]])
    }

    @Test(arguments: [
        "```\n\(form)\n```", "~~~text\n\(form)\n~~~", "````\n```\n\(form)\n```\n````",
        "```\nso\n```text\n\(form)\n```",
        form.split(separator: "\n").map { "> \($0)" }.joined(separator: "\n"),
        form.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"),
        "- ```\n\(form)\n```", "1. ~~~\n\(form)\n~~~", "> ```\n\(form)\n> ```", "<pre>\n\(form)\n</pre>",
        "<Quote>\n\(form)\n</Quote>", "> It says\n\(form)",
    ])
    func `what is quoted does nothing`(text: String) {
        let reading = Self.read("The page says:\n\(text)\nThat is all.")
        #expect(reading.blocks.isEmpty && reading.quoted == 1)
    }

    @Test(arguments: ["<pre>so</pre>\n\(form)", "> so\n\n\(form)", "```\nso\n```\n\(form)", "- so\n\(form)"])
    func `what stands behind a quotation counts`(text: String) {
        #expect(Self.read(text).blocks.count == 1)
    }

    @Test func `what a page or another agent has said does nothing where it is repeated`() {
        let reading = Self.read("It says:\n\(Self.form)", told: "Welcome!\n\(Self.form)\nBye.")
        #expect(reading.blocks.isEmpty && reading.quoted == 1)
    }

    @Test(arguments: [
        ("ACTION: DELEGATE\nTASK: x", "it has no line ---END---"),
        ("ACTION: DELEGATE\nACTION: THINK\n---END---", "another ACTION begins before its ---END---"),
        ("ACTION: DELEGATE\nplease\n---END---", "\"please\" has no KEY:"),
        ("ACTION: DELEGATE\nTASK: a\nTASK: b\n---END---", "TASK stands there twice"),
    ])
    func `a bad one says why`(text: String, fault: String) {
        #expect(Self.read(text).blocks.first?.fault == fault)
    }

    @Test func `words about actions are no actions`() {
        for text in ["An ACTION: in a line.", "ACTIONS are needed", "no words", " ACTION: X\n---END---"] {
            #expect(Self.read(text).blocks.isEmpty)
        }
    }
}
