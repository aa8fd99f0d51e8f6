import BatonCore
import BatonEngine
import BatonPlans
import Foundation

/// Who can be asked without a plan, and where that is written.
struct Team {
    /// Its agents, defaults and limits; its tasks do not count.
    let plan: Plan
    /// In words for people; nil if it goes without saying.
    let source: String?

    private static let usualNames = ["agents", "plan"]

    /// A program as the only agent.
    init(command: String) throws {
        let words = try CommandWords.split(command)
        let program = URL(fileURLWithPath: words[0]).lastPathComponent
        var agent = AgentProfile(id: AgentID(NameRule.fault(of: program) == nil ? program : "command"))
        agent.command = words
        self.plan = Plan(id: Ask.name, agents: [agent], tasks: [])
        self.source = nil
    }

    /// The agents of a plan, or of a file that has nothing else.
    init(file path: String) throws {
        let value = try ChangesFile.read(path)
        var members: [(String, JSON)] = [("project_id", .string(Ask.name))]
        if case .array = value {
            members.append(("agents", value))
        } else {
            // What tasks, dates and oversight say is about other work.
            for key in ["agents", "defaults", "budget", "working_directory"] {
                if let part = value[key] { members.append((key, part)) }
            }
        }
        let stub: JSON = ["task_id": .string(Ask.name), "description": "any"]
        let form = JSON.members(members + [("tasks", [stub])])
        let reading = PlanFile.read(bytes: form.bytes, name: "agents.json")
        guard let plan = reading.plan else {
            let faults = reading.diagnostics.filter(\.blocksRun)
            throw BatonError(
                .plan,
                "\(path) has no agents that can be read: \(faults.first?.message ?? "it has none")",
                remedy: faults.first?.remedy ?? "write agents as in a plan"
            )
        }
        self.plan = plan
        self.source = URL(fileURLWithPath: path).lastPathComponent
    }

    /// The agents of an earlier run; of the newest if none is named.
    init(run name: String?, in path: String) async throws {
        let folder = try ReadOnly(path)
        let run = try await folder.run(name)
        self.plan = try await JournalReader(folder.journal).fold(run).run.plan
        self.source = "run \(run)"
    }

    /// The agents of the usual file in the project folder, else of the newest run.
    init(usualIn folder: String, data path: String) async throws {
        for name in Self.usualNames {
            for ending in RunNames.planEndings {
                let file = "\(folder)/\(name).\(ending)"
                guard FileManager.default.fileExists(atPath: file) else { continue }
                self = try Team(file: file)
                return
            }
        }
        do {
            self = try await Team(run: nil, in: path)
        } catch let error as BatonError where error.code == .unknownRun {
            throw BatonError(
                BatonError.Code("agent.unknown"),
                "there is nobody to ask: no agents.yml, no plan.yml and no run here",
                remedy: "name a file with --agents, or a program with --command"
            )
        }
    }
}

/// A line split into words as a shell does it, without what else a shell does.
enum CommandWords {
    static func split(_ line: String) throws -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var isEscaped = false
        for character in line {
            if isEscaped {
                word = (word ?? "") + String(character)
                isEscaped = false
            } else if character == "\\", quote != "'" {
                isEscaped = true
            } else if let open = quote {
                if character == open { quote = nil } else { word = (word ?? "") + String(character) }
            } else if character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if character.isWhitespace {
                if let word { words.append(word) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        if let word { words.append(word) }
        guard quote == nil, !isEscaped, let program = words.first, !program.isEmpty else {
            throw BatonError(
                .usage,
                words.isEmpty ? "the command is empty" : "the command ends within quotes or names no program",
                remedy: "write a program and its arguments, such as --command \"wc -c\""
            )
        }
        return words
    }
}

/// A value on the command line: JSON, else text; with `@` from a file, with `-` from standard input.
enum AskedInput {
    static func value(_ word: String) throws -> JSON {
        if word == "-" || word.hasPrefix("@") { return try Self.read(word == "-" ? "-" : String(word.dropFirst())) }
        return (try? JSON(parsing: word.utf8)) ?? .string(word)
    }

    private static func read(_ path: String) throws -> JSON {
        let bytes: [UInt8]
        do throws(Diagnostic) {
            bytes = try ValueFile.bytes(path: path)
        } catch {
            throw BatonError(BatonError.Code(error.code), "\(path): \(error.message)", remedy: error.remedy)
        }
        if let value = try? JSON(parsing: bytes) { return value }
        if let fault = UTF8Check.firstFault(in: bytes) {
            throw BatonError(
                .usage,
                "the input from \(path) is no text, first at byte \(fault)",
                remedy: "give it JSON or UTF-8"
            )
        }
        return .string(String(decoding: bytes, as: UTF8.self))
    }
}
