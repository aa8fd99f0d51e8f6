// Agents of the built-in types, filled in; and those that tasks ask for and nobody named.
extension Plan {
    /// The same plan with all that its built-in agents are, and its tasks sent to whom they are about.
    package var staffed: Plan { self.profiled.routed }

    // Those that have neither a model nor one from the plan's defaults are left as they are: a Swift function may play them.
    private var profiled: Plan {
        let wanted = self.wantedProfiles
        guard !wanted.isEmpty || self.agents.contains(where: \.isOfBuiltInType) else { return self }
        var plan = self
        plan.agents += wanted.map {
            var agent = AgentProfile(id: AgentID($0))
            agent.type = $0
            return agent
        }
        for offset in plan.agents.indices {
            guard let profile = plan.agents[offset].type.flatMap(BuiltInProfile.named) else { continue }
            plan.agents[offset].model = plan.agents[offset].model ?? self.defaults.model
            guard plan.agents[offset].model != nil else { continue }
            plan.agents[offset].fill(from: profile, plan.web)
        }
        return plan
    }

    /// Whether some agent of a built-in type has no model of its own.
    package var wantsModel: Bool {
        !self.wantedProfiles.isEmpty
            || self.agents.contains { $0.model == nil && $0.isOfBuiltInType }
    }

    // Types that tasks ask for and no agent declares, in the order of the types.
    private var wantedProfiles: [String] {
        var names: Set<String> = []
        // Of most tasks nothing is looked at: this is asked several times before a run begins.
        for task in self.tasks where task.rare != nil {
            Self.note(task, in: &names)
            for part in task.subtasks { Self.note(part, in: &names) }
        }
        return names.isEmpty
            ? []
            : AgentProfile.builtInTypes.filter { type in
                names.contains(type) && !self.agents.contains { $0.declares(type) || $0.id.text == type }
            }
    }

    private static func note(_ task: TaskSpec, in names: inout Set<String>) {
        for name in [task.agentType, task.assignedAgent?.text, task.judge?.text, task.manager?.text] {
            if let name, AgentProfile.builtInTypes.contains(name) { names.insert(name) }
        }
        for name in task.doneWhen.compactMap(\.review) where AgentProfile.builtInTypes.contains(name) {
            names.insert(name)
        }
        for name in task.voters where AgentProfile.builtInTypes.contains(name) { names.insert(name) }
    }
}

extension AgentProfile {
    fileprivate var isOfBuiltInType: Bool { self.type.map(Self.builtInTypes.contains) ?? false }

    // What the plan says goes before what the profile says.
    fileprivate mutating func fill(from profile: BuiltInProfile, _ web: Plan.Web) {
        if self.occupation.isEmpty { self.occupation = profile.occupation }
        if self.capabilities.isEmpty { self.capabilities = profile.capabilities }
        if self.phases.isEmpty { self.phases = profile.phases.map(\.rawValue) }
        if self.produces == nil { self.produces = profile.produces }
        // Nobody can search where the plan names no place to search at.
        if self.tools.isEmpty { self.tools = profile.tools.filter { $0 != "web_search" || web.search != nil } }
        if self.instructionFiles.isEmpty {
            self.instructionFiles = [InstructionFile(path: profile.path, text: profile.text)]
        }
    }
}
