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
    private let secrets: Secrets

    /// - Parameter folder: where the project is, a path without links; the script lies in it.
    package init(_ name: ModelName, in folder: String, keeping secrets: Secrets = .none) {
        self.name = name
        self.secrets = secrets
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
            return .replied(self.secrets.redacting(try self.reply(lines[turn], prompt, turn)), .none)
        } catch {
            return .failed(error, .none)
        }
    }

    /// Why its file cannot be read; nil if it can.
    package var fault: Failure? {
        do throws(Failure) {
            _ = try self.lines(for: "")
            return nil
        } catch {
            return error
        }
    }

    private func lines(for task: TaskID) throws(Failure) -> [JSON] {
        guard let path else { throw self.failure("it lies outside the project folder") }
        guard let file = FileManager.default.contents(atPath: path), file.count <= Self.largest else {
            throw self.failure("it is no file that can be read, or larger than \(Self.largest >> 20) MiB")
        }
        var lines: [JSON] = []
        let parts = file.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (number, part) in parts.enumerated() where !part.isEmpty {
            let line: JSON
            do throws(JSON.Fault) {
                line = try JSON(parsing: part)
            } catch {
                throw self.failure("line \(number + 1) is no JSON: \(error)")
            }
            if let fault = Self.fault(of: line) { throw self.failure("line \(number + 1): \(fault)") }
            if line["task"].map({ $0.string == task.text }) ?? true { lines.append(line) }
        }
        return lines
    }

    // What tests a plan must not pass over its own slips.
    private static func fault(of line: JSON) -> String? {
        guard line.isObject else { return "it is no object" }
        for name in line.memberNames {
            switch (name, line[name] ?? .null) {
            case ("text", .string), ("task", .string), ("expect", .string), ("fail", .string): continue
            case ("stop", .string(let word)):
                guard word == "length" || word == "refused" else { return "stop is length or refused" }
                if line["calls"] != nil { return "an answer with calls has no stop" }
            case ("calls", .array(let calls)):
                for call in calls {
                    guard call["tool"]?.string != nil, Set(call.memberNames).isSubset(of: ["tool", "input"])
                    else { return "a call is an object with tool and input" }
                    if let input = call["input"], !input.isObject { return "the input of a call is an object" }
                }
            case ("text", _), ("task", _), ("expect", _), ("fail", _), ("stop", _): return "\(name) is a text"
            case ("calls", _): return "calls is a list"
            default: return "there is no key \(PlainText.line(name, limit: 40))"
            }
        }
        let says = ["text", "calls", "fail"].contains { line[$0] != nil }
        return says ? nil : "it has neither text nor calls nor fail"
    }

    private func reply(_ line: JSON, _ prompt: Prompt, _ turn: Int) throws(Failure) -> Transcript.Reply {
        if let wanted = line["expect"]?.string, !prompt.text.contains(wanted) {
            throw self.failure(
                "the prompt of question \(turn + 1) does not hold \"\(PlainText.line(wanted, limit: 200))\""
            )
        }
        if let words = line["fail"]?.string {
            throw self.failure("it lets question \(turn + 1) fail: \(PlainText.line(words, limit: 200))")
        }
        let calls = (line["calls"]?.elements ?? []).enumerated().map { place, call in
            Transcript.Call(
                id: "c\(turn + 1).\(place + 1)",
                tool: call["tool"]?.string ?? "",
                input: call["input"] ?? [:]
            )
        }
        return Transcript.Reply(
            model: self.name.description,
            text: line["text"]?.string ?? "",
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
