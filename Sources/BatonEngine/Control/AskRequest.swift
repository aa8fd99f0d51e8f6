package import BatonCore
import OrderedCollections

/// What a client sends to ask an agent something without a plan.
package struct AskRequest: Sendable {
    /// Among whom.
    package enum Team: Sendable {
        /// Agents in the form of a plan, with the defaults and limits they work by.
        case plan(Plan)
        /// Those of an earlier run.
        case run(RunID)
    }

    package let ask: Ask
    package let team: Team
    package let id: RunID?

    private static let fields = ["words", "input", "agent", "type", "capability", "agents", "run", "id"] + Ask.parts

    /// - Throws: a refusal with the code of the first finding about the agents, or `command.form`.
    package init(json: JSON) throws(Refusal) {
        guard case .object(let members) = json else { throw Self.fault("a question is an object") }
        if let unknown = members.keys.first(where: { !Self.fields.contains($0) }) {
            throw Self.fault("a question has no field \(PlainText.line(unknown, limit: 40))")
        }
        let whom = try Self.whom(members)
        let words = try Self.text("words", members) ?? ""
        guard !words.isBlank || members["input"] ?? .null != .null else { throw Self.fault("nothing is asked") }
        self.ask = Ask(words: words, input: members["input"] ?? .null, whom: whom)
        self.team = try Self.team(members)
        self.id = try Self.text("id", members).map { RunID($0) }
    }

    private static func whom(_ members: OrderedDictionary<String, JSON>) throws(Refusal) -> Engine.Asked {
        let agent = try Self.text("agent", members)
        let type = try Self.text("type", members)
        let capability = try Self.text("capability", members)
        switch (agent, type, capability) {
        case (nil, nil, nil): return .anyone
        case (let agent?, nil, nil): return .agent(AgentID(agent))
        case (nil, let type?, nil): return .type(type)
        case (nil, nil, let capability?): return .capability(capability)
        default: throw Self.fault("agent, type and capability exclude each other")
        }
    }

    private static func team(_ members: OrderedDictionary<String, JSON>) throws(Refusal) -> Team {
        let run = try Self.text("run", members)
        guard members["agents"] != nil else {
            guard let run else { throw Self.fault("there is nobody to ask") }
            for key in Ask.parts where members[key] != nil {
                throw Self.fault("\(key) is that of run \(PlainText.line(run, limit: 60))")
            }
            return .run(RunID(run))
        }
        guard run == nil else { throw Self.fault("agents and run exclude each other") }
        return .plan(try PlanDecoder.checked(Ask.form { members[$0] }))
    }

    private static func text(_ name: String, _ members: OrderedDictionary<String, JSON>) throws(Refusal) -> String? {
        guard let value = members[name] else { return nil }
        guard let text = value.string else { throw Self.fault("\(name) is no text") }
        return text
    }

    private static func fault(_ what: String) -> Refusal {
        Refusal(
            "command.form",
            what,
            remedy: "send {\"words\": …, \"agent\" or \"type\" or \"capability\": …, \"agents\": […] or \"run\": RUN}"
        )
    }
}

extension Engine {
    /// Begins the run of one task that asks somebody; who follows it hears the answer.
    package func ask(_ request: AskRequest, _ caller: Caller) async throws -> CommandReply {
        let team: Plan
        switch request.team {
        case .plan(let plan): team = plan
        case .run(let run): team = try await JournalReader(self.journal).fold(run).run.plan
        }
        var options = StartOptions()
        options.id = request.id
        return try await self.start(try request.ask.plan(among: team), options, caller)
    }
}
