// A fork: the events before it are those of another run, the ones behind it are its own.
extension Run {
    /// Makes this state, folded from another run, the beginning of a run of its own.
    ///
    /// What was in hand at that point has an unknown fate here: whoever carries the fork repeats it where that is allowed,
    /// or asks a person.
    mutating func fork(
        _ seed: RunSeed,
        retrying retried: [TaskIndex],
        isCarried: Bool,
        _ now: Timestamp,
        _ by: Origin,
        _ out: inout Emission
    ) throws(Refusal) {
        if let difference = self.misfit(of: seed.plan) {
            throw Refusal(
                "fork.plan",
                "the plan of the fork cannot follow that of run \(self.id): \(difference)",
                remedy: "keep the tasks and agents that there are; new ones come behind them"
            )
        }
        let found = PlanRanges.diagnostics(of: seed.plan) + PlanCheck.diagnostics(of: seed.plan).filter(\.blocksRun)
        if let first = found.first { throw Refusal(first.code, first.message, remedy: first.remedy) }
        for task in retried {
            guard case .ended(let end) = try self.named(task).state, !end.isCompleted else {
                throw self.refusal(
                    "has no task \(self.spec(task).id) at this point that ended without completing",
                    "retry one that has; `baton show \(self.id)` lists them"
                )
            }
        }
        try self.refuseHandedOn(seed, retried)
        try self.refuseRetriesInVain(seed, retried, now)
        self.emit(.forked(seed, from: self.id, at: self.head), now, by, &out)
        let anew = self.anew(retrying: retried)
        if !anew.isEmpty { self.emit(.tasksReset(anew), now, by, &out) }
        self.keepStrictEnd(now, by, &out)
        if isCarried { self.recover(seed.engine, now, by, &out) }
        self.settleFallen(now, by, &out)
    }

    // Whoever handed a task on has heard how it ended, or waits for it as it is.
    private func refuseHandedOn(_ seed: RunSeed, _ retried: [TaskIndex]) throws(Refusal) {
        for (offset, spec) in seed.plan.tasks.enumerated()
        where !self.plan.tasks.indices.contains(offset) || self.plan.tasks[offset] != spec {
            try self.refuseBeforePieces(spec)
        }
        let changed = self.tasks.indices.lazy.filter { self.plan.tasks[$0] != seed.plan.tasks[$0] }.map {
            TaskIndex($0)
        }
        for task in changed where !seed.plan.tasks[task.offset].hasSamePattern(as: self.plan.tasks[task.offset]) {
            throw self.conflict(
                "the pattern of task \(self.spec(task).id) stays as it began: who takes part in it, and how often",
                "change its parts, such as --set \(self.spec(task).id).1.assigned_agent=AGENT, or start another run"
            )
        }
        for task in retried + changed {
            guard let above = self.delegators(of: task).last else { continue }
            throw self.conflict(
                "task \(self.spec(task).id) was handed on by the agent of \(self.spec(above).id), and belongs to it",
                "change or retry \(self.spec(above).id)"
            )
        }
    }

    // A strict task that failed ends the fork too, unless it begins anew there.
    private mutating func keepStrictEnd(_ now: Timestamp, _ by: Origin, _ out: inout Emission) {
        guard self.phase == .running || self.phase == .paused else { return }
        let strict = self.tasks.indices.first { offset in
            guard case .ended(.failed) = self.tasks[offset].state else { return false }
            return self.plan.tasks[offset].strict && self.whole(of: TaskIndex(offset)) == nil
        }
        if let strict { self.stop(.strict(TaskIndex(strict)), now, by, &out) }
    }

    /// The tasks that ended without completing and may begin anew: what was left out on purpose stays so, with what needs it.
    package var unfinished: [TaskIndex] {
        var found = Set<TaskIndex>()
        for task in self.graph.topologicalOrder() {
            switch self.tasks[task.offset].state {
            case .ended(.completed), .ended(.skipped(.person)), .ended(.skipped(.unanswered)),
                .ended(.skipped(.unneeded)), .ended(.skipped(.decided)):
                continue
            case .ended where self.plan.tasks[task.offset].delegatedBy != nil || self.isCountedOut(task): continue
            case .ended:
                let hasOtherCause = self.fallenDependencies(of: task).contains {
                    !found.contains($0) && self.rule(of: task, without: $0) != .run
                }
                if !hasOtherCause { found.insert(task) }
            case .waiting, .scheduled, .ready, .running, .stopping, .resting, .blocked: continue
            }
        }
        return found.sorted()
    }

