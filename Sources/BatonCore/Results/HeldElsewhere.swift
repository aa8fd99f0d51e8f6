/// What other runs of the same engine have in hand of a run's agents; what an agent can take is divided among them.
package struct HeldElsewhere: Hashable, Sendable {
    /// A task of another run.
    package struct Piece: Hashable, Sendable {
        package let agent: AgentIndex
        package let run: RunID
        package let task: TaskID
        package let since: Timestamp
        /// What its attempt waits for, if that is a person.
        package let question: QuestionID?
    }

    /// By agents of the run that asks, each with what it has had longest first.
    package private(set) var pieces: [Piece] = []
    // How many each of these agents can take in all: of several plans the least counts.
    private var capacities: [AgentIndex: Int] = [:]

    package init(of run: Run, among others: [RunSheet]) {
        for other in others where other.run.id != run.id && !other.run.isEnded {
            for (offset, profile) in run.plan.agents.enumerated() {
                let twin = other.run.plan.agents.firstIndex { $0.identity == profile.identity }
                if let twin { self.take(AgentIndex(offset), of: run, as: AgentIndex(twin), of: other) }
            }
        }
        self.pieces.sort { ($0.agent, $0.since, $0.run) < ($1.agent, $1.since, $1.run) }
    }

    private mutating func take(_ agent: AgentIndex, of run: Run, as twin: AgentIndex, of other: RunSheet) {
        let hands = other.progress.hands
        for task in hands.tasks where hands.agents(of: task).contains(twin) {
            var question: QuestionID?
            if case .blocked(let asked, _)? = other.run.record(task)?.state { question = asked }
            self.pieces.append(
                Piece(
                    agent: agent,
                    run: other.run.id,
                    task: other.run.spec(task).id,
                    since: hands.since(of: task) ?? .zero,
                    question: question
                )
            )
        }
        let least = min(run.profile(agent).maxConcurrentTasks, other.run.profile(twin).maxConcurrentTasks)
        self.capacities[agent] = min(least, self.capacities[agent] ?? .max)
    }

    package func pieces(of agents: [AgentIndex]) -> [Piece] { self.pieces.filter { agents.contains($0.agent) } }

    /// What is left of each agent that another run has in hand.
    fileprivate var shares: [AgentIndex: Int] {
        var shares = self.capacities
        for piece in self.pieces { shares[piece.agent, default: 0] -= 1 }
        return shares.mapValues { max(0, $0) }
    }
}

extension Run {
    /// The run as it stands beside others; the journal does not say what they leave of its agents.
    package func beside(_ held: HeldElsewhere) -> Run {
        guard !held.pieces.isEmpty else { return self }
        var run = self
        run.take(held.shares)
        return run
    }

    /// Whether nothing goes on but waiting for people, here or in the other runs that its agents work for.
    package func waitsOnlyForPeople(beside held: HeldElsewhere) -> Bool {
        let run = self.beside(held)
        let isAsked = held.pieces.contains { $0.question != nil }
        guard run.waitsOnlyForPeople || isAsked && self.mayWaitForOthers && !run.hasStartableTask else { return false }
        // Who has work in hand elsewhere gets free without any person.
        return self.tasks.indices.allSatisfy { offset in
            guard case .ready = self.tasks[offset].state else { return true }
            let pieces = held.pieces(of: self.candidates(for: TaskIndex(offset)).agents)
            return pieces.allSatisfy { $0.question != nil }
        }
    }

    /// Whether nothing goes on in it, and what is ready may have to wait for what other runs have in hand.
    package var mayWaitForOthers: Bool {
        guard case .running = self.phase else { return false }
        return self.counts.inHand == 0 && self.counts.ready > 0 && !self.hasTimedTask
    }
}
