import ArgumentParser
import BatonCore
import BatonEngine

/// `baton serve`: an engine that stays.
struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Keeps an engine up that other commands and programs can speak to.",
        discussion: """
            Example: baton serve --project-dir ~/work/shop
            It takes over all runs that have not ended; those that are paused stay paused. `baton run PLAN` in another \
            terminal then begins its run here. Ctrl-C ends it cleanly; what has not ended goes on at the next start.
            """
    )

    @Option(
        name: .customLong("project-dir"),
        help: "Where commands start. Default: the current folder.",
        completion: .directory
    )
    var projectDir: String?
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Exit.reporting(self.output) {
            // Of its options an engine that follows nobody needs only this one.
            let follow = try FollowOptions.parse(self.projectDir.map { ["--project-dir", $0] } ?? [])
            let session = try await Session(data: self.data.path, follow: follow, output: self.output)
            try await session.serve()
        }
    }
}
