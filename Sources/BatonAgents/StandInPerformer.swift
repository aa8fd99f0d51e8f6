import BatonCore
package import BatonEngine

/// Plays agents that nothing else performs, within a real run: at once, marked REHEARSAL, repeatable.
package struct StandInPerformer: Performer {
    private let seed: UInt64

    /// Takes what the words are drawn from.
    package init(seed: UInt64) { self.seed = seed }

    /// Answers in the role's words.
    package func perform(_ work: Work) async -> WorkResult {
        if let said = work.madeUpUtterance(seed: self.seed) { return .done(said) }
        return .done(StandIn.words(for: work.task, attempt: work.attempt, agents: [work.agent], seed: self.seed))
    }
}
