import BatonCore

// As if somebody forked a run here: the fork has books of its own, and is played calmly to its end.
extension World {
    mutating func rehearseFork(of state: Run, _ run: Int) throws {
        guard let ledger = self.ledgers[run] else { return }
        var plan = state.plan
        var changed: [Int] = []
        if self.choices.below(2, .forks) == 1 {
            var offset = self.choices.below(plan.tasks.count, .forks)
            // What was handed on is changed by whoever handed it on.
            while plan.tasks[offset].delegatedBy != nil { offset -= 1 }
            plan.tasks[offset].description = "otherwise"
            plan.tasks[offset].followUps = []
            changed.append(offset)
        }
        if self.choices.below(3, .forks) == 2, plan.tasks.count < 100 {
            let count = plan.tasks.count
            var follower = self.choices.below(count, .forks)
            // What somebody waits for within an attempt waits for nothing else.
            while plan.tasks[follower].delegatedBy != nil { follower -= 1 }
            plan.tasks.append(PlanMaker.task(count, followedBy: plan.tasks[follower].id))
        }
        if self.choices.below(3, .forks) == 2 {
            let agent = self.choices.below(plan.agents.count, .forks)
            let most = 1 + self.choices.below(3, .forks)
            if plan.agents[agent].kind != .conductor { plan.agents[agent].maxConcurrentTasks = most }
        }
        var retried = state.tasks.indices.map { TaskIndex($0) }.filter { task in
            Person.isFallen(task, state) && !state.wasLeftOut(task) && !state.isCountedOut(task)
                && state.plan.tasks[task.offset].delegatedBy == nil
                && self.choices.below(2, .forks) == 1
        }
        Self.addWhatTheyNeed(to: &retried, state, plan)
        let books = Ledger(copying: ledger, for: Ledger.Fork(changed: changed, retried: retried))
        let seed = Self.forkSeed("fork", plan)
        let isCarried = self.choices.below(3, .forks) < 2
        let hours = [0, 0, 1, 48][self.choices.below(4, .forks)]
        try self.playFork(
            of: state,
            .fork(seed, retrying: retried, isCarried: isCarried),
            books,
            after: .seconds(hours * 3600)
        )
        self.report.reached.formUnion(books.reached)
    }

    // As if somebody forked a finished run at any of its events: the fork has no books, and comes to its end all the same.
    mutating func rehearseCut(_ run: Int) throws {
        let row = self.journal.rows[run]
        let wanted = self.choices.below(row.facts.count, .forks)
        guard var folded = row.facts.first.flatMap({ Run($0) }) else { return }
        var changes = Changes()
        for (offset, fact) in row.facts.enumerated().dropFirst() {
            let next = row.ends.contains(offset) ? nil : fact.event
            if offset > wanted, folded.mayBeCut(before: next) { break }
            folded.apply(fact, &changes)
        }
        if folded.head.value > Int64(wanted) + 1 { self.reach(.forkedAmidCommand) }
        let seed = Self.forkSeed("cut", folded.plan)
        try self.playFork(of: folded, .fork(seed, retrying: [], isCarried: true), nil, after: .zero)
    }

    private static func forkSeed(_ name: RunID, _ plan: Plan) -> RunSeed {
        let prices = Ledger.prices.part(for: plan)
        return RunSeed(run: name, plan: plan, stored: .zero, seed: 1, mode: .real, engine: "fork", prices: prices)
    }

    // Nobody begins anew what would only fall again.
    private static func addWhatTheyNeed(to retried: inout [TaskIndex], _ state: Run, _ plan: Plan) {
        let graph = PlanGraph(plan.tasks)
        var left = retried
        while let task = left.popLast() {
            for other in graph.dependencies[task].map({ TaskIndex(Int($0)) }) where !retried.contains(other) {
                guard case .ended(let end)? = state.record(other)?.state, !end.isCompleted,
                    !state.tasks.indices.contains(task.offset) || state.rule(of: task, without: other) != .run
                else { continue }
                retried.append(other)
                left.append(other)
            }
        }
        retried.sort()
    }

    private func playFork(of state: Run, _ command: Command, _ books: Ledger?, after gap: Duration) throws {
        var fork = state
        var now = max(self.now, state.now) + gap
        var calm = Choices([])
        var inHand: [StepKey] = []
        var next: (Command, Origin) = (command, .person("p"))
        var isCarried = command.isCarried
        for _ in 0..<2000 {
            var out = Emission()
            do {
                try fork.handle(next.0, at: now, by: next.1, &out)
                if !fork.isEnded, isCarried { try fork.handle(.slots(self.slots), at: now, by: .engine, &out) }
            } catch {
                throw Violation("what makes sense is done", "\(next.0): \(error.message)")
            }
            if let damage = fork.damage { throw Violation("I-05 a rule emits what fits", "fork at \(damage)") }
            try books?.take(out.facts[...])
            try books?.checkStanding(of: fork)
            try books?.checkWords(of: fork)
            for key in out.changes.started where fork.owed[key] != nil || fork.stopping[key] != nil {
                // What was taken back with the same command has not begun, and is told to have stopped.
                if fork.owed[key] != nil { try books?.begin(key) }
                inHand.append(key)
            }
            if fork.isEnded { return }
            if !isCarried {
                isCarried = true
                now = now + gap
                next = (.recovered(engine: "later"), .engine)
                continue
            }
            if let books, let task = books.startable(self.slots) {
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
        if let wake = fork.nextWake, wake <= now { return (.tick, .engine) }
        if !inHand.isEmpty {
            let key = inHand.removeFirst()
            let spec = fork.spec(key.task)
            let form = Ledger.Form(of: spec)
            let result = Ledger.result(of: key, to: fork.owed[key]?.request, form: form)
            return (.returned(key, fork.stopping[key] != nil ? .stopped(.none) : result), .engine)
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

extension Command {
    /// Of a fork: whether an engine takes it up at once.
    fileprivate var isCarried: Bool {
        if case .fork(_, _, let isCarried) = self { return isCarried }
        return true
    }
}
