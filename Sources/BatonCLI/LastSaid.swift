import BatonAgents
import BatonCore
import BatonReports

/// What attempts in hand have said last, from their live logs: that a provider is waited for, or how far they are.
struct LastSaid {
    private static let most = 10
    private let lines: [(agent: AgentID, task: TaskID, words: String)]
    private let more: Int

    /// - Parameter task: only what is said about this one; nil takes all.
    init(in run: Run, about task: TaskIndex?, dataFolder: String) {
        let live = LiveFiles(dataFolder: dataFolder)
        let said = run.tasks.indices.compactMap { offset -> (AgentID, TaskID, String)? in
            let index = TaskIndex(offset)
            guard task == nil || task == index, case .running(let attempt) = run.tasks[offset].state else { return nil }
            let id = run.spec(index).id
            return live.lastLine(of: run.id, id, attempt: Int(attempt.number)).map {
                (run.profile(attempt.assignment.lead).id, id, PlainText.line($0, limit: 200))
            }
        }
        self.lines = Array(said.prefix(Self.most))
        self.more = said.count - self.lines.count
    }

    /// A heading and a line for each; none if nothing was said.
    var styled: [StyledText] {
        guard !self.lines.isEmpty else { return [] }
        let told = self.lines.map { StyledText("  \($0.agent) on \($0.task): \($0.words)") }
        return [StyledText(""), StyledText("Last said", .strong)] + told
            + (self.more > 0 ? [StyledText("  and \(self.more) more")] : [])
    }
}
