import BatonCore
import BatonTestKit
import Foundation
import Testing

/// Personas, as whoever writes a plan meets them.
@Suite(.ownThreads, .timeLimit(.minutes(30))) struct PersonaCommandTests {
    private let folder: TemporaryFolder

    init() throws { self.folder = try TemporaryFolder() }

    private var baton: Binary { Binary(folder: self.folder.path) }

    @Test func `an agent of a name and an occupation is enough, and all that is said of one stands in its prompt`()
        throws
    {
        _ = try self.folder.write(
            #"{"type": "Fragment", "persona": {"behaviors": {"debate": ["You play for the audience."]}}}"#,
            to: "debater.json"
        )
        _ = try self.folder.write(
            """
            project_id: p
            agents:
              - {agent_id: bob, name: Bob, occupation: Developer, model: ollama/m}
              - agent_id: pm
                name: Emily Martinez
                occupation: Project Manager
                model: ollama/m
                personality_traits: [organized, communicative]
                years_experience: 10+ years
                professional_interests: [gardens]
                skills: [planning]
                persona: [debater.json, {age: 41, beliefs: [Small steps.]}]
            tasks: [{task_id: a, description: Say hello.}]
            """,
            to: "plan.yml"
        )
        #expect(try self.baton("check", "plan.yml").code == 0)
        #expect(try self.baton("prompt", "plan.yml", "bob").output.contains("You are Bob, Developer."))
        let told = try self.baton("prompt", "plan.yml", "pm").output
        for words in [
            "organized, communicative", "10+ years", "gardens", "planning", "Age: 41", "- Small steps.",
            "[the file debater.json, behaviours.debate]", "who does what by when (organized)",
            "press for a decision when enough is known (10+ years)",
        ] {
            #expect(told.contains(words), "\(words) is not in \(told)")
        }
        let shown = try JSON(parsing: Array(try self.baton("prompt", "plan.yml", "pm", "--json").output.utf8))
        #expect(shown["agent"] == "pm" && shown["system"]?.elements?.count == 9)
    }

    @Test func `a persona that is none says where and what to do`() throws {
        _ = try self.folder.write(
            "project_id: p\nagents:\n  - {agent_id: bob, persona: {age: old, trait: [kind]}}\ntasks: [{task_id: a}]\n",
            to: "plan.yml"
        )
        let checked = try self.baton("check", "plan.yml")
        #expect(checked.code == 65)
        #expect(checked.everything.contains("plan.yml:3:"))
        #expect(checked.everything.contains("age is not years, 0 to 200"))
        #expect(checked.everything.contains("did you mean traits?"))
    }

    @Test func `all that a model is sent is shown, the tools with their arguments among it`() throws {
        let folder = try TemporaryFolder()
        let baton = Binary(folder: folder.path)
        let shown = try baton("prompt", "review").output
        #expect(shown.contains("[the tool read_file]") && shown.contains(#""properties""#), "\(shown)")
        #expect(shown.contains("The form of its answers"), "\(shown)")
        _ = try folder.write(
            "project_id: p\nagents: [{agent_id: a, model: ollama/m, tools: [read_file]}]\ntasks: [{task_id: t, description: x}]\n",
            to: "plan.yml"
        )
        let task = try JSON(parsing: Array(try baton("prompt", "plan.yml", "t", "--json").output.utf8))
        #expect(task["offers"]?[0]?["origin"] == "the tool read_file")
        #expect(task["offers"]?[0]?["text"]?.string?.contains("offset") == true)
    }
}
