import BatonCore

/// The one writer of all runs: batch, handle, append once, release.
///
/// Nothing leaves before it is durable.
struct EngineLoop {
    // A class, so that looking a run up copies nothing; only the loop ever holds one.
    private final class Live {
        let id: RunID
        var run: Run
        /// One reference for all orders of the run.
        var plan: PlanBox
        var chain: ChunkWriter.Chain
        /// What this batch has brought so far.
        var out = Emission()
        /// What is being performed.
        var steps: [StepKey: Task<Void, Never>] = [:]

        init(_ run: Run, chain: ChunkWriter.Chain, out: Emission = Emission()) {
            self.id = run.id
            self.run = run
            self.plan = PlanBox(run.plan)
            self.chain = chain
            self.out = out
        }

        func handle(_ command: Command, by: Origin, _ now: Timestamp) throws(Refusal) {
            try self.run.handle(command, at: now, by: by, &self.out)
            switch command {
            case .add, .edit, .reprioritize, .fork: self.plan = PlanBox(self.run.plan)
            case .returned, .slots, .shares, .tick, .recovered, .answer, .pause, .resume, .cancel, .skip, .retry,
                .steer:
                break
            }
        }
    }

    /// What a batch brings, held back until it is on disk.
    private struct Draft {
        var contents: [StoredContent] = []
        var replies: [(@Sendable (Result<CommandReply, any Error>) -> Void, Result<CommandReply, any Error>)] = []
        var receipts: [Receipt] = []
        var touched: [RunID] = []
    }

    private let engine: Engine
    private let inbox: Inbox
    private let runner: StepRunner
    private var runs: [RunID: Live] = [:]
    // What is still being performed for runs that are not here any more.
    private var orphans: [Task<Void, Never>] = []
    private var begun: Set<RunID> = []
    private var agents = SharedAgents()
    // Runs that were told a share other than their plan's own.
    private var sharing: Set<RunID> = []
    private var turns = 0
    private var receipts = RecentReceipts()
    private var alarm: Alarm
    private var isOver = false

    init(_ engine: Engine, inbox: Inbox) {
        self.engine = engine
        self.inbox = inbox
        self.runner = StepRunner(
            performers: engine.performers,
            live: engine.live,
            reader: JournalReader(engine.journal)
        )
        self.alarm = Alarm(clock: engine.clock, inbox: inbox)
    }

    /// Runs until told to shut down, or until the journal takes no more.
    mutating func run() async throws {
        var failure: (any Error)?
        while !self.isOver, failure == nil {
            let batch = await self.inbox.next(limit: self.engine.configuration.largestBatch)
            do {
                try await self.turn(batch)
            } catch {
                failure = error
            }
        }
        await self.windUp(failure)
        if let failure { throw failure }
    }

    // MARK: One turn

    private mutating func turn(_ batch: Inbox.Batch) async throws {
        let now = self.engine.clock.now()
        var draft = Draft()
        for envelope in batch.control { self.handle(envelope, now, &draft) }
        for result in batch.results { self.take(result, now, &draft) }
        self.grantSlots(now, &draft)
        do {
            try await self.append(&draft, now)
        } catch {
            // The state in memory is ahead of the disk: drop it, and never try the sync again.
            for live in self.runs.values { self.orphans += live.steps.values }
            self.runs = [:]
            for (reply, _) in draft.replies { reply(.failure(error)) }
            throw error
        }
        self.release(draft)
    }

    private mutating func handle(_ envelope: Inbox.Envelope, _ now: Timestamp, _ draft: inout Draft) {
        guard let reply = envelope.reply else {
            // A wake: nobody waits for it.
            return (try? self.take(envelope.input, now, &draft)) ?? ()
        }
        let outcome: Result<CommandReply, any Error>
        if let (id, digest) = envelope.receipt, let known = self.receipts[id] {
            outcome = known.outcome(for: digest)
        } else {
            outcome = self.outcome(of: envelope.input, now, &draft)
            // Of what this engine does not carry, and of a name that another run has, nothing was decided.
            if let (id, digest) = envelope.receipt, !outcome.isUndecided {
                let receipt = Receipt(id: id, digest: digest, outcome: outcome)
                self.receipts.insert(receipt)
                draft.receipts.append(receipt)
            }
        }
        draft.replies.append((reply, outcome))
    }

