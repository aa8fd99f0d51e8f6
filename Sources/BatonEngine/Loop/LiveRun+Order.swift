import BatonCore

extension LiveRun {
    /// What a performer is given for a step, of what is decided by now; nil if the step is taken back already.
    func order(of key: StepKey) -> StepRunner.Order? {
        guard self.run.owed[key] != nil, case .running(let attempt) = self.run.tasks[key.task.offset].state else {
            return nil
        }
        let row = self.run.graph.dependencies[key.task]
        var dependencies: [Work.Dependency] = []
        dependencies.reserveCapacity(row.count)
        var stored: [(index: Int, content: Content)] = []
        for offset in row {
            let index = TaskIndex(Int(offset))
            let (output, shortfall) = self.outcome(of: index)
            if let output, case .stored = output { stored.append((dependencies.count, output)) }
            dependencies.append(
                Work.Dependency(
                    task: self.plan.id(of: index),
                    output: output?.inlined,
                    shortfall: shortfall,
                    source: self.run.source(of: index)
                )
            )
        }
        if let (task, output) = self.run.claimed(by: key.task) {
            if case .stored = output { stored.append((dependencies.count, output)) }
            dependencies.append(
                Work.Dependency(
                    task: self.plan.id(of: task),
                    output: output.inlined,
                    shortfall: nil,
                    source: self.run.source(of: task)
                )
            )
        }
        return StepRunner.Order(
            key: key,
            plan: self.plan,
            assignment: attempt.assignment,
            dependencies: dependencies,
            stored: stored,
            directives: self.run.directives.isEmpty
                ? [] : self.run.directives(for: key.task, attempt.assignment),
            dialogue: self.dialogue(of: attempt, key),
            isWeighed: self.run.graph.weighed.contains(key.task) || self.run.isBeforeAnswer(key.task),
            asker: self.run.asker(of: key.task)
        )
    }

    private func dialogue(of attempt: Attempt, _ key: StepKey) -> StepRunner.Dialogue? {
        guard case .conversation(let conversation) = attempt.pattern, let owed = self.run.owed[key] else { return nil }
        return StepRunner.Dialogue(
            owed.request,
            conversation,
            self.run.directives(for: key.task, attempt.assignment)
        )
    }

    private func outcome(of task: TaskIndex) -> (output: Content?, shortfall: String?) {
        switch self.run.tasks[task.offset].state {
        case .ended(.completed(let content)): (content, nil)
        case .ended(let end): (nil, end.shortfall)
        case .waiting, .scheduled, .ready, .running, .stopping, .resting, .blocked: (nil, nil)
        }
    }
}
