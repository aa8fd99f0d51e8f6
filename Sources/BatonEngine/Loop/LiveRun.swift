import BatonCore

/// A run that this engine carries: a class, so that looking it up copies nothing; only the loop ever holds one.
final class LiveRun {
    let id: RunID
    var run: Run
    /// One reference for all orders of the run.
    private(set) var plan: PlanBox
    var chain: ChunkWriter.Chain
    /// What has been decided and is not encoded yet.
    private var out: Emission
    /// What has been decided and is not being written yet.
    private var lines = ChunkWriter.Draft()
    /// What is being performed.
    var steps: [StepKey: StepRunner.Order] = [:]
    /// Whether it is among the runs of the draft.
    var isTouched = false

    init(_ run: Run, chain: ChunkWriter.Chain, out: Emission = Emission()) {
        self.id = run.id
        self.run = run
        self.plan = Self.box(run)
        self.chain = chain
        self.out = out
    }

    func handle(_ command: Command, by: Origin, _ now: Timestamp) throws(Refusal) {
        let revision = self.run.planRevision
        try self.run.handle(command, at: now, by: by, &self.out)
        if self.run.planRevision != revision { self.plan = Self.box(self.run) }
    }

    private static func box(_ run: Run) -> PlanBox {
        PlanBox(run.plan, of: run.id, run.seed.prices, seed: run.seed.seed)
    }

    /// Encodes what has been decided since the last time.
    func encode() {
        guard !self.out.facts.isEmpty else { return }
        self.lines.take(&self.out.facts)
    }

    /// What has been decided since the last write, as one chunk; nil if that is nothing.
    func chunk(_ now: Timestamp) -> (Chunk, RunHead, HeadBoard.Part)? {
        self.encode()
        guard !self.lines.facts.isEmpty else { return nil }
        let lines = self.lines
        self.lines = ChunkWriter.Draft()
        let (chunk, head) = ChunkWriter.chunk(of: lines, run: self.run, chain: &self.chain, wallClock: now)
        return (chunk, head, HeadBoard.Part(first: chunk.first, last: chunk.last, hash: chunk.hash, facts: lines.facts))
    }

    /// What is to be begun and stopped since the last write.
    func takeChanges() -> Changes {
        defer { self.out.changes = Changes() }
        return self.out.changes
    }
}
