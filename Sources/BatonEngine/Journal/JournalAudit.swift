package import BatonCore

/// Looks at whole runs of a journal and says all that is wrong, where a reader stops at the first.
package struct JournalAudit: Sendable {
    /// What one run was found to be.
    package struct Finding: Sendable {
        /// What is wrong; empty for a whole run.
        package fileprivate(set) var faults: [BatonError] = []
        /// How many events were read.
        package fileprivate(set) var events: Int64 = 0
        /// The time of its last event.
        package fileprivate(set) var last: Timestamp?
    }

    /// The contents that the runs looked at so far name.
    package private(set) var named: Set<Digest> = []
    private let journal: any Journal

    package init(_ journal: any Journal) { self.journal = journal }

    /// Reads a run from its first event to its head: chain, events, contents, and what the list of runs says of it.
    ///
    /// - Throws: only what is no fault of the run, such as a disk that does not answer.
    package mutating func look(at run: RunID) async throws -> Finding {
        var finding = Finding()
        let reader = JournalReader(self.journal)
        var cursor = JournalReader.Cursor(run: run)
        var folded: Run?
        do {
            while true {
                let facts = try await reader.next(&cursor)
                guard !facts.isEmpty else { break }
                folded = Self.fold(facts, onto: folded)
                finding.events += Int64(facts.count)
                finding.last = facts.last?.at
                finding.faults += try await self.contentFaults(of: facts, run)
            }
            try await reader.checkHead(cursor)
            if let folded { finding.faults += try await self.headFaults(of: folded) }
        } catch let error as BatonError where error.code != .journalUnavailable {
            finding.faults.append(error)
        }
        return finding
    }

    private static func fold(_ facts: [Recorded], onto run: Run?) -> Run? {
        var run = run
        var changes = Changes()
        for fact in facts {
            if run == nil { run = Run(fact) } else { run?.apply(fact, &changes) }
        }
        return run
    }

    // MARK: Contents

    private mutating func contentFaults(of facts: [Recorded], _ run: RunID) async throws -> [BatonError] {
        var wanted: [(digest: Digest, position: Position)] = []
        for fact in facts {
            for digest in fact.event.storedContents where self.named.insert(digest).inserted {
                wanted.append((digest, fact.position))
            }
        }
        guard !wanted.isEmpty else { return [] }
        let found = try await self.journal.contents(wanted.map(\.digest))
        return wanted.compactMap { digest, position in
            guard let bytes = found[digest] else {
                return Self.corrupt(run, "the content \(digest), which event \(position.value) names, is missing")
            }
            guard HashChain.digest(of: bytes) == digest else {
                return Self.corrupt(run, "the content \(digest), which event \(position.value) names, was changed")
            }
            return nil
        }
    }

    // MARK: The head

    private func headFaults(of run: Run) async throws -> [BatonError] {
        if let damage = run.damage {
            return [Self.corrupt(run.id, "event \(damage.value) does not fit those before it")]
        }
        // A run that has gone on since is compared the next time.
        guard let head = try await self.journal.head(of: run.id), head.position == run.head else { return [] }
        let claims: [(String, Bool)] = [
            ("title", head.title == run.plan.title), ("state", head.state == run.phase.word),
            ("end", head.isEnded == run.isEnded), ("mode", head.isRehearsal == (run.seed.mode == .rehearsal)),
            ("number of tasks", head.totalTasks == run.counts.shown.total),
            ("number of ended tasks", head.endedTasks == run.counts.shown.ended),
            ("number of open questions", head.openQuestions == run.questions.count),
        ]
        return claims.filter { !$0.1 }.map {
            Self.corrupt(run.id, "the list of runs says otherwise than its events: its \($0.0)")
        }
    }

    private static func corrupt(_ run: RunID, _ why: String) -> BatonError {
        BatonError(
            .journalCorrupt,
            "run \(run): \(why)",
            remedy: "restore the data folder from a copy; other runs are not touched by this"
        )
    }
}

extension Event {
    /// The hashes of contents that the event names.
    fileprivate var storedContents: [Digest] {
        switch self {
        case .created(let seed), .forked(let seed, _, _): [seed.stored]
        case .stepReturned(_, .done(let content, _)), .taskEnded(_, .completed(let content)):
            content.digest.map { [$0] } ?? []
        case .stepReturned(_, .replied(let reply, _)):
            ([reply.text, reply.output] + reply.calls.map(\.input)).compactMap(\.digest)
        case .stepReturned(_, .offered(let catalogue)): catalogue.content.digest.map { [$0] } ?? []
        case .answered(_, let answer): answer.content.digest.map { [$0] } ?? []
        case .steered(let directive): directive.text.digest.map { [$0] } ?? []
        case .stepReturned, .taskEnded, .recovered, .attemptStarted, .stepOwed, .stopRequested, .stepLost, .staleResult,
            .attemptHeld,
            .taskRested, .taskFellBack, .taskReady, .asked, .paused, .resumed, .stopping, .ended, .tasksAdded,
            .delegated,
            .taskEdited,
            .taskReprioritized, .tasksReset:
            []
        }
    }
}

extension Content {
    fileprivate var digest: Digest? {
        if case .stored(let digest, _) = self { return digest }
        return nil
    }
}
