// What people change in a run while it goes on: each wish is refused with a reason or becomes one event, and the ends that follow from it.
extension Run {
    /// More is said by editing the plan than by shouting.
    package static let mostDirectives = 1000
    /// What checks say has room of its own, so that it takes nobody's words away.
    static let mostRefutations = 9000

    // MARK: Retry

    mutating func retry(
        _ task: TaskIndex,
        _ now: Timestamp,
        _ by: Origin,
        _ out: inout Emission
    ) throws(Refusal) {
        try self.refuseIfOver()
        let id = try self.idOfNamed(task)
        try self.refuseUnheard(task)
        switch self.tasks[task.offset].state {
        case .resting: self.emit(.taskReady(task), now, by, &out)
        case .ended(.failed), .ended(.skipped), .ended(.cancelled):
            try self.refuseNeedless(task)
            try self.refuseCounted(task)
            if let behind = self.fallenDependency(of: task) {
                throw self.refusal(
                    "cannot retry task \(id): it needs \(self.spec(behind).id), which did not complete",
                    "retry \(self.spec(behind).id); \(id) follows by itself"
                )
            }
            self.emit(.tasksReset(self.fallen(with: [task])), now, by, &out)
        case .ended(.completed):
            throw self.refusal(task, "has completed already", "fork the run to do it again: baton fork")
        case .running, .stopping: throw self.refusal("is busy with task \(id)", "wait for its end, or skip it")
        case .blocked(let question, _):
            throw self.refusal("asks about task \(id)", "answer question \(question): baton inbox")
        case .waiting, .scheduled, .ready:
            throw self.refusal("has not begun task \(id) yet", "nothing needs to be retried")
        }
    }

    /// What nobody needed would only be left out again.
    func refuseNeedless(_ task: TaskIndex) throws(Refusal) {
        let id = self.spec(task).id
        switch self.tasks[task.offset].state {
        case .ended(.skipped(.unneeded(let other))):
            throw self.refusal(
                "cannot retry task \(id): nobody needs it after \(self.spec(other).id) (when)",
                "`baton why \(self.id) \(id)` says why; to do it all the same, take its when out in the plan and fork the run"
            )
        case .ended(.skipped(.decided)):
            throw self.refusal(
                "cannot retry task \(id): the vote was decided without it",
                "take early_stop out in the plan to hear everybody, and fork the run"
            )
        case .waiting, .scheduled, .ready, .running, .stopping, .resting, .blocked, .ended: return
        }
    }

    /// Nobody would hear of a part whose pattern has been joined.
    func refuseCounted(_ task: TaskIndex) throws(Refusal) {
        guard self.isCountedOut(task), let whole = self.whole(of: task) else { return }
        throw self.refusal(
            "cannot retry task \(self.spec(task).id): \(self.spec(whole).id) has \(self.spec(whole).pattern == .consensus ? "counted its votes" : "joined its parts") without it",
            "fork the run before that with --at, or change a key of it, such as --set \(self.spec(task).id).timeout_seconds=600: then all that follows begins anew"
        )
    }

    // Who handed it on has gone on without it.
    private func refuseUnheard(_ task: TaskIndex) throws(Refusal) {
        guard let above = self.delegators(of: task).first, case .ended = self.tasks[task.offset].state else { return }
        throw self.refusal(
            "cannot retry task \(self.spec(task).id): task \(self.spec(above).id), which handed it on, has gone on without it",
            "retry \(self.spec(above).id) if it did not complete; else add the work as a task of its own"
        )
    }

    private func idOfNamed(_ task: TaskIndex) throws(Refusal) -> TaskID {
        _ = try self.named(task)
        return self.spec(task).id
    }

    // A task that this one cannot do without and that did not complete.
    private func fallenDependency(of task: TaskIndex) -> TaskIndex? {
        self.fallenDependencies(of: task).first { self.rule(of: task, without: $0) != .run }
    }

    /// What the task needs and that ended without completing, whatever the task does about it.
    func fallenDependencies(of task: TaskIndex) -> [TaskIndex] {
        self.graph.dependencies[task].map { TaskIndex(Int($0)) }.filter { other in
            if case .ended(let end) = self.tasks[other.offset].state { return !end.isCompleted }
            return false
        }
    }

