import OrderedCollections

/// How a language model is asked what a meeting has brought.
package enum MinutesForm {
    private static let string: JSON = ["type": "string"]
    private static let evidence: JSON = ["type": "array", "minItems": 1, "items": string]

    private static func list(_ members: JSON, required: [String] = ["text", "evidence"]) -> JSON {
        [
            "type": "array", "maxItems": .integer(Int64(Minutes.most)),
            "items": [
                "type": "object", "required": .array(required.map { .string($0) }), "additionalProperties": false,
                "properties": members,
            ],
        ]
    }

    /// What the answer has to fit.
    static func form(of task: TaskSpec, _ agents: [AgentProfile]) -> JSON {
        let plain = Self.list(["text": string, "evidence": evidence])
        let decisions = Self.list(["text": string, "contradicts": string, "evidence": evidence])
        let owners = agents.filter { $0.kind != .conductor && $0.madeBy == nil }.prefix(40).map {
            JSON.string($0.id.text)
        }
        let actions = Self.list(
            [
                "text": string, "owner": ["enum": .array(Array(owners))],
                "due": ["type": "string", "pattern": #"^\d{4}-\d{2}-\d{2}$|^in \d{1,4} days$"#], "evidence": evidence,
            ],
            required: ["text", "owner", "evidence"]
        )
        let risks = Self.list(
            ["text": string, "severity": ["enum": ["low", "medium", "high", "critical"]], "evidence": evidence],
            required: ["text", "severity", "evidence"]
        )
        var members: [(String, JSON)] = [("summary", string)]
        for kind in Minutes.kinds + task.fields {
            let form = ["action_items": actions, "risks": risks, "decisions": decisions][kind]
            members.append((kind, form ?? plain))
        }
        return [
            "type": "object", "required": .array(members.map { .string($0.0) }), "additionalProperties": false,
            "properties": .members(members),
        ]
    }

    /// What is wanted of whoever writes the minutes.
    static func work(of task: TaskSpec) -> String {
        let objective = task.extractionObjective.map { "\(Self.lookFor)\($0)" } ?? ""
        let own =
            task.fields.isEmpty
            ? "" : " Beside these it wants \(task.fields.map(Template.literal).joined(separator: ", "))."
        return """
            Meeting \(task.id) is over: \(task.description)\(objective)\(Self.saidBelow), each utterance as the result of a task. Write down what it has brought, and nothing that \
            nobody said: decisions; action_items, each with its owner and, where one was named, the date it is due; insights; risks with \
            their severity; next_steps; open_questions.\(own) In evidence name the tasks whose utterances say so. \
            Where a decision goes against one of an earlier meeting that you are told of, say in contradicts which. What did not come up is an empty list.
            """
    }

    /// What a meeting was about, of whoever writes its minutes too; see ``work(of:)``.
    package static func topic(of meeting: TaskSpec) -> String {
        let opening = "Meeting \(meeting.id) is over: "
        guard meeting.description.hasPrefix(opening) else { return meeting.description }
        let rest = meeting.description.dropFirst(opening.count)
        let ends = [Self.lookFor, Self.saidBelow].compactMap { rest.firstRange(of: $0)?.lowerBound }
        return String(rest[..<(ends.min() ?? rest.endIndex)])
    }

    private static let lookFor = "\n\nLook above all for this: "
    private static let saidBelow = "\n\nWhat was said in it stands below"

    /// The same meeting, whose minutes are asked for by what it says now.
    package static func renewed(_ meeting: TaskSpec, after old: TaskSpec, _ agents: [AgentProfile]) -> TaskSpec {
        guard meeting.pattern == .meeting, meeting.aggregation == .synthesis,
            meeting.extractionObjective != old.extractionObjective || meeting.fields != old.fields
        else { return meeting }
        var renewed = meeting
        if meeting.produces == old.produces, old.produces == Self.form(of: old, agents) {
            renewed.produces = Self.form(of: meeting, agents)
        }
        guard meeting.description == old.description else { return renewed }
        renewed.description = Self.topic(of: meeting)
        renewed.description = Self.work(of: renewed)
        return renewed
    }

    /// What is wrong with minutes beside their form: evidence that is no utterance, dates that are none.
    package static func faults(of output: JSON, utterances: Set<TaskID>) -> [String] {
        guard case .object(let members) = output else { return [] }
        var faults: [String] = []
        for (kind, value) in members {
            for (place, item) in (value.elements ?? []).enumerated() {
                let odd = (item["evidence"]?.elements ?? []).first {
                    $0.string.map { !utterances.contains(TaskID($0)) } ?? true
                }
                if let odd {
                    faults.append(
                        "/\(kind)/\(place)/evidence: \(PlainText.line(odd.plainText, limit: 60)) is no utterance of this meeting"
                    )
                }
                guard let due = item["due"]?.string, !due.hasPrefix("in ") else { continue }
                if (try? CivilDate.parse(due)) == nil {
                    faults.append("/\(kind)/\(place)/due: there is no day \(PlainText.line(due, limit: 20))")
                }
            }
        }
        return Array(faults.prefix(10))
    }
}
