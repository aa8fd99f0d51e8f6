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

    /// The agents of a run, or of all runs that have not ended, with what each has in hand.
    package func agents(_ run: RunID? = nil) async throws -> JSON {
        ["agents": .array(try await self.team(run).members.map(\.json))]
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

    /// What tasks of a run have brought, those outputs among them that the journal keeps by hash.
    ///
    /// - Parameter tasks: only these; nil is all.
    package func outputs(of run: Run, among tasks: [TaskIndex]? = nil) async throws -> [TaskIndex: JSON] {
        let reader = JournalReader(self.journal)
        var values: [TaskIndex: JSON] = [:]
        for task in tasks ?? run.tasks.indices.map({ TaskIndex($0) }) {
            guard let content = run.output(of: task) ?? run.claim(of: task) else { continue }
            values[task] = try await reader.value(of: content, in: run.id)
        }
        return values
    }

    /// A task of a run, with its output if it has completed.
    package func task(_ name: String, of run: RunID) async throws -> JSON {
        let sheet = try await self.sheet(of: run)
        guard let task = sheet.run.index(of: TaskID(name)) else { throw Self.unknown(name, in: sheet.run) }
        let output = try await self.outputs(of: sheet.run, among: [task])[task]
        return output.map { sheet.task(task).adding("output", $0) } ?? sheet.task(task)
    }

    /// What the events of a run say of it, or of one task.
    ///
    /// - Parameter beside: whether its engine carries the other runs too, so that its agents may be at work for them.
    package func inquiry(into run: RunID, about task: String? = nil, beside: Bool) async throws -> Inquiry {
        guard try await self.journal.head(of: run) != nil else { throw Engine.unknown(run) }
        let facts = try await JournalReader(self.journal).all(of: run)
        if var inquiry = Inquiry(facts, about: task.map { TaskID($0) }), inquiry.run.damage == nil {
            if beside, !inquiry.run.isEnded { inquiry.look(beside: try await self.held(besides: inquiry.run)) }
            return inquiry
        }
        guard let task, let sheet = RunSheet(facts), sheet.run.damage == nil else { throw Self.damaged(run) }
        throw Self.unknown(task, in: sheet.run)
    }

    /// A run has no such task.
    package static func unknown(_ task: String, in run: Run) -> BatonError {
        let near = NearestName.of(task, among: run.plan.tasks.map(\.id.text))
        return BatonError(
            .unknownRun,
            "run \(run.id) has no task \(PlainText.line(task, limit: 60))",
            remedy: near.map { "did you mean \($0)?" } ?? "`baton show \(run.id)` lists them"
        )
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

extension Readings {
    /// Where two runs part, and what followed.
    package func difference(between left: RunID, and right: RunID) async throws -> RunDiff {
        let reader = JournalReader(self.journal)
        guard let diff = RunDiff(try await reader.all(of: left), try await reader.all(of: right)) else {
            throw BatonError(.journalCorrupt, "one of the runs has no first event", remedy: "see: baton doctor")
        }
        return diff
    }

    /// Whether every run is what was written.
    package func audit() async throws -> JSON {
        var audit = JournalAudit(self.journal)
        var (events, faults): (Int64, [JSON]) = (0, [])
        let heads = try await self.journal.heads()
        for head in heads {
            let finding = try await audit.look(at: head.run)
            events += finding.events
            faults += finding.faults.map { $0.json.adding("run", .string(head.run.text)) }
        }
        return [
            "healthy": .bool(faults.isEmpty), "runs": .integer(Int64(heads.count)), "events": .integer(events),
            "faults": .array(faults),
        ]
    }
}
