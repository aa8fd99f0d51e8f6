package import BatonCore

/// Makes chunks of facts and keeps the chain of each run.
package struct ChunkWriter: Sendable {
    /// A run's place in its chain, and what its head repeats.
    package struct Chain: Sendable {
        package let createdAt: Timestamp
        fileprivate var hash: Digest
        package let origin: ForkOrigin?

        package init(createdAt: Timestamp, hash: Digest = .zero, origin: ForkOrigin? = nil) {
            self.createdAt = createdAt
            self.hash = hash
            self.origin = origin
        }

        /// Goes on where a run stands that was read.
        package init(behind head: RunHead, hash: Digest) {
            self.init(createdAt: head.createdAt, hash: hash, origin: head.origin)
        }
    }

    /// Facts of a run that are encoded as they come, until they are one chunk.
    package struct Draft: Sendable {
        package private(set) var facts: [Recorded] = []
        private var lines = JSONWriter(reserving: 0)
        private static let mostReserved = 1024

        package init() {}

        /// Takes the facts out of a list.
        package mutating func take(_ facts: inout [Recorded]) {
            if self.facts.isEmpty { self.lines = JSONWriter(reserving: facts.count * 64) }
            EventCodec.write(facts, to: &self.lines)
            // Most often all of them come at once: their list is taken over as it is.
            if self.facts.isEmpty { swap(&self.facts, &facts) } else { self.facts += facts }
            facts.removeAll(keepingCapacity: true)
            // The next will be about as many.
            facts.reserveCapacity(min(self.facts.count, Self.mostReserved))
        }

        fileprivate var bytes: [UInt8] { self.lines.bytes }
    }

    /// The chunk of these facts, the first of which follows the chain, and the head after it.
    package static func chunk(
        of facts: [Recorded],
        run: Run,
        chain: inout Chain,
        wallClock: Timestamp
    ) -> (Chunk, RunHead) {
        var (draft, facts) = (Draft(), facts)
        draft.take(&facts)
        return Self.chunk(of: draft, run: run, chain: &chain, wallClock: wallClock)
    }

    /// The same of facts that are encoded already.
    package static func chunk(
        of draft: Draft,
        run: Run,
        chain: inout Chain,
        wallClock: Timestamp
    ) -> (Chunk, RunHead) {
        let lines = draft.bytes
        let first = draft.facts.first?.position ?? run.head
        let hash = HashChain.link(
            previous: chain.hash,
            run: run.id,
            first: first,
            count: draft.facts.count,
            lines: lines
        )
        let chunk = Chunk(
            run: run.id,
            first: first,
            count: draft.facts.count,
            previous: chain.hash,
            hash: hash,
            lines: lines
        )
        chain.hash = hash
        return (chunk, Self.head(of: run, chain, wallClock))
    }

    private static func head(of run: Run, _ chain: Chain, _ wallClock: Timestamp) -> RunHead {
        RunHead(
            run: run.id,
            title: run.plan.title,
            state: run.phase.word,
            isEnded: run.isEnded,
            isRehearsal: run.seed.mode == .rehearsal,
            totalTasks: run.counts.shown.total,
            endedTasks: run.counts.shown.ended,
            openQuestions: run.questions.count,
            createdAt: chain.createdAt,
            updatedAt: wallClock,
            position: run.head,
            hash: chain.hash,
            origin: chain.origin
        )
    }
}
