/// What `baton why` asks of a run's events beyond its sheet: since when each task stands where it stands, who holds it up,
/// and how the agents of one task were chosen.
package struct Inquiry: Sendable {
    /// A wait after a failed attempt.
    package struct Rest: Hashable, Sendable {
        package let attempt: Int32
        package let from: Timestamp
        package let until: Timestamp
        package let rule: RestRule

        package var wait: Duration { self.until - self.from }
    }

    /// What made a wait as long as it is.
    package enum RestRule: Hashable, Sendable {
        /// The plan's delay, doubled with each attempt up to a minute; jitter takes up to a quarter of this.
        case doubled(upTo: Duration)
        /// The other side asked for it.
        case retryAfter(Duration)
        /// The last attempt had failed, and the task is done another way.
        case fallback
        /// None of these: the engine that wrote it had other rules.
        case other
    }

    /// What was said to a question about the subject: by a person, or for them by the plan when their time was up.
    package struct Reply: Hashable, Sendable {
        package let question: Question
        package let answer: Answer
        package let by: Origin
        package let at: Timestamp
    }

    package private(set) var sheet: RunSheet
    /// The task that is asked about.
    package private(set) var subject: TaskIndex?
    /// When each task came to stand where it stands.
    package private(set) var since: [Timestamp]
    package private(set) var phaseSince: Timestamp
    /// Who brought the run into its phase.
    package private(set) var phaseBy = Origin.engine
    /// Who had the run stopped.
    package private(set) var stoppedBy = Origin.engine
    /// When each open question was asked.
    package private(set) var asked: [QuestionID: Timestamp] = [:]
    /// How long each agent was busy with attempts that are over.
    package private(set) var busyMicroseconds: [Int64]
    package private(set) var causes: Causes

    // Of the subject.

    private let name: TaskID?

    /// One for each attempt.
    package private(set) var choices: [AgentChoice] = []
    /// How often the work of each attempt was handed out.
    package private(set) var deliveries: [Int32] = []
    package private(set) var rests: [Rest] = []
    private var trail = ModelTrail()
    /// The models that were weighed for its last attempt.
    package private(set) var weighed: [ModelChoice.Candidate] = []
    /// Which models its agents have asked, in their order.
    package var models: [ModelUse] { self.trail.uses }
    package private(set) var replies: [Reply] = []
    /// How it came from an agent that handed it on, if it did.
    package private(set) var handing: (delegation: Delegation, by: AgentID, at: Timestamp)?
    /// What its agents wanted to hand on and might not, with the reasons they were told.
    package private(set) var refusals: [String] = []
    /// Who told it to stop, or ended it.
    package private(set) var endedBy = Origin.engine

    /// Who said what to it.
    package private(set) var words: [SpokenWord] = []

    /// What other runs have in hand of its agents.
    package private(set) var elsewhere: HeldElsewhere?

    package var run: Run { self.sheet.run }

    /// Looks at the run beside others.
    package mutating func look(beside held: HeldElsewhere) {
        self.elsewhere = held
        self.sheet.stand(beside: held)
    }

    /// Folds all facts of a run; nil if they do not begin with `created`, or the run has no such task.
    package init?(_ facts: [Recorded], about task: TaskID?) {
        guard let first = facts.first, let sheet = RunSheet(first) else { return nil }
        self.sheet = sheet
        self.name = task
        self.subject = task.flatMap { sheet.run.index(of: $0) }
        self.since = Array(repeating: first.at, count: sheet.run.tasks.count)
        self.phaseSince = first.at
        self.busyMicroseconds = Array(repeating: 0, count: sheet.run.plan.agents.count)
        self.causes = Causes(of: sheet.run)
        for fact in facts.dropFirst() {
            self.take(fact)
            // It may have been added on the way.
            if self.subject == nil { self.subject = task.flatMap { self.run.index(of: $0) } }
        }
        if task != nil, self.subject == nil { return nil }
        if let task { self.words = SpokenWord.all(in: facts, about: task) }
        guard facts.count > 1 else { return }
        self.causes = Causes(of: self.run)
    }

    // MARK: The fold

    private mutating func take(_ fact: Recorded) {
        if case .attemptStarted(let task, let attempt, let assignment) = fact.event, task == self.subject {
            self.choices.append(AgentChoice(of: task, attempt: attempt, assignment, before: self.run))
            self.deliveries.append(1)
            self.weighed = assignment.models
        }
        if case .delegated(let delegation) = fact.event, case .agent(let agent, _) = fact.by, let name,
            delegation.spec?.id == name
        {
            self.handing = (delegation, agent, fact.at)
        }
        if case .delegated(let delegation) = fact.event, delegation.task == self.subject,
            case .refused(let words) = delegation.verdict
        {
            self.refusals.append(words)
        }
        let question = self.question(of: fact.event)
        let task = question?.task ?? fact.event.task
        let hand = task.flatMap { self.hand(with: $0, until: fact.at) }
        self.sheet.take(fact)
        let added = self.run.tasks.count - self.since.count
        if added > 0 { self.since += Array(repeating: fact.at, count: added) }
        // What was done before a fork counts for the other run.
        if case .forked = fact.event { self.busyMicroseconds = self.busyMicroseconds.map { _ in 0 } }
        let joined = self.run.plan.agents.count - self.busyMicroseconds.count
        if joined > 0 { self.busyMicroseconds += Array(repeating: 0, count: joined) }
        guard self.run.damage == nil else { return }
        if let task, let hand, self.sheet.progress.hands.since(of: task) == nil { self.count(hand) }
        self.mark(fact, task)
        guard let task, task == self.subject else { return }
        if let question, case .answered(_, let answer) = fact.event {
            self.replies.append(Reply(question: question, answer: answer, by: fact.by, at: fact.at))
        }
        self.takeOfSubject(fact, task)
    }

    private func question(of event: Event) -> Question? {
        if case .answered(let id, _) = event { return self.run.questions[id] }
        return nil
    }

    private func hand(with task: TaskIndex, until now: Timestamp) -> (agents: [AgentIndex], worked: Duration)? {
        let hands = self.sheet.progress.hands
        return hands.worked(on: task, until: now).map { (hands.crew(of: task), $0) }
    }

    private mutating func count(_ hand: (agents: [AgentIndex], worked: Duration)) {
        for agent in hand.agents where self.busyMicroseconds.indices.contains(agent.offset) {
            let span = hand.worked.microseconds
            self.busyMicroseconds[agent.offset] = self.busyMicroseconds[agent.offset].addingSaturated(span)
        }
    }

    private mutating func mark(_ fact: Recorded, _ task: TaskIndex?) {
        switch fact.event {
        case .attemptStarted, .taskReady, .stopRequested, .taskRested, .taskFellBack: break
        case .taskEnded(let ended, _):
            for dependent in self.run.graph.dependents[ended] where Self.hasBegun(self.run.tasks[Int(dependent)].state)
            {
                self.since[Int(dependent)] = fact.at
            }
        case .asked(let question): self.asked[question.id] = fact.at
        case .answered(let id, _): self.asked[id] = nil
        // An edited task asks for nobody any more.
        case .taskEdited: self.asked = self.asked.filter { self.run.questions[$0.key] != nil }
        case .forked:
            self.asked = self.asked.filter { self.run.questions[$0.key] != nil }
            self.phaseSince = fact.at
            return
        case .tasksReset(let tasks):
            for task in tasks where self.since.indices.contains(task.offset) { self.since[task.offset] = fact.at }
            return
        case .paused, .resumed, .stopping, .ended:
            self.phaseSince = fact.at
            self.phaseBy = fact.by
            if case .stopping = fact.event { self.stoppedBy = fact.by }
            return
        case .created, .recovered, .stepOwed, .stepReturned, .stepLost, .staleResult, .attemptHeld, .tasksAdded,
            .delegated,
            .taskReprioritized,
            .steered:
            return
        }
        if let task, self.since.indices.contains(task.offset) { self.since[task.offset] = fact.at }
    }

    // The last of its dependencies has just ended: it waits for no other task any more.
    private static func hasBegun(_ state: TaskState) -> Bool {
        switch state {
        case .ready, .scheduled: true
        case .waiting, .running, .stopping, .resting, .blocked, .ended: false
        }
    }

    private mutating func takeOfSubject(_ fact: Recorded, _ task: TaskIndex) {
        let attempts = self.run.record(task)?.attempts ?? 0
        switch fact.event {
        case .stepOwed(let key, let request):
            if case .model(let call) = request { self.trail.ask(call, key, self.run) }
            if !self.deliveries.isEmpty { self.deliveries[self.deliveries.count - 1] = key.delivery }
        case .taskRested(_, let until, let failure):
            self.rests.append(self.rest(task, attempts, fact.at, until, failure))
        case .taskFellBack:
            self.rests.append(Rest(attempt: attempts, from: fact.at, until: fact.at, rule: .fallback))
        case .stopRequested: self.endedBy = fact.by
        // A stop that a person asked for ends the task later, by the engine.
        case .taskEnded: if self.endedBy == .engine { self.endedBy = fact.by }
        case .attemptStarted: self.endedBy = .engine
        case .stepReturned(let key, let result): self.trail.took(result, of: key)
        case .created, .recovered, .stepLost, .staleResult, .attemptHeld, .taskReady, .asked, .answered,
            .paused,
            .resumed, .stopping, .ended, .tasksAdded, .delegated, .taskEdited, .taskReprioritized, .tasksReset,
            .steered,
            .forked:
            break
        }
    }

    private func rest(
        _ task: TaskIndex,
        _ attempt: Int32,
        _ now: Timestamp,
        _ until: Timestamp,
        _ failure: Failure
    ) -> Rest {
        let wait = until - now
        let granted = self.run.record(task)?.granted ?? 0
        let full = self.run.retryPolicy(of: task).wait(after: Int(attempt) - Int(granted))
        let rule: RestRule
        if let asked = failure.retryAfter, asked >= wait {
            rule = .retryAfter(asked)
        } else {
            rule = wait <= full && wait >= full / 4 * 3 ? .doubled(upTo: full) : .other
        }
        return Rest(attempt: attempt, from: now, until: until, rule: rule)
    }

    // MARK: Answers

    /// From a task that waits or did not get its chance to the one that holds it up, or brought it down.
    ///
    /// - Returns: the chain behind the task, the root last; empty if the task itself is the root.
    package func chain(behind task: TaskIndex) -> [TaskIndex] { self.causes.chain(behind: task) }

    /// The tasks that a task still waits for, in plan order.
    package func openDependencies(of task: TaskIndex) -> [TaskIndex] {
        self.run.graph.dependencies[task].map { TaskIndex(Int($0)) }.filter { !self.run.tasks[$0.offset].state.isEnded }
    }
}
