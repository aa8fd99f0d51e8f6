import Testing

@testable import BatonCore

/// What is said of conditions before a run begins.
@Suite struct ConditionCheckTests {
    private static func findings(_ conditions: [Condition], produces form: JSON? = nil) -> [String] {
        var plan = Sketch.plan([Sketch.agent("ann")], [Sketch.task("review"), Sketch.task("fix")])
        plan.tasks[0].produces = form
        plan.tasks[1].conditions = conditions
        return PlanCheck.diagnostics(of: plan).filter { $0.code == "plan.when" }.map {
            "\($0.severity.rawValue) \($0.path): \($0.message); \($0.remedy)"
        }
    }

    private static let form: JSON = [
        "type": "object", "additionalProperties": false,
        "properties": [
            "verdict": ["enum": ["pass", "changes"]],
            "findings": ["type": "array", "items": ["type": "object", "properties": ["file": ["type": "string"]]]],
        ],
    ]

    @Test func `a condition that can hold is in order`() {
        let conditions = [
            Condition("review", field: "verdict", is: "Pass"), Condition("review", field: "findings.0.file", is: "a"),
        ]
        #expect(Self.findings(conditions, produces: Self.form) == [])
        #expect(Self.findings([Condition("review", is: .null)]) == [])
    }

    @Test func `unknown tasks, fields and values are named with what was meant`() {
        #expect(
            Self.findings([Condition("reviw", is: 1)]) == [
                "error tasks[1].when[0]: condition 1 of task fix looks at reviw, which is no task; did you mean review?"
            ]
        )
        #expect(
            Self.findings([Condition("review", field: "verdct", is: "pass")], produces: Self.form) == [
                "error tasks[1].when[0]: condition 1 of task fix looks at verdct, which review never returns; did you mean verdict?"
            ]
        )
        #expect(
            Self.findings([Condition("review", field: "verdict", is: "fail")], produces: Self.form) == [
                "warning tasks[1].when[0]: condition 1 of task fix asks about fail, which review never returns there; it returns one of pass, changes"
            ]
        )
    }

    @Test func `a field of which an open form says nothing is asked about with a warning`() {
        #expect(
            Self.findings([Condition("review", field: "findings.0.line", is: 1)], produces: Self.form) == [
                "warning tasks[1].when[0]: condition 1 of task fix looks at line, of which the form of review says nothing; it has file"
            ]
        )
    }

    @Test func `conditions that say nothing, or what cannot be, are refused`() {
        #expect(Self.findings([Condition(task: "review")]).first?.contains("asks for nothing") == true)
        #expect(Self.findings([Condition("fix", is: 1)]).first?.contains("the task itself") == true)
        #expect(Self.findings([Condition("review", field: "a..b", is: 1)]).first?.contains("two dots") == true)
        var odd = Condition(task: "review")
        (odd.atLeast, odd.atMost) = (2, 1)
        #expect(Self.findings([odd]).first?.contains("at least 2 and at most 1") == true)
    }
}
