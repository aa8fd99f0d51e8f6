package import BatonCore

/// What a model said for a task of a run, with all that it had been told: enough to say it again, and to see whether it is asked the same.
package struct Recording: Sendable {
    /// One question with its answer.
    package struct Answer: Sendable {
        package let work: Work
        package let transcript: Transcript
        package let reply: Transcript.Reply
    }

    /// Those of the last attempt in which the model was asked, in order.
    package let answers: [Answer]

    /// Reads it out of a journal.
    ///
    /// - Throws: ``BatonError`` if there is no such run, or its journal is not whole.
    package static func of(_ task: TaskID, in run: RunID, _ journal: any Journal) async throws -> Recording {
        guard try await journal.head(of: run) != nil else { throw Engine.unknown(run) }
        let reader = JournalReader(journal)
        var folded: Run?
        var changes = Changes()
        var answers: [Answer] = []
        for fact in try await reader.all(of: run) {
            switch fact.event {
            case .attemptStarted(let index, _, _) where folded?.spec(index).id == task: answers = []
            case .stepReturned(let key, .replied(let reply, _)) where folded?.spec(key.task).id == task:
                guard let folded else { break }
                answers += try await Self.answer(to: key, reply, in: folded, reader).map { [$0] } ?? []
            default: break
            }
            JournalReader.take(fact, &folded, &changes)
            changes = Changes()
        }
        return Recording(answers: answers)
    }

    private static func answer(
        to key: StepKey,
        _ reply: Reply,
        in run: Run,
        _ reader: JournalReader
    ) async throws -> Answer? {
        let live = LiveRun(run, chain: ChunkWriter.Chain(createdAt: .zero))
        guard let order = live.order(of: key), let dialogue = order.dialogue, case .model(let call) = dialogue.request
        else { return nil }
        let runner = StepRunner(performers: { _ in nil }, live: { _, _, _ in .none }, reader: reader)
        let (work, stored) = try await runner.question(of: order)
        var values = stored
        for content in [reply.text, reply.output] + reply.calls.map(\.input) where values[content] == nil {
            values[content] = try await reader.value(of: content, in: run.id)
        }
        let value = { [values] (content: Content) -> JSON in content.inlined ?? values[content] ?? .null }
        return Answer(
            work: work,
            transcript: Transcript(dialogue.conversation, call, directives: dialogue.directives, value),
            reply: Transcript.Reply(reply, value)
        )
    }
}
