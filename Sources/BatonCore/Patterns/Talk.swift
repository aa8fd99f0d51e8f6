/// Work in rounds: each part speaks once in a round, and hears all that was said in the rounds before.
package enum Talk {
    static func part(_ part: TaskID, in round: Int) -> TaskID { TaskID("\(part).r\(round)") }

    /// The parts of the last round; all of them where there is only one.
    static func last(_ parts: [PartResult], of whole: TaskSpec) -> [PartResult] {
        guard let rounds = whole.rounds, rounds > 1 else { return parts }
        return parts.filter { $0.task.text.hasSuffix(".r\(rounds)") || $0.task == ConsensusRule.judging(of: whole.id) }
    }
}

extension Plan {
    /// Whether a task is a part of work in rounds.
    package func isTalk(_ task: TaskSpec) -> Bool {
        guard let whole = task.partOf, !task.isJudging else { return false }
        return self.tasks.contains { $0.id == whole && $0.rounds ?? 1 > 1 }
    }

    /// Who was to say what the tasks of a talk brought, by its identifier; the task's own where that was left to the run.
    package func speaker(of task: TaskID) -> String {
        self.tasks.first { $0.id == task }?.assignedAgent?.text ?? task.text
    }
}
