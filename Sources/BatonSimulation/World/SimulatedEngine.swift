import BatonCore

/// The engine's loop without tasks and disk: several commands a batch in memory, one append, then the release.
///
/// It does what `EngineLoop` does, in the same order. The rules in it are the real ones.
struct SimulatedEngine {
    enum Input {
        case create(Int)
        case adopt(Int)
        case command(Int, Command, by: Origin)
        case returned(Int, StepKey, StepResult)
        case shares(Int, [AgentIndex: Int])
        case wake
    }

    struct Reply {
        let run: Int
        let position: Int64
        let isRefused: Bool
    }

    /// A run in memory; a reference, because a copy of a run is dear.
    final class Live {
        var run: Run
        var out: Emission
        /// What it was last told of agents that it shares; not in the journal.
        var shares: [AgentIndex: Int] = [:]
        /// The slots of this turn, if it was given any.
        var granted: Int?

        init(_ run: Run, _ out: Emission = Emission()) {
            self.run = run
            self.out = out
        }

        /// Looks at the run where it is: to read a property of it by way of the reference would copy all of it.
        func look<Sight>(_ body: (inout Run) throws -> Sight) rethrows -> Sight { try body(&self.run) }
    }

    /// What follows from what has just been stored: as it was decided then, whatever is decided until it leaves.
    struct Effects {
        struct Part {
            let run: Int
            let started: [(key: StepKey, told: [Directive])]
            let stopped: [StepKey]
            let head: Int64
            let isEnded: Bool
        }

        let parts: [Part]
        let replies: [Reply]
    }

    /// nil is not adopted, not created or ended.
    var runs: [Live?]
    var replies: [Reply] = []
    let slots: Int
    let name: String
    private var turns = 0

    init(runs: Int, slots: Int, name: String) {
        self.runs = Array(repeating: nil, count: runs)
        self.slots = slots
        self.name = name
    }

    mutating func handle(_ command: Command, _ run: Int, by: Origin, _ now: Timestamp) -> Bool {
        guard let live = self.runs[run] else { return false }
        do {
            try live.run.handle(command, at: now, by: by, &live.out)
            return true
        } catch {
            return false
        }
    }

    /// Whether something is decided that is not stored.
    var holdsSomething: Bool { self.runs.contains { $0.map { !$0.out.facts.isEmpty } ?? false } }

    mutating func takeEffects() -> Effects {
        let parts = self.runs.enumerated().compactMap { run, live -> Effects.Part? in
            guard let live else { return nil }
            let changes = live.out.changes
            if !changes.started.isEmpty || !changes.stopped.isEmpty { live.out.changes = Changes() }
            return live.look { state in
                Effects.Part(
                    run: run,
                    started: changes.started.map { ($0, Self.told($0, state)) },
                    stopped: changes.stopped,
                    head: state.head.value,
                    isEnded: state.isEnded
                )
            }
        }
        defer { self.replies.removeAll(keepingCapacity: true) }
        return Effects(parts: parts, replies: self.replies)
    }

    /// As planted: what has been decided meanwhile leaves with what is stored.
    mutating func added(to effects: Effects) -> Effects {
        let more = self.takeEffects()
        return Effects(parts: effects.parts + more.parts, replies: effects.replies + more.replies)
    }

    private static func told(_ key: StepKey, _ run: Run) -> [Directive] {
        guard !run.directives.isEmpty, case .running(let attempt)? = run.record(key.task)?.state else { return [] }
        return run.directives(for: key.task, attempt.assignment)
    }

    mutating func wake(_ now: Timestamp) {
        for run in self.runs.indices {
            if let wake = self.runs[run]?.look({ $0.nextWake }), wake <= now {
                _ = self.handle(.tick, run, by: .engine, now)
            }
        }
    }

    mutating func grantSlots(_ now: Timestamp) {
        for live in self.runs { live?.granted = nil }
        if planted(.slotsOverspent) {
            for run in self.runs.indices { self.dispatch(self.slots, run, now) }
            return
        }
        if self.runs.count == 1 {
            self.dispatch(self.slots, 0, now)
            return
        }
        // What fails as it begins leaves its slot to others.
        var ended = self.ended
        self.grant(now)
        while self.ended > ended {
            ended = self.ended
            self.grant(now)
        }
    }

    private var ended: Int { self.runs.reduce(0) { $0 + ($1?.look { $0.counts.all.ended } ?? 0) } }

    private mutating func grant(_ now: Timestamp) {
        // What cannot be divided goes to another run each time.
        self.turns += 1
        let order = self.runs.indices.map { ($0 + self.turns) % self.runs.count }
        let wanted = order.map { self.runs[$0]?.look { $0.wantedSlots } ?? 0 }
        let held = order.map { self.runs[$0]?.look { $0.counts.inHand } ?? 0 }
        let grants = FairShare.grants(of: self.slots, held: held, wanted: wanted)
        for (run, grant) in zip(order, grants) { self.dispatch(grant, run, now) }
    }

    private mutating func dispatch(_ slots: Int, _ run: Int, _ now: Timestamp) {
        guard let live = self.runs[run], live.look({ $0.wantsDispatch }) else { return }
        live.granted = slots
        _ = self.handle(.slots(slots), run, by: .engine, now)
    }

    mutating func tell(_ shares: [AgentIndex: Int], _ run: Int, _ now: Timestamp) {
        self.runs[run]?.shares = shares
        _ = self.handle(.shares(shares), run, by: .engine, now)
    }

    var nextWake: Timestamp? {
        var first: Timestamp?
        for case let live? in self.runs {
            if let wake = live.look({ $0.nextWake }) { first = first.map { min($0, wake) } ?? wake }
        }
        return first
    }
}
