import ArgumentParser
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
            65 plan or data wrong; 66 file missing; 74 disk; 75 busy; 130 interrupted.
            """,
        version: Baton.version,
        subcommands: [
            CheckCommand.self, RunCommand.self, RehearseCommand.self, ResumeCommand.self, RunsCommand.self,
            ShowCommand.self, EventsCommand.self, GraphCommand.self, ReportCommand.self, InboxCommand.self,
            AnswerCommand.self, SchemaCommand.self,
        ]
    )
}
