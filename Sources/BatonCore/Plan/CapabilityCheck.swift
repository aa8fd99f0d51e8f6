/// Whether tasks give what the capabilities that they ask for want.
enum CapabilityCheck {
    static func diagnostics(of plan: Plan) -> [Diagnostic] {
        guard plan.agents.contains(where: { $0.capabilities.contains { !$0.inputTypes.isEmpty } }) else { return [] }
        let declared = Eligibility.declaredTypes(of: plan.agents)
        return plan.tasks.enumerated().compactMap { offset, task in
            // A text may name the output of another task, and that may have them.
            guard let name = task.agentType ?? task.type, task.input.string == nil else { return nil }
            let missing = Eligibility.agents(for: task, plan, declared).map {
                $0.capability(name)?.missing(in: task.input) ?? []
            }
            guard let least = missing.min(by: { $0.count < $1.count }), !least.isEmpty else { return nil }
            return Diagnostic(
                "plan.capability_input",
                "task \(task.id) asks for \(PlainText.line(name, limit: 60)), which wants \(least.joined(separator: ", ")) in its input",
                remedy:
                    "add \(least.count == 1 ? "it" : "them") to input, or let input_types mark with ? what may be left out",
                at: PlanPath(.name("tasks"), .index(offset), .name("input"))
            )
        }
    }
}
