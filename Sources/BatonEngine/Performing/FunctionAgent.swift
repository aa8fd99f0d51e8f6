/// A Swift function as an agent: a profile for plans, a body for the engine.
///
///     let poet = FunctionAgent("poet", capabilities: ["write"]) { work in "Of \(work.description)" }
///
/// What the function throws becomes the failure of the attempt, with the chain of its causes; a `Failure` that it
/// throws is taken as it is. It is cancelled as any Swift task is.
public struct FunctionAgent: Sendable {
    /// What a plan holds of it; change what the initializer does not ask for, such as skills.
    public var profile: AgentProfile
    private let body: FunctionPerformer.Body

    /// Makes an agent of a function that may wait for something.
    ///
    /// - Parameters:
    ///   - id: names it in plans.
    ///   - type: what tasks with an `agent_type` or a declared `type` are matched with; a `person` is asked, and the
    ///     function is never called.
    ///   - name: for people; the identifier if not given.
    ///   - description: its role, in words.
    ///   - capabilities: what it declares to be able to do.
    ///   - priority: 1 to 10; breaks ties between equal scores, 10 first.
    ///   - perform: from the work to the output.
    public init(
        _ id: AgentID,
        type: String = "function",
        name: String? = nil,
        description: String = "",
        capabilities: [Capability] = [],
        priority: Int = 5,
        perform: @escaping @Sendable (Work) async throws -> JSON
    ) {
        self.init(Self.profile(id, type, name, description, capabilities, priority), .waiting(perform))
    }

    /// The same of a function that never waits: it is called without a Swift task of its own.
    public init(
        _ id: AgentID,
        type: String = "function",
        name: String? = nil,
        description: String = "",
        capabilities: [Capability] = [],
        priority: Int = 5,
        perform: @escaping @Sendable (Work) throws -> JSON
    ) {
        self.init(Self.profile(id, type, name, description, capabilities, priority), .instant(perform))
    }

    private init(_ profile: AgentProfile, _ body: FunctionPerformer.Body) {
        self.profile = profile
        self.body = body
    }

    private static func profile(
        _ id: AgentID,
        _ type: String,
        _ name: String?,
        _ description: String,
        _ capabilities: [Capability],
        _ priority: Int
    ) -> AgentProfile {
        var profile = AgentProfile(id: id, name: name)
        profile.type = type
        profile.occupation = description
        profile.capabilities = capabilities
        profile.priority = priority
        return profile
    }

    /// The functions by the identifiers of their agents, then whoever else performs.
    package static func table(
        _ agents: [FunctionAgent],
        others: @escaping @Sendable (AgentProfile) -> (any Performer)?
    ) -> PerformerTable {
        let functions = Dictionary(
            agents.map { ($0.profile.id, FunctionPerformer($0.body)) },
            uniquingKeysWith: { $1 }
        )
        return { profile in functions[profile.id] ?? others(profile) }
    }
}

extension Engine {
    /// Runs one task by itself, without a plan and without a disk.
    ///
    /// - Parameters:
    ///   - task: what is to be done.
    ///   - agents: who may do it; of several the best by skills, preference and priority.
    /// - Returns: the output or the failure; a task that fails throws nothing.
    /// - Throws: ``BatonError`` with `plan.invalid`: the task is wrong, or none of the agents can do it.
    public static func perform(_ task: TaskSpec, by agents: FunctionAgent...) async throws -> RunOutcome.TaskOutcome {
        let plan = Plan(id: "task", agents: agents.map(\.profile), tasks: [task])
        // A run would ask a person who does the task; here nobody could answer.
        if let finding = PlanCheck.diagnostics(of: plan).first(where: { $0.severity == .error }) {
            throw BatonError(.plan, "task \(task.id) cannot be run: \(finding.message)", remedy: finding.remedy)
        }
        if let person = agents.first(where: { $0.profile.kind == .person }) {
            throw BatonError(
                .plan,
                "agent \(person.profile.id) is of type person, who is asked and not called",
                remedy: "give the function another type"
            )
        }
        let outcome = try await Engine(agents: agents).running { try await $0.start(plan).outcome() }
        return outcome.tasks[0]
    }
}
