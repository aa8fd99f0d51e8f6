import OrderedCollections

/// Where two runs part, and what came of it.
package struct RunDiff: Sendable {
    /// A task that stands or ended otherwise in the two runs.
    package struct Change: Hashable, Sendable {
        package let task: TaskID
        /// The state in a word; nil if the run has no such task.
        package let left: String?
        package let right: String?
        /// Whether both completed, with other outputs.
        package let hasOtherOutput: Bool
    }

    /// How many events from the first on say the same, apart from times and names of runs.
    package let shared: Int
    /// What follows in each.
    package let left: [RunEvent]
    package let right: [RunEvent]
    /// Tasks that differ, in the order of the first run, then those that only the second has.
    package let tasks: [Change]

    package var isEmpty: Bool { self.left.isEmpty && self.right.isEmpty && self.tasks.isEmpty }

    /// Nil if one of them does not begin with `created`.
    package init?(_ left: [Recorded], _ right: [Recorded]) {
        guard let first = RunSheet(left), let second = RunSheet(right), let ours = Self.events(left),
            let theirs = Self.events(right)
        else { return nil }
        var shared = 0
        while shared < min(ours.count, theirs.count), Self.says(ours[shared], theirs[shared]) { shared += 1 }
        self.shared = shared
        self.left = Array(ours[shared...])
        self.right = Array(theirs[shared...])
        self.tasks = Self.tasks(first.run, second.run)
    }

    private static func events(_ facts: [Recorded]) -> [RunEvent]? {
        guard let first = facts.first, var view = EventView(first) else { return nil }
        return facts.map { view.view($0) }
    }

    private static let incidental = ["at", "position", "run", "until", "began_at", "engine"]

    private static func says(_ left: RunEvent, _ right: RunEvent) -> Bool {
        guard left.kind == right.kind, case .object(var ours) = left.json, case .object(var theirs) = right.json else {
            return false
        }
        for name in Self.incidental {
            ours[name] = nil
            theirs[name] = nil
        }
        return ours == theirs
    }

    private static func tasks(_ left: Run, _ right: Run) -> [Change] {
        var tasks: [Change] = []
        for (offset, record) in left.tasks.enumerated() {
            let id = left.plan.tasks[offset].id
            guard let index = right.index(of: id), let other = right.record(index) else {
                tasks.append(Change(task: id, left: record.state.word, right: nil, hasOtherOutput: false))
                continue
            }
            let output = left.output(of: TaskIndex(offset))
            let isOther = output != nil && right.output(of: index) != nil && right.output(of: index) != output
            guard isOther || record.state.word != other.state.word else { continue }
            tasks.append(Change(task: id, left: record.state.word, right: other.state.word, hasOtherOutput: isOther))
        }
        for (offset, record) in right.tasks.enumerated() where left.index(of: right.plan.tasks[offset].id) == nil {
            let id = right.plan.tasks[offset].id
            tasks.append(Change(task: id, left: nil, right: record.state.word, hasOtherOutput: false))
        }
        return tasks
    }

    /// As `baton diff --json` prints it.
    package var json: JSON {
        [
            "same": .bool(self.isEmpty), "shared_events": .integer(Int64(self.shared)),
            "left": .array(self.left.map(\.json)), "right": .array(self.right.map(\.json)),
            "tasks": .array(
                self.tasks.map { task in
                    [
                        "task": .string(task.task.text), "left": task.left.map { .string($0) } ?? .null,
                        "right": task.right.map { .string($0) } ?? .null, "other_output": .bool(task.hasOtherOutput),
                    ]
                }
            ),
        ]
    }
}
