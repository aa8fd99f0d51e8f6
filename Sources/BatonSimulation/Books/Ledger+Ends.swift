import BatonCore

// Ends, and what holds after each append.
extension Ledger {
    func ended(_ task: TaskIndex, _ end: TaskEnd, _ fact: Recorded) throws {
        let book = self.tasks[task.offset]
        if book.place.isEnded { throw self.violation("I-03 one terminal event", task, "ended twice") }
        if book.isOut { throw self.violation("I-13 nothing ends with a step out", task) }
        switch end {
        case .completed(let content):
            try self.checkCompleted(task, book, content)
            try self.checkFollowed(book, content)
        case .failed(let failure): try self.checkFailed(task, book, failure)
        case .skipped(let reason): try self.checkSkipped(task, book, reason, fact)
        case .cancelled:
            // A fork of a run that stopped begins with what had been told to stop.
            guard self.isStopping || (self.fork != nil && book.place == .stopping(.cancelled)) else {
                throw self.violation("only what is cancelled is cancelled", task)
            }
            if case .resting = book.place { self.reached.insert(.cancelledWhileResting) }
            if case .done? = book.result, book.isInHand { self.reached.insert(.cancelledThoughDone) }
        }
        self.release(task, succeeded: Self.counts(end, book))
        for (id, question) in self.open where question.kind.holdsAttempt && question.task == task {
            self.open[id] = nil
        }
        self.tasks[task.offset].answer = nil
        if case .completed(let content) = end { self.tasks[task.offset].end = content }
        if case .skipped(.person) = end { self.tasks[task.offset].isLeftOut = true }
        if case .skipped(.unneeded) = end { self.tasks[task.offset].isUnneeded = true }
        if case .skipped(.decided) = end { self.tasks[task.offset].isSpared = true }
        self.tasks[task.offset].isGivenUp = book.delegator == nil && Self.isGivenUp(book, end)
        switch end {
        case .completed: self.tasks[task.offset].place = .completed
        case .failed: self.tasks[task.offset].place = .failed
        case .skipped: self.tasks[task.offset].place = .skipped
        case .cancelled: self.tasks[task.offset].place = .cancelled
        }
        if !end.isCompleted { self.fallen += 1 }
        for dependent in self.dependents[task.offset] { self.count(dependent, at: fact.at) }
        self.tellAbove(task, end)
    }

    var isStopping: Bool {
        if case .stopping = self.phase { return true }
        return false
    }

    // Nobody said so, and nobody tried.
    private static func isGivenUp(_ book: TaskBook, _ end: TaskEnd) -> Bool {
        switch end {
        case .skipped(.dependency): true
        case .failed: book.answer == nil && (book.place == .waiting || book.place == .ready)
        case .completed, .skipped(.person), .skipped(.unanswered), .skipped(.unneeded), .skipped(.decided), .cancelled:
            false
        }
    }

    // What was skipped or cancelled tells nothing of who did it.
    private static func counts(_ end: TaskEnd, _ book: TaskBook) -> Bool? {
        switch end {
        case .completed: true
        // A signature that is refused was asked for.
        case .failed: book.proves?.signature != nil && book.answer?.choice == .fail
        case .skipped, .cancelled: nil
        }
    }

    private func checkCompleted(_ task: TaskIndex, _ book: TaskBook, _ content: Content) throws {
        try self.checkPlanned(task, book)
        if let answer = book.answer {
            guard answer.choice == .done, answer.content == content else {
                throw self.violation("I-35 the answer is what was answered", task)
            }
            return
        }
        guard book.isThrough, book.result?.output == content else {
            throw self.violation("only what is done completes", task, "\(content)")
        }
        try self.checkProved(task, book)
        switch book.place {
        case .running: return
        case .stopping(.timedOut): self.reached.insert(.completedThoughTimedOut)
        case .stopping(.paused): self.reached.insert(.completedThoughPaused)
        case .stopping(.decided): self.reached.insert(.voterStopped)
        case .waiting, .ready, .stopping, .resting, .blocked, .completed, .failed, .skipped, .cancelled:
            throw self.violation("what was taken back does not complete", task, "\(book.place)")
        }
    }

