package import BatonCore
import Foundation

/// Reads the files of instructions and personas that a plan names, below its folder.
package enum InstructionReader {
    static let most = 1 << 20

    /// Fills in the texts; what cannot be read is a finding and an empty text.
    package static func fill(_ plan: inout Plan, from folder: String) -> [Diagnostic] {
        var found: [Diagnostic] = []
        let root = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
        for agent in plan.agents.indices {
            for index in plan.agents[agent].instructionFiles.indices {
                let file = plan.agents[agent].instructionFiles[index]
                guard file.text == nil else { continue }
                switch Self.text(of: file.path, below: root) {
                case .success(let text): plan.agents[agent].instructionFiles[index].text = text
                case .failure(let fault):
                    plan.agents[agent].instructionFiles[index].text = ""
                    let name = PlainText.line(file.path, limit: 200)
                    found.append(InstructionFiles.finding("\(name) \(fault.why)", fault.remedy, agent, index))
                }
            }
            found += Self.fillPersona(of: &plan.agents[agent], PlanPath(.name("agents"), .index(agent)), below: root)
        }
        return found
    }

    private static func fillPersona(
        of agent: inout AgentProfile,
        _ path: PlanPath,
        below root: String
    ) -> [Diagnostic] {
        guard var persona = agent.persona else { return [] }
        var found: [Diagnostic] = []
        for index in persona.parts.indices where persona.parts[index].facts == nil {
            let file = persona.parts[index].path ?? ""
            let place = persona.parts.count == 1 ? path["persona"] : path["persona"][index]
            switch Self.facts(of: file, below: root) {
            case .success(let facts): persona.parts[index].facts = facts
            case .failure(let fault):
                persona.parts[index].facts = .null
                let name = PlainText.line(file, limit: 200)
                found.append(
                    Diagnostic(PersonaCheck.code, "the file \(name) \(fault.why)", remedy: fault.remedy, at: place)
                )
            }
        }
        agent.persona = persona
        agent.takePersona()
        return found
    }

    private static func facts(of path: String, below root: String) -> Result<JSON, Fault> {
        Self.text(of: path, below: root).flatMap { text in
            do throws(ParseFault) {
                return .success(JSON(try PlanText.node(Array(text.utf8), name: path)) ?? .null)
            } catch {
                let finding = error.diagnostic
                let place = finding.place.map { " at \($0.line):\($0.column)" } ?? ""
                return .failure(Fault(why: "cannot be read\(place): \(finding.message)", remedy: finding.remedy))
            }
        }
    }

    /// Takes the texts of built-in agents from the plan's folder where it has some.
    package static func replaceProfiles(of plan: inout Plan, from folder: String) {
        let root = URL(fileURLWithPath: folder).resolvingSymlinksInPath().path
        for agent in plan.agents.indices {
            guard let profile = plan.agents[agent].type.flatMap(BuiltInProfile.named),
                plan.agents[agent].instructionFiles == [.init(path: profile.path, text: profile.text)],
                case .success(let text) = Self.text(of: profile.path, below: root), !text.isBlank
            else { continue }
            plan.agents[agent].instructionFiles = [.init(path: profile.path, text: text)]
        }
    }

    private struct Fault: Error {
        let why: String
        let remedy: String
    }

    // As for the tools of agents.
    private static let hidden: Set<String> = [".env", ".baton", ".git"]

    private static func isInDataFolder(_ parts: [String], below root: String) -> Bool {
        parts.indices.contains { count in
            let folder = ([root] + parts.prefix(count)).joined(separator: "/")
            return FileManager.default.fileExists(atPath: "\(folder)/journal.sqlite")
        }
    }

    private static func text(of path: String, below root: String) -> Result<String, Fault> {
        let full = URL(fileURLWithPath: path, relativeTo: URL(fileURLWithPath: root + "/")).resolvingSymlinksInPath()
            .path
        guard !path.hasPrefix("/"), full.hasPrefix(root == "/" ? "/" : root + "/") else {
            return .failure(Fault(why: "lies outside the plan's folder", remedy: "put it below \(root)"))
        }
        let parts = full.dropFirst(root.count).split(separator: "/").map(String.init)
        guard !parts.contains(where: Self.hidden.contains), !Self.isInDataFolder(parts, below: root) else {
            return .failure(Fault(why: "is not for agents", remedy: "copy what they may know into another file"))
        }
        switch FileBytes.read(path: full) {
        case .refused(let finding):
            return .failure(Fault(why: "cannot be read: \(finding.message)", remedy: finding.remedy))
        case .bytes(let bytes):
            guard bytes.count <= Self.most else {
                return .failure(Fault(why: "is larger than \(Self.most) bytes", remedy: "make it shorter"))
            }
            guard let text = String(validating: bytes, as: UTF8.self) else {
                return .failure(Fault(why: "is no UTF-8", remedy: "save it as UTF-8"))
            }
            return .success(text.trimmingCharacters(in: .newlines))
        }
    }
}