    /// The tasks and all that was given up because of them, or cancelled before its turn behind them, and because of nothing
    /// else, in plan order.
    func fallen(with tasks: [TaskIndex]) -> [TaskIndex] {
        var found = Set(tasks)
        var count: Int
        // Behind a voter that is heard after all others may rise, and the other way round.
        repeat {
            count = found.count
            self.findFallen(with: tasks, &found)
            found.formUnion(
                self.spared(beside: found).filter { voter in
                    self.fallenDependencies(of: voter).allSatisfy {
                        found.contains($0) || self.rule(of: voter, without: $0) == .run
                    }
                }
            )
        } while found.count > count
        return found.sorted()
    }

    private func findFallen(with tasks: [TaskIndex], _ found: inout Set<TaskIndex>) {
        for other in self.graph.topologicalOrder()
        where self.wasGivenUp(other) || self.wasCancelled(other) || self.fellWithParts(other) {
            let needed = self.graph.dependencies[other].map { TaskIndex(Int($0)) }
            let behind = planted(.retryLeavesFurtherBehind) ? Set(tasks) : found
            guard needed.contains(where: { behind.contains($0) }) else { continue }
            let hasOtherCause = needed.contains { index in
                guard !found.contains(index), case .ended(let end) = self.tasks[index.offset].state else {
                    return false
                }
                return !end.isCompleted && self.rule(of: other, without: index) != .run
            }
            if !hasOtherCause { found.insert(other) }
        }
    }

    // A pattern that failed because of its parts.
    private func fellWithParts(_ task: TaskIndex) -> Bool {
        guard case .ended(.failed(let failure)) = self.tasks[task.offset].state, self.spec(task).pattern != nil else {
            return false
        }
        return [Joining.failureCode, Ballot.failureCode].contains(failure.code)
    }

    /// What was given up because of tasks that it does not need any more: nothing is left that keeps it down.
    var freed: [TaskIndex] {
        self.tasks.indices.map { TaskIndex($0) }.filter {
            self.wasGivenUp($0) && !self.wasLeftOut($0) && self.fallenDependency(of: $0) == nil
        }
    }

    // It ended without a try, because of a task that it needs.
    func wasGivenUp(_ task: TaskIndex) -> Bool {
        // Of what was handed on nobody wants to know any more.
        if self.plan.tasks[task.offset].delegatedBy != nil { return false }
        return switch self.tasks[task.offset].state {
        case .ended(.skipped(.dependency)): true
        case .ended(.skipped(.person)): planted(.retryTakesWhatPeopleSkipped)
        case .ended(.skipped(.unanswered)), .ended(.skipped(.decided)): false
        // What it looked at begins anew: so does the question whether it is needed.
        case .ended(.skipped(.unneeded)): true
        case .ended(.failed(let failure)): failure.code == Self.dependencyFailureCode
        case .waiting, .scheduled, .ready, .running, .stopping, .resting, .blocked, .ended: false
        }
    }

    // A run that was stopped, from which a fork goes on. What had begun may have had its effect: only who names it repeats it.
    private func wasCancelled(_ task: TaskIndex) -> Bool {
        guard case .ended(.cancelled) = self.tasks[task.offset].state, !planted(.retryLeavesCancelled) else {
            return false
        }
        return !self.tasks[task.offset].hasBegun || planted(.retryRepeatsCancelled)
    }

    // MARK: Order

    mutating func reprioritize(
        _ task: TaskIndex,
        _ priority: Int,
        _ now: Timestamp,
        _ by: Origin,
        _ out: inout Emission
    ) throws(Refusal) {
        try self.refuseIfOver()
        _ = try self.named(task)
        guard 1...5 ~= priority else {
            throw Refusal("run.priority", "\(priority) is no priority", remedy: "write 1 to 5; 5 goes first")
        }
        switch self.tasks[task.offset].state {
        case .waiting, .scheduled, .ready, .resting, .blocked: break
        case .running, .stopping:
            throw self.refusal(task, "is in hand already", "only tasks that wait can be put into another order")
        case .ended(let end):
            throw self.refusal(task, "has ended already: \(end.word)", "nothing needs to be done")
        }
        let taken = planted(.priorityTakenTooLow) ? max(1, priority - 1) : priority
        self.emit(.taskReprioritized(task, priority: Int32(taken)), now, by, &out)
    }

    // MARK: Plan

