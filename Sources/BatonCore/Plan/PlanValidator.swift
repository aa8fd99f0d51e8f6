/// Compares a tree that was read with the tables of ``PlanForm`` and says all that does not fit.
package struct PlanValidator {
    package private(set) var diagnostics: [Diagnostic] = []
    /// More findings than a person reads help nobody.
    package static let mostFindings = 1000
    // Whose keys have been listed: once is enough.
    private var listed: Set<String> = []

    package init() {}

    package mutating func validate(_ node: SourceNode, as form: PlanForm, at path: PlanPath) {
        guard !self.isFull else { return }
        switch form {
        case .text(let limit): self.validateText(node, limit, path)
        case .name: self.validateName(node, path)
        case .word(let words): self.validateWord(node, words, path)
        case .integer(let range): self.validateInteger(node, range, path)
        case .number(let range, let excludingLowest): self.validateNumber(node, range, excludingLowest, path)
        case .bool:
            guard case .bool = node.kind else { return self.wrongType(node, "true or false", path) }
        case .date: self.validateDate(node, path)
        case .duration: self.validateDuration(node, path)
        case .amount: self.validateAmount(node, path)
        case .list(let element, let limit): self.validateList(node, element, limit, path)
        case .map(let value): self.validateMap(node, value, path)
        case .object(let keys): self.validateObject(node, keys, path)
        case .lines(let limit):
            if case .array = node.kind { return self.validateList(node, PlanKeys.line, limit, path) }
            self.validate(node, as: PlanKeys.line, at: path)
        case .lineOr(let keys):
            if case .object = node.kind { return self.validateObject(node, keys, path) }
            self.validate(node, as: PlanKeys.line, at: path)
        case .anything: self.validateAnything(node, path)
        }
    }

    /// Says which keys of a plan that a person has written only Baton sets.
    package mutating func refuseOwnMarks(_ node: SourceNode) {
        for (list, keys) in [("agents", PlanKeys.agent), ("tasks", PlanKeys.task)] {
            guard case .array(let elements)? = node[list]?.kind else { continue }
            for (place, element) in elements.enumerated() {
                for key in keys.keys where key.isBatons && element[key.name] != nil {
                    self.say(
                        "plan.value",
                        "\(key.name) is set by Baton alone",
                        "take it out",
                        PlanPath(.name(list), .index(place), .name(key.name))
                    )
                }
            }
        }
    }

    private mutating func say(
        _ code: String,
        _ message: String,
        _ remedy: String,
        _ path: PlanPath,
        at place: SourcePlace? = nil
    ) {
        self.diagnostics.append(Diagnostic(code, message, remedy: remedy, at: path, place: place))
    }

    private var isFull: Bool { self.diagnostics.count >= Self.mostFindings }

    private mutating func wrongType(_ node: SourceNode, _ wanted: String, _ path: PlanPath) {
        // What the value itself shows goes before what the key may hold.
        let example = wanted.contains(", such as ") ? nil : PlanHints.example(at: path)
        let kind = wanted[..<(wanted.firstRange(of: ", such as ")?.lowerBound ?? wanted.endIndex)]
        let isNested = wanted == "an object" || wanted.hasPrefix("a list")
        let remedy = (isNested ? example : nil).map { "write \(wanted), such as \($0)" } ?? "write \(wanted)"
        self.say("plan.type", "\(path) is \(node.noun), not \(kind)", remedy, path)
    }

    private mutating func validateText(_ node: SourceNode, _ limit: Int, _ path: PlanPath) {
        guard case .string(let text) = node.kind else { return self.wrongType(node, "a text", path) }
        if text.utf8.contains(0) {
            self.say("parse.control_char", "\(path) holds the character NUL", "remove it", path)
        } else if text.utf8.count > limit {
            self.say("plan.range", "\(path) has \(text.utf8.count) bytes; \(limit) is the most", "shorten it", path)
        }
    }

    private mutating func validateName(_ node: SourceNode, _ path: PlanPath) {
        guard case .string(let text) = node.kind else { return self.wrongType(node, "a text", path) }
        guard let fault = NameRule.fault(of: text) else { return }
        let code = text.utf8.contains(0) ? "parse.control_char" : "name.invalid"
        self.say(
            code,
            "\(path) \"\(PlainText.line(text, limit: 60))\" is no name: \(fault)",
            "a name has \(NameRule.form)",
            path
        )
    }

    private mutating func validateWord(_ node: SourceNode, _ words: [String], _ path: PlanPath) {
        guard case .string(let text) = node.kind else {
            return self.wrongType(node, "one of \(words.joined(separator: ", "))", path)
        }
        guard !words.contains(text) else { return }
        let near = text == "human" ? "person" : NearestName.of(text, among: words)
        self.say(
            "plan.value",
            "\(path) is \"\(PlainText.line(text, limit: 60))\"",
            "\(near.map { "did you mean \($0)? " } ?? "")allowed: \(words.filter { $0 != AgentProfile.conductorType }.joined(separator: ", "))",
            path
        )
    }

    private mutating func validateInteger(_ node: SourceNode, _ range: ClosedRange<Int64>, _ path: PlanPath) {
        let wanted = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        switch node.kind {
        case .integer(let value):
            if !range.contains(value) { self.say("plan.range", "\(path) is \(value)", "write \(wanted)", path) }
        case .number(let value): self.say("plan.range", "\(path) is \(value)", "write \(wanted)", path)
        case .null, .bool, .string, .array, .object: self.wrongType(node, wanted, path)
        }
    }

    private mutating func validateNumber(
        _ node: SourceNode,
        _ range: ClosedRange<Double>,
        _ excludingLowest: Bool,
        _ path: PlanPath
    ) {
        let from = Self.plain(range.lowerBound)
        let wanted =
            "a number \(excludingLowest ? "over" : "from") \(from) \(excludingLowest ? "up to" : "to") "
            + Self.plain(range.upperBound)
        guard let value = node.double else { return self.wrongType(node, wanted, path) }
        let isInside = range.contains(value) && !(excludingLowest && value == range.lowerBound)
        if !isInside { self.say("plan.range", "\(path) is \(Self.plain(value))", "write \(wanted)", path) }
    }

    private static func plain(_ value: Double) -> String {
        Int64(exactly: value).map(String.init) ?? "\(value)"
    }

    private mutating func validateDate(_ node: SourceNode, _ path: PlanPath) {
        let form = "write a date such as 2026-11-21 or 2026-11-21T09:00:00"
        guard case .string(let text) = node.kind else { return self.wrongType(node, "a date", path) }
        do throws(CivilDate.Fault) {
            _ = try CivilDate.parse(text)
        } catch {
            let shown = PlainText.line(text, limit: 60)
            switch error {
            case .form: self.say("plan.date", "\(path) \"\(shown)\" is not in ISO 8601 form", form, path)
            case .impossible(let why): self.say("plan.date", "\(path) \"\(shown)\" is impossible: \(why)", form, path)
            }
        }
    }

    private mutating func validateDuration(_ node: SourceNode, _ path: PlanPath) {
        guard PlanDuration.read(node) == nil else { return }
        self.say(
            "plan.budget",
            "\(path) is \(node.shown)",
            "write seconds as a number over 0, or a text such as 90s, 15m or 2h; a year is the most",
            path
        )
    }

    private mutating func validateAmount(_ node: SourceNode, _ path: PlanPath) {
        if let value = node.double, value.isFinite, value >= 0, value <= 1e12 { return }
        self.say(
            "plan.budget",
            "\(path) is \(node.shown)",
            "write a number from 0 to 1000000000000, without currency; leave the key out for no limit",
            path
        )
    }

    private mutating func validateList(_ node: SourceNode, _ element: PlanForm, _ limit: Int, _ path: PlanPath) {
        guard case .array(let nodes) = node.kind else {
            let hasObjects = if case .object = element { true } else { false }
            return self.wrongType(node, hasObjects ? "a list" : Self.list(for: node), path)
        }
        if nodes.count > limit {
            self.say("plan.range", "\(path) has \(nodes.count) entries; \(limit) is the most", "split it", path)
            return
        }
        for (index, node) in nodes.enumerated() { self.validate(node, as: element, at: path[index]) }
    }

    // Shows how what was written looks as a list, with quotes: then it is one in JSON as well, as on the command line.
    private static func list(for node: SourceNode) -> String {
        guard case .string(let text) = node.kind, !text.isEmpty, text.count < 60 else { return "a list" }
        let ends = text.hasPrefix("[") ? " ,[]\"'" : text.contains(",") ? "," : " "
        let words = text.split { ends.contains($0) }.map { word in
            JSON.string(String(String(word.drop { $0 == " " }).reversed().drop { $0 == " " }.reversed())).description
        }
        return words.isEmpty ? "a list" : "a list, such as [\(PlainText.of(words.joined(separator: ", ")))]"
    }

    private mutating func validateMap(_ node: SourceNode, _ value: PlanForm, _ path: PlanPath) {
        guard case .object(let members) = node.kind else { return self.wrongType(node, "an object", path) }
        for member in members where !self.isFull {
            if member.name.isEmpty || member.name.utf8.contains(0) || member.name.utf8.count > 200 {
                self.say(
                    member.name.utf8.contains(0) ? "parse.control_char" : "name.invalid",
                    "a name in \(path) is empty, over 200 bytes or holds NUL",
                    "write a short plain name",
                    path[member.name].name,
                    at: member.place
                )
            }
            self.validate(member.value, as: value, at: path[member.name])
        }
    }

    private mutating func validateObject(_ node: SourceNode, _ keys: PlanKeys, _ path: PlanPath) {
        guard case .object(let members) = node.kind else { return self.wrongType(node, "an object", path) }
        for member in members where !self.isFull {
            guard let key = keys.key(named: member.name) else {
                self.unknownField(member, keys, path)
                continue
            }
            // YAML writes an empty value as null: as good as no key, unless null means something.
            if case .null = member.value.kind, !key.isRequired, !key.form.takesNull { continue }
            self.validate(member.value, as: key.form, at: path[member.name])
        }
        for key in keys.keys where key.isRequired && !members.contains(where: { $0.name == key.name }) {
            self.say("plan.missing_field", "\(keys.noun) needs \(key.name)", "add \(key.name): \(key.text)", path)
        }
    }

    // The place is known here; to look it up again among a million members would take long.
    private mutating func unknownField(_ member: SourceNode.Member, _ keys: PlanKeys, _ path: PlanPath) {
        self.say(
            "plan.unknown_field",
            "\(keys.noun) has no key \"\(PlainText.line(member.name, limit: 60))\"",
            self.remedy(for: member.name, keys),
            path[member.name].name,
            at: member.place
        )
    }

    private mutating func remedy(for name: String, _ keys: PlanKeys) -> String {
        if let other = PlanHints.others[keys.noun]?[name.lowercased()] { return "write \(other)" }
        let names = keys.keys.filter { !$0.isBatons }.map(\.name)
        if let near = NearestName.of(name, among: names) { return "did you mean \(near)?" }
        guard self.listed.insert(keys.noun).inserted else { return "the keys of \(keys.noun) are listed above" }
        return "its keys are \(names.joined(separator: ", "))"
    }

    private mutating func validateAnything(_ node: SourceNode, _ path: PlanPath) {
        switch node.kind {
        case .number(let value) where !value.isFinite:
            self.say("plan.range", "\(path) is \(value)", "write a number that a double can hold", path)
        case .array(let nodes):
            for (index, node) in nodes.enumerated() { self.validateAnything(node, path[index]) }
        case .object(let members):
            for member in members { self.validateAnything(member.value, path[member.name]) }
        case .null, .bool, .integer, .number, .string: break
        }
    }
}

