import ArgumentParser
import BatonCore
import BatonEngine
import BatonReports
import BatonSQLite

/// `baton runs`: what there is.
struct RunsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "runs",
        abstract: "Lists the runs of the data folder, the newest first.",
        discussion: "Example: baton runs --json"
    )

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Exit.reporting(self.output) {
            let folder = try ReadOnly(self.data.path)
            let heads = try await folder.journal.heads()
            let carrier = Carrier(of: folder)
            if self.output.json {
                Console.print(carrier.json(["runs": .array(heads.map(\.json))]))
                return
            }
            let width = max(3, heads.map(\.run.text.count).max() ?? 3)
            Console.print("\(TextWidth.column("RUN", width))  STATE        TASKS          CREATED              TITLE")
            for head in heads {
                let mark = head.isRehearsal ? " (\(StandIn.mark))" : ""
                let asks = head.openQuestions > 0 ? ", \(head.openQuestions) open" : ""
                Console.print(
                    "\(TextWidth.column(head.run.text, width))  \(TextWidth.column(carrier.word(head.state, of: head.run), 11))  "
                        + "\(TextWidth.column("\(head.endedTasks)/\(head.totalTasks)\(asks)", 13))  "
                        + "\(CivilDate(head.createdAt).text(milliseconds: false))  \(PlainText.line(head.title, limit: 60))\(mark)"
                )
            }
            if let warning = carrier.warning(heads.map { ($0.run, $0.state) }) { Console.print(warning) }
        }
    }
}
