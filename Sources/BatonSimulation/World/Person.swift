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
        default: .skip(Self.task(run, &choices))
        }
    }

    /// Changes what is to be done.
    static func change(_ run: Run, _ choices: inout Choices) -> Command {
        switch choices.below(10, .people) {
        case 0...2: .retry(Self.task(run, &choices))
        case 3...4: .reprioritize(Self.task(run, &choices), 1 + choices.below(5, .people))
        case 5: .add(Self.added(run, &choices))
        case 6...7: Self.edit(run, &choices)
        case 8: .steer(.everyone, .inline("hurry"))
        default: .steer(.task(Self.task(run, &choices)), .inline("with care"))
        }
    }

    private static func added(_ run: Run, _ choices: inout Choices) -> [TaskSpec] {
        let count = run.tasks.count
        guard count < 100 else { return [] }
        return [PlanMaker.task(count, before: count, run.plan.agents, &choices)]
    }

    private static func edit(_ run: Run, _ choices: inout Choices) -> Command {
        let task = Self.task(run, &choices)
        let spec = PlanMaker.task(task.offset, before: max(1, task.offset), run.plan.agents, &choices)
        return .edit(task, spec)
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
        case 11: return .answer(question.id, Answer(.fail))
        case 10: return .answer(question.id, Answer(.skip))
        default: break
        }
        switch question.kind {
        case .work:
            let content = Content.inline(.integer(Int64(question.id.number)))
            return .answer(question.id, Answer(.done, content: content))
        case .staffing:
            let agent = AgentIndex(choices.below(run.plan.agents.count, .people))
            return .answer(question.id, Answer(.assign(agent)))
        case .approval: return .answer(question.id, Answer(.approve))
        case .blocker: return .answer(question.id, Answer(.again, content: .inline("go around it")))
        case .unknownOutcome:
            let accepts = choices.below(3, .people) == 2
            return .answer(question.id, Answer(accepts ? .done : .again))
        }
    }

    private static func task(_ run: Run, _ choices: inout Choices) -> TaskIndex {
        TaskIndex(choices.below(run.tasks.count, .people))
    }
}
