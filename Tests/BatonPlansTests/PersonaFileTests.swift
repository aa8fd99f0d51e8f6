import BatonCore
import BatonTestKit
import Foundation
import Testing

@testable import BatonPlans

/// Personas that lie in files.
@Suite struct PersonaFileTests {
    private let folder: TemporaryFolder

    init() throws {
        self.folder = try TemporaryFolder()
        _ = try self.folder.write(
            #"{"type": "TinyPerson", "persona": {"name": "Lisa Carter", "age": 28, "beliefs": ["Data matters."]}}"#,
            to: "lisa.agent.json"
        )
        _ = try self.folder.write("beliefs: [Winning is all.]\nstyle: loud\n", to: "debater.yml")
    }

    private func read(_ persona: String, name: String = "plan.yml") throws -> PlanFile {
        let path = try self.folder.write(
            """
            project_id: p
            agents:
              - {agent_id: lisa, model: ollama/m, persona: \(persona)}
            tasks:
              - {task_id: a}
            """,
            to: name
        )
        return PlanFile.read(path: path)
    }

    @Test func `files and facts of the plan become one persona, and are kept with the plan`() throws {
        let plan = try #require(try self.read("[lisa.agent.json, debater.yml, {age: 29}]").plan)
        let persona = try #require(plan.agents[0].persona)
        #expect(plan.agents[0].name == "Lisa Carter")
        #expect(persona.words(of: "age") == ["29"])
        #expect(persona.words(of: "beliefs") == ["Data matters.", "Winning is all."])
        #expect(persona.facts.first { $0.key == "style" }?.path == "debater.yml")
        let stored = PlanEncoder.bytes(of: plan)
        _ = try self.folder.write("style: quiet", to: "debater.yml")
        #expect(PlanFile.read(bytes: stored, name: "plan.json").plan == plan)
    }

    @Test(
        .enabled(if: FileManager.default.fileExists(atPath: Self.sample), "the sample of TinyTroupe is not here")
    )
    func `a person of TinyTroupe loads unchanged`() throws {
        let text = try String(contentsOfFile: Self.sample, encoding: .utf8)
        _ = try self.folder.write(text, to: "Lisa.agent.json")
        let reading = try self.read("Lisa.agent.json")
        #expect(!reading.diagnostics.contains { $0.code.hasPrefix("plan.persona") }, "\(reading.diagnostics)")
        let agent = try #require(reading.plan?.agents[0])
        #expect(agent.name == "Lisa Carter" && agent.occupation == "Data Scientist")
        #expect(agent.persona?.words(of: "relationships").count == 3)
        #expect(agent.persona?.words(of: "routines.morning").count == 4)
        let leanings = Conduct(of: agent).leanings.map(\.tendency)
        #expect(leanings == [.asks, .proves, .agrees, .proposes, .orders])
    }

    private static let sample = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
        .appendingPathComponent("../shared/samples/Lisa.agent.json").standardized.path

    @Test(
        arguments: [
            ("gone.json", "gone.json cannot be read"), ("../x.json", "lies outside"),
            ("odd.json", "cannot be read at 1:"),
            ("[lisa.agent.json, world.json]", "of the type TinyWorld"), ("5", "neither an object nor a text"),
        ]
    )
    func `one that cannot be had is a finding with its place`(persona: String, why: String) throws {
        _ = try self.folder.write(#"{"persona": }"#, to: "odd.json")
        _ = try self.folder.write(#"{"type": "TinyWorld", "persona": {}}"#, to: "world.json")
        let reading = try self.read(persona)
        let found = reading.diagnostics.first { $0.code == "plan.persona" }
        #expect(found?.message.contains(why) == true, "\(reading.diagnostics)")
        #expect(found?.place?.line == 3 && reading.plan == nil)
    }

    @Test func `unknown keys are told, and forbid nothing`() throws {
        let reading = try self.read("{beleifs: [x], shoe_size: 44}")
        let found = reading.diagnostics.filter { $0.code == "plan.persona_key" }
        #expect(found.count == 2 && found.allSatisfy { $0.severity == .warning })
        #expect(found.first?.remedy.contains("did you mean beliefs?") == true)
        #expect(reading.plan != nil)
    }
}
