/// Finds tasks that nobody can do, with the nearest remedy.
package enum StaffingCheck {
    package static func diagnostics(of plan: Plan) -> [Diagnostic] {
        guard !plan.agents.isEmpty else { return [] }
        let declared = Eligibility.declaredTypes(of: plan.agents)
        let severity: Diagnostic.Severity = plan.effectiveStaffing == .strict ? .error : .warning
        var known: [Demand: Diagnostic?] = [:]
        var last: Demand?
        var isAnybodyEnough = false
        var found: [Diagnostic] = []
        // By offset: a task is large, and most ask for nothing.
        for offset in plan.tasks.indices {
            if isAnybodyEnough, plan.tasks[offset].asksForNobody { continue }
            let task = plan.tasks[offset]
            // Thousands of tasks may ask for the same; look once.
            let demand = Demand(task)
            if demand == last { continue }
            let finding = known[demand] ?? Self.finding(for: task, plan, declared, severity)
            known[demand] = .some(finding)
            guard let finding else {
                last = demand
                isAnybodyEnough = isAnybodyEnough || task.asksForNobody
                continue
            }
            found.append(
                Diagnostic(
                    finding.code,
                    "task \(task.id): \(finding.message)",
                    remedy: finding.remedy,
                    at: PlanPath(
                        .name("tasks"),
                        .index(offset),
                        .name(task.requiredSkills.isEmpty ? "task_id" : "required_skills")
                    ),
                    severity: finding.severity
                )
            )
            if found.count >= PlanValidator.mostFindings { break }
        }
        return found
    }

    private struct Demand: Hashable {
        let skills: SkillLevels
        let type: String?
        let agentType: String?
        let assigned: AgentID?
        let attendees: [String]
        let isMeeting: Bool

        init(_ task: TaskSpec) {
            self.skills = task.requiredSkills
            self.type = task.type
            self.agentType = task.agentType
            self.assigned = task.assignedAgent
            self.attendees = task.meetsAtOnce ? task.attendees : []
            self.isMeeting = task.meetsAtOnce
        }
    }

    private static func finding(
        for task: TaskSpec,
        _ plan: Plan,
        _ declared: Set<String>,
        _ severity: Diagnostic.Severity
    ) -> Diagnostic? {
        switch Eligibility.candidates(for: task, agents: plan.agents, declaredTypes: declared) {
        case .eligible, .attendees: return nil
        case .nearest(let agents, let gaps):
            let nearest = plan.agents[agents[0].offset].id
            let who = task.isMeeting ? "its attendees together have" : "the nearest, \(nearest), has"
            let shown = gaps.prefix(5).map { $0.words }
            let asked = task.requiredSkills.entries.map { "\($0.name) \(Eligibility.Gap.level($0.hundredths))" }
            let remedy =
                task.isMeeting
                ? "invite somebody who has it or lower the minimum"
                : "raise \(gaps.map(\.skill).joined(separator: ", ")) of \(nearest), lower the minimum, or add an agent"
            return Diagnostic(
                "plan.unsatisfiable",
                "nobody has \(asked.joined(separator: ", ")); \(who) \(shown.joined(separator: ", "))",
                remedy: severity == .error ? remedy : "\(remedy); as it stands, the nearest does it",
                at: .root,
                severity: severity
            )
        case .nobody:
            // An unknown agent or attendee has its own finding.
            guard !task.isMeeting else { return nil }
            if let assigned = task.assignedAgent {
                guard plan.agents.contains(where: { $0.id == assigned }) else { return nil }
                return Diagnostic(
                    "plan.unsatisfiable",
                    "its agent \(assigned) is not available",
                    remedy: "set available: true or assign another agent",
                    at: .root
                )
            }
            let wanted = task.agentType ?? task.type ?? "work"
            // So has a voter, where it is named.
            if plan.tasks.contains(where: { $0.id == task.partOf && $0.voters.contains(wanted) }) { return nil }
            if let agent = plan.agents.first(where: { $0.id.text == wanted }) {
                return Diagnostic(
                    "plan.unsatisfiable",
                    "agent \(agent.id) is called \(PlainText.line(wanted, limit: 60)) and does not declare it as type or capability",
                    remedy: AgentProfile.builtInTypes.contains(wanted)
                        ? "add type: \(wanted) to it, or write assigned_agent" : "write assigned_agent: \(agent.id)",
                    at: .root
                )
            }
            let known = declared.sorted() + AgentProfile.builtInTypes
            let near = NearestName.of(wanted, among: known).map { "did you mean \($0)? or " } ?? ""
            return Diagnostic(
                "plan.unsatisfiable",
                "no available agent declares the type or capability \(PlainText.line(wanted, limit: 60))",
                remedy: "\(near)add it to the capabilities of an agent",
                at: .root
            )
        }
    }
}

extension TaskSpec {
    /// Whether any agent may do it.
    fileprivate var asksForNobody: Bool {
        self.rare == nil && self.type == nil && !self.isMeeting && self.requiredSkills.isEmpty
    }
}
