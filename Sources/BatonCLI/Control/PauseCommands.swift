import ArgumentParser
import BatonCore
import BatonEngine

/// `baton pause`: nothing new starts.
struct PauseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Hands out nothing new of a run; what runs finishes, or is stopped with --now.",
        discussion: """
            Examples:
              baton pause
              baton pause demo-20261121-090000 --now
            An attempt that is stopped is made again after `baton resume`, and does not count.
            """
    )

    @Argument(help: "The run. Default: the only one that goes on.", completion: RunNames.unended) var run: String?
    @Flag(help: "Stop what runs, too.") var now = false
    @OptionGroup var act: ActOptions

    func run() async throws { try await self.act.put(.pause(now: self.now), to: self.run, done: "paused") }
}

/// `baton cancel`: stops a run for good.
struct CancelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cancel",
        abstract: "Stops a run for good; what is done is kept.",
        discussion: "Example: baton cancel demo-20261121-090000"
    )

    @Argument(help: "The run. Default: the only one that goes on.", completion: RunNames.unended) var run: String?
    @OptionGroup var act: ActOptions

    func run() async throws { try await self.act.put(.cancel, to: self.run, done: "told to stop") }
}
