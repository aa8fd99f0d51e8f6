import BatonCore
import Testing

@Suite struct TemplateTests {
    private static func parts(_ text: String) -> [String] {
        Template.parts(of: text).map { part in
            switch part {
            case .text(let text): text
            case .reference(let reference): "→" + ([reference.task.text] + reference.path).joined(separator: "|")
            }
        }
    }

    @Test func `a text is split at its references`() {
        #expect(
            Self.parts("a {{tasks.x.output}} b {{ tasks.y.output.title.0 }}") == ["a ", "→x", " b ", "→y|title|0"]
        )
        #expect(Self.parts("") == [""])
    }

    @Test(arguments: [
        "{}", "{{}}", "{{ user }}", "{{tasks.x}}", "{{tasks.output}}", "{{tasks.x.output", "tasks.x.output}}",
        "{{tasks..output}}", "{{tasks.x.output.}}", "{{tasks.a/b.output}}", "{{task.x.output}}", "{ {tasks.x.output} }",
        "{{tasks.-x.output}}", "{{tasks.x.output..a}}", "{{tasks.my task.output}}",
    ])
    func `braces that name no task stay text`(text: String) {
        #expect(Self.parts(text) == [text])
        #expect(Template(.string(text)).expanded { _ in "wrong" } == .string(text))
    }

    @Test(arguments: [
        ("{{{tasks.x.output}}}", ["{", "→x", "}"]), ("use {{ or {{tasks.x.output}}", ["use {{ or ", "→x"]),
        ("{{a}}{{tasks.x.output}}}}", ["{{a}}", "→x", "}}"]), ("{{tasks.output.output}}", ["→output"]),
        ("{{ tasks . x . output . first name }}", ["→x|first name"]),
    ])
    func `a reference is found among other braces and spaces`(text: String, parts: [String]) {
        #expect(Self.parts(text) == parts)
    }

    @Test func `a task name may hold dots`() {
        #expect(Self.parts("{{tasks.v1.2.report.output.a}}") == ["→v1.2.report|a"])
    }

    @Test func `a text that is nothing but a reference becomes the output itself`() {
        let output: JSON = ["n": 7, "list": ["a", ["deep": true]]]
        func expand(_ source: JSON) -> JSON { Template(source).expanded { $0 == "x" ? output : nil } }
        #expect(expand("{{tasks.x.output}}") == output)
        #expect(expand("{{tasks.x.output.n}}") == 7)
        #expect(expand("{{tasks.x.output.list.1.deep}}") == true)
        #expect(expand("{{tasks.x.output.list.9}}") == nil)
        #expect(expand("{{tasks.x.output.n.none}}") == nil)
        #expect(expand("n={{tasks.x.output.n}}, list={{tasks.x.output.list}}") == "n=7, list=[\"a\",{\"deep\":true}]")
        #expect(
            expand(["k": ["{{tasks.x.output.n}}", 1], "{{tasks.x.output.n}}": nil])
                == ["k": [7, 1], "{{tasks.x.output.n}}": nil]
        )
    }

    @Test func `an output is data: references in it are not expanded`() {
        let expanded = Template("see {{tasks.x.output}}").expanded { _ in "{{tasks.y.output}}" }
        #expect(expanded == "see {{tasks.y.output}}")
    }

    @Test func `references are listed in order, each once`() {
        let template = Template(["a": "{{tasks.x.output}} {{tasks.y.output}}", "b": ["{{tasks.x.output}}"]])
        #expect(template.references.map(\.task) == ["x", "y"])
    }

    @Test(arguments: [
        ("{{!tasks.x.output}}", "{{tasks.x.output}}"), ("{{!!tasks.x.output.a}}", "{{!tasks.x.output.a}}"),
        ("a {{! tasks.x.output }} b", "a {{ tasks.x.output }} b"), ("{{!task}}", "{{task}}"),
    ])
    func `an exclamation mark makes text of a reference, and is taken away`(text: String, literal: String) {
        let template = Template(.string(text))
        #expect(template.references.isEmpty)
        #expect(template.slips.isEmpty)
        #expect(template.expanded { _ in "wrong" } == .string(literal))
    }

    @Test(arguments: [
        "{{tasks.x.output}}", "{{!tasks.x.output}}", "{{{tasks.x.output}}}", "{{tasks.x}} {{!!tasks.x.output", "{{!}}",
        "use {{ or {{tasks.x.output}}, {{!a}} {{user}} { {tasks.x.output} }", "", "plain", "}}{{!task.x}}{{",
    ])
    func `what is made literal arrives as it was`(text: String) {
        let value: JSON = ["key": [.string(text), 1]]
        let literal = Template.literal(value)
        #expect(Template(literal).references.isEmpty)
        #expect(Template(literal).expanded { _ in "wrong" } == value)
    }

    @Test(arguments: [
        ("{{tasks.x.output.nam}}", "has no member nam: it has name, list", "did you mean name?"),
        ("see {{tasks.x.output.list.2}}", "2", "have task x return 2"),
        ("{{tasks.x.output.name.first}}", "has no member first: it is a text", "have task x return first"),
        (
            "{{tasks.x.output.list.0.deep.er}}",
            "deep in 0 in list in the output of task x has no member er: it is true", ""
        ),
    ])
    func `a member that an output does not have fails the task`(text: String, words: String, remedy: String) {
        let output: JSON = ["name": "ada", "list": [["deep": true], nil]]
        let failure = Template(["key": [.string(text)]]).failure(of: "report", agents: []) { $0 == "x" ? output : nil }
        #expect(failure?.kind == .permanent)
        #expect(failure?.code == "task.reference")
        #expect(failure?.message.hasPrefix("task report names {{tasks.x.output.") == true)
        #expect(failure?.message.contains(words) == true)
        #expect(failure?.remedy.contains(remedy) == true)
    }

    @Test(arguments: [
        "{{tasks.x.output}}", "{{tasks.x.output.list.1}}", "{{tasks.gone.output.any}}", "{{tasks.played.output.any}}",
    ])
    func `what is there, what nobody brought and what a stand-in said fails nothing`(text: String) {
        let outputs: [TaskID: JSON] = ["x": ["list": [1, nil]], "played": ["rehearsal": true]]
        // Without a command, a model or a type.
        let player = AgentProfile(id: "player")
        #expect(Template(.string(text)).failure(of: "report", agents: [player]) { outputs[$0] } == nil)
    }

    @Test func `no agent but a stand-in is believed that it only plays`() {
        var shell = AgentProfile(id: "sh")
        shell.command = ["sh"]
        let failure = Template("{{tasks.x.output.any}}").failure(of: "report", agents: [shell]) { _ in
            ["rehearsal": true]
        }
        #expect(failure?.message.contains("has no member any: it has rehearsal") == true)
    }

    @Test func `references are found once each, however many there are`() {
        let names = (0..<5000).map { "{{tasks.t\($0).output}}" }
        #expect(Template(.string((names + names).joined(separator: " "))).references.count == 5000)
    }
}
