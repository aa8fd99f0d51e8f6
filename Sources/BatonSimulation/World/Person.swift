import BatonCore

/// What people do: the one place where their commands are drawn.
///
/// A new command of a person is added to `control`, `change` or `nonsense` here, and its event to `Ledger`.
enum Person {
    /// Pauses, cancels, skips.
    static func control(_ run: Run, _ choices: inout Choices) -> Command {
        switch choices.below(12, .people) {
        case 0...2: .pause(now: false)
        case 3...4: .pause(now: true)
        case 5: .cancel
        default: Self.skip(Self.task(run, &choices), run)
        }
    }

    // With a reason, of which each can be told where it arrives.
    private static func skip(_ task: TaskIndex, _ run: Run) -> Command {
        .skip(task, note: "not needed since \(run.head.value)")
    }

    /// Changes what is to be done.
    static func change(_ run: Run, _ choices: inout Choices) -> Command {
        switch choices.below(10, .people) {
        case 0...2: .retry(Self.fallen(run, &choices))
        case 3...4: .reprioritize(Self.task(run, &choices), 1 + choices.below(5, .people))
        case 5: .add(Self.added(run, &choices))
        case 6...7: Self.edit(run, &choices)
        case 8: .steer(Self.audience(run, &choices), .inline("hurry"))
        default: .steer(.task(Self.task(run, &choices)), .inline("with care"))
        }
    }

    // One that ended without completing, if there is any, in half of the draws.
    private static func fallen(_ run: Run, _ choices: inout Choices) -> TaskIndex {
        let fallen = run.tasks.indices.map { TaskIndex($0) }.filter { Self.isFallen($0, run) }
        guard !fallen.isEmpty, choices.below(2, .people) == 1 else { return Self.task(run, &choices) }
        return fallen[choices.below(fallen.count, .people)]
    }

    /// What a task needs and did not get.
    static func fallenNeeds(of task: TaskIndex, _ run: Run) -> [TaskIndex] {
        run.graph.dependencies[task].map { TaskIndex(Int($0)) }.filter { Self.isFallen($0, run) }
    }

    static func isFallen(_ task: TaskIndex, _ run: Run) -> Bool {
        if case .ended(let end)? = run.record(task)?.state { return !end.isCompleted }
        return false
    }

    private static func added(_ run: Run, _ choices: inout Choices) -> [TaskSpec] {
        let count = run.tasks.count
        guard count < 100 else { return [] }
        var task = PlanMaker.task(count, before: count, run.plan.agents, &choices)
        let open = run.tasks.indices.filter { run.hasNotBegun(TaskIndex($0)) }
        if !open.isEmpty, choices.chance(400, .links) {
            task.followUps = [run.plan.tasks[open[choices.below(open.count, .links)]].id]
        }
        guard choices.chance(300, .links) else { return [task] }
        // The later one goes first.
        return [task, PlanMaker.task(count + 1, followedBy: task.id)]
    }

    private static func edit(_ run: Run, _ choices: inout Choices) -> Command {
        if choices.chance(300, .links), let command = Self.relink(run, &choices) { return command }
        var task = Self.task(run, &choices)
        if !run.leads.isEmpty, choices.below(2, .people) == 1 {
            // Whom somebody chose for the task as it was.
            let chosen = run.leads.keys.sorted()
            task = chosen[choices.below(chosen.count, .people)]
        }
        if choices.below(3, .people) == 2 { return Self.restaff(task, run, &choices) }
        return .edit(task, PlanMaker.task(task.offset, before: max(1, task.offset), run.plan.agents, &choices))
    }

    /// The task as it is, but of other people: anybody, or two who meet.
    static func restaff(_ task: TaskIndex, _ run: Run, _ choices: inout Choices) -> Command {
        var spec = run.spec(task)
        spec.requiredSkills = SkillLevels()
        let agents = run.plan.agents.filter { $0.kind != .conductor }
        if choices.below(3, .people) > 0, agents.count > 1 {
            let first = choices.below(agents.count - 1, .people)
            spec.isMeeting = true
            spec.attendees = agents[first...first + 1].map(\.id.text)
        }
        return .edit(task, spec)
    }

    // A task as it is, but nothing follows it any more, or one more task does.
    private static func relink(_ run: Run, _ choices: inout Choices) -> Command? {
        let open = run.tasks.indices.filter { run.hasNotBegun(TaskIndex($0)) }
        let followed = open.filter { !run.plan.tasks[$0].followUps.isEmpty }
        if !followed.isEmpty, choices.below(2, .links) == 0 {
            let task = TaskIndex(followed[choices.below(followed.count, .links)])
            var spec = run.spec(task)
            spec.followUps = []
            return .edit(task, spec)
        }
        guard open.count > 1 else { return nil }
        let first = choices.below(open.count - 1, .links)
        let task = TaskIndex(open[first])
        var spec = run.spec(task)
        let later = run.plan.tasks[open[choices.between(first + 1, open.count, .links)]].id
        guard !spec.followUps.contains(later) else { return nil }
        spec.followUps.append(later)
        return .edit(task, spec)
    }

    /// Another task that has to come before this one, and perhaps is given up at once.
    static func putBefore(_ task: TaskIndex, _ run: Run, _ choices: inout Choices) -> [Command] {
        let count = run.tasks.count
        guard count < 100 else { return [] }
        let add = Command.add([PlanMaker.task(count, followedBy: run.spec(task).id)])
        return choices.below(2, .links) == 0 ? [add] : [add, Self.skip(TaskIndex(count), run)]
    }

