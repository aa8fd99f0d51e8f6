import ArgumentParser
import BatonCore
import BatonEngine
import BatonSQLite
import BatonServer

/// The name of a wish that may be said again.
struct KeyOptions: ParsableArguments {
    @Option(help: "Names this wish: said again with the same key, it is answered as before and done once.")
    var key: String?

    /// Whoever puts the wish.
    var caller: Caller { Caller(key: self.key, by: Person.name) }
}

/// What every command has that acts on a run which an engine carries.
struct ActOptions: ParsableArguments {
    @OptionGroup var naming: KeyOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    /// The run that is named, else the only one that has not ended.
    func run(_ name: String?, in folder: ReadOnly) async throws -> RunID {
        if let name { return RunID(name) }
        let open = try await folder.journal.heads().filter { !$0.isEnded }
        guard let only = open.first else {
            throw BatonError(.unknownRun, "no run goes on here", remedy: "`baton runs` lists the runs")
        }
        guard open.count == 1 else {
            throw BatonError(
                .refused,
                "\(open.count) runs have not ended",
                remedy: "name one: \(open.prefix(5).map(\.run.text).joined(separator: ", "))"
            )
        }
        return only.run
    }

    /// Puts a wish to a run and says what came of it.
    ///
    /// - Parameter done: what is said, such as `paused`.
    func put(_ wish: Wish, to name: String?, done: String) async throws {
        try await self.put(wish, to: name) { _, _ in done }
    }

    func put(
        _ wish: Wish,
        to name: String?,
        done: (CommandReply, ReadOnly) async throws -> String
    ) async throws {
        try await Exit.reporting(self.output) {
            let folder = try ReadOnly(self.data.path)
            let run = try await self.run(name, in: folder)
            let caller = self.naming.caller
            let reply = try await EngineLink.ask(in: folder, about: run) { try await $0.put(wish, to: run, caller) }
            Self.acknowledge(reply, try await done(reply, folder), asJSON: self.output.json)
        }
    }

    /// Says what came of a wish, such as `paused`.
    static func acknowledge(_ reply: CommandReply, _ done: String, asJSON: Bool) {
        guard !asJSON else { return Console.print(reply.json) }
        Console.print("\(done), run \(reply.run) is \(reply.state) (event \(reply.position.value))")
    }

    /// `[RUN] TASK`; asked for in `validate` too, where an error shows how the command is used.
    static func split(_ words: [String], _ noun: String = "the task") throws -> (run: String?, task: String) {
        guard let task = words.last, !task.isBlank else { throw ValidationError("\(noun) is missing") }
        guard words.count <= 2 else { throw ValidationError("these are too many words; put \(noun) in quotes") }
        return (words.count == 2 ? words[0] : nil, task)
    }

    /// Refuses a run where words are wanted: they were forgotten.
    func refuseRun(_ word: String, usage: String) async throws {
        guard let head = try await ReadOnly(self.data.path).journal.head(of: RunID(word)) else { return }
        throw BatonError(.usage, "nothing is said to run \(head.run)", remedy: "usage: \(usage)")
    }
}
