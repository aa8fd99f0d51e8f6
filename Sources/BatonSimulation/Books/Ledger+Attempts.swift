import BatonCore

// Attempts and their steps.
extension Ledger {
    func started(
        _ task: TaskIndex,
        _ number: Int32,
        _ assignment: Assignment,
        _ fact: Recorded
    ) throws {
        let book = self.tasks[task.offset]
        switch self.phase {
        case .running: break
        case .paused: throw self.violation("I-30 a paused run starts nothing", task)
        case .stopping, .ended: throw self.violation("I-40 nothing starts after the cancel", task)
        }
        if book.place.isEnded { throw self.violation("I-02 what is complete never runs again", task) }
        if !book.hasBegun, !self.isSatisfied(task.offset) { throw self.violation("I-21 dependencies first", task) }
        guard book.place == .ready else {
            throw self.violation("a task starts when it is ready", task, "\(book.place)")
        }
        if !book.hasBegun, self.isNeedless(task.offset) {
            throw self.violation("what nobody needs does not begin", task)
        }
        if !book.conditions.isEmpty { self.reached.insert(.neededAfterAll) }
        if book.awaitsApproval { throw self.violation("I-36 nothing begins without the yes that it needs", task) }
        guard number == book.attempts + 1 else { throw self.violation("attempts are numbered", task, "\(number)") }
        if Int(number - book.granted) > self.mostAttempts(book) {
            throw self.violation("I-26 attempts never exceed the cap", task, "attempt \(number)")
        }
        try self.checkStaff(task, book, assignment)
        try self.checkOrder(task, book)
        try self.checkModels(task, book, assignment)
        for agent in assignment.agents {
            guard self.hasRoom(agent) else {
                throw self.violation("capacity of an agent", task, "agent \(agent.offset)")
            }
            self.loads[agent.offset] += 1
        }
        self.inHand += 1
        if self.inHand + self.withPeople > self.largestInHand {
            throw self.violation("capacity of the run", task, "\(self.inHand) and \(self.withPeople)")
        }
        if book.needs.contains(where: { self.tasks[$0].place != .completed }) {
            self.reached.insert(.ranInSpiteOfFailure)
        }
        if assignment.agents.count > 1 { self.reached.insert(.meetingBegan) }
        self.tasks[task.offset].place = .running
        self.tasks[task.offset].attempts = number
        self.tasks[task.offset].hasBegun = true
        self.tasks[task.offset].agents = Array(assignment.agents)
        self.tasks[task.offset].lead = assignment.lead
        let lead = self.plan.agents[assignment.lead.offset]
        self.tasks[task.offset].talk =
            lead.kind == .model
            ? Talk(
                models: self.models(of: assignment, book.complexity, lead),
                looksUp: self.granted(task).contains(Ledger.foreignGrant),
                mostQuestions: book.iterations ?? lead.limits.iterations,
                phases: book.form == .number && book.manager == nil && !book.meets ? lead.phases : []
            ) : nil
        self.tasks[task.offset].since = fact.at
        self.tasks[task.offset].idleSince = fact.at
        self.tasks[task.offset].key = nil
        self.tasks[task.offset].isOut = false
        self.tasks[task.offset].result = nil
        self.tasks[task.offset].answer = nil
        self.tasks[task.offset].brokeDown = 0
    }

    func mostAttempts(_ book: TaskBook) -> Int {
        book.maxAttempts ?? self.plan.defaults.maxRetryAttempts
    }

    func owed(_ key: StepKey, _ request: StepRequest, _ fact: Recorded) throws {
        let book = self.tasks[key.task.offset]
        switch self.phase {
        case .running, .paused: break
        case .stopping, .ended: throw self.violation("I-40 no new effect after the cancel", key.task)
        }
        guard book.place == .running, key.attempt == book.attempts else {
            throw self.violation("I-02 only an attempt in hand is owed", key.task, "\(key)")
        }
        if key.delivery == 1 {
            guard !book.isOut, key.step == (book.key?.step ?? 0) + 1, book.key == nil || book.talk != nil else {
                throw self.violation("one step at a time", key.task)
            }
            if book.isAway { try self.comeBack(key.task) }
            try self.checkRequest(request, key.task, book)
            let idle = max(.zero, fact.at - book.idleSince)
            self.tasks[key.task.offset].since = book.since + idle
            if idle > .zero, self.isLimited(key.task) { self.reached.insert(.shortWaited) }
            if book.key != nil, self.phase == .paused {
                throw self.violation("I-30 a paused run begins no further step", key.task)
            }
        } else {
            guard let known = book.key, book.isOut, known.delivery + 1 == key.delivery, known.step == key.step else {
                throw self.violation("I-13 a delivery follows the one before", key.task, "\(key)")
            }
            if book.owedByEngine == self.engine {
                throw self.violation("I-08 only another engine hands out again", key.task)
            }
            if !self.isRepeatable(book) { throw self.violation("I-07 only what is repeatable is repeated", key.task) }
            if self.phase == .paused { throw self.violation("I-30 a paused run hands nothing out again", key.task) }
            if key.delivery > 2 { self.reached.insert(.handedOutThrice) }
            try self.settle(key.task, nil)
            self.letGo(key.task, at: nil)
        }
        if case .model(let call) = request { try self.reserve(call, key.task) }
        self.tasks[key.task.offset].key = key
        self.tasks[key.task.offset].isOut = true
        self.tasks[key.task.offset].owedAt = book.talk == nil ? fact.at : self.tasks[key.task.offset].since
        self.tasks[key.task.offset].owedByEngine = self.engine
        let deadline = self.tasks[key.task.offset].owedAt + self.timeout(book)
        try self.hold(key.task, until: deadline, isFirst: key.delivery == 1, fact)
    }

