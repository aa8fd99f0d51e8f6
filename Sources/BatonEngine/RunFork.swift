package import BatonCore
import OrderedCollections

/// Makes a run that shares the events of another one up to a position, and goes on from there by itself.
package struct RunFork: Sendable {
    /// What a fork is asked for.
    package struct Wish: Sendable {
        /// Tasks that ended without completing and begin anew, with what was given up because of them.
        package enum Retried: Hashable, Sendable {
            case tasks([TaskID])
            /// All but those that a person skipped, or that the plan leaves out if nobody answers, and what fell with these.
            case all
        }

        package let run: RunID
        /// The last event that is shared, or one of the same command; nil is the newest.
        package let position: Position?
        /// The new run's identifier; nil makes one.
        package let id: RunID?
        /// Keys with their new values, by task, or for `agents.ID`, `defaults` or `budget`:
        /// `{"build": {"timeout_seconds": 9}}`.
        package let changes: JSON
        package let retried: Retried

        package init(
            of run: RunID,
            at position: Position? = nil,
            id: RunID? = nil,
            changes: JSON = [:],
            retrying retried: Retried = .tasks([])
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

    /// - Parameter isCarried: whether an engine takes it up at once.
    /// - Throws: ``BatonError``: the run or the position is not there, or the plan of the fork is refused.
    static func make(
        _ wish: Wish,
        by: Origin,
        isCarried: Bool,
        journal: any Journal,
        clock: any EngineClock,
        prices: PriceTable,
        avoiding taken: Set<RunID> = []
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
            let id = try await RunBeginning.identifier(wish.id, for: plan, journal, clock, avoiding: taken)
            let bytes = PlanEncoder.bytes(of: plan)
            let stored = StoredContent(digest: HashChain.digest(of: bytes), bytes: bytes)
            let seed = RunSeed(
                run: id,
                plan: plan,
                stored: stored.digest,
                seed: folded.seed.seed,
                mode: folded.seed.mode,
                engine: Baton.version,
                prices: folded.seed.mode == .real ? prices.part(for: plan) : .none
            )
            var run = folded
            var out = Emission()
            // A rehearsal stays in its own time.
            let now = folded.seed.mode == .rehearsal ? folded.now : clock.now()
            let retried = try Self.indexes(of: wish.retried, in: run)
            try run.handle(.fork(seed, retrying: retried, isCarried: isCarried), at: now, by: by, &out)
            let origin = ForkOrigin(run: wish.run, position: folded.head)
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

    private static func indexes(of retried: Wish.Retried, in run: Run) throws(Refusal) -> [TaskIndex] {
        switch retried {
        case .tasks(let tasks):
            return try tasks.map { task throws(Refusal) -> TaskIndex in
                guard let index = run.index(of: task) else { throw Self.unknown(task, run) }
                return index
            }
        case .all:
            return run.unfinished
        }
    }

    /// Stores the fork where no engine runs; `baton resume` goes on with it.
    ///
    /// The caller holds the lock of the data folder.
    package static func store(
        _ wish: Wish,
        by caller: Caller,
        journal: any Journal,
        clock: any EngineClock,
        prices: PriceTable = .known
    ) async throws -> CommandReply {
        let receipt = try caller.receipt(for: wish.run, ["fork": wish.json])
        if let receipt, let known = try await journal.told(receipt) { return known }
        let fork = try await Self.make(
            wish,
            by: .person(caller.by),
            isCarried: false,
            journal: journal,
            clock: clock,
            prices: prices
        )
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
        let reply = CommandReply(
            run: fork.run.id,
            accepted: fork.out.facts.first?.position,
            position: fork.run.head,
            state: fork.run.phase.word
        )
        if let receipt {
            batch.receipts = [Receipt(id: receipt.id, digest: receipt.digest, outcome: .success(reply))]
        }
        try await journal.append(batch)
        return reply
    }

    // The state at a position, or behind the rest of the command that brought it, with the hash of the chunk that holds it.
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
            for fact in facts {
                if let folded, folded.head >= position, folded.mayBeCut(before: fact.event) { break }
                if folded == nil { folded = Run(fact) } else { folded?.apply(fact, &changes) }
            }
        }
        guard let folded, folded.head >= position, folded.damage == nil else {
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
