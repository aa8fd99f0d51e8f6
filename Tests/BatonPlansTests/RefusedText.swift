import BatonCore
import BatonPlans
import Testing

/// A text that is refused: the numbered case of the catalogue, and what the first finding of its code must say.
struct RefusedText: Sendable, CustomTestStringConvertible {
    let number: Int
    let code: String
    let line: Int
    let column: Int
    let message: String
    let bytes: [UInt8]
    let name: String

    init(
        _ number: Int,
        _ code: String,
        _ line: Int,
        _ column: Int,
        _ message: String,
        _ text: String,
        name: String = "plan.yml"
    ) {
        self.init(number, code, line, column, message, bytes: Array(text.utf8), name: name)
    }

    init(
        _ number: Int,
        _ code: String,
        _ line: Int,
        _ column: Int,
        _ message: String,
        bytes: [UInt8],
        name: String = "plan.yml"
    ) {
        self.number = number
        self.code = code
        self.line = line
        self.column = column
        self.message = message
        self.bytes = bytes
        self.name = name
    }

    var testDescription: String { "case \(self.number): \(self.code) \(self.message)" }

    func check() throws {
        let reading = PlanFile.read(bytes: self.bytes, name: self.name)
        let seen = reading.diagnostics.map { DiagnosticPrinter.line($0, file: self.name) }.joined(separator: "\n")
        let finding = try #require(reading.diagnostics.first { $0.code == self.code }, "\(seen)")
        #expect(finding.place == SourcePlace(line: self.line, column: self.column), "\(seen)")
        #expect("\(finding.message); \(finding.remedy)".contains(self.message), "\(seen)")
        // A text that is no tree has one finding; what stands in a tree may have company.
        #expect(reading.node != nil || reading.diagnostics.count == 1, "\(seen)")
        for finding in reading.diagnostics {
            #expect(!finding.message.isEmpty && !finding.remedy.isEmpty && !finding.code.isEmpty, "\(seen)")
            // Only a file that has no text at all has no place.
            #expect(finding.place != nil || self.bytes.isEmpty, "\(seen)")
        }
    }
}

/// Small plans to break.
enum SmallPlan {
    /// A valid plan of two tasks: 12 lines.
    static let yaml = """
        project_id: p
        agents:
          - agent_id: ann
            skill_levels: {writing: 5}
        tasks:
          - task_id: a
            description: research
          - task_id: b
            description: write
            dependencies: [a]

        """

    static let json = """
        {"project_id": "p",
         "agents": [{"agent_id": "ann", "skill_levels": {"writing": 5.5}}],
         "tasks": [{"task_id": "a", "description": "caf\\u00e9 é", "priority": 2, "strict": false},
          {"task_id": "b", "input": null, "estimated_hours": 1e0, "dependencies": ["a"]}]}

        """

    /// The plan with its tasks replaced; the first line given is line 4.
    static func tasks(_ lines: String...) -> String {
        "project_id: p\nagents: [{agent_id: ann}]\ntasks:\n" + lines.map { "  \($0)\n" }.joined()
    }

    /// The plan with a line more, which is line 4.
    static func with(_ line: String) -> String {
        "project_id: p\nagents: [{agent_id: ann}]\ntasks: [{task_id: a}]\n\(line)\n"
    }

    static func errors(_ text: String, name: String = "plan.yml") -> [String] {
        PlanFile.read(bytes: Array(text.utf8), name: name).diagnostics.filter { $0.severity == .error }.map(\.code)
    }
}