    private mutating func outcome(
        of input: Inbox.Input,
        _ now: Timestamp,
        _ draft: inout Draft
    ) -> Result<CommandReply, any Error> {
        let before = input.run.flatMap { self.runs[$0]?.run.head } ?? .start
        do {
            try self.take(input, now, &draft)
        } catch {
            return .failure(error)
        }
        guard let id = input.run, let live = self.runs[id] else {
            return .success(CommandReply(run: input.run ?? RunID(""), position: .start, state: ""))
        }
        let head = live.run.head
        return .success(
            CommandReply(run: id, accepted: min(before.next, head), position: head, state: live.run.phase.word)
        )
    }

    private mutating func take(_ input: Inbox.Input, _ now: Timestamp, _ draft: inout Draft) throws {
        switch input {
        case .create(let seed, let plan, let by):
            // Two callers may have found the name free.
            guard self.begun.insert(seed.run).inserted else { throw MemoryJournal.exists(seed.run) }
            var out = Emission()
            let run = Run.create(seed, at: now, by: by, &out)
            self.runs[seed.run] = Live(run, chain: ChunkWriter.Chain(createdAt: now), out: out)
            self.agents.join(seed.run, run.plan)
            draft.contents.append(plan)
            draft.touched.append(seed.run)
        case .begin(let run, let out, let chain, let contents):
            guard self.begun.insert(run.id).inserted else { throw MemoryJournal.exists(run.id) }
            self.runs[run.id] = Live(run, chain: chain, out: out)
            self.agents.join(run.id, run.plan)
            draft.contents += contents
            draft.touched.append(run.id)
        case .adopt(let run, let chain, let staysPaused):
            guard self.runs[run.id] == nil else { return }
            self.runs[run.id] = Live(run, chain: chain)
            self.agents.join(run.id, run.plan)
            try self.put(.recovered(engine: self.engine.configuration.version), to: run.id, by: .engine, now, &draft)
            if !staysPaused, case .paused = run.phase { try self.put(.resume, to: run.id, by: .engine, now, &draft) }
        case .command(let run, let wish, let by):
            guard let live = self.runs[run] else { throw Engine.notCarried(run) }
            let (command, contents) = try wish.resolved(in: live.run)
            draft.contents += contents
            try self.put(command, to: run, by: by, now, &draft)
        case .wake:
            self.alarm.rang()
            for (run, live) in self.runs where live.run.nextWake ?? now <= now && live.run.nextWake != nil {
                draft.touched.append(run)
            }
            for run in draft.touched.sorted() { try self.put(.tick, to: run, by: .engine, now, &draft) }
        case .shutDown: self.isOver = true
        }
    }

    private mutating func take(_ result: Inbox.Returned, _ now: Timestamp, _ draft: inout Draft) {
        // A run that is gone needs no results.
        guard let live = self.runs[result.run] else { return }
        live.steps[result.key] = nil
        if !result.returned.contents.isEmpty { draft.contents += result.returned.contents }
        if draft.touched.last != result.run { draft.touched.append(result.run) }
        try? live.handle(.returned(result.key, result.returned.result), by: .engine, now)
    }

    private mutating func put(
        _ command: Command,
        to run: RunID,
        by: Origin,
        _ now: Timestamp,
        _ draft: inout Draft
    ) throws {
        guard let live = self.runs[run] else { throw Engine.unknown(run) }
        if draft.touched.last != run { draft.touched.append(run) }
        try live.handle(command, by: by, now)
    }

    // MARK: Capacity

