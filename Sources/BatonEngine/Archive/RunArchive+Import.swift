package import BatonCore

extension RunArchive {
    /// Reads a file and believes nothing of it before all has been looked at.
    ///
    /// - Throws: ``BatonError``: `archive.form` with the line, `archive.newer`, or `archive.content` with the run.
    package static func read(_ bytes: [UInt8]) async throws -> RunArchive {
        var reader = ArchiveReader(bytes)
        let archive = try reader.archive()
        do {
            // A plan is looked at first: the rules reckon with values that are in their ranges.
            try archive.checkPlans()
            let named = try await archive.check()
            guard named == Set(archive.contents.map(\.digest)), named.count == archive.contents.count else {
                throw Self.fault("run \(archive.head.run): a content stands there that no event names")
            }
        } catch let error as BatonError where error.code == .journalCorrupt || error.code == .runExists {
            throw Self.fault(error.message)
        }
        return archive
    }

    /// Stores what the journal has not yet of it, in one transaction.
    ///
    /// The caller holds the lock of the data folder.
    ///
    /// - Returns: the runs that were stored; none if all of them are there with the same events.
    /// - Throws: ``BatonError``: `run.exists` if a run of that name has other events.
    package func store(in journal: any Journal) async throws -> [RunID] {
        var missing: [Member] = []
        for member in self.members {
            let isThere = try await self.isThere(member, journal)
            if !isThere { missing.append(member) }
        }
        guard !missing.isEmpty else { return [] }
        try await journal.append(self.batch(of: missing))
        return missing.map(\.head.run)
    }

    private func isThere(_ member: Member, _ journal: any Journal) async throws -> Bool {
        guard let head = try await journal.head(of: member.head.run) else { return false }
        if head.hash == member.head.hash, head.position == member.head.position { return true }
        // A run that a fork left behind may have gone on here since: what the fork needs of it is the same.
        if member.head.run != self.head.run, let last = member.chunks.last {
            let before = Position(last.first.value - 1)
            let chunk = try await journal.chunks(of: member.head.run, after: before, limit: 1).first
            if chunk?.first == last.first, chunk?.hash == last.hash { return true }
        }
        throw BatonError(
            .runExists,
            "there is a run \(member.head.run) already, with other events",
            remedy: "import into another data folder: --data-dir"
        )
    }

    private func checkPlans() throws(BatonError) {
        var texts: [Digest: [UInt8]] = [:]
        for content in self.contents { texts[content.digest] = content.bytes }
        for member in self.members {
            for chunk in member.chunks {
                for (offset, line) in chunk.lines.split(separator: UInt8(ascii: "\n")).enumerated() {
                    let isFirst = offset == 0 && chunk.first == Position.start.next
                    guard isFirst || line.starts(with: Self.forked), let digest = Self.plan(namedIn: line),
                        let text = texts[digest]
                    else { continue }
                    if let fault = Self.fault(ofPlan: text) {
                        throw Self.fault("run \(member.head.run): its plan is none: \(fault)")
                    }
                }
            }
        }
    }

    // Only the first event of a run and forks name a plan.
    private static func plan(namedIn line: ArraySlice<UInt8>) -> Digest? {
        (try? JSON(parsing: line))?["plan"]?.string.flatMap { Digest(hex: $0) }
    }

    private static let forked = Array("{\"kind\":\"forked\"".utf8)

    private static func fault(ofPlan text: [UInt8]) -> String? {
        let node: SourceNode
        do throws(JSON.Fault) {
            node = try JSONReader.read(text, depth: JSONReader.usualDepth)
        } catch {
            return "it is not JSON"
        }
        var validator = PlanValidator()
        validator.validate(node, as: .object(.plan), at: .root)
        let plan = PlanDecoder.plan(node)
        let found = validator.diagnostics + PlanRanges.diagnostics(of: plan) + PlanCheck.diagnostics(of: plan)
        return found.first(where: \.blocksRun)?.line
    }

    private static func fault(_ why: String) -> BatonError {
        BatonError(
            .archiveContent,
            "the archive holds what cannot be: \(why)",
            remedy: "export the run again; `baton doctor` there says whether it is whole"
        )
    }
}

extension BatonError.Code {
    /// An archive is whole, and what is in it is no run.
    package static let archiveContent = BatonError.Code("archive.content")
}
