import BatonCore

/// Agents of several runs that are one: what they can take is divided among the runs.
///
/// Two profiles are one agent if they have one ``AgentProfile/Identity``.
struct SharedAgents {
    private typealias Identity = AgentProfile.Identity

    private struct Member: Hashable {
        let run: RunID
        let agent: AgentIndex
    }

    // In the order of joining.
    private var members: [Identity: [Member]] = [:]
    private var shared: Set<Identity> = []
    // When each was last given an attempt, and how many it had by then.
    private var served: [Member: (attempts: Int64, turn: Int)] = [:]
    private var turns = 0

    var isEmpty: Bool { self.shared.isEmpty }

    mutating func join(_ run: RunID, _ plan: Plan) {
        for (offset, agent) in plan.agents.enumerated() {
            let identity = agent.identity
            self.members[identity, default: []].append(Member(run: run, agent: AgentIndex(offset)))
            if self.members[identity, default: []].count > 1 { self.shared.insert(identity) }
        }
    }

    mutating func leave(_ run: RunID, _ plan: Plan) {
        for agent in plan.agents {
            let identity = agent.identity
            for member in self.members[identity] ?? [] where member.run == run { self.served[member] = nil }
            self.members[identity]?.removeAll { $0.run == run }
            if self.members[identity]?.isEmpty == true { self.members[identity] = nil }
            if self.members[identity].map({ $0.count < 2 }) ?? true { self.shared.remove(identity) }
        }
    }

    /// What each run may have in hand of each shared agent: a fair part, or with `offering` all that nobody has in hand.
    ///
    /// A fair part is reckoned by what a run might use. What it does not use after all is offered to the others, one run
    /// after the other.
    func shares(of runs: (RunID) -> Run?, offering: RunID? = nil) -> [RunID: [AgentIndex: Int]] {
        var shares: [RunID: [AgentIndex: Int]] = [:]
        for identity in self.shared {
            // Of equals the last gets what cannot be divided: the one that has waited longest.
            let members = (self.members[identity] ?? []).sorted { self.turn(of: $0) > self.turn(of: $1) }
            let (present, capacity, held) = Self.standing(of: members, runs)
            let wanted = present.enumerated().map { place, entry in
                offering == nil
                    ? min(capacity, entry.1.wanted(of: entry.0.agent))
                    : offering == entry.0.run ? capacity : held[place]
            }
            let grants = FairShare.grants(of: capacity, held: held, wanted: wanted)
            for ((member, _), grant) in zip(present, grants) { shares[member.run, default: [:]][member.agent] = grant }
        }
        return shares
    }

    /// The runs with a shared agent that could take more than all of them have in hand of it together.
    func haveRoom(_ runs: (RunID) -> Run?) -> Set<RunID> {
        var roomy: Set<RunID> = []
        for identity in self.shared {
            let (present, capacity, held) = Self.standing(of: self.members[identity] ?? [], runs)
            if held.reduce(0, +) < capacity { roomy.formUnion(present.map(\.0.run)) }
        }
        return roomy
    }

    // Those that are there, what the agent can take, and what each has in hand of it.
    private static func standing(
        of members: [Member],
        _ runs: (RunID) -> Run?
    ) -> (present: [(Member, Run)], capacity: Int, held: [Int]) {
        let present = members.compactMap { member in runs(member.run).map { (member, $0) } }
        let capacity = present.map { $1.profile($0.agent).maxConcurrentTasks }.min() ?? 0
        return (present, capacity, present.map { Int($1.records[$0.agent.offset].inHand) })
    }

    /// The runs that share an agent, those that have waited longest first.
    var runs: [RunID] {
        let members = self.shared.flatMap { self.members[$0] ?? [] }.sorted {
            (self.turn(of: $0), $0.run) < (self.turn(of: $1), $1.run)
        }
        var seen: Set<RunID> = []
        return members.map(\.run).filter { seen.insert($0).inserted }
    }

    /// Keeps in mind who has been served since the last time.
    mutating func noteServed(_ runs: (RunID) -> Run?) {
        self.turns += 1
        for member in self.shared.flatMap({ self.members[$0] ?? [] }) {
            guard let run = runs(member.run) else { continue }
            let attempts = run.records[member.agent.offset].attempts + Int64(run.records[member.agent.offset].inHand)
            if attempts > self.served[member]?.attempts ?? 0 { self.served[member] = (attempts, self.turns) }
        }
    }

    private func turn(of member: Member) -> Int { self.served[member]?.turn ?? 0 }
}
