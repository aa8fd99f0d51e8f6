import BatonCore
import BatonEngine
import BatonReports
import BatonSQLite
import Foundation

/// The journal: the file, every run in it, the contents, the logs beside it.
struct JournalChecks {
    /// More lines of one kind than this are counted.
    static let mostLines = 20

    let path: String
    let holder: DataFolder.Holder

    func look(_ report: (Checkup) -> Void) async {
        let file = DataFolder.journalPath(in: self.path)
        guard FileManager.default.fileExists(atPath: file) else {
            return report(.ok("journal", "no run has been stored yet"))
        }
        do {
            let journal = try SQLiteJournal(readingAt: file)
            defer { journal.close() }
            try await self.look(at: journal, file, report)
        } catch let error as BatonError where error.code == .unknownRun {
            report(.ok("journal", "no run has been stored yet"))
        } catch {
            report(Self.broken("journal", error))
        }
    }

    private func look(at journal: SQLiteJournal, _ file: String, _ report: (Checkup) -> Void) async throws {
        let faults = try await journal.integrityFaults()
        for fault in faults {
            report(.error("journal", "SQLite finds \(file) damaged: \(fault)", remedy: Self.restore, .data))
        }
        if faults.isEmpty { report(.ok("journal", "SQLite finds nothing wrong with \(file)")) }
        // Contents are counted before runs are read: what is stored meanwhile is then no orphan.
        let sizes = try await journal.contentSizes()
        let heads = try await journal.heads()
        let audit = try await self.audit(journal, heads, report)
        self.contents(sizes, audit, report)
        let whole = heads.filter { !audit.damaged.contains($0.run) }
        RunChecks(path: self.path, holder: self.holder).look(at: heads, whole: whole, report)
    }

    // MARK: Every run

    private func audit(
        _ journal: SQLiteJournal,
        _ heads: [RunHead],
        _ report: (Checkup) -> Void
    ) async throws -> Audited {
        var audit = JournalAudit(journal)
        var events: Int64 = 0
        var faults = 0
        var damaged: Set<RunID> = []
        for head in heads {
            let finding = try await audit.look(at: head.run)
            events += finding.events
            for fault in finding.faults.prefix(Self.mostLines) { report(Self.broken("runs", fault)) }
            faults += finding.faults.count
            if !finding.faults.isEmpty { damaged.insert(head.run) }
        }
        for run in try await journal.runsWithoutHead() {
            faults += 1
            report(.error("runs", "run \(run) has events and is in no list", remedy: Self.restore, .data))
        }
        if faults == 0 {
            report(
                .ok(
                    "runs",
                    "\(CountText.of(heads.count, "run")), \(CountText.of(Int(events), "event")): each as it was written"
                )
            )
        }
        return Audited(named: audit.named, isWhole: faults == 0, damaged: damaged)
    }

    /// What came of looking at every run.
    private struct Audited {
        let named: Set<Digest>
        let isWhole: Bool
        let damaged: Set<RunID>
    }

    private func contents(
        _ sizes: [Digest: Int],
        _ audit: Audited,
        _ report: (Checkup) -> Void
    ) {
        guard audit.isWhole else {
            return report(
                .warning(
                    "contents",
                    "not counted, for damaged runs may name more than can be read",
                    remedy: "look again when the runs are whole"
                )
            )
        }
        let unnamed = sizes.filter { !audit.named.contains($0.key) }
        guard !unnamed.isEmpty else { return report(.ok("contents", "\(sizes.count) stored, each named by a run")) }
        let bytes = unnamed.values.reduce(0) { $0 &+ $1 }
        report(
            .warning(
                "contents",
                "\(unnamed.count) of \(sizes.count) are named by no run (\(bytes) bytes)",
                remedy: "they only take space, and may stay"
            )
        )
    }

    private static let restore = "restore the data folder from a copy"

    private static func broken(_ subject: String, _ error: any Error) -> Checkup {
        guard let error = error as? BatonError else {
            return .error(subject, String(describing: error), remedy: "check the disk", .disk)
        }
        let isDisk = error.code == .journalUnavailable
        return .error(subject, "[\(error.code.text)] \(error.message)", remedy: error.remedy, isDisk ? .disk : .data)
    }
}
