/// What is wrong with personas, or odd.
package enum PersonaCheck {
    package static let code = "plan.persona"
    /// Of all that is told of a persona, in bytes.
    package static let mostBytes = 64 << 10

    static func diagnostics(of plan: Plan) -> [Diagnostic] {
        plan.agents.enumerated().flatMap { offset, agent in
            agent.persona.map {
                Self.diagnostics(of: $0, agent, PlanPath(.name("agents"), .index(offset), .name("persona")))
            } ?? []
        }
    }

    private static func diagnostics(of persona: Persona, _ agent: AgentProfile, _ path: PlanPath) -> [Diagnostic] {
        var found: [Diagnostic] = []
        for (index, part) in persona.parts.enumerated() {
            let place = persona.parts.count == 1 ? path : path[index]
            let what = part.path.map { "the file \(PlainText.line($0, limit: 200))" } ?? "the persona"
            guard let facts = part.facts else {
                found.append(
                    Diagnostic(
                        Self.code,
                        "\(what) of agent \(agent.id) comes without what it says",
                        remedy: "send file and facts, or let `baton run` read the plan from its folder",
                        at: place
                    )
                )
                continue
            }
            found += PersonaForm.read(facts).faults.map { Self.diagnostic($0, "\(what) of agent \(agent.id)", place) }
        }
        let bytes = persona.facts.reduce(0) { $0 + $1.words.reduce(0) { $0 + $1.utf8.count } }
        if bytes > Self.mostBytes {
            found.append(
                Diagnostic(
                    "limit.persona",
                    "the persona of agent \(agent.id) has \(bytes) bytes of words; \(Self.mostBytes) is the most",
                    remedy: "leave out what its work does not need: all of it goes into every prompt",
                    at: path
                )
            )
        }
        return found
    }

    private static func diagnostic(_ fault: PersonaForm.Fault, _ what: String, _ path: PlanPath) -> Diagnostic {
        switch fault {
        case .shape:
            Diagnostic(
                Self.code,
                "\(what) is neither an object nor a text",
                remedy: "write what is known by keys: \(Self.someKeys)",
                at: path
            )
        case .kind(let kind):
            Diagnostic(
                Self.code,
                "\(what) is of the type \(kind.isEmpty ? "\"\"" : kind), and no persona",
                remedy: "name a file of the type TinyPerson or Fragment",
                at: path
            )
        case .value(let key, let wanted):
            Diagnostic(Self.code, "\(what): \(key) is not \(wanted)", remedy: "write \(wanted)", at: path)
        case .unknown(let key, let near):
            Diagnostic(
                "plan.persona_key",
                "\(what) has the key \(PlainText.line(key, limit: 60)), which is told to the model as it stands",
                remedy: near.map { "did you mean \($0)? Else leave it" }
                    ?? "leave it, or use one of \(Self.someKeys)",
                at: path,
                severity: .warning
            )
        case .leftOut(let key):
            Diagnostic(
                "plan.persona_key",
                "\(what) has \(PlainText.line(key, limit: 60)) beside persona, which is left out",
                remedy: "what a persona has to know stands below persona",
                at: path,
                severity: .warning
            )
        }
    }

    private static let someKeys = "age, traits, interests, style, goals, beliefs, behaviours, relationships"
}
