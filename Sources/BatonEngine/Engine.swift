public import BatonCore
import Synchronization

/// Runs plans durably: one loop owns all runs, writes every fact to the journal before acting on it, and hands steps to
/// performers.
public final class Engine: Sendable {
    /// What an engine may be told.
    public struct Configuration: Sendable {
        /// How many results of one run may share one disk write.
        public var largestBatch = 256
        /// How many steps may be in flight at once, over all runs.
        public var slots = 1024
        /// Whether others than its owner may begin runs here, and have it take runs over.
        package var takesRuns = true
        /// Where its commands start, without symbolic links; nil if it starts none.
        package var projectFolder: String?
        /// Refuses a plan for which something is missing that its agents need, before a run of it begins or goes on.
        package var admits: @Sendable (Plan) throws -> Void = { _ in }
        /// What models cost, for runs that begin here.
        package var prices = PriceTable.known
        /// What the journal names as the writer.
        package var version = Baton.version
        /// How many of the newest facts of a watched run stay in memory; some 100 bytes each.
        package var watchedFacts = 32_768

        /// The defaults.
        public init() {}
    }

    /// How a run is to begin.
    public struct StartOptions: Sendable {
        /// The run's identifier; nil makes one that begins with the plan's.
        public var id: RunID?
        /// What jitter and stand-ins draw from.
        public var seed: UInt64 = 0
        /// Who starts it; nil is the embedding program.
        public var by: String?

        /// The defaults.
        public init() {}
    }

    package let journal: any Journal
    let performers: PerformerTable
    let live: LiveTable
    package let clock: any EngineClock
    package let configuration: Configuration
    package let board: HeadBoard
    private let inbox = Inbox()
    let startedAt: Timestamp
    private let hasRun = Atomic(false)
    private let atEnd: @Sendable () -> Void

    /// Makes an engine whose runs live in memory and are gone with it; ``run()`` sets it going.
    ///
    /// BatonSQLite has the initializer whose runs survive.
    ///
    /// - Parameters:
    ///   - agents: Swift functions, found by their identifiers in plans.
    ///   - configuration: limits of the engine itself.
    ///   - performers: finds who performs the work of any other agent; nil if nobody does.
    public convenience init(
        agents: [FunctionAgent] = [],
        configuration: Configuration = Configuration(),
        performers: @escaping @Sendable (AgentProfile) -> (any Performer)? = { _ in nil }
    ) {
        self.init(
            journal: MemoryJournal(),
            configuration: configuration,
            performers: FunctionAgent.table(agents, others: performers)
        )
    }

    /// Makes an engine of its parts.
    ///
    /// - Parameters:
    ///   - journal: where events live; no other engine may write to it.
    ///   - live: opens a sink for the live lines of an attempt.
    ///   - atEnd: called when nothing is left running and nothing more is written.
    ///   - performers: finds who performs the work of an agent.
    package init(
        journal: any Journal,
        configuration: Configuration = Configuration(),
        clock: any EngineClock = SystemClock(),
        live: @escaping LiveTable = { _, _, _ in .none },
        atEnd: @escaping @Sendable () -> Void = {},
        performers: @escaping PerformerTable
    ) {
        self.journal = journal
        self.configuration = configuration
        self.board = HeadBoard(longestTail: configuration.watchedFacts)
        self.clock = clock
        self.startedAt = clock.now()
        self.live = live
        self.atEnd = atEnd
        self.performers = Conductor.before(performers)
    }

    /// Owns all runs until ``shutDown()``, cancellation, or a journal that takes no more.
    ///
    /// - Throws: ``BatonError`` with `journal.unavailable` after everything in flight has been stopped; with
    ///   `engine.stopped` the second time, for an engine runs once.
    public func run() async throws {
        guard !self.hasRun.exchange(true, ordering: .relaxed) else { throw Self.stopped }
        defer { self.atEnd() }
        var loop = EngineLoop(self, inbox: self.inbox)
        try await withTaskCancellationHandler {
            try await loop.run()
        } onCancel: {
            self.shutDown()
        }
    }

    /// Stops what runs and ends ``run()``; runs that have not ended can be resumed.
    public func shutDown() { _ = self.inbox.put(Inbox.Envelope(input: .shutDown, reply: nil)) }

