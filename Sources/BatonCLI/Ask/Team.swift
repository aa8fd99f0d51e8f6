import BatonCore
import BatonEngine
import BatonPlans
import BatonSQLite
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

    /// A model as the only agent.
    init(model: String) {
        var agent = AgentProfile(id: "model")
        agent.model = model
        self.plan = Plan(id: Ask.name, agents: [agent], tasks: [])
        self.source = nil
    }

    /// Built-in agents, by their types, and those of the working folder by the names of their texts.
    init(profiles names: [String], model: String?) {
        let folder = FileManager.default.currentDirectoryPath
        let agents = names.map { name in
            var agent = AgentProfile(id: AgentID(name))
            agent.model = model
            if AgentProfile.builtInTypes.contains(name) {
                agent.type = name
            } else {
                agent.instructionFiles = [.init(path: Self.profile(name))]
                agent.tools = ["list_files", "read_file", "search_files"]
            }
            return agent
        }
        var plan = Plan(id: Ask.name, agents: agents, tasks: []).staffed
        InstructionReader.replaceProfiles(of: &plan, from: folder)
        // Those that cannot be read were refused by their names.
        _ = InstructionReader.fill(&plan, from: folder)
        self.plan = plan
        self.source = model.map { "the built-in agents, with \($0)" }
    }

    private static func profile(_ name: String) -> String { "Profiles/\(name).md" }

    /// Whether there is a built-in agent of a name, or the working folder has a text for it.
    static func knows(_ name: String) -> Bool {
        AgentProfile.builtInTypes.contains(name)
            || NameRule.fault(of: name) == nil && FileManager.default.isReadableFile(atPath: Self.profile(name))
    }

    /// A file with agents, or names of built-in ones; nil is what lies in the folder, else the usual ones.
    ///
    /// - Throws: ``BatonError``: the file cannot be read, or nobody is called so.
    static func working(_ agents: String?, usual: [String]?) throws -> Team {
        let folder = FileManager.default.currentDirectoryPath
        if let agents, FileManager.default.fileExists(atPath: agents) { return try Team(file: agents) }
        if agents == nil {
            for ending in ["yml", "yaml", "json"]
            where FileManager.default.fileExists(atPath: "\(folder)/agents.\(ending)") {
                return try Team(file: "\(folder)/agents.\(ending)")
            }
        }
        guard
            let names = agents.map({ $0.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } })
                ?? usual
        else {
            throw BatonError(
                BatonError.Code("agent.unknown"),
                "nothing says which agents there are",
                remedy: "name a file with --agents, or write agents.yml"
            )
        }
        if let odd = names.first(where: { !Self.knows($0) }) {
            let near = NearestName.of(odd, among: AgentProfile.builtInTypes).map { "did you mean \($0)? " } ?? ""
            throw BatonError(
                BatonError.Code("agent.unknown"),
                "\(PlainText.line(odd, limit: 60)) is neither a file nor a built-in agent, and there is no Profiles/\(PlainText.line(odd, limit: 60)).md",
                remedy: "\(near)the built-in agents are \(AgentProfile.builtInTypes.joined(separator: ", "))"
            )
        }
        return Team(profiles: names, model: Surroundings.model)
    }

    /// The agents of a plan, or of a file that has nothing else.
    init(file path: String) throws {
        let value = try ChangesFile.read(path)
        // A list is agents alone; what tasks, dates and oversight of a plan say is about other work.
        let form = Ask.form { key in
            if case .array = value { return key == "agents" ? value : nil }
            return value[key]
        }
        let folder = path == "-" ? "." : URL(fileURLWithPath: path).deletingLastPathComponent().path
        let reading = PlanFile.read(bytes: form.bytes, name: "agents.json", folder: folder, model: Surroundings.model)
        guard let plan = reading.plan else {
            let faults = reading.diagnostics.filter(\.blocksRun)
            let words = try Self.words(of: faults, inFile: path)
            throw BatonError(
                .plan,
                "\(path) has no agents that can be read: \(words.isEmpty ? "it has none" : words)",
                remedy: faults.first?.remedy ?? "write agents as in a plan"
            )
        }
        self.plan = plan
        self.source = URL(fileURLWithPath: path).lastPathComponent
    }

    private static let mostFaults = 5

    // What was read is not the file itself: each place is looked up in that.
    private static func words(of faults: [Diagnostic], inFile path: String) throws -> String {
        let file = path == "-" ? nil : PlanFile.read(path: path).node
        let isList = if case .array? = file?.kind { true } else { false }
        let words = faults.prefix(Self.mostFaults).map { fault in
            let place = file.map { fault.path.without(isList ? "agents" : nil).place(in: $0) }
            return (place.map { "\($0.line):\($0.column): " } ?? "") + fault.message
        }
        let more = faults.count > words.count ? ["\(faults.count - words.count) more"] : []
        return (words + more).joined(separator: "; ")
    }

    /// The agents of an earlier run; of the newest if none is named.
    init(run name: String?, in path: String) async throws {
        let folder = try ReadOnly(path)
        let run = try await folder.run(name)
        var plan = try await JournalReader(folder.journal).fold(run).run.plan
        plan.agents.removeAll { $0.kind == .conductor || $0.madeBy != nil }
        self.plan = plan
        self.source = "run \(run)"
    }

    /// The agents of the usual file in the project folder, else of the newest run that is no ask itself.
    init(usualIn folder: String, data path: String) async throws {
        for name in Self.usualNames {
            for ending in RunNames.planEndings {
                let file = "\(folder)/\(name).\(ending)"
                guard FileManager.default.fileExists(atPath: file) else { continue }
                self = try Team(file: file)
                return
            }
        }
        guard let run = try await Self.newestOfPlan(in: path) else {
            if let model = Surroundings.model {
                self = Team(profiles: AgentProfile.builtInTypes, model: model)
                return
            }
            throw BatonError(
                BatonError.Code("agent.unknown"),
                "there is nobody to ask: no agents.yml, no plan.yml and no run of a plan here",
                remedy:
                    "name a file with --agents, a program with --command, a model with --model, or a run with --run; or set BATON_MODEL to ask the built-in agents"
            )
        }
        self = try await Team(run: run.text, in: path)
    }

    // An ask has only whoever was asked: taken for a team, it would lose the others.
    private static func newestOfPlan(in path: String) async throws -> RunID? {
        let folder: ReadOnly
        do {
            folder = try ReadOnly(path)
        } catch let error as BatonError where error.code == .unknownRun {
            return nil
        }
        let reader = JournalReader(folder.journal)
        for head in try await folder.journal.heads() {
            guard try await Ask.made(reader.plan(of: head.run)) else { return head.run }
        }
        return nil
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
