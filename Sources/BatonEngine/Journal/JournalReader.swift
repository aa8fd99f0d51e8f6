package import BatonCore

/// Reads the facts of runs out of a journal and believes none of them before the chain has been checked.
package struct JournalReader: Sendable {
    private let journal: any Journal

    package init(_ journal: any Journal) { self.journal = journal }

    /// Facts in order with the chain state behind them, so that reading can go on from there.
    package struct Cursor: Sendable {
        package let run: RunID
        package fileprivate(set) var position = Position.start
        fileprivate var hash = Digest.zero
        // The run that this one was forked from, as far as it has been read; nil behind the fork.
        fileprivate var before: Prefix?
        fileprivate var isRooted = false
        // How many forks lead here.
        fileprivate var depth = 0

        fileprivate indirect enum Prefix: Sendable {
            case cursor(Cursor, until: ForkOrigin)
        }

        package init(run: RunID) { self.run = run }

        /// The hash of the last chunk that was read; before a fork that of the other run's.
        var chunkHash: Digest {
            if case .cursor(let other, _)? = self.before { return other.chunkHash }
            return self.hash
        }

        /// Goes on behind facts that were got elsewhere, with the hash of the chunk that holds the last of them.
        mutating func skip(to position: Position, hash: Digest) {
            self.position = position
            self.hash = hash
        }
    }

    /// The next facts behind the cursor; empty at the end.
    package func next(_ cursor: inout Cursor, limit: Int = 64) async throws -> [Recorded] {
        try await self.root(&cursor)
        if case .cursor(let other, let origin)? = cursor.before {
            return try await self.next(before: &cursor, other, origin, limit)
        }
        let chunks = try await self.journal.chunks(of: cursor.run, after: cursor.position, limit: limit)
        var facts: [Recorded] = []
        for chunk in chunks { facts += try await self.facts(of: chunk, &cursor) }
        return facts
    }

    private static let chunksAtOnce = 64

    // Forks of forks of forks.
    static let mostForks = 100

    // A fork begins with the events of another run.
    private func root(_ cursor: inout Cursor) async throws {
        guard !cursor.isRooted else { return }
        cursor.isRooted = true
        guard cursor.position == .start, let origin = try await self.journal.head(of: cursor.run)?.origin else {
            return
        }
        guard origin.position > .start, cursor.depth < Self.mostForks else {
            throw self.corrupt(
                cursor.run,
                "over \(Self.mostForks) forks lead to it, or it is said to be forked from itself"
            )
        }
        var other = Cursor(run: origin.run)
        other.depth = cursor.depth + 1
        cursor.before = .cursor(other, until: origin)
    }

    private func next(
        before cursor: inout Cursor,
        _ other: Cursor,
        _ origin: ForkOrigin,
        _ limit: Int
    ) async throws -> [Recorded] {
        var read = other
        var facts = try await self.next(&read, limit: limit)
        if read.position > origin.position, limit > 1 {
            // The chunk with the fork in it has to be the last one read: its hash is what the fork names.
            return try await self.next(before: &cursor, other, origin, 1)
        }
        guard !facts.isEmpty else {
            throw self.corrupt(
                cursor.run,
                "it was forked from run \(origin.run) at event \(origin.position.value), which is not there"
            )
        }
        if read.position >= origin.position {
            facts = facts.filter { $0.position <= origin.position }
            cursor.hash = HashChain.fork(from: origin, chunk: read.chunkHash)
            cursor.before = nil
        } else {
            cursor.before = .cursor(read, until: origin)
        }
        cursor.position = facts.last?.position ?? cursor.position
        guard cursor.before == nil else { return facts }
        // What ended there has not ended here: whoever reads this gets to see the fork with it.
        return facts + (try await self.next(&cursor, limit: limit))
    }

    /// All facts of a run.
    package func all(of run: RunID) async throws -> [Recorded] {
        var cursor = Cursor(run: run)
        var facts: [Recorded] = []
        while true {
            let next = try await self.next(&cursor)
            guard !next.isEmpty else { break }
            facts += next
        }
        try await self.checkHead(cursor)
        return facts
    }

    /// The plan that a run began with, read from its first chunk alone.
    package func plan(of run: RunID) async throws -> Plan {
        var cursor = Cursor(run: run)
        guard case .created(let seed)? = try await self.next(&cursor, limit: 1).first?.event else {
            throw self.corrupt(run, "it has no first event")
        }
        return seed.plan
    }

    /// Folds a run to where it stands, with the hash that its next chunk has to name.
    package func fold(_ run: RunID) async throws -> (run: Run, hash: Digest) {
        var cursor = Cursor(run: run)
        var folded: Run?
        var changes = Changes()
        try await self.root(&cursor)
        // What is before a fork is other runs' and comes in pieces of its own.
        while cursor.before != nil {
            for fact in try await self.next(&cursor) { Self.take(fact, &folded, &changes) }
            changes = Changes()
        }
        var chunks = try await self.journal.chunks(of: run, after: cursor.position, limit: Self.chunksAtOnce)
        while let last = chunks.last?.last {
            // The journal fetches what follows while this part is folded.
            async let following = self.journal.chunks(of: run, after: last, limit: Self.chunksAtOnce)
            for chunk in chunks {
                for fact in try await self.facts(of: chunk, &cursor) { Self.take(fact, &folded, &changes) }
                changes = Changes()
            }
            chunks = try await following
        }
        try await self.checkHead(cursor)
        guard let folded else { throw self.corrupt(run, "it has no first event") }
        if let head = try await self.journal.head(of: run), head.position == folded.head, head.isEnded != folded.isEnded
        {
            throw self.corrupt(run, "the list of runs says otherwise than its events whether it has ended")
        }
        if let damage = folded.damage { throw self.corrupt(run, "event \(damage.value) does not fit those before it") }
        return (folded, cursor.hash)
    }

    static func take(_ fact: Recorded, _ run: inout Run?, _ changes: inout Changes) {
        if run == nil { run = Run(fact) } else { run?.apply(fact, &changes) }
    }

    /// Checks the chain of a run from its first chunk to its head, without looking at the events.
    package func verify(_ run: RunID) async throws {
        var cursor = Cursor(run: run)
        try await self.root(&cursor)
        // What is before a fork is read whole: only so is the place of the fork in it known.
        while cursor.before != nil { _ = try await self.next(&cursor) }
        while true {
            let chunks = try await self.journal.chunks(of: run, after: cursor.position, limit: 64)
            guard !chunks.isEmpty else { break }
            for chunk in chunks {
                try self.check(chunk, follows: cursor)
                cursor.position = chunk.last
                cursor.hash = chunk.hash
            }
        }
        try await self.checkHead(cursor)
    }

    private func check(_ chunk: Chunk, follows cursor: Cursor) throws {
        guard chunk.first == cursor.position.next, chunk.previous == cursor.hash else {
            throw self.corrupt(chunk.run, "its chain breaks at event \(chunk.first.value)")
        }
        let hash = HashChain.link(
            previous: chunk.previous,
            run: chunk.run,
            first: chunk.first,
            count: chunk.count,
            lines: chunk.lines
        )
        guard hash == chunk.hash else {
            throw self.corrupt(chunk.run, "events \(chunk.first.value) to \(chunk.last.value) are not what was written")
        }
    }

    private func facts(of chunk: Chunk, _ cursor: inout Cursor) async throws -> [Recorded] {
        try self.check(chunk, follows: cursor)
        var lines = CommonEvents(chunk.lines)
        var facts: [Recorded] = []
        facts.reserveCapacity(min(chunk.count, chunk.lines.count))
        while !lines.isAtEnd {
            let position = facts.last?.position.next ?? chunk.first
            if let (first, second) = lines.next(position: position) {
                facts.append(first)
                if let second { facts.append(second) }
            } else {
                let line = lines.nextLine()
                guard !line.isEmpty else { continue }
                facts += try await self.facts(of: line, position, cursor.run)
            }
        }
        guard facts.count == chunk.count else {
            throw self.corrupt(
                chunk.run,
                "the chunk at event \(chunk.first.value) has \(facts.count) events, not \(chunk.count)"
            )
        }
        cursor.position = chunk.last
        cursor.hash = chunk.hash
        return facts
    }

    private func facts(of line: [UInt8], _ position: Position, _ run: RunID) async throws -> [Recorded] {
        var plan: Plan?
        if position == Position.start.next || line.starts(with: Self.fork) {
            plan = try await self.plan(in: line, run)
        }
        do throws(EventCodec.Fault) {
            return try EventCodec.readLine(line, from: position) { (_: Digest) throws(EventCodec.Fault) -> Plan in
                guard let plan else { throw .plan("a run has one plan, in its first event") }
                return plan
            }
        } catch {
            switch error {
            case .unknownKind, .unknownVersion:
                throw BatonError(
                    .journalNewer,
                    "run \(run), event \(position.value): \(error.message)",
                    remedy: "use the Baton that wrote it, or a newer one"
                )
            case .json, .field, .plan: throw self.corrupt(run, "event \(position.value): \(error.message)")
            }
        }
    }

    private static let fork = Array("{\"kind\":\"forked\"".utf8)

    // The first event names its plan by hash, and so does a fork.
    private func plan(in line: [UInt8], _ run: RunID) async throws -> Plan? {
        guard let first = try? JSON(parsing: line), let text = first["plan"]?.string, let digest = Digest(hex: text)
        else {
            return nil
        }
        guard let bytes = try await self.journal.contents([digest])[digest], HashChain.digest(of: bytes) == digest
        else {
            throw self.corrupt(run, "the text of its plan is missing or changed")
        }
        guard let node = try? JSONReader.read(bytes, depth: JSONReader.usualDepth) else {
            throw self.corrupt(run, "its plan is not JSON")
        }
        let plan = PlanDecoder.plan(node)
        // The rules calculate with what a plan says and rely on its ranges.
        if let part = PlanRanges.fault(ofStored: plan) {
            throw self.corrupt(run, "its plan is out of range at \(part)")
        }
        return plan
    }

    /// The value of a content.
    package func value(of content: Content, in run: RunID) async throws -> JSON {
        switch content {
        case .inline(let value): return value
        case .stored(let digest, _):
            guard let bytes = try await self.journal.contents([digest])[digest], HashChain.digest(of: bytes) == digest,
                let value = try? JSON(parsing: bytes)
            else { throw self.corrupt(run, "the content \(digest) is missing or changed") }
            return value
        }
    }

    // A journal cut off behind a whole chunk has an intact chain: only the head tells.
    package func checkHead(_ cursor: Cursor) async throws {
        guard let head = try await self.journal.head(of: cursor.run) else {
            throw BatonError(.unknownRun, "there is no run \(cursor.run)", remedy: "`baton runs` lists the runs")
        }
        // Read again: a writer may have gone on since.
        guard head.position == cursor.position ? head.hash == cursor.hash : head.position > cursor.position else {
            throw self.corrupt(cursor.run, "it ends at event \(cursor.position.value), not at \(head.position.value)")
        }
        if head.position > cursor.position,
            try await self.journal.chunks(of: cursor.run, after: cursor.position, limit: 1).isEmpty
        {
            throw self.corrupt(cursor.run, "events after \(cursor.position.value) are missing")
        }
    }

    private func corrupt(_ run: RunID, _ why: String) -> BatonError {
        BatonError(
            .journalCorrupt,
            "run \(run): \(why)",
            remedy: "restore the data folder from a copy; other runs are not touched by this"
        )
    }
}
