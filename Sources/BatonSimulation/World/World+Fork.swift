import BatonCore

// As if somebody forked a run here: the fork has books of its own, and is played calmly to its end.
extension World {
    mutating func rehearseFork(of state: Run, _ run: Int) throws {
        guard let ledger = self.ledgers[run] else { return }
        var plan = state.plan
        var changed: [Int] = []
        if self.choices.below(2, .forks) == 1 {
            let offset = self.choices.below(plan.tasks.count, .forks)
            plan.tasks[offset].description = "otherwise"
            plan.tasks[offset].followUps = []
            changed.append(offset)
        }
        if self.choices.below(3, .forks) == 2, plan.tasks.count < 100 {
            let count = plan.tasks.count
            plan.tasks.append(PlanMaker.task(count, followedBy: plan.tasks[self.choices.below(count, .forks)].id))
        }
        if self.choices.below(3, .forks) == 2 {
            let agent = self.choices.below(plan.agents.count, .forks)
            plan.agents[agent].maxConcurrentTasks = 1 + self.choices.below(3, .forks)
        }
        let retried = state.tasks.indices.map { TaskIndex($0) }.filter { task in
            Person.isFallen(task, state) && self.choices.below(2, .forks) == 1
        }
        let books = Ledger(copying: ledger, for: Ledger.Fork(changed: changed, retried: retried))
        let seed = RunSeed(run: "fork", plan: plan, stored: .zero, seed: 1, mode: .real, engine: "fork")
        try self.playFork(of: state, .fork(seed, retrying: retried), books)
        self.report.reached.formUnion(books.reached)
    }

    private func playFork(of state: Run, _ command: Command, _ books: Ledger) throws {
        var fork = state
        var now = max(self.now, state.now)
        var calm = Choices([])
        var inHand: [StepKey] = []
        var next: (Command, Origin) = (command, .person("p"))
        for _ in 0..<2000 {
            var out = Emission()
            do {
                try fork.handle(next.0, at: now, by: next.1, &out)
                if !fork.isEnded { try fork.handle(.slots(self.slots), at: now, by: .engine, &out) }
            } catch {
                throw Violation("what makes sense is done", "\(next.0): \(error.message)")
            }
            if let damage = fork.damage { throw Violation("I-05 a rule emits what fits", "fork at \(damage)") }
            try books.take(out.facts[...])
            try books.checkStanding(of: fork)
            try books.checkWords(of: fork)
            for key in out.changes.started where fork.owed[key] != nil {
                try books.begin(key)
                inHand.append(key)
            }
            if fork.isEnded { return }
            if let task = books.startable(self.slots) {
                throw Violation("I-23 what can start is started", "fork \(books.tasks[task].id)")
            }
            next = try Self.nextCommand(for: fork, &inHand, &now, &calm)
        }
        throw Violation("I-23 every run ends", "fork of \(state.id)")
    }

    // Work is done, people agree, time passes.
    private static func nextCommand(
        for fork: Run,
        _ inHand: inout [StepKey],
        _ now: inout Timestamp,
        _ calm: inout Choices
    ) throws -> (Command, Origin) {
        if !inHand.isEmpty {
            let key = inHand.removeFirst()
            return (
                .returned(key, fork.stopping[key] != nil ? .stopped(.none) : .done(Ledger.output(of: key), .none)),
                .engine
            )
        }
        if fork.phase == .paused { return (.resume, .person("p")) }
        if let question = fork.openQuestions.first {
            return (Person.answer(to: question, fork, &calm), .person("p"))
        }
        guard let wake = fork.nextWake else { throw Violation("I-23 something goes on or somebody is asked", "fork") }
        now = max(now, wake)
        return (.tick, .engine)
    }
}
