/// The compiler's second half: what tables cannot say about a plan.
///
/// All findings, none stops the others.
package struct PlanCheck {
    package static let mostTasks = 100_000
    package static let mostDependencies = 10_000
    package static let mostEdges = 2_000_000

    private let plan: Plan
    private let graph: PlanGraph
    private var found: [Diagnostic] = []

    private init(_ plan: Plan) {
        self.plan = plan
        self.graph = PlanGraph(plan.tasks)
    }

    package static func diagnostics(of plan: Plan) -> [Diagnostic] { Self.findings(of: plan).diagnostics }

    /// The same with the graph that was made for it; none of a plan that is too large.
    package static func findings(of plan: Plan) -> (diagnostics: [Diagnostic], graph: PlanGraph?) {
        if let limit = Self.sizeFault(of: plan) { return ([limit], nil) }
        let unfolding = PlanUnfolding(plan)
        if let limit = Self.sizeFault(of: unfolding.plan) { return ([limit], nil) }
        let (found, graph) = Self.findings(ofUnfolded: unfolding.plan)
        let placed = found.map { $0.moved(to: unfolding.origin) }
        return (
            MeetingCheck.diagnostics(of: plan) + PatternCheck.diagnostics(of: plan, unfolded: unfolding.plan) + placed,
            graph
        )
    }

    private static func findings(ofUnfolded plan: Plan) -> (diagnostics: [Diagnostic], graph: PlanGraph?) {
        var check = PlanCheck(plan)
        check.checkSize()
        check.checkAgents()
        check.checkTiers()
        check.checkTaskNames()
        for offset in plan.tasks.indices where check.found.count < PlanValidator.mostFindings {
            check.checkTask(offset)
        }
        check.checkCycles()
        check.found += StaffingCheck.diagnostics(of: plan) + CapabilityCheck.diagnostics(of: plan)
        check.found += UnplayedParts.diagnostics(of: plan)
        check.found += ToolCheck.diagnostics(of: plan)
        check.found += EffectCheck.diagnostics(of: plan)
        check.found += ProofCheck.diagnostics(of: plan)
        check.found += ConditionCheck.diagnostics(of: plan)
        check.found += InstructionFiles.unread(in: plan)
        check.found += PersonaCheck.diagnostics(of: plan)
        return (check.found, check.graph)
    }

    package static func tooManyTasks(_ count: Int) -> Diagnostic {
        Diagnostic(
            "limit.tasks",
            "the plan has \(count) tasks; \(Self.mostTasks) is the most",
            remedy: "split it into several plans",
            at: PlanPath(.name("tasks"))
        )
    }

    // Too large to look further.
    private static func sizeFault(of plan: Plan) -> Diagnostic? {
        if plan.tasks.count > Self.mostTasks { return Self.tooManyTasks(plan.tasks.count) }
        var edges = 0
        for (offset, task) in plan.tasks.enumerated() {
            let own = max(task.dependencies.count, task.followUps.count)
            edges += task.dependencies.count + task.followUps.count
            guard own > Self.mostDependencies || edges > Self.mostEdges else { continue }
            let message =
                own > Self.mostDependencies
                ? "task \(task.id) is linked to \(own) tasks; \(Self.mostDependencies) is the most"
                : "the plan has over \(Self.mostEdges) dependencies; that is the most"
            return Diagnostic(
                "limit.edges",
                message,
                remedy: "put a task in between that gathers them",
                at: PlanPath(.name("tasks"), .index(offset))
            )
        }
        return nil
    }

    private mutating func say(
        _ code: String,
        _ message: String,
        _ remedy: String,
        _ path: PlanPath,
        severity: Diagnostic.Severity = .error,
        earlier: PlanPath? = nil
    ) {
        self.found.append(
            Diagnostic(code, message, remedy: remedy, at: path, severity: severity, earlier: earlier)
        )
    }

    private mutating func checkSize() {
        if self.plan.tasks.isEmpty {
            self.say("plan.empty_plan", "the plan has no tasks", "add at least one task", PlanPath(.name("tasks")))
        }
        if self.plan.agents.isEmpty {
            self.say("plan.empty_plan", "the plan has no agents", "add at least one agent", PlanPath(.name("agents")))
        }
    }

    private mutating func checkAgents() {
        let path = PlanPath(.name("agents"))
        self.checkNames(self.plan.agents.map(\.id.text), noun: "agent", key: "agent_id", at: path)
        for (offset, agent) in self.plan.agents.enumerated() {
            if Question.means(agent.id.text) {
                self.say(
                    "plan.answer_word",
                    "agent \(agent.id) is called like an answer to questions, so nobody can give it a task by that word",
                    "call it otherwise",
                    path[offset]["agent_id"],
                    severity: .warning
                )
            }
            if let form = agent.produces { self.checkForm(form, "agent \(agent.id)", path[offset]) }
            if agent.type == "command", agent.command.isEmpty {
                self.say(
                    "plan.missing_field",
                    "agent \(agent.id) is of type command and has no command",
                    "add command: [program, argument, …]",
                    path[offset]
                )
            }
            self.checkKind(of: agent, path[offset])
            if let program = agent.command.first, program.isEmpty {
                self.say(
                    "plan.value",
                    "the command of agent \(agent.id) begins with an empty text",
                    "write the program first",
                    path[offset]["command"][0]
                )
            }
            for (index, argument) in agent.command.enumerated() where argument.utf8.contains(0) {
                self.say(
                    "parse.control_char",
                    "argument \(index) of agent \(agent.id) holds NUL",
                    "remove it",
                    path[offset]["command"][index]
                )
            }
            for variable in agent.environment {
                guard let fault = EnvironmentRule.fault(of: variable) else { continue }
                self.say(
                    "exec.environment",
                    "agent \(agent.id) may not set \(PlainText.line(variable.name, limit: 60)): \(fault)",
                    EnvironmentRule.remedy,
                    path[offset]["environment"][variable.name].name
                )
            }
        }
    }

    // Who has two ways to work follows one, and nobody is told that the other is idle.
    private mutating func checkKind(of agent: AgentProfile, _ path: PlanPath) {
        guard !agent.command.isEmpty, let type = agent.type ?? (agent.model == nil ? nil : "command"),
            type != "command" || agent.model != nil
        else { return }
        if type == "command" {
            self.say(
                "plan.no_effect",
                "agent \(agent.id) is a command, so its model is never asked",
                "take model or command out",
                path["model"],
                severity: .warning
            )
        } else {
            let isBuiltIn = AgentProfile.builtInTypes.contains(type)
            self.say(
                "plan.value",
                "agent \(agent.id) is of type \(type), so its command would never run",
                isBuiltIn ? "write capabilities: [\(type)] instead of type" : "take type or command out",
                path["command"]
            )
        }
    }

    private mutating func checkTaskNames() {
        // Names in small letters that the graph tells apart need no second look, and most plans have no others.
        let tasks = self.plan.tasks
        if self.graph.indexes.count == tasks.count, tasks.allSatisfy({ Self.isLowercased($0.id.text) }) { return }
        self.checkNames(self.plan.tasks.map(\.id.text), noun: "task", key: "task_id", at: PlanPath(.name("tasks")))
    }

    private mutating func checkNames(_ names: [String], noun: String, key: String, at path: PlanPath) {
        var first: [String: Int] = [:]
        first.reserveCapacity(names.count)
        for (offset, name) in names.enumerated() where !name.isEmpty {
            guard let alike = first.updateValue(offset, forKey: Self.lowercased(name)) else { continue }
            first[Self.lowercased(name)] = alike
            let place = path[offset][key]
            if let earlier = names[..<offset].firstIndex(of: name) {
                self.say(
                    "plan.duplicate_id",
                    "\(noun) \(name) is here twice, first as \(path)[\(earlier)]",
                    "rename one of them",
                    place,
                    earlier: path[earlier][key]
                )
            } else {
                self.say(
                    "plan.ambiguous_id",
                    "\(noun) \(name) differs from \(names[alike]) only in case",
                    "rename one of them: some file systems cannot tell them apart",
                    place,
                    earlier: path[alike][key]
                )
            }
        }
    }

    // Names that are small already need no second text.
    private static func lowercased(_ name: String) -> String {
        self.isLowercased(name) ? name : name.lowercased()
    }

    private static func isLowercased(_ name: String) -> Bool {
        name.utf8.allSatisfy { $0 < 0x80 && !(UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0) }
    }

    // Nothing is made for a task that is in order: plans are large, and hardly any has findings.
    private mutating func checkTask(_ offset: Int) {
        let task = self.plan.tasks[offset]
        var path: PlanPath { PlanPath(.name("tasks"), .index(offset)) }
        if !self.graph.knowsAllNames { self.checkLinks(of: task, path) }
        if task.input.mayHoldTemplate { self.checkTemplate(task.input, "input", task.id, offset) }
        if task.description.utf8.contains(UInt8(ascii: "{")) {
            self.checkTemplate(.string(task.description), "description", task.id, offset)
        }
        // Of a judge the pattern is told.
        if let agent = task.assignedAgent, !task.isJudging { self.checkAgent(agent, "task \(task.id)", path) }
        if let form = task.produces { self.checkForm(form, "task \(task.id)", path) }
        if let tier = task.complexity, self.plan.tier(named: tier) == nil { self.unknownTier(tier, task, path) }
        if let fallback = task.fallback { self.check(fallback, of: task, offset) }
    }

    private mutating func check(_ fallback: TaskFallback, of task: TaskSpec, _ offset: Int) {
        let path = PlanPath(.name("tasks"), .index(offset), .name("fallback"))
        if let agent = fallback.assignedAgent { self.checkAgent(agent, "the fallback of task \(task.id)", path) }
        if let tier = fallback.complexity, self.plan.tier(named: tier) == nil { self.unknownTier(tier, task, path) }
        if let text = fallback.description { self.checkTemplate(.string(text), "fallback", task.id, offset) }
    }

    private mutating func checkAgent(_ agent: AgentID, _ who: String, _ path: PlanPath) {
        guard !self.plan.agents.contains(where: { $0.id == agent }) else { return }
        self.say(
            "plan.unknown_agent",
            "\(who) is assigned to \(PlainText.line(agent.text, limit: 60)), which is no agent",
            self.nearestAgent(agent.text),
            path["assigned_agent"]
        )
    }

    private mutating func checkTiers() {
        for tier in self.plan.modelTiers where tier.models.allSatisfy(\.isBlank) {
            self.say(
                "plan.unknown_tier",
                "model_tiers has no model for \(PlainText.line(tier.name, limit: 60))",
                "write \(PlainText.line(tier.name, limit: 60)): provider/model, or take it out",
                PlanPath(.name("model_tiers"), .name(tier.name))
            )
        }
    }

    private mutating func unknownTier(_ tier: String, _ task: TaskSpec, _ path: PlanPath) {
        let names = self.plan.modelTiers.map(\.name)
        self.say(
            "plan.unknown_tier",
            "task \(task.id) is \(PlainText.line(tier, limit: 60)), and model_tiers has no model for that",
            NearestName.of(tier, among: names).map { "did you mean \($0)?" }
                ?? "add model_tiers: {\(PlainText.line(tier, limit: 60)): provider/model}",
            path["complexity"]
        )
    }

    private mutating func checkForm(_ form: JSON, _ whose: String, _ path: PlanPath) {
        do throws(JSONSchema.Fault) {
            _ = try JSONSchema(form)
        } catch {
            self.say(
                "plan.produces",
                "produces of \(whose) is no JSON Schema that can be held: \(error)",
                "see docs/models.md for what schemas may say",
                path["produces"]
            )
        }
    }

    private mutating func checkLinks(of task: TaskSpec, _ path: PlanPath) {
        for (index, id) in task.dependencies.enumerated() where self.graph.indexes[id] == nil {
            self.say(
                "plan.unknown_task",
                "task \(task.id) depends on \(PlainText.line(id.text, limit: 60)), which is no task",
                self.nearestTask(id.text),
                path["dependencies"][index]
            )
        }
        for (index, id) in task.followUps.enumerated() where self.graph.indexes[id] == nil {
            self.say(
                "plan.unknown_follow_up",
                "task \(task.id) is followed by \(PlainText.line(id.text, limit: 60)), which is no task",
                "\(self.nearestTask(id.text)); it is ignored",
                path["follow_up_tasks"][index],
                severity: .warning
            )
        }
        for reference in task.references where self.graph.indexes[reference.task] == nil {
            self.say(
                "plan.unknown_task",
                "task \(task.id) uses the output of \(reference.task), which is no task",
                self.nearestTask(reference.task.text),
                path[task.input == .null ? "description" : "input"]
            )
        }
    }

    private mutating func checkTemplate(_ value: JSON, _ name: String, _ task: TaskID, _ offset: Int) {
        for slip in Template(value).slips {
            self.say(
                "plan.template",
                "task \(task) has \(PlainText.line(slip, limit: 60)), which names no output",
                "write {{tasks.NAME.output}}; as it stands, it is passed on as text",
                PlanPath(.name("tasks"), .index(offset), .name(name)),
                severity: .warning
            )
        }
    }

    private mutating func checkCycles() {
        guard let cycle = self.graph.cycle() else { return }
        let names = cycle.map { self.plan.tasks[$0.offset].id.text }
        let last = cycle[cycle.count - 1].offset
        let before = self.plan.tasks[cycle[cycle.count - 2].offset].id
        let path = PlanPath(.name("tasks"), .index(last))
        let own = self.plan.tasks[last].dependencies.firstIndex(of: before).map { path["dependencies"][$0] }
        self.say(
            "plan.cycle",
            "each of these tasks waits for the one before it: \(names.joined(separator: " → "))",
            self.sequence(of: cycle).map {
                "the steps of a sequence run in their order: put those first that others need, or make \($0) pattern: parallel"
            } ?? "remove one of the links (dependencies, follow_up_tasks or {{tasks…output}})",
            own ?? path
        )
    }

    // The sequence in which all of it happens, if it is one.
    private func sequence(of cycle: [TaskIndex]) -> TaskID? {
        let wholes = Set(cycle.map { self.plan.tasks[$0.offset].partOf })
        guard wholes.count == 1, let whole = wholes.first ?? nil else { return nil }
        return self.plan.tasks.first { $0.id == whole && $0.pattern == .sequential }?.id
    }

    private func nearestTask(_ name: String) -> String {
        NearestName.of(name, among: self.plan.tasks.lazy.map(\.id.text)).map { "did you mean \($0)?" }
            ?? "add the task or remove the name"
    }

    private func nearestAgent(_ name: String) -> String { self.plan.nearestAgent(name) }
}