    private func checkFailed(_ task: TaskIndex, _ book: TaskBook, _ failure: Failure) throws {
        if let answer = book.answer {
            guard answer.choice == .fail, answer.note.isEmpty || failure.message == answer.note else {
                throw self.violation("I-35 the answer is what was answered", task, failure.message)
            }
            return
        }
        switch book.place {
        case .waiting, .ready:
            guard self.isHindered(task.offset, by: [.fail]) else {
                throw self.violation("a task fails with a cause", task)
            }
            self.reached.insert(.failureCascaded)
        case .running, .stopping, .blocked(_, true):
            if case .stopping = self.phase { return }
            try self.checkRefuted(task, book)
            if book.fallback != nil { throw self.violation("a task with another way does not fail yet", task) }
            if failure.kind != .permanent, Int(book.attempts - book.granted) < self.mostAttempts(book) {
                throw self.violation(
                    "I-26 no attempt is lost",
                    task,
                    "attempt \(book.attempts), granted \(book.granted)"
                )
            }
            if failure.kind != .permanent { self.reached.insert(.triesUsedUp) }
            if failure.code == "budget.spent" { self.reached.insert(.budgetStopped) }
        case .resting, .blocked, .completed, .failed, .skipped, .cancelled:
            throw self.violation("a task fails with a cause", task, "\(book.place)")
        }
        if case .blocked = book.place { self.reached.insert(.workExpired) }
    }

    private func checkSkipped(_ task: TaskIndex, _ book: TaskBook, _ reason: SkipReason, _ fact: Recorded) throws {
        switch reason {
        case .dependency:
            if let above = self.above(task.offset).first, !self.waits(above, for: task.offset) {
                self.reached.insert(.partGivenUp)
                return
            }
            guard self.isHindered(task.offset, by: [.skip]) else {
                throw self.violation("a task is given up with a cause", task)
            }
            self.reached.insert(.skipCascaded)
        case .unneeded(let other): try self.checkUnneeded(task, other)
        case .decided: try self.checkDecided(task)
        case .unanswered(let id):
            let isAsked =
                if case .blocked(id, _) = book.place { true } else { book.place == .running }
            guard isAsked, book.answer?.choice == .skip, book.isUnanswered else {
                throw self.violation("only time leaves out what nobody answered", task)
            }
        case .person(let note):
            if let answer = book.answer {
                guard answer.choice == .skip, answer.note == note, !book.isUnanswered else {
                    throw self.violation("I-35 the answer is what was answered", task, note)
                }
            } else if case .stopping(let asked) = book.place {
                guard asked == .skipped(note: note) else {
                    throw self.violation("a task is skipped with the reason that was given", task, note)
                }
            } else if case .engine = fact.by {
                throw self.violation("only people skip a task", task)
            }
        }
    }

    // MARK: People

    func stops(_ cause: StopCause, _ fact: Recorded) throws {
        switch self.phase {
        case .running: if cause == .timeLimit { self.reached.insert(.timeLimitWhileRunning) }
        case .paused: if cause == .timeLimit { self.reached.insert(.timeLimitWhilePaused) }
        case .stopping, .ended: throw Violation("I-40 a run stops once", self.name)
        }
        if cause == .timeLimit {
            guard let limit = self.plan.budget.time, fact.at >= self.limitedFrom + limit else {
                throw Violation("no time limit before its time", self.name)
            }
        }
        if case .strict = cause { self.reached.insert(.strictStopped) }
        self.phase = .stopping(cause)
    }

    // MARK: The end

    func runEnded(_ end: RunEnd) throws {
        guard self.tasks.allSatisfy({ $0.place.isEnded }) else {
            throw Violation("a run ends after its tasks", self.name)
        }
        let own = self.tasks.filter { book in
            if case .resolution = book.form { return false }
            return book.delegator == nil && !self.isHeardInVote(book)
        }
        let isMarred = own.contains {
            $0.place == .failed || ($0.place == .skipped && $0.isGivenUp)
        }
        let hasCompleted = self.tasks.contains {
            $0.place == .completed && $0.delegator == nil && !$0.opens && $0.form != .utterance
        }
        let isCut = self.tasks.contains { $0.place == .cancelled }
        var wanted: RunEnd =
            !isMarred && !isCut ? .completed : hasCompleted ? .partial : isMarred ? .failed : .cancelled
        if case .stopping(let cause) = self.phase {
            switch cause {
            case .person: wanted = .cancelled
            case .strict: wanted = .failed
            case .timeLimit: wanted = hasCompleted ? .partial : .failed
            }
        }
        guard end == wanted else {
            throw Violation("a run ends as its tasks did", "\(self.name) \(end), not \(wanted)")
        }
        self.phase = .ended(end)
        switch end {
        case .completed: self.reached.insert(.endedCompleted)
        case .partial: self.reached.insert(.endedPartial)
        case .failed: self.reached.insert(.endedFailed)
        case .cancelled: self.reached.insert(.endedCancelled)
        }
    }

    // MARK: After each append

