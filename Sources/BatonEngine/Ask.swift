public import BatonCore

extension Engine {
    /// Who is asked something without a plan.
    public enum Asked: Hashable, Sendable {
        /// This agent.
        case agent(AgentID)
        /// Of the agents of this type, whoever suits best.
        case type(String)
        /// Of the agents with this capability, whoever suits best.
        case capability(String)
        /// Whoever suits best.
        case anyone
    }

    /// Runs one task as a run of its own, without a plan, and waits for its end.
    ///
    /// It is journaled as any run is, and can be resumed. Whoever is asked is chosen as for a task of a plan. A person is
    /// asked with a question, and this waits for the answer.
    ///
    /// - Parameters:
    ///   - words: what is to be done.
    ///   - input: what the agent gets besides.
    ///   - whom: who is to do it.
    ///   - agents: who there is, such as the profiles of the functions that the engine was made with.
    ///   - budget: what models may spend, and what happens at the limit.
    ///   - options: how the run begins.
    /// - Returns: the output or the failure; a task that fails throws nothing.
    /// - Throws: ``BatonError``: none of the agents can do it, or the journal takes no more.
    public func ask(
        _ words: String,
        input: JSON = .null,
        of whom: Asked = .anyone,
        among agents: [AgentProfile],
        budget: Plan.Budget = Plan.Budget(),
        options: StartOptions = StartOptions()
    ) async throws -> RunOutcome.TaskOutcome {
        let ask = Ask(words: words, input: input, whom: whom)
        var team = Plan(id: Ask.name, agents: agents, tasks: [])
        team.budget = budget
        let plan = try ask.plan(among: team)
        return try await self.start(plan, options: options).outcome().tasks[0]
    }
}

/// One task without a plan, for one agent or whoever suits: becomes a plan with that task alone.
package struct Ask: Sendable {
    /// The name of the plan and of its task.
    package static let name = "ask"
    private static let longestTitle = 80

    /// What may stand beside agents that are given: how they work, and where.
    package static let parts = ["defaults", "budget", "working_directory", "mcp_servers", "web", "model_tiers"]

    /// The form of a plan of this team, with a task that stands for whatever is asked.
    ///
    /// - Parameter member: gives the agents and the ``parts``; nil where there is none.
    package static func form(_ member: (String) -> JSON?) -> JSON {
        let stub: JSON = ["task_id": .string(Self.name), "description": "any"]
        let known = (["agents"] + Self.parts).compactMap { key in member(key).map { (key, $0) } }
        return JSON.members([("project_id", .string(Self.name))] + known + [("tasks", [stub])])
    }

    /// Whether a plan was made by an ask, and so has only whoever was asked.
    package static func made(_ plan: Plan) -> Bool {
        plan.id == Self.name && plan.tasks.map(\.id.text) == [Self.name]
    }

    package let words: String
    package let input: JSON
    package let whom: Engine.Asked

    package init(words: String, input: JSON = .null, whom: Engine.Asked) {
        self.words = words
        self.input = input
        self.whom = whom
    }

    /// The plan of the run.
    ///
    /// - Parameter team: who there is, and with which defaults and limits they work; its own tasks do not count.
    /// - Throws: ``BatonError``: nobody is called so, or whoever is cannot be asked.
    package func plan(among team: Plan) throws -> Plan {
        let agents = try self.candidates(among: team.agents)
        // What is asked may hold braces of its own: it has to arrive as it was said.
        var task = TaskSpec(id: TaskID(Self.name), description: Template.literal(self.words))
        task.input = Template.literal(self.input)
        if case .agent(let id) = self.whom { task.assignedAgent = id }
        let title = self.words.isEmpty ? "a question" : PlainText.line(self.words, limit: Self.longestTitle)
        var plan = Plan(id: Self.name, title: title, agents: agents, tasks: [task])
        plan.defaults = team.defaults
        plan.budget = team.budget
        plan.workingDirectory = team.workingDirectory
        plan.toolServers = team.toolServers
        plan.web = team.web
        plan.modelTiers = team.modelTiers
        let findings = PlanRanges.diagnostics(of: plan) + PlanCheck.diagnostics(of: plan)
        if let fault = findings.first(where: { $0.severity == .error || $0.code == UnplayedParts.code }) {
            throw BatonError(.plan, "this cannot be asked: \(fault.message)", remedy: fault.remedy)
        }
        return plan
    }

    private func candidates(among agents: [AgentProfile]) throws -> [AgentProfile] {
        let found: [AgentProfile]
        switch self.whom {
        case .agent(let id): found = agents.filter { $0.id == id }
        case .type(let type): found = agents.filter { $0.type == type || $0.kindWord == type }
        case .capability(let capability): found = agents.filter { $0.capability(capability) != nil }
        case .anyone: found = agents
        }
        guard !found.isEmpty else { throw self.nobody(among: agents) }
        if case .agent = self.whom { return found }
        // Among several, one that cannot be played stands in nobody's way.
        let played = found.filter { agent in
            let alone = Plan(id: Self.name, agents: [agent], tasks: [])
            return agent.available && !UnplayedParts.diagnostics(of: alone).contains { $0.code == UnplayedParts.code }
        }
        return played.isEmpty ? found : played
    }

    private func nobody(among agents: [AgentProfile]) -> BatonError {
        let (what, wanted, known): (String, String, [String]) =
            switch self.whom {
            case .agent(let id): ("no agent is called", id.text, agents.map(\.id.text))
            case .type(let type): ("no agent is of type", type, agents.map(\.kindWord))
            case .capability(let name):
                ("no agent has the capability", name, agents.flatMap { $0.capabilities.map(\.name) })
            case .anyone: ("there are no agents", "", [])
            }
        let near = NearestName.of(wanted, among: known)
        let names = agents.prefix(5).map(\.id.text).joined(separator: ", ")
        return BatonError(
            BatonError.Code("agent.unknown"),
            wanted.isEmpty ? what : "\(what) \(PlainText.line(wanted, limit: 60))",
            remedy: near.map { "did you mean \($0)?" }
                ?? (agents.isEmpty
                    ? "name a file with agents" : "there are \(names)\(agents.count > 5 ? " and more" : "")")
        )
    }
}
