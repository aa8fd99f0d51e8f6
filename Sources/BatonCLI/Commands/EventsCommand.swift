import ArgumentParser
import BatonCore
import BatonEngine

/// `baton events`: everything that happened, in order.
struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Prints the events of a run, one a line.",
        discussion: """
            Examples:
              baton events demo-20261121-090000 --json
              baton events --follow
            With --follow the exit code is 69 if nothing carries the run any more.
            """
    )

    @Argument(
        help: "The run. Default: the newest; with --follow one that goes on, if there is one.",
        completion: RunNames.all
    ) var run: String?
    @Option(help: "Only events after this position.") var after: Int64 = 0
    @Flag(help: "Stay, and print what happens until the run ends or nothing carries it.") var follow = false
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Exit.reporting(self.output) {
            let folder = try ReadOnly(self.data.path)
            let run = try await folder.run(self.run, goingOn: self.follow)
            var view: EventView?
            guard self.follow else {
                return self.print(try await JournalReader(folder.journal).all(of: run), &view)
            }
            let source = try await FactSource(run, in: folder)
            var last: Event?
            while let facts = try await source.feed.next() {
                self.print(facts, &view)
                last = facts.last?.event ?? last
            }
            await source.close()
            if case .ended? = last { return }
            let resume = CommandHint.line(["resume", run.text], dataFolder: folder.path)
            Console.note("nothing carries run \(run) now; go on with: \(resume)")
            throw Exit.unavailable
        }
    }

    private func print(_ facts: [Recorded], _ view: inout EventView?) {
        for fact in facts {
            if view == nil { view = EventView(fact) }
            guard let event = view?.view(fact), event.position > self.after else { continue }
            if self.output.json { Console.print(event.json) } else { Console.print(Self.line(event)) }
        }
    }

    static func line(_ event: RunEvent) -> String {
        let names = [event.agent?.text, event.task?.text].compactMap { $0 }.joined(separator: " ")
        return "\(event.position)  \(event.at)  \(event.kind)\(names.isEmpty ? "" : "  \(names)")  "
            + PlainText.line(event.summary, limit: 300)
    }
}
