extension Run {
    /// Takes a fact into the state.
    ///
    /// Total: a fact that does not fit marks the run as damaged and changes nothing else.
    package mutating func apply(_ fact: Recorded, _ changes: inout Changes) {
        guard self.damage == nil else { return }
        let known = self.tasks.count
        guard fact.position == self.head.next, !self.isEnded || fact.event.isFork,
            self.take(fact.event, at: fact.at, by: fact.by, &changes)
        else {
            self.damage = fact.position
            return
        }
        if self.tasks.count > known { self.noteAdded(known..., by: fact.by) }
        self.head = fact.position
        self.now = max(self.now, fact.at)
    }

    // Returns false, having changed nothing that counts, if the event does not fit.
    private mutating func take(_ event: Event, at now: Timestamp, by: Origin, _ changes: inout Changes) -> Bool {
        switch event {
        case .created: return false
        case .recovered:
            self.forgetAsPlanted()
            if self.awaitsEngine, !planted(.forkKeepsOldClocks) {
                self.setClocks(now)
            } else {
                self.passOver(now - self.now)
            }
            self.awaitsEngine = false
            return true
        case .staleResult: return true
        case .attemptStarted(let task, let attempt, let assignment):
            return self.takeAttempt(task, attempt, assignment, now)
        case .stepOwed(let key, let request): return self.takeOwed(key, request, now, &changes)
        case .stopRequested(let key, let reason): return self.takeStopRequest(key, reason, &changes)
        case .stepReturned(let key, let result): return self.takeResult(key, result, now)
        case .stepLost(let key): return self.takeLoss(key, now)
        case .attemptHeld(let task): return self.takeHold(task)
        case .taskRested(let task, let until, _): return self.takeRest(task, until, now)
        case .taskFellBack(let task, let failure): return self.takeFallback(task, failure, now)
        case .taskReady(let task): return self.takeReady(task, now)
        case .taskEnded(let task, let end): return self.takeEnd(task, end, now)
        case .asked(let question): return self.takeQuestion(question, now)
        case .answered(let id, let answer): return self.takeAnswer(id, answer, by, now)
        case .paused: return self.move(from: .running, to: .paused)
        case .resumed:
            guard self.move(from: .paused, to: .running) else { return false }
            self.restartHeld(now)
            return true
        case .stopping(let cause):
            if case .stopping = self.phase { return false }
            self.phase = .stopping(cause)
            return true
        case .forked(let seed, let run, let position): return self.takeFork(seed, run, position, now)
        case .tasksAdded(let specs, let made): return self.takeAdded(specs, made, now)
        case .delegated(let delegation): return self.takeDelegation(delegation, now)
        case .taskEdited(let task, let spec): return self.takeEdited(task, spec, now)
        case .taskReprioritized(let task, let priority): return self.takePriority(task, priority)
        case .tasksReset(let tasks): return self.takeReset(tasks, now)
        case .steered(let directive): return self.takeDirective(directive)
        case .ended(let end):
            guard self.counts.all.ended == self.counts.all.total, self.stopping.isEmpty else { return false }
            self.phase = .ended(end)
            return true
        }
    }

    /// What is in hand was done for another run until now.
    mutating func workAnew(_ now: Timestamp) { self.moveWork { _ in now } }

    /// Time in which no engine was there: nobody but people has worked.
    mutating func passOver(_ gap: Duration) {
        if gap > .zero { self.moveWork { $0 + gap } }
    }

    private mutating func moveWork(_ begin: (Timestamp) -> Timestamp) {
        for offset in self.tasks.indices {
            switch self.tasks[offset].state {
            case .running(var attempt):
                attempt.busySince = begin(attempt.busySince)
                attempt.idleSince = begin(attempt.idleSince)
                self.tasks[offset].state = .running(attempt)
            case .stopping(var attempt, let reason):
                attempt.busySince = begin(attempt.busySince)
                self.tasks[offset].state = .stopping(attempt, reason)
            case .waiting, .scheduled, .ready, .resting, .blocked, .ended: continue
            }
        }
    }

    private mutating func move(from: Phase, to: Phase) -> Bool {
        guard self.phase == from else { return false }
        self.phase = to
        return true
    }

    private mutating func takeAttempt(
        _ task: TaskIndex,
        _ number: Int32,
        _ assignment: Assignment,
        _ now: Timestamp
    ) -> Bool {
        guard let record = self.record(task), case .ready = record.state, number == record.attempts + 1,
            !assignment.agents.isEmpty, assignment.agents.contains(assignment.lead),
            assignment.agents.allSatisfy({ self.records.indices.contains($0.offset) })
        else { return false }
        self.tasks[task.offset].attempts = number
        self.tasks[task.offset].lead = assignment.lead
        if self.hasReadWeb { self.tasks[task.offset].isOfWeb = self.hasWebBehind(task) }
        self.tasks[task.offset].state = .running(
            Attempt(
                number: number,
                busySince: now,
                idleSince: now,
                assignment: assignment,
                pattern: self.pattern(of: task, for: assignment)
            )
        )
        self.counts.ready -= 1
        self.counts.inHand += 1
        for agent in assignment.agents { self.records[agent.offset].inHand += 1 }
        return true
    }

