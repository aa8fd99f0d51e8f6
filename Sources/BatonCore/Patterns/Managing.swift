/// What a manager is asked for: to break a goal down, to say how blocked work goes on, and to join what came of all.
package enum Managing {
    /// More tasks are none that anybody oversees.
    private static let mostTasks = 100

    /// So many agents or tasks are told of by name.
    static let mostNamed = 40
    /// So much of a result stands in an answer, in characters.
    static let longestResult = 4000

    static func planning(of whole: TaskID) -> TaskID { TaskID("\(whole).plan") }

    static func resolving(_ number: Int, of whole: TaskID) -> TaskID { TaskID("\(whole).resolve-\(number)") }

    private static let string: JSON = ["type": "string"]

    static let planForm: JSON = [
        "type": "object", "required": ["summary", "tasks"],
        "properties": [
            "summary": string,
            "tasks": [
                "type": "array", "minItems": 1, "maxItems": .integer(Int64(mostTasks)),
                "items": [
                    "type": "object", "required": ["task_id", "description"], "additionalProperties": false,
                    "properties": [
                        "task_id": string, "description": string, "agent": string,
                        "dependencies": ["type": "array", "items": string], "complexity": string, "reason": string,
                    ],
                ],
            ],
        ],
    ]

    static let resolutionForm: JSON = [
        "type": "object", "required": ["action", "words"],
        "properties": [
            "action": ["enum": ["answer", "work_around", "replan", "ask_person"]], "words": string,
            "tasks": planForm["properties"]?["tasks"] ?? .null,
        ],
    ]

    static func planningWork(_ goal: String, _ agents: [AgentProfile]) -> String {
        let names = agents.filter { $0.available && $0.kind != .conductor && $0.madeBy == nil }.prefix(mostNamed)
        return """
            Break this goal down into tasks for the agents below, and do none of it yourself. What one agent can do in one go is one task. \
            Each task has a task_id of its own, all that its agent has to know in its description, the agent that does it, and in \
            dependencies the task_ids whose results it needs; its agent is given those. Say how hard it is (complexity) and why (reason).

            Goal: \(goal)

            Agents: \(names.map(Self.introduced).joined(separator: ", "))
            """
    }

    // Whoever is asked who does what has to know who can do what.
    private static func introduced(_ agent: AgentProfile) -> String {
        let able = agent.capabilities.map(\.name).joined(separator: ", ")
        let words = [agent.occupation, able.isEmpty ? "" : "can: \(able)"].filter { !$0.isEmpty }
        return Template.literal(words.isEmpty ? agent.id.text : "\(agent.id) (\(words.joined(separator: "; ")))")
    }

    /// A manager that says who does what hands nothing on itself.
    static func tools(of manager: AgentID, _ agents: [AgentProfile]) -> [String]? {
        guard let own = agents.first(where: { $0.id == manager })?.tools, own.contains("delegate") else { return nil }
        return own.filter { $0 != "delegate" }
    }

    static func resolvingWork(
        _ task: TaskSpec,
        _ blocker: String,
        of whole: TaskSpec,
        _ standing: [String],
        earlier: [String]
    ) -> String {
        let before =
            earlier.isEmpty
            ? "" : "\n\nWhat you have said of others before: \(Template.literal(earlier.joined(separator: "; ")))"
        // A whole that was broken down says what its manager is to join, behind its goal.
        let end = whole.description.firstRange(of: Self.joined)?.lowerBound ?? whole.description.endIndex
        let goal = String(whole.description[..<end])
        let work = Template.literal(PlainText.line(task.description, limit: 600))
        return """
            Task \(task.id) is held up. Say how it goes on: answer what is asked; work_around, with what is to be done instead; replan, \
            with tasks that have to be done first; or ask_person, if only a person can decide. words are told to whoever does the task.

            What holds it up: \(blocker)

            Its work: \(work)

            It is a part of: \(Template.literal(PlainText.line(goal, limit: 600)))

            All parts: \(Template.literal(standing.joined(separator: "; ")))\(before)
            """
    }

    private static let joined = "\n\nThe tasks that this was broken down into"

    static func joiningWork(_ goal: String) -> String {
        "\(goal)\(joined) have ended; their results stand below. Join them into what was asked "
            + "for, and say what failed or is left open."
    }

    struct Fault: Error {
        let words: String
        init(_ words: String) { self.words = words }
    }

    /// The tasks of a manager's answer, as parts of the whole.
    static func specs(_ tasks: JSON?, of whole: TaskSpec, in plan: Plan) throws(Fault) -> [TaskSpec] {
        let agents = plan.agents
        guard let elements = tasks?.elements, !elements.isEmpty else { throw Fault("it has no tasks") }
        guard elements.count <= Self.mostTasks else {
            throw Fault("\(elements.count) tasks are too many: \(Self.mostTasks) is the most")
        }
        var specs: [TaskSpec] = []
        for element in elements {
            guard let id = element["task_id"]?.string, let words = element["description"]?.string, !words.isBlank else {
                throw Fault("a task wants a task_id and a description")
            }
            var spec = TaskSpec(id: TaskID(id), description: Template.literal(words))
            spec.partOf = whole.id
            spec.followUps = [whole.id]
            spec.priority = whole.priority
            spec.dependencies = (element["dependencies"]?.elements ?? []).compactMap { $0.string.map { TaskID($0) } }
            if let name = element["agent"]?.string, !name.isBlank {
                if agents.contains(where: { $0.id.text == name }) {
                    spec.assignedAgent = AgentID(name)
                } else if let named = agents.first(where: { $0.name == name }) {
                    spec.assignedAgent = named.id
                } else {
                    spec.agentType = name
                }
            }
            // How hard it is chooses the model where the plan has one for that, and stands with the reason where the agent reads it.
            let judged = ["complexity", "reason"].compactMap { key in
                element[key]?.string.map { (key, JSON.string($0)) }
            }
            if !judged.isEmpty { spec.input = Template.literal(.members(judged)) }
            if let tier = element["complexity"]?.string, plan.tier(named: tier) != nil { spec.complexity = tier }
            specs.append(spec)
        }
        return specs
    }

    /// Why an answer of a manager cannot become tasks; empty if it can.
    package static func faults(of output: JSON, for part: TaskSpec, in plan: Plan) -> [String] {
        guard let whole = plan.whole(managing: part) else { return [] }
        let hasNone = output["tasks"]?.elements?.isEmpty ?? true
        if part.isResolving, hasNone, output["action"] == "replan" {
            return ["replan wants tasks that have to be done first"]
        }
        guard output["tasks"] != nil || part.isPlanning else { return [] }
        do throws(Fault) {
            var specs = try Self.specs(output["tasks"], of: whole, in: plan)
            Self.put(&specs, before: part)
            return Self.diagnostics(of: specs, in: plan)
        } catch {
            return [error.words]
        }
    }

    /// Whatever asks goes on behind all that a manager puts before it: what needs it could never begin.
    static func put(_ specs: inout [TaskSpec], before part: TaskSpec) {
        guard part.isResolving, let held = part.input["task"]?.string.map({ TaskID($0) }) else { return }
        for offset in specs.indices where !specs[offset].followUps.contains(held) {
            specs[offset].followUps.append(held)
        }
    }

    /// Why a planner's tasks are no plan: names that are twice or nowhere, circles; empty if they are one.
    package static func faults(ofPlan output: JSON) -> [String] {
        let tasks = (output["tasks"]?.elements ?? []).map { element -> TaskSpec in
            let needed = (element["dependencies"]?.elements ?? []).compactMap { $0.string.map { TaskID($0) } }
            return TaskSpec(id: TaskID(element["task_id"]?.string ?? ""), dependencies: needed)
        }
        guard !tasks.isEmpty else { return ["/tasks: there is none"] }
        guard tasks.count <= Self.mostTasks else {
            return ["/tasks: \(tasks.count) are too many: \(Self.mostTasks) is the most"]
        }
        var agent = AgentProfile(id: "anybody")
        agent.type = "function"
        let plan = Plan(id: "plan", agents: [agent], tasks: tasks)
        let found = PlanRanges.diagnostics(of: plan) + PlanCheck.diagnostics(of: plan).filter(\.blocksRun)
        return found.prefix(5).map { "/tasks: \($0.message); \($0.remedy)" }
    }

    static func diagnostics(of specs: [TaskSpec], in plan: Plan) -> [String] {
        if let taken = specs.first(where: { spec in plan.tasks.contains { $0.id == spec.id } }) {
            return ["there is a task \(taken.id) already: choose another task_id"]
        }
        let isOwn = { (spec: TaskSpec) in
            spec.partOf.map { spec.id == Self.planning(of: $0) || spec.id.text.hasPrefix("\($0).resolve-") } ?? false
        }
        if let own = specs.first(where: isOwn) {
            return ["\(own.id) is called as Baton calls a task of its own: choose another task_id"]
        }
        let types = Eligibility.declaredTypes(of: plan.agents)
        if let odd = specs.lazy.compactMap(\.agentType).first(where: { !types.contains($0) }) {
            let names = plan.agents.prefix(40).filter { $0.kind != .conductor }.map(\.id.text)
            return [
                "Agent \(PlainText.line(odd, limit: 60)) not registered. There are \(names.joined(separator: ", "))."
            ]
        }
        var wanted = plan
        wanted.tasks += specs
        let found = PlanRanges.diagnostics(of: wanted) + PlanCheck.diagnostics(of: wanted).filter(\.blocksRun)
        return found.prefix(5).map { "\($0.message); \($0.remedy)" }
    }

    /// What a stand-in says: a chain of two beside a third.
    static func sample(_ words: String, _ agents: [AgentProfile], _ whole: TaskID) -> JSON {
        let able = agents.filter { $0.available && $0.kind != .conductor && $0.madeBy == nil }
        let task = { (name: String, offset: Int, needs: [String]) -> JSON in
            var task: JSON = ["task_id": .string("\(whole).\(name)"), "description": .string("\(words): \(name)")]
            if able.count > 1 { task = task.adding("agent", .string(able[offset % able.count].id.text)) }
            return task.adding("dependencies", .array(needs.map { .string("\(whole).\($0)") }))
                .adding("complexity", "simple").adding("reason", .string(words))
        }
        return [
            "summary": .string(words),
            "tasks": [task("first", 0, []), task("second", 1, ["first"]), task("third", 2, [])],
        ]
    }
}

extension TaskSpec {
    /// The question that a manager is asked to answer in it.
    var asksAbout: QuestionID? {
        self.input["question"]?.integer.flatMap { Int32(exactly: $0) }.map { QuestionID(Int($0)) }
    }

    /// Whether in it a manager breaks its whole down.
    ///
    /// A name alone gives nobody that power: Baton asks for a form of its own.
    package var isPlanning: Bool {
        self.partOf.map { self.id == Managing.planning(of: $0) } ?? false && self.produces == Managing.planForm
    }

    /// Whether in it a manager says how another task goes on.
    package var isResolving: Bool {
        self.partOf.map { self.id.text.hasPrefix("\($0).resolve-") } ?? false && self.asksAbout != nil
            && self.produces == Managing.resolutionForm
    }
}

extension Plan {
    /// The whole that a manager plans, or goes on with, in a part; nil if it does neither there.
    func whole(managing part: TaskSpec) -> TaskSpec? {
        guard part.isPlanning || part.isResolving else { return nil }
        return self.tasks.first { $0.id == part.partOf && $0.manager != nil }
    }
}
