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
        discussion: """
            Examples:
              baton why
              baton why demo-20261121-090000
              baton why demo-20261121-090000 research
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
            let run = try await folder.run(self.run)
            let facts = try await folder.facts(of: run)
            let viewer = Console.viewer(dataFolder: folder.path)
            let isCarried = DataFolder.holder(of: folder.path).standing == .held
            guard let task = self.task else {
                guard let inquiry = Inquiry(facts, about: nil) else { return }
                let explanation = RunExplanation(inquiry)
                self.print(explanation.json(inquiry)) {
                    RunWhy(inquiry, explanation, isCarried: isCarried, for: viewer).lines
                }
                return
            }
            guard let inquiry = Inquiry(facts, about: TaskID(task)), let explanation = TaskExplanation(inquiry) else {
                throw ReadOnly.unknown(task, in: try await folder.sheet(of: run).run)
            }
            self.print(explanation.json(inquiry)) {
                TaskWhy(inquiry, explanation, isCarried: isCarried, for: viewer).lines
            }
        }
    }

    private func print(_ json: @autoclosure () -> JSON, _ lines: () -> [StyledText]) {
        if self.output.json { return Console.print(json()) }
        for line in lines() { Console.print(line) }
    }
}
