import BatonCore
import Foundation
import OrderedCollections
import Testing

@testable import BatonAgents
@testable import BatonEngine

/// What a command reads from standard input.
@Suite(.timeLimit(.minutes(30)))
struct CommandInputTests {
    @Test func `the task arrives as one JSON object`() async throws {
        try await CommandRig.lend { rig in
            let work = rig.work(
                ["cat"],
                input: ["text": "é\n\u{1F600}", "n": 3],
                attempt: 2,
                delivery: 3,
                dependencies: [
                    Work.Dependency(task: "a", output: ["x": 1], shortfall: nil),
                    Work.Dependency(task: "b", output: nil, shortfall: "skipped"),
                ]
            ) { agent, task in
                task.type = "writing"
                agent.occupation = "author"
                agent.instructions = "be brief"
            }
            let expected: JSON = [
                "run": "r1", "task": ["id": "draft", "description": "Write it", "type": "writing"],
                "agent": ["id": "writer", "name": "writer", "occupation": "author", "instructions": "be brief"],
                "attempt": 2, "delivery": 3, "input": ["text": "é\n\u{1F600}", "n": 3],
                "dependencies": [
                    "a": ["status": "completed", "output": ["x": 1]], "b": ["status": "failed", "reason": "skipped"],
                ],
            ]
            #expect(await rig.perform(work).value == expected)
        }
    }

    @Test func `ten megabytes arrive whole where they are read`() async throws {
        try await CommandRig.lend { rig in
            let work = rig.work(["wc", "-c"], input: .string(String(repeating: "x", count: 10 << 20)))
            #expect(await rig.perform(work).value == .integer(Int64(CommandInput.json(work).bytes.count)))
        }
    }

    @Test(arguments: ["echo 1", "exec 0<&-; echo 1", "head -c 5 >/dev/null; echo 1"])
    func `a command need not read its input`(script: String) async throws {
        try await CommandRig.lend { rig in
            let input = JSON.string(String(repeating: "x", count: 10 << 20))
            #expect(await rig.perform(rig.work(["/bin/sh", "-c", script], input: input)).value == 1)
        }
    }

    @Test func `a pipe that nobody reads does not end the engine`() async throws {
        try await CommandRig.lend { rig in
            let input = JSON.string(String(repeating: "x", count: 1 << 20))
            for _ in 0..<5 {
                #expect(await rig.perform(rig.work(["/bin/sh", "-c", "exec 0<&-; echo 1"], input: input)).value == 1)
            }
        }
    }
}
