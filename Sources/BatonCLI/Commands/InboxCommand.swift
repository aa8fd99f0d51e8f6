import ArgumentParser
import BatonCore
import BatonEngine
import BatonReports
import BatonSQLite
import BatonServer
import Foundation

/// `baton inbox`: all open questions.
struct InboxCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "inbox",
        abstract: "Lists the questions that wait for people, with the command that answers each.",
        discussion: "Example: baton inbox"
    )

    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Exit.reporting(self.output) {
            let folder = try ReadOnly(self.data.path)
            let viewer = Console.viewer(dataFolder: folder.path)
            let readings = Readings(folder.journal)
            if self.output.json { return Console.print(try await readings.inbox()) }
            let questions = try await readings.questions()
            if questions.isEmpty { Console.print("no open questions") }
            if let warning = Carrier(of: folder).suspension { Console.print(warning) }
            for (run, question) in questions {
                for line in QuestionLines.of(question, in: run, for: viewer) { Console.print(line) }
                Console.print(QuestionLines.context(of: question, in: run, at: SystemClock().now()))
            }
        }
    }
}

/// `baton answer`: answers one question.
struct AnswerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "answer",
        abstract: "Answers a question; `baton resume` then goes on.",
        usage: Self.usage,
        discussion: """
            Examples:
              baton answer demo-20261121-090000 q1 "Ship it."
              baton answer q1 again
              baton answer q1 done --input @result.json
              baton answer q2 --fail "the shop is closed"
              baton answer q3 approve
            With --input a task is done and brought that: a person's own work, or work that was in hand at a crash. \
            The run may be left out where only one run has a question of that name.
            """
    )

    private static let usage = "baton answer [RUN] QUESTION WORDS [OPTIONS]"

    @Argument(help: "[RUN] QUESTION WORDS…", completion: RunNames.asking) var words: [String]
    @Flag(help: "Give the task up; the words are the reason.") var fail = false
    @Flag(help: "Leave the task out; the words are the reason.") var skip = false
    @Option(help: "The work is done and brought this: JSON or text; @FILE, or - for standard input.") var input: String?
    @Option(name: .customLong("input-text"), help: "The same, and always text, whatever it begins with.")
    var inputText: String?
    @Option(help: "Answer only if the question is the one with this digest; `baton inbox --json` prints it.")
    var digest: String?
    @OptionGroup var naming: KeyOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    /// What the words name.
    private struct Parts {
        let run: RunID?
        let question: String
        let words: String
    }

    private func parts() throws -> Parts {
        let isNamed = self.words.count >= 2 && QuestionID(self.words[0]) == nil
        let rest = isNamed ? self.words.dropFirst() : self.words[...]
        let needsWords = !self.fail && !self.skip && !self.hasInput
        guard let question = rest.first, rest.count >= 2 || !needsWords else {
            throw ValidationError("name the question and say something, such as: baton answer q1 \"Ship it.\"")
        }
        let words = rest.dropFirst().joined(separator: " ")
        return Parts(run: isNamed ? RunID(self.words[0]) : nil, question: question, words: words)
    }

    private var hasInput: Bool { self.input != nil || self.inputText != nil }

    func validate() throws {
        guard [self.fail, self.skip, self.input != nil, self.inputText != nil].count(where: { $0 }) <= 1 else {
            throw ValidationError("--fail, --skip, --input and --input-text exclude each other")
        }
        let words = try self.parts().words
        guard !self.hasInput || words.isEmpty || words == "done" else {
            throw ValidationError("with --input the word is done, or left out")
        }
    }

    func run() async throws {
        try await Exit.reporting(self.output) {
            let parts = try self.parts()
            let words = parts.words
            guard let question = QuestionID(parts.question) else {
                throw BatonError(
                    .usage,
                    "\(PlainText.line(parts.question, limit: 60)) is no question",
                    remedy: "write it as `baton inbox` does, such as q1; usage: \(Self.usage)"
                )
            }
            let reply: PersonReply =
                if let value = try AskedInput.value(self.input, text: self.inputText) {
                    .done(value)
                } else {
                    self.fail ? .fail(words) : self.skip ? .skip(words) : .words(words)
                }
            let reading = try ReadOnly(self.data.path)
            let run: RunID
            if let named = parts.run { run = named } else { run = try await Self.only(question, in: reading) }
            let wish = Wish.answer(question, reply, shown: self.digest)
            let answered = try await self.put(wish, to: run, reading)
            self.say(question, answered, reading.path)
        }
    }

    // Whoever answers without an engine holds the folder for a moment; others wait for their turn.
    private static let turns = 4

    private func put(_ wish: Wish, to run: RunID, _ reading: ReadOnly) async throws -> CommandReply {
        // One key for all turns: an engine that took the answer and died before it could say so has given it.
        var caller = self.naming.caller
        caller.key = caller.key ?? UUID().uuidString
        for _ in 1..<Self.turns {
            do {
                return try await Self.put(wish, to: run, caller, self.data.path, reading)
            } catch let error as BatonError where error.code == .busy || error.code == .engineAbsent {
                continue
            }
        }
        return try await Self.put(wish, to: run, caller, self.data.path, reading)
    }

    private static func put(
        _ wish: Wish,
        to run: RunID,
        _ caller: Caller,
        _ path: String,
        _ reading: ReadOnly
    ) async throws -> CommandReply {
        let answered = try await EngineLink.askIfThere(in: reading) { try await $0.put(wish, to: run, caller) }
        if let answered { return answered }
        // Nobody carries it: the answer is written here, under the lock.
        return try await Self.writing(to: path) { journal, _ in
            try await OfflineRun.answer(wish, to: run, by: caller, journal: journal, clock: SystemClock())
        }
    }

    private func say(_ question: QuestionID, _ reply: CommandReply, _ folder: String) {
        if self.output.json {
            return Console.print(
                [
                    "run": .string(reply.run.text), "question": .string(question.description), "answered": true,
                    "accepted": .integer(reply.accepted.value), "position": .integer(reply.position.value),
                ]
            )
        }
        let (run, event) = (reply.run, reply.position.value)
        if RunEnd(rawValue: reply.state) != nil {
            Console.print(
                "answered; run \(run) has ended: \(reply.state), see: \(CommandHint.line(["show", run.text], dataFolder: folder))"
            )
        } else if DataFolder.holder(of: folder).carries(run) {
            Console.print("answered; run \(run) \(reply.state == "paused" ? "is paused" : "goes on") (event \(event))")
        } else {
            Console.print("answered; go on with: \(CommandHint.line(["resume", run.text], dataFolder: folder))")
        }
    }

    private static func writing<Result>(
        to path: String,
        _ work: (SQLiteJournal, DataFolder) async throws -> Result
    ) async throws -> Result {
        do {
            return try await DataFolder.writing(to: path, work)
        } catch let error as BatonError where error.code == .busy {
            throw BatonError(
                .busy,
                error.message,
                remedy: "answer at the terminal where the run goes on, or stop that process first (Ctrl-C)",
                cause: error
            )
        }
    }

    private static func only(_ question: QuestionID, in folder: ReadOnly) async throws -> RunID {
        var runs: [RunID] = []
        for head in try await folder.journal.heads() where !head.isEnded && head.openQuestions > 0 {
            let (run, _) = try await JournalReader(folder.journal).fold(head.run)
            if run.questions[question] != nil { runs.append(head.run) }
        }
        guard let run = runs.first else {
            throw BatonError(
                .refused,
                "no run has an open question \(question)",
                remedy: "`baton inbox` lists the open questions"
            )
        }
        guard runs.count == 1 else {
            throw BatonError(
                .refused,
                "\(runs.count) runs have an open question \(question)",
                remedy: "name the run: \(runs.prefix(5).map(\.text).joined(separator: ", "))"
            )
        }
        return run
    }
}
