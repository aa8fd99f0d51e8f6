import ArgumentParser
import BatonCore
import BatonEngine
import BatonSQLite
import BatonServer

/// `baton fork`: the same run, gone on otherwise.
struct ForkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fork",
        abstract: "Begins a new run with the events of another up to a position; nothing of them is repeated.",
        discussion: """
            Examples:
              baton fork demo-20261121-090000 --at 120
              baton fork demo-20261121-090000 --set build.timeout_seconds=90 --retry build
              baton fork demo-20261121-090000 --set budget.time=2h --retry-all
            A task that is changed begins anew, with all that follows from it. What was in hand at that point is repeated \
            where the plan allows it, else you are asked. `baton events RUN` numbers the positions.
            """
    )

    @Argument(help: "The run.", completion: RunNames.all) var run: String
    @Option(help: "The last event that is shared. Default: the newest.") var at: Int64?
    @Option(help: "TASK.KEY=VALUE; for TASK also agents.ID, defaults or budget. May be given again.")
    var set: [String] = []
    @Option(help: "A file with tasks and their new keys: {TASK: {KEY: VALUE}}.", completion: .file()) var edit: String?
    @Option(help: "A failed or cancelled task that begins anew, with what gave up behind it. May be given again.")
    var retry: [String] = []
    @Flag(help: "All begins anew that ended without completing, but for what was left out on purpose.") var retryAll =
        false
    @Option(help: "The new run's identifier.") var id: String?
    @OptionGroup var act: ActOptions

    func validate() throws {
        guard !self.retryAll || self.retry.isEmpty else {
            throw ValidationError("--retry-all takes all; --retry names some")
        }
    }

    func run() async throws {
        try await Exit.reporting(self.act.output) {
            let folder = try ReadOnly(self.act.data.path)
            let wish = RunFork.Wish(
                of: RunID(self.run),
                at: self.at.map { Position($0) },
                id: self.id.map { RunID($0) },
                changes: try self.changes(),
                retrying: self.retryAll ? .all : .tasks(self.retry.map { TaskID($0) })
            )
            let reply = try await self.make(wish, folder)
            guard !self.act.output.json else { return Console.print(reply.json) }
            let verb =
                RunEnd(rawValue: reply.state) != nil
                ? "show"
                : reply.state != Run.Phase.paused.word && Carrier(of: folder).carries(reply.run) ? "watch" : "resume"
            let next = CommandHint.line([verb, reply.run.text], dataFolder: folder.path)
            let shared = self.at.map { self.shared(reply.accepted.value - 1, asked: $0) } ?? "the newest event"
            let way = verb == "show" ? "it has ended with that: \(reply.state), see: \(next)" : "go on with: \(next)"
            Console.print("run \(reply.run) shares \(self.run) up to \(shared); \(way)")
        }
    }

    private func shared(_ position: Int64, asked: Int64) -> String {
        position == asked ? "event \(position)" : "event \(position), which came with event \(asked)"
    }

    private func make(_ wish: RunFork.Wish, _ folder: ReadOnly) async throws -> CommandReply {
        let caller = self.act.naming.caller
        if DataFolder.holder(of: folder.path).standing == .held {
            return try await EngineLink.ask(in: folder, about: wish.run) { try await $0.fork(wish, caller) }
        }
        let prices = try Prices.table(in: folder.path)
        return try await DataFolder.writing(to: folder.path) { journal, _ in
            try await RunFork.store(wish, by: caller, journal: journal, clock: SystemClock(), prices: prices)
        }
    }

    private func changes() throws -> JSON {
        var changes = try self.edit.map { try ChangesFile.read($0) } ?? [:]
        for pair in self.set {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard sides.count == 2, let dot = sides[0].lastIndex(of: ".") else {
                throw ValidationError("\"\(pair)\" is not TASK.KEY=VALUE")
            }
            let (name, key) = (String(sides[0][..<dot]), String(sides[0][sides[0].index(after: dot)...]))
            let text = String(sides[1])
            let value = (try? JSON(parsing: text.utf8)) ?? .string(text)
            changes = changes.adding(name, (changes[name] ?? [:]).adding(key, value))
        }
        return changes
    }
}
