/// What a meeting has brought: read from lines such as `Decision: …` by a rule that everybody can follow.
///
/// Where an attendee is a language model, one of them is asked instead, with ``MinutesForm``.
package enum Minutes {
    /// What every meeting is searched for.
    package static let kinds = ["decisions", "action_items", "insights", "risks", "next_steps", "open_questions"]
    /// More of one kind are counted, not listed.
    package static let most = 100

    private static let openings: [(word: String, kind: String)] = [
        ("decision", "decisions"), ("decisions", "decisions"), ("decided", "decisions"), ("action", "action_items"),
        ("actions", "action_items"), ("action item", "action_items"), ("todo", "action_items"), ("insight", "insights"),
        ("insights", "insights"), ("risk", "risks"), ("risks", "risks"), ("concern", "risks"),
        ("next step", "next_steps"),
        ("next steps", "next_steps"), ("question", "open_questions"), ("open question", "open_questions"),
        ("questions", "open_questions"),
    ]

    /// The result of a meeting whose parts have ended.
    package static func result(of task: TaskSpec, parts: [PartResult], agents: [AgentProfile]) -> Result<JSON, Failure>
    {
        let said = parts.filter { !$0.wasSpared && $0.task != TaskSpec.opening(of: task.id) }
        guard said.contains(where: { $0.output != nil }) else {
            let why = parts.first { $0.output == nil && !$0.wasSpared }
            let words = why.map { "; \($0.task) \($0.shortfall ?? "did not complete")" } ?? ""
            return .failure(
                Failure(
                    .permanent,
                    Joining.failureCode,
                    "nobody has said anything in meeting \(task.id)\(words)",
                    remedy: "see why its attendees failed"
                )
            )
        }
        var reading = Reading(agents: agents, fields: task.fields)
        for part in said { reading.take(part) }
        let meeting = Meeting(of: task)
        let rounds = Self.rounds(said)
        var members: [(String, JSON)] = [
            ("meeting", .string(task.id.text)),
            ("attendees", .array(Self.speakers(said).map { .string($0.text) })),
            ("rounds", .integer(Int64(rounds.count))),
            ("ended_by", .string((meeting.standing(after: rounds).end ?? .rounds).rawValue)),
        ]
        for kind in Self.kinds + task.fields { members.append((kind, .array(reading.list(kind)))) }
        let failed = said.filter { $0.output == nil }
        if !failed.isEmpty { members.append(("silent", .array(failed.map(\.json)))) }
        if reading.leftOut > 0 { members.append(("left_out", .integer(Int64(reading.leftOut)))) }
        if said.contains(where: { $0.output.map(StandIn.said) ?? false }) { members.append(("rehearsal", true)) }
        return .success(.members(members))
    }

    /// What was said, round by round.
    static func rounds(_ parts: [PartResult]) -> [[Meeting.Utterance]] {
        let rounds = Dictionary(grouping: parts) { Talk.round(of: $0.task) }
        return rounds.keys.sorted().map { round in
            (rounds[round] ?? []).map { Meeting.Utterance(agent: $0.agent, text: $0.output.map(Self.words)) }
        }
    }

    private static func speakers(_ parts: [PartResult]) -> [AgentID] {
        var seen: [AgentID] = []
        for agent in parts.compactMap(\.agent) where !seen.contains(agent) { seen.append(agent) }
        return seen
    }

    /// The words of an utterance: a text, or what a program or a stand-in calls so.
    package static func words(of output: JSON) -> String {
        if let text = output.string { return text }
        for name in ["says", "text", "summary"] { if let text = output[name]?.string { return text } }
        return output.plainText
    }

    private struct Reading {
        let agents: [AgentProfile]
        let fields: [String]
        var found: [String: [JSON]] = [:]
        var places: [String: [String: Int]] = [:]
        var leftOut = 0

        init(agents: [AgentProfile], fields: [String]) {
            self.agents = agents
            self.fields = fields
        }

        func list(_ kind: String) -> [JSON] { self.found[kind] ?? [] }

        mutating func take(_ part: PartResult) {
            guard let output = part.output, !Meeting.isPass(Minutes.words(of: output)) else { return }
            for kind in Minutes.kinds + self.fields {
                for item in output[kind]?.elements ?? [] { self.takeItem(item, kind, part) }
            }
            for line in Minutes.words(of: output).split(whereSeparator: \.isNewline) { self.takeLine(line, part) }
        }

        // What a program says as a value: texts, or objects with a text.
        private mutating func takeItem(_ item: JSON, _ kind: String, _ part: PartResult) {
            guard let text = item.string ?? item["text"]?.string else { return }
            if kind == "action_items", item.string != nil { return self.takeAction(text[...], part) }
            var members: [(String, JSON)] = []
            for name in ["owner", "due", "severity"] {
                if let value = item[name], value.string != nil { members.append((name, value)) }
            }
            self.add(kind, text, part, members)
        }

        private mutating func takeLine(_ line: Substring, _ part: PartResult) {
            let line = line.drop { $0.isWhitespace || "-*•#>".contains($0) }
            guard let colon = line.firstIndex(of: ":") else { return }
            let (head, mark) = Self.head(line[..<colon])
            let rest = line[line.index(after: colon)...].drop { $0.isWhitespace || $0 == "*" }
            guard !rest.isEmpty else { return }
            let known = Minutes.openings.first { $0.word == head }?.kind
            guard let kind = known ?? self.fields.first(where: { Self.plain($0) == Self.plain(head) }) else { return }
            if kind == "action_items" { return self.takeAction(rest, part) }
            let severity = mark.flatMap { ["low", "medium", "high", "critical"].contains($0) ? $0 : nil }
            self.add(kind, String(rest), part, kind == "risks" ? [("severity", .string(severity ?? "medium"))] : [])
        }

        // `Risk (high)` is risk and high.
        private static func head(_ text: Substring) -> (word: String, mark: String?) {
            let plain = text.lowercased().filter { $0 != "*" }
            let word = plain.prefix { $0 != "(" }
            let mark = plain.dropFirst(word.count).filter { $0.isLetter }
            return (Self.trimmed(word), mark.isEmpty ? nil : mark)
        }

        private static func plain(_ text: String) -> String { text.lowercased().filter { $0.isLetter || $0.isNumber } }

        private static func trimmed(_ text: some StringProtocol) -> String {
            var text = text.drop { $0.isWhitespace }
            while let last = text.last, last.isWhitespace { text = text.dropLast() }
            return String(text)
        }

        // `Lisa Chen: draft the form by 2026-01-20`, `lisa will draft it in 3 days`; without a name it is the speaker's.
        private mutating func takeAction(_ text: Substring, _ part: PartResult) {
            var (words, owner) = (text, part.agent?.text)
            for mark in [":", " will ", " to "] {
                guard let range = text.firstRange(of: mark),
                    let agent = self.agent(called: Self.trimmed(text[..<range.lowerBound]))
                else { continue }
                (words, owner) = (text[range.upperBound...], agent.text)
                break
            }
            let (task, due) = Self.due(in: Self.trimmed(words))
            var members: [(String, JSON)] = owner.map { [("owner", .string($0))] } ?? []
            if let due { members.append(("due", .string(due))) }
            self.add("action_items", task, part, members)
        }

        private func agent(called name: String) -> AgentID? {
            if let agent = self.agents.first(where: { $0.id.text == name }) { return agent.id }
            let named = self.agents.filter { $0.name == name }
            return named.count == 1 ? named[0].id : nil
        }

        // A date at the end of the words, or so many days.
        private static func due(in text: String) -> (words: String, due: String?) {
            var plain = text[...]
            while let last = plain.last, ".!".contains(last) { plain = plain.dropLast() }
            let words = plain.split(separator: " ")
            if words.count > 2, let word = words.last,
                ["by", "due", "until"].contains(words[words.count - 2].lowercased()),
                (try? CivilDate.parse(String(word))) != nil
            {
                return (words.dropLast(2).joined(separator: " "), String(word))
            }
            if words.count > 3, ["day", "days"].contains(words[words.count - 1]), words[words.count - 3] == "in",
                let days = Int(words[words.count - 2]), 0...3650 ~= days
            {
                return (words.dropLast(3).joined(separator: " "), "in \(days) days")
            }
            return (text, nil)
        }

        // Said twice it is one, with both who said so.
        private mutating func add(_ kind: String, _ text: String, _ part: PartResult, _ members: [(String, JSON)]) {
            let text = PlainText.line(text, limit: 2000)
            let key = Self.plain(text)
            guard !key.isEmpty else { return }
            if let place = self.places[kind]?[key], let item = self.found[kind]?[place] {
                let evidence = (item["evidence"]?.elements ?? []) + [.string(part.task.text)]
                self.found[kind]?[place] = item.adding("evidence", .array(evidence))
                return
            }
            guard self.list(kind).count < Minutes.most else {
                self.leftOut += 1
                return
            }
            self.places[kind, default: [:]][key] = self.list(kind).count
            let item = [("text", JSON.string(text))] + members + [("evidence", .array([.string(part.task.text)]))]
            self.found[kind, default: []].append(.members(item))
        }
    }
}
