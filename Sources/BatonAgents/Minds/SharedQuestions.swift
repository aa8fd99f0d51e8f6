import BatonCore
import BatonEngine
import Synchronization

/// Puts the first questions of small tasks of one agent together, where the plan allows it: one question to the model, and an answer of
/// its own for each.
///
/// The question waits a moment for others. Each task pays its part; one that the answer leaves out is asked about alone.
final class SharedQuestions: Sendable {
    /// How long the first one waits for others: those that became ready together are handed out together.
    static let patience = Duration.milliseconds(20)
    /// So many tasks share a question.
    static let most = 20
    /// So many bytes of tasks, about.
    static let mostBytes = 64 << 10

    private struct Key: Hashable {
        let run: RunID
        let agent: AgentID
        let model: ModelName
    }

    private let clock: any EngineClock
    private let gathering = Mutex<[Key: SharedQuestion]>([:])

    init(clock: any EngineClock) { self.clock = clock }

    /// So many tasks wait for others to share with.
    var gathered: Int { self.gathering.withLock { $0.values.reduce(0) { $0 + $1.count } } }

    /// Whether a question may be put together with others: it is the first one of its task, and needs no tool.
    static func maySay(_ work: Work, _ transcript: Transcript) -> Bool {
        work.task.sharesCall && transcript.turns.isEmpty && transcript.told.isEmpty && transcript.again == 0
            && transcript.offers.isEmpty && !transcript.isOfWeb && work.task.tools(of: work.agent).isEmpty
    }

    /// Asks, alone or with others.
    func answer(_ work: Work, after transcript: Transcript, by mind: any Mind, _ model: ModelName) async -> Thought {
        let key = Key(run: work.run, agent: work.agent.id, model: model)
        let sharer = SharedQuestion.Sharer(work: work, transcript: transcript)
        let (question, isFirst) = self.gathering.withLock { gathering in
            if let open = gathering[key], open.join(sharer) { return (open, false) }
            let question = SharedQuestion(sharer, mind)
            gathering[key] = question
            return (question, true)
        }
        if isFirst {
            // Unstructured: it belongs to all who share it, and ends when nobody waits for it any more.
            let asking = Task { [clock] in
                try? await clock.sleep(until: clock.now() + Self.patience)
                self.gathering.withLock { gathering in
                    if gathering[key] === question { gathering[key] = nil }
                }
                await question.ask()
            }
            question.begin(asking)
        }
        return await question.answer(to: sharer)
    }
}
