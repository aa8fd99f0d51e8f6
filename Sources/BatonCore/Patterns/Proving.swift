/// What those are asked for who prove that a task is done.
package enum Proving {
    static let reviewForm: JSON = [
        "type": "object", "required": ["approved", "findings"],
        "properties": [
            "approved": ["type": "boolean"],
            "findings": [
                "type": "array", "maxItems": 50,
                // Some have a form of their own for what they find.
                "items": ["type": ["string", "object"], "maxLength": 2000],
            ],
        ],
    ]

    static func reviewersWork(_ task: TaskSpec, _ instructions: String?) -> String {
        let look = instructions.map { "\n\nLook for this above all: \(Template.literal($0))" } ?? ""
        return """
            Another agent says that the task below is done. Look at what it brought, use your tools where they show more, and believe \
            nothing that you have not seen. approved is true only if the task is done as it was asked for; findings name what is \
            missing or wrong, one in each.\(look)

            The task: \(task.description)
            """
    }

    static func signersWork(_ task: TaskSpec) -> String {
        "Is task \(Template.literal(task.id.text)) done? Say yes, or no and what is missing.\(Self.what(task))"
    }

    static func personsReview(_ task: TaskSpec, _ instructions: String?) -> String {
        let look = instructions.map { " Look for this above all: \(Template.literal($0))" } ?? ""
        return
            "Another agent says that task \(Template.literal(task.id.text)) is done. Do you approve? Say yes, or no and what is "
            + "missing.\(look)\(Self.what(task))"
    }

    private static func what(_ task: TaskSpec) -> String {
        task.description.isEmpty ? "" : "\nThe task: \(task.description)"
    }

    /// What a person says of a claim: a clear yes, or a no with what is missing.
    struct Verdict {
        let isYes: Bool
        let why: String?

        /// The same as reviewers bring it.
        var review: JSON {
            [
                "approved": .bool(self.isYes),
                "findings": .array((self.isYes ? nil : self.why).map { [.string($0)] } ?? []),
            ]
        }
    }

    private static let yes: Set<String> = ["yes", "sign", "signed", "approve", "approved", "ok", "done"]
    private static let no: Set<String> = [
        "no", "not", "deny", "denied", "reject", "rejected", "fail", "failed", "never",
    ]

    /// Nil for words that are neither.
    static func verdict(in words: String) -> Verdict? {
        let head = words.drop { !$0.isLetter }.prefix { $0.isLetter }
        let rest = words[head.endIndex...].drop { !$0.isLetter && !$0.isNumber }
        let why = rest.isEmpty ? nil : String(rest)
        if Self.no.contains(head.lowercased()) {
            return Verdict(isYes: false, why: ["not", "never"].contains(head.lowercased()) ? words : why)
        }
        // With more behind it, such as "yes, but", somebody would have to understand it.
        guard Self.yes.contains(head.lowercased()) else { return nil }
        guard let why else { return Verdict(isYes: true, why: nil) }
        let others = why.lowercased().split { !$0.isLetter }.map(String.init)
        return head.lowercased() == "yes" && !why.contains("?") && Self.doubts.isDisjoint(with: others)
            ? Verdict(isYes: true, why: why) : nil
    }

    /// What a value says that a person brings; nil if that is not clear.
    static func verdict(in value: JSON) -> Verdict? {
        switch value {
        // Just done.
        case .null: return Verdict(isYes: true, why: nil)
        case .bool(let isYes): return Verdict(isYes: isYes, why: nil)
        case .string(let words): return self.verdict(in: words)
        case .object:
            guard case .bool(let isYes)? = value["approved"] ?? value["signed"] else { return nil }
            return Verdict(isYes: isYes, why: (value["why"] ?? value["reason"])?.string)
        case .integer, .number, .array: return nil
        }
    }

    private static let doubts = Self.no.union([
        "but", "except", "however", "unless", "if", "though", "although", "when", "once", "fails", "failing", "missing",
        "wrong", "broken", "don", "doesn", "isn", "can", "cannot", "won", "without", "only", "almost", "maybe", "later",
    ])

    // MARK: Verdicts

    /// Why what a check has brought does not prove it; nil if it does.
    ///
    /// What a stand-in brings in a rehearsal proves all but what it denies.
    static func refutation(in content: Content, of check: DoneCheck, isReal: Bool) -> String? {
        let output = content.inlined
        if check.review != nil {
            guard output?["approved"] != true, isReal || output?["approved"] == false else { return nil }
            let findings = (output?["findings"]?.elements ?? []).map(Self.words(ofFinding:))
            return findings.prefix(20).map { PlainText.line($0, limit: 600) }.joined(separator: "; ")
        }
        // Whoever signs says so by answering; what a rehearsal makes up fits no schema but those that it knows.
        if check.signature != nil || check.schema != nil && !isReal { return nil }
        guard output?["passed"] != true, isReal || output?["passed"] == false else { return nil }
        return output?["reason"]?.string ?? ""
    }

    // `a.swift:3: major: it never ends`, of what it says of that.
    private static func words(ofFinding finding: JSON) -> String {
        guard finding.isObject, let message = (finding["message"] ?? finding["finding"])?.string else {
            return finding.plainText
        }
        let place = [finding["file"]?.string, finding["line"]?.integer.map { "\($0)" }].compactMap { $0 }
        return [place.joined(separator: ":"), finding["severity"]?.string ?? "", message].filter { !$0.isEmpty }
            .joined(separator: ": ")
    }

    /// Whether what a task has brought fits the schema of a check.
    package static func verdict(on output: JSON, of task: TaskID, by schema: JSON) -> JSON {
        let failure = OutputForm.failure(of: output, for: task, by: schema)
        return failure.map { ["passed": false, "reason": .string($0.message)] } ?? ["passed": true]
    }
}

extension DoneCheck {
    /// The longest end of what a program has printed that is kept.
    private static let longestEnd = 4000

    /// What the program of a check has proved: `passed`, `exit_code` or `signal`, and if it did not succeed the end of what it printed as `reason`.
    ///
    /// - Parameter printed: how it ended, with its `stdout` and `stderr`.
    package func verdict(on printed: JSON) -> JSON {
        let hasPassed = printed["exit_code"] == 0
        var members: [(String, JSON)] = [("passed", .bool(hasPassed))]
        for name in ["exit_code", "signal"] { if let value = printed[name] { members.append((name, value)) } }
        guard !hasPassed else { return .members(members) }
        let said = [printed["stdout"]?.string, printed["stderr"]?.string].compactMap { $0 }.joined(separator: "\n")
        let end = String(decoding: said.utf8.suffix(Self.longestEnd).drop { $0 & 0xC0 == 0x80 }, as: UTF8.self)
        let how = printed["exit_code"]?.integer.map { "it ended with exit code \($0)" } ?? "it was killed by a signal"
        let words =
            end.isBlank
            ? how : "\(how) and printed\n\(end.split(whereSeparator: \.isNewline).suffix(40).joined(separator: "\n"))"
        return .members(members + [("reason", .string(self.file == nil ? words : ""))])
    }
}
