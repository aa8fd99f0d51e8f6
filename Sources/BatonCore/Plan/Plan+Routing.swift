/// Tasks that name nobody, sent to whoever declares what they are about.
extension Plan {
    /// The same plan, in which tasks without type, agent and skills ask for the capability that they are about, and take as long
    /// as whoever declares it says, where the plan says no other time.
    ///
    /// Routing what is routed changes nothing.
    package var routed: Plan {
        // Of most teams nobody declares anything: their plans are large.
        guard self.agents.contains(where: { !$0.capabilities.isEmpty }) else { return self }
        let declared = Routing(self.agents)
        // Of voters no two should be the same.
        let votes = Set(self.tasks.lazy.filter { $0.pattern == .consensus }.map(\.id))
        var plan = self
        for offset in plan.tasks.indices {
            let task = plan.tasks[offset]
            guard task.pattern != .consensus, !(task.partOf.map(votes.contains) ?? false) else { continue }
            plan.tasks[offset] = declared.routed(task)
            guard !task.subtasks.isEmpty else { continue }
            plan.tasks[offset].subtasks = task.subtasks.map(declared.routed)
        }
        return plan
    }
}

/// Which capability a task is about.
package struct Routing {
    /// What says so.
    package enum Reason: Hashable, Sendable {
        /// Its input has all that the capability wants: these keys.
        case input([String])
        /// Its description begins with the name.
        case words

        package var words: String {
            switch self {
            case .input(let keys): "its input has \(keys.joined(separator: ", "))"
            case .words: "its description begins with that"
            }
        }
    }

    private let agents: [AgentProfile]
    private let capabilities: [Capability]

    package init(_ agents: [AgentProfile]) {
        self.agents = agents.filter { $0.available && $0.madeBy == nil && !$0.capabilities.isEmpty }
        self.capabilities = self.agents.flatMap(\.capabilities)
    }

    func routed(_ task: TaskSpec) -> TaskSpec {
        var task = task
        if self.isOpen(task), let capability = self.capability(of: task) { task.agentType = capability }
        guard task.estimatedHours == 1, let hours = self.hours(of: task) else { return task }
        task.estimatedHours = hours
        return task
    }

    // Whoever it names, or the skills that it asks for, decide.
    private func isOpen(_ task: TaskSpec) -> Bool {
        task.agentType == nil && task.type == nil && task.assignedAgent == nil && task.attendees.isEmpty
            && task.requiredSkills.isEmpty && task.pattern == nil && !task.isMeeting && task.subtasks.isEmpty
    }

    // What its input has speaks louder than its words; of two the more particular; nothing where two are equal.
    private func capability(of task: TaskSpec) -> String? {
        let byInput = self.best { capability in
            if case .input(let keys)? = Self.reason(for: task, capability, byInput: true) { keys.count } else { 0 }
        }
        return byInput ?? self.best { Self.reason(for: task, $0, byInput: false) == nil ? 0 : $0.name.utf8.count }
    }

    private func best(_ weight: (Capability) -> Int) -> String? {
        let weighed = self.capabilities.map { (name: $0.name, weight: weight($0)) }.filter { $0.weight > 0 }
        let most = weighed.map(\.weight).max()
        let names = Set(weighed.filter { $0.weight == most }.map(\.name))
        return names.count == 1 ? names.first : nil
    }

    /// Why a task that names nobody is about a capability; nil if it is not.
    package static func reason(for task: TaskSpec, _ capability: Capability) -> Reason? {
        Self.reason(for: task, capability, byInput: true) ?? Self.reason(for: task, capability, byInput: false)
    }

    private static func reason(for task: TaskSpec, _ capability: Capability, byInput: Bool) -> Reason? {
        // Who lacks something of its input could not begin.
        guard capability.missing(in: task.input).isEmpty else { return nil }
        if byInput {
            let wanted = capability.inputTypes.filter { !$0.hasSuffix("?") }
            return wanted.isEmpty ? nil : .input(wanted)
        }
        let name = Self.words(capability.name)
        let said = Self.words(task.description, atMost: name.count)
        return !name.isEmpty && said == name ? .words : nil
    }

    private static func words(_ text: String, atMost most: Int = .max) -> [String] {
        text.split(maxSplits: most) { !$0.isLetter && !$0.isNumber }.prefix(most).map { $0.lowercased() }
    }

    private func hours(of task: TaskSpec) -> Double? {
        guard let name = task.agentType ?? task.type else { return nil }
        let able = self.agents.filter { task.assignedAgent == nil || $0.id == task.assignedAgent }
        let times = able.compactMap { $0.capability(name)?.estimatedTime?.microseconds }.filter { $0 > 0 }
        return times.min().map { Double($0) / 3_600_000_000 }
    }
}
