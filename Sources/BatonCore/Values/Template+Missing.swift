import OrderedCollections

extension Template {
    static let missingCode = "task.reference"

    /// How an attempt fails whose texts name what an output does not have; nil if all that they name is there.
    ///
    /// - Parameters:
    ///   - agents: of the plan; only where stand-ins are among them may an output be one of theirs.
    ///   - output: what a task brought; nil if it brought nothing or nobody can look into it, which is no fault.
    package func failure(of task: TaskID, agents: [AgentProfile], _ output: (TaskID) -> JSON?) -> Failure? {
        for reference in self.references where !reference.path.isEmpty {
            guard let value = output(reference.task) else { continue }
            if StandIn.said(value), agents.contains(where: { $0.kind == .standIn }) { continue }
            guard let missing = Missing(reference, in: value) else { continue }
            let whole = (["tasks", reference.task.text, "output"] + reference.path).joined(separator: ".")
            return Failure(
                .permanent,
                Self.missingCode,
                "task \(task) names {{\(PlainText.line(whole, limit: 120))}}, but \(missing.words)",
                remedy: missing.remedy
            )
        }
        return nil
    }

    /// The first member of a reference's path that an output does not have.
    private struct Missing {
        private static let mostNamed = 10
        private let place: String
        private let name: String
        private let task: TaskID
        private let value: JSON

        init?(_ reference: Reference, in output: JSON) {
            var value = output
            var place = "the output of task \(reference.task)"
            for name in reference.path {
                guard let member = Template.member(name, of: value) else {
                    self.place = place
                    self.name = PlainText.line(name, limit: 60)
                    self.task = reference.task
                    self.value = value
                    return
                }
                place = "\(PlainText.line(name, limit: 60)) in \(place)"
                value = member
            }
            return nil
        }

        var words: String { "\(self.place) has no member \(self.name): it \(self.known)" }

        var remedy: String {
            let near = NearestName.of(self.name, among: self.value.memberNames)
            return near.map { "did you mean \(PlainText.line($0, limit: 60))?" }
                ?? "name a member that it has, or have task \(self.task) return \(self.name)"
        }

        private var known: String {
            switch self.value {
            case .object(let members):
                let names = members.keys.prefix(Self.mostNamed).map { PlainText.line($0, limit: 60) }
                let more = members.count > names.count ? " and \(members.count - names.count) more" : ""
                return names.isEmpty ? "is an empty object" : "has \(names.joined(separator: ", "))\(more)"
            case .array(let elements):
                return elements.isEmpty ? "is an empty list" : "is a list with members 0 to \(elements.count - 1)"
            case .string: return "is a text"
            case .null: return "is null"
            case .bool, .integer, .number: return "is \(self.value.plainText)"
            }
        }
    }
}
