/// What a person was asked or told the run to do.
package struct Decision: Sendable {
    package enum Matter: Sendable {
        case question(Question)
        /// What a person did unasked, such as `paused the run`; with the task if it is about one.
        case order(String, TaskIndex?)
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
                    decisions.append(Self.order("skipped task" + (note.isEmpty ? "" : " (\(note))"), task, fact))
                }
                Self.withdraw(task, fact, &decisions, &open)
            case .taskRested(let task, _, _): Self.withdraw(task, fact, &decisions, &open)
            case .paused: if case .person = fact.by { decisions.append(Self.order("paused the run", nil, fact)) }
            case .resumed: if case .person = fact.by { decisions.append(Self.order("resumed the run", nil, fact)) }
            case .forked(_, let run, let position):
                decisions.append(Self.order("forked run \(run) at event \(position.value)", nil, fact))
            case .tasksAdded(let specs):
                let what = specs.count == 1 ? "added task \(specs[0].id)" : "added \(specs.count) tasks"
                decisions.append(Self.order(what, nil, fact))
            case .taskEdited(let task, _):
                decisions.append(Self.order("edited task", task, fact))
                Self.withdraw(task, fact, &decisions, &open)
            case .taskReprioritized(let task, let priority):
                decisions.append(Self.order("set priority \(priority) for task", task, fact))
            case .tasksReset(let tasks): decisions.append(Self.order("retried task", tasks.first, fact))
            case .steered(let directive):
                decisions.append(Self.order("steered: \(directive.text.shown)", directive.task, fact))
            case .stopping(.person): decisions.append(Self.order("stopped the run", nil, fact))
            case .created, .recovered, .attemptStarted, .stepOwed, .stopRequested, .stepReturned, .stepLost,
                .staleResult, .taskReady, .stopping, .ended:
                continue
            }
        }
        return decisions
    }

    private static func order(_ words: String, _ task: TaskIndex?, _ fact: Recorded) -> Decision {
        Decision(matter: .order(words, task), at: fact.at, by: Self.name(fact.by), closedAt: fact.at)
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
