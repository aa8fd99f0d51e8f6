// What steps bring, and what the attempt wants next.
extension Run {
    mutating func settle(
        _ key: StepKey,
        _ result: StepResult,
        _ now: Timestamp,
        _ by: Origin,
        _ out: inout Emission
    ) {
        guard !self.isEnded else { return }
        if planted(.staleResultAccepted), self.owed[key] == nil,
            let other = self.owed.keys.first(where: { $0.task == key.task })
        {
            return self.settle(other, result, now, by, &out)
        }
        guard self.owed[key] != nil || self.stopping[key] != nil else {
            self.emit(.staleResult(key), now, by, &out)
            return
        }
        self.emit(.stepReturned(key, self.charged(result, key)), now, by, &out)
        self.advance(key.task, now, by, &out)
    }

    /// Carries on with a task after one of its steps has come back.
    ///
    /// - Parameter isBack: whether the agents of an attempt that is away are free for it.
    mutating func advance(
        _ task: TaskIndex,
        _ now: Timestamp,
        _ by: Origin,
        _ out: inout Emission,
        isBack: Bool = false
    ) {
        switch self.tasks[task.offset].state {
        case .running(let attempt):
            switch self.move(of: attempt) {
            // A paused run begins no further step: the attempt is held until the run goes on.
            case .request
            where attempt.nextStep > 1 && self.phase != .running && !planted(.pausedTalksOn):
                return
            case .request where attempt.isAway && !isBack: return
            case .request(let request): self.request(request, of: task, attempt, now, by, &out)
            case .wait: return
            case .finish(let result): self.finish(task, attempt, result, now, by, &out)
            }
        case .stopping(let attempt, let reason):
            if attempt.open == 0 { self.finishStopped(task, attempt, reason, now, by, &out) }
        case .waiting, .scheduled, .ready, .resting, .blocked, .ended: return
        }
    }

    private mutating func request(
        _ request: StepRequest,
        of task: TaskIndex,
        _ attempt: Attempt,
        _ now: Timestamp,
        _ by: Origin,
        _ out: inout Emission
    ) {
        if self.kinds[attempt.assignment.lead.offset] == .person, self.seed.mode == .real {
            if let failure = self.missingInWords(for: task) {
                self.fail(task, failure, attempt: attempt.number, now, by, &out)
                return
            }
            self.ask(
                .work,
                task,
                agent: attempt.assignment.lead,
                text: self.words(for: task),
                options: self.spec(task).proves.map { _ in ["yes", "no: WHAT IS MISSING"] } ?? [],
                now,
                by,
                &out
            )
            return
        }
        // Its time may be up already, when it waited in between or was lost: then nothing more is paid for.
        if case .conversation = attempt.pattern, attempt.busySince + self.timeout(of: task) <= attempt.idleSince {
            return self.fail(task, self.timeoutFailure(of: task), attempt: attempt.number, now, by, &out)
        }
        switch self.workTime(of: task, by: attempt.assignment.lead) {
        case .unlimited, .left: break
        case .wait: return
        case .short(let budget): return self.run(short: budget, .none, task, attempt, now, by, &out)
        }
        var request = request
        if case .tool(let place) = request {
            if self.handOn(task, attempt, now, by, &out) { return }
            if self.waitsForPerson(place, task, attempt, now, by, &out) { return }
        }
        if case .model(let call) = request {
            guard let call = self.afford(call, task, attempt, now, by, &out) else { return }
            request = .model(call)
        }
        let key = StepKey(task: task, attempt: attempt.number, step: attempt.nextStep, delivery: 1)
        self.emit(.stepOwed(key, request), now, by, &out)
    }

