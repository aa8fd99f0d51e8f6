package import BatonCore
package import BatonEngine
import Foundation

/// Answers from a file, for tests: the same question gets the same answer, in any process.
///
/// Each line is a JSON object: `text` and `calls` (objects with `tool` and `input`) are what is said; `task` names for whom it is, else it is
/// for every task; `expect` is a text that the prompt must hold; `stop` is `length` or `refused`, if it ends so; `fail` is a text with which
/// the question fails. The answer to the third question of an attempt is the third line for its task.
package struct ScriptedMind: Mind {
    private static let largest = 16 << 20

    private let name: ModelName
    /// Nil if it would lie outside the project.
    private let path: String?

    /// - Parameter folder: where the project is, a path without links; the script lies in it.
    package init(_ name: ModelName, in folder: String) {
        self.name = name
        let file = URL(fileURLWithPath: folder).appendingPathComponent(name.model).resolvingSymlinksInPath().path
        self.path = file.hasPrefix(folder.hasSuffix("/") ? folder : folder + "/") ? file : nil
    }

    package func answer(_ prompt: Prompt, to work: Work, after transcript: Transcript) async -> Thought {
        do throws(Failure) {
            let lines = try self.lines(for: work.task.id)
            let turn = transcript.turns.count
            guard lines.indices.contains(turn) else {
                throw self.failure("it has no answer to question \(turn + 1) of task \(work.task.id)")
            }
            return .replied(try self.reply(lines[turn], prompt, turn), .none)
        } catch {
            return .failed(error, .none)
        }
    }

    private func lines(for task: TaskID) throws(Failure) -> [JSON] {
        guard let path else { throw self.failure("it lies outside the project folder") }
        guard let file = FileManager.default.contents(atPath: path), file.count <= Self.largest else {
            throw self.failure("it is not there, or larger than \(Self.largest >> 20) MiB")
        }
        var lines: [JSON] = []
        for (number, line) in file.split(separator: UInt8(ascii: "\n")).enumerated() {
            guard let value = try? JSON(parsing: line), case .object = value else {
                throw self.failure("line \(number + 1) is no JSON object")
            }
            if value["task"].map({ $0.string == task.text }) ?? true { lines.append(value) }
        }
        return lines
    }

    private func reply(_ line: JSON, _ prompt: Prompt, _ turn: Int) throws(Failure) -> Transcript.Reply {
        if let wanted = line["expect"]?.string, !prompt.text.contains(wanted) {
            throw self.failure(
                "the prompt of question \(turn + 1) does not hold \"\(PlainText.line(wanted, limit: 200))\""
            )
        }
        if let words = line["fail"]?.string { throw self.failure(PlainText.line(words, limit: 200)) }
        let calls = (line["calls"]?.elements ?? []).enumerated().map { place, call in
            Transcript.Call(
                id: "c\(turn + 1).\(place + 1)",
                tool: call["tool"]?.string ?? "",
                input: call["input"] ?? [:]
            )
        }
        return Transcript.Reply(
            model: self.name.description,
            text: line["text"]?.plainText ?? "",
            calls: calls,
            stop: line["stop"]?.string.flatMap(Reply.Stop.init) ?? (calls.isEmpty ? .end : .tools)
        )
    }

    private func failure(_ why: String) -> Failure {
        Failure(
            .permanent,
            "mind.script",
            "the script \(self.name.model): \(why)",
            remedy: "mend the script"
        )
    }
}
