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

    /// The chunk of these facts, the first of which follows the chain, and the head after it.
    package static func chunk(
        of facts: [Recorded],
        run: Run,
        chain: inout Chain,
        wallClock: Timestamp
    ) -> (Chunk, RunHead) {
        var writer = JSONWriter(reserving: facts.count * 128)
        for fact in facts { EventCodec.write(fact, to: &writer) }
        let first = facts.first?.position ?? run.head
        let hash = HashChain.link(
            previous: chain.hash,
            run: run.id,
            first: first,
            count: facts.count,
            lines: writer.bytes
        )
        let chunk = Chunk(
            run: run.id,
            first: first,
            count: facts.count,
            previous: chain.hash,
            hash: hash,
            lines: writer.bytes
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
            totalTasks: run.counts.total,
            endedTasks: run.counts.ended,
            openQuestions: run.questions.count,
            createdAt: chain.createdAt,
            updatedAt: wallClock,
            position: run.head,
            hash: chain.hash,
            origin: chain.origin
        )
    }
}
