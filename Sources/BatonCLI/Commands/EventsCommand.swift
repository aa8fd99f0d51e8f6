import ArgumentParser
import BatonCore
import BatonEngine

/// `baton events`: everything that happened, in order.
struct EventsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Prints the events of a run, one a line.",
        discussion: "Example: baton events demo-20261121-090000 --json"
    )

    @Argument(help: "The run. Default: the newest.", completion: RunNames.all) var run: String?
    @Option(help: "Only events after this position.") var after: Int64 = 0
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Exit.reporting(self.output) {
            let folder = try ReadOnly(self.data.path)
            let facts = try await JournalReader(folder.journal).all(of: try await folder.run(self.run))
            guard let first = facts.first, var view = EventView(first) else { return }
            for fact in facts {
                let event = view.view(fact)
                guard event.position > self.after else { continue }
                if self.output.json { Console.print(event.json) } else { Console.print(Self.line(event)) }
            }
        }
    }

    private static func line(_ event: RunEvent) -> String {
        let names = [event.agent?.text, event.task?.text].compactMap { $0 }.joined(separator: " ")
        return "\(event.position)  \(event.at)  \(event.kind)\(names.isEmpty ? "" : "  \(names)")  "
            + PlainText.line(event.summary, limit: 300)
    }
}
