import OrderedCollections

/// What the task of a pattern comes to when its parts have ended: a pure function of what they brought, in the plan's order.
package enum Joining {
    package static let failureCode = "part.failed"

    package static func result(
        of task: TaskSpec,
        parts: [PartResult],
        agents: [AgentProfile] = []
    ) -> Result<JSON, Failure> {
        if task.isOpening { return .success(["present": .array(task.attendees.map { .string($0) })]) }
        guard let pattern = task.pattern else { return .failure(Self.odd(task)) }
        if let strict = parts.first(where: { $0.isStrict && $0.output == nil }) {
            let why = "part \(strict.task) of task \(task.id) is strict and \(Self.words(strict))"
            return .failure(Failure(.permanent, Self.failureCode, why, remedy: "see why \(strict.task) failed"))
        }
        if pattern == .meeting { return Minutes.result(of: task, parts: parts, agents: agents) }
        if pattern == .consensus { return Ballot.result(of: task, parts: parts) }
        guard let first = parts.first else { return .failure(Self.odd(task)) }
        if parts.allSatisfy({ $0.output == nil }) {
            let why =
                "none of the \(CountText.of(parts.count, "part")) of task \(task.id) completed; \(first.task) \(Self.words(first))"
            return .failure(Failure(.permanent, Self.failureCode, why, remedy: "see why \(first.task) failed"))
        }
        switch pattern {
        case .sequential, .parallel: return .success(.array(parts.map(\.json)))
        case .hierarchical: return .success(Self.hierarchy(task, parts))
        case .consensus, .meeting: return .failure(Self.odd(task))
        }
    }

    private static func words(_ part: PartResult) -> String { part.shortfall ?? "did not complete" }

    private static func odd(_ task: TaskSpec) -> Failure {
        Failure(.permanent, Self.failureCode, "task \(task.id) has no parts to join", remedy: "give it subtasks")
    }

    private static func hierarchy(_ task: TaskSpec, _ parts: [PartResult]) -> JSON {
        let done = parts.filter { $0.output != nil }
        var members: [(String, JSON)] = [
            ("main_task", .string(task.description)),
            ("aggregation", .string((task.aggregation ?? .concat).rawValue)),
            ("subtasks_count", .integer(Int64(parts.count))),
            ("successful", .integer(Int64(done.count))),
            ("failed", .integer(Int64(parts.count - done.count))),
        ]
        switch task.aggregation ?? .concat {
        case .concat, .synthesis:
            let results = done.map { part -> JSON in
                ["task_id": .string(part.task.text), "output": part.output ?? .null]
            }
            members.append(("results", .array(results)))
        case .merge: members += Self.merged(done)
        case .vote:
            let tally = Ballot(parts, minAgreement: task.minAgreement ?? Ballot.usualAgreement, judged: nil)
            members += [("results", tally.winner?.answer ?? .null), ("vote", tally.json)]
        }
        members.append(("subtask_details", .array(parts.map(\.json))))
        return .members(members)
    }

    // Of a key that several parts have, the value of the last one is kept, and all are listed.
    private static func merged(_ parts: [PartResult]) -> [(String, JSON)] {
        var keys: [String] = []
        var values: [String: [(TaskID, JSON)]] = [:]
        var left: [JSON] = []
        for part in parts {
            guard case .object(let members)? = part.output else {
                left.append(.string(part.task.text))
                continue
            }
            for (key, value) in members {
                if values[key] == nil { keys.append(key) }
                values[key, default: []].append((part.task, value))
            }
        }
        let united = keys.map { ($0, values[$0]?.last?.1 ?? .null) }
        let conflicts = keys.compactMap { key -> JSON? in
            guard let all = values[key], Set(all.map(\.1)).count > 1, let kept = all.last else { return nil }
            return [
                "key": .string(key), "kept": .string(kept.0.text),
                "values": .array(all.map { ["task_id": .string($0.0.text), "value": $0.1] }),
            ]
        }
        let rest: [(String, JSON)] = left.isEmpty ? [] : [("not_merged", .array(left))]
        return [("results", .members(united)), ("conflicts", .array(conflicts))] + rest
    }
}
