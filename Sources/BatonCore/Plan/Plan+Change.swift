extension Plan {
    /// Takes in what a fact changes about the plan of its run; all readers of events follow the plan by this.
    ///
    /// - Returns: whether anything has changed.
    @discardableResult
    package mutating func take(_ event: Event) -> Bool {
        switch event {
        case .forked(let seed, _, _): self = seed.plan
        case .tasksAdded(let tasks, let made):
            self.tasks += tasks
            self.agents += made
        case .delegated(let delegation):
            guard case .granted(let spec, let made, _) = delegation.verdict else { return false }
            self.tasks.append(spec)
            if let made { self.agents.append(made) }
        case .taskEdited(let task, let spec):
            guard self.tasks.indices.contains(task.offset) else { return false }
            self.tasks[task.offset] = spec
        case .taskFellBack(let task, let failure):
            guard self.tasks.indices.contains(task.offset),
                let spec = self.tasks[task.offset].fallenBack(after: failure)
            else { return false }
            self.tasks[task.offset] = spec
        case .taskReprioritized(let task, let priority):
            guard self.tasks.indices.contains(task.offset) else { return false }
            self.tasks[task.offset].priority = Int(priority)
        case .created, .recovered, .attemptStarted, .stepOwed, .stopRequested, .stepReturned, .stepLost, .staleResult,
            .attemptHeld,
            .taskRested, .taskReady, .taskEnded, .asked, .answered, .paused, .resumed, .stopping, .ended, .tasksReset,
            .steered:
            return false
        }
        return true
    }
}

extension Plan {
    /// The tasks whose attempts wait for what an event has added.
    func waiters(of event: Event) -> [TaskIndex] {
        switch event {
        case .delegated(let delegation): delegation.spec == nil ? [] : [delegation.task]
        case .tasksAdded(let specs, _):
            specs.filter { $0.proves != nil }.compactMap { check in
                self.tasks.firstIndex { $0.id == check.delegatedBy }.map { TaskIndex($0) }
            }
        default: []
        }
    }
}
