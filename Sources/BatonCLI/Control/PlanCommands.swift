import ArgumentParser
import BatonCore
import BatonEngine
import BatonPlans
import Foundation

/// `baton add`: new tasks.
struct AddCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Adds a task to a run that goes on: a sentence, or tasks from a file.",
        usage: Self.usage,
        discussion: """
            Examples:
              baton add "Check the links of the report"
              baton add demo-20261121-090000 --file more-tasks.yml
            The file holds one task, or a list of tasks, in the form of a plan's `tasks`.
            """
    )

    private static let mostNamed = 8
    private static let usage = "baton add [RUN] \"SENTENCE\" [OPTIONS], or baton add [RUN] --file FILE"

    @Argument(help: "[RUN] SENTENCE", completion: RunNames.unended) var words: [String] = []
    @Option(help: "A file with tasks: JSON or YAML.", completion: .file(extensions: RunNames.planEndings))
    var file: String?
    @OptionGroup var act: ActOptions

    func validate() throws {
        let isSentence = self.file == nil
        guard self.words.count <= (isSentence ? 2 : 1), !(isSentence && self.words.isEmpty) else {
            throw ValidationError(self.words.isEmpty ? "the sentence is missing" : "put the sentence in quotes")
        }
    }

    func run() async throws {
        var tasks: [Wish.NewTask] = []
        var run = self.words.first
        if let file = self.file {
            try await Exit.reporting(self.act.output) { tasks = try Self.read(file) }
        } else if let sentence = self.words.last {
            tasks = [.sentence(sentence)]
            if self.words.count == 1 {
                run = nil
                try await Exit.reporting(self.act.output) { try await self.act.refuseRun(sentence, usage: Self.usage) }
            }
        }
        try await self.act.put(.add(tasks), to: run) { reply, _ in
            // An older engine did not say which.
            guard !reply.added.isEmpty else { return "added" }
            let names = reply.added.prefix(Self.mostNamed).map(\.text).joined(separator: ", ")
            let more = reply.added.count > Self.mostNamed ? " and \(reply.added.count - Self.mostNamed) more" : ""
            return "\(reply.added.count == 1 ? "task" : "tasks") \(names)\(more) added"
        }
    }

    private static func read(_ file: String) throws -> [Wish.NewTask] {
        let value = try ChangesFile.read(file)
        let values: [JSON] = if case .array(let all) = value { all } else { [value] }
        do {
            return try values.map { .spec(try TaskForm.task($0)) }
        } catch let refusal as Refusal {
            throw BatonError(refusal)
        }
    }
}

/// `baton edit`: a task that has not begun becomes another one.
struct EditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "edit",
        abstract: "Changes a task that has not begun.",
        usage: Self.usage,
        discussion: """
            Examples:
              baton edit demo-20261121-090000 translate --set assigned_agent=ada --set priority=4
              baton edit translate --file changes.yml
            Keys are those of a plan's tasks; a value is JSON, else text; null takes a key away.
            """
    )

    private static let usage = "baton edit [RUN] TASK --set KEY=VALUE [OPTIONS]"

    @Argument(help: "[RUN] TASK", completion: RunNames.unended) var words: [String] = []
    @Option(help: "A key with its new value: KEY=VALUE. May be given again.") var set: [String] = []
    @Option(help: "A file with keys and values: JSON or YAML.", completion: .file(extensions: RunNames.planEndings))
    var file: String?
    @OptionGroup var act: ActOptions

    func validate() throws {
        _ = try ActOptions.split(self.words)
        guard !self.set.isEmpty || self.file != nil else { throw ValidationError("name what changes: --set KEY=VALUE") }
        for pair in self.set where !pair.contains("=") { throw ValidationError("\"\(pair)\" is not KEY=VALUE") }
    }

    func run() async throws {
        let (run, task) = try ActOptions.split(self.words)
        var changes: JSON = [:]
        if let file = self.file { try await Exit.reporting(self.act.output) { changes = try ChangesFile.read(file) } }
        for pair in self.set {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let text = String(parts[1])
            changes = changes.adding(String(parts[0]), (try? JSON(parsing: text.utf8)) ?? .string(text))
        }
        try await self.act.put(.edit(TaskID(task), changes), to: run) { reply, folder in
            // What it needs now may have failed already.
            guard let sheet = try? await folder.sheet(of: reply.run),
                let state = sheet.run.index(of: TaskID(task)).map({ sheet.run.tasks[$0.offset].state }),
                case .ended(.skipped(.dependency(let other))) = state
            else { return "task \(task) is changed" }
            return "task \(task) is changed and left out, as \(sheet.run.spec(other).id) did not complete"
        }
    }
}

/// `baton steer`: something for agents to know.
struct SteerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "steer",
        abstract: "Tells agents something; the next step of each of them gets it.",
        usage: Self.usage,
        discussion: """
            Examples:
              baton steer "Keep it under two pages"
              baton steer demo-20261121-090000 "Use the blue logo" --agent designer
            A command finds it as `directives` in its input.
            """
    )

    private static let usage = "baton steer [RUN] \"WORDS\" [OPTIONS]"

    @Argument(help: "[RUN] WORDS", completion: RunNames.unended) var words: [String] = []
    @Option(help: "Only this agent.") var agent: String?
    @Option(help: "Only the agents of this task.") var task: String?
    @OptionGroup var act: ActOptions

    func validate() throws {
        _ = try ActOptions.split(self.words, "what is said")
        if self.agent != nil, self.task != nil { throw ValidationError("--agent and --task exclude each other") }
    }

    func run() async throws {
        let (run, text) = try ActOptions.split(self.words, "what is said")
        if run == nil {
            try await Exit.reporting(self.act.output) { try await self.act.refuseRun(text, usage: Self.usage) }
        }
        let audience: Wish.Audience =
            self.agent.map { .agent(AgentID($0)) } ?? self.task.map { .task(TaskID($0)) } ?? .everyone
        try await self.act.put(.steer(audience, text), to: run, done: "told")
    }
}

/// A file beside a command.
enum ChangesFile {
    static func read(_ path: String) throws -> JSON {
        do throws(Diagnostic) {
            return try ValueFile.read(path: path)
        } catch {
            throw BatonError(BatonError.Code(error.code), "\(path): \(error.message)", remedy: error.remedy)
        }
    }
}
