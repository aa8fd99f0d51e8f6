import ArgumentParser
import BatonAgents
import BatonCore
import BatonEngine
import BatonReports
import BatonSQLite
import Foundation

/// `baton prune`: what has ended makes room.
struct PruneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract: "Takes ended runs away, with what only they need, and gives the room back; says first what would go.",
        discussion: """
            Examples:
              baton prune --older-than 30d
              baton prune --keep 20 --older-than 30d --yes
              baton prune --run demo-20261121-090000 --yes
            Without --yes nothing goes. A run that has not ended stays, and so does one whose events a fork that stays \
            begins with. With --older-than and --keep a run goes only if both say so. `baton export-run` keeps a copy.
            """
    )

    @Option(name: .customLong("older-than"), help: "Runs that ended so long ago: 30d, 12h, 90m; at most 365d.")
    var olderThan: String?
    @Option(help: "How many of the newest ended runs stay.") var keep: Int?
    @Option(help: "This run. May be given again.", completion: RunNames.all) var run: [String] = []
    @Flag(help: "Do it.") var yes = false
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if self.run.isEmpty, self.olderThan == nil, self.keep == nil {
            throw ValidationError("say which runs: --older-than, --keep or --run")
        }
        if !self.run.isEmpty, self.olderThan != nil || self.keep != nil {
            throw ValidationError("--run names the runs; leave out --older-than and --keep")
        }
        if let keep, keep < 0 { throw ValidationError("--keep \(keep) is below 0") }
        if let olderThan, Self.age(olderThan) == nil {
            throw ValidationError("--older-than \"\(olderThan)\" is no age; write 30d, 12h or 90m, at most 365d")
        }
    }

    private static func age(_ text: String) -> Duration? { PlanDuration.read(SourceNode(.string(text))) }

    private var wish: Retention.Wish {
        guard self.run.isEmpty else { return .named(self.run.map { RunID($0) }) }
        return .old(self.olderThan.flatMap(Self.age), keeping: self.keep)
    }

    func run() async throws {
        try await Exit.reporting(self.output) {
            let plan = try await self.yes ? self.prune() : self.look()
            self.output.json ? Console.print(plan.json) : self.say(plan)
        }
    }

    private func look() async throws -> Pruned {
        let folder = try ReadOnly(self.data.path)
        let (retention, named) = try await self.chosen(folder.journal)
        let runs = retention.going.map(\.run)
        let pruning = try await folder.journal.pruning(runs, keeping: named)
        return Pruned(retention, pruning, folder.path, size: FolderSize.journal(folder.path), isDone: false)
    }

    private func prune() async throws -> Pruned {
        // A folder that is not there is not made for this.
        let path = try ReadOnly(self.data.path).path
        return try await DataFolder.writing(to: path) { journal, _ in try await self.prune(path, journal) }
    }

    private func prune(_ path: String, _ journal: SQLiteJournal) async throws -> Pruned {
        let (retention, named) = try await self.chosen(journal)
        let runs = retention.going.map(\.run)
        let size = FolderSize.journal(path)
        let pruning = try await journal.prune(runs, keeping: named)
        // Counts the live logs, which go next.
        var pruned = Pruned(retention, pruning, path, size: size, isDone: true)
        for run in runs { LiveFiles(dataFolder: path).remove(run) }
        try await journal.compact()
        pruned.after = FolderSize.journal(path)
        return pruned
    }

    // What runs that stay name is only known once each of them has been read whole.
    private func chosen(_ journal: SQLiteJournal) async throws -> (Retention, Set<Digest>) {
        let retention = try Retention(self.wish, of: try await journal.heads(), now: SystemClock().now())
        var audit = JournalAudit(journal)
        for head in retention.staying {
            if let fault = try await audit.look(at: head.run).faults.first { throw fault }
        }
        return (retention, audit.named)
    }

    private func say(_ plan: Pruned) {
        let verb = plan.isDone ? "gone" : "would go"
        for head in plan.retention.going {
            let day = CivilDate(head.updatedAt).text(milliseconds: false)
            Console.print(
                "\(verb): \(head.run), \(head.state) \(day), \(CountText.of(Int(head.position.value), "event"))"
            )
        }
        for held in plan.retention.held {
            Console.print("stays: \(held.run), since run \(held.fork) begins with its events")
        }
        let (contents, receipts) = (plan.pruning.contents, plan.pruning.receipts)
        Console.print(
            "\(verb): \(CountText.of(plan.retention.going.count, "run")), \(CountText.of(contents, "content")), "
                + "\(CountText.of(receipts, "receipt")), live logs: "
                + "\(plan.bytes) bytes"
        )
        if let after = plan.after { return Console.print("the journal had \(plan.size) bytes and has \(after)") }
        guard plan.bytes > 0 || !plan.retention.going.isEmpty else { return }
        Console.print("do it with: \(CommandHint.line(self.words + ["--yes"], dataFolder: plan.path))")
    }

    private var words: [String] {
        ["prune"] + self.run.flatMap { ["--run", $0] } + (self.olderThan.map { ["--older-than", $0] } ?? [])
            + (self.keep.map { ["--keep", "\($0)"] } ?? [])
    }
}

/// What goes, or has gone.
private struct Pruned {
    let retention: Retention
    let pruning: Pruning
    let path: String
    let size: Int64
    let isDone: Bool
    let logs: Int64
    var after: Int64?

    init(_ retention: Retention, _ pruning: Pruning, _ path: String, size: Int64, isDone: Bool) {
        self.retention = retention
        self.pruning = pruning
        self.path = path
        self.size = size
        self.isDone = isDone
        self.logs = retention.going.map { LiveFiles(dataFolder: path).size(of: $0.run) }.reduce(0, +)
    }

    var bytes: Int64 { self.pruning.bytes + self.logs }

    var json: JSON {
        self.retention.json.adding("done", .bool(self.isDone))
            .adding("contents", .integer(Int64(self.pruning.contents)))
            .adding("receipts", .integer(Int64(self.pruning.receipts))).adding("bytes", .integer(self.bytes))
            .adding("journal_bytes", .integer(self.size))
            .adding("journal_bytes_after", self.after.map { .integer($0) } ?? .null)
    }
}

/// What the journal takes on the disk, its log of writes included.
private enum FolderSize {
    static func journal(_ path: String) -> Int64 {
        let file = DataFolder.journalPath(in: path)
        return [file, file + "-wal"].reduce(0) { sum, name in
            var status = stat()
            return stat(name, &status) == 0 ? sum + Int64(status.st_size) : sum
        }
    }
}
