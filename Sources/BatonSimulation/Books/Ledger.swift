import BatonCore

/// The simulator's own books about one run: what was done, said and promised, kept apart from the rules they check.
///
/// It is told of durable events only, of calls as they begin, and of what was acknowledged.
final class Ledger {
    enum Phase: Equatable {
        case running
        case paused
        case stopping(StopCause)
        case ended(RunEnd)
    }

    var name: String
    var plan: Plan
    let began: Timestamp
    /// From when the time budget counts.
    var limitedFrom: Timestamp
    /// A fork that no engine has taken up.
    var awaitsEngine = false
    /// Of the last event.
    var latest: Timestamp
    let largestInHand: Int
    var phase = Phase.running
    var tasks: [TaskBook]
    var loads: [Int]
    /// What the engine lets the run have of each agent: told, not durable.
    var shares: [Int]
    var tries: [Int64]
    var successes: [Int64]
    /// Words of people to agents.
    var said: [Directive] = []
    var inHand = 0
    var withPeople = 0
    var open: [QuestionID: Question] = [:]
    var asked = 0
    /// What was asked with the last command that a manager may answer.
    var unheard: Set<QuestionID> = []
    var position: Int64 = 0
    var engine = "first"
    var dependents: [[Int]] = []
    var begun: Set<StepKey> = []
    var acknowledged: [Recorded] = []
    var announced: Int64 = 0
    var fallen = 0
    /// How the models of tiers have done.
    var models: [String: ModelBook] = [:]
    /// Of budgets of time.
    var times: [BudgetScope: TimePurse] = [:]
    /// By whose budget it is.
    var purses: [BudgetScope: Purse] = [:]
    /// What whoever forks the run wants of the fork; told, not durable.
    var fork: Fork?
    /// Tasks that agents have added, with how many such stand behind each, itself among them.
    var depths: [TaskID: Int] = [:]
    /// Meetings of which tasks have come.
    var followed: Set<TaskID> = []
    var reached = Reached()

    init(name: String, plan: Plan, at began: Timestamp) {
        self.name = name
        self.plan = plan
        self.began = began
        self.limitedFrom = began
        self.latest = began
        self.largestInHand =
            plan.defaults.enableParallelExecution ? plan.defaults.maxConcurrentTasks ?? .max : 1
        self.tasks = plan.tasks.map { TaskBook($0, plan) }
        self.loads = Array(repeating: 0, count: plan.agents.count)
        self.shares = plan.agents.map(\.maxConcurrentTasks)
        self.tries = Array(repeating: 0, count: plan.agents.count)
        self.successes = self.tries
        self.link()
        for task in self.tasks.indices { self.count(task, at: began) }
    }

    /// The same books, to be carried on apart.
    init(copying other: Ledger) {
        self.name = other.name
        self.plan = other.plan
        self.began = other.began
        self.limitedFrom = other.limitedFrom
        self.latest = other.latest
        self.awaitsEngine = other.awaitsEngine
        self.largestInHand = other.largestInHand
        self.phase = other.phase
        self.tasks = other.tasks
        self.loads = other.loads
        self.shares = other.shares
        self.tries = other.tries
        self.successes = other.successes
        self.said = other.said
        self.inHand = other.inHand
        self.withPeople = other.withPeople
        self.open = other.open
        self.asked = other.asked
        self.unheard = other.unheard
        self.position = other.position
        self.engine = other.engine
        self.dependents = other.dependents
        self.begun = other.begun
        self.acknowledged = other.acknowledged
        self.announced = other.announced
        self.fallen = other.fallen
        self.models = other.models
        self.times = other.times
        self.purses = other.purses
        self.fork = other.fork
        self.depths = other.depths
        self.followed = other.followed
        self.reached = other.reached
    }

    func violation(_ rule: String, _ task: TaskIndex, _ detail: @autoclosure () -> String = "") -> Violation {
        Violation(rule, "\(self.name) \(self.tasks[task.offset].id) \(detail())")
    }

    // MARK: The graph

