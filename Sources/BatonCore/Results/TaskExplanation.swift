/// Why a task stands where it stands: what it waits for, how its agent was chosen, what became of its attempts, and what
/// would help.
package struct TaskExplanation: Sendable {
    /// What keeps a task from going on.
    package enum Wait: Hashable, Sendable {
        /// Another task has to end first; behind it the chain to the one that holds everything up.
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
        /// The root of the trouble is another task.
        case lookAt(TaskIndex)
        /// Something outside has to be mended; the sentence says what.
        case mend(String)
        case waitUntil(Timestamp)
        /// Only if nothing carries the run.
        case resume
        /// A run that has ended tries nothing again.
        case runAgain
        case nothing
    }

    /// What followed a failed attempt.
    package enum Sequel: Hashable, Sendable {
        case nextTry(Timestamp, wait: Duration)
        /// The failure is one that another try does not mend.
        case permanent
        /// So many attempts are allowed.
        case limit(Int)
        /// The run was stopping.
        case stopping
    }

    package struct AttemptAccount: Sendable {
        package let sheet: RunSheet.AttemptSheet
        /// Nil unless the attempt failed.
        package let sequel: Sequel?
    }

    package let task: TaskIndex
    package let state: TaskState
    package let since: Timestamp
    package let waits: [Wait]
    package let attempts: [AttemptAccount]
    /// One for each attempt; of a task that could start, also one for now.
    package let choices: [AgentChoice]
    /// From the task that brought it down, or holds it up: the root last.
    package let chain: [TaskIndex]
    package let advice: [Advice]

    /// Nil if the inquiry is about no task.
    package init?(_ inquiry: Inquiry) {
        guard let task = inquiry.subject else { return nil }
        let run = inquiry.run
        self.task = task
        self.state = run.tasks[task.offset].state
        self.since = inquiry.since[task.offset]
        self.chain = inquiry.chain(behind: task)
        self.attempts = Self.accounts(of: task, inquiry)
        var choices = inquiry.choices
        switch self.state {
        case .waiting, .ready, .scheduled, .resting: choices.append(AgentChoice(of: task, in: run))
        case .running, .stopping, .blocked, .ended: break
        }
        self.choices = choices
        self.waits = Self.waits(of: task, choices.last, inquiry)
        self.advice = Self.advice(for: task, self.waits, self.chain, run)
    }

    // MARK: Waits

    private static func waits(of task: TaskIndex, _ choice: AgentChoice?, _ inquiry: Inquiry) -> [Wait] {
        let run = inquiry.run
        let pause: [Wait] = run.phase == .paused ? [.paused] : []
        switch run.tasks[task.offset].state {
        case .waiting:
            return pause
                + inquiry.openDependencies(of: task).map { .dependency($0, chain: inquiry.chain(behind: $0)) }
        case .scheduled(let date): return pause + [.date(date)]
        case .resting(let until): return pause + [.nextTry(until)]
        case .ready: return pause + Self.waitsOfReady(choice, run)
        case .running(let attempt): return [.work(attempt.assignment.lead)]
        case .stopping(_, let reason): return [.stop(reason)]
        case .blocked(let question, _): return [.answer(question)]
        case .ended: return []
        }
    }

    private static func waitsOfReady(_ choice: AgentChoice?, _ run: Run) -> [Wait] {
        let busy = (choice?.verdicts ?? []).filter { verdict in
            if case .busy = verdict.standing { return true }
            return false
        }
        if choice?.winner == nil, !busy.isEmpty { return [.busyAgents(busy.map(\.agent))] }
        let inHand = run.counts.inHand + run.counts.withPeople
        if inHand >= run.largestInHand { return [.room(limit: run.largestInHand)] }
        return run.phase == .paused ? [] : [.engine]
    }

    // MARK: Attempts

    private static func accounts(of task: TaskIndex, _ inquiry: Inquiry) -> [AttemptAccount] {
        let sheets = inquiry.sheet.attempts[task.offset]
        return sheets.map { sheet in
            AttemptAccount(
                sheet: sheet,
                sequel: Self.sequel(of: sheet, task, inquiry, isLast: sheet.number == sheets.last?.number)
            )
        }
    }

    private static func sequel(
        of sheet: RunSheet.AttemptSheet,
        _ task: TaskIndex,
        _ inquiry: Inquiry,
        isLast: Bool
    ) -> Sequel? {
        guard let failure = sheet.failure else { return nil }
        if let rest = inquiry.rests.first(where: { $0.attempt == sheet.number }) {
            return .nextTry(rest.until, wait: rest.until - rest.from)
        }
        guard isLast, case .ended = inquiry.run.tasks[task.offset].state else { return nil }
        if failure.kind == .permanent { return .permanent }
        let run = inquiry.run
        let limit = run.spec(task).maxAttempts ?? run.plan.defaults.maxRetryAttempts
        let counted = Int(sheet.number) - Int(run.tasks[task.offset].granted)
        return counted >= limit ? .limit(limit) : .stopping
    }

    // MARK: Advice

    private static func advice(for task: TaskIndex, _ waits: [Wait], _ chain: [TaskIndex], _ run: Run) -> [Advice] {
        var advice = waits.compactMap { wait -> Advice? in
            switch wait {
            case .dependency(let other, let chain): .lookAt(chain.last ?? other)
            case .date(let date), .nextTry(let date): .waitUntil(date)
            case .answer(let question): .answer(question)
            case .busyAgents, .room, .work, .stop, .engine: .nothing
            case .paused: nil
            }
        }
        switch run.tasks[task.offset].state {
        case .ended(.failed(let failure)):
            advice = chain.last.map { [.lookAt($0)] } ?? [.mend(failure.remedy)]
            advice.append(.runAgain)
        case .ended(.skipped(.dependency)): advice = chain.last.map { [.lookAt($0)] } ?? []
        case .ended(.cancelled(.strict(let other))): advice = [.lookAt(other)]
        case .ended(.completed), .ended(.skipped(.person)), .ended(.cancelled), .waiting, .scheduled, .ready, .running,
            .stopping, .resting, .blocked:
            break
        }
        if !run.isEnded { advice.append(.resume) }
        var seen: Set<Advice> = []
        return advice.filter { $0 != .nothing && seen.insert($0).inserted }
    }
}