    private static func audience(_ run: Run, _ choices: inout Choices) -> Directive.Audience {
        let agent = choices.below(2 * run.plan.agents.count, .people) - run.plan.agents.count
        return agent < 0 ? .everyone : .agent(AgentIndex(agent))
    }

    /// Late, doubled, and out of range.
    static func nonsense(_ run: Run, _ choices: inout Choices) -> Command {
        switch choices.below(6, .people) {
        case 0...1:
            let id = QuestionID(1 + choices.below(run.asked + 2, .people))
            return .answer(
                id,
                Answer([.done, .fail, .skip, .again, .approve, .assign(AgentIndex(0))][choices.below(6, .people)])
            )
        case 2: return .resume
        case 3: return .retry(TaskIndex(choices.below(run.tasks.count + 2, .people)))
        case 4: return .skip(TaskIndex(run.tasks.count + 1))
        default: return .answer(QuestionID(run.asked + 5), Answer(.done))
        }
    }

    /// A sensible answer to an open question; 0 is the one that carries on.
    static func answer(to question: Question, _ run: Run, _ choices: inout Choices) -> Command {
        switch choices.below(12, .people) {
        case 11 where !question.kind.holdsAttempt || choices.below(2, .people) == 1:
            return .answer(question.id, Answer(.fail, note: "it cannot be done (\(question.id))"))
        case 10: return .answer(question.id, Answer(.skip, note: "nobody needs it (\(question.id))"))
        default: break
        }
        // Where agents may add next to nothing, nobody brings a plan.
        if run.spec(question.task).manages, run.plan.budget.fanOut != nil, question.kind != .unknownOutcome {
            return .answer(question.id, Answer(.fail, note: "it cannot be done (\(question.id))"))
        }
        switch question.kind {
        case .work:
            var content = Content.inline(.integer(Int64(question.id.number)))
            if run.spec(question.task).proves?.review != nil {
                content = .inline(["approved": .bool(question.id.number % 3 != 0), "findings": []])
            }
            if let plan = Self.managed(question, run, &choices) { content = plan }
            return .answer(question.id, Answer(.done, content: content))
        case .staffing:
            let agent = AgentIndex(choices.below(run.plan.agents.count, .people))
            return .answer(question.id, Answer(.assign(agent)))
        case .approval: return .answer(question.id, Answer(.approve))
        case .blocker where question.id.number > 100:
            // Where agents may add nothing, no manager ever brings a plan.
            return .answer(question.id, Answer(.fail, note: "it is blocked too often (\(question.id))"))
        case .blocker:
            // Of each answer it can be told where it arrives.
            return .answer(question.id, Answer(.again, content: .inline("go around it (\(question.id))")))
        case .action:
            let isDenied = choices.below(4, .people) == 3
            return .answer(question.id, isDenied ? Answer(.deny, note: "not now") : Answer(.approve))
        case .consultation:
            return .answer(question.id, Answer(.done, content: .inline(.integer(Int64(question.id.number)))))
        case .budget:
            let limit = question.budget.flatMap { run.budget(of: $0.scope).limit(on: $0.measure) } ?? 0
            return .answer(question.id, Answer(.raise(2 * limit + 10_000)))
        case .unknownOutcome:
            // Of a review it counts what it says, and nobody here has read it.
            let spec = run.spec(question.task)
            let accepts =
                choices.below(3, .people) == 2 && spec.proves?.review == nil
                && (!spec.manages || run.plan.budget.fanOut == nil)
            guard accepts else { return .answer(question.id, Answer(.again)) }
            let content = Self.managed(question, run, &choices) ?? .inline(.null)
            return .answer(question.id, Answer(.done, content: content))
        }
    }

    /// Whether a manager is thinking about a question.
    static func hasManager(_ question: Question, _ run: Run) -> Bool {
        run.plan.tasks.indices.reversed().contains { offset in
            run.plan.tasks[offset].isResolving
                && run.plan.tasks[offset].input["question"]?.integer == Int64(question.id.number)
                && !(run.record(TaskIndex(offset))?.state.isEnded ?? true)
        }
    }

    // What is asked of a manager a person answers as managers do, now and then as bad ones.
    private static func managed(_ question: Question, _ run: Run, _ choices: inout Choices) -> Content? {
        let spec = run.spec(question.task)
        guard spec.manages else { return nil }
        let form = Ledger.Form(of: spec)
        let isBad = choices.below(3, .managers) == 2
        // Of each question another name; the fifth of eight plans and of six answers can be carried out.
        var attempt = 24 * question.id.number
        while (question.task.offset + attempt) % (spec.isPlanning ? 8 : 6) != (isBad ? 0 : 5) { attempt += 1 }
        let key = StepKey(task: question.task, attempt: Int32(attempt), step: 1, delivery: 1)
        return Ledger.output(of: key, form)
    }

    private static func task(_ run: Run, _ choices: inout Choices) -> TaskIndex {
        TaskIndex(choices.below(run.tasks.count, .people))
    }
}

extension TaskSpec {
    /// Whether a manager is asked in it.
    fileprivate var manages: Bool { self.isPlanning || self.isResolving }
}
