extension Run {
    mutating func takeAdded(_ specs: [TaskSpec], _ made: [AgentProfile], _ now: Timestamp) -> Bool {
        var ids = Set<TaskID>()
        guard !specs.isEmpty, self.tasks.count + specs.count <= PlanCheck.mostTasks,
            specs.allSatisfy({ self.graph.indexes[$0.id] == nil && ids.insert($0.id).inserted }), self.mayJoin(made),
            self.mayProve(specs)
        else { return false }
        let first = self.tasks.count
        let specs = planted(.addTakesFirstOnly) ? Array(specs.prefix(1)) : specs
        var wanted = self.plan
        wanted.tasks += specs
        guard let graph = self.graph(of: wanted) else { return false }
        self.join(made)
        wanted.agents = self.plan.agents
        var demands = DemandTable(agents: self.plan.agents)
        for spec in specs {
            // `recount` finds out how much of this is still open.
            self.tasks.append(
                TaskRecord(state: .waiting(open: .max), demand: demands.demand(of: spec, in: &self.queue))
            )
        }
        self.queue.grow(to: self.tasks.count)
        self.counts.add(specs)
        self.adopt(wanted, graph, changed: first..<self.tasks.count, now)
        for (offset, spec) in specs.enumerated() {
            guard let above = spec.delegatedBy.flatMap({ self.graph.indexes[$0] }) else { continue }
            self.handed[above, default: []].append(TaskIndex(first + offset))
        }
        for spec in specs where spec.isResolving { self.leaveToManager(spec) }
        self.claim(by: specs)
        return true
    }

    mutating func takeEdited(_ task: TaskIndex, _ spec: TaskSpec, _ now: Timestamp) -> Bool {
        guard self.hasNotBegun(task), self.spec(task).id == spec.id else { return false }
        var wanted = self.plan
        wanted.tasks[task.offset] = spec
        guard let graph = self.graph(of: wanted) else { return false }
        self.withdrawQuestion(of: self.tasks[task.offset].state)
        self.putBack(task)
        self.forgetChoices(of: task, now: spec)
        self.adopt(wanted, graph, changed: task.offset..<task.offset + 1, now)
        return true
    }

    /// What was said yes to, and who was chosen, was for the task as it was before.
    mutating func forgetChoices(of task: TaskIndex, now spec: TaskSpec) {
        var demands = DemandTable(agents: self.plan.agents)
        if !planted(.editKeepsChosenLead) { self.leads[task] = nil }
        self.tasks[task.offset].isApproved = false
        self.tasks[task.offset].demand = demands.demand(of: spec, in: &self.queue)
    }

    mutating func takePriority(_ task: TaskIndex, _ priority: Int32) -> Bool {
        guard let record = self.record(task), 1...5 ~= priority else { return false }
        switch record.state {
        case .waiting, .scheduled, .ready, .resting, .blocked: break
        case .running, .stopping, .ended: return false
        }
        self.plan.tasks[task.offset].priority = Int(priority)
        self.planRevision += 1
        if case .ready = record.state { self.enqueue(task) }
        return true
    }

    mutating func takeReset(_ tasks: [TaskIndex], _ now: Timestamp) -> Bool {
        guard !tasks.isEmpty, Set(tasks).count == tasks.count else { return false }
        switch self.phase {
        case .running, .paused: break
        case .stopping, .ended: return false
        }
        for task in tasks {
            guard case .ended(let end)? = self.record(task)?.state, !end.isCompleted else { return false }
        }
        for task in tasks {
            if case .ended(let end) = self.tasks[task.offset].state {
                self.counts.note(end, self.plan.tasks[task.offset], -1)
            }
            self.tasks[task.offset].beginAnew()
        }
        self.recount(tasks, now)
        // What went on without them waits for them again, unless it has begun.
        for task in tasks { self.recountDependents(of: task, now) }
        return true
    }

    mutating func takeDirective(_ directive: Directive) -> Bool {
        guard Int(directive.number) == self.directives.count + 1,
            self.directives.count < Self.mostDirectives + Self.mostRefutations
        else {
            return false
        }
        switch directive.audience {
        case .everyone: break
        case .agent(let agent): guard self.records.indices.contains(agent.offset) else { return false }
        case .task(let task): guard self.record(task) != nil else { return false }
        }
        self.directives.append(directive)
        return true
    }

    // Nil if the tasks would wait for each other for ever.
    func graph(of plan: Plan) -> PlanGraph? {
        let graph = PlanGraph(plan.tasks)
        return graph.topologicalOrder().count == graph.count ? graph : nil
    }

    // The plan has changed at some tasks: they and those that follow them by `follow_up_tasks` have new dependencies.
    private mutating func adopt(_ plan: Plan, _ graph: PlanGraph, changed: Range<Int>, _ now: Timestamp) {
        let before = self.graph
        self.plan = plan
        self.planRevision += 1
        self.graph = graph
        self.remainingPath = graph.remainingPaths(weights: plan.tasks.map { Int64($0.estimatedHours * 1000) })
        self.recount(changed.map { TaskIndex($0) }, now)
        if planted(.followersNotRecounted) { return }
        for offset in changed {
            let task = TaskIndex(offset)
            var linked = Set(graph.dependents[task])
            if offset < before.count, !planted(.formerFollowerForgotten) { linked.formUnion(before.dependents[task]) }
            for other in linked.sorted() where !changed.contains(Int(other)) {
                self.recountLinked(TaskIndex(Int(other)), now)
            }
        }
    }

    private mutating func recountDependents(of task: TaskIndex, _ now: Timestamp) {
        for dependent in self.graph.dependents[task] { self.recountLinked(TaskIndex(Int(dependent)), now) }
    }

    // What waits counts anew, also between two attempts; what is ready waits again, unless it has begun.
    private mutating func recountLinked(_ task: TaskIndex, _ now: Timestamp) {
        guard let record = self.record(task) else { return }
        switch record.state {
        case .waiting: self.recount([task], now)
        case .ready, .scheduled:
            guard !record.hasBegun, self.openDependencies(of: task) > 0 else { return }
            self.putBack(task)
            self.recount([task], now)
        // Its answer counts anew.
        case .blocked, .running, .stopping, .resting, .ended: return
        }
    }

    // A task that is not in hand waits again.
    private mutating func putBack(_ task: TaskIndex) {
        if case .ready = self.tasks[task.offset].state { self.counts.ready -= 1 }
        if !self.unneeded.isEmpty { self.unneeded[task] = nil }
        self.tasks[task.offset].state = .waiting(open: .max)
    }

    /// Looks what each task still waits for; without anything it is ready, or scheduled.
    mutating func recount(_ tasks: [TaskIndex], _ now: Timestamp) {
        for task in tasks {
            let open = self.openDependencies(of: task)
            if open == 0 {
                self.becomeReady(task, at: now)
            } else {
                self.tasks[task.offset].state = .waiting(open: open)
            }
        }
    }

    func openDependencies(of task: TaskIndex) -> Int32 {
        var open: Int32 = 0
        for other in self.graph.dependencies[task] where !self.satisfies(TaskIndex(Int(other)), task) { open += 1 }
        return open
    }

    private func satisfies(_ other: TaskIndex, _ task: TaskIndex) -> Bool {
        guard case .ended(let end) = self.tasks[other.offset].state else { return false }
        return end.isCompleted || self.rule(of: task, without: other) == .run
    }
}
