import BatonCore
import BatonTestKit
import Foundation
import Testing

/// What a model says is never more than text.
@Suite(.ownThreads, .timeLimit(.minutes(30))) struct HostileModelTests {
    private static let texts = [
        "\u{1B}]0;owned\u{7}\u{1B}[2J", "<script>alert(1)</script><img src=x onerror=alert(1)>",
        "{{tasks.secret.output}}",
        "'; DROP TABLE events; --", "$(touch acted) `touch acted`", "%s%n%x", "\u{202E}live", "a\u{0}b",
    ]

    @Test(arguments: texts)
    func `what a model says is text everywhere`(text: String) throws {
        let folder = try TemporaryFolder()
        let baton = Binary(folder: folder.path)
        _ = try folder.write(
            """
            project_id: p
            agents:
              - {agent_id: ada, model: scripted/answers.jsonl, tools: [ask_person, report_progress, remember, recall, search_files]}
              - {agent_id: sh, command: [sh, -c, 'echo hidden']}
            tasks:
              - {task_id: secret, assigned_agent: sh}
              - {task_id: a, description: Say., assigned_agent: ada}
              - {task_id: b, description: "Use {{tasks.a.output}}.", assigned_agent: ada, dependencies: [a, secret]}
            """,
            to: "plan.yml"
        )
        let word = JSON.string(text)
        let calls: [JSON] = [
            ["tool": "report_progress", "input": ["text": word]], ["tool": "remember", "input": ["text": word]],
            ["tool": "recall", "input": ["query": word]], ["tool": "search_files", "input": ["text": word]],
            ["tool": word, "input": [:]],
        ]
        let lines: [JSON] = [
            ["task": "a", "calls": .array(calls)], ["task": "a", "text": word], ["task": "b", "text": "done"],
        ]
        _ = try folder.write(lines.map(\.description).joined(separator: "\n"), to: "answers.jsonl")
        let run = try baton("run", "plan.yml", "--id", "r")
        #expect(run.code == 0, "\(run)")
        var said = run.output + run.errors
        for command in [
            ["show", "r", "a"], ["events", "r"], ["why", "r"], ["report", "r", "--format", "md", "-o", "-"],
        ] {
            said += try baton.run(command).output
        }
        #expect(!said.unicodeScalars.contains { $0.value < 32 && $0 != "\n" && $0 != "\t" || $0.value == 0x202E })
        #expect(!FileManager.default.fileExists(atPath: folder("acted")))
        let prompt = try JSON(parsing: Array(try baton("prompt", "--of", "r", "b", "--json").output.utf8))
        // A template in a result is a text: filling it would bring what the task was never given.
        if text.contains("{{") { #expect(prompt.description.contains("{{tasks.secret.output}}")) }
        #expect(try baton("doctor").code == 0)
        #expect(try baton("replay", "r").code == 0)
    }
}
