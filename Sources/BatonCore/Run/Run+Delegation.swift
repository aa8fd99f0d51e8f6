// Work that agents hand to others: each piece is a task of the run, and the attempt that asked for it gives its agents back until
// all of it has ended.
extension Run {
    // MARK: Handing on

    /// Hands on the calls of the last answer that are other agents' work; false if the next one is none.
    mutating func handOn(
        _ task: TaskIndex,
        _ attempt: Attempt,
        _ now: Timestamp,
        _ by: Origin,
        _ out: inout Emission
    ) -> Bool {
        var isHandedOn = false
        let lead = attempt.assignment.lead
        let caller = Origin.agent(self.profile(lead).id, self.spec(task).id)
        while case .running(let attempt) = self.tasks[task.offset].state,
            case .conversation(let talk) = attempt.pattern,
            let place = talk.nextDelegation, let call = talk.call(at: place)
        {
            isHandedOn = true
            let verdict = self.verdict(on: call, of: task, lead, caller)
            self.emit(.delegated(Delegation(task: task, place: place, verdict: verdict)), now, caller, &out)
        }
        if isHandedOn { self.advance(task, now, by, &out) }
        return isHandedOn
    }

    private func verdict(
        on call: ToolCall,
        of task: TaskIndex,
        _ lead: AgentIndex,
        _ caller: Origin
    ) -> Delegation.Verdict {
        do throws(DelegationOrder.Fault) {
            let order = try DelegationOrder(call.input.inlined ?? .null)
            try self.refuseSpawn(by: caller)
            var spec = TaskSpec(id: self.freeID(below: task), description: Template.literal(order.task))
            spec.input = Template.literal(order.input)
            spec.delegatedBy = self.spec(task).id
            spec.priority = self.spec(task).priority
            spec.timeout = order.timeout
            spec.budget.money = order.budget
            var made: AgentProfile?
            var weighed: [Delegation.Candidate] = []
            switch order.target {
            case .role(let role, let instructions):
                let agent = try self.made(role, instructions, order.tools, for: spec.id, by: lead, of: task)
                spec.assignedAgent = agent.id
                made = agent
            case .named(let name):
                weighed = try self.weighed(named: name, order, task, lead)
                if let best = weighed.first, self.profile(best.agent).id.text != name,
                    self.profile(best.agent).declares(name)
                {
                    spec.agentType = name
                }
            case .capability(let name):
                weighed = try self.weighed(declaring: name, order, task, lead)
                spec.agentType = name
            }
            if let chosen = weighed.first?.agent {
                spec.assignedAgent = self.profile(chosen).id
                if let tools = order.tools { spec.tools = try Self.granted(tools, of: self.profile(chosen)) }
            }
            try self.refuseMisfit(spec, made)
            return .granted(spec, made: made, weighed: weighed)
        } catch {
            return .refused(error.words)
        }
    }

    private func freeID(below task: TaskIndex) -> TaskID {
        let parent = self.spec(task).id.text
        // Long chains of names come to an end of their length.
        let stem = parent.utf8.count < 100 ? parent : "part"
        var number = 1
        while self.graph.indexes[TaskID("\(stem).\(number)")] != nil { number += 1 }
        return TaskID("\(stem).\(number)")
    }

    private func refuseSpawn(by caller: Origin) throws(DelegationOrder.Fault) {
        guard self.tasks.count < PlanCheck.mostTasks else {
            throw DelegationOrder.Fault("the run has no room for more tasks")
        }
        do throws(Refusal) {
            try self.refuseSpawning(1, by: caller)
        } catch {
            throw DelegationOrder.Fault("\(error.code): \(error.message). \(error.remedy)")
        }
    }

    // Whatever else would be wrong with the plan then.
    private func refuseMisfit(_ spec: TaskSpec, _ made: AgentProfile?) throws(DelegationOrder.Fault) {
        var wanted = self.plan
        wanted.tasks.append(spec)
        if let made { wanted.agents.append(made) }
        let found = PlanRanges.diagnostics(of: wanted) + PlanCheck.diagnostics(of: wanted).filter(\.blocksRun)
        if let first = found.first { throw DelegationOrder.Fault("\(first.message). \(first.remedy)") }
    }

