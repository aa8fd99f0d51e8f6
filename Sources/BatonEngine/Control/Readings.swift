package import BatonCore

/// What a journal says about its runs, without an engine or beside one: the same for the command line and the API.
package struct Readings: Sendable {
    package let journal: any Journal

    package init(_ journal: any Journal) { self.journal = journal }

    /// The heads of runs, the newest first.
    package func runs() async throws -> JSON {
        ["runs": .array(try await self.journal.heads().map(\.json))]
    }

    /// All open questions, by runs and then in the order of asking.
    package func questions() async throws -> [(run: Run, question: Question)] {
        var found: [(run: Run, question: Question)] = []
        for head in try await self.journal.heads() where !head.isEnded && head.openQuestions > 0 {
            let (run, _) = try await JournalReader(self.journal).fold(head.run)
            found += run.openQuestions.map { (run, $0) }
        }
        return found
    }

    package func inbox() async throws -> JSON {
        let questions = try await self.questions().map { run, question in
            EventView.json(of: question, in: run).adding("digest", .string(run.digest(of: question).description))
        }
        return ["questions": .array(questions)]
    }

    /// The team of a run, or of all runs that have not ended.
    package func team(_ run: RunID? = nil) async throws -> TeamStatus {
        let now = SystemClock().now()
        if let run { return TeamStatus([try await self.sheet(of: run)], at: now) }
        var sheets: [RunSheet] = []
        for head in try await self.journal.heads() where !head.isEnded {
            sheets.append(try await self.sheet(of: head.run))
        }
        return TeamStatus(sheets, at: now)
    }

    /// Whether nothing goes on in a run but waiting for people.
    ///
    /// - Parameter beside: whether its engine carries the other runs too, so that its agents may be at work for them.
    package func waitsOnlyForPeople(_ run: RunID, beside: Bool = false) async throws -> Bool {
        let run = try await JournalReader(self.journal).fold(run).run
        guard beside, run.mayWaitForOthers else { return run.waitsOnlyForPeople }
        return run.waitsOnlyForPeople(beside: try await self.held(besides: run))
    }

    /// What other runs have in hand of a run's agents, if one engine carries them all.
    package func held(besides run: Run) async throws -> HeldElsewhere {
        var others: [RunSheet] = []
        for head in try await self.journal.heads() where !head.isEnded && !head.isRehearsal && head.run != run.id {
            others.append(try await self.sheet(of: head.run))
        }
        return HeldElsewhere(of: run, among: others)
    }

    /// All there is to tell of a run by now.
    package func report(on run: RunID) async throws -> RunReport {
        guard try await self.journal.head(of: run) != nil else { throw Engine.unknown(run) }
        let facts = try await JournalReader(self.journal).all(of: run)
        guard let report = RunReport(facts, at: SystemClock().now()), report.run.damage == nil else {
            throw Self.damaged(run)
        }
        return report
    }

    private static func damaged(_ run: RunID) -> BatonError {
        BatonError(.journalCorrupt, "run \(run) is damaged", remedy: "restore the data folder from a copy")
    }

    /// The sheet of a run with the outputs of its tasks.
    package func sheet(of run: RunID) async throws -> RunSheet {
        guard try await self.journal.head(of: run) != nil else { throw Engine.unknown(run) }
        let facts = try await JournalReader(self.journal).all(of: run)
        guard let sheet = RunSheet(facts), sheet.run.damage == nil else {
            throw Self.damaged(run)
        }
        return sheet
    }
}

extension RunHead {
    /// As `baton runs --json` prints it.
    package var json: JSON {
        [
            "run": .string(self.run.text), "title": .string(self.title), "state": .string(self.state),
            "ended": .bool(self.isEnded), "rehearsal": .bool(self.isRehearsal),
            "total_tasks": .integer(Int64(self.totalTasks)), "ended_tasks": .integer(Int64(self.endedTasks)),
            "open_questions": .integer(Int64(self.openQuestions)), "created_at": .string(self.createdAt.description),
            "updated_at": .string(self.updatedAt.description), "events": .integer(self.position.value),
        ]
    }
}
