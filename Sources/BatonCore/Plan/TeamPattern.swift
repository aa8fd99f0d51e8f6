/// How agents work together on a task: its parts are tasks of the run, and it is done when they have ended.
public enum TeamPattern: String, Hashable, Sendable, CaseIterable {
    /// One part after the other, each with the results before it.
    case sequential
    /// All parts at once.
    case parallel
    /// Parts for specialists, whose results become one.
    case hierarchical
    /// Several answers to one question, of which one is agreed on or none.
    case consensus
    /// Agents who talk in rounds, and what came of it.
    case meeting
}

/// How the results of parts become one.
public enum Aggregation: String, Hashable, Sendable, CaseIterable {
    /// All in order, with their origin.
    case concat
    /// The keys of all; where two differ the later part wins, and the conflict is listed.
    case merge
    /// What most parts say, by the rules of a consensus.
    case vote
    /// What the task's own agent makes of them.
    case synthesis
}
