// What an engine finds in hand that takes a run over from one that ended or died.
extension Run {
    /// Takes over from an engine that ended or died: what it had handed out has an unknown fate.
    mutating func recover(_ engine: String, _ now: Timestamp, _ by: Origin, _ out: inout Emission) {
        guard !self.isEnded else { return }
        let isForked = self.awaitsEngine
        self.emit(.recovered(engine: engine), now, by, &out)
        let left = self.owed.keys.sorted()
        // The processes of the dead engine have been killed before this: what was stopping has stopped.
        // One that settles may stop others (strict): they belonged to the dead engine as well.
        while !self.stopping.isEmpty {
            for key in self.stopping.keys.sorted() { self.settleStopped(key, now, by, &out) }
        }
        // A conversation that settles may have begun its next step: that is this engine's own.
        for key in planted(.newStepTakenForLost) ? self.owed.keys.sorted() : left {
            guard let owed = self.owed[key], case .running(let attempt) = self.tasks[key.task.offset].state else {
                continue
            }
            let verdict = RecoveryPolicy.verdict(
                of: owed.request,
                isRepeatable: self.isRepeatable(owed.request, attempt),
                delivery: key.delivery,
                task: self.spec(key.task),
                agent: self.profile(attempt.assignment.lead),
                mode: self.seed.mode
            )
            switch verdict {
            case .handOutAgain where self.phase == .paused && !planted(.pausedHandsOutAgain):
                // A paused run hands nothing out: it waits for another attempt, as if the pause had stopped it.
                self.emit(.stopRequested(key, .paused), now, by, &out)
                self.settleStopped(key, now, by, &out)
            case .handOutAgain:
                if planted(.deliveryNotRaised) {
                    out.changes.started.append(key)
                    continue
                }
                guard self.mayAskOnceMore(key, owed.request) else {
                    self.emit(.stepLost(key), now, by, &out)
                    continue
                }
                self.emit(.stepOwed(key.redelivered, owed.request), now, by, &out)
            case .ask: self.askWhatBecameOf(key, isForked: isForked, now, by, &out)
            }
        }
        for offset in self.tasks.indices {
            if case .running(let attempt) = self.tasks[offset].state, attempt.open == 0 {
                self.advance(TaskIndex(offset), now, by, &out)
            }
        }
    }

    private mutating func settleStopped(_ key: StepKey, _ now: Timestamp, _ by: Origin, _ out: inout Emission) {
        self.emit(.stepReturned(key, .stopped(self.unknownUsage(key))), now, by, &out)
        self.advance(key.task, now, by, &out)
    }

    private mutating func askWhatBecameOf(
        _ key: StepKey,
        isForked: Bool,
        _ now: Timestamp,
        _ by: Origin,
        _ out: inout Emission
    ) {
        self.emit(.stepLost(key), now, by, &out)
        let task = self.spec(key.task).id
        let moment =
            isForked
            ? "was in hand where this run was forked off; what became of it is in the other run"
            : "was in hand when the engine ended"
        let text =
            key.delivery >= RecoveryPolicy.mostDeliveries
            ? "Task \(task) was in hand at \(key.delivery) ends of the engine in a row. Shall it be tried again?"
            : "Task \(task) \(moment). Look whether it took effect: "
                + "again repeats it, done accepts it (say with --input what it brought), fail and skip give it up."
        self.ask(
            .unknownOutcome,
            key.task,
            agent: nil,
            text: text,
            options: ["again", "done", "fail", "skip"],
            now,
            by,
            &out
        )
    }
}
