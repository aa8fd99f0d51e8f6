/// A plan whose patterns have become tasks: each part is a task of its own, and the task with the pattern waits for all of them.
package struct PlanUnfolding: Sendable {
    package let plan: Plan
    /// For each task, where the plan as it was written has it; empty if nothing had to be unfolded.
    private let origins: [PlanPath]

    /// Whose results a step of a sequence is given: those of so many steps before it.
    package static let longestMemory = 16
    package static let conductor: AgentID = "baton"

    /// - Parameter begun: so many tasks stand as they are: a run has begun with them.
    package init(_ written: Plan, begun: Int = 0) {
        let plan = written.staffed.withMeetings(from: begun)
        guard plan.tasks.contains(where: { $0.pattern != nil || $0.partOf != nil }) else {
            (self.plan, self.origins) = (plan, [])
            return
        }
        var unfolded = plan
        unfolded.tasks = []
        var origins: [PlanPath] = []
        let own = Dictionary(grouping: plan.tasks.lazy.compactMap { task in task.partOf.map { ($0, task.id) } }) {
            $0.0
        }
        for (offset, task) in plan.tasks.enumerated() {
            let path = PlanPath(.name("tasks"), .index(offset))
            let parts = Parts(of: task, agents: plan.agents, listed: own[task.id, default: []].map(\.1))
            unfolded.tasks.append(parts.whole)
            origins.append(path)
            for (index, part) in parts.made.enumerated() {
                unfolded.tasks.append(part)
                origins.append(task.subtasks.isEmpty ? path : path["subtasks"][index])
            }
        }
        Self.link(&unfolded.tasks)
        if unfolded.tasks.contains(where: { $0.isConducted || $0.isOpening }),
            !plan.agents.contains(where: { $0.kind == .conductor })
        {
            unfolded.agents.append(Self.conductor(beside: plan.agents))
        }
        (self.plan, self.origins) = (unfolded, origins)
    }

    /// Where the plan as it was written has what is at a path of the unfolded one.
    package func origin(of path: PlanPath) -> PlanPath {
        guard path.steps.count >= 2, case .index(let offset) = path.steps[1], path.steps[0] == .name("tasks"),
            self.origins.indices.contains(offset)
        else { return path }
        var origin = self.origins[offset]
        origin.steps += path.steps.dropFirst(2)
        origin.meansName = path.meansName
        return origin
    }

    /// Who joins what parts brought: the engine itself.
    static func conductor(beside agents: [AgentProfile]) -> AgentProfile {
        var id = Self.conductor
        while agents.contains(where: { $0.id == id }) { id = AgentID("\(id)-0") }
        var profile = AgentProfile(id: id, name: "Baton")
        profile.occupation = "joins what the parts of a pattern brought"
        profile.type = AgentProfile.conductorType
        profile.maxConcurrentTasks = 10_000
        profile.repeatable = true
        return profile
    }

    // What a pattern needs before it begins its parts need: those that wait for no other part.
    private static func link(_ tasks: inout [TaskSpec]) {
        var places: [TaskID: Int] = [:]
        for offset in tasks.indices.reversed() { places[tasks[offset].id] = offset }
        var members: [TaskID: [Int]] = [:]
        var before: [TaskID: [TaskID]] = [:]
        for task in tasks { for next in task.followUps { before[next, default: []].append(task.id) } }
        for offset in tasks.indices {
            if let whole = tasks[offset].partOf, places[whole] != nil { members[whole, default: []].append(offset) }
        }
        // Outer patterns first: what they need reaches the parts of the inner ones through these.
        for offset in tasks.indices.sorted(by: { Self.depth(tasks, $0, places) < Self.depth(tasks, $1, places) }) {
            guard let parts = members[tasks[offset].id] else { continue }
            Self.link(parts, to: offset, before[tasks[offset].id, default: []], &tasks)
        }
    }

    private static func depth(_ tasks: [TaskSpec], _ offset: Int, _ places: [TaskID: Int]) -> Int {
        var (depth, current) = (0, offset)
        while let whole = tasks[current].partOf, let place = places[whole], depth <= tasks.count {
            (depth, current) = (depth + 1, place)
        }
        return depth
    }

    private static func link(_ parts: [Int], to whole: Int, _ before: [TaskID], _ tasks: inout [TaskSpec]) {
        let ids = parts.map { tasks[$0].id }
        let own = tasks[whole].dependencies.filter { !ids.contains($0) }
        let needed = own + before.filter { !ids.contains($0) && !own.contains($0) }
        if tasks[whole].pattern == .sequential {
            for (place, part) in parts.enumerated() where place > 0 {
                let before = ids[max(0, place - Self.longestMemory)..<place]
                tasks[part].dependencies += before.filter { !tasks[part].dependencies.contains($0) }
            }
        }
        let isTalk = tasks[whole].pattern == .meeting || tasks[whole].rounds ?? 1 > 1
        for part in parts where isTalk || !tasks[part].dependencies.contains(where: ids.contains) {
            // Whoever speaks later knows what those knew who spoke first.
            if isTalk, tasks[part].dependencies.contains(where: ids.contains) {
                tasks[part].dependencies += needed.filter { !tasks[part].dependencies.contains($0) }
                continue
            }
            tasks[part].dependencies += needed.filter { !tasks[part].dependencies.contains($0) }
            if !needed.isEmpty { tasks[part].onDependencyFailure = tasks[whole].onDependencyFailure }
        }
        let wanted = tasks[whole].conditions
        for part in parts where !wanted.isEmpty {
            tasks[part].conditions += wanted.filter { !tasks[part].conditions.contains($0) }
        }
        // Those that came later say themselves what they come before.
        let said = parts.filter { !tasks[$0].followUps.contains(tasks[whole].id) }.map { tasks[$0].id }
        tasks[whole].dependencies = own + said
    }
}

