import BatonCore

/// The one writer of all runs: handle, append, release.
///
/// Nothing leaves before it is durable. While the journal writes one batch, the next is decided and encoded in memory; it is
/// written when that one is on disk, and if that one fails, it is dropped as well.
struct EngineLoop {
    // So many results are worth deciding on before they can be written.
    private static let leastWhileWriting = 32

    let engine: Engine
    let inbox: Inbox
    let queue: StepQueue
    var runs: [RunID: LiveRun] = [:]
    // What is still being performed for runs that are not here any more.
    var orphans: [StepRunner.Order] = []
    var begun = BegunRuns()
    var agents = SharedAgents()
    // Runs that were told a share other than their plan's own.
    var sharing: Set<RunID> = []
    var turns = 0
    var receipts = RecentReceipts()
    var alarm: Alarm
    var isOver = false
    var draft = Draft()
    var writing: Writing?

    init(_ engine: Engine, inbox: Inbox) {
        self.engine = engine
        self.inbox = inbox
        let runner = StepRunner(
            performers: engine.performers,
            live: engine.live,
            reader: JournalReader(engine.journal)
        )
        self.queue = StepQueue(runner, inbox: inbox)
        self.alarm = Alarm(clock: engine.clock, inbox: inbox)
    }

    /// Runs until told to shut down, or until the journal takes no more.
    mutating func run() async throws {
        var failure: (any Error)?
        while failure == nil, !self.isOver || self.writing != nil {
            // Whoever sends faster than the disk writes waits outside.
            let isFull = self.draft.replies.count >= Inbox.mostWaiting
            let batch = await self.inbox.next(
                limit: self.engine.configuration.largestBatch,
                least: self.writing == nil ? 1 : Self.leastWhileWriting,
                onlyStored: isFull
            )
            do {
                try self.turn(batch)
            } catch {
                failure = error
                for envelope in batch.control { envelope.reply?(.failure(error)) }
            }
        }
        await self.windUp(failure)
        if let failure { throw failure }
    }

    // MARK: One turn

    private mutating func turn(_ batch: Inbox.Batch) throws {
        if let stored = batch.stored { try self.endWriting(stored) }
        let now = self.engine.clock.now()
        for envelope in batch.control { self.handle(envelope, now) }
        for result in batch.results { self.take(result, now) }
        guard self.writing == nil else { return self.draft.encode() }
        // What has come meanwhile goes with it: a write costs more than a result.
        for result in self.inbox.moreResults(limit: self.engine.configuration.largestBatch) { self.take(result, now) }
        // Once for each write, as it looks at all runs.
        self.grantSlots(now)
        self.write(now)
    }

    private mutating func handle(_ envelope: Inbox.Envelope, _ now: Timestamp) {
        guard let reply = envelope.reply else {
            // A wake: nobody waits for it.
            return (try? self.take(envelope.input, now)) ?? ()
        }
        let outcome: Result<CommandReply, any Error>
        if let (id, digest) = envelope.receipt, let known = self.receipts[id] {
            outcome = known.outcome(for: digest)
        } else {
            outcome = self.outcome(of: envelope.input, now)
            // Of what this engine does not carry, and of a name that another run has, nothing was decided.
            if let (id, digest) = envelope.receipt, !outcome.isUndecided {
                let receipt = Receipt(id: id, digest: digest, outcome: outcome)
                self.receipts.insert(receipt)
                self.draft.receipts.append(receipt)
            }
        }
        self.draft.replies.append(Draft.Reply(send: reply, outcome: outcome))
    }

    private mutating func outcome(
        of input: Inbox.Input,
        _ now: Timestamp
    ) -> Result<CommandReply, any Error> {
        let known = input.run.flatMap { self.runs[$0] }
        let (before, tasks) = (known?.run.head ?? input.shared, known?.run.tasks.count)
        do {
            try self.take(input, now)
        } catch {
            return .failure(error)
        }
        guard let id = input.run, let live = self.runs[id] else {
            return .success(CommandReply(run: input.run ?? RunID(""), position: .start, state: ""))
        }
        let head = live.run.head
        return .success(
            CommandReply(
                run: id,
                accepted: min(before.next, head),
                position: head,
                state: live.run.phase.word,
                added: tasks.map { live.run.plan.tasks[$0...].map(\.id) } ?? []
            )
        )
    }

    private mutating func take(_ input: Inbox.Input, _ now: Timestamp) throws {
        switch input {
        case .create(let beginning, let by):
            let seed = beginning.seed
            // Two callers may have found the name free.
            guard self.begun.begin(seed.run) else { throw MemoryJournal.exists(seed.run) }
            var out = Emission()
            let run = Run.create(seed, graph: beginning.graph, at: now, by: by, &out)
            self.carry(LiveRun(run, chain: ChunkWriter.Chain(createdAt: now), out: out))
            self.draft.contents.append(beginning.plan)
        case .begin(let run, let out, let chain, let contents):
            guard self.begun.begin(run.id) else { throw MemoryJournal.exists(run.id) }
            self.carry(LiveRun(run, chain: chain, out: out))
            self.draft.contents += contents
        case .adopt(let run, let chain, let staysPaused):
            // What was read may be old by now: a run that was carried here has gone on since, or has ended.
            if self.begun.begin(run.id) {
                self.engine.board.advance(run.id, to: run.head)
                self.carry(LiveRun(run, chain: chain))
                try self.put(.recovered(engine: self.engine.configuration.version), to: run.id, by: .engine, now)
            }
            if !staysPaused, case .paused? = self.runs[run.id]?.run.phase {
                try self.put(.resume, to: run.id, by: .engine, now)
            }
        case .command(let run, let wish, let by):
            guard let live = self.runs[run] else { throw Engine.notCarried(run) }
            let (command, contents) = try wish.resolved(in: live.run)
            self.draft.contents += contents
            try self.put(command, to: run, by: by, now)
        case .wake:
            self.alarm.rang()
            for run in self.runs.keys.sorted() where self.runs[run]?.run.nextWake.map({ $0 <= now }) ?? false {
                try self.put(.tick, to: run, by: .engine, now)
            }
        case .shutDown: self.isOver = true
        }
    }

    private mutating func carry(_ live: LiveRun) {
        self.runs[live.id] = live
        self.agents.join(live.id, live.run.plan)
        self.draft.touch(live)
    }

    private mutating func take(_ result: Inbox.Returned, _ now: Timestamp) {
        // A run that is gone needs no results.
        guard let live = self.runs[result.run] else { return }
        live.steps[result.key] = nil
        if !result.returned.contents.isEmpty { self.draft.contents += result.returned.contents }
        self.draft.touch(live)
        try? live.handle(.returned(result.key, result.returned.result), by: .engine, now)
    }

    mutating func put(
        _ command: Command,
        to run: RunID,
        by: Origin,
        _ now: Timestamp
    ) throws {
        guard let live = self.runs[run] else { throw Engine.unknown(run) }
        self.draft.touch(live)
        try live.handle(command, by: by, now)
    }
}

extension Result<CommandReply, any Error> {
    fileprivate var isUndecided: Bool {
        guard case .failure(let error as BatonError) = self else { return false }
        return error.code == .notCarried || error.code == .runExists
    }
}
