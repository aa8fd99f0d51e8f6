/// Why a task stands where it stands: what it waits for, how its agent was chosen, what became of its attempts, and what
/// would help.
package struct TaskExplanation: Sendable {
    /// What keeps a task from going on.
    package enum Wait: Hashable, Sendable {
        /// Another task has to end first; behind it the chain to the one that holds everything up.
        ///
        /// Of a task that waits for many others, most chains have only their last task: together they could be as long
        /// as the square of the plan.
        case dependency(TaskIndex, chain: [TaskIndex])
        /// Its date in project time.
        case date(Timestamp)
        case nextTry(Timestamp)
        case answer(QuestionID)
        /// Whoever could take it has other tasks in hand.
        case busyAgents([AgentIndex])
        /// The plan lets the run have so many tasks in hand, and these are.
        case room(limit: Int)
        case paused
        /// It is being worked on.
        case work(AgentIndex)
        /// It is told to stop, and is not known to have stopped.
        case stop(StopReason)
        /// It may start: the engine has no slot for it, or no engine carries the run.
        case engine
    }

    /// What may be done.
    package enum Advice: Hashable, Sendable {
        case answer(QuestionID)
        /// The agent is at work for another run, and a person holds that up.
        case answerElsewhere(RunID, QuestionID)
        /// The root of the trouble is another task.
        case lookAt(TaskIndex)
        /// Something outside has to be mended; the sentence says what.
        case mend(String)
        /// A key of the plan could say more; that helps the next run, for a run keeps its plan.
        case change(String)
        case waitUntil(Timestamp)
        /// Only if nothing carries the run.
        case resume
        /// A run that has ended tries nothing again.
        case runAgain
        case nothing
    }

    /// What followed an attempt that did not complete.
    package enum Sequel: Hashable, Sendable {
        case nextTry(Inquiry.Rest)
        /// The failure is one that another try does not mend.
        case permanent
        /// So many attempts are allowed.
        case limit(Int)
        /// The run was stopping.
        case stopping
        /// A person gave the task up, or the plan for want of an answer.
        case person(Origin)
        /// A pause or a person asked for another attempt; this one does not count.
        case uncounted
        /// Nothing in the rules of this version says why it was the last.
        case unknown
    }

    package struct AttemptAccount: Sendable {
        package let sheet: RunSheet.AttemptSheet
        /// How often its work was handed out: more than once after a crash.
        package let deliveries: Int32
        /// Nil while it goes on, and after one that completed.
        package let sequel: Sequel?
    }

    package let task: TaskIndex
    package let state: TaskState
    package let since: Timestamp
    package let waits: [Wait]
    package let attempts: [AttemptAccount]
    /// What was asked about it and answered, in the order of the answers.
    package let replies: [Inquiry.Reply]
    /// Which models its agents have asked, and why these.
    package let models: [ModelUse]
    /// The models that were weighed for the last attempt, in the order in which they are asked; empty where there was no choice.
    package let weighed: [ModelChoice.Candidate]
    /// One for each attempt; of a task that could start, also one for now.
    package let choices: [AgentChoice]
    /// From the task that brought it down, or holds it up: the root last.
    package let chain: [TaskIndex]
    package let advice: [Advice]
    /// Who ended it, or had it stopped.
    package let endedBy: Origin

    /// Nil if the inquiry is about no task.
    package init?(_ inquiry: Inquiry) {
        guard let task = inquiry.subject else { return nil }
        let run = inquiry.run
        self.task = task
        self.state = run.tasks[task.offset].state
        self.since = inquiry.since[task.offset]
        self.chain = inquiry.chain(behind: task)
        self.attempts = Self.accounts(of: task, inquiry)
        self.replies = inquiry.replies
        self.models = inquiry.models
        self.weighed = inquiry.weighed
        var choices = inquiry.choices
        switch self.state {
        case .waiting, .ready, .scheduled, .resting, .blocked(_, nil): choices.append(AgentChoice(of: task, in: run))
        case .running, .stopping, .blocked(_, .some), .ended: break
        }
        self.choices = choices
        self.waits = Self.waits(of: task, inquiry)
        self.advice = Self.advice(for: task, self.waits, self.chain, self.attempts.last?.sequel, inquiry)
        self.endedBy = inquiry.endedBy
    }

    // MARK: Waits

    private static let mostChains = 20

    private static func waits(of task: TaskIndex, _ inquiry: Inquiry) -> [Wait] {
        let run = inquiry.run
        let pause: [Wait] = run.phase == .paused ? [.paused] : []
        switch run.tasks[task.offset].state {
        case .waiting: return pause + Self.dependencies(of: task, inquiry)
        case .scheduled(let date): return pause + [.date(date)]
        case .resting(let until): return pause + [.nextTry(until)]
        case .ready: return pause + Self.waitsOfReady(task, run)
        case .running(let attempt):
            if let question = run.question(holding: task) { return pause + [.answer(question.id)] }
            if case .conversation(let talk) = attempt.pattern, talk.waitsForOthers {
                return pause + talk.othersTasks.map { .dependency($0, chain: []) }
            }
            if let check = attempt.check, !run.tasks[check.offset].state.isEnded {
                return pause + [.dependency(check, chain: [])]
            }
            return [.work(attempt.assignment.lead)]
        case .stopping(_, let reason): return [.stop(reason)]
        case .blocked(let question, _): return [.answer(question)]
        case .ended: return []
        }
    }

    private static func dependencies(of task: TaskIndex, _ inquiry: Inquiry) -> [Wait] {
        inquiry.openDependencies(of: task).enumerated().map { place, other in
            guard place >= Self.mostChains else { return .dependency(other, chain: inquiry.chain(behind: other)) }
            let root = inquiry.causes.root(of: other)
            return .dependency(other, chain: root == other ? [] : [root])
        }
    }

    private static func waitsOfReady(_ task: TaskIndex, _ run: Run) -> [Wait] {
        var waits: [Wait] = []
        if !run.canBeServed(task) {
            waits.append(.busyAgents(run.candidates(for: task).agents.filter { !run.isFree($0) }))
        }
        let inHand = run.counts.inHand + run.counts.withPeople
        if inHand >= run.largestInHand { waits.append(.room(limit: run.largestInHand)) }
        return waits.isEmpty && run.phase != .paused ? [.engine] : waits
    }

    // MARK: Attempts

    private static func accounts(of task: TaskIndex, _ inquiry: Inquiry) -> [AttemptAccount] {
        let sheets = inquiry.sheet.attempts[task.offset]
        return sheets.enumerated().map { place, sheet in
            AttemptAccount(
                sheet: sheet,
                deliveries: inquiry.deliveries.indices.contains(place) ? inquiry.deliveries[place] : 1,
                sequel: Self.sequel(of: sheet, task, inquiry, isLast: place == sheets.count - 1)
            )
        }
    }

    private static func sequel(
        of sheet: RunSheet.AttemptSheet,
        _ task: TaskIndex,
        _ inquiry: Inquiry,
        isLast: Bool
    ) -> Sequel? {
        if let rest = inquiry.rests.first(where: { $0.attempt == sheet.number }) { return .nextTry(rest) }
        let state = inquiry.run.tasks[task.offset].state
        guard let failure = sheet.failure else {
            guard sheet.endedAt != nil, !isLast || !state.isEnded else { return nil }
            // While its fate is unknown a person is asked whether there will be another.
            if isLast, case .blocked = state { return nil }
            return .uncounted
        }
        guard isLast, state.isEnded else { return nil }
        if let reply = inquiry.replies.last, reply.answer.choice == .fail { return .person(reply.by) }
        if failure.kind == .permanent { return .permanent }
        let limit = inquiry.run.retryPolicy(of: task).maxAttempts
        let granted = inquiry.run.record(task)?.granted ?? 0
        if Int(sheet.number) - Int(granted) >= limit { return .limit(limit) }
        switch inquiry.run.phase {
        case .stopping, .ended: return .stopping
        case .running, .paused: return .unknown
        }
    }

    // MARK: Advice

    private static func advice(
        for task: TaskIndex,
        _ waits: [Wait],
        _ chain: [TaskIndex],
        _ sequel: Sequel?,
        _ inquiry: Inquiry
    ) -> [Advice] {
        let run = inquiry.run
        var advice: [Advice]
        if case .ended(let end) = run.tasks[task.offset].state {
            advice = Self.advice(afterEnd: end, of: task, chain, sequel, run)
        } else {
            advice = waits.flatMap { Self.advice(on: $0, task, inquiry) } + [.resume]
        }
        var seen: Set<Advice> = []
        return advice.filter { $0 != .nothing && seen.insert($0).inserted }
    }

    private static func advice(on wait: Wait, _ task: TaskIndex, _ inquiry: Inquiry) -> [Advice] {
        let run = inquiry.run
        switch wait {
        case .dependency(let other, let chain):
            let root = chain.last ?? other
            // Whoever can answer need not look first.
            if case .blocked(let question, _)? = run.record(root)?.state { return [.answer(question), .lookAt(root)] }
            return [.lookAt(root)]
        case .date(let date), .nextTry(let date): return [.waitUntil(date)]
        case .answer(let question): return [.answer(question)]
        case .busyAgents(let agents):
            let elsewhere = inquiry.elsewhere?.pieces(of: agents) ?? []
            let answers = elsewhere.compactMap { piece in piece.question.map { Advice.answerElsewhere(piece.run, $0) } }
            let own = run.openQuestions.filter { run.holds(agents, for: $0) }.map { Advice.answer($0.id) }
            guard elsewhere.isEmpty, own.isEmpty, let first = agents.first else { return own + answers }
            let most = run.profile(first).maxConcurrentTasks
            return [
                .change(
                    "raise max_concurrent_tasks of agent \(run.profile(first).id) (now \(most)), or let others suit"
                )
            ]
        case .room(let limit):
            return run.plan.defaults.enableParallelExecution
                ? [.change("raise defaults.max_concurrent_tasks (now \(limit))")]
                : [.change("set defaults.enable_parallel_execution to true")]
        case .paused, .work, .stop, .engine: return []
        }
    }

    private static func advice(
        afterEnd end: TaskEnd,
        of task: TaskIndex,
        _ chain: [TaskIndex],
        _ sequel: Sequel?,
        _ run: Run
    ) -> [Advice] {
        var advice: [Advice] = chain.last.map { [.lookAt($0)] } ?? []
        switch end {
        case .completed, .skipped(.person), .skipped(.unanswered), .skipped(.unneeded), .skipped(.decided): return []
        case .failed(let failure):
            if chain.isEmpty { advice.append(.mend(failure.remedy)) }
            if case .limit(let most)? = sequel {
                advice.append(.change("raise retry.max_attempts of task \(run.spec(task).id) (now \(most))"))
            }
        case .skipped(.dependency):
            advice.append(.change("on_dependency_failure: run lets task \(run.spec(task).id) do without"))
        case .cancelled(.timeLimit): advice.append(.change("raise budget.time"))
        case .cancelled(.person), .cancelled(.strict): break
        }
        return advice + [.runAgain]
    }
}

extension Run {
    /// Whether one of the agents is kept until a person answers.
    fileprivate func holds(_ agents: [AgentIndex], for question: Question) -> Bool {
        guard case .blocked(_, let attempt?)? = self.record(question.task)?.state else { return false }
        return attempt.assignment.agents.contains { agents.contains($0) }
    }
}
