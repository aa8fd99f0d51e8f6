public import BatonCore
public import BatonEngine

extension Engine {
    /// Makes an engine whose runs live in a data folder and survive a crash; the folder is held until the engine ends.
    ///
    /// - Parameters:
    ///   - dataFolder: made if it is not there, private to this user.
    ///   - agents: Swift functions, found by their identifiers in plans.
    ///   - configuration: limits of the engine itself.
    ///   - performers: finds who performs the work of any other agent; nil if nobody does.
    /// - Throws: ``BatonError``: `engine.busy` if another engine holds the folder, `journal.unavailable`,
    ///   `journal.corrupt` or `journal.newer`.
    public convenience init(
        dataFolder: String,
        agents: [FunctionAgent] = [],
        configuration: Configuration = Configuration(),
        performers: @escaping @Sendable (AgentProfile) -> (any Performer)? = { _ in nil }
    ) throws {
        let folder = try DataFolder(holding: dataFolder)
        let journal = try SQLiteJournal(in: folder)
        self.init(
            journal: journal,
            configuration: configuration,
            atEnd: {
                journal.close()
                folder.letGo()
            },
            performers: FunctionAgent.table(agents, others: performers)
        )
    }
}
