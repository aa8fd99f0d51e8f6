import ArgumentParser
import BatonAgents
import BatonCore
import BatonEngine

/// The command `baton`: the only place where the parts are put together.
@main
struct BatonCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "baton",
        abstract: "Conducts a team of agents through a plan, durably.",
        discussion: """
            Example: baton run plan.yml

            Exit codes: 0 done; 1 the run ended failed, partial or cancelled; 2 it waits only for people; 64 usage; \
            65 plan or data wrong; 66 file missing; 69 nothing carries the run; 74 disk; 75 busy; 130 interrupted.
            """,
        version: Baton.version,
        subcommands: [
            CheckCommand.self, AskCommand.self, MeetCommand.self, RunCommand.self, RehearseCommand.self,
            ResumeCommand.self,
            RunsCommand.self,
            ShowCommand.self, WatchCommand.self, EventsCommand.self, WhyCommand.self, GraphCommand.self,
            ReportCommand.self, InboxCommand.self, AnswerCommand.self, PauseCommand.self, CancelCommand.self,
            SkipCommand.self, RetryCommand.self, ReprioritizeCommand.self, AddCommand.self, EditCommand.self,
            SteerCommand.self, ServeCommand.self, StatusCommand.self, StatsCommand.self, CostCommand.self,
            AgentsCommand.self, ForkCommand.self, DiffCommand.self, ReplayCommand.self,
            ExportRunCommand.self, ImportRunCommand.self, PruneCommand.self, SchemaCommand.self,
            ExamplesCommand.self, ToolsCommand.self, PromptCommand.self,
            DoctorCommand.self, CompletionsCommand.self,
        ]
    )

    /// Parses and runs; whatever is said of a wrong command line goes through the same door as all other text.
    static func main() async {
        Surroundings.keepSecrets()
        OpenFiles.fillStandard()
        OpenFiles.shareThreads()
        do {
            var command = try await Self.asyncParseAsRoot()
            if var waiting = command as? any AsyncParsableCommand {
                try await waiting.run()
            } else {
                try command.run()
            }
        } catch {
            Self.leave(error, asJSON: CommandLine.arguments.contains("--json"))
        }
        Self.leaveIfLost()
    }

    // Whoever reads a file that was cut off must not be told that all went well.
    private static func leaveIfLost() {
        guard let loss = Console.loss else { return }
        Console.note("baton: standard output took no more (\(loss)): what was printed is not whole")
        Self.exit(withError: Exit.disk)
    }

    // Of a first word that is no command.
    private static var nearestCommand: String? {
        let names = Self.configuration.subcommands.compactMap { $0.configuration.commandName }
        guard let word = CommandLine.arguments.dropFirst().first, !word.hasPrefix("-"), !names.contains(word) else {
            return nil
        }
        return NearestName.of(word, among: names)
    }

    private static func leave(_ error: any Error, asJSON: Bool) -> Never {
        let code = Self.exitCode(for: error)
        let words = Self.fullMessage(for: error)
        switch code {
        case .success:
            if !words.isEmpty { Console.print(words) }
            Self.leaveIfLost()
        case .validationFailure where asJSON:
            Console.complain(
                BatonError(.usage, Self.message(for: error), remedy: "`baton help` shows how it is used"),
                asJSON: true
            )
        default:
            if !words.isEmpty { Console.note(words) }
            if code == .validationFailure, let near = Self.nearestCommand {
                Console.note("  Did you mean `baton \(near)`?")
            }
        }
        Self.exit(withError: code)
    }
}