    // Where what a retried task needs stays down, it would only fall again.
    private func refuseRetriesInVain(
        _ seed: RunSeed,
        _ retried: [TaskIndex],
        _ now: Timestamp
    ) throws(Refusal) {
        var fork = self
        for task in retried where self.plan.tasks[task.offset] == seed.plan.tasks[task.offset] {
            try self.refuseNeedless(task)
        }
        guard !retried.isEmpty, fork.takeFork(seed, self.id, self.head, now) else { return }
        let anew = Set(fork.anew(retrying: retried))
        for task in retried {
            if self.isCountedOut(task) { try fork.refuseCounted(task) }
            let behind = fork.fallenDependencies(of: task).first {
                !anew.contains($0) && fork.rule(of: task, without: $0) != .run
            }
            guard let behind else { continue }
            throw self.refusal(
                "cannot begin task \(self.spec(task).id) anew: it needs \(fork.spec(behind).id), which did not complete",
                "retry \(fork.spec(behind).id) as well, or all with --retry-all"
            )
        }
    }

    // A change may have begun some of the retried tasks anew already, and may have freed others from what they fell with.
    private func anew(retrying retried: [TaskIndex]) -> [TaskIndex] {
        let fallen = retried.filter { self.tasks[$0.offset].state.isEnded }
        if planted(.forkLeavesFallen) { return fallen }
        return self.fallen(with: planted(.forkLeavesFreed) ? fallen : fallen + self.freed)
    }

    // Indexes of tasks and agents stand in events: what there is must stay where it is.
    private func misfit(of plan: Plan) -> String? {
        let tasks = zip(self.plan.tasks, plan.tasks).first { $0.id != $1.id }
        if let (old, _) = tasks { return "task \(old.id) is not where it was" }
        let agents = zip(self.plan.agents, plan.agents).first { $0.id != $1.id }
        if let (old, _) = agents { return "agent \(old.id) is not where it was" }
        if plan.tasks.count < self.plan.tasks.count { return "tasks are missing" }
        return plan.agents.count < self.plan.agents.count ? "agents are missing" : nil
    }

    mutating func takeFork(_ seed: RunSeed, _ from: RunID, _ at: Position, _ now: Timestamp) -> Bool {
        guard from == self.id, at == self.head, seed.mode == self.seed.mode, self.misfit(of: seed.plan) == nil,
            seed.plan.tasks.count <= PlanCheck.mostTasks, let graph = self.graph(of: seed.plan)
        else { return false }
        let old = self.plan.tasks
        if planted(.forkForgetsWords) { self.directives = [] }
        self.seed = seed
        if self.phase != .paused || planted(.forkForgetsPause) { self.phase = .running }
        self.adoptTeam(of: seed.plan)
        self.forgetSpending()
        for _ in old.count..<seed.plan.tasks.count {
            self.tasks.append(TaskRecord(state: .waiting(open: .max), demand: 0))
        }
        self.counts.setTotals(of: seed.plan.tasks)
        self.plan = seed.plan
        self.planRevision += 1
        self.graph = graph
        self.remainingPath = graph.remainingPaths(weights: seed.plan.tasks.map { Int64($0.estimatedHours * 1000) })
        self.setClocks(now)
        self.awaitsEngine = true
        self.beginAnew(since: old, now)
        self.requeue(now)
        return true
    }

    // The time that has passed since the other run was here is nobody's fault: the budget begins anew, and who is asked has
    // as long as was left. So is the time until an engine takes the fork up.
    mutating func setClocks(_ now: Timestamp) {
        if planted(.forkKeepsOldClocks) { return }
        self.agenda.keep { matter in
            switch matter {
            case .timeLimit, .questionDeadline: false
            case .taskReady, .stepDeadline: true
            }
        }
        self.limitTime(from: now)
        let gap = max(.zero, now - self.now)
        self.workAnew(now)
        for question in self.openQuestions {
            let question = question.postponed(by: gap)
            self.questions[question.id] = question
            if let deadline = question.deadline { self.agenda.insert(.questionDeadline(question.id), at: deadline) }
        }
    }