    private mutating func grantSlots(_ now: Timestamp, _ draft: inout Draft) {
        guard !self.isOver, !draft.touched.isEmpty else { return }
        self.turns &+= 1
        var order = self.runs.keys.sorted()
        // What cannot be divided goes to another run each time.
        if order.count > 1 {
            order = Array(order[(self.turns % order.count)...] + order[..<(self.turns % order.count)])
        }
        let wanted = order.map { self.runs[$0]?.run.wantedSlots ?? 0 }
        let held = order.map { self.runs[$0]?.run.counts.inHand ?? 0 }
        let grants = FairShare.grants(of: self.engine.configuration.slots, held: held, wanted: wanted)
        self.tellShares(self.shares(), now, &draft)
        for (run, grant) in zip(order, grants) { self.dispatch(grant, to: run, now, &draft) }
        guard !self.agents.isEmpty else { return }
        // A run may have been given what it could not use.
        let slots = Dictionary(zip(order, grants), uniquingKeysWith: { $1 })
        for run in self.agents.runs where self.mayUseMore(run, of: slots[run] ?? 0) {
            self.tellShares(self.shares(offering: run), now, &draft)
            self.dispatch(slots[run] ?? 0, to: run, now, &draft)
        }
        self.noteServed()
    }

    // Without a slot left an offer helps nobody, and reckoning one looks at all runs.
    private func mayUseMore(_ run: RunID, of slots: Int) -> Bool {
        guard let live = self.runs[run] else { return false }
        return live.run.counts.ready > 0 && live.run.counts.inHand < slots
    }

    private mutating func dispatch(_ slots: Int, to run: RunID, _ now: Timestamp, _ draft: inout Draft) {
        guard self.runs[run]?.run.counts.ready ?? 0 > 0 else { return }
        // Refused only by a damaged run, and those are not adopted.
        try? self.put(.slots(slots), to: run, by: .engine, now, &draft)
    }

    // An agent of several runs is one: together they never have more in hand of it than it can take.
    private mutating func tellShares(_ shares: [RunID: [AgentIndex: Int]], _ now: Timestamp, _ draft: inout Draft) {
        guard !shares.isEmpty || !self.sharing.isEmpty else { return }
        for run in self.sharing.union(shares.keys).sorted() {
            try? self.put(.shares(shares[run] ?? [:]), to: run, by: .engine, now, &draft)
        }
        self.sharing = Set(shares.keys)
    }

    private func shares(offering run: RunID? = nil) -> [RunID: [AgentIndex: Int]] {
        self.agents.isEmpty ? [:] : self.agents.shares(of: { self.runs[$0]?.run }, offering: run)
    }

    private mutating func noteServed() {
        let runs = self.runs
        self.agents.noteServed { runs[$0]?.run }
    }

    // MARK: The journal

    private mutating func append(_ draft: inout Draft, _ now: Timestamp) async throws {
        var batch = JournalBatch()
        var parts: [HeadBoard.Part] = []
        for run in draft.touched {
            guard let (chunk, head, facts) = self.chunk(of: run, now) else { continue }
            batch.chunks.append(chunk)
            batch.heads.append(head)
            parts.append(HeadBoard.Part(first: chunk.first, last: chunk.last, hash: chunk.hash, facts: facts))
        }
        batch.receipts = draft.receipts
        guard !batch.chunks.isEmpty || !batch.receipts.isEmpty else { return }
        batch.contents = draft.contents
        try await self.engine.journal.append(batch)
        for (chunk, part) in zip(batch.chunks, parts) {
            self.engine.board.advance(chunk.run, to: chunk.last, with: part)
        }
    }

    // The facts of a run since the last append; nil if there are none.
    private mutating func chunk(of run: RunID, _ now: Timestamp) -> (Chunk, RunHead, [Recorded])? {
        guard let live = self.runs[run], !live.out.facts.isEmpty else { return nil }
        let facts = live.out.facts
        live.out.facts = []
        live.out.facts.reserveCapacity(facts.count)
        let (chunk, head) = ChunkWriter.chunk(of: facts, run: live.run, chain: &live.chain, wallClock: now)
        return (chunk, head, facts)
    }

    // MARK: Release

