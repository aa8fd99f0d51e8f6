package import BatonCore

/// What people and programs may ask of an engine, wherever they are: the engine itself and its HTTP client conform.
package protocol Control: Sendable {
    /// Begins a run; returns when that is durable.
    ///
    /// - Throws: ``BatonError``: the plan is wrong, the identifier is taken, or the key was used otherwise.
    func start(_ plan: Plan, _ options: Engine.StartOptions, _ caller: Caller) async throws -> CommandReply

    /// Puts a command to a run; returns when it is durable. `resume` also takes over a run that nobody carries.
    ///
    /// - Throws: ``BatonError``: the refusal with its code, `run.unknown`, or `request.conflict`.
    func put(_ command: Wish, to run: RunID, _ caller: Caller) async throws -> CommandReply

    /// Makes a run that shares the events of another up to a position; returns when it is durable and goes on.
    ///
    /// - Throws: ``BatonError``: there is no such run or position, or the changed plan is refused.
    func fork(_ wish: RunFork.Wish, _ caller: Caller) async throws -> CommandReply

    /// All facts of a run, and those to come as they become durable; ends with the run or the engine.
    func facts(of run: RunID) async throws -> FactFeed
}

/// Facts as they come, some at once; nil behind the last.
package struct FactFeed: Sendable {
    private let pull: @Sendable () async throws -> [Recorded]?

    package init(_ pull: @escaping @Sendable () async throws -> [Recorded]?) { self.pull = pull }

    package func next() async throws -> [Recorded]? { try await self.pull() }
}

extension Engine: Control {
    package func start(_ plan: Plan, _ options: StartOptions, _ caller: Caller) async throws -> CommandReply {
        guard self.configuration.takesRuns else { throw Self.ownedByOne }
        var options = options
        options.by = caller.by
        let receipt = try caller.receipt(
            for: nil,
            [
                "plan": PlanEncoder.json(plan), "id": options.id.map { .string($0.text) } ?? .null,
                "seed": .string(String(options.seed)),
            ]
        )
        // Asked again, the identifier is taken already: by the run of the first time.
        if let receipt, let known = try await self.journal.told(receipt) { return known }
        return try await self.begin(plan, options) { try await self.put($0, receipt: receipt) }
    }

    package func put(_ command: Wish, to run: RunID, _ caller: Caller) async throws -> CommandReply {
        do {
            return try await self.putToCarried(command, to: run, caller)
        } catch let error as BatonError where error.code == .notCarried {
            guard let head = try await self.journal.head(of: run) else { throw Self.unknown(run) }
            guard !head.isEnded else { throw Self.ended(head) }
            guard !head.isRehearsal else { throw error }
            guard self.configuration.takesRuns else { throw command == .resume ? Self.ownedByOne : error }
            guard command != .resume else {
                let receipt = try caller.receipt(for: run, command.json)
                return try await self.takeOver(run, staysPaused: false, receipt: receipt)
            }
            // An engine that has just begun answers before it has come to every run.
            _ = try await self.takeOver(run, staysPaused: true)
            if let head = try await self.journal.head(of: run), head.isEnded { throw Self.ended(head) }
            return try await self.putToCarried(command, to: run, caller)
        }
    }

    package func fork(_ wish: RunFork.Wish, _ caller: Caller) async throws -> CommandReply {
        guard self.configuration.takesRuns else { throw Self.ownedByOne }
        let receipt = try caller.receipt(for: wish.run, ["fork": wish.json])
        if let receipt, let known = try await self.journal.told(receipt) { return known }
        var taken: Set<RunID> = []
        while true {
            let fork = try await RunFork.make(
                wish,
                by: .person(caller.by),
                isCarried: true,
                journal: self.journal,
                clock: self.clock,
                prices: self.configuration.prices,
                avoiding: taken
            )
            do {
                return try await self.put(.begin(fork.run, fork.out, fork.chain, fork.contents), receipt: receipt)
            } catch let error as BatonError where error.code == .runExists && wish.id == nil && taken.count < 10_000 {
                taken.insert(fork.run.id)
            }
        }
    }

    package func facts(of run: RunID) async throws -> FactFeed {
        guard try await self.journal.head(of: run) != nil else { throw Self.unknown(run) }
        return self.pacedFacts(of: run).feed
    }

    /// The facts of a run that is there, for whoever passes them on to many.
    package func pacedFacts(of run: RunID) -> FactStream { FactStream(run: run, engine: self, isPaced: true) }

    private static let ownedByOne = BatonError(
        .ownedByOne,
        "the engine here carries one run and ends with it",
        remedy: "wait for its end, or let an engine stay: baton serve"
    )

    /// Nothing is done with a run that has ended.
    package static func ended(_ head: RunHead) -> BatonError { BatonError(Run.hasEnded(head.run, head.state)) }
}

extension FactStream {
    package var feed: FactFeed {
        let box = Box(self)
        return FactFeed { try await box.next() }
    }

    // One reader at a time pulls; the stream itself is a value.
    private actor Box {
        private var stream: FactStream

        init(_ stream: FactStream) { self.stream = stream }

        func next() async throws -> [Recorded]? {
            var stream = self.stream
            let facts = try await stream.next()
            self.stream = stream
            return facts
        }
    }
}

extension Engine {
    /// Who answers.
    package var status: JSON {
        let status: JSON = [
            "version": .string(self.configuration.version), "started_at": .string(self.startedAt.description),
        ]
        return self.configuration.projectFolder.map { status.adding("project_folder", .string($0)) } ?? status
    }
}
