package import BatonCore

/// What a screen shows of a run, folded from its facts: little work for each fact, however large the plan.
package struct LiveBoard: Sendable {
    /// Where a task stands, as far as a screen tells.
    package enum Stand: UInt8, Sendable {
        case waiting
        case inHand
        case stopping
        case resting
        case blocked
        case completed
        case failed
        case skipped
        case cancelled
    }

    /// A task that failed, or whose last attempt did.
    package struct Mishap: Sendable {
        package let task: TaskIndex
        package let agent: AgentIndex?
        package let failure: Failure
        /// When it is tried again; nil if it is given up.
        package let until: Timestamp?
    }

    /// More failed tasks than this are only counted.
    private static let mostFailures = 50
    /// Of larger plans nobody reads how long each task took.
    private static let mostSpans = 500

    package private(set) var run: RunID
    package private(set) var plan: Plan
    package let isRehearsal: Bool
    package private(set) var progress: Progress
    package private(set) var eta = Eta()
    package private(set) var phase = Run.Phase.running
    package private(set) var stands: [Stand]
    package private(set) var resting: [TaskIndex: Mishap] = [:]
    /// The newest last.
    package private(set) var failures: [Mishap] = []
    package private(set) var questions: [QuestionID: Question] = [:]
    private var directives: [Directive] = []
    package private(set) var spans: [TaskIndex: Duration] = [:]
    /// For each agent, how many tasks wait for it and no other.
    package private(set) var waiting: [Int]
    package private(set) var longestTaskName: Int
    package let longestAgentName: Int
    private var assigned: [AgentIndex?]
    // For each task, the agent and the number of its newest attempt.
    private var leads: [Int32]
    private var attempts: [Int32]
    // Of the plan as it is now; nil until it is needed.
    private var graph: PlanGraph?

    /// Begins with the first fact; nil if that is not `created`.
    package init?(_ fact: Recorded) {
        guard case .created(let seed) = fact.event, let progress = Progress(fact) else { return nil }
        self.run = seed.run
        self.plan = seed.plan
        self.isRehearsal = seed.mode == .rehearsal
        self.progress = progress
        self.longestTaskName = seed.plan.tasks.map { TextWidth.of($0.id.text) }.max() ?? 0
        self.longestAgentName = seed.plan.agents.map { TextWidth.of($0.id.text) }.max() ?? 0
        self.leads = Array(repeating: -1, count: seed.plan.tasks.count)
        self.attempts = Array(repeating: 0, count: seed.plan.tasks.count)
        self.stands = Array(repeating: .waiting, count: seed.plan.tasks.count)
        let agents = Dictionary(
            seed.plan.agents.enumerated().map { ($1.id, AgentIndex($0)) },
            uniquingKeysWith: { first, _ in first }
        )
        self.assigned = seed.plan.tasks.map { task in task.assignedAgent.flatMap { agents[$0] } }
        self.waiting = Array(repeating: 0, count: seed.plan.agents.count)
        for agent in self.assigned { if let agent { self.waiting[agent.offset] += 1 } }
    }

    /// When the last fact was.
    package var updated: Timestamp { self.progress.updated }

    package var isEnded: Bool {
        if case .ended = self.phase { return true }
        return false
    }

    /// Whether nothing is seen to go on but waiting for people; the rules themselves may know more.
    package var mayWaitOnlyForPeople: Bool {
        guard case .running = self.phase, !self.questions.isEmpty, self.resting.isEmpty else { return false }
        return !self.hasWorkInHand
    }

    /// Whether others than people work.
    package var hasWorkInHand: Bool { self.stands.contains { $0 == .inHand || $0 == .stopping } }

    /// Whether nothing is seen to go on, so that what is ready may have to wait for other runs; the rules know what is ready.
    package var mayWaitForOthers: Bool {
        guard case .running = self.phase, self.resting.isEmpty else { return false }
        return !self.hasWorkInHand
    }

    /// Open questions in the order of asking.
    package var openQuestions: [Question] { self.questions.values.sorted { $0.id < $1.id } }

    /// What whoever is asked for work of their own has been told, before and after they were asked.
    package func directives(for question: Question) -> [Directive] {
        if question.kind == .blocker || question.kind == .consultation {
            return self.directives.filter { directive in
                if case .manager = directive.sender { directive.audience == .task(question.task) } else { false }
            }
        }
        guard question.kind == .work, let agent = question.agent, !self.directives.isEmpty else { return [] }
        let assignment = Assignment(lead: agent, agents: [agent])
        return self.directives.filter { $0.concerns(question.task, assignment) }
    }

    /// The agent of the newest attempt of a task.
    package func agent(of task: TaskIndex) -> AgentIndex? {
        self.leads.indices.contains(task.offset) && self.leads[task.offset] >= 0
            ? AgentIndex(Int(self.leads[task.offset])) : nil
    }

    /// The number of its newest attempt.
    package func attempt(of task: TaskIndex) -> Int {
        self.attempts.indices.contains(task.offset) ? Int(self.attempts[task.offset]) : 0
    }

    /// Works out the time left, before it is drawn: too much to do for each fact.
    package mutating func estimate() {
        let graph = self.graph ?? PlanGraph(self.plan.tasks)
        self.graph = graph
        self.eta.take(self.progress, in: graph)
    }

    package mutating func take(_ fact: Recorded) {
        if case .taskEnded(let task, _) = fact.event { self.measure(task, fact.at) }
        self.progress.take(fact)
        switch fact.event {
        case .attemptStarted(let task, let number, let assignment):
            guard self.stands.indices.contains(task.offset) else { return }
            self.leads[task.offset] = assignment.lead.value
            self.attempts[task.offset] = number
            self.set(task, .inHand)
        case .stopRequested(let key, _): self.set(key.task, .stopping)
        case .taskRested(let task, let until, let failure):
            self.resting[task] = Mishap(task: task, agent: self.agent(of: task), failure: failure, until: until)
            // A person who takes too long has failed, too.
            self.withdrawQuestions { $0 == task }
            self.set(task, .resting)
        case .taskFellBack(let task, _):
            self.follow(fact.event)
            self.withdrawQuestions { $0 == task }
            self.set(task, .waiting)
        case .taskReady(let task): self.set(task, .waiting)
        case .taskEnded(let task, let end): self.end(task, end)
        case .asked(let question):
            self.questions[question.id] = question
            if !question.kind.holdsAttempt { self.set(question.task, .blocked) }
        case .answered(let id, let answer):
            guard let question = self.questions.removeValue(forKey: id) else { return }
            switch answer.choice {
            case .again, .approve, .assign:
                if !question.kind.holdsAttempt { self.set(question.task, .waiting) }
            case .done, .fail, .skip, .raise, .deny: return
            }
        case .paused: self.phase = .paused
        case .resumed: self.phase = .running
        case .stopping(let cause): self.phase = .stopping(cause)
        case .ended(let end): self.phase = .ended(end)
        case .tasksAdded, .delegated, .taskEdited: self.follow(fact.event)
        case .forked(let seed, _, _):
            let old = self.plan.tasks
            self.run = seed.run
            if self.phase != .paused { self.phase = .running }
            self.follow(fact.event)
            let anew = seed.plan.begunAnew(since: old, PlanGraph(seed.plan.tasks))
            for task in anew { self.set(task, .waiting) }
            self.withdrawQuestions { anew.contains($0) }
            self.failures.removeAll { anew.contains($0.task) }
        case .steered(let directive): self.directives.append(directive)
        case .tasksReset(let tasks):
            for task in tasks { self.set(task, .waiting) }
            self.failures.removeAll { tasks.contains($0.task) }
        case .created, .recovered, .stepOwed, .stepReturned, .stepLost, .staleResult, .taskReprioritized: return
        case .attemptHeld(let task): self.set(task, .inHand)
        }
    }

    // The plan has changed.
    private mutating func follow(_ event: Event) {
        let old = self.stands.count
        self.plan.take(event)
        self.graph = nil
        let added = self.plan.tasks.count - old
        self.stands += Array(repeating: .waiting, count: added)
        self.leads += Array(repeating: -1, count: added)
        self.attempts += Array(repeating: 0, count: added)
        self.waiting += Array(repeating: 0, count: max(0, self.plan.agents.count - self.waiting.count))
        let changed: Range<Int>
        if case .taskEdited(let task, _) = event, self.stands.indices.contains(task.offset) {
            changed = task.offset..<task.offset + 1
            self.withdrawQuestions { $0 == task }
            self.set(task, .waiting)
        } else {
            changed = old..<self.plan.tasks.count
        }
        for offset in changed {
            let agent = self.plan.tasks[offset].assignedAgent.flatMap { id in
                self.plan.agents.firstIndex { $0.id == id }.map { AgentIndex($0) }
            }
            if offset < self.assigned.count {
                if let before = self.assigned[offset] { self.waiting[before.offset] -= 1 }
                self.assigned[offset] = agent
            } else {
                self.assigned.append(agent)
            }
            if let agent { self.waiting[agent.offset] += 1 }
            self.longestTaskName = max(self.longestTaskName, TextWidth.of(self.plan.tasks[offset].id.text))
        }
    }

    private mutating func set(_ task: TaskIndex, _ stand: Stand) {
        guard self.stands.indices.contains(task.offset) else { return }
        let old = self.stands[task.offset]
        self.stands[task.offset] = stand
        if stand != .resting, !self.resting.isEmpty { self.resting[task] = nil }
        if let agent = self.assigned[task.offset], self.waiting.indices.contains(agent.offset) {
            self.waiting[agent.offset] += (Self.isOpen(stand) ? 1 : 0) - (Self.isOpen(old) ? 1 : 0)
        }
    }

    // Not begun, or to be begun again.
    private static func isOpen(_ stand: Stand) -> Bool { stand == .waiting || stand == .resting }

    private mutating func measure(_ task: TaskIndex, _ now: Timestamp) {
        guard self.spans.count < Self.mostSpans, let since = self.progress.hands.since(of: task) else { return }
        self.spans[task] = now - since
    }

    private mutating func withdrawQuestions(about isAbout: (TaskIndex) -> Bool) {
        guard !self.questions.isEmpty else { return }
        self.questions = self.questions.filter { !isAbout($0.value.task) }
    }

    private mutating func end(_ task: TaskIndex, _ end: TaskEnd) {
        self.withdrawQuestions { $0 == task }
        switch end {
        case .completed: self.set(task, .completed)
        case .skipped: self.set(task, .skipped)
        case .cancelled: self.set(task, .cancelled)
        case .failed(let failure):
            self.set(task, .failed)
            if self.failures.count == Self.mostFailures { self.failures.removeFirst() }
            self.failures.append(Mishap(task: task, agent: self.agent(of: task), failure: failure, until: nil))
        }
    }
}
