import ArgumentParser
import BatonCore
import BatonEngine
import BatonReports

/// `baton replay`: the same run from the same events.
struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Folds a run again from its events and compares it with what is stored.",
        discussion: """
            Example: baton replay demo-20261121-090000
            Nothing is performed. Exit code 65 if anything differs.
            """
    )

    @Argument(help: "The run. Default: the newest.", completion: RunNames.all) var run: String?
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Exit.reporting(self.output) {
            let folder = try ReadOnly(self.data.path)
            let replay = try await RunReplay.play(try await folder.run(self.run), of: folder.journal)
            if self.output.json {
                Console.print(replay.json)
            } else {
                let counts = replay.run.counts.shown
                Console.print(
                    "run \(replay.run.id): \(CountText.of(Int(replay.events), "event")) fold to \(replay.run.phase.word), "
                        + "\(counts.ended) of \(CountText.of(counts.total, "task")) ended"
                )
                for line in replay.differences { Console.print(StyledText(line, .bad)) }
                if replay.differences.isEmpty {
                    Console.print("the same each time, and every event is written as it was")
                }
            }
            if !replay.differences.isEmpty { throw Exit.wrongData }
        }
    }
}

/// `baton diff`: where two runs part.
struct DiffCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff",
        abstract: "Shows where two runs part and what followed: events, then tasks that ended otherwise.",
        discussion: "Example: baton diff demo-20261121-090000 demo-20261121-090000-2"
    )

    /// More events of each side are only counted.
    private static let most = 8

    @Argument(help: "A run.", completion: RunNames.all) var left: String
    @Argument(help: "Another one.", completion: RunNames.all) var right: String
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Exit.reporting(self.output) {
            let folder = try ReadOnly(self.data.path)
            let diff = try await Readings(folder.journal).difference(between: RunID(self.left), and: RunID(self.right))
            guard !self.output.json else { return Console.print(diff.json) }
            guard !diff.isEmpty else { return Console.print("the same: \(CountText.of(diff.shared, "event"))") }
            Console.print("the same up to event \(diff.shared)")
            self.show(diff.left, of: self.left)
            self.show(diff.right, of: self.right)
            self.show(diff.tasks)
        }
    }

    private func show(_ events: [RunEvent], of run: String) {
        Console.print("")
        Console.print(StyledText("\(PlainText.line(run, limit: 80)): \(events.count) more", .strong))
        for event in events.prefix(Self.most) { Console.print("  \(EventsCommand.line(event))") }
        if events.count > Self.most { Console.print("  … \(events.count - Self.most) more") }
    }

    private func show(_ tasks: [RunDiff.Change]) {
        guard !tasks.isEmpty else { return }
        Console.print("")
        Console.print(StyledText("tasks that differ", .strong))
        for task in tasks {
            let output = task.hasOtherOutput ? ", with another output" : ""
            Console.print("  \(task.task): \(task.left ?? "not there") / \(task.right ?? "not there")\(output)")
        }
    }
}