    private mutating func takeOwed(
        _ key: StepKey,
        _ request: StepRequest,
        _ now: Timestamp,
        _ changes: inout Changes
    ) -> Bool {
        guard case .running(var attempt)? = self.record(key.task)?.state, attempt.number == key.attempt else {
            return false
        }
        if key.delivery == 1 {
            // One step at a time: results and stops of a second one could not be told apart.
            guard key.step == attempt.nextStep, attempt.open == 0 else { return false }
            if attempt.isAway { self.comeBack(key.task, &attempt) }
            attempt.nextStep += 1
            attempt.open += 1
            attempt.busySince = attempt.busySince + max(.zero, now - attempt.idleSince)
            attempt.pattern.asked(request)
            self.tasks[key.task.offset].state = .running(attempt)
        } else {
            let earlier = StepKey(task: key.task, attempt: key.attempt, step: key.step, delivery: key.delivery - 1)
            guard self.owed.removeValue(forKey: earlier) != nil else { return false }
            self.settle(earlier, nil)
            self.countTime(earlier, until: nil)
        }
        if case .model(let call) = request, let reserved = call.reserved {
            // It fits now, whatever made it so.
            self.withdrawHeldQuestions(of: key.task)
            self.reserve(reserved, for: key, of: attempt.assignment.lead)
        }
        var start = planted(.timeoutCountsFromFirstDelivery) ? attempt.busySince : now
        // Its steps have the time of the attempt together.
        if case .conversation = attempt.pattern { start = attempt.busySince }
        let timeout = start + self.timeout(of: key.task)
        let deadline = self.holdTime(key, attempt.assignment.lead, until: timeout, now)
        self.owed[key] = Owed(request: request, deadline: deadline)
        self.agenda.insert(.stepDeadline(key), at: deadline)
        self.tidyAgenda()
        changes.started.append(key)
        return true
    }

    // Deadlines of steps that came back in time stay behind; drop them before they outnumber what is alive.
    private mutating func tidyAgenda() {
        guard self.agenda.count > 4096,
            self.agenda.count > 8 * (self.owed.count + self.counts.all.total - self.counts.all.ended)
        else {
            return
        }
        let (owed, tasks, questions) = (self.owed, self.tasks, self.questions)
        self.agenda.keep { matter in
            switch matter {
            case .stepDeadline(let key): owed[key] != nil
            case .questionDeadline(let id): questions[id] != nil
            case .taskReady(let task): !tasks[task.offset].state.isEnded
            case .timeLimit: true
            }
        }
    }

    private mutating func takeStopRequest(_ key: StepKey, _ reason: StopReason, _ changes: inout Changes) -> Bool {
        guard case .running(let attempt)? = self.record(key.task)?.state, self.owed.removeValue(forKey: key) != nil
        else {
            return false
        }
        self.stopping[key] = reason
        if planted(.stoppingFreesItsAgent) { self.records[attempt.assignment.lead.offset].inHand -= 1 }
        self.tasks[key.task.offset].state = .stopping(attempt, reason)
        changes.stopped.append(key)
        return true
    }

    private mutating func takeResult(_ key: StepKey, _ result: StepResult, _ now: Timestamp) -> Bool {
        switch self.record(key.task)?.state {
        case .running(var attempt):
            guard self.owed.removeValue(forKey: key) != nil else { return false }
            self.settle(key, result.usage)
            self.count(result.usage.money, of: attempt.assignment.lead)
            self.countTime(key, until: now)
            attempt.open -= 1
            attempt.idleSince = now
            attempt.pattern.took(result)
            self.noteWeb(attempt.pattern, key.task)
            self.tasks[key.task.offset].state = .running(attempt)
            return true
        case .stopping(var attempt, let reason):
            guard self.stopping.removeValue(forKey: key) != nil else { return false }
            self.settle(key, result.usage)
            self.count(result.usage.money, of: attempt.assignment.lead)
            self.countTime(key, until: now)
            attempt.open -= 1
            attempt.idleSince = now
            attempt.pattern.took(result)
            self.tasks[key.task.offset].state = .stopping(attempt, reason)
            return true
        case .waiting, .scheduled, .ready, .resting, .blocked, .ended, nil: return false
        }
    }

    private mutating func count(_ spent: Money, of agent: AgentIndex) {
        if spent != .zero { self.records[agent.offset].spent = self.records[agent.offset].spent + spent }
    }

    private mutating func takeLoss(_ key: StepKey, _ now: Timestamp) -> Bool {
        guard case .running(var attempt)? = self.record(key.task)?.state, self.owed.removeValue(forKey: key) != nil
        else {
            return false
        }
        self.settle(key, nil)
        self.countTime(key, until: nil)
        attempt.open -= 1
        attempt.idleSince = now
        // A question may be asked again, as if it had been stopped; of other work a person says what is to become.
        if attempt.pattern.mayBeHeld { attempt.pattern.took(.stopped(.none)) }
        self.tasks[key.task.offset].state = .running(attempt)
        return true
    }