extension PlanForm {
    fileprivate var takesNull: Bool {
        if case .anything = self { return true }
        return false
    }
}

extension SourceNode {
    /// The number, whether written as integer or not.
    package var double: Double? {
        switch self.kind {
        case .integer(let value): Double(value)
        case .number(let value): value
        case .null, .bool, .string, .array, .object: nil
        }
    }

    fileprivate var shown: String {
        switch self.kind {
        case .string(let text): "\"\(PlainText.line(text, limit: 60))\""
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .null, .bool, .array, .object: self.noun
        }
    }
}

/// Reads durations of the plan form.
package enum PlanDuration {
    /// What a duration in words looks like, for readers of the published schema.
    package static let pattern = #"^([0-9]+(\.[0-9]*)?|\.[0-9]+)[smhd]$"#

    /// A duration as a plan writes it, such as `90s`, `15m` or `2h`; parts of a second are left out of all but short ones.
    package static func words(of duration: Duration) -> String {
        let seconds = duration.microseconds / 1_000_000
        if seconds >= 3600, seconds % 3600 == 0 { return "\(seconds / 3600)h" }
        if seconds >= 60, seconds % 60 == 0 { return "\(seconds / 60)m" }
        if seconds >= 60 || duration.microseconds % 1_000_000 == 0 { return "\(seconds)s" }
        return "\(Double(duration.microseconds / 1000) / 1000)s"
    }

    package static func read(_ node: SourceNode) -> Duration? {
        let seconds: Double
        if case .string(let text) = node.kind {
            // Double reads more than decimals, such as 0x1p3.
            guard let unit = text.last, let factor = ["s": 1.0, "m": 60, "h": 3600, "d": 86_400][unit],
                text.utf8.dropLast().allSatisfy({ 0x30...0x39 ~= $0 || $0 == UInt8(ascii: ".") }),
                let value = Double(text.dropLast())
            else { return nil }
            seconds = value * factor
        } else {
            guard let value = node.double else { return nil }
            seconds = value
        }
        guard seconds.isFinite, seconds > 0, seconds <= 31_536_000 else { return nil }
        return .seconds(fraction: seconds)
    }
}