    mutating func add(_ specs: [TaskSpec], _ now: Timestamp, _ by: Origin, _ out: inout Emission) throws(Refusal) {
        try self.refuseIfOver()
        guard !specs.isEmpty else {
            throw Refusal("run.add", "there is no task to add", remedy: "name at least one task")
        }
        if let taken = specs.first(where: { self.graph.indexes[$0.id] != nil }) {
            throw Refusal(
                "run.conflict",
                "run \(self.id) has a task \(taken.id) already",
                remedy: "choose another task_id, or change that task: baton edit"
            )
        }
        try self.refuseOwnMarks(specs)
        let wanted = try self.plan(with: specs)
        let specs = Array(wanted.tasks[self.plan.tasks.count...])
        try self.refuse(wanted, at: self.plan.tasks.count..<wanted.tasks.count)
        try self.refuseSpawning(specs.count, by: by)
        // Who joins what the parts of the first pattern bring comes with it.
        self.emit(.tasksAdded(specs, made: Array(wanted.agents[self.plan.agents.count...])), now, by, &out)
        self.settleFallen(now, by, &out)
    }

    // With the parts of their patterns behind them.
    private func plan(with specs: [TaskSpec]) throws(Refusal) -> Plan {
        if let part = specs.first(where: { $0.partOf.flatMap { self.graph.indexes[$0] } != nil }) {
            throw self.conflict(
                "task \(part.id) cannot become a part of one that is there already",
                "add a task with a pattern, and its parts with it"
            )
        }
        var wanted = self.plan
        wanted.tasks += specs
        wanted = PlanUnfolding(wanted, begun: self.plan.tasks.count).plan
        if let stranger = wanted.agents[self.plan.agents.count...].first(where: { $0.kind != .conductor }) {
            throw self.conflict(
                "there is no \(stranger.id) among the agents that it began with",
                "name an agent of the run, or start another run"
            )
        }
        return wanted
    }

    mutating func edit(
        _ task: TaskIndex,
        _ spec: TaskSpec,
        _ now: Timestamp,
        _ by: Origin,
        _ out: inout Emission
    ) throws(Refusal) {
        try self.refuseIfOver()
        let id = try self.idOfNamed(task)
        guard spec.id == id else {
            throw Refusal("run.conflict", "a task keeps its task_id \(id)", remedy: "add a new task instead: baton add")
        }
        if let above = self.plan.tasks[task.offset].delegatedBy {
            throw self.conflict(
                "task \(id) belongs to \(above), which waits for it as it is",
                "skip it, or steer its agent"
            )
        }
        guard self.hasNotBegun(task) else {
            throw self.conflict("task \(id) is \(self.tasks[task.offset].state.word)", self.wayToEdit(task))
        }
        try self.refuseOwnMarks([spec])
        guard spec != self.spec(task) else {
            throw Refusal("run.edit", "that changes nothing in task \(id)", remedy: "name a key with another value")
        }
        guard spec.isMeeting == self.spec(task).isMeeting || spec.attendees.isEmpty else {
            throw self.conflict(
                "task \(id) cannot become a meeting: what is said in one are tasks of their own",
                "skip it, and add the meeting as a new task: baton add"
            )
        }
        guard spec.isPlaced(as: self.spec(task)) else {
            throw self.conflict(
                "task \(id) has a pattern or is a part of one, and that stays as it began",
                "change what its parts are to do, or skip it and add other tasks"
            )
        }
        var wanted = self.plan
        wanted.tasks[task.offset] = spec
        try self.refuse(wanted, at: task.offset..<task.offset + 1)
        self.emit(.taskEdited(task, spec), now, by, &out)
        self.settleFallen(now, by, &out)
    }

    // What helps whoever wants to change a task that has begun.
    private func wayToEdit(_ task: TaskIndex) -> String {
        switch self.tasks[task.offset].state {
        case .ended(.completed):
            "do it again otherwise in a fork: baton fork \(self.id) --set \(self.spec(task).id).KEY=VALUE"
        case .ended: "pause the run and retry the task: then it can be edited, and begins with resume"
        case .running, .stopping, .resting, .blocked, .waiting, .scheduled, .ready:
            "skip it and add another one, or steer its agent"
        }
    }

    /// Whether nothing has been done for the task since it last began anew, so that it may still become another one.
    package func hasNotBegun(_ task: TaskIndex) -> Bool {
        guard let record = self.record(task), !record.hasBegun else { return false }
        switch record.state {
        case .waiting, .scheduled, .ready, .blocked(_, nil): return true
        case .running, .stopping, .resting, .blocked, .ended: return false
        }
    }