extension PlanUnfolding {
    /// What becomes of one task.
    fileprivate struct Parts {
        var whole: TaskSpec
        var made: [TaskSpec] = []

        init(of task: TaskSpec, agents: [AgentProfile], listed: [TaskID]) {
            self.whole = task
            guard let pattern = task.pattern else { return }
            if pattern == .meeting {
                guard listed.isEmpty else { return }
                let conductor = Self.conductorID(among: agents)
                self.made = MeetingUnfolding.parts(of: task, agents, conductor: conductor)
                self.whole = MeetingUnfolding.minutes(of: task, agents, conductor: conductor)
                return
            }
            self.made = task.subtasks
            let speaks = pattern == .consensus || pattern == .parallel && task.rounds != nil
            if speaks, self.made.isEmpty, listed.isEmpty { self.made = Self.voters(of: task, agents) }
            if let manager = task.manager, pattern == .hierarchical {
                self.whole.aggregation = .synthesis
                self.whole.assignedAgent = manager
                if self.made.isEmpty, listed.isEmpty {
                    self.made = [Self.planning(task, by: manager, agents)]
                    self.whole.description = Managing.joiningWork(task.description)
                }
            }
            guard !self.made.isEmpty || !listed.isEmpty else { return }
            let isOneByOne = pattern == .sequential
            for place in self.made.indices {
                self.made[place].partOf = task.id
                self.made[place].priority = task.priority
                self.made[place].scheduledDate = task.scheduledDate
                self.made[place].estimatedHours = task.estimatedHours / (isOneByOne ? Double(self.made.count) : 1)
                if pattern == .consensus, self.made[place].produces == nil { self.made[place].produces = task.produces }
            }
            if pattern == .consensus { self.whole.produces = nil }
            var last = self.made.map(\.id)
            if let rounds = task.rounds, rounds > 1, pattern == .consensus || pattern == .parallel {
                // More are refused, and not made before that.
                (self.made, last) = Self.rounds(min(rounds, TaskSpec.mostRounds), of: self.made)
            }
            if let judge = task.judge, pattern == .consensus, !listed.contains(ConsensusRule.judging(of: task.id)) {
                self.made.append(Self.judging(task, by: judge, last + listed))
            }
            self.whole.subtasks = []
            self.whole.scheduledDate = nil
            guard self.whole.aggregation != .synthesis else { return }
            // Joining takes no time that counts.
            self.whole.estimatedHours = 0.000_1
            self.whole.requiredSkills = SkillLevels()
            self.whole.agentType = nil
            self.whole.assignedAgent = Self.conductorID(among: agents)
        }

        private static func conductorID(among agents: [AgentProfile]) -> AgentID {
            agents.first { $0.kind == .conductor }?.id ?? PlanUnfolding.conductor(beside: agents).id
        }

        // One named several times is asked of other agents first.
        private static func voters(of task: TaskSpec, _ agents: [AgentProfile]) -> [TaskSpec] {
            let names = task.voters.isEmpty ? task.attendees : task.voters
            var taken: [AgentID: Int] = [:]
            return names.enumerated().map { place, name in
                var voter = TaskSpec(id: TaskID("\(task.id).\(place + 1)"), description: task.description)
                voter.input = task.input
                voter.tools = task.tools
                voter.model = task.model
                voter.complexity = task.complexity
                let able = Self.able(name, agents)
                if let agent = able.min(by: { taken[$0, default: 0] < taken[$1, default: 0] }) {
                    voter.assignedAgent = agent
                    taken[agent, default: 0] += 1
                } else {
                    voter.agentType = name
                }
                return voter
            }
        }

        // Each speaks once in a round, and hears all of the rounds before, also of those who failed.
        private static func rounds(_ count: Int, of parts: [TaskSpec]) -> (all: [TaskSpec], last: [TaskID]) {
            var all = parts
            var last = parts
            for round in 2...count {
                let heard = all.map(\.id)
                last = parts.map { part in
                    var next = part
                    next.id = Talk.part(part.id, in: round)
                    next.dependencies = heard
                    next.onDependencyFailure = .run
                    return next
                }
                all += last
            }
            return (all, last.map(\.id))
        }

        private static func able(_ name: String, _ agents: [AgentProfile]) -> [AgentID] {
            if case .one(let agent) = Attendees.find(name, among: agents) { return [agents[agent.offset].id] }
            let declaring = agents.enumerated().filter { $0.element.available && $0.element.declares(name) }
            return declaring.sorted {
                $0.element.priority == $1.element.priority
                    ? $0.offset < $1.offset : $0.element.priority > $1.element.priority
            }.map(\.element.id)
        }

        private static func planning(_ task: TaskSpec, by manager: AgentID, _ agents: [AgentProfile]) -> TaskSpec {
            var part = TaskSpec(
                id: Managing.planning(of: task.id),
                description: Managing.planningWork(task.description, agents)
            )
            part.input = task.input
            part.assignedAgent = manager
            part.tools = Managing.tools(of: manager, agents)
            part.produces = Managing.planForm
            return part
        }

        private static func judging(_ task: TaskSpec, by judge: AgentID, _ voters: [TaskID]) -> TaskSpec {
            var part = TaskSpec(
                id: ConsensusRule.judging(of: task.id),
                description: ConsensusRule.judgesWork(task.description),
                dependencies: voters
            )
            part.partOf = task.id
            part.assignedAgent = judge
            part.onDependencyFailure = .run
            part.priority = task.priority
            part.produces = ConsensusRule.clusterForm
            return part
        }
    }
}