    private mutating func finish(
        _ task: TaskIndex,
        _ attempt: Attempt,
        _ result: StepResult,
        _ now: Timestamp,
        _ by: Origin,
        _ out: inout Emission
    ) {
        switch result {
        case .done(let content, _): self.complete(task, attempt, content, now, by, &out)
        case .replied(let reply, _): self.complete(task, attempt, reply.output, now, by, &out)
        case .offered: self.fail(task, MindFailure.odd, attempt: attempt.number, now, by, &out)
        case .failed(let failure, _):
            self.fail(task, self.blocking(failure, task), attempt: attempt.number, now, by, &out)
        case .stopped:
            // Nobody told it to: somebody outside killed it.
            let failure = Failure(
                .transient,
                "step.stopped",
                "task \(self.spec(task).id) was stopped from outside",
                remedy: "nothing needs to be done if it is tried again"
            )
            self.fail(task, failure, attempt: attempt.number, now, by, &out)
        }
    }

    mutating func complete(
        _ task: TaskIndex,
        _ attempt: Attempt,
        _ content: Content,
        _ now: Timestamp,
        _ by: Origin,
        _ out: inout Emission
    ) {
        if attempt.check != nil { return self.settleClaim(task, attempt, content, now, by, &out) }
        if let failure = self.takeManaged(task, content, now, &out) {
            return self.fail(task, failure, attempt: attempt.number, now, by, &out)
        }
        guard self.wantsProof(task) else { return self.end(task, .completed(content), now, by, &out) }
        if case .stopping(let cause) = self.phase { return self.end(task, .cancelled(cause), now, by, &out) }
        guard let failure = self.prove(task, 0, by: attempt.assignment, now, &out) else { return }
        self.fail(task, failure, attempt: attempt.number, now, by, &out)
    }

    private mutating func finishStopped(
        _ task: TaskIndex,
        _ attempt: Attempt,
        _ reason: StopReason,
        _ now: Timestamp,
        _ by: Origin,
        _ out: inout Emission
    ) {
        if reason != .cancelled, let above = self.delegatorGone(of: task) {
            return self.end(task, .skipped(.dependency(above)), now, by, &out)
        }
        // It came to its end before the stop reached it: what is done is done, and must not be done again.
        if case .done(let content, _)? = attempt.pattern.result,
            reason == .timedOut || reason == .paused || reason == .decided,
            !self.spec(task).isPlanning, !self.spec(task).isResolving
        {
            self.complete(task, attempt, content, now, by, &out)
            return
        }
        if planted(.cancelledCompletes), case .done(let content, _)? = attempt.pattern.result {
            self.end(task, .completed(content), now, by, &out)
            return
        }
        switch reason {
        case .timedOut: self.fail(task, self.lateness(of: task, attempt), attempt: attempt.number, now, by, &out)
        case .cancelled: self.end(task, .cancelled(self.stopCause), now, by, &out)
        case .skipped(let note):
            let note = planted(.skipForgetsNote) ? "" : note
            self.end(task, .skipped(.person(note: note)), now, by, &out)
        case .decided: self.end(task, .skipped(.decided), now, by, &out)
        case .paused:
            if case .stopping(let cause) = self.phase {
                self.end(task, .cancelled(cause), now, by, &out)
            } else if attempt.pattern.mayBeHeld, !planted(.heldBeginsAnew) {
                self.emit(.attemptHeld(task), now, by, &out)
                self.stopVote(after: task, now, &out)
                self.advance(task, now, by, &out)
            } else {
                self.emit(.taskReady(task), now, by, &out)
                self.stopVote(after: task, now, &out)
            }
        }
    }

    private var stopCause: StopCause {
        if case .stopping(let cause) = self.phase { return cause }
        return .person
    }

    func timeoutFailure(of task: TaskIndex) -> Failure {
        let seconds = Double(self.timeout(of: task).microseconds) / 1_000_000
        return Failure(
            .timedOut,
            "step.timed_out",
            "task \(self.spec(task).id) took longer than its \(seconds) s",
            remedy: "raise timeout_seconds of the task or make the work smaller"
        )
    }

    /// Why an attempt was stopped: its time was up, or that of a budget.
    private func lateness(of task: TaskIndex, _ attempt: Attempt) -> Failure {
        guard case .short(let budget) = self.workTime(of: task, by: attempt.assignment.lead) else {
            return self.timeoutFailure(of: task)
        }
        return Failure(
            .timedOut,
            "budget.time",
            self.shortage(of: budget, .none, task),
            remedy: "raise the budget's time, or make the work smaller"
        )
    }
}
