import BatonCore

/// Holds back findings about a plan that only follow from a value that was refused before.
struct FollowUpFindings {
    private let refused: [PlanPath]
    private let lists: Set<PlanPath>
    private let tasksAreBroken: Bool
    private let agentsAreBroken: Bool

    init(_ structural: [Diagnostic]) {
        // A key that is not known was not read at all, so nothing follows from it.
        self.refused = structural.filter { $0.code != "plan.unknown_field" }.map(\.path)
        self.lists = Set(self.refused.filter { $0.steps.count >= 3 }.map { PlanPath($0, first: 3) })
        self.tasksAreBroken = Self.breaksNames(structural, of: "tasks", key: "task_id")
        self.agentsAreBroken = Self.breaksNames(structural, of: "agents", key: "agent_id")
    }

    func keeps(_ finding: Diagnostic) -> Bool {
        guard !self.refused.isEmpty else { return true }
        switch finding.code {
        case "plan.empty_plan":
            // The list itself was refused, or is missing.
            if self.refused.contains(where: { finding.path.isAtOrAbove($0) || $0 == .root }) { return false }
        case "plan.unknown_task", "plan.unknown_follow_up", "plan.cycle": if self.tasksAreBroken { return false }
        case "plan.unknown_agent", "plan.unsatisfiable", "plan.attendee", "plan.quorum":
            if self.agentsAreBroken { return false }
        default: break
        }
        // Within one key of one task or agent, the first finding is enough.
        return !self.related(finding.path).contains { self.lists.contains($0) }
    }

    // The keys that a finding about one key of a task also rests on.
    private func related(_ path: PlanPath) -> [PlanPath] {
        guard path.steps.count >= 2 else { return [] }
        let owner = PlanPath(path, first: 2)
        guard path.steps.count >= 3 else { return [] }
        let key = PlanPath(path, first: 3)
        return key == owner["pattern"] ? [key, owner["attendees"], owner["subtasks"]] : [key]
    }

    private static func breaksNames(_ structural: [Diagnostic], of list: String, key: String) -> Bool {
        structural.contains { finding in
            let steps = finding.path.steps
            guard steps.first == .name(list) else {
                return steps.isEmpty && finding.message.hasSuffix(" \(list)")
            }
            if steps.count <= 2 { return finding.code != "plan.unknown_field" }
            // What an agent can do decides who can do a task.
            return steps[2] == .name(key) || steps[2] == .name("skill_levels") || steps[2] == .name("capabilities")
        }
    }
}

extension PlanPath {
    fileprivate init(_ path: PlanPath, first count: Int) {
        self = .root
        self.steps = Array(path.steps.prefix(count))
    }

    fileprivate func isAtOrAbove(_ other: PlanPath) -> Bool { other.steps.starts(with: self.steps) }
}
