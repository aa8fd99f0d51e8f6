/// What a person was asked or told the run to do.
package struct Decision: Sendable {
    package enum Matter: Sendable {
        case question(Question)
        /// What a person did unasked.
        case order(Order)
    }

    /// What a person may do unasked.
    package enum Order: Hashable, Sendable {
        case paused
        case resumed
        case stopped
        case forked(RunID, Position)
        case skipped(TaskIndex, note: String)
        case added([TaskIndex])
        case edited(TaskIndex)
        case reprioritized(TaskIndex, Int32)
        case retried([TaskIndex])
        case steered(Directive)
    }

    package let matter: Matter
    /// When it was asked, or done.
    package let at: Timestamp
    /// Who answered, or did it.
    package private(set) var by: String?
    package private(set) var answer: Answer?
    /// When it was answered or withdrawn; nil while it is open.
    package private(set) var closedAt: Timestamp?

    package var question: Question? {
        if case .question(let question) = self.matter { return question }
        return nil
    }

    /// Whether a person still has to answer.
    package var isOpen: Bool { self.closedAt == nil }

    /// How long it waited for its answer, or has waited by now.
    package func waited(at now: Timestamp) -> Duration { max(.zero, (self.closedAt ?? now) - self.at) }

    static func all(in facts: [Recorded]) -> [Decision] {
        var decisions: [Decision] = []
        var open: [QuestionID: Int] = [:]
        var justAnswered: TaskIndex?
        var count = 0
        // Of what is in hand the end comes later, and by the engine.
        var skippers: [TaskIndex: Origin] = [:]
        for fact in facts {
            let answered = justAnswered
            justAnswered = nil
            switch fact.event {
            case .asked(let question):
                open[question.id] = decisions.count
                decisions.append(Decision(matter: .question(question), at: fact.at))
            case .answered(let id, let answer):
                guard let place = open.removeValue(forKey: id) else { continue }
                decisions[place].close(fact, answer)
                justAnswered = decisions[place].question?.task
            case .taskEnded(let task, let end):
                // An end that follows an answer is part of it.
                if case .skipped(.person(let note)) = end, answered != task {
                    decisions.append(Self.order(.skipped(task, note: note), fact, by: skippers[task]))
                }
                Self.withdraw(task, fact, &decisions, &open)
            case .taskRested(let task, _, _), .taskFellBack(let task, _):
                Self.withdraw(task, fact, &decisions, &open)
            case .paused: if case .person = fact.by { decisions.append(Self.order(.paused, fact)) }
            case .resumed: if case .person = fact.by { decisions.append(Self.order(.resumed, fact)) }
            case .forked(let seed, let run, let position):
                count = seed.plan.tasks.count
                decisions.append(Self.order(.forked(run, position), fact))
            case .tasksAdded(let specs, _):
                if case .person = fact.by {
                    decisions.append(Self.order(.added((count..<(count + specs.count)).map { TaskIndex($0) }), fact))
                }
                count += specs.count
            case .delegated(let delegation): count += delegation.spec == nil ? 0 : 1
            case .taskEdited(let task, _):
                decisions.append(Self.order(.edited(task), fact))
                Self.withdraw(task, fact, &decisions, &open)
            case .taskReprioritized(let task, let priority):
                decisions.append(Self.order(.reprioritized(task, priority), fact))
            case .tasksReset(let tasks): decisions.append(Self.order(.retried(tasks), fact))
            case .steered(let directive):
                decisions.append(Self.order(.steered(directive), fact))
            case .stopping(.person): decisions.append(Self.order(.stopped, fact))
            case .created(let seed): count = seed.plan.tasks.count
            case .stopRequested(let key, .skipped): skippers[key.task] = fact.by
            case .recovered, .attemptStarted, .stepOwed, .stopRequested, .stepReturned, .stepLost,
                .staleResult, .attemptHeld, .taskReady, .stopping, .ended:
                continue
            }
        }
        return decisions
    }

    private static func order(_ order: Order, _ fact: Recorded, by: Origin? = nil) -> Decision {
        Decision(matter: .order(order), at: fact.at, by: Self.name(by ?? fact.by), closedAt: fact.at)
    }

    // A question whose task rests or ends waits no more, whoever ended it.
    private static func withdraw(
        _ task: TaskIndex,
        _ fact: Recorded,
        _ decisions: inout [Decision],
        _ open: inout [QuestionID: Int]
    ) {
        guard let (id, place) = open.first(where: { decisions[$0.value].question?.task == task }) else { return }
        open[id] = nil
        decisions[place].closedAt = fact.at
    }

    private mutating func close(_ fact: Recorded, _ answer: Answer) {
        self.by = Self.name(fact.by)
        self.answer = answer
        self.closedAt = fact.at
    }

    private static func name(_ origin: Origin) -> String? {
        if case .person(let name) = origin { return name }
        return nil
    }

    private init(
        matter: Matter,
        at: Timestamp,
        by: String? = nil,
        closedAt: Timestamp? = nil
    ) {
        self.matter = matter
        self.at = at
        self.by = by
        self.closedAt = closedAt
    }

    /// The time during which at least one question was open.
    static func waitedForPeople(_ decisions: [Decision], at now: Timestamp) -> Duration {
        var sum = Duration.zero
        var covered = Timestamp(microseconds: .min)
        // In the order of asking, so that one pass over them joins what overlaps.
        for decision in decisions where decision.question != nil {
            let end = decision.closedAt ?? now
            let start = max(decision.at, covered)
            if end > start { sum = sum.addingSaturated(end - start) }
            covered = max(covered, end)
        }
        return sum
    }
}
