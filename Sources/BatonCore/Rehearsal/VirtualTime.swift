import HeapModule

/// Drives a run under a virtual clock: no waiting, no tasks of Swift, no disk.
///
/// Rehearsal, forecast and simulator share it.
package struct VirtualTime: Sendable {
    private struct Due: Comparable, Sendable {
        let at: Timestamp
        let number: Int
        let key: StepKey
        let result: StepResult

        static func < (left: Due, right: Due) -> Bool {
            left.at == right.at ? left.number < right.number : left.at < right.at
        }

        static func == (left: Due, right: Due) -> Bool { left.at == right.at && left.number == right.number }
    }

    package private(set) var run: Run
    package private(set) var now: Timestamp
    private var agenda = Heap<Due>()
    private var numbered = 0
    private let isExact: Bool

    /// Goes on with a run from where it stands.
    ///
    /// - Parameter isExact: every task takes just its estimate.
    package init(_ run: Run, isExact: Bool = false) {
        self.run = run
        self.isExact = isExact
        self.now = run.now
    }

    /// Does everything that is due at the next moment.
    ///
    /// - Returns: the facts of that moment; nil when nothing is left to happen.
    package mutating func step() throws(Refusal) -> [Recorded]? {
        guard !self.run.isEnded, self.run.damage == nil else { return nil }
        var out = Emission()
        try self.run.handle(.slots(.max), at: self.now, by: .engine, &out)
        self.take(out.changes)
        if !out.facts.isEmpty { return out.facts }
        guard let next = [self.agenda.min?.at, self.run.nextWake].compactMap({ $0 }).min() else { return nil }
        self.now = max(self.now, next)
        while let due = self.agenda.min, due.at <= self.now {
            self.agenda.removeMin()
            try self.run.handle(.returned(due.key, due.result), at: self.now, by: .engine, &out)
        }
        if let wake = self.run.nextWake, wake <= self.now {
            try self.run.handle(.tick, at: self.now, by: .engine, &out)
        }
        self.take(out.changes)
        return out.facts
    }

    /// Lets time go on to a moment, if it is later.
    package mutating func move(to moment: Timestamp) { self.now = max(self.now, moment) }

    /// Puts a command to the run at this moment.
    package mutating func handle(_ command: Command, by: Origin) throws(Refusal) -> [Recorded] {
        var out = Emission()
        try self.run.handle(command, at: self.now, by: by, &out)
        self.take(out.changes)
        return out.facts
    }

    private mutating func take(_ changes: Changes) {
        for key in changes.started {
            guard case .running(let attempt)? = self.run.record(key.task)?.state else { continue }
            let reply =
                self.joined(key.task, by: attempt.assignment.lead)
                ?? StandIn.reply(
                    to: key,
                    task: self.run.spec(key.task),
                    assignment: attempt.assignment,
                    plan: self.run.plan,
                    seed: self.run.seed.seed,
                    isExact: self.isExact
                )
            self.put(reply.result, for: key, at: self.now + reply.after)
        }
        for key in changes.stopped { self.put(.stopped(.none), for: key, at: self.now) }
    }

    // Patterns are joined as in earnest: only what their parts say is played.
    private func joined(_ task: TaskIndex, by lead: AgentIndex) -> StandIn.Reply? {
        guard self.run.profile(lead).kind == .conductor || self.run.spec(task).pattern == .meeting else { return nil }
        if let schema = self.run.spec(task).proves?.schema {
            let verdict = self.run.claimed(by: task).map {
                Proving.verdict(on: $0.output.inlined ?? .null, of: self.run.spec($0.task).id, by: schema)
            }
            return StandIn.Reply(result: .done(.inline(verdict ?? .null), .none), after: .zero)
        }
        switch Joining.result(
            of: self.run.spec(task),
            parts: self.run.partResults(of: task),
            agents: self.run.plan.agents
        ) {
        case .success(let output): return StandIn.Reply(result: .done(.inline(output), .none), after: .zero)
        case .failure(let failure): return StandIn.Reply(result: .failed(failure, .none), after: .zero)
        }
    }

    private mutating func put(_ result: StepResult, for key: StepKey, at: Timestamp) {
        self.numbered += 1
        self.agenda.insert(Due(at: at, number: self.numbered, key: key, result: result))
    }
}
