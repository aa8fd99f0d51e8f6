import BatonCore
import BatonEngine
import Testing

/// What a program hears of its team, and acts on without looking.
@Suite struct TeamEventTests {
    private static let agents = [
        FunctionAgent("shy") { work in work.directives.isEmpty ? ["blockers": ["no key"]] : "opened" },
        FunctionAgent("next") { work in work.dependencies.first?.output ?? .null },
    ]

    @Test func `a program hears blockers, answers them, and hears what became of it, in order`() async throws {
        let heard = try await Engine(agents: Self.agents).running { engine in
            var tasks = [TaskSpec(id: "door"), TaskSpec(id: "room", dependencies: ["door"])]
            (tasks[0].assignedAgent, tasks[1].assignedAgent) = ("shy", "next")
            let handle = try await engine.start(Plan(id: "house", agents: Self.agents.map(\.profile), tasks: tasks))
            var heard: [String] = []
            for try await event in handle.teamEvents {
                switch event {
                case .blocker(let task, let agent, let text, let question):
                    heard.append("blocker \(task) \(agent?.text ?? "nobody") \(text.contains("no key"))")
                    try await engine.answer(question, of: handle.id, with: .words("under the mat"), by: "eve")
                case .question(let task, _, _, _): heard.append("question \(task)")
                case .complete(let task, let agent, let output):
                    heard.append("complete \(task) \(agent?.text ?? "nobody") \(output?.plainText ?? "")")
                case .resolution(let task, let by, let text, _): heard.append("resolution \(task) \(by) \(text)")
                }
            }
            return heard
        }
        #expect(
            heard == [
                "blocker door shy true", "resolution door eve under the mat", "complete door shy opened",
                "complete room next opened",
            ]
        )
    }
}
