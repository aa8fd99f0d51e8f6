/// What is wrong with the patterns of a plan: no parts, too few voters, words without effect, and a pattern that its parts contradict.
enum PatternCheck {
    static func diagnostics(of plan: Plan, unfolded: Plan) -> [Diagnostic] {
        guard plan.tasks.contains(where: { $0.speaksOfPatterns }) else { return [] }
        let specs = Dictionary(plan.tasks.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let parts = Dictionary(grouping: unfolded.tasks.filter { $0.partOf != nil }) { $0.partOf ?? $0.id }
        var found: [Diagnostic] = []
        for (offset, task) in plan.tasks.enumerated() where task.speaksOfPatterns {
            let look = Look(task: task, plan: plan, path: PlanPath(.name("tasks"), .index(offset)))
            found += look.place(among: specs)
            found += look.parts(parts[task.id, default: []].filter { !$0.isJudging }) + look.names
            found += look.strangers + look.effects
        }
        return found
    }

    /// One task that has a pattern, or words about one.
    private struct Look {
        let task: TaskSpec
        let plan: Plan
        let path: PlanPath

        // Where it stands in a pattern of others.
        func place(among specs: [TaskID: TaskSpec]) -> [Diagnostic] {
            guard let whole = self.task.partOf else { return [] }
            let path = self.path["part_of"]
            let name = PlainText.line(whole.text, limit: 60)
            guard let spec = specs[whole] else {
                let near = NearestName.of(whole.text, among: specs.keys.map(\.text).sorted())
                return [
                    Diagnostic(
                        "plan.unknown_task",
                        "task \(self.task.id) is part of \(name), which is no task",
                        remedy: near.map { "did you mean \($0)?" } ?? "add the task or take part_of out",
                        at: path
                    )
                ]
            }
            guard spec.pattern == nil else { return [] }
            return [
                Diagnostic(
                    "plan.pattern",
                    "task \(self.task.id) is part of \(name), which has no pattern",
                    remedy: "give \(name) a pattern, or write dependencies instead of part_of",
                    at: path
                )
            ]
        }

        func parts(_ parts: [TaskSpec]) -> [Diagnostic] {
            guard let pattern = self.task.pattern else { return [] }
            if pattern == .consensus { return self.voters(parts) }
            guard !parts.isEmpty else {
                return [
                    Diagnostic(
                        "plan.pattern",
                        "task \(self.task.id) has the pattern \(pattern) and no parts",
                        remedy: "add subtasks, or tasks with part_of: \(self.task.id)",
                        at: self.path["pattern"]
                    )
                ]
            }
            let names = Set(parts.map(\.id))
            let waiting = parts.first { part in
                part.dependencies.contains(where: names.contains)
                    || part.references.contains { names.contains($0.task) }
            }
            guard pattern == .parallel, self.task.rounds == nil, let waiting else { return [] }
            return [
                self.warning(
                    "task \(self.task.id) begins its parts at once, but \(waiting.id) waits for another of them",
                    "write pattern: hierarchical, whose parts may need one another, or sequential",
                    "pattern"
                )
            ]
        }

        /// Parts that are called as Baton calls its own.
        var names: [Diagnostic] {
            let (id, own) = (self.task.id, self.task.subtasks)
            let isTaken = { (part: TaskSpec) in
                let isOfManager =
                    self.task.manager != nil
                    && (part.id == Managing.planning(of: id) || part.id.text.hasPrefix("\(id).resolve-"))
                let isOfJudge = self.task.judge != nil && part.id == ConsensusRule.judging(of: id)
                let isOfRound = self.task.rounds ?? 1 > 1 && Talk.namedRound(of: part.id) != nil
                return isOfManager || isOfJudge || isOfRound
            }
            return own.enumerated().filter { isTaken($0.element) }.map { place, part in
                Diagnostic(
                    "plan.pattern",
                    "part \(part.id) of task \(id) is called as Baton calls a part of its own",
                    remedy: "give it another task_id",
                    at: self.path["subtasks"][place]["task_id"]
                )
            }
        }

        private func unknown(_ agent: AgentID?, _ key: String, _ deed: String) -> [Diagnostic] {
            guard let agent, !self.plan.agents.contains(where: { $0.id == agent }) else { return [] }
            let near = NearestName.of(agent.text, among: self.plan.agents.map(\.id.text))
            return [
                Diagnostic(
                    "plan.unknown_agent",
                    "task \(self.task.id) is \(deed) by \(PlainText.line(agent.text, limit: 60)), which is no agent",
                    remedy: near.map { "did you mean \($0)?" } ?? "name an agent of the plan",
                    at: self.path[key]
                )
            ]
        }

        /// Names among the voters that stand for nobody.
        var strangers: [Diagnostic] {
            guard self.task.pattern == .consensus || self.task.rounds != nil else { return [] }
            let known = Set(self.plan.agents.map(\.id.text)).union(Eligibility.declaredTypes(of: self.plan.agents))
            return self.task.voters.enumerated().filter { !known.contains($0.element) }.map { place, name in
                let near = NearestName.of(name, among: known.sorted())
                return Diagnostic(
                    "plan.unknown_agent",
                    "voter \(PlainText.line(name, limit: 60)) of task \(self.task.id) is no agent, nor a type or capability of one",
                    remedy: near.map { "did you mean \($0)?" } ?? "name an agent of the plan",
                    at: self.path["voters"][place]
                )
            }
        }

        private func voters(_ parts: [TaskSpec]) -> [Diagnostic] {
            guard parts.count > 1 else {
                return [
                    Diagnostic(
                        "plan.quorum",
                        "task \(self.task.id) seeks consensus among \(CountText.of(parts.count, "voter"))",
                        remedy: "name at least two voters, attendees or subtasks",
                        at: self.path["pattern"]
                    )
                ]
            }
            let agents = parts.filter { !$0.isConducted }.compactMap(\.assignedAgent)
            let often = Dictionary(grouping: agents) { $0 }.filter { $0.value.count > 1 }
            let prose = self.prose(of: parts).map { [$0] } ?? []
            guard agents.count == parts.count, Set(agents).count == 1, let agent = agents.first else {
                guard self.task.rounds ?? 1 == 1 else { return prose }
                return prose
                    + often.keys.sorted { $0.text < $1.text }.map { agent in
                        self.warning(
                            "\(agent) has \(often[agent]?.count ?? 0) of the \(parts.count) votes of task \(self.task.id)",
                            "name each voter once, or add agents: one that agrees with itself proves little",
                            "voters"
                        )
                    }
            }
            return prose + [
                self.warning(
                    "all \(parts.count) votes of task \(self.task.id) are \(agent)'s",
                    "add agents, or give the voters different models: one that agrees with itself proves little",
                    "pattern"
                )
            ]
        }

        // Two language models hardly ever say the same in the same words.
        private func prose(of parts: [TaskSpec]) -> Diagnostic? {
            let voters = parts.compactMap { part in self.plan.agents.first { $0.id == part.assignedAgent } }
            guard self.task.judge == nil, self.task.produces == nil, voters.count == parts.count,
                voters.allSatisfy({ $0.kind == .model && $0.produces == nil }), parts.allSatisfy({ $0.produces == nil })
            else { return nil }
            return self.warning(
                "the votes of task \(self.task.id) are prose, and count as the same only word for word",
                "give it a judge, who says which mean the same, or produces, such as {enum: [yes, no]}",
                "pattern"
            )
        }

        // What is written and would change nothing, or something else than it says.
        var effects: [Diagnostic] {
            let pattern = self.task.pattern
            let isVote = pattern == .consensus || pattern == .hierarchical && self.task.aggregation == .vote
            let own = self.plan.agents.first { $0.id == self.task.assignedAgent }
            let isJoined = self.task.isConducted
            let words: [(String, Bool, String)] = [
                (
                    "required_skills", isJoined && pattern != .meeting && !self.task.requiredSkills.isEmpty,
                    "as its parts do the work"
                ),
                ("agent_type", isJoined && self.task.agentType != nil, "as its parts do the work"),
                (
                    "assigned_agent",
                    isJoined && pattern != .meeting && self.task.assignedAgent != nil && own?.kind != .conductor,
                    "as its parts do the work"
                ),
                ("subtasks", !self.task.subtasks.isEmpty && pattern == nil, "without a pattern"),
                ("subtasks", !self.task.subtasks.isEmpty && pattern == .meeting, "in a meeting"),
                (
                    "aggregation", self.task.aggregation != nil && pattern != .hierarchical,
                    "but with pattern: hierarchical"
                ),
                ("min_agreement", self.task.minAgreement != nil && !isVote, "where nobody votes"),
                (
                    "voters", !self.task.voters.isEmpty && pattern != .consensus && self.task.rounds == nil,
                    "but with pattern: consensus, or rounds"
                ),
                (
                    "rounds", self.task.rounds != nil && pattern != .consensus && pattern != .parallel,
                    "but with pattern: parallel or consensus"
                ),
                (
                    "manager", self.task.manager != nil && pattern != .hierarchical, "but with pattern: hierarchical"
                ),
                ("early_stop", self.task.stopsEarly && pattern != .consensus, "but with pattern: consensus"),
                (
                    "early_stop", self.task.stopsEarly && self.task.judge != nil,
                    "beside a judge, who has to hear all answers"
                ),
                ("judge", self.task.judge != nil && pattern != .consensus, "but with pattern: consensus"),
                ("weighted_by", self.task.weightedBy != nil && !isVote, "where nobody votes"),
                (
                    "voters", pattern == .consensus && !self.task.voters.isEmpty && !self.task.subtasks.isEmpty,
                    "beside subtasks"
                ),
            ]
            var found = words.filter(\.1).map { key, _, why in
                Diagnostic(
                    "plan.no_effect",
                    "\(key) of task \(self.task.id) is read and has no effect \(why)",
                    remedy: "put it where it belongs, or take it out",
                    at: self.path[key],
                    severity: .warning
                )
            }
            // What has no effect has been named already.
            if pattern == .consensus { found += self.unknown(self.task.judge, "judge", "judged") }
            if pattern == .hierarchical { found += self.unknown(self.task.manager, "manager", "managed") }
            let skills = self.plan.agents.flatMap(\.skillLevels.entries).map(\.name)
            if let skill = self.task.weightedBy, isVote, !skills.contains(skill) {
                found.append(
                    Diagnostic(
                        "plan.pattern",
                        "votes of task \(self.task.id) are weighed by \(PlainText.line(skill, limit: 60)), which no agent has",
                        remedy: NearestName.of(skill, among: skills).map { "did you mean \($0)?" }
                            ?? "name a skill of the voters' skill_levels",
                        at: self.path["weighted_by"]
                    )
                )
            }
            if pattern != nil, self.task.needsApproval {
                found.append(
                    Diagnostic(
                        "plan.pattern",
                        "task \(self.task.id) has a pattern and needs_approval; its parts would begin before anybody is asked",
                        remedy: "put needs_approval on a task that it depends on, or on its parts",
                        at: self.path["needs_approval"]
                    )
                )
            }
            return found
        }

        private func warning(_ message: String, _ remedy: String, _ key: String) -> Diagnostic {
            Diagnostic("plan.pattern_choice", message, remedy: remedy, at: self.path[key], severity: .warning)
        }
    }
}

extension TaskSpec {
    fileprivate var speaksOfPatterns: Bool {
        guard self.rare != nil else { return false }
        return self.pattern != nil || self.partOf != nil || !self.subtasks.isEmpty || self.aggregation != nil
            || self.minAgreement != nil || !self.voters.isEmpty || self.judge != nil || self.weightedBy != nil
            || self.stopsEarly || self.rounds != nil || self.manager != nil
    }
}
