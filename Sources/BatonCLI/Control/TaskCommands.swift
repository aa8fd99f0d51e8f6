import ArgumentParser
import BatonCore
import BatonEngine

/// `baton skip`: leaves a task out.
struct SkipCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "skip",
        abstract: "Leaves a task out; if it runs, it is stopped.",
        usage: "baton skip [RUN] TASK [--reason REASON] [OPTIONS]",
        discussion: """
            Example: baton skip demo-20261121-090000 translate --reason "not wanted any more"
            Tasks that need it follow their on_dependency_failure.
            """
    )

    @Argument(help: "[RUN] TASK", completion: RunNames.unended) var words: [String] = []
    @Option(help: "Why, for the journal.") var reason = ""
    @OptionGroup var act: ActOptions

    func validate() throws { _ = try ActOptions.split(self.words) }

    func run() async throws {
        let (run, task) = try ActOptions.split(self.words)
        try await self.act.put(.skip(TaskID(task), note: self.reason), to: run, done: "task \(task) is left out")
    }
}

/// `baton retry`: a task begins anew.
struct RetryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retry",
        abstract: "Begins a failed or skipped task anew, with all that was given up because of it.",
        usage: "baton retry [RUN] TASK [OPTIONS]",
        discussion: """
            Example: baton retry demo-20261121-090000 build
            A task that rests after a failed attempt does not wait any longer.
            """
    )

    @Argument(help: "[RUN] TASK", completion: RunNames.unended) var words: [String] = []
    @OptionGroup var act: ActOptions

    func validate() throws { _ = try ActOptions.split(self.words) }

    func run() async throws {
        let (run, task) = try ActOptions.split(self.words)
        try await self.act.put(.retry(TaskID(task)), to: run, done: "task \(task) begins anew")
    }
}

/// `baton reprioritize`: another order.
struct ReprioritizeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reprioritize",
        abstract: "Gives a task that waits another priority.",
        usage: "baton reprioritize [RUN] TASK --to PRIORITY [OPTIONS]",
        discussion: "Example: baton reprioritize demo-20261121-090000 translate --to 5"
    )

    @Argument(help: "[RUN] TASK", completion: RunNames.unended) var words: [String] = []
    @Option(name: .customLong("to"), help: "The new priority: 1 to 5; 5 goes first.") var priority: Int
    @OptionGroup var act: ActOptions

    func validate() throws { _ = try ActOptions.split(self.words) }

    func run() async throws {
        let (run, task) = try ActOptions.split(self.words)
        let wish = Wish.reprioritize(TaskID(task), self.priority)
        try await self.act.put(wish, to: run, done: "task \(task) has priority \(self.priority)")
    }
}