    /// What holds after every append, because a command's events are appended together.
    func checkChunk() throws {
        if self.plan.tasks.contains(where: \.stopsEarly) { try self.checkVotes() }
        try self.checkHeard()
        var isOpen = false
        for offset in self.tasks.indices {
            // In place: a book is large.
            if self.tasks[offset].place == .failed, self.tasks[offset].isStrict, self.tasks[offset].whole == nil,
                self.phase == .running || self.phase == .paused
            {
                throw self.violation("a strict task that fails stops the run", TaskIndex(offset))
            }
            if self.tasks[offset].isGivenUp, !self.isHindered(offset) {
                throw self.violation("what fell has something that keeps it down", TaskIndex(offset))
            }
            if self.tasks[offset].place.isEnded { continue }
            isOpen = true
            if let above = self.above(offset).first, self.tasks[above].place.isEnded, !self.tasks[offset].isInHand {
                throw self.violation("what nobody waits for is given up", TaskIndex(offset))
            }
            if case .stopping = self.phase, !self.tasks[offset].isInHand {
                throw self.violation("I-40 a run that stops gives up all that is not in hand", TaskIndex(offset))
            }
            if self.tasks[offset].isInHand, !self.tasks[offset].isOut, !self.isHeld(offset) {
                throw self.violation("I-23 what is in hand has a step out", TaskIndex(offset))
            }
            if self.tasks[offset].answer != nil {
                throw self.violation("I-34 an answer takes effect", TaskIndex(offset))
            }
            if self.fallen > 0, self.tasks[offset].place == .waiting, self.isHindered(offset) {
                throw self.violation("I-21 a failed dependency has its outcome", TaskIndex(offset))
            }
        }
        if case .ended = self.phase { return }
        if !isOpen { throw Violation("I-23 a run ends when its tasks have", self.name) }
    }

    // MARK: Calls and replies

    /// A performer begins.
    func begin(_ key: StepKey) throws {
        let book = self.tasks[key.task.offset]
        guard let known = book.key, known == key || known.delivery > key.delivery || known.attempt > key.attempt else {
            throw self.violation("I-06 nothing begins before it is durable", key.task, "\(key)")
        }
        if book.place.isEnded { throw self.violation("I-02 what is complete never runs again", key.task) }
        guard self.begun.insert(key).inserted else { throw self.violation("I-13 a delivery begins once", key.task) }
    }

    /// Somebody was told that a command, or all up to a position, is done.
    func acknowledge(_ fact: Recorded) { self.acknowledged.append(fact) }

    func announce(_ position: Int64) { self.announced = max(self.announced, position) }

    /// After a crash: what was said to anybody is in the journal.
    func checkPromises(_ facts: [Recorded]) throws {
        guard Int64(facts.count) >= self.announced else {
            throw Violation("I-01 what watchers saw is durable", "\(self.name) \(self.announced) of \(facts.count)")
        }
        for fact in self.acknowledged {
            let offset = Int(fact.position.value) - 1
            guard facts.indices.contains(offset), facts[offset] == fact else {
                throw Violation("I-01 what was acknowledged is durable", "\(self.name) \(fact.event)")
            }
        }
    }

    /// After a wake at this time: all that was due has happened.
    func checkDue(at now: Timestamp) throws {
        if case .ended = self.phase { return }
        for (offset, book) in self.tasks.enumerated() {
            if case .running = book.place, book.isOut, self.deadline(of: book) <= now {
                throw self.violation("a timeout fires", TaskIndex(offset))
            }
            if case .resting(let until) = book.place, until <= now {
                throw self.violation("a rest ends", TaskIndex(offset))
            }
        }
        for question in self.open.values {
            if let deadline = question.deadline, deadline <= now {
                throw self.violation("a question that nobody answered is given up", question.task)
            }
        }
        if let limit = self.plan.budget.time, self.limitedFrom + limit <= now {
            switch self.phase {
            case .running, .paused: throw Violation("the time limit holds", self.name)
            case .stopping, .ended: return
            }
        }
    }

    /// The earliest moment that something of the run is due; its engine has to ask to be woken by then.
    var firstDue: Timestamp? {
        var first: Timestamp?
        func take(_ moment: Timestamp) { first = first.map { min($0, moment) } ?? moment }
        for book in self.tasks {
            if case .running = book.place, book.isOut { take(self.deadline(of: book)) }
            if case .resting(let until) = book.place { take(until) }
        }
        switch self.phase {
        case .running, .paused: if let limit = self.plan.budget.time { take(self.limitedFrom + limit) }
        case .stopping, .ended: break
        }
        for question in self.open.values { if let deadline = question.deadline { take(deadline) } }
        return first
    }
}
