import ArgumentParser
import BatonCore
import Foundation

/// `baton completions`: what a shell knows of the commands.
struct CompletionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completions",
        abstract: "Lets your shell complete commands, options, plans and runs.",
        discussion: "Example: baton completions install",
        subcommands: [InstallCompletions.self]
    )
}

/// `baton completions install`: one command, and Tab works.
struct InstallCompletions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "install",
        abstract: "Writes the completions where your shell looks for them.",
        discussion: """
            Examples:
              baton completions install
              baton completions install zsh
              baton completions install bash --print > baton.bash
            It changes no start file: if one needs a line, it says which.
            """
    )

    @Argument(help: "bash, zsh or fish. Default: what $SHELL says.", completion: .list(["bash", "zsh", "fish"]))
    var shell: String?
    @Flag(help: "Only print the script.") var print = false
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Exit.reporting(self.output) {
            let environment = Surroundings.variables
            let shell = try self.chosen(environment)
            // Whether it ends with a line end depends on the shell; a file and a print should be the same.
            let text = BatonCommand.completionScript(for: shell)
            let script = text.hasSuffix("\n") ? String(text.dropLast()) : text
            guard !self.print else { return Console.print(script) }
            let folder = try ShellFolder(shell, environment)
            self.tell(try folder.install(script + "\n"), folder, shell)
        }
    }

    private func chosen(_ environment: [String: String]) throws -> CompletionShell {
        if let named = self.shell {
            if let shell = CompletionShell(rawValue: named) { return shell }
            throw ValidationError(
                "there are no completions for \"\(PlainText.line(named, limit: 40))\"; name bash, zsh or fish"
            )
        }
        let own = environment["SHELL"] ?? ""
        if let shell = CompletionShell(rawValue: URL(fileURLWithPath: own).lastPathComponent) { return shell }
        throw ValidationError(
            own.isEmpty
                ? "$SHELL does not say which shell you use; name bash, zsh or fish"
                : "there are no completions for $SHELL (\(PlainText.line(own, limit: 60))); name bash, zsh or fish"
        )
    }

    private func tell(_ isNew: Bool, _ folder: ShellFolder, _ shell: CompletionShell) {
        guard !self.output.json else {
            return Console.print(
                [
                    "shell": .string(shell.rawValue), "file": .string(folder.file), "written": .bool(isNew),
                    "advice": .array(folder.advice.map { .string($0) }),
                ]
            )
        }
        Console.print("\(isNew ? "wrote" : "is up to date:") \(PlainText.of(folder.file))")
        for line in folder.advice { Console.print(line) }
        Console.print("a new \(shell.rawValue) completes baton with Tab")
    }
}