    func link() {
        let places = Dictionary(self.tasks.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.dependents = Array(repeating: [], count: self.tasks.count)
        for task in self.tasks.indices { self.tasks[task].needs = [] }
        for task in self.tasks.indices {
            for id in self.tasks[task].dependencies { self.link(places[id], to: task) }
            for condition in self.tasks[task].conditions { self.link(places[condition.task], to: task) }
            for id in self.tasks[task].followUps {
                if let follower = places[id] { self.link(task, to: follower) }
            }
        }
    }

    private func link(_ other: Int?, to task: Int) {
        guard let other, !self.tasks[task].needs.contains(other) else { return }
        self.tasks[task].needs.append(other)
        self.dependents[other].append(task)
    }

    func isSatisfied(_ task: Int) -> Bool {
        self.tasks[task].needs.allSatisfy { other in
            let place = self.tasks[other].place
            return place == .completed || (place.isEnded && self.rule(of: task, without: other) == .run)
        }
    }

    /// A pattern begins without its parts, and a step of a sequence without those before it, but for a strict one and what fell with it.
    func rule(of task: Int, without other: Int) -> TaskSpec.DependencyFailureRule {
        let (book, needed) = (self.tasks[task], self.tasks[other])
        if needed.isUnneeded || needed.isSpared { return .run }
        let adder = needed.adder.flatMap { name in self.tasks.first { $0.id == name } }
        if let adder, case .resolution = adder.form, adder.asksAbout == TaskIndex(task) { return .run }
        guard let whole = needed.whole else { return book.rule }
        if needed.opens, book.id != whole { return .skip }
        if book.id == whole { return needed.form == .plan(whole) ? .fail : .run }
        guard self.tasks.contains(where: { $0.id == whole && $0.isSequence }), self.stands(book, in: whole) else {
            return book.rule
        }
        return needed.isStrict || needed.isGivenUp ? .skip : .run
    }

    private func stands(_ book: TaskBook, in whole: TaskID) -> Bool {
        guard let above = book.whole else { return false }
        return above == whole || self.tasks.first { $0.id == above }.map { self.stands($0, in: whole) } ?? false
    }

    /// Whether something that it needs has fallen, and that is the outcome of it.
    func isHindered(_ task: Int, by rules: Set<TaskSpec.DependencyFailureRule> = [.skip, .fail]) -> Bool {
        self.tasks[task].needs.contains { other in
            let place = self.tasks[other].place
            return place.isEnded && place != .completed && rules.contains(self.rule(of: task, without: other))
        }
    }

    // A task that waits and needs nothing more is ready; one that has not begun may come to wait again.
    func count(_ task: Int, at now: Timestamp) {
        switch self.tasks[task].place {
        case .waiting where self.isSatisfied(task): self.makeReady(task, at: now)
        case .ready where !self.tasks[task].hasBegun && !self.isSatisfied(task):
            self.tasks[task].place = .waiting
        case .waiting, .ready, .running, .stopping, .resting, .blocked, .completed, .failed, .skipped, .cancelled:
            return
        }
    }

    func makeReady(_ task: Int, at now: Timestamp) {
        self.tasks[task].place = .ready
        self.tasks[task].readySince = now
    }

    // MARK: Durable events

    func take(_ facts: ArraySlice<Recorded>) throws {
        for fact in facts {
            guard fact.position.value == self.position + 1 else {
                throw Violation(
                    "I-10 no gap in the journal",
                    "\(self.name) \(fact.position.value) after \(self.position)"
                )
            }
            if case .ended = self.phase, EventCodec.kind(of: fact.event) != "forked" {
                throw Violation("I-03 nothing after the end", "\(self.name) \(fact.event)")
            }
            self.position += 1
            try self.take(fact.event, fact)
            self.latest = max(self.latest, fact.at)
        }
        try self.checkChunk()
    }

    private func take(_ event: Event, _ fact: Recorded) throws {
        switch event {
        case .created: return
        case .forked(let seed, _, _): try self.forked(seed, fact)
        case .recovered(let engine):
            if engine == self.engine {
                throw Violation("I-08 recovery adopts nothing of its own", "\(self.name) engine \(engine) twice")
            }
            self.engine = engine
            if self.awaitsEngine {
                self.setClocks(fact.at)
            } else {
                self.postponeThinkers(by: max(.zero, fact.at - self.latest))
            }
            self.awaitsEngine = false
        case .attemptStarted(let task, let number, let assignment):
            try self.started(task, number, assignment, fact)
        case .stepOwed(let key, let request): try self.owed(key, request, fact)
        case .stopRequested(let key, let reason): try self.stopped(key, reason, fact)
        case .stepReturned(let key, let result): try self.returned(key, result, fact)
        case .stepLost(let key): try self.lost(key, fact)
        case .attemptHeld(let task): try self.held(task)
        case .staleResult(let key):
            let book = self.tasks[key.task.offset]
            if book.isOut, book.key == key { throw self.violation("I-13 a good result is taken", key.task) }
        case .taskRested(let task, let until, let failure): try self.rested(task, until, failure, fact)
        case .taskFellBack(let task, let failure): try self.fellBack(task, failure, fact)
        case .taskReady(let task): try self.ready(task, fact)
        case .taskEnded(let task, let end): try self.ended(task, end, fact)
        case .asked(let question): try self.asked(question, at: fact.at)
        case .answered(let id, let answer): try self.answered(id, answer, fact)
        case .paused:
            guard self.phase == .running else { throw Violation("I-30 only a running run is paused", self.name) }
            self.phase = .paused
            if self.inHand > 0 { self.reached.insert(.pausedWithWorkInHand) }
        case .resumed:
            guard self.phase == .paused else { throw Violation("I-30 only a paused run is resumed", self.name) }
            self.phase = .running
            self.restartHeld(at: fact.at)
        case .stopping(let cause): try self.stops(cause, fact)
        case .tasksAdded(let specs, let made): try self.added(specs, made, fact)
        case .delegated(let delegation): try self.delegated(delegation, fact)
        case .taskEdited(let task, let spec): try self.edited(task, spec, fact)
        case .taskReprioritized(let task, let priority):
            self.tasks[task.offset].priority = Int(priority)
            if self.tasks[task.offset].place == .ready { self.reached.insert(.reprioritizedReady) }
        case .tasksReset(let tasks): try self.reset(tasks, fact)
        case .steered(let directive): self.steered(directive)
        case .ended(let end): try self.runEnded(end)
        }
    }
}
