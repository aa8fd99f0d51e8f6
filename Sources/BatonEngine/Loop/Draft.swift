import BatonCore

/// What has been decided and is not being written yet.
struct Draft {
    var contents: [StoredContent] = []
    var replies: [Reply] = []
    var receipts: [Receipt] = []
    private(set) var touched: [LiveRun] = []

    /// Somebody who waits to hear what was decided, once it is on disk.
    struct Reply {
        let send: @Sendable (Result<CommandReply, any Error>) -> Void
        let outcome: Result<CommandReply, any Error>
    }

    mutating func touch(_ live: LiveRun) {
        guard !live.isTouched else { return }
        live.isTouched = true
        self.touched.append(live)
    }

    func encode() {
        for live in self.touched { live.encode() }
    }
}

/// A draft that is being written, and what follows once it is on disk.
struct Writing {
    /// What follows for one run.
    struct Effects {
        let live: LiveRun
        /// With the order as it was decided, whatever is decided until it is on disk.
        let started: [(key: StepKey, order: StepRunner.Order?)]
        let stopped: [StepKey]
        var part: HeadBoard.Part?
        let isEnded: Bool
    }

    let replies: [Draft.Reply]
    var effects: [Effects]

    /// Takes everything out of a draft: what the journal has to store, which may be nothing, and what follows.
    static func take(_ draft: inout Draft, _ now: Timestamp, store: (JournalBatch) -> Void) -> Writing {
        var batch = JournalBatch()
        var parts: [HeadBoard.Part?] = []
        for live in draft.touched {
            live.isTouched = false
            let written = live.chunk(now)
            parts.append(written?.2)
            guard let (chunk, head, _) = written else { continue }
            batch.chunks.append(chunk)
            batch.heads.append(head)
        }
        (batch.receipts, batch.contents) = (draft.receipts, draft.contents)
        // First: the journal writes while the orders are made.
        store(batch)
        let effects = zip(draft.touched, parts).map { live, part in
            let changes = live.takeChanges()
            return Effects(
                live: live,
                started: changes.started.map { ($0, live.order(of: $0)) },
                stopped: changes.stopped,
                part: part,
                isEnded: live.run.isEnded
            )
        }
        defer { draft = Draft() }
        return Writing(replies: draft.replies, effects: effects)
    }
}
