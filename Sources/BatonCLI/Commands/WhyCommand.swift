import ArgumentParser
import BatonCore
import BatonEngine
import BatonReports
import BatonSQLite

/// `baton why`: why a run or a task stands where it stands.
struct WhyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Tells why a run or a task stands where it stands, and what would help.",
        usage: "baton why [RUN] [TASK] [OPTIONS]",
        discussion: """
            Examples:
              baton why
              baton why demo-20261121-090000
              baton why demo-20261121-090000 research
              baton why research
            All of it comes from the run's events; no engine and no model is asked.
            """
    )

    @Argument(help: "The run. Default: the newest.", completion: RunNames.all) var run: String?
    @Argument(help: "A task of the run.") var task: String?
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Exit.reporting(self.output) {
            let folder = try ReadOnly(self.data.path)
            let (run, task) = try await folder.subject(self.run, self.task)
            // Looked at first: an engine that ends between the two looks must not make its run look abandoned.
            let carrier = Carrier(of: folder)
            let isCarried = carrier.carries(run)
            let inquiry = try await Readings(folder.journal).inquiry(into: run, about: task, beside: carrier.takesRuns)
            if !self.output.json, !inquiry.run.isEnded, let warning = carrier.suspension { Console.print(warning) }
            let viewer = Console.viewer(dataFolder: folder.path)
            if let explanation = TaskExplanation(inquiry) {
                return self.print(explanation.json(inquiry)) {
                    TaskWhy(inquiry, explanation, isCarried: isCarried, for: viewer).lines
                        + Self.said(in: inquiry.run, about: explanation.task, folder.path, isCarried)
                }
            }
            // Without an engine only people are at work.
            let goesOn =
                inquiry.run.seed.mode == .real && !inquiry.run.isEnded
                && (isCarried || inquiry.run.waitsOnlyForPeople)
            let explanation = RunExplanation(inquiry, now: goesOn ? viewer.now : nil)
            self.print(explanation.json(inquiry)) {
                RunWhy(inquiry, explanation, isCarried: isCarried, for: viewer).lines
                    + Self.said(in: inquiry.run, about: nil, folder.path, isCarried)
            }
        }
    }

    // Of what nobody carries the last word is old.
    private static func said(in run: Run, about task: TaskIndex?, _ folder: String, _ isCarried: Bool) -> [StyledText] {
        isCarried ? LastSaid(in: run, about: task, dataFolder: folder).styled : []
    }

    private func print(_ json: @autoclosure () -> JSON, _ lines: () -> [StyledText]) {
        if self.output.json { return Console.print(json()) }
        for line in lines() { Console.print(line) }
    }
}
