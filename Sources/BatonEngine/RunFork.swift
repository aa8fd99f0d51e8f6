package import BatonCore
import OrderedCollections

/// Makes a run that shares the events of another one up to a position, and goes on from there by itself.
package struct RunFork: Sendable {
    /// What a fork is asked for.
    package struct Wish: Sendable {
        package let run: RunID
        /// The last event that is shared; nil is the newest.
        package let position: Position?
        /// The new run's identifier; nil makes one.
        package let id: RunID?
        /// Keys with their new values, by task, or `agents.ID` or `defaults`: `{"build": {"timeout_seconds": 9}}`.
        package let changes: JSON
        /// Tasks that failed and begin anew, with what was given up because of them.
        package let retried: [TaskID]

        package init(
            of run: RunID,
            at position: Position? = nil,
            id: RunID? = nil,
            changes: JSON = [:],
            retrying retried: [TaskID] = []
        ) {
            self.run = run
            self.position = position
            self.id = id
            self.changes = changes
            self.retried = retried
        }
    }

    let run: Run
    let out: Emission
    let chain: ChunkWriter.Chain
    let contents: [StoredContent]

    /// - Throws: ``BatonError``: the run or the position is not there, or the plan of the fork is refused.
    static func make(
        _ wish: Wish,
        by: Origin,
        journal: any Journal,
        clock: any EngineClock
    ) async throws -> RunFork {
        guard let head = try await journal.head(of: wish.run) else { throw Engine.unknown(wish.run) }
        let position = wish.position ?? head.position
        guard position > .start, position <= head.position else {
            throw BatonError(
                BatonError.Code("fork.position"),
                "run \(wish.run) has no event \(position.value)",
                remedy: "name one from 1 to \(head.position.value)"
            )
        }
        let (folded, hash) = try await Self.fold(wish.run, to: position, journal)
        do {
            let plan = try ForkedPlan.plan(folded.plan, changed: wish.changes)
            let id = try await RunBeginning.identifier(wish.id, for: plan, journal, clock)
            let bytes = PlanEncoder.bytes(of: plan)
            let stored = StoredContent(digest: HashChain.digest(of: bytes), bytes: bytes)
            let seed = RunSeed(
                run: id,
                plan: plan,
                stored: stored.digest,
                seed: folded.seed.seed,
                mode: folded.seed.mode,
                engine: Baton.version
            )
            var run = folded
            var out = Emission()
            // A rehearsal stays in its own time.
            let now = folded.seed.mode == .rehearsal ? folded.now : clock.now()
            let retried = try wish.retried.map { task throws(Refusal) -> TaskIndex in
                guard let index = run.index(of: task) else { throw Self.unknown(task, run) }
                return index
            }
            try run.handle(.fork(seed, retrying: retried), at: now, by: by, &out)
            let origin = ForkOrigin(run: wish.run, position: position)
            let chain = ChunkWriter.Chain(
                createdAt: clock.now(),
                hash: HashChain.fork(from: origin, chunk: hash),
                origin: origin
            )
            return RunFork(run: run, out: out, chain: chain, contents: [stored])
        } catch let refusal as Refusal {
            throw BatonError(refusal)
        }
    }

    /// Stores the fork where no engine runs; `baton resume` goes on with it.
    ///
    /// The caller holds the lock of the data folder.
    package static func store(
        _ wish: Wish,
        by: String,
        journal: any Journal,
        clock: any EngineClock
    ) async throws -> CommandReply {
        let fork = try await Self.make(wish, by: .person(by), journal: journal, clock: clock)
        var chain = fork.chain
        let (chunk, head) = ChunkWriter.chunk(
            of: fork.out.facts,
            run: fork.run,
            chain: &chain,
            wallClock: clock.now()
        )
        var batch = JournalBatch()
        batch.chunks = [chunk]
        batch.heads = [head]
        batch.contents = fork.contents
        try await journal.append(batch)
        return CommandReply(run: fork.run.id, position: fork.run.head, state: fork.run.phase.word)
    }

    // The state at a position, with the hash of the chunk that holds it.
    private static func fold(
        _ run: RunID,
        to position: Position,
        _ journal: any Journal
    ) async throws -> (Run, Digest) {
        let reader = JournalReader(journal)
        var cursor = JournalReader.Cursor(run: run)
        var folded: Run?
        var changes = Changes()
        while cursor.position < position {
            let facts = try await reader.next(&cursor, limit: 1)
            guard !facts.isEmpty else { break }
            for fact in facts where fact.position <= position {
                if folded == nil { folded = Run(fact) } else { folded?.apply(fact, &changes) }
            }
        }
        guard let folded, folded.head == position, folded.damage == nil else {
            throw BatonError(
                .journalCorrupt,
                "run \(run) cannot be folded to event \(position.value)",
                remedy: "see what is wrong: baton doctor"
            )
        }
        return (folded, cursor.chunkHash)
    }

    private static func unknown(_ task: TaskID, _ run: Run) -> Refusal {
        Refusal(
            "run.unknown_task",
            "run \(run.id) has no task \(PlainText.line(task.text, limit: 60))",
            remedy: "`baton show` lists them"
        )
    }
}