    private mutating func adoptTeam(of plan: Plan) {
        self.kinds = plan.agents.map(\.kind)
        if !planted(.forkKeepsOldCapacities) { self.capacities = plan.agents.map(\.maxConcurrentTasks) }
        self.shares = self.capacities
        self.weights = Self.weights(of: plan)
        for _ in self.records.count..<plan.agents.count { self.records.append(AssignmentScore.Record()) }
    }

    // Tasks that are others now, and all that follows from them, forget what was done for them.
    private mutating func beginAnew(since old: [TaskSpec], _ now: Timestamp) {
        let anew = self.plan.begunAnew(since: old, self.graph)
        for task in self.spared(beside: Set(anew)) + anew { self.forget(task, now) }
        self.dropUnheard(now)
    }

    // What was handed on by an attempt that is no more: nobody waits for it.
    private mutating func dropUnheard(_ now: Timestamp) {
        for part in self.handed.values.joined().sorted() where !self.tasks[part.offset].state.isEnded {
            guard let above = self.delegatorGone(of: part) else { continue }
            self.forget(part, now)
            let end = TaskEnd.skipped(.dependency(above))
            self.tasks[part.offset].state = .ended(end)
            self.counts.note(end, self.plan.tasks[part.offset], 1)
        }
    }

    private mutating func forget(_ task: TaskIndex, _ now: Timestamp) {
        let state = self.tasks[task.offset].state
        for key in self.owed.keys where key.task == task { self.owed[key] = nil }
        for key in self.stopping.keys where key.task == task { self.stopping[key] = nil }
        self.withdrawQuestion(of: state)
        self.withdrawHeldQuestions(of: task)
        self.letGo(of: state, self.plan.tasks[task.offset])
        self.returning.remove(task)
        self.leads[task] = nil
        self.tasks[task.offset].beginAnew()
    }

    // Gives back what the state holds of the counts and of the agents.
    private mutating func letGo(of state: TaskState, _ spec: TaskSpec) {
        var attempt: Attempt?
        switch state {
        case .running(let own), .stopping(let own, _):
            if own.isAway { return }
            self.counts.inHand -= 1
            attempt = own
        case .blocked(_, let own):
            if own != nil { self.counts.withPeople -= 1 }
            attempt = own
        case .ready: self.counts.ready -= 1
        case .ended(let end): self.counts.note(end, spec, -1)
        case .waiting, .scheduled, .resting: break
        }
        if let attempt { for agent in attempt.assignment.agents { self.records[agent.offset].inHand -= 1 } }
    }

    // Candidates may be others now: the queue is made anew of what is ready.
    private mutating func requeue(_ now: Timestamp) {
        self.queue = ReadyQueue(agents: self.plan.agents.count, tasks: self.tasks.count)
        var demands = DemandTable(agents: self.plan.agents)
        for offset in self.tasks.indices {
            let task = TaskIndex(offset)
            let demand = self.leads[task].map { self.queue.demand(for: self.staff(of: task, chosen: $0)) }
            self.tasks[offset].demand = demand ?? demands.demand(of: self.plan.tasks[offset], in: &self.queue)
        }
        for offset in self.tasks.indices {
            switch self.tasks[offset].state {
            case .ready: self.enqueue(TaskIndex(offset))
            case .waiting: self.recount([TaskIndex(offset)], now)
            case .scheduled, .running, .stopping, .resting, .blocked, .ended: continue
            }
        }
    }
}

extension Plan {
    /// The tasks that are others than before, and all that follows from them, in an order in which each comes after all it
    /// waits for.
    package func begunAnew(since old: [TaskSpec], _ graph: PlanGraph) -> [TaskIndex] {
        var isAnew = [Bool](repeating: false, count: graph.count)
        return graph.topologicalOrder().filter { task in
            let isChanged = task.offset >= old.count || old[task.offset] != self.tasks[task.offset]
            isAnew[task.offset] = isChanged || graph.dependencies[task].contains { isAnew[Int($0)] }
            return isAnew[task.offset]
        }
    }
}

extension Event {
    /// Whether a run goes on behind it under another name.
    var isFork: Bool {
        if case .forked = self { return true }
        return false
    }
}