    func conflict(_ what: String, _ remedy: String) -> Refusal {
        Refusal("run.conflict", "run \(self.id): \(what)", remedy: remedy)
    }

    // These keys say what Baton has done, and are nobody's wish.
    private func refuseOwnMarks(_ specs: [TaskSpec]) throws(Refusal) {
        for spec in specs {
            let marks = [
                ("proves", spec.proves != nil), ("delegated_by", spec.delegatedBy != nil),
                ("spawned_from", spec.spawnedFrom != nil),
            ]
            guard let mark = marks.first(where: \.1)?.0 else { continue }
            throw self.conflict("task \(spec.id) has \(mark), which only Baton sets", "take it out")
        }
    }

    /// A piece of an attempt waits for nothing else: whoever waits for it might wait for ever.
    func refuseBeforePieces(_ spec: TaskSpec) throws(Refusal) {
        for id in spec.followUps {
            guard let piece = self.graph.indexes[id], let above = self.plan.tasks[piece.offset].delegatedBy else {
                continue
            }
            throw self.conflict(
                "task \(id) cannot come after \(spec.id): \(above), which waits for it, is in hand",
                "take it out of follow_up_tasks"
            )
        }
    }

    // The first thing wrong with the plan as it would be, or a task that would have to wait for what it has not waited for.
    private func refuse(_ wanted: Plan, at changed: Range<Int>) throws(Refusal) {
        let found = PlanRanges.diagnostics(of: wanted) + PlanCheck.diagnostics(of: wanted).filter(\.blocksRun)
        if let first = found.first { throw Refusal(first.code, first.message, remedy: first.remedy) }
        for offset in changed {
            try self.refuseBeforePieces(wanted.tasks[offset])
            for id in wanted.tasks[offset].followUps {
                guard let follower = self.graph.indexes[id], !self.hasNotBegun(follower),
                    !self.graph.dependencies[follower].contains(Int32(offset))
                else { continue }
                throw self.conflict(
                    "task \(id) cannot come after \(wanted.tasks[offset].id): it has begun",
                    "take it out of follow_up_tasks"
                )
            }
        }
    }

    mutating func settleFallen(_ now: Timestamp, _ by: Origin, _ out: inout Emission) {
        for offset in self.tasks.indices { self.settleFallen(TaskIndex(offset), now, by, &out) }
    }

    /// Ends a task that waits, and has come to need one that did not complete.
    mutating func settleFallen(_ task: TaskIndex, _ now: Timestamp, _ by: Origin, _ out: inout Emission) {
        guard case .waiting = self.tasks[task.offset].state, let other = self.fallenDependency(of: task) else { return }
        switch self.rule(of: task, without: other) {
        case .run: return
        case .skip: self.end(task, .skipped(.dependency(other)), now, by, &out)
        case .fail: self.end(task, .failed(self.dependencyFailure(of: task, on: other)), now, by, &out)
        }
    }

    // MARK: Words for agents

    mutating func steer(
        _ audience: Directive.Audience,
        _ text: Content,
        _ now: Timestamp,
        _ by: Origin,
        _ out: inout Emission
    ) throws(Refusal) {
        try self.refuseIfOver()
        switch audience {
        case .everyone: break
        case .agent(let agent):
            guard self.records.indices.contains(agent.offset) else {
                throw self.refusal("has no such agent", "`baton agents` lists them")
            }
        case .task(let task):
            if case .ended(let end) = try self.named(task).state {
                throw self.refusal(task, "has ended already: \(end.word)", "nobody would hear it")
            }
        }
        try self.refuseDirectiveTooMany()
        self.emit(.steered(self.nextDirective(audience, text)), now, by, &out)
    }

    func refuseDirectiveTooMany() throws(Refusal) {
        guard self.directives.count(where: { !$0.sender.isRefutation }) < Self.mostDirectives else {
            throw self.refusal("has been given \(Self.mostDirectives) directives already", "edit its tasks instead")
        }
    }

    func nextDirective(_ audience: Directive.Audience, _ text: Content, by: Origin = .engine) -> Directive {
        var sender = Directive.Sender.person
        if case .agent(let agent, _) = by { sender = .manager(agent) }
        return Directive(number: Int32(self.directives.count + 1), audience: audience, text: text, sender: sender)
    }
}
