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

    // A place that no tool has shown, and nobody has told of, is made up.
    private static func sources(_ output: JSON, _ work: Work, _ transcript: Transcript) -> [String] {
        let named = (output["sources"]?.elements ?? []).enumerated().compactMap { place, source in
            source["source"]?.string.flatMap(Place.init).map { (place, $0) }
        }
        guard !named.isEmpty else { return [] }
        let calls = transcript.turns.flatMap { zip($0.reply.calls, $0.results) }.filter { !$0.1.isError }
        let told = work.dependencies.compactMap { $0.output?.description } + [work.input.description, work.description]
        let shown = calls.map(\.1.value.description) + told
        return named.compactMap { number, place -> String? in
            let opened = calls.filter { Self.opening.contains($0.0.tool) && place.isOpened(by: $0.0.input) }
            let at = "/sources/\(number)/source"
            guard !opened.isEmpty || shown.contains(where: { $0.contains(place.escaped) }) else {
                return "\(at): no tool has shown \(PlainText.line(place.name, limit: 120)): look it up, or leave it out"
            }
            // Of a file that was read whole it is known how long it is.
            guard let last = place.lastLine, let text = opened.lazy.compactMap({ $0.1.value.string }).first else {
                return nil
            }
            let count = text.split(separator: "\n", omittingEmptySubsequences: false).count
            return last <= count
                ? nil
                : "\(at): \(PlainText.line(place.name, limit: 120)) has \(CountText.of(count, "line")), and no line \(last)"
        }.prefix(5).map(\.self)
    }

    // What these were called with is there, as they brought something.
    private static let opening: Set<String> = ["read_file", "fetch_url", "browser_open"]

    /// `papers/a.md:12-14` or a web address; `John 3:16` and `ISO:9001` are neither.
    private struct Place {
        let name: String
        let lastLine: Int?

        init?(_ source: String) {
            if source.contains("://") {
                (self.name, self.lastLine) = (source, nil)
                return
            }
            guard let colon = source.lastIndex(of: ":") else { return nil }
            let (path, lines) = (source[..<colon], source[source.index(after: colon)...])
            guard lines.first?.isNumber == true, lines.allSatisfy({ $0.isNumber || $0 == "-" }),
                path.contains(where: { "/.".contains($0) }), !path.contains(where: \.isWhitespace)
            else { return nil }
            self.name = String(path)
            self.lastLine = lines.split(separator: "-").last.flatMap { Int($0) }
        }

        // As it stands in a value that is written down.
        var escaped: String { String(JSON.string(self.name).description.dropFirst().dropLast()) }

        func isOpened(by input: JSON) -> Bool {
            ["path", "url"].contains { key in
                guard let opened = input[key]?.string else { return false }
                return opened == self.name || opened == "./\(self.name)"
            }
        }
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
