import BatonTestKit
import Testing

@testable import BatonCore

/// A run whose agent thinks: each question to its model and each call of a tool is a step.
@Suite struct ThinkingTests {
    private static func stage(tools: [String] = ["read"], _ change: (inout TaskSpec) -> Void = { _ in }) -> RunStage {
        var thinker = AgentProfile(id: "ada")
        thinker.model = "lab/m"
        thinker.tools = tools
        var task = TaskSpec(id: "a")
        change(&task)
        return RunStage(Plan(id: "p", agents: [thinker], tasks: [task]))
    }

    private static func says(_ words: String, calling tool: String? = nil) -> StepResult {
        let calls = tool.map { [ToolCall(id: "c", tool: $0, input: .inline([:]))] } ?? []
        let stop: Reply.Stop = calls.isEmpty ? .end : .tools
        return .replied(Reply(model: "lab/m", text: .inline(.string(words)), calls: calls, stop: stop), .none)
    }

    private static func key(_ step: Int32, delivery: Int32 = 1) -> StepKey {
        StepKey(task: TaskIndex(0), attempt: 1, step: step, delivery: delivery)
    }

    private static func events(_ stage: RunStage) -> [String] { stage.facts.map { EventCodec.kind(of: $0.event) } }

    @Test func `each question and each call is owed before it is made, and what was said last is the output`() throws {
        var stage = Self.stage()
        try stage.start()
        #expect(stage.run.owed[Self.key(1)]?.request == .model(ModelCall(choice: 0, told: 0)))
        try stage.put(.returned(Self.key(1), Self.says("let me see", calling: "read")))
        #expect(stage.run.owed.keys.map(\.step) == [2])
        #expect(stage.run.owed[Self.key(2)]?.request == .tool(0))
        try stage.put(.returned(Self.key(2), .done(.inline("text"), .none)))
        #expect(stage.run.owed[Self.key(3)]?.request == .model(ModelCall(choice: 0, told: 0)))
        try stage.put(.returned(Self.key(3), Self.says("done")))
        #expect(stage.run.output(of: TaskIndex(0)) == .inline("done"))
        #expect(stage.run.phase == .ended(.completed))
    }

    @Test func `a paused run asks nothing more, and goes on where it was`() throws {
        var stage = Self.stage()
        try stage.start()
        try stage.put(.pause(now: false))
        try stage.put(.returned(Self.key(1), Self.says("let me see", calling: "read")))
        #expect(stage.run.owed.isEmpty)
        try stage.pass(.seconds(100_000))
        try stage.put(.resume)
        try stage.put(.slots(9))
        #expect(stage.run.owed.keys.map(\.step) == [2])
        #expect(stage.run.nextWake == stage.now + .seconds(3600), "its time begins anew")
    }

    @Test func `a pause at once costs the step in flight and nothing before it`() throws {
        var stage = Self.stage()
        try stage.start()
        try stage.put(.returned(Self.key(1), Self.says("let me see", calling: "read")))
        try stage.put(.pause(now: true))
        try stage.put(.returned(Self.key(2), .stopped(.none)))
        #expect(Self.events(stage).last == "attempt_held")
        try stage.put(.resume)
        try stage.put(.slots(9))
        #expect(stage.run.owed[Self.key(3)]?.request == .tool(0))
        #expect(stage.run.tasks[0].attempts == 1)
    }

    @Test func `what came in spite of a pause at once is kept`() throws {
        var stage = Self.stage()
        try stage.start()
        try stage.put(.pause(now: true))
        try stage.put(.resume)
        try stage.put(.slots(9))
        try stage.put(.returned(Self.key(1), Self.says("let me see", calling: "read")))
        #expect(stage.run.owed[Self.key(2)]?.request == .tool(0))
    }

    @Test(arguments: [Command.cancel, .skip(TaskIndex(0), note: "")])
    func `what is held by a pause can be ended`(command: Command) throws {
        var stage = Self.stage()
        try stage.start()
        try stage.put(.pause(now: false))
        try stage.put(.returned(Self.key(1), Self.says("let me see", calling: "read")))
        try stage.put(command)
        #expect(stage.run.isEnded)
    }

    @Test func `after a crash the question in flight is asked again, and no other`() throws {
        var stage = Self.stage()
        try stage.start()
        try stage.put(.returned(Self.key(1), Self.says("let me see", calling: "read")))
        try stage.put(.returned(Self.key(2), .done(.inline("text"), .none)))
        try stage.put(.recovered(engine: "next"))
        #expect(stage.run.owed.keys.map(\.self) == [Self.key(3, delivery: 2)])
    }

    @Test func `its steps have the time of one attempt together`() throws {
        var stage = Self.stage { $0.timeout = .seconds(10) }
        try stage.start()
        try stage.pass(.seconds(8))
        try stage.put(.returned(Self.key(1), Self.says("let me see", calling: "read")))
        try stage.pass(.seconds(2))
        #expect(stage.run.stopping[Self.key(2)] == .timedOut)
    }

    @Test(arguments: [(nil, 2), (1, 1)])
    func `so many questions as the task allows, else its agent`(ofTask: Int?, most: Int32) throws {
        var thinker = AgentProfile(id: "ada")
        (thinker.model, thinker.tools, thinker.limits.iterations) = ("lab/m", ["read"], 2)
        var task = TaskSpec(id: "a")
        (task.iterations, task.maxAttempts) = (ofTask, 1)
        var stage = RunStage(Plan(id: "p", agents: [thinker], tasks: [task]))
        try stage.start()
        var step: Int32 = 1
        while let request = stage.run.owed[Self.key(step)]?.request {
            let call = ToolCall(id: "c", tool: "read", input: .inline(.integer(Int64(step))))
            let reply = Reply(model: "lab/m", text: .inline(""), calls: [call], stop: .tools)
            let isQuestion = request != .tool(0)
            try stage.put(.returned(Self.key(step), isQuestion ? .replied(reply, .none) : .done(.inline("x"), .none)))
            step += 1
        }
        #expect(step == 2 * most + 1)
        guard case .ended(.failed(let failure)) = stage.run.tasks[0].state else {
            Issue.record("it did not fail")
            return
        }
        #expect(failure.code == "mind.iterations")
        #expect(failure.message == "the agent was not done after \(most) questions to its model")
    }

    @Test func `what people say is heard with the next question`() throws {
        var stage = Self.stage()
        try stage.start()
        try stage.put(.steer(.everyone, .inline("be brief")), by: .person("ada"))
        try stage.put(.returned(Self.key(1), Self.says("let me see", calling: "read")))
        try stage.put(.returned(Self.key(2), .done(.inline("text"), .none)))
        #expect(stage.run.owed[Self.key(3)]?.request == .model(ModelCall(choice: 0, told: 1)))
    }

    @Test func `every event of it reads back as it was written`() throws {
        var stage = Self.stage()
        try stage.start()
        try stage.put(.returned(Self.key(1), Self.says("let me see", calling: "read")))
        try stage.put(.pause(now: true))
        try stage.put(.returned(Self.key(2), .stopped(.none)))
        for fact in stage.facts.dropFirst() {
            var writer = JSONWriter()
            EventCodec.write(fact, to: &writer)
            let read = try EventCodec.read(writer.bytes.dropLast(), position: fact.position) {
                _ throws(EventCodec.Fault) in
                throw .plan("none")
            }
            #expect(read == fact)
        }
    }
}