    private mutating func release(_ draft: Draft) {
        // First: stopping a thousand steps takes longer than saying that it was decided.
        for (reply, outcome) in draft.replies { reply(outcome) }
        for run in draft.touched {
            guard let live = self.runs[run] else { continue }
            let changes = live.out.changes
            live.out.changes = Changes()
            for key in changes.started { self.start(key, of: live) }
            for key in changes.stopped { live.steps[key]?.cancel() }
        }
        for run in draft.touched {
            guard let live = self.runs[run], live.run.isEnded else { continue }
            self.orphans += live.steps.values
            self.runs[run] = nil
            self.agents.leave(run, live.run.plan)
            self.sharing.remove(run)
            self.engine.board.end(live.run)
        }
        // An alarm that has rung knows nothing any more of the runs that were not touched.
        let candidates = self.alarm.isArmed ? draft.touched : Array(self.runs.keys)
        self.alarm.ring(by: candidates.compactMap { self.runs[$0]?.run.nextWake }.min())
    }

    private func start(_ key: StepKey, of live: Live) {
        // A step may have been authorised and taken back within one batch.
        guard live.run.owed[key] != nil, case .running(let attempt) = live.run.tasks[key.task.offset].state else {
            self.confirmNeverStarted(key, of: live)
            return
        }
        let run = live.id
        let order = StepRunner.Order(
            run: run,
            key: key,
            plan: live.plan,
            assignment: attempt.assignment,
            needed: Self.needed(by: key.task, live.run.tasks, live.run.graph.dependencies),
            directives: live.run.directives.isEmpty
                ? [] : live.run.directives(for: key.task, attempt.assignment).map(\.text)
        )
        let (runner, inbox) = (self.runner, self.inbox)
        // Unstructured: one step must be stopped without the others. `windUp` waits for every one of these.
        live.steps[key] = Task {
            inbox.put(Inbox.Returned(run: run, key: key, returned: await runner.carry(order)))
        }
    }

    // Stopping wants a confirmation, also of what was never begun.
    private func confirmNeverStarted(_ key: StepKey, of live: Live) {
        guard live.run.stopping[key] != nil else { return }
        let returned = StepRunner.Return(result: .stopped(.none), contents: [])
        self.inbox.put(Inbox.Returned(run: live.id, key: key, returned: returned))
    }

    private static func needed(
        by task: TaskIndex,
        _ tasks: [TaskRecord],
        _ dependencies: PlanGraph.Rows
    ) -> [StepRunner.Needed] {
        dependencies[task].map { offset in
            let index = TaskIndex(Int(offset))
            switch tasks[index.offset].state {
            case .ended(.completed(let content)):
                return StepRunner.Needed(task: index, output: content, shortfall: nil)
            case .ended(let end): return StepRunner.Needed(task: index, output: nil, shortfall: end.shortfall)
            case .waiting, .scheduled, .ready, .running, .stopping, .resting, .blocked:
                return StepRunner.Needed(task: index, output: nil, shortfall: nil)
            }
        }
    }

    // MARK: The end

    // Stops what runs and waits for the last of it. Nothing of that is journaled: the next engine decides what became of it.
    private mutating func windUp(_ failure: (any Error)?) async {
        let left = self.inbox.close()
        let steps = self.orphans + self.runs.values.flatMap(\.steps.values)
        for step in steps { step.cancel() }
        for step in steps { await step.value }
        await self.alarm.stop()
        for envelope in left { envelope.reply?(.failure(failure ?? Engine.stopped)) }
        self.engine.board.close()
    }
}

extension TaskEnd {
    fileprivate var shortfall: String? {
        switch self {
        case .completed: nil
        case .failed(let failure): "failed: \(failure.message)"
        case .skipped: "skipped"
        case .cancelled: "cancelled"
        }
    }
}

extension Result<CommandReply, any Error> {
    fileprivate var isUndecided: Bool {
        guard case .failure(let error as BatonError) = self else { return false }
        return error.code == .notCarried || error.code == .runExists
    }
}