/// A plan with keys of its tasks, agents or defaults changed.
enum ForkedPlan {
    static func plan(_ plan: Plan, changed changes: JSON) throws(Refusal) -> Plan {
        guard case .object(let members) = changes else {
            throw Refusal("fork.changes", "the changes are no object", remedy: "write {\"TASK\": {\"KEY\": VALUE}}")
        }
        guard !members.isEmpty, case .object(var whole) = PlanEncoder.json(plan) else { return plan }
        for (name, values) in members {
            guard case .object(let keys) = values else {
                throw Refusal("fork.changes", "\(name) has no keys", remedy: "write TASK.KEY=VALUE")
            }
            let place = try Self.place(of: name, in: plan)
            var part = Self.part(place, of: whole)
            for (key, value) in keys { part[key] = value == .null ? nil : value }
            Self.put(.object(part), at: place, in: &whole)
        }
        let node = SourceNode(.object(whole))
        var validator = PlanValidator()
        validator.validate(node, as: .object(.plan), at: .root)
        if let first = validator.diagnostics.first {
            throw Refusal(first.code, "\(first.path): \(first.message)", remedy: first.remedy)
        }
        return PlanDecoder.plan(node)
    }

    private enum Place {
        case task(Int)
        case agent(Int)
        case defaults
    }

    private static func place(of name: String, in plan: Plan) throws(Refusal) -> Place {
        if name == "defaults" { return .defaults }
        if name.hasPrefix("agents."), let place = plan.agents.firstIndex(where: { $0.id.text == name.dropFirst(7) }) {
            return .agent(place)
        }
        if let place = plan.tasks.firstIndex(where: { $0.id.text == name }) { return .task(place) }
        let near = NearestName.of(name, among: plan.tasks.map(\.id.text) + plan.agents.map { "agents.\($0.id)" })
        throw Refusal(
            "fork.changes",
            "the run has no task \(PlainText.line(name, limit: 60))",
            remedy: near.map { "did you mean \($0)?" } ?? "name a task, agents.ID or defaults"
        )
    }

    private typealias Members = OrderedDictionary<String, JSON>

    private static func part(_ place: Place, of plan: Members) -> Members {
        let value: JSON? =
            switch place {
            case .task(let offset): plan["tasks"]?[offset]
            case .agent(let offset): plan["agents"]?[offset]
            case .defaults: plan["defaults"]
            }
        if case .object(let members)? = value { return members }
        return [:]
    }

    private static func put(_ value: JSON, at place: Place, in plan: inout Members) {
        switch place {
        case .task(let offset): Self.put(value, offset, "tasks", in: &plan)
        case .agent(let offset): Self.put(value, offset, "agents", in: &plan)
        case .defaults: plan["defaults"] = value
        }
    }

    private static func put(_ value: JSON, _ offset: Int, _ list: String, in plan: inout Members) {
        guard case .array(var elements)? = plan[list], elements.indices.contains(offset) else { return }
        elements[offset] = value
        plan[list] = .array(elements)
    }
}
