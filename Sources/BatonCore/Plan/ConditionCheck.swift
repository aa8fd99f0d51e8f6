import OrderedCollections

/// Finds what is wrong with the conditions of tasks: unknown tasks, fields that no output has, values that it never takes.
enum ConditionCheck {
    static func diagnostics(of plan: Plan) -> [Diagnostic] {
        guard plan.tasks.contains(where: { !$0.conditions.isEmpty }) else { return [] }
        let specs = Dictionary(plan.tasks.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        var found: [Diagnostic] = []
        for (offset, task) in plan.tasks.enumerated() {
            for (place, condition) in task.conditions.enumerated() {
                let look = Look(task: task.id, condition: condition, specs: specs, plan: plan)
                let path = PlanPath(.name("tasks"), .index(offset), .name("when"))[place]
                found += look.faults.map { words, remedy, severity in
                    Diagnostic(
                        "plan.when",
                        "condition \(place + 1) of task \(task.id) \(words)",
                        remedy: remedy,
                        at: path,
                        severity: severity
                    )
                }
            }
        }
        return found
    }

    private struct Look {
        let task: TaskID
        let condition: Condition
        let specs: [TaskID: TaskSpec]
        let plan: Plan

        typealias Fault = (words: String, remedy: String, severity: Diagnostic.Severity)

        var faults: [Fault] {
            guard let other = self.specs[self.condition.task] else {
                let name = PlainText.line(self.condition.task.text, limit: 60)
                let near = NearestName.of(name, among: self.specs.keys.map(\.text).sorted())
                return [
                    ("looks at \(name), which is no task", near.map { "did you mean \($0)?" } ?? "name a task", .error)
                ]
            }
            if other.id == self.task {
                return [("looks at the task itself", "name a task that comes before it", .error)]
            }
            guard self.condition.asksForSomething else {
                let remedy = "give it one of is, is_not, one_of, at_least, at_most and contains"
                return [("asks for nothing", remedy, .error)]
            }
            if let least = self.condition.atLeast, let most = self.condition.atMost, least > most {
                let range = [least, most].map { Condition.line(.number($0)) }
                return [
                    ("asks for a number that is at least \(range[0]) and at most \(range[1])", "exchange them", .error)
                ]
            }
            if self.condition.path.contains("") {
                return [("has a field with nothing between two dots", "write names with one dot between", .error)]
            }
            return self.formFaults(other).map { [$0] } ?? []
        }

        // What the form of the other's output says; without one there is nothing to hold it against.
        private func formFaults(_ other: TaskSpec) -> Fault? {
            let form = other.produces ?? self.plan.agents.first { $0.id == other.assignedAgent }?.produces
            guard var part = form else { return nil }
            for name in self.condition.path {
                if let element = part["items"], Int(name) != nil {
                    part = element
                    continue
                }
                guard case .object(let known)? = part["properties"] else { return nil }
                guard let next = known[name] else {
                    let isClosed = part["additionalProperties"] == false
                    let near = NearestName.of(name, among: Array(known.keys))
                    let remedy = near.map { "did you mean \($0)?" } ?? "it has \(known.keys.joined(separator: ", "))"
                    let field = PlainText.line(name, limit: 60)
                    let words =
                        isClosed ? "which \(other.id) never returns" : "of which the form of \(other.id) says nothing"
                    return ("looks at \(field), \(words)", remedy, isClosed ? .error : .warning)
                }
                part = next
            }
            return self.valueFault(part, other.id)
        }

        private func valueFault(_ part: JSON, _ other: TaskID) -> Fault? {
            guard let taken = part["enum"]?.elements ?? part["const"].map({ [$0] }) else { return nil }
            let normal = taken.map(Ballot.normal)
            let wanted = [self.condition.value, self.condition.otherThan].compactMap { $0 } + self.condition.oneOf
            guard let odd = wanted.first(where: { !normal.contains(Ballot.normal($0)) }) else { return nil }
            let words = "asks about \(Condition.line(odd)), which \(other) never returns there"
            return (words, "it returns one of \(taken.map(Condition.line).joined(separator: ", "))", .warning)
        }
    }
}
