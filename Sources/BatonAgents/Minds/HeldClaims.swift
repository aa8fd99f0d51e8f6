import BatonCore
import BatonEngine

/// What agents of built-in types claim, held against what is known: a planner's tasks against one another, a tester's run
/// against the calls that it has really made.
enum HeldClaims {
    /// Why an output cannot be taken as it is; empty if it can.
    static func faults(of output: JSON, _ work: Work, after transcript: Transcript) -> [String] {
        guard work.task.produces == nil, let type = work.agent.type,
            let form = BuiltInProfile.named(type)?.produces, work.agent.produces == form
        else { return [] }
        switch type {
        case "planner": return Managing.faults(ofPlan: output)
        case "test": return Self.run(output, transcript)
        default: return []
        }
    }

    // The last run of the command counts.
    private static func run(_ output: JSON, _ transcript: Transcript) -> [String] {
        let command = output["command"] ?? .null
        let words = (command.elements ?? []).compactMap(\.string).joined(separator: " ")
        let line = PlainText.line(words, limit: 120)
        let runs = transcript.turns.flatMap { Array(zip($0.reply.calls, $0.results)) }.filter { call, _ in
            call.tool == "run_command" && call.input["command"] == command
        }
        guard let code = runs.last.flatMap({ Self.code(of: $0.1) }) else {
            return ["/command: nothing has run `\(line)` here: run it with run_command, and report what it said"]
        }
        var faults: [String] = []
        if output["exit_code"]?.integer != code { faults.append("/exit_code: `\(line)` ended with \(code)") }
        if output["passed"] != .bool(code == 0) {
            faults.append("/passed: tests have passed if their command ended with 0, and it ended with \(code)")
        }
        return faults
    }

    // Nil if it did not run to an end.
    private static func code(of result: Transcript.Result) -> Int64? { result.value["exit_code"]?.integer }
}
