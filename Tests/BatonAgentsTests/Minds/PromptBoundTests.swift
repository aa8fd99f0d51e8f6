import BatonAgents
import BatonCore
import BatonTestKit
import Synchronization
import Testing

@testable import BatonEngine

/// What is set aside for a question is never less than the question has.
@Suite struct PromptBoundTests {
    /// Holds each prompt against what was set aside for it, and says odd things in several turns.
    private final class Measuring: Thinker {
        private let draws: Mutex<SplitMix64>
        let short = Lines()
        let asked = Atomic(0)

        init(seed: UInt64) { self.draws = Mutex(SplitMix64(seed: seed)) }

        func answer(_ work: Work, after transcript: Transcript) async -> Thought {
            var bytes = Prompt(work, after: transcript).text.utf8.count
            for offer in transcript.offers {
                bytes += offer.name.utf8.count + offer.text.utf8.count + offer.input.description.utf8.count
            }
            if transcript.offers.count != 2 { self.short.append("\(work.task.id): tools of others are missing") }
            self.asked.add(1, ordering: .relaxed)
            let most = Int(transcript.reserved?.tokens ?? 0) - (work.agent.maxTokens ?? 0)
            if bytes > most { self.short.append("\(work.task.id): \(bytes) of \(most)") }
            let calls = transcript.turns.count < 4 ? self.below(3) : 0
            let made = (0..<calls).map { place in
                Transcript.Call(
                    id: "c\(transcript.turns.count).\(place)\(self.text(40))",
                    tool: self.below(2) == 0 ? "read_file" : self.text(20),
                    input: ["n": .integer(Int64(place)), "text": .string(self.text(3000))]
                )
            }
            let words = self.text(3000) + "\(transcript.turns.count)"
            // Now and then in the wrong form, so that it is told.
            let faults = calls == 0 && transcript.turns.count < 2 ? [self.text(500)] : []
            let stop: Reply.Stop = calls == 0 ? .end : .tools
            return .replied(
                Transcript.Reply(model: "ollama/m", text: words, faults: faults, calls: made, stop: stop),
                .none
            )
        }

        func offers(for work: Work) async -> OfferResult {
            let offers = ["swift__a", "swift__b"].map { name in
                ToolOffer(
                    name: name,
                    source: "swift/\(name.suffix(1))",
                    text: self.text(3000),
                    input: ["type": "object", "description": .string(self.text(3000))],
                    isRepeatable: true
                )
            }
            return .offered(offers)
        }

        func call(_ call: Transcript.Call, of work: Work, offers: [ToolOffer]) async -> WorkResult {
            self.below(4) == 0
                ? .failed(Failure(.transient, "test.tool", self.text(300), remedy: "none"))
                : .done(["text": .string(self.text(5000)), "list": [1, 2, 3]])
        }

        func below(_ bound: Int) -> Int { self.draws.withLock { $0.below(bound) } }

        /// Words, quotes, line ends, letters of several bytes.
        func text(_ longest: Int) -> String {
            let pieces = ["word ", "\"", "\n", "ß", "鉄", "🎻", "\\", "{{", "}}", "\u{1}"]
            return (0..<self.below(max(1, longest / 4))).map { _ in pieces[self.below(pieces.count)] }.joined()
        }
    }

    private static func plan(_ odd: Measuring) -> Plan {
        var ada = AgentProfile(id: "ada", name: odd.text(100))
        (ada.model, ada.tools, ada.maxTokens) = ("ollama/m", ["read_file", "swift/*"], 100)
        (ada.occupation, ada.instructions) = (odd.text(100), odd.text(2000))
        (ada.skills, ada.personalityTraits) = ([odd.text(50), odd.text(50)], [odd.text(50)])
        (ada.yearsExperience, ada.persona) = (
            odd.text(20), Persona(["age": 28, "words": .string(odd.text(500)), "traits": [.string(odd.text(90))]])
        )
        ada.limits.iterations = 1000
        // In half of the plays old turns are told in outline.
        ada.limits.contextTokens = odd.below(2) == 0 ? 1000 : 1_000_000
        var source = AgentProfile(id: "source")
        source.type = "function"
        var plan = Plan(id: "p", agents: [ada, source], tasks: [])
        for number in 0..<3 {
            var task = TaskSpec(id: TaskID("s\(number)"), description: "bring")
            task.assignedAgent = "source"
            plan.tasks.append(task)
        }
        for number in 0..<3 {
            var task = TaskSpec(id: TaskID("t\(number)"), description: Template.literal(odd.text(1000)))
            task.description += " {{tasks.s0.output.text}} and {{tasks.s0.output}}"
            task.input = ["all": "{{tasks.s1.output}}", "part": "see {{tasks.s1.output}} twice {{tasks.s1.output}}"]
            task.dependencies = ["s0", "s1", "s2"]
            task.assignedAgent = "ada"
            plan.tasks.append(task)
        }
        plan.budget.tokens = 1_000_000_000
        return plan
    }

    @Test func `results that have to be quoted are set aside for as they are told`() async throws {
        let odd = Measuring(seed: 1)
        let source = FunctionPerformer { _ in ["text": "x", "n": 1] }
        let forger = FunctionPerformer { _ in "Result of nobody" }
        var plan = Self.plan(odd)
        var agent = AgentProfile(id: "forger")
        agent.type = "function"
        plan.agents.append(agent)
        for number in 3..<100 {
            var task = TaskSpec(id: TaskID("s\(number)"), description: "bring")
            task.assignedAgent = "forger"
            plan.tasks.append(task)
            plan.tasks[3].dependencies.append(task.id)
        }
        let engine = Engine(journal: MemoryJournal()) { agent -> (any Performer)? in
            if agent.id == "ada" { odd } else { agent.id == "forger" ? forger : source }
        }
        let outcome = try await engine.running { [plan] engine in try await engine.start(plan).outcome() }
        #expect(odd.short.all.isEmpty)
        #expect(odd.asked.load(ordering: .relaxed) >= 3, "\(outcome)")
    }

    @Test(arguments: 0..<12)
    func `no question has more than was set aside for it`(seed: Int) async throws {
        let odd = Measuring(seed: UInt64(seed))
        let source = FunctionPerformer { _ in ["text": .string(odd.text(4000)), "n": 1] }
        let engine = Engine(journal: MemoryJournal()) { agent -> (any Performer)? in
            if agent.id == "ada" { odd } else { source }
        }
        let outcome = try await engine.running { engine in
            let handle = try await engine.start(Self.plan(odd))
            _ = try await engine.put(.steer(.everyone, odd.text(2000) + "."), to: handle.id, Caller(by: "ada"))
            return try await handle.outcome()
        }
        #expect(odd.short.all.isEmpty)
        #expect(odd.asked.load(ordering: .relaxed) >= 3, "\(outcome)")
    }
}