    func isRepeatable(_ book: TaskBook) -> Bool {
        if let repeatable = book.repeatable { return repeatable }
        if [.model, .catalogue].contains(book.talk?.next) { return true }
        if let talk = book.talk, case .tool(let place) = talk.next, Ledger.looks.contains(talk.tools[Int(place)]) {
            return true
        }
        return book.lead.map { self.plan.agents[$0.offset].repeatable } ?? false
    }

    func timeout(_ book: TaskBook) -> Duration { book.timeout ?? self.plan.defaults.taskTimeout }

    func stopped(_ key: StepKey, _ reason: StopReason, _ fact: Recorded) throws {
        let book = self.tasks[key.task.offset]
        guard book.place == .running, book.isOut, book.key == key else {
            throw self.violation("only what is out is stopped", key.task)
        }
        if reason == .timedOut {
            if fact.at < self.deadline(of: book) {
                throw self.violation("no timeout before its time", key.task)
            }
            self.reached.insert(.timeoutFired)
        }
        if reason == .paused { self.reached.insert(.pausedAtOnce) }
        if reason == .decided { try self.checkDecided(key.task) }
        if case .skipped = reason { self.reached.insert(.skippedWhileRunning) }
        self.tasks[key.task.offset].place = .stopping(reason)
    }

    func returned(_ key: StepKey, _ result: StepResult, _ fact: Recorded) throws {
        let book = self.tasks[key.task.offset]
        guard book.isInHand, book.isOut, book.key == key else {
            throw self.violation("I-13 one result for a delivery", key.task, "\(key)")
        }
        if case .done(let content, _) = result, content != Ledger.output(of: key, book.form) {
            throw self.violation("I-13 the result is that of the delivery", key.task, "\(content)")
        }
        try self.settle(key.task, result.usage)
        self.letGo(key.task, at: fact.at)
        self.tasks[key.task.offset].isOut = false
        self.tasks[key.task.offset].idleSince = fact.at
        self.tasks[key.task.offset].result = result
        try self.follow(result, key)
    }

    /// What performers of the simulator give back for a step.
    static func output(of key: StepKey, _ form: Form = .number) -> Content {
        switch form {
        case .verdict: .inline(["approved": .bool(Self.approves(key)), "passed": .bool(Self.approves(key))])
        case .plan(let whole): .inline(Self.planned(key, whole))
        case .resolution(let whole): .inline(Self.resolution(key, whole))
        case .minutes: .inline(Self.minutes(key))
        case .utterance:
            switch Int(key.task.value) * 5 + Int(key.attempt) * 3 + Int(key.delivery) * 7 {
            case let draw where draw % 2 == 0: .inline("PASS")
            case let draw where draw % 5 == 0: .inline("This is done, \(key.step).\nNEXT")
            case let draw: .inline(.string("I say \(draw), \(key.step)."))
            }
        case .number:
            .inline(
                .integer(
                    Int64(key.task.value) << 40 | Int64(key.attempt) << 24 | Int64(key.step) << 8 | Int64(key.delivery)
                )
            )
        }
    }

    func lost(_ key: StepKey, _ fact: Recorded) throws {
        let book = self.tasks[key.task.offset]
        guard book.place == .running, book.isOut, book.key == key else {
            throw self.violation("I-07 only what is out is lost", key.task)
        }
        if book.owedByEngine == self.engine { throw self.violation("I-08 only a dead engine's step is lost", key.task) }
        try self.settle(key.task, nil)
        self.letGo(key.task, at: nil)
        self.tasks[key.task.offset].isOut = false
        self.tasks[key.task.offset].idleSince = fact.at
    }

