import BatonCore
import OrderedCollections

/// A plan with keys of its tasks, agents, defaults or budget changed.
enum ForkedPlan {
    static func plan(_ plan: Plan, changed changes: JSON) throws(Refusal) -> Plan {
        guard case .object(let members) = changes else {
            throw Refusal("fork.changes", "the changes are no object", remedy: "write {\"TASK\": {\"KEY\": VALUE}}")
        }
        guard !members.isEmpty else { return plan }
        guard case .object(var whole) = PlanEncoder.json(plan) else {
            throw Refusal("fork.plan", "the plan of the run has no plan form", remedy: "fork without changes")
        }
        for (name, values) in members {
            guard case .object(let keys) = values else {
                throw Refusal("fork.changes", "\(name) has no keys", remedy: "write TASK.KEY=VALUE")
            }
            let place = try Self.place(of: name, in: plan)
            var part = Self.part(place, of: whole)
            for (key, value) in keys { part[key] = value == .null ? nil : value }
            Self.put(.object(part), at: place, in: &whole)
        }
        var changed = try PlanDecoder.checked(.object(whole))
        // Minutes are asked for by what their meeting says now.
        for (offset, old) in plan.tasks.enumerated() where changed.tasks.indices.contains(offset) {
            changed.tasks[offset] = MinutesForm.renewed(changed.tasks[offset], after: old, plan.agents)
        }
        return changed
    }

    private enum Place {
        case task(Int)
        case agent(Int)
        /// A member of the plan that has keys of its own.
        case section(String)
    }

    private static let sections = ["defaults", "budget"]

    private static func place(of name: String, in plan: Plan) throws(Refusal) -> Place {
        if name.hasPrefix("agents."), let place = plan.agents.firstIndex(where: { $0.id.text == name.dropFirst(7) }) {
            return .agent(place)
        }
        if let place = plan.tasks.firstIndex(where: { $0.id.text == name }) { return .task(place) }
        if Self.sections.contains(name) { return .section(name) }
        let near = NearestName.of(name, among: plan.tasks.map(\.id.text) + plan.agents.map { "agents.\($0.id)" })
        throw Refusal(
            "fork.changes",
            "the run has no task \(PlainText.line(name, limit: 60))",
            remedy: near.map { "did you mean \($0)?" } ?? "name a task, agents.ID, defaults or budget"
        )
    }

    private typealias Members = OrderedDictionary<String, JSON>

    private static func part(_ place: Place, of plan: Members) -> Members {
        let value: JSON? =
            switch place {
            case .task(let offset): plan["tasks"]?[offset]
            case .agent(let offset): plan["agents"]?[offset]
            case .section(let name): plan[name]
            }
        if case .object(let members)? = value { return members }
        return [:]
    }

    private static func put(_ value: JSON, at place: Place, in plan: inout Members) {
        switch place {
        case .task(let offset): Self.put(value, offset, "tasks", in: &plan)
        case .agent(let offset): Self.put(value, offset, "agents", in: &plan)
        case .section(let name): plan[name] = value
        }
    }

    private static func put(_ value: JSON, _ offset: Int, _ list: String, in plan: inout Members) {
        guard case .array(var elements)? = plan[list], elements.indices.contains(offset) else { return }
        elements[offset] = value
        plan[list] = .array(elements)
    }
}
