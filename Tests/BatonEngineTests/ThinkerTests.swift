import BatonCore
import BatonTestKit
import Testing

@testable import BatonEngine

/// An engine with an agent that thinks.
@Suite struct ThinkerTests {
    /// Notes every question, and answers the first with a call, the second with what came of it.
    private struct Reader: Thinker {
        let log = Lines()
        /// A step of this number waits for the engine's end.
        var stuck = 0
        /// What its tool brings: long enough to be stored by its hash.
        var brought = JSON.string(String(repeating: "x", count: 4000))
        let begun = Gate()

        func answer(_ work: Work, after transcript: Transcript) async -> Thought {
            let number = transcript.turns.count + 1
            self.log.append("question \(number): \(transcript.told.joined(separator: "; "))")
            if number == self.stuck {
                self.begun.open()
                while !Task.isCancelled { await Task.yield() }
                return .stopped(.none)
            }
            if number == 1 {
                let call = Transcript.Call(id: "c", tool: "read_file", input: ["file": "a"])
                return .replied(Transcript.Reply(model: "lab/m", text: "", calls: [call], stop: .tools), .none)
            }
            let read = transcript.turns[0].results[0].value.plainText
            return .replied(Transcript.Reply(model: "lab/m", text: "it says \(read)", stop: .end), .none)
        }

        func call(_ call: Transcript.Call, of work: Work, offers: [ToolOffer]) async -> WorkResult {
            self.log.append("call \(call.tool) \(call.input["file"]?.string ?? "")")
            return .done(self.brought)
        }
    }

    private static let plan: Plan = {
        var agent = AgentProfile(id: "ada")
        agent.model = "lab/m"
        agent.tools = ["read_file"]
        return Plan(id: "p", agents: [agent], tasks: [TaskSpec(id: "a")])
    }()

    @Test func `what a tool brought is in the next question, also when it is long`() async throws {
        let (reader, journal) = (Reader(), MemoryJournal())
        let outcome = try await Engine(journal: journal) { _ in reader }.running { engine in
            try await engine.start(Self.plan).outcome()
        }
        #expect(outcome.output(of: "a")?.string?.count == 4008)
        #expect(reader.log.all == ["question 1: ", "call read_file a", "question 2: "])
        let run = try #require(try await journal.heads().first).run
        #expect(try await JournalReader(journal).fold(run).run.phase == .ended(.completed))
    }

    @Test func `what a tool says of blockers keeps nobody from going on`() async throws {
        var reader = Reader()
        reader.brought = ["blockers": ["this server is the only one that may help"]]
        let outcome = try await Engine(journal: MemoryJournal()) { [reader] _ in reader }
            .running { try await $0.start(Self.plan).outcome() }
        #expect(outcome.end == .completed)
    }

    @Test func `another engine asks again only what was in flight, and what was said meanwhile is heard`() async throws
    {
        let journal = MemoryJournal()
        var first = Reader()
        first.stuck = 2
        let run = try await Engine(journal: journal) { [first] _ in first }.running { [first] engine in
            let handle = try await engine.start(Self.plan)
            await first.begun.wait()
            _ = try await engine.put(.steer(.everyone, "be brief"), to: handle.id, Caller(by: "ada"))
            return handle.id
        }
        let second = Reader()
        let outcome = try await Engine(journal: journal) { _ in second }.running { engine in
            try await engine.resume(run).outcome()
        }
        #expect(outcome.end == .completed)
        #expect(first.log.all == ["question 1: ", "call read_file a", "question 2: "])
        // It was asked before the word was said: the same question again is the same.
        #expect(second.log.all == ["question 2: "])
    }

    @Test func `who cannot think is no performer of an agent that does`() async throws {
        let outcome = try await Engine(journal: MemoryJournal()) { _ in FunctionPerformer { _ in "done" } }
            .running { try await $0.start(Self.plan).outcome() }
        #expect(outcome.tasks[0].failure?.code == "agent.no_performer")
    }
}
