import BatonCore
import BatonTestKit
import Synchronization
import Testing

@testable import BatonAgents
@testable import BatonEngine

/// Small tasks of one agent share a question to its model, and each has its own answer and its own part of the price.
@Suite(.timeLimit(.minutes(1))) struct SharedQuestionTests {
    /// Answers as it is told, and keeps what it was asked.
    private final class Friend: Mind {
        let asked = Mutex<[(prompt: Prompt, reserved: Spend?)]>([])
        let reply: @Sendable (Prompt) -> Thought

        init(_ reply: @escaping @Sendable (Prompt) -> Thought) { self.reply = reply }

        var takesSharedQuestions: Bool { true }

        func answer(_ prompt: Prompt, to work: Work, after transcript: Transcript) async -> Thought {
            self.asked.withLock { $0.append((prompt, transcript.reserved)) }
            return self.reply(prompt)
        }

        var prompts: [Prompt] { self.asked.withLock { $0.map(\.prompt) } }
    }

    /// Answers when it is let.
    private struct Slow: Mind {
        let asked: Gate
        let answer: Gate
        let reply: @Sendable () -> Thought

        func answer(_ prompt: Prompt, to work: Work, after transcript: Transcript) async -> Thought {
            self.asked.open()
            await self.answer.wait()
            return self.reply()
        }
    }

    private static let usage: Usage = {
        var usage = Usage()
        var kinds = Usage.TokenKinds()
        (kinds.input, kinds.output) = (100, 7)
        (usage.tokenKinds, usage.tokens, usage.money) = (kinds, kinds.total, Money(microUSD: 10))
        return usage
    }()

    private static func says(_ text: String) -> Thought {
        .replied(Transcript.Reply(model: "lab/m", text: text, stop: .end), Self.usage)
    }

    private static func work(_ task: TaskID, tools: [String] = [], form: JSON? = nil) -> Work {
        var agent = AgentProfile(id: "ada")
        (agent.model, agent.tools) = ("ollama/m", tools)
        var spec = TaskSpec(id: task, description: "Check \(task).")
        (spec.sharesCall, spec.produces) = (true, form)
        return Work(run: "r", task: spec, agent: agent)
    }

    /// Lets all ask at once, with a clock that goes on when they wait.
    private static func ask(_ works: [Work], _ friend: Friend, reserved: Spend? = nil) async -> [TaskID: Thought] {
        let clock = ManualClock()
        let thinker = ThinkingPerformer(tools: ToolBox(projectFolder: "/", commands: nil), clock: clock) { _ in friend }
        return await withTaskGroup(of: (TaskID, Thought).self) { group in
            for work in works {
                group.addTask {
                    var transcript = Transcript()
                    transcript.reserved = reserved
                    return (work.task.id, await thinker.answer(work, after: transcript))
                }
            }
            let sharing = works.count { SharedQuestions.maySay($0, Transcript()) }
            while thinker.shared.gathered < sharing { await Task.yield() }
            if sharing > 0 { await clock.advanceToNextSleeper() }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
    }

    private static func text(_ thought: Thought?) -> String? {
        if case .replied(let reply, _)? = thought { reply.text } else { nil }
    }

    @Test func `tasks that come together are asked about once, each with its answer and its part`() async throws {
        let friend = Friend { _ in Self.says(#"{"a": "yes", "b": {"ok": true}, "c": "no"}"#) }
        let form: JSON = ["type": "object", "required": ["ok"], "properties": ["ok": ["type": "boolean"]]]
        let works = [Self.work("a"), Self.work("b", form: form), Self.work("c")]
        let spend = Spend(money: Money(microUSD: 5), tokens: 1000, calls: 1)
        let thoughts = await Self.ask(works, friend, reserved: spend)
        let prompt = try #require(friend.prompts.first)
        #expect(friend.prompts.count == 1)
        #expect(prompt.text.contains("Check a.") && prompt.text.contains("Check c."))
        #expect(prompt.form?["required"]?.elements?.count == 3)
        #expect(friend.asked.withLock { $0[0].reserved } == spend + spend + spend)
        #expect(Self.text(thoughts["a"]) == "yes" && Self.text(thoughts["c"]) == "no")
        var (paid, read) = (Int64(0), Int64(0))
        for case .replied(let reply, let usage) in thoughts.values {
            #expect(reply.sharers == 3)
            paid += usage.money.microUSD
            read += usage.tokenKinds?.input ?? 0
        }
        #expect(paid == 10 && read == 100, "the parts are the whole")
        guard case .replied(let reply, _)? = thoughts["b"] else { return #expect(Bool(false)) }
        #expect(reply.output == ["ok": true] && reply.faults.isEmpty)
    }

    @Test func `one that the answer leaves out is to be asked about alone, and pays its part`() async {
        let friend = Friend { _ in Self.says(#"{"a": "yes"}"#) }
        let thoughts = await Self.ask([Self.work("a"), Self.work("b")], friend)
        #expect(Self.text(thoughts["a"]) == "yes")
        guard case .failed(let failure, let usage)? = thoughts["b"] else { return #expect(Bool(false)) }
        #expect(failure.kind == .transient && failure.code == "mind.shared" && usage.money.microUSD == 5)
        var again = Transcript()
        again.again = 1
        #expect(!SharedQuestions.maySay(Self.work("b"), again))
        // Nor does one with words of the web behind it, which would stand behind the others then.
        var told = Transcript()
        told.isOfWeb = true
        #expect(!SharedQuestions.maySay(Self.work("b"), told) && SharedQuestions.maySay(Self.work("b"), Transcript()))
    }

    // A short task must not pay for a long one: its part would pass what was set aside for it.
    @Test func `who says more pays more, and all parts are the whole`() {
        let (short, long) = (Self.usage.part(0..<1, of: 10), Self.usage.part(1..<10, of: 10))
        #expect(short.money.microUSD == 1 && long.money.microUSD == 9)
        #expect(short.tokenKinds?.input == 10 && long.tokenKinds?.input == 90)
        #expect((short.tokenKinds?.output ?? 0) + (long.tokenKinds?.output ?? 0) == 7)
    }

    @Test(arguments: ["I refuse.", #"["a"]"#, ""])
    func `an answer in another form is nobody's`(_ text: String) async {
        let friend = Friend { _ in Self.says(text) }
        let thoughts = await Self.ask([Self.work("a"), Self.work("b")], friend)
        for case .replied in thoughts.values { Issue.record("\(thoughts)") }
        #expect(thoughts.count == 2)
    }

    @Test func `who has tools, or nobody to share with, is asked about as ever`() async {
        let friend = Friend { _ in Self.says("yes") }
        let alone = await Self.ask([Self.work("a")], friend)
        #expect(Self.text(alone["a"]) == "yes" && friend.prompts[0].form == nil)
        let armed = await Self.ask(
            [Self.work("a", tools: ["read_file"]), Self.work("b", tools: ["read_file"])],
            friend
        )
        #expect(armed.count == 2 && friend.prompts.count == 3)
    }

    @Test func `who is called off leaves the question to the others, who pay for it`() async {
        let clock = ManualClock()
        let friend = Friend { _ in Self.says(#"{"a": "yes"}"#) }
        let thinker = ThinkingPerformer(tools: ToolBox(projectFolder: "/", commands: nil), clock: clock) { _ in friend }
        let stays = Task { await thinker.answer(Self.work("a"), after: Transcript()) }
        let leaves = Task { await thinker.answer(Self.work("b"), after: Transcript()) }
        while thinker.shared.gathered < 2 { await Task.yield() }
        leaves.cancel()
        guard case .stopped = await leaves.value else { return #expect(Bool(false)) }
        await clock.advanceToNextSleeper()
        guard case .replied(_, let usage) = await stays.value else { return #expect(Bool(false)) }
        #expect(usage.money.microUSD == 10)
    }

    // Its part with the others could pass what was set aside for them, and less than the bill would be counted.
    @Test func `who is called off while it is asked pays its own part, and the others no more than theirs`() async {
        let (asked, answer) = (Gate(), Gate())
        let slow = Slow(asked: asked, answer: answer) { Self.says(#"{"a": "yes"}"#) }
        let sharers = ["a", "b"].map { SharedQuestion.Sharer(work: Self.work($0), transcript: Transcript()) }
        let question = SharedQuestion(sharers[0], slow)
        #expect(question.join(sharers[1]))
        let stays = Task { await question.answer(to: sharers[0]) }
        let leaves = Task { await question.answer(to: sharers[1]) }
        let asking = Task { await question.ask() }
        question.begin(asking)
        await asked.wait()
        leaves.cancel()
        guard case .stopped(let own) = await leaves.value else { return #expect(Bool(false)) }
        #expect(own.tokenKinds?.isEstimated == true && own.tokens > 0)
        answer.open()
        guard case .replied(_, let usage) = await stays.value else { return #expect(Bool(false)) }
        #expect(usage.money.microUSD == 5)
    }

    @Test func `the form of a task is part of what it pays for`() {
        let form: JSON = ["type": "string", "description": .string(String(repeating: "x", count: 4000))]
        let plain = SharedQuestion.Sharer(work: Self.work("a"), transcript: Transcript())
        #expect(
            SharedQuestion.Sharer(work: Self.work("a", form: form), transcript: Transcript()).bytes > plain.bytes + 4000
        )
    }

    @Test func `a question has room for twenty tasks, or for so many bytes, and takes no task twice`() async {
        let sharer = { (task: TaskID, words: String) in
            var work = Self.work(task)
            if !words.isEmpty { work = Work(run: "r", task: work.task, agent: work.agent, description: words) }
            return SharedQuestion.Sharer(work: work, transcript: Transcript())
        }
        let friend = Friend { _ in Self.says("yes") }
        let full = SharedQuestion(sharer("t0", ""), friend)
        #expect(!full.join(sharer("t0", "")))
        for number in 1..<20 { #expect(full.join(sharer(TaskID("t\(number)"), ""))) }
        #expect(!full.join(sharer("t20", "")))
        let long = SharedQuestion(sharer("t0", String(repeating: "x", count: 60 << 10)), friend)
        #expect(!long.join(sharer("t1", String(repeating: "x", count: 8 << 10))))
        #expect(long.join(sharer("t2", "")))
        await long.ask()
        #expect(!long.join(sharer("t3", "")), "it has been asked")
    }

    @Test func `a run's checks are one question, and its journal says so`() async throws {
        let friend = Friend { _ in Self.says(#"{"t0": "yes", "t1": "no", "t2": "perhaps"}"#) }
        let clock = ManualClock()
        let thinker = ThinkingPerformer(tools: ToolBox(projectFolder: "/", commands: nil), clock: clock) { _ in friend }
        var agent = AgentProfile(id: "ada")
        (agent.model, agent.maxConcurrentTasks) = ("ollama/m", 3)
        let tasks = (0..<3).map { number in
            var task = TaskSpec(id: TaskID("t\(number)"), description: "Check \(number).")
            task.sharesCall = true
            return task
        }
        let plan = Plan(id: "checks", agents: [agent], tasks: tasks)
        let engine = Engine(journal: MemoryJournal()) { _ in thinker }
        let (outcome, sharers) = try await engine.running { engine in
            let handle = try await engine.start(plan)
            while thinker.shared.gathered < 3 { await Task.yield() }
            await clock.advanceToNextSleeper()
            let outcome = try await handle.outcome()
            var sharers: [JSON] = []
            for try await event in handle.events {
                if let number = event.json["sharers"] { sharers.append(number) }
            }
            return (outcome, sharers)
        }
        #expect(outcome.tasks.map(\.output) == ["yes", "no", "perhaps"])
        #expect(sharers == [3, 3, 3] && friend.prompts.count == 1)
    }
}
