package import BatonCore

/// A run that is changed without an engine: commands and virtual time, each turn appended before the next.
///
/// The caller holds the lock of the data folder.
package struct OfflineRun: Sendable {
    private var time: VirtualTime
    private var chain: ChunkWriter.Chain
    private let journal: any Journal
    private let clock: any EngineClock

    package var run: Run { self.time.run }

    /// Begins a rehearsal.
    package static func rehearse(
        _ plan: Plan,
        _ options: Engine.StartOptions,
        journal: any Journal,
        clock: any EngineClock
    ) async throws -> OfflineRun {
        let begin = try await RunBeginning.make(plan, options, mode: .rehearsal, journal: journal, clock: clock)
        // Virtual time begins where the plan's own does, so that the same plan and seed give the same bytes.
        let start = plan.scheduling.startDate?.projectTimestamp ?? Timestamp(microseconds: 1_704_067_200_000_000)
        var out = Emission()
        let run = Run.create(
            begin.seed,
            graph: begin.graph,
            at: start,
            by: options.by.map { .person($0) } ?? .engine,
            &out
        )
        var offline = OfflineRun(
            run: run,
            chain: ChunkWriter.Chain(createdAt: clock.now()),
            journal: journal,
            clock: clock
        )
        try await offline.append(out.facts, contents: [begin.plan])
        return offline
    }

    /// Opens a run as it stands.
    package static func open(_ run: RunID, journal: any Journal, clock: any EngineClock) async throws -> OfflineRun {
        guard let head = try await journal.head(of: run) else { throw Engine.unknown(run) }
        let (folded, hash) = try await JournalReader(journal).fold(run)
        return OfflineRun(
            run: folded,
            chain: ChunkWriter.Chain(behind: head, hash: hash),
            journal: journal,
            clock: clock
        )
    }

    private init(run: Run, chain: ChunkWriter.Chain, journal: any Journal, clock: any EngineClock) {
        self.time = VirtualTime(run)
        self.chain = chain
        self.journal = journal
        self.clock = clock
    }

    /// Answers a question and stores that; the same key asked again is told the same.
    package static func answer(
        _ wish: Wish,
        to run: RunID,
        by caller: Caller,
        journal: any Journal,
        clock: any EngineClock
    ) async throws -> CommandReply {
        let receipt = try caller.receipt(for: run, wish.json)
        if let receipt, let known = try await journal.told(receipt) { return known }
        var offline = try await Self.open(run, journal: journal, clock: clock)
        let facts: [Recorded]
        let contents: [StoredContent]
        do {
            let (command, stored) = try wish.resolved(in: offline.run)
            contents = stored
            // A rehearsal stays in its own time.
            if offline.run.seed.mode == .real { offline.time.move(to: clock.now()) }
            facts = try offline.time.handle(command, by: .person(caller.by))
        } catch {
            throw BatonError(error)
        }
        let reply = CommandReply(
            run: run,
            accepted: facts.first?.position,
            position: offline.run.head,
            state: offline.run.phase.word
        )
        let receipts = receipt.map { [Receipt(id: $0.id, digest: $0.digest, outcome: .success(reply))] } ?? []
        try await offline.append(facts, contents: contents, receipts: receipts)
        return reply
    }

    private static let factsOfOneWrite = 256

    /// Plays the run in virtual time until it ends or waits for a person.
    ///
    /// - Parameters:
    ///   - mayGoOn: asked before each moment; false leaves the run where it is.
    ///   - report: gets facts once they are durable.
    package mutating func play(
        isResumed: Bool,
        while mayGoOn: () -> Bool = { true },
        report: ([Recorded]) -> Void
    ) async throws {
        do {
            if isResumed {
                try await self.keep(try self.time.handle(.recovered(engine: Baton.version), by: .engine), report)
            }
            // Nothing acts on what is played, so many moments share one write: after a crash they are played again, alike.
            var held: [Recorded] = []
            while mayGoOn(), let facts = try self.time.step() {
                held += facts
                guard held.count >= Self.factsOfOneWrite else { continue }
                try await self.keep(held, report)
                held = []
            }
            try await self.keep(held, report)
        } catch let refusal as Refusal {
            throw BatonError(refusal)
        }
    }

    private mutating func keep(_ facts: [Recorded], _ report: ([Recorded]) -> Void) async throws {
        try await self.append(facts, contents: [])
        report(facts)
    }

    private mutating func append(
        _ facts: [Recorded],
        contents: [StoredContent],
        receipts: [Receipt] = []
    ) async throws {
        guard !facts.isEmpty else { return }
        let (chunk, head) = ChunkWriter.chunk(
            of: facts,
            run: self.time.run,
            chain: &self.chain,
            wallClock: self.clock.now()
        )
        var batch = JournalBatch()
        batch.chunks = [chunk]
        batch.heads = [head]
        (batch.contents, batch.receipts) = (contents, receipts)
        try await self.journal.append(batch)
    }
}