    func rested(_ task: TaskIndex, _ until: Timestamp, _ failure: Failure, _ fact: Recorded) throws {
        let book = self.tasks[task.offset]
        guard !book.isOut else { throw self.violation("I-13 nothing rests with a step out", task) }
        switch book.place {
        case .running, .stopping(.timedOut), .blocked(_, true): break
        case .waiting, .ready, .stopping, .resting, .blocked, .completed, .failed, .skipped, .cancelled:
            throw self.violation("only what failed rests", task, "\(book.place)")
        }
        if failure.kind == .permanent { throw self.violation("I-26 permanent failures are not tried again", task) }
        let counted = Int(book.attempts - book.granted)
        if counted >= self.mostAttempts(book) { throw self.violation("I-26 the last attempt is the last", task) }
        try self.checkRefuted(task, book)
        try self.checkRest(task, book, counted, until, failure, fact)
        if failure.kind == .timedOut { self.reached.insert(.timedOutAndTriedAgain) }
        self.release(task, succeeded: false)
        self.tasks[task.offset].place = .resting(until: until)
    }

    /// The last attempt has failed, and another agent takes it.
    func fellBack(_ task: TaskIndex, _ failure: Failure, _ fact: Recorded) throws {
        let book = self.tasks[task.offset]
        guard !book.isOut, let other = book.fallback else {
            throw self.violation("a task falls back once, with nothing out", task)
        }
        switch book.place {
        case .running, .stopping(.timedOut), .blocked(_, true): break
        case .waiting, .ready, .stopping, .resting, .blocked, .completed, .failed, .skipped, .cancelled:
            throw self.violation("only what failed falls back", task, "\(book.place)")
        }
        if failure.kind != .permanent, Int(book.attempts - book.granted) < self.mostAttempts(book) {
            throw self.violation("I-26 no attempt is lost", task, "\(failure.code)")
        }
        try self.checkRefuted(task, book)
        self.reached.insert(.fellBack)
        self.release(task, succeeded: false)
        self.tasks[task.offset].granted = book.attempts
        self.tasks[task.offset].fallback = nil
        self.tasks[task.offset].isApproved = false
        self.tasks[task.offset].restaff(to: other, self.plan.agents)
        self.makeReady(task.offset, at: fact.at)
    }

    // Twice the wait before, 60 s at most, less a quarter of jitter at most; what the other side asked for is kept.
    func checkRest(
        _ task: TaskIndex,
        _ book: TaskBook,
        _ counted: Int,
        _ until: Timestamp,
        _ failure: Failure,
        _ fact: Recorded
    ) throws {
        var wait = min(60_000_000, (book.retryDelay ?? self.plan.defaults.retryDelay).microseconds)
        for _ in 1..<max(1, counted) { wait = min(60_000_000, wait * 2) }
        let asked = failure.retryAfter?.microseconds ?? 0
        let rest = (until - fact.at).microseconds
        if failure.retryAfter != nil, asked < wait - wait / 4 { self.reached.insert(.retryAfterTooShort) }
        if asked > wait { self.reached.insert(.retryAfterObeyed) }
        if rest < max(wait - wait / 4, asked) || rest > max(wait, asked) {
            throw self.violation("I-26 backoff", task, "\(rest) after attempt \(counted), asked \(asked), wait \(wait)")
        }
    }

    func ready(_ task: TaskIndex, _ fact: Recorded) throws {
        let book = self.tasks[task.offset]
        switch book.place {
        case .resting(let until):
            if case .person = fact.by {
                self.reached.insert(.restCutShort)
            } else if fact.at < until {
                throw self.violation("I-26 backoff is never earlier", task)
            }
        case .stopping(.paused):
            guard !book.isOut else { throw self.violation("I-13 not ready with a step out", task) }
            if book.talk.map({ $0.next != .nothing }) ?? false {
                throw self.violation("a pause costs a conversation nothing that was said", task)
            }
            self.release(task)
            self.tasks[task.offset].granted += 1
        case .waiting, .ready, .running, .stopping, .blocked, .completed, .failed, .skipped, .cancelled:
            throw self.violation("only what rests or paused becomes ready", task, "\(book.place)")
        }
        self.makeReady(task.offset, at: fact.at)
    }

    /// Gives back the agents of an attempt; with an outcome it counts for who led it.
    func release(_ task: TaskIndex, succeeded: Bool? = nil) {
        let book = self.tasks[task.offset]
        let wasAway = book.isAway
        self.tasks[task.offset].isAway = false
        self.tasks[task.offset].handedOn = [:]
        self.tasks[task.offset].checks = []
        switch book.place {
        case .running, .stopping: self.inHand -= wasAway ? 0 : 1
        case .blocked(let id, true):
            self.withPeople -= 1
            self.open[id] = nil
        case .blocked(let id, false):
            self.open[id] = nil
            return
        case .waiting, .ready, .resting, .completed, .failed, .skipped, .cancelled: return
        }
        for agent in book.agents where !wasAway { self.loads[agent.offset] -= 1 }
        if let succeeded, let lead = book.lead {
            self.tries[lead.offset] += 1
            self.successes[lead.offset] += succeeded ? 1 : 0
            self.countModels(book, succeeded: succeeded)
        }
        self.tasks[task.offset].agents = []
    }
}
