/// Why tasks have no result: one cause, and all that did not happen because of it.
package struct FailureGroup: Hashable, Sendable {
    package enum Cause: Hashable, Sendable {
        /// The task itself failed.
        case failure(TaskIndex, Failure)
        /// A person skipped the task.
        case skippedByPerson(TaskIndex)
        case unanswered(TaskIndex, QuestionID)
        /// The run was stopped.
        case stop(StopCause)
        /// A task that did not complete, whose own end the journal does not tell.
        case unknown(TaskIndex)
    }

    package let cause: Cause
    /// Tasks that were skipped, cancelled or failed because of it, in plan order.
    package let consequences: [TaskIndex]

    /// The task where it began, if it began with one.
    package var root: TaskIndex? {
        switch self.cause {
        case .failure(let task, _), .skippedByPerson(let task), .unanswered(let task, _),
            .unknown(let task), .stop(.strict(let task)):
            task
        case .stop(.person), .stop(.timeLimit): nil
        }
    }

    package var failure: Failure? {
        if case .failure(_, let failure) = self.cause { return failure }
        return nil
    }

    /// All causes, failures first, each in plan order.
    static func all(of run: Run) -> [FailureGroup] {
        let causes = Causes(of: run)
        var consequences: [TaskIndex: [TaskIndex]] = [:]
        var stopped: [StopCause: [TaskIndex]] = [:]
        var order: [TaskIndex] = []
        for offset in run.tasks.indices {
            let task = TaskIndex(offset)
            switch run.tasks[offset].state {
            case .ended(.skipped(.unneeded)), .ended(.skipped(.decided)): continue
            // What was proved later is no failure of the run.
            case .ended(.failed) where run.hasProvedOtherwise(task): continue
            case .ended(.failed), .ended(.skipped):
                let root = causes.root(of: task)
                if consequences[root] == nil {
                    consequences[root] = []
                    order.append(root)
                }
                if root != task { consequences[root]?.append(task) }
            case .ended(.cancelled(let cause)): stopped[cause, default: []].append(task)
            case .waiting, .scheduled, .ready, .running, .stopping, .resting, .blocked, .ended(.completed): continue
            }
        }
        let groups = order.sorted().map { root in
            Self.group(root, run, (consequences[root] ?? []) + (stopped.removeValue(forKey: .strict(root)) ?? []))
        }
        let stops = stopped.sorted { ($0.value.first ?? TaskIndex(0)) < ($1.value.first ?? TaskIndex(0)) }
        let ranked = groups.filter { $0.failure != nil } + groups.filter { $0.failure == nil }
        return ranked + stops.map { FailureGroup(cause: .stop($0.key), consequences: $0.value) }
    }

    private static func group(_ root: TaskIndex, _ run: Run, _ consequences: [TaskIndex]) -> FailureGroup {
        let cause: Cause =
            switch run.record(root)?.state {
            case .ended(.failed(let failure)): .failure(root, failure)
            case .ended(.skipped(.person)): .skippedByPerson(root)
            case .ended(.skipped(.unanswered(let question))): .unanswered(root, question)
            case .ended(.cancelled(let cause)): .stop(cause)
            case .waiting, .scheduled, .ready, .running, .stopping, .resting, .blocked, .ended(.completed),
                .ended(.skipped(.dependency)), .ended(.skipped(.unneeded)), .ended(.skipped(.decided)), nil:
                .unknown(root)
            }
        return FailureGroup(cause: cause, consequences: consequences.sorted())
    }
}

extension RunReport {
    /// Causes that are failures of tasks, not stops or skips that people wanted.
    package var rootFailures: [FailureGroup] { self.failures.filter { $0.failure != nil } }

    /// Tasks with failed attempts that were tried again, and did not fail for good.
    package var mended: [TaskAccount] {
        self.tasks.filter { account in
            if case .ended(.failed)? = self.state(account.task) { return false }
            return account.lastFailure != nil
        }
    }
}
