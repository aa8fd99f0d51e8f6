/// Finds what is wrong with the checks of `done_when`.
enum ProofCheck {
    static func diagnostics(of plan: Plan) -> [Diagnostic] {
        var found = Self.strays(in: plan)
        for (offset, task) in plan.tasks.enumerated() where !task.doneWhen.isEmpty {
            let path = PlanPath(.name("tasks"), .index(offset), .name("done_when"))
            for (place, check) in task.doneWhen.enumerated() {
                let faults = Self.faults(of: check, of: task, plan).map { ($0.0, $0.1, Diagnostic.Severity.error) }
                // Who does it may be another one until then.
                let own =
                    Self.isOwnReview(check, of: task, plan)
                    ? [
                        (
                            "asks nobody else than who does it to review it", "name another agent, type or capability",
                            Diagnostic.Severity.warning
                        )
                    ] : []
                for (words, remedy, severity) in faults + own {
                    found.append(
                        Diagnostic(
                            "plan.done_when",
                            "check \(place + 1) of task \(task.id) \(words)",
                            remedy: remedy,
                            at: path[place],
                            severity: severity
                        )
                    )
                }
            }
        }
        return found
    }

    private static func faults(of check: DoneCheck, of task: TaskSpec, _ plan: Plan) -> [(String, String)] {
        guard check.kinds == 1 else {
            let words = check.kinds == 0 ? "checks nothing" : "is several checks at once"
            return [(words, "give it one of file, command, schema, review and signed_by")]
        }
        var faults: [(String, String)] = []
        if check.instructions != nil, check.review == nil {
            faults.append(("has instructions and no reviewer", "name an agent, type or capability in review"))
        }
        if let timeout = check.timeout, timeout <= .zero {
            faults.append(("has no time", "give it more than 0 seconds"))
        }
        if (check.command + [check.file ?? ""]).contains(where: { $0.utf8.contains(0) }) {
            faults.append(("has a NUL in its words", "take it out"))
        }
        if check.file?.isBlank == true { faults.append(("names no file", "name a file or folder")) }
        if check.command.first?.isBlank == true { faults.append(("names no program", "name a program")) }
        if let schema = check.schema {
            do throws(JSONSchema.Fault) { _ = try JSONSchema(schema) } catch {
                faults.append(("has no JSON Schema that can be held: \(error)", "correct the schema"))
            }
        }
        if let name = check.review, Self.reviewers(named: name, plan).isEmpty {
            let line = PlainText.line(name, limit: 60)
            faults.append(("asks \(line) to review, whom nobody in the plan is", "name an agent, type or capability"))
        }
        if let name = check.signature, name != DoneCheck.anybody,
            plan.agents.first(where: { $0.id.text == name || $0.name == name })?.kind != .person
        {
            let line = PlainText.line(name, limit: 60)
            faults.append(
                ("asks \(line) to sign, who is no person of the plan", "name an agent of type person, or anybody")
            )
        }
        return faults
    }

    // What proves a task is added by the engine behind it, for an agent that is there or was made.
    private static func strays(in plan: Plan) -> [Diagnostic] {
        plan.tasks.enumerated().filter { _, task in
            task.proves != nil && !plan.tasks.contains { $0.id == task.delegatedBy && $0.id != task.id }
        }.map { offset, task in
            Diagnostic(
                "plan.done_when",
                "task \(task.id) has proves, which only Baton sets",
                remedy: "take it out, and write the check in done_when of the task that it proves",
                at: PlanPath(.name("tasks"), .index(offset), .name("proves"))
            )
        }
    }

    private static func reviewers(named name: String, _ plan: Plan) -> [AgentProfile] {
        let named = plan.agents.filter { $0.madeBy == nil && ($0.id.text == name || $0.name == name) }
        return named.isEmpty ? plan.agents.filter { $0.available && $0.declares(name) } : named
    }

    private static func isOwnReview(_ check: DoneCheck, of task: TaskSpec, _ plan: Plan) -> Bool {
        guard let name = check.review else { return false }
        let able = Self.reviewers(named: name, plan)
        let own = [task.assignedAgent, task.fallback?.assignedAgent].compactMap { $0 }
        return !able.isEmpty && own.contains { agent in able.allSatisfy { $0.id == agent } }
    }
}