    // An agent with the role, the model and some of the tools of the one that wants it.
    private func made(
        _ role: String,
        _ instructions: String?,
        _ tools: [String]?,
        for part: TaskID,
        by lead: AgentIndex,
        of task: TaskIndex
    ) throws(DelegationOrder.Fault) -> AgentProfile {
        let maker = self.profile(lead)
        var own = maker
        own.tools = self.spec(task).tools(of: maker)
        let granted =
            try tools.map { tools throws(DelegationOrder.Fault) in try Self.granted(tools, of: own) } ?? own.tools
        var id = AgentID(part.text)
        while self.plan.agents.contains(where: { $0.id == id }) { id = AgentID("\(id)-0") }
        var agent = AgentProfile(id: id, name: role)
        agent.madeBy = maker.id
        agent.type = maker.type
        agent.model = maker.model
        agent.fallbackModels = maker.fallbackModels
        agent.maxTokens = maker.maxTokens
        agent.temperature = maker.temperature
        agent.streams = maker.streams
        agent.instructions = instructions
        agent.tools = granted
        agent.approvedTools = maker.approvedTools
        agent.approvedAfterWeb = maker.approvedAfterWeb
        agent.workingDirectory = maker.workingDirectory
        agent.repeatable = maker.repeatable
        agent.limits = maker.limits
        agent.mischief = maker.mischief
        return agent
    }

    private static func granted(_ tools: [String], of agent: AgentProfile) throws(DelegationOrder.Fault) -> [String] {
        let foreign = tools.filter { !ToolGrant.covers(agent.tools, $0) && !agent.tools.contains($0) }
        guard foreign.isEmpty || planted(.childGetsMoreTools) else {
            let names = foreign.prefix(5).map { PlainText.line($0, limit: 60) }.joined(separator: ", ")
            let own = agent.tools.isEmpty ? "none" : agent.tools.prefix(20).joined(separator: ", ")
            throw DelegationOrder.Fault("\(agent.name) may not be given \(names): the tools to choose from are \(own)")
        }
        return tools
    }
}

// MARK: Waiting, and coming back

extension Run {
    /// The tasks whose agents handed this one on, the nearest first.
    func delegators(of task: TaskIndex) -> [TaskIndex] {
        var found: [TaskIndex] = []
        var current = task
        while let id = self.plan.tasks[current.offset].delegatedBy, let above = self.graph.indexes[id], above != task,
            !found.contains(above)
        {
            found.append(above)
            current = above
        }
        return found
    }

    /// The agents that made this one, the nearest first.
    func makers(of agent: AgentIndex) -> [AgentIndex] {
        var found: [AgentIndex] = []
        var current = agent
        while let id = self.plan.agents[current.offset].madeBy,
            let above = self.plan.agents.firstIndex(where: { $0.id == id }).map({ AgentIndex($0) }), above != agent,
            !found.contains(above)
        {
            found.append(above)
            current = above
        }
        return found
    }

    /// Whether an attempt of the task waits for the other one.
    func waits(_ task: TaskIndex, for part: TaskIndex) -> Bool {
        guard case .running(let attempt) = self.tasks[task.offset].state else { return false }
        if attempt.check == part { return true }
        guard case .conversation(let talk) = attempt.pattern else { return false }
        return talk.waits(for: part)
    }

    /// Who handed the task on and waits for it no more; nil if somebody waits, or nobody ever did.
    func delegatorGone(of task: TaskIndex) -> TaskIndex? {
        guard let above = self.delegators(of: task).first, self.handed[above]?.contains(task) == true,
            !self.waits(above, for: task),
            !planted(.partsGoOnAlone)
        else { return nil }
        return above
    }

    /// Goes on with attempts whose work by others has ended, as far as there is room and their agents are free.
    mutating func bringBack(_ slots: Int, _ now: Timestamp, _ by: Origin, _ out: inout Emission) {
        guard !self.returning.isEmpty, self.phase == .running else { return }
        for task in self.returning.sorted() {
            guard case .running(let attempt) = self.tasks[task.offset].state, attempt.isAway else { continue }
            if case .request = self.move(of: attempt) {
                guard self.counts.inHand < slots, self.counts.inHand + self.counts.withPeople < self.largestInHand,
                    attempt.assignment.agents.allSatisfy({ self.isFree($0) })
                else { continue }
            }
            self.advance(task, now, by, &out, isBack: true)
        }
    }

    mutating func takeDelegation(_ delegation: Delegation, _ now: Timestamp) -> Bool {
        guard case .running(var attempt)? = self.record(delegation.task)?.state, attempt.open == 0,
            case .conversation(var talk) = attempt.pattern, talk.nextDelegation == delegation.place
        else { return false }
        switch delegation.verdict {
        case .refused(let words): talk.refuse(delegation.place, words)
        case .granted(let spec, let made, _):
            guard self.graph.indexes[spec.id] == nil else { return false }
            let part = TaskIndex(self.tasks.count)
            guard self.takeAdded([spec], made.map { [$0] } ?? [], now) else { return false }
            talk.handOn(delegation.place, to: part)
            if !attempt.isAway { self.goAway(&attempt) }
        }
        attempt.pattern = .conversation(talk)
        self.tasks[delegation.task.offset].state = .running(attempt)
        return true
    }

