/// What the plan form has and this version does not play yet; `check` warns, `run` refuses, `--rehearse` goes on.
package enum UnplayedParts {
    package static let code = "plan.not_yet"

    package static func diagnostics(of plan: Plan) -> [Diagnostic] {
        var found: [Diagnostic] = []
        for (offset, agent) in plan.agents.enumerated() {
            let path = PlanPath(.name("agents"), .index(offset))
            switch agent.kind {
            case .model:
                if let unknown = agent.models.first(where: { ModelName($0)?.isPlayed != true }) {
                    found.append(Self.unknown(model: unknown, "agent \(agent.id) asks", path["model"]))
                }
            case .builtIn(let type) where AgentProfile.builtInTypes.contains(type):
                // One that no line of the plan names stands where it is asked for.
                let asking = agent.id.text == type ? plan.tasks.firstIndex { $0.names(type) } : nil
                found.append(
                    Diagnostic(
                        Self.code,
                        "agent \(agent.id) is of the built-in type \(type) and has no model",
                        remedy: "set its model, defaults.model or BATON_MODEL, as provider/model",
                        at: asking.map { PlanPath(.name("tasks"), .index($0)) } ?? path,
                        severity: .warning
                    )
                )
            case .command, .person, .function, .standIn, .conductor, .builtIn: break
            }
        }
        for name in Set(plan.taskModels).sorted() where ModelName(name)?.isPlayed != true {
            found.append(Self.unknown(model: name, "tasks ask", PlanPath(.name("model_tiers"))))
        }
        return found + Self.withoutEffect(in: plan)
    }

    private static func withoutEffect(in plan: Plan) -> [Diagnostic] {
        let keys: [(isSet: Bool, path: PlanPath)] = [
            (plan.oversight.enabled, PlanPath(.name("ceo_oversight"))),
            (plan.scheduling.timeZone != "UTC", PlanPath(.name("scheduling"), .name("time_zone"))),
        ]
        let warm = plan.agents.enumerated().filter { _, agent in
            agent.temperature != nil && agent.models.contains { ModelName($0)?.provider == "anthropic" }
        }
        return keys.filter(\.isSet).map { key in
            Self.withoutEffect("in this version", "leave it for later versions or take it out", key.path)
        }
            + warm.map { offset, _ in
                let path = PlanPath(.name("agents"), .index(offset), .name("temperature"))
                return Self.withoutEffect("with models of anthropic, which take none", "take it out", path)
            }
    }

    private static func withoutEffect(_ why: String, _ remedy: String, _ path: PlanPath) -> Diagnostic {
        Diagnostic(
            "plan.no_effect",
            "\(path) is read and has no effect \(why)",
            remedy: remedy,
            at: path,
            severity: .warning
        )
    }

    private static func unknown(model: String, _ who: String, _ path: PlanPath) -> Diagnostic {
        let known = ModelProvider.all.map(\.name) + [ModelName.rehearsal, ModelName.scripted, ModelName.recorded]
        let name = PlainText.line(model, limit: 80)
        let provider = String(model.prefix { $0 != "/" })
        let near = NearestName.of(provider, among: known).map { "did you mean \($0)? " } ?? ""
        return Diagnostic(
            Self.code,
            name.isEmpty ? "\(who) a model without a name" : "\(who) \(name), of no known provider",
            remedy: "\(near)write PROVIDER/MODEL; the providers are \(known.joined(separator: ", "))",
            at: path,
            severity: .warning
        )
    }
}

extension TaskSpec {
    fileprivate func names(_ type: String) -> Bool {
        [self.agentType, self.assignedAgent?.text, self.judge?.text, self.manager?.text].contains(type)
            || self.voters.contains(type) || self.doneWhen.contains { $0.review == type }
            || self.subtasks.contains { $0.names(type) }
    }
}
