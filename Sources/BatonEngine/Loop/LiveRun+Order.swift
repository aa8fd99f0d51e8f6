import BatonCore

extension LiveRun {
    /// What a performer is given for a step, of what is decided by now; nil if the step is taken back already.
    func order(of key: StepKey) -> StepRunner.Order? {
        guard self.run.owed[key] != nil, case .running(let attempt) = self.run.tasks[key.task.offset].state else {
            return nil
        }
        return StepRunner.Order(
            run: self.id,
            key: key,
            plan: self.plan,
            assignment: attempt.assignment,
            needed: Self.needed(by: key.task, self.run.tasks, self.run.graph.dependencies),
            directives: self.run.directives.isEmpty
                ? [] : self.run.directives(for: key.task, attempt.assignment).map(\.text)
        )
    }

    private static func needed(
        by task: TaskIndex,
        _ tasks: [TaskRecord],
        _ dependencies: PlanGraph.Rows
    ) -> [StepRunner.Needed] {
        dependencies[task].map { offset in
            let index = TaskIndex(Int(offset))
            switch tasks[index.offset].state {
            case .ended(.completed(let content)):
                return StepRunner.Needed(task: index, output: content, shortfall: nil)
            case .ended(let end): return StepRunner.Needed(task: index, output: nil, shortfall: end.shortfall)
            case .waiting, .scheduled, .ready, .running, .stopping, .resting, .blocked:
                return StepRunner.Needed(task: index, output: nil, shortfall: nil)
            }
        }
    }
}

extension TaskEnd {
    fileprivate var shortfall: String? {
        switch self {
        case .completed: nil
        case .failed(let failure): "failed: \(failure.message)"
        case .skipped: "skipped"
        case .cancelled: "cancelled"
        }
    }
}
