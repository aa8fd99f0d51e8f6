import BatonCore
import BatonEngine

/// What agents of built-in types claim, held against what is known: a planner's tasks against one another, a tester's run
/// against the calls that it has really made.
enum HeldClaims {
    /// Why an output cannot be taken as it is; empty if it can.
    static func faults(of output: JSON, _ work: Work, after transcript: Transcript) -> [String] {
        let unseen = Self.sources(output, work, transcript)
        guard let type = work.agent.type, let form = BuiltInProfile.named(type)?.produces else { return unseen }
        let isOwnForm = work.form == form
        switch type {
        case _ where !unseen.isEmpty: return unseen
        case "planner" where isOwnForm: return Managing.faults(ofPlan: output)
        case "test": return Self.run(output, transcript, isOwnForm: isOwnForm)
        default: return []
        }
    }

    // A place in a document that no tool has shown, and nobody has told of, is made up.
    private static func sources(_ output: JSON, _ work: Work, _ transcript: Transcript) -> [String] {
        let named = (output["sources"]?.elements ?? []).enumerated().compactMap { place, source in
            source["source"]?.string.flatMap(Self.document).map { (place, $0) }
        }
        guard !named.isEmpty else { return [] }
        let shown = transcript.turns.flatMap { turn in
            zip(turn.reply.calls, turn.results).filter { !$0.1.isError }.map { "\($0.0.input) \($0.1.value)" }
        }
        let told = work.dependencies.compactMap { $0.output?.description } + [work.input.description, work.description]
        return named.filter { _, path in !(shown + told).contains { $0.contains(path) } }.prefix(5).map { place, path in
            "/sources/\(place)/source: no tool has shown \(PlainText.line(path, limit: 120)): look it up, or leave it out"
        }
    }

    // `papers/a.md:12-14` is papers/a.md; nil of what is no place in a document.
    private static func document(_ source: String) -> String? {
        guard let colon = source.lastIndex(of: ":"), !source.contains("://") else { return nil }
        let lines = source[source.index(after: colon)...]
        guard lines.first?.isNumber == true, lines.allSatisfy({ $0.isNumber || $0 == "-" }) else { return nil }
        let path = source[..<colon]
        // `John 3:16` and `ISO:9001` are no files.
        let isPath = path.contains { "/.".contains($0) } && !path.contains(where: \.isWhitespace)
        return isPath ? String(path) : nil
    }

    // The last run of the command counts; of any, where the task's own form has no place for it.
    private static func run(_ output: JSON, _ transcript: Transcript, isOwnForm: Bool) -> [String] {
        guard isOwnForm || output["passed"] != nil || output["exit_code"] != nil else { return [] }
        let command = output["command"]
        let words = (command?.elements ?? []).compactMap(\.string).joined(separator: " ")
        let line = words.isEmpty ? "the tests" : "`\(PlainText.line(words, limit: 120))`"
        let runs = transcript.turns.flatMap { Array(zip($0.reply.calls, $0.results)) }.filter { call, _ in
            call.tool == "run_command" && (command == nil && !isOwnForm || call.input["command"] == command)
        }
        guard let code = runs.last.flatMap({ Self.code(of: $0.1) }) else {
            return [
                "\(isOwnForm ? "/command: " : "")nothing has run \(line) here: run it with run_command, and report what it said"
            ]
        }
        var faults: [String] = []
        if let said = output["exit_code"], said.integer != code {
            faults.append("/exit_code: \(line) ended with \(code)")
        }
        if let said = output["passed"], said != .bool(code == 0) {
            faults.append("/passed: tests have passed if their command ended with 0, and it ended with \(code)")
        }
        return faults
    }

    // Nil if it did not run to an end.
    private static func code(of result: Transcript.Result) -> Int64? { result.value["exit_code"]?.integer }
}
