package import BatonCore

/// A run with all that it needs, as one file holds it: the runs it was forked from, their chunks, and what these name.
package struct RunArchive: Sendable {
    /// One run with its own chunks.
    package struct Member: Sendable {
        package let head: RunHead
        package var chunks: [Chunk]

        package init(head: RunHead, chunks: [Chunk]) {
            self.head = head
            self.chunks = chunks
        }
    }

    /// Older readers refuse a newer format by name; in the first one each event had a line of its own.
    static let format: Int64 = 2

    /// Each behind the one it was forked from; the run itself is the last.
    package let members: [Member]
    package let contents: [StoredContent]

    package init(members: [Member], contents: [StoredContent]) {
        self.members = members
        self.contents = contents
    }

    /// The run that the archive is of.
    package var head: RunHead { self.members[self.members.count - 1].head }
    package var runs: [RunID] { self.members.map(\.head.run) }
    package var events: Int { self.members.reduce(0) { $0 + $1.chunks.reduce(0) { $0 + $1.count } } }

    /// Takes a run out of a journal, as it stands at this moment.
    ///
    /// - Throws: ``BatonError``: there is no such run, or it is not what was written.
    package static func of(_ run: RunID, in journal: any Journal) async throws -> RunArchive {
        var members: [Member] = []
        var wanted: RunID? = run
        while let id = wanted {
            guard let head = try await journal.head(of: id) else { throw Engine.unknown(id) }
            guard members.count <= JournalReader.mostForks else { throw Self.endless(run) }
            members.append(Member(head: head, chunks: try await Self.chunks(behind: head, journal)))
            wanted = head.origin?.run
        }
        members.reverse()
        var audit = JournalAudit(journal)
        for member in members {
            if let fault = try await audit.look(at: member.head.run).faults.first { throw fault }
        }
        let contents = try await Self.contents(audit.named, journal)
        let whole = RunArchive(members: members, contents: contents)
        // A run that has gone on since its head was read may name more by now.
        let named = try await whole.check()
        return RunArchive(members: members, contents: contents.filter { named.contains($0.digest) })
    }

    // A writer may go on meanwhile: only what is before the head belongs to it.
    private static func chunks(behind head: RunHead, _ journal: any Journal) async throws -> [Chunk] {
        var chunks: [Chunk] = []
        while true {
            let next = try await journal.chunks(of: head.run, after: chunks.last?.last ?? .start, limit: 256)
            let own = next.filter { $0.last <= head.position }
            chunks += own
            guard !next.isEmpty, own.count == next.count else { return chunks }
        }
    }

    private static func contents(_ named: Set<Digest>, _ journal: any Journal) async throws -> [StoredContent] {
        // In an order that the same run always has.
        let digests = named.sorted { $0.description < $1.description }
        var contents: [StoredContent] = []
        for start in stride(from: 0, to: digests.count, by: 256) {
            let part = digests[start..<min(start + 256, digests.count)]
            let found = try await journal.contents(Array(part))
            contents += part.compactMap { digest in
                found[digest].map { StoredContent(digest: digest, bytes: $0) }
            }
        }
        return contents
    }

    private static func endless(_ run: RunID) -> BatonError {
        BatonError(
            .journalCorrupt,
            "run \(run): over \(JournalReader.mostForks) forks lead to it",
            remedy: "see what is wrong: baton doctor"
        )
    }
}

extension RunArchive {
    /// Folds every run in memory and looks at all that a journal would be asked: chain, events, contents, heads.
    ///
    /// - Returns: the contents that the events name.
    /// - Throws: the first fault.
    @discardableResult
    func check() async throws -> Set<Digest> {
        let memory = MemoryJournal()
        try await memory.append(self.batch(of: self.members))
        var audit = JournalAudit(memory)
        for member in self.members {
            if let fault = try await audit.look(at: member.head.run).faults.first { throw fault }
        }
        return audit.named
    }

    /// What is stored of some of the runs, in one transaction.
    func batch(of members: [Member]) -> JournalBatch {
        var batch = JournalBatch()
        batch.chunks = members.flatMap(\.chunks)
        batch.heads = members.map(\.head)
        batch.contents = self.contents
        return batch
    }
}
