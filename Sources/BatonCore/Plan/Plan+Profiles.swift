// Agents of the built-in types, filled in; and those that tasks ask for and nobody named.
extension Plan {
    /// The same plan with all that its built-in agents are.
    ///
    /// Those that have neither a model nor one from the plan's defaults are left as they are: a Swift function may play them.
    package var staffed: Plan {
        let types = Set(AgentProfile.builtInTypes)
        let wanted = self.wantedProfiles
        guard !wanted.isEmpty || self.agents.contains(where: { $0.type.map(types.contains) ?? false }) else {
            return self
        }
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
            || self.agents.contains { $0.model == nil && $0.type.flatMap(BuiltInProfile.named) != nil }
    }

    // Types that tasks ask for and no agent declares, in the order of the types.
    private var wantedProfiles: [String] {
        var names: Set<String> = []
        for task in self.tasks {
            for spec in [task] + task.subtasks {
                names.formUnion(
                    [spec.agentType, spec.assignedAgent?.text, spec.judge?.text, spec.manager?.text].compactMap { $0 }
                )
                names.formUnion(spec.voters)
            }
        }
        return AgentProfile.builtInTypes.filter { type in
            names.contains(type) && !self.agents.contains { $0.declares(type) || $0.id.text == type }
        }
    }
}

extension AgentProfile {
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
