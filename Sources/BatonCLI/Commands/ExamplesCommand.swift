import ArgumentParser
import BatonCore
import BatonEngine
import BatonReports

/// `baton examples`: plans to try out.
struct ExamplesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "examples",
        abstract: "Lists the examples, or writes one into a new folder and runs it there.",
        discussion: """
            Examples:
              baton examples
              baton examples everyone-is-a-person
              baton examples product-launch --to launch --only-write
            Nothing is ever written over. Commands of the example start in its folder; its run is stored in the data \
            folder, as every run.
            """
    )

    @Argument(help: "The example.", completion: .list(Example.all.map(\.name))) var name: String?
    @Option(help: "The folder that is made for it. Default: its name, in the current folder.", completion: .directory)
    var to: String?
    @Flag(help: "Only write it.") var onlyWrite = false
    @Flag(help: "Stay while only people are waited for, also without a terminal.") var wait = false
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        if self.to?.isEmpty == true { throw ValidationError("--to is empty; name a folder") }
        if self.name == nil, self.to != nil || self.onlyWrite || self.wait {
            throw ValidationError("name an example; `baton examples` lists them")
        }
    }

    func run() async throws {
        try await Exit.reporting(self.output) {
            guard let name = self.name else { return self.list() }
            let example = try Example.named(name)
            let folder = self.to ?? example.name
            try example.write(to: folder)
            guard !self.onlyWrite else { return self.tell(example, folder) }
            if !self.output.json { Console.note("wrote \(PlainText.of(folder)); running \(example.planFile) there") }
            try await self.run(example, in: folder)
        }
    }

    private func list() {
        guard !self.output.json else {
            let examples = Example.all.map { example -> JSON in
                let plan = example.plan
                return [
                    "name": .string(example.name), "title": .string(plan.title),
                    "description": .string(plan.description),
                ]
            }
            return Console.print(["examples": .array(examples)])
        }
        let width = Example.all.map(\.name.count).max() ?? 0
        for example in Example.all {
            Console.print(
                StyledText(TextWidth.column(example.name, width), .strong) + StyledText("  \(example.plan.description)")
            )
        }
        Console.print("\nbaton examples NAME writes one into a new folder and runs it there.")
    }

    private func tell(_ example: Example, _ folder: String) {
        let line = (["baton", "run"] + self.command(example, folder)).map(CommandHint.quoted).joined(separator: " ")
        if self.output.json {
            return Console.print(
                [
                    "name": .string(example.name), "folder": .string(folder),
                    "files": .array(example.files.map { .string($0.path) }), "run": .string(line),
                ]
            )
        }
        Console.print("wrote \(PlainText.of(folder)); run it with: \(line)")
    }

    // The words behind `baton run`.
    private func command(_ example: Example, _ folder: String) -> [String] {
        // A name that begins with a hyphen is a path all the same.
        let place = folder.hasPrefix("-") ? "./\(folder)" : folder
        var words = ["\(place)/\(example.planFile)", "--project-dir", place]
        if let data = self.data.dataDir { words.append("--data-dir=\(data)") }
        return words
    }

    private func run(_ example: Example, in folder: String) async throws {
        var words = self.command(example, folder)
        if self.wait { words.append("--wait") }
        if self.output.json { words.append("--json") }
        try await RunCommand.parse(words).run()
    }
}