    private mutating func takeRest(_ task: TaskIndex, _ until: Timestamp, _ now: Timestamp) -> Bool {
        guard let record = self.record(task) else { return false }
        switch record.state {
        case .running, .stopping, .blocked:
            guard self.release(record.state, at: now, succeeded: false) else { return false }
        case .waiting, .scheduled, .ready, .resting, .ended: return false
        }
        self.withdrawQuestion(of: record.state)
        self.returning.remove(task)
        self.tasks[task.offset].state = .resting(until: until)
        self.agenda.insert(.taskReady(task), at: until)
        return true
    }

    private mutating func takeFallback(_ task: TaskIndex, _ failure: Failure, _ now: Timestamp) -> Bool {
        guard self.record(task) != nil, let spec = self.spec(task).fallenBack(after: failure),
            self.takeRest(task, now, now)
        else { return false }
        self.plan.tasks[task.offset] = spec
        self.planRevision += 1
        self.forgetChoices(of: task, now: spec)
        self.tasks[task.offset].granted = self.tasks[task.offset].attempts
        self.makeReady(task, at: now)
        return true
    }

    private mutating func takeReady(_ task: TaskIndex, _ now: Timestamp) -> Bool {
        switch self.record(task)?.state {
        case .resting, .scheduled:
            self.makeReady(task, at: now)
            return true
        case .stopping(_, .paused):
            // Stopped by a pause at once: the attempt does not count.
            guard let state = self.record(task)?.state, self.release(state, at: now, succeeded: nil) else {
                return false
            }
            self.tasks[task.offset].granted += planted(.grantedNotCounted) ? 0 : 1
            self.makeReady(task, at: now)
            return true
        case .waiting, .ready, .running, .stopping, .blocked, .ended, nil: return false
        }
    }

    private mutating func takeEnd(_ task: TaskIndex, _ end: TaskEnd, _ now: Timestamp) -> Bool {
        guard let record = self.record(task), !record.state.isEnded else { return false }
        guard self.release(record.state, at: now, succeeded: self.succeeds(task, with: end)) else { return false }
        self.withdrawQuestion(of: record.state)
        self.withdrawHeldQuestions(of: task)
        if case .ready = record.state { self.counts.ready -= 1 }
        self.tasks[task.offset].state = .ended(end)
        self.counts.note(end, self.plan.tasks[task.offset], 1)
        if !self.returning.isEmpty { self.returning.remove(task) }
        if !self.unneeded.isEmpty { self.unneeded[task] = nil }
        self.satisfyDependents(of: task, completed: end.isCompleted, now)
        self.tellDelegator(of: task, end)
        return true
    }

    // Whether the end speaks for who led the attempt, or against; nil if it says nothing.
    private func succeeds(_ task: TaskIndex, with end: TaskEnd) -> Bool? {
        switch end {
        case .completed: true
        // Who has to sign, and says no, has done what was asked.
        case .failed(let failure): failure.code == Self.failedByPerson && self.spec(task).proves?.signature != nil
        case .skipped, .cancelled: nil
        }
    }

    // Gives back the agents of an attempt; false if a step of it is still out.
    mutating func release(_ state: TaskState, at now: Timestamp, succeeded: Bool?) -> Bool {
        let attempt: Attempt
        switch state {
        case .running(let own), .stopping(let own, _):
            guard own.open == 0 else { return false }
            attempt = own
            self.counts.inHand -= own.isAway ? 0 : 1
        case .blocked(_, let own?):
            attempt = own
            self.counts.withPeople -= 1
        case .blocked(_, nil), .waiting, .scheduled, .ready, .resting: return true
        case .ended: return false
        }
        for agent in attempt.assignment.agents where !attempt.isAway {
            if planted(.attendeesNotFreed), agent != attempt.assignment.lead { continue }
            self.records[agent.offset].inHand -= 1
            if !planted(.parkedNeverWoken) { self.queue.free(agent) }
        }
        if let succeeded {
            let lead = attempt.assignment.lead.offset
            self.records[lead].attempts += 1
            self.records[lead].successes += succeeded ? 1 : 0
            let until = attempt.isAway ? attempt.idleSince : now
            self.records[lead].busyMicroseconds &+= (until - attempt.busySince).microseconds
            if case .conversation(let conversation) = attempt.pattern { self.count(conversation, good: succeeded) }
        }
        return true
    }

    private mutating func satisfyDependents(of task: TaskIndex, completed: Bool, _ now: Timestamp) {
        let completed = completed || planted(.failedDependencyTakenAsDone)
        for dependent in self.graph.dependents[task] {
            let index = TaskIndex(Int(dependent))
            guard case .waiting(let open) = self.tasks[index.offset].state,
                completed || self.rule(of: index, without: task) == .run
            else { continue }
            if open == 1 {
                self.becomeReady(index, at: now)
            } else {
                self.tasks[index.offset].state = .waiting(open: open - 1)
            }
        }
    }
}
