import BatonCore
import BatonTestKit
import Testing

/// What agents bring is held against the form that the task wants.
@Suite struct OutputFormTests {
    private static let form: JSON = ["type": "object", "required": ["n"], "properties": ["n": ["type": "integer"]]]

    @Test(arguments: [
        "{\"n\": 1}", " \n{\"n\": 1}\n", "```json\n{\"n\": 1}\n```", "```\n{\"n\": 1}\n```\n",
    ])
    func `a text that is JSON is its value, also between fences`(text: String) {
        let (value, faults) = OutputForm.read(text, by: Self.form)
        #expect(value == ["n": 1])
        #expect(faults.isEmpty)
    }

    @Test(arguments: [
        ("{\"n\": 1.5}", "/n: is a number, not integer"), ("{}", "the value: lacks n"),
        ("It is 1.", "it is no JSON: "), ("```json\n{\"n\": 1}\n``` There.", "it is no JSON: "),
        ("", "it is no JSON: "),
    ])
    func `another text is sent back with what is wrong`(text: String, fault: String) {
        let (value, faults) = OutputForm.read(text, by: Self.form)
        #expect(value == nil)
        #expect(faults.first?.hasPrefix(fault) == true, "\(faults)")
    }

    @Test func `where a text is wanted a text stands for itself, JSON or not`() {
        #expect(OutputForm.read("Tea", by: ["type": "string"]).value == "Tea")
        #expect(OutputForm.read("7", by: ["type": "string"]).value == "7")
        #expect(OutputForm.read("\"Tea\"", by: ["type": "string"]).value == "Tea")
    }

    @Test func `a person's output of another form is refused, and nothing is done`() throws {
        var person = AgentProfile(id: "ada")
        person.type = "person"
        var task = TaskSpec(id: "a", description: "count")
        task.produces = Self.form
        var scene = try RunScene(Plan(id: "p", agents: [person], tasks: [task]))
        try scene.when(.slots(9))
        #expect(scene.refusal(of: .answer(QuestionID(1), Answer(.done, content: .inline("many")))) == "question.form")
        try scene.when(.answer(QuestionID(1), Answer(.done, content: .inline(["n": 3]))))
        #expect(scene.end == .completed)
    }

    @Test func `a plan with a schema that cannot be held is refused with the place`() {
        var task = TaskSpec(id: "a")
        task.produces = ["type": "objekt"]
        let found = PlanCheck.diagnostics(of: Plan(id: "p", agents: [AgentProfile(id: "ada")], tasks: [task]))
        #expect(found.contains { $0.code == "plan.produces" && $0.message.contains("at /type") })
    }

    @Test(arguments: [1, 2, 3])
    func `a stand-in brings the form that the task wants, in its own words`(seed: UInt64) {
        var task = TaskSpec(id: "a", description: "Count the cups.")
        task.produces = ["type": "object", "required": ["text"], "properties": ["text": ["type": "string"]]]
        let words = StandIn.words(for: task, attempt: 1, agents: [AgentProfile(id: "ada")], seed: seed)
        #expect(words["text"]?.string?.hasPrefix("REHEARSAL: ada") == true)
        #expect(OutputForm.failure(of: words, for: task.id, by: task.produces) == nil)
    }
}