extension Plan {
    /// The same plan with the parts of its patterns as tasks.
    package var unfolded: Plan { PlanUnfolding(self).plan }
}

extension TaskSpec {
    /// Whether it is in the same place of the same pattern, with the same parts.
    func isPlaced(as other: TaskSpec) -> Bool {
        guard self.pattern != nil || self.partOf != nil || other.pattern != nil || other.partOf != nil else {
            return true
        }
        return self.pattern == other.pattern && self.partOf == other.partOf && self.dependencies == other.dependencies
            && self.manager == other.manager && self.subtasks == other.subtasks && self.voters == other.voters
            && self.judge == other.judge && self.isMeeting == other.isMeeting && self.attendees == other.attendees
            && self.rounds == other.rounds
    }

    /// Whether what has been made of its pattern would be made of the other's.
    func hasSamePattern(as other: TaskSpec) -> Bool {
        guard self.pattern != nil || other.pattern != nil else { return true }
        return self.pattern == other.pattern && self.manager == other.manager && self.subtasks == other.subtasks
            && self.voters == other.voters && (self.judge == nil) == (other.judge == nil)
            && self.attendees == other.attendees && self.rounds == other.rounds
    }

    /// Whether in it a judge says which answers mean the same.
    package var isJudging: Bool {
        self.partOf.map { self.id == ConsensusRule.judging(of: $0) } ?? false
            && self.produces == ConsensusRule.clusterForm
    }

    /// Whether the rules read what it brings: what a manager or a meeting brings becomes tasks, or answers; a check says whether a task is done.
    package var isReadByRules: Bool {
        self.isPlanning || self.isResolving || self.proves != nil || self.isOfWhoeverLeads
            || self.pattern == .meeting
    }

    // Whoever leads a meeting says when it goes on to the next item.
    private var isOfWhoeverLeads: Bool { self.facilitator != nil && self.partOf != nil }

    /// Whether the engine itself does it when its parts have ended.
    package var isConducted: Bool { self.pattern != nil && self.aggregation != .synthesis }
}