    func mayJoin(_ made: [AgentProfile]) -> Bool {
        let names = Set(made.map(\.id))
        return names.count == made.count && !self.plan.agents.contains { !names.isEmpty && names.contains($0.id) }
    }

    /// Takes in agents that were made for tasks; their names are new.
    mutating func join(_ made: [AgentProfile]) {
        for agent in made {
            self.plan.agents.append(agent)
            self.kinds.append(agent.kind)
            self.capacities.append(agent.maxConcurrentTasks)
            self.shares.append(agent.maxConcurrentTasks)
            self.records.append(AssignmentScore.Record())
        }
        if !made.isEmpty { self.queue.growAgents(to: self.plan.agents.count) }
    }

    mutating func goAway(_ attempt: inout Attempt) {
        if planted(.delegatorKeepsAgent) { return }
        attempt.isAway = true
        self.counts.inHand -= 1
        for agent in attempt.assignment.agents {
            self.records[agent.offset].inHand -= 1
            self.queue.free(agent)
        }
    }

    /// An attempt whose question is put to a manager is in nobody's way until it is answered.
    mutating func leaveToManager(_ spec: TaskSpec) {
        guard
            let task = spec.asksAbout.flatMap({ self.questions[$0] }).flatMap({ $0.kind.holdsAttempt ? $0.task : nil }),
            case .running(var attempt)? = self.record(task)?.state, attempt.open == 0, !attempt.isAway
        else { return }
        self.goAway(&attempt)
        self.tasks[task.offset].state = .running(attempt)
    }

    mutating func comeBack(_ task: TaskIndex, _ attempt: inout Attempt) {
        attempt.isAway = false
        self.returning.remove(task)
        self.counts.inHand += 1
        for agent in attempt.assignment.agents { self.records[agent.offset].inHand += 1 }
    }

    /// Whoever handed the task on hears what became of it.
    mutating func tellDelegator(of task: TaskIndex, _ end: TaskEnd) {
        guard let id = self.plan.tasks[task.offset].delegatedBy, let above = self.graph.indexes[id],
            case .running(var attempt) = self.tasks[above.offset].state, !planted(.delegatorNotTold)
        else { return }
        if attempt.check == task {
            self.returning.insert(above)
            return
        }
        guard case .conversation(var talk) = attempt.pattern, talk.waits(for: task) else { return }
        attempt.pattern = .single(.fresh)
        talk.hear(self.result(of: task, end), of: task)
        if self.tasks[task.offset].isOfWeb {
            talk.readWeb()
            self.tasks[above.offset].isOfWeb = true
        }
        let goesOn = !talk.waitsForOthers
        attempt.pattern = .conversation(talk)
        self.tasks[above.offset].state = .running(attempt)
        if goesOn { self.returning.insert(above) }
    }

    /// Nobody wants to know any more what a task that ended has handed on.
    ///
    /// - Parameter end: ends what is not in hand.
    mutating func giveUpParts(
        of task: TaskIndex,
        _ now: Timestamp,
        _ by: Origin,
        _ out: inout Emission,
        _ end: (TaskIndex) -> Void
    ) {
        guard let parts = self.handed[task], !planted(.partsGoOnAlone) else { return }
        let id = self.spec(task).id
        for part in parts {
            switch self.tasks[part.offset].state {
            case .waiting, .scheduled, .ready, .resting, .blocked: end(part)
            case .running(let attempt) where attempt.open == 0: end(part)
            case .running:
                for key in self.owed.keys.sorted() where key.task == part {
                    self.emit(
                        .stopRequested(key, .skipped(note: "task \(id), which had handed it on, was given up")),
                        now,
                        by,
                        &out
                    )
                }
            case .stopping, .ended: continue
            }
        }
    }

    private func result(of task: TaskIndex, _ end: TaskEnd) -> Conversation.ToolResult {
        let id = self.spec(task).id
        let words: String
        switch end {
        case .completed(let content):
            return Conversation.ToolResult(content: content, isError: false, source: self.source(of: task))
        case .failed(let failure): words = "Task \(id) failed: \(failure.message)"
        case .skipped(.person(let note)):
            words = "A person has left task \(id) out" + (note.isEmpty ? "." : ": \(PlainText.line(note, limit: 1000))")
        case .skipped: words = "Task \(id) was left out."
        case .cancelled: words = "Task \(id) was cancelled."
        }
        return Conversation.ToolResult(content: .inline(.string(words)), isError: true)
    }
}
