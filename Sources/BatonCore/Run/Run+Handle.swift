extension Run {
    /// The rules: makes events of a command, each applied as it is emitted, so that the next command of a batch sees it.
    ///
    /// - Throws: a refusal, before anything is emitted.
    package mutating func handle(
        _ command: Command,
        at now: Timestamp,
        by: Origin,
        _ out: inout Emission
    ) throws(Refusal) {
        if let damage = self.damage {
            throw Refusal(
                "run.damaged",
                "run \(self.id) is damaged at event \(damage.value)",
                remedy: "restore the data folder from a copy; nothing more is written to this run"
            )
        }
        // A clock that was set back must not make events go back.
        let now = max(now, self.now)
        switch command {
        case .returned(let key, let result): self.settle(key, result, now, by, &out)
        case .slots(let slots):
            self.goOnWithHeld(now, by, &out)
            // What begins may end at once, and free whoever waited for it.
            var told: Int
            repeat {
                told = out.facts.count
                self.bringBack(slots, now, by, &out)
                self.dispatch(slots, now, by, &out)
            } while !self.returning.isEmpty && out.facts.count > told
        case .shares(let shares): self.take(shares)
        case .tick: self.wake(now, by, &out)
        case .recovered(let engine): self.recover(engine, now, by, &out)
        case .answer(let id, let answer): try self.take(answer, to: id, now, by, &out)
        case .pause(let atOnce): try self.pause(atOnce, now, by, &out)
        case .resume:
            guard case .paused = self.phase else { throw self.refusal("is not paused", "nothing needs to be resumed") }
            self.emit(.resumed, now, by, &out)
        case .cancel:
            try self.refuseIfOver()
            self.stop(.person, now, by, &out)
        case .skip(let task, let note): try self.skip(task, note, now, by, &out)
        case .fork(let seed, let retried, let isCarried):
            try self.fork(seed, retrying: retried, isCarried: isCarried, now, by, &out)
        case .retry(let task): try self.retry(task, now, by, &out)
        case .reprioritize(let task, let priority): try self.reprioritize(task, priority, now, by, &out)
        case .add(let specs): try self.add(specs, now, by, &out)
        case .edit(let task, let spec): try self.edit(task, spec, now, by, &out)
        case .steer(let audience, let text): try self.steer(audience, text, now, by, &out)
        }
        if command.beginsAnew { self.settleVotes(now, &out) }
        self.leaveOutUnneeded(now, &out)
        self.finishIfDone(now, by, &out)
    }

    mutating func emit(_ event: Event, _ now: Timestamp, _ by: Origin, _ out: inout Emission) {
        let fact = Recorded(position: self.head.next, at: now, by: by, event: event)
        self.apply(fact, &out.changes)
        // With a planted bug it is the simulator that has to see the damage.
        guard self.damage == nil || PlantedBug.active != nil else {
            preconditionFailure("a rule emitted an event that does not fit: \(event)")
        }
        out.facts.append(fact)
    }

    func refusal(_ state: String, _ remedy: String) -> Refusal {
        Refusal("run.state", "run \(self.id) \(state)", remedy: remedy)
    }

    package static func hasEnded(_ run: RunID, _ how: String) -> Refusal {
        Refusal(
            "run.state",
            "run \(run) has ended: \(how)",
            remedy:
                "go on in a new run: `baton fork \(run) --retry TASK` begins one task anew, --retry-all all that did not complete"
        )
    }

    /// Why a task of this run does not take it.
    func refusal(_ task: TaskIndex, _ state: String, _ remedy: String) -> Refusal {
        Refusal("run.state", "task \(self.spec(task).id) of run \(self.id) \(state)", remedy: remedy)
    }

    func refuseIfOver() throws(Refusal) {
        switch self.phase {
        case .running, .paused: return
        case .stopping: throw self.refusal("is stopping already", "wait until what runs has stopped")
        case .ended(let end): throw Self.hasEnded(self.id, end.rawValue)
        }
    }

    // MARK: Failures and ends

    /// An attempt has failed: it rests until the next one, or the task has failed.
    mutating func fail(
        _ task: TaskIndex,
        _ failure: Failure,
        attempt: Int32,
        _ now: Timestamp,
        _ by: Origin,
        _ out: inout Emission
    ) {
        let counted = Int(attempt - self.tasks[task.offset].granted)
        var jitter = SplitMix64(
            seed: SplitMix64.number(of: self.id.text),
            subject: [UInt64(task.offset), UInt64(UInt32(bitPattern: attempt))]
        )
        if case .stopping = self.phase {
            self.end(task, .failed(failure), now, by, &out)
            return
        }
        if failure.kind == .blocked { return self.askAboutBlocker(task, failure, now, by, &out) }
        switch self.retryPolicy(of: task).verdict(on: failure, attempt: counted, at: now, jitter: jitter.next()) {
        case .again(let at):
            self.emit(.taskRested(task, until: at, failure), now, by, &out)
            self.stopVote(after: task, now, &out)
        case .stop:
            guard self.spec(task).fallback != nil, !planted(.fallbackForgotten) else {
                return self.end(task, .failed(failure), now, by, &out)
            }
            self.emit(.taskFellBack(task, failure), now, by, &out)
            self.stopVote(after: task, now, &out)
        }
    }

    /// How often the task is tried, and with what waits between.
    package func retryPolicy(of task: TaskIndex) -> RetryPolicy {
        let spec = self.spec(task)
        return RetryPolicy(
            maxAttempts: spec.maxAttempts ?? self.plan.defaults.maxRetryAttempts,
            delay: spec.retryDelay ?? self.plan.defaults.retryDelay
        )
    }

    /// Ends a task, and with it those that cannot do without it.
    mutating func end(_ task: TaskIndex, _ end: TaskEnd, _ now: Timestamp, _ by: Origin, _ out: inout Emission) {
        var waves = [(task, end)]
        var strict: TaskIndex?
        var ended: [TaskIndex] = []
        while let (current, end) = waves.popLast() {
            // A task with several failed dependencies is in the waves once for each.
            if self.tasks[current.offset].state.isEnded { continue }
            self.followThrough(current, end, now, &out)
            self.emit(.taskEnded(current, end), now, by, &out)
            if !self.questions.isEmpty { ended.append(current) }
            self.stopVote(after: current, now, &out)
            if case .failed = end, self.plan.tasks[current.offset].strict, self.whole(of: current) == nil {
                strict = strict ?? current
            }
            guard !end.isCompleted else { continue }
            self.giveUpParts(of: current, now, by, &out) { waves.append(($0, .skipped(.dependency(current)))) }
            if planted(.skipLeavesDependents), case .skipped(.person) = end { continue }
            for dependent in self.graph.dependents[current].reversed() {
                let index = TaskIndex(Int(dependent))
                guard case .waiting = self.tasks[index.offset].state else { continue }
                switch self.rule(of: index, without: current) {
                case .run: continue
                case .skip: waves.append((index, .skipped(.dependency(current))))
                case .fail: waves.append((index, .failed(self.dependencyFailure(of: index, on: current))))
                }
            }
        }
        self.leaveOutUnneeded(now, &out)
        for part in self.resolvers(behind: ended).sorted() { self.answerReplanned(in: part, now, &out) }
        guard let strict else { return }
        if planted(.strictIgnored) { return }
        switch self.phase {
        case .running, .paused: self.stop(.strict(strict), now, by, &out)
        case .stopping, .ended: return
        }
    }

    static let dependencyFailureCode = "task.dependency"

    /// How a task fails that cannot do without the other.
    func dependencyFailure(of task: TaskIndex, on other: TaskIndex) -> Failure {
        Failure(
            .permanent,
            Self.dependencyFailureCode,
            "task \(self.spec(task).id) needs \(self.spec(other).id), which did not complete",
            remedy: "see why \(self.spec(other).id) failed"
        )
    }

    // MARK: Control

    private mutating func pause(_ atOnce: Bool, _ now: Timestamp, _ by: Origin, _ out: inout Emission) throws(Refusal) {
        guard case .running = self.phase else {
            throw self.phase == .paused
                ? self.refusal("is paused already", "`baton resume \(self.id)` goes on with it")
                : self.refusal("is not running", "only a running run can be paused")
        }
        self.emit(.paused, now, by, &out)
        guard atOnce else { return }
        let most = planted(.pauseStopsFirstOnly) ? 1 : .max
        for key in self.owed.keys.sorted().prefix(most) { self.emit(.stopRequested(key, .paused), now, by, &out) }
    }

    /// Stops everything: what runs is told to, the rest is cancelled; the run ends when nothing is left.
    mutating func stop(_ cause: StopCause, _ now: Timestamp, _ by: Origin, _ out: inout Emission) {
        self.emit(.stopping(cause), now, by, &out)
        for key in self.owed.keys.sorted() { self.emit(.stopRequested(key, .cancelled), now, by, &out) }
        for offset in self.tasks.indices {
            if planted(.cancelLeavesResting), case .resting = self.tasks[offset].state { continue }
            switch self.tasks[offset].state {
            case .waiting, .scheduled, .ready, .resting, .blocked:
                self.emit(.taskEnded(TaskIndex(offset), .cancelled(cause)), now, by, &out)
            case .running(let attempt) where attempt.open == 0:
                self.emit(.taskEnded(TaskIndex(offset), .cancelled(cause)), now, by, &out)
            case .running, .stopping, .ended: continue
            }
        }
    }

    /// The record of a task that a command names.
    func named(_ task: TaskIndex) throws(Refusal) -> TaskRecord {
        if let record = self.record(task) { return record }
        throw self.refusal("has no such task", "`baton show \(self.id)` lists the tasks")
    }

    private mutating func skip(
        _ task: TaskIndex,
        _ note: String,
        _ now: Timestamp,
        _ by: Origin,
        _ out: inout Emission
    ) throws(Refusal) {
        try self.refuseIfOver()
        switch try self.named(task).state {
        case .stopping: throw self.refusal("is stopping task \(self.spec(task).id) already", "wait a moment")
        case .ended(let end):
            throw self.refusal(task, "has ended already: \(end.word)", "nothing needs to be skipped")
        case .waiting, .scheduled, .ready, .running, .resting, .blocked: self.leaveOut(task, note, now, by, &out)
        }
        for part in self.partsOnly(for: task) { self.leaveOut(part, note, now, by, &out) }
    }

    private mutating func leaveOut(
        _ task: TaskIndex,
        _ note: String,
        _ now: Timestamp,
        _ by: Origin,
        _ out: inout Emission
    ) {
        switch self.tasks[task.offset].state {
        case .waiting, .scheduled, .ready, .resting, .blocked:
            self.end(task, .skipped(.person(note: note)), now, by, &out)
        case .running(let attempt) where attempt.open == 0:
            self.end(task, .skipped(.person(note: note)), now, by, &out)
        case .running:
            for key in self.owed.keys.sorted() where key.task == task {
                self.emit(.stopRequested(key, .skipped(note: note)), now, by, &out)
            }
        case .stopping, .ended: return
        }
    }

    // MARK: The end

    mutating func finishIfDone(_ now: Timestamp, _ by: Origin, _ out: inout Emission) {
        guard !self.isEnded, self.counts.all.ended == self.counts.all.total, self.stopping.isEmpty else { return }
        self.emit(.ended(self.endNow), now, .engine, &out)
    }

    // What agents have handed on, checks, and what was said in meetings are no work of the plan.
    private var hasCompleted: Bool {
        self.counts.all.completed > 0
            && self.tasks.indices.contains {
                self.plan.tasks[$0].delegatedBy == nil && !self.plan.tasks[$0].isOfMeeting
                    && self.output(of: TaskIndex($0)) != nil
            }
    }

    private var endNow: RunEnd {
        if case .stopping(let cause) = self.phase {
            switch cause {
            case .person: return .cancelled
            case .strict: return .failed
            case .timeLimit: return self.hasCompleted ? .partial : .failed
            }
        }
        // What agents have handed on is their own matter: how they ended tells.
        let isMarred = self.tasks.enumerated().contains { offset, record in
            // So is what a manager was asked and did not answer: a person may have, and how the work ended tells.
            guard self.plan.tasks[offset].delegatedBy == nil, !self.plan.tasks[offset].isResolving,
                !self.isHeardInVote(TaskIndex(offset))
            else { return false }
            return switch record.state {
            case .ended(.failed), .ended(.skipped(.dependency)): true
            case .waiting, .scheduled, .ready, .running, .stopping, .resting, .blocked, .ended: false
            }
        }
        // Only a fork can have tasks that were cancelled and go on: what the other run gave up is not done.
        guard isMarred || self.counts.all.cancelled > 0 else { return .completed }
        guard !self.hasCompleted else { return .partial }
        return isMarred ? .failed : .cancelled
    }
}

extension TaskEnd {
    package var isCompleted: Bool {
        if case .completed = self { return true }
        return false
    }
}
