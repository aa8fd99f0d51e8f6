package import BatonCore

/// A run played by hand for tests of what is shown: commands in, facts out, time as the test says.
package struct RunStage: Sendable {
    package private(set) var run: Run
    package private(set) var facts: [Recorded]
    package var now: Timestamp

    /// Begins a run.
    package init(
        _ plan: Plan,
        mode: RunMode = .real,
        at now: Timestamp = Timestamp(microseconds: 1_800_000_000_000_000)
    ) {
        let seed = RunSeed(run: RunID("demo-1"), plan: plan, stored: .zero, seed: 1, mode: mode, engine: "test")
        var out = Emission()
        self.run = Run.create(seed, at: now, by: .engine, &out)
        self.facts = out.facts
        self.now = now
    }

    /// Puts a command to the run.
    package mutating func put(_ command: Command, by: Origin = .engine) throws {
        var out = Emission()
        try self.run.handle(command, at: self.now, by: by, &out)
        self.facts += out.facts
    }

    /// Lets time go on, and wakes the run if it wanted that.
    package mutating func pass(_ duration: Duration) throws {
        self.now = self.now + duration
        if let wake = self.run.nextWake, wake <= self.now { try self.put(.tick) }
    }

    /// Starts what can be started.
    package mutating func start(_ slots: Int = 1000) throws { try self.put(.slots(slots)) }

    /// The attempt of a task brings an output.
    package mutating func finish(_ task: TaskID, _ output: JSON = "done", _ usage: Usage = .none) throws {
        try self.settle(task, .done(.inline(output), usage))
    }

    /// The attempt of a task fails.
    package mutating func fail(_ task: TaskID, _ failure: Failure) throws {
        try self.settle(task, .failed(failure, .none))
    }

    /// The attempt of a task that was told to stop has stopped.
    package mutating func halt(_ task: TaskID) throws { try self.settle(task, .stopped(.none)) }

    private mutating func settle(_ task: TaskID, _ result: StepResult) throws {
        guard let index = self.run.index(of: task),
            let key = self.run.owed.keys.first(where: { $0.task == index })
                ?? self.run.stopping.keys.first(where: { $0.task == index })
        else { throw NotInHand(task: task) }
        try self.put(.returned(key, result))
    }

    /// The test asks for the result of a task that nobody works on.
    package struct NotInHand: Error {
        package let task: TaskID
    }
}
