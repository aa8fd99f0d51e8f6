/// Work in rounds: each part speaks once in a round, and hears all that was said in the rounds before.
package enum Talk {
    static func part(_ part: TaskID, in round: Int) -> TaskID { TaskID("\(part).r\(round)") }

    /// The round by which a name ends; nil if it ends otherwise.
    static func namedRound(of part: TaskID) -> Int? {
        guard let mark = part.text.lastIndex(of: "."), part.text[mark...].hasPrefix(".r") else { return nil }
        return Int(part.text[mark...].dropFirst(2))
    }

    /// From 1.
    package static func round(of part: TaskID) -> Int { Self.namedRound(of: part) ?? 1 }

    /// Whether a part is called like what somebody says in a meeting.
    static func isUtterance(_ part: TaskID, in whole: TaskID) -> Bool {
        part.text.hasPrefix("\(whole).") && Self.namedRound(of: part) != nil
    }

    /// The parts of the last round in which anybody was asked, with the judge; all of them where there is only one round.
    static func last(_ parts: [PartResult], of whole: TaskSpec) -> [PartResult] {
        guard let rounds = whole.rounds, rounds > 1 else { return parts }
        let last = parts.filter { !$0.wasSpared }.map { Self.round(of: $0.task) }.max() ?? 1
        return parts.filter {
            Self.round(of: $0.task) == last || $0.task == ConsensusRule.judging(of: whole.id)
        }
    }
}

extension Plan {
    /// Whether a task is a part of work in rounds.
    package func isTalk(_ task: TaskSpec) -> Bool {
        guard let whole = task.partOf, !task.isJudging else { return false }
        guard !task.isOpening else { return false }
        return self.tasks.contains { $0.id == whole && ($0.pattern == .meeting || $0.rounds ?? 1 > 1) }
    }

    /// Who was to say what the tasks of a talk brought, by its identifier; the task's own where that was left to the run.
    package func speaker(of task: TaskID) -> String {
        self.tasks.first { $0.id == task }?.assignedAgent?.text ?? task.text
    }
}