    /// Sets the engine going, does something with it, and shuts it down.
    ///
    /// If the engine ends by itself, since its journal takes no more, the body is cancelled.
    public func running<Value: Sendable>(
        _ body: @escaping @Sendable (Engine) async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Part<Value>.self) { group in
            group.addTask {
                do {
                    try await self.run()
                    return .engine(nil)
                } catch {
                    return .engine(error)
                }
            }
            group.addTask {
                defer { self.shutDown() }
                do { return .body(.success(try await body(self))) } catch { return .body(.failure(error)) }
            }
            var result: Result<Value, any Error>?
            var failure: (any Error)?
            for try await part in group {
                switch part {
                case .engine(let error):
                    failure = error
                    if error != nil { group.cancelAll() }
                case .body(let outcome): result = outcome
                }
            }
            // A journal that failed is the cause of whatever else went wrong.
            if let failure { throw failure }
            guard let result else { throw Self.stopped }
            return try result.get()
        }
    }

    private enum Part<Value: Sendable>: Sendable {
        case engine((any Error)?)
        case body(Result<Value, any Error>)
    }

    // MARK: Runs

    /// Begins a run of a plan and returns at once.
    ///
    /// - Throws: ``BatonError``: the plan is wrong, the identifier is taken, or the journal takes no more.
    public func start(_ plan: Plan, options: StartOptions = StartOptions()) async throws -> RunHandle {
        let reply = try await self.begin(plan, options) { input in try await self.put(input) }
        return self.handle(of: reply.run)
    }

    /// Begins a run under its own name, or under a free one: of two that find the same name free, one looks again.
    func begin(
        _ plan: Plan,
        _ options: StartOptions,
        _ put: (Inbox.Input) async throws -> CommandReply
    ) async throws -> CommandReply {
        try self.configuration.admits(plan)
        var taken: Set<RunID> = []
        while true {
            let begin = try await RunBeginning.make(
                plan,
                options,
                mode: .real,
                journal: self.journal,
                clock: self.clock,
                prices: self.configuration.prices,
                avoiding: taken
            )
            do {
                return try await put(.create(begin, by: options.by.map { .person($0) } ?? .engine))
            } catch let error as BatonError where error.code == .runExists && options.id == nil && taken.count < 10_000
            {
                taken.insert(begin.seed.run)
            }
        }
    }

    /// Takes over a run that another engine left unended, and goes on with it.
    public func resume(_ run: RunID) async throws -> RunHandle { try await self.adopt(run, staysPaused: false) }

    /// The same; a paused run stays as it is if it is to.
    package func adopt(_ run: RunID, staysPaused: Bool) async throws -> RunHandle {
        _ = try await self.takeOver(run, staysPaused: staysPaused)
        return self.handle(of: run)
    }

    /// Takes a run over that nobody carries; one that has ended is left as it is.
    func takeOver(_ run: RunID, staysPaused: Bool, receipt: Receipt.Claim? = nil) async throws -> CommandReply {
        guard let head = try await self.journal.head(of: run) else { throw Self.unknown(run) }
        let (folded, hash) = try await JournalReader(self.journal).fold(run)
        guard !folded.isEnded else { return CommandReply(run: run, position: head.position, state: head.state) }
        try self.configuration.admits(folded.plan)
        let chain = ChunkWriter.Chain(behind: head, hash: hash)
        return try await self.put(.adopt(folded, chain, staysPaused: staysPaused), receipt: receipt)
    }

    private func handle(of run: RunID) -> RunHandle {
        let (ending, isComing) = self.board.ending(of: run)
        guard !isComing else { return RunHandle(id: run, engine: self, ending: ending) }
        self.board.leave(ending, of: run)
        return RunHandle(id: run, engine: self)
    }

    /// How a run stands or ended, read from the journal.
    public func outcome(of run: RunID) async throws -> RunOutcome { try await RunOutcome.read(run, from: self.journal) }

    /// All attempts of a task with their results, times and usage, read from the journal.
    ///
    /// - Throws: ``BatonError`` with `run.unknown` if there is no such run or task.
    public func attempts(of task: TaskID, in run: RunID) async throws -> [RunOutcome.AttemptOutcome] {
        try await RunOutcome.attempts(of: task, in: run, reader: JournalReader(self.journal))
    }

    /// Answers a question.
    public func answer(_ question: QuestionID, of run: RunID, with reply: PersonReply, by: String) async throws {
        _ = try await self.put(.answer(question, reply), to: run, Caller(by: by))
    }

    /// Stops a run for good; what is done is kept.
    public func cancel(_ run: RunID, by: String) async throws {
        _ = try await self.put(.cancel, to: run, Caller(by: by))
    }

    func putToCarried(_ command: Wish, to run: RunID, _ caller: Caller) async throws -> CommandReply {
        let receipt = try caller.receipt(for: run, command.json)
        if let receipt, let known = try await self.journal.told(receipt) { return known }
        return try await self.put(.command(run, command, by: caller.origin), receipt: receipt)
    }

    func put(_ input: Inbox.Input, receipt: Receipt.Claim? = nil) async throws -> CommandReply {
        try await withCheckedThrowingContinuation { continuation in
            let envelope = Inbox.Envelope(input: input, receipt: receipt) { outcome in
                switch outcome {
                case .success(let reply): continuation.resume(returning: reply)
                case .failure(let refusal as Refusal): continuation.resume(throwing: BatonError(refusal))
                case .failure(let error): continuation.resume(throwing: error)
                }
            }
            switch self.inbox.put(envelope) {
            case .taken: break
            case .closed: continuation.resume(throwing: Self.stopped)
            case .full: continuation.resume(throwing: Self.overloaded)
            }
        }
    }

    package static func unknown(_ run: RunID) -> BatonError {
        BatonError(.unknownRun, "there is no run \(run) here", remedy: "`baton runs` lists the runs")
    }

    package static func notCarried(_ run: RunID) -> BatonError {
        BatonError(
            .notCarried,
            "no engine carries run \(run)",
            remedy: "if it has not ended, go on with it first: baton resume \(run)"
        )
    }

    private static let overloaded = BatonError(
        .overloaded,
        "more than \(Inbox.mostWaiting) commands wait",
        remedy: "send fewer at once and try again"
    )

    static let stopped = BatonError(
        .stopped,
        "the engine has stopped",
        remedy: "start it again; runs that have not ended can be resumed"
    )
}

/// What this build is.
package enum Baton {
    /// The version, as `baton --version` prints it and the journal names it.
    package static let version = "0.1.0"
}
