import BatonCore
import BatonPlans
import Testing

struct DiagnosticPrinterTests {
    private static let findings = PlanFile.read(
        bytes: Array(SmallPlan.tasks("- {task_id: a, priority: 9, \"x\\e[31m\": 1}").utf8),
        name: "plan.yml"
    ).diagnostics

    @Test func `a line says file, place, code, what and the next step`() {
        #expect(
            DiagnosticPrinter.line(Self.findings[0], file: "plan.yml")
                == "plan.yml:4:28: error[plan.range]: tasks[0].priority is 9; write a whole number from 1 to 5"
        )
    }

    @Test func `nothing in a line can steer a terminal`() {
        let line = DiagnosticPrinter.line(Self.findings[1], file: "a\u{1b}[2J\n.yml")
        #expect(
            line.hasPrefix("a\\u{1b}[2J\\n.yml:4:31: error[plan.unknown_field]: a task has no key \"x\\u{1b}[31m\"")
        )
        #expect(line.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F })
    }

    @Test func `the JSON form has every part by name`() {
        #expect(
            DiagnosticPrinter.json(Self.findings[0], file: "plan.yml") == [
                "file": "plan.yml", "line": 4, "column": 28, "severity": "error", "code": "plan.range",
                "message": "tasks[0].priority is 9", "remedy": "write a whole number from 1 to 5",
                "path": "tasks[0].priority",
            ]
        )
    }

    @Test func `the summary counts errors and warnings`() {
        let warning = PlanFile.read(bytes: Array(SmallPlan.with("estimated_duration_minutes: 1").utf8), name: "p.yml")
            .diagnostics
        #expect(DiagnosticPrinter.summary(Self.findings, file: "plan.yml") == "2 errors in plan.yml")
        #expect(DiagnosticPrinter.summary(Self.findings + warning, file: "p") == "2 errors, 1 warning in p")
        #expect(DiagnosticPrinter.summary(warning + warning, file: "p") == "2 warnings in p")
        #expect(DiagnosticPrinter.summary([], file: "p") == "no findings in p")
    }
}
