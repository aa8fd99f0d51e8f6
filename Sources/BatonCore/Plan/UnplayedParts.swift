/// What the plan form has and this version does not play yet; `check` warns, `run` refuses, `--rehearse` goes on.
package enum UnplayedParts {
    package static let code = "plan.not_yet"

    package static func diagnostics(of plan: Plan) -> [Diagnostic] {
        var found: [Diagnostic] = []
        for (offset, agent) in plan.agents.enumerated() {
            let path = PlanPath(.name("agents"), .index(offset))
            switch agent.kind {
            case .model: found.append(Self.warning("agent \(agent.id) is a language model", path))
            case .builtIn(let type):
                found.append(Self.warning("agent \(agent.id) is of the built-in type \(type)", path))
            case .command, .person, .function, .standIn: break
            }
        }
        for (offset, task) in plan.tasks.enumerated() {
            let path = PlanPath(.name("tasks"), .index(offset))
            if let pattern = task.pattern {
                found.append(Self.warning("task \(task.id) has the pattern \(pattern)", path))
            }
            if !task.doneWhen.isEmpty { found.append(Self.warning("task \(task.id) has done_when", path)) }
            if task.produces != nil { found.append(Self.warning("task \(task.id) has produces", path)) }
        }
        return found
    }

    private static func warning(_ what: String, _ path: PlanPath) -> Diagnostic {
        Diagnostic(
            Self.code,
            "\(what), which this version does not play yet",
            remedy: "`baton run` refuses it, `baton run --rehearse` plays it with stand-ins",
            at: path,
            severity: .warning
        )
    }
}
