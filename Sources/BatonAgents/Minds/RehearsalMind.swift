import BatonCore
import BatonEngine

/// Stands for a model in a real run: free, offline, the same for the same seed, marked REHEARSAL.
///
/// It costs in the books what the model would cost that it stands for: `rehearsal/claude-haiku-4-5`.
struct RehearsalMind: Mind {
    private let name: ModelName
    private let prices: PriceTable
    private let clock: any EngineClock

    init(_ name: ModelName, _ prices: PriceTable, _ clock: any EngineClock) {
        self.name = name
        self.prices = prices
        self.clock = clock
    }

    func answer(_ prompt: Prompt, to work: Work, after transcript: Transcript) async -> Thought {
        if work.agent.mischief.slow > .zero {
            do {
                try await self.clock.sleep(until: self.clock.now() + work.agent.mischief.slow)
            } catch {
                return .stopped(.none)
            }
        }
        let question = RehearsedAnswer.Question(
            task: work.task,
            agent: work.agent,
            attempt: work.attempt,
            turn: transcript.turns.count,
            again: transcript.again,
            seed: work.seed,
            files: Self.files(in: transcript)
        )
        switch RehearsedAnswer.to(question) {
        case .failed(let failure): return .failed(failure, self.usage(prompt, "", work))
        case .replied(let words, let calls, let stop):
            let text = calls.isEmpty && stop == .end ? work.madeUpUtterance(seed: work.seed)?.string ?? words : words
            let made = calls.enumerated().map { place, call in
                Transcript.Call(id: "r\(transcript.turns.count).\(place)", tool: call.tool, input: call.input)
            }
            let reply = Transcript.Reply(model: self.name.description, text: text, calls: made, stop: stop)
            return .replied(reply, self.usage(prompt, text, work))
        }
    }

    private static func files(in transcript: Transcript) -> [String] {
        let listed = transcript.turns.first?.results.first?.value["files"]?.elements ?? []
        return listed.compactMap(\.string).filter { !$0.hasSuffix("/") }
    }

    // A token is about four bytes.
    private func usage(_ prompt: Prompt, _ text: String, _ work: Work) -> Usage {
        var kinds = Usage.TokenKinds()
        kinds.input = Int64(prompt.text.utf8.count + 3) / 4
        kinds.output = Int64(text.utf8.count + 3) / 4
        let price = work.price(of: self.name) ?? self.prices.price(of: self.name)
        var usage = Usage()
        usage.tokens = kinds.total
        usage.tokenKinds = kinds
        usage.money = price?.cost(of: kinds) ?? .zero
        usage.isUnpriced = price == nil
        return usage
    }
}
