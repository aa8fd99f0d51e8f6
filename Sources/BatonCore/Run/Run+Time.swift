extension Run {
    /// Does what has become due.
    mutating func wake(_ now: Timestamp, _ by: Origin, _ out: inout Emission) {
        while let entry = self.agenda.first, entry.at <= now, !self.isEnded {
            if planted(.dueOnlyWhenPast), entry.at == now { return }
            _ = self.agenda.popFirst()
            switch entry.matter {
            case .taskReady(let task):
                switch self.tasks[task.offset].state {
                // Only its own entry: older ones are popped live and still there after replay.
                case .resting(let until) where until == entry.at: self.emit(.taskReady(task), now, by, &out)
                case .scheduled(let date) where date == entry.at: self.emit(.taskReady(task), now, by, &out)
                case .resting, .scheduled, .waiting, .ready, .running, .stopping, .blocked, .ended: continue
                }
            case .stepDeadline(let key):
                if self.owed[key] != nil { self.emit(.stopRequested(key, .timedOut), now, by, &out) }
            case .questionDeadline(let id): self.expire(id, now, by, &out)
            case .timeLimit:
                if planted(.timeLimitIgnoredWhilePaused), self.phase == .paused { continue }
                switch self.phase {
                case .running, .paused: self.stop(.timeLimit, now, by, &out)
                case .stopping, .ended: continue
                }
            }
        }
    }

    private mutating func expire(_ id: QuestionID, _ now: Timestamp, _ by: Origin, _ out: inout Emission) {
        guard let question = self.questions[id] else { return }
        if let fallback = question.fallback { return self.expire(question, fallback, now, by, &out) }
        guard case .blocked(_, let attempt) = self.tasks[question.task.offset].state else { return }
        let number = attempt?.number ?? self.tasks[question.task.offset].attempts
        self.fail(question.task, self.timeoutFailure(of: question.task), attempt: number, now, by, &out)
    }
}
