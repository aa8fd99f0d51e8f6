import BatonCore
import BatonEngine
import BatonReports
import BatonSQLite
import BatonServer

/// A run that an engine in another process carries, followed from this terminal.
struct RemoteSession {
    private let client: ControlClient
    private let folder: ReadOnly
    private let follow: FollowOptions
    private let output: OutputOptions
    private let shows: Showing

    /// - Returns: nil if no engine can be spoken to in the data folder.
    init?(data path: String, follow: FollowOptions, output: OutputOptions, shows: Showing = .run) async throws {
        guard let client = await EngineLink.reach(in: path) else { return nil }
        self.client = client
        self.folder = try ReadOnly(path)
        self.follow = follow
        self.output = output
        self.shows = shows
    }

    /// The same where the engine may not take runs: then false, and nothing was done.
    func took(_ plan: Plan, _ options: Engine.StartOptions) async throws -> Bool {
        do {
            try await self.run(plan, options)
        } catch let error as BatonError where error.code == .ownedByOne {
            return false
        }
        return true
    }

    /// Begins a run there and follows it.
    func run(_ plan: Plan, _ options: Engine.StartOptions) async throws {
        try await self.following {
            try await self.refuseOtherProject()
            return try await self.client.start(plan, options, Caller(by: Person.name))
        }
    }

    // Commands start where their engine says, whoever began the run: what is meant for another project would do its work here.
    private func refuseOtherProject() async throws {
        // An engine that carries one run takes no other, and says so itself.
        guard DataFolder.holder(of: self.folder.path).takesRuns else { return }
        let own = self.follow.realProjectFolder
        let status = try await self.client.get("/v1/engine?team=false")
        // An engine that does not say is an older one, or one that starts no commands.
        guard let theirs = status["project_folder"]?.string, theirs != own else { return }
        throw BatonError(
            .otherProject,
            "the engine that serves \(self.folder.path) starts commands in \(theirs), and not in \(own)",
            remedy: "if that folder is meant, go there or say --project-dir \(CommandHint.quoted(theirs)); "
                + "if this one, name another --data-dir"
        )
    }

    /// Goes on with a run there and follows it from there on.
    func resume(_ wanted: String?, _ caller: Caller) async throws {
        try await self.following { try await self.goOn(with: wanted, caller) }
    }

    /// Goes on with a run there and leaves it to its engine.
    func resumeAndLeave(_ wanted: String?, _ caller: Caller) async throws {
        try await self.asking(
            { ActOptions.acknowledge($0, "resumed", asJSON: self.output.json) },
            { try await self.goOn(with: wanted, caller) }
        )
    }

    private func goOn(with wanted: String?, _ caller: Caller) async throws -> CommandReply {
        let run = try await Self.waiting(wanted, in: self.folder)
        if self.follow.projectDir != nil { try await self.refuseOtherProject() }
        return try await self.client.put(.resume, to: run, caller)
    }

    /// The named run, else the one that is paused or has not ended.
    static func waiting(_ wanted: String?, in folder: ReadOnly) async throws -> RunID {
        let heads = try await folder.journal.heads()
        // The engine carries all of them: one that is paused is meant first.
        let found =
            wanted.map { wanted in heads.first { $0.run.text == wanted } }
            ?? heads.first { $0.state == "paused" } ?? heads.first { !$0.isEnded }
        guard let head = found else {
            throw BatonError(
                .unknownRun,
                wanted.map { "there is no run \($0)" } ?? "no run waits to be resumed",
                remedy: "`baton runs` lists the runs"
            )
        }
        return head.run
    }

    private func following(_ begin: () async throws -> CommandReply) async throws {
        try await self.asking({ try await self.carry($0) }, begin)
    }

    private func asking(
        _ then: (CommandReply) async throws -> Void,
        _ ask: () async throws -> CommandReply
    ) async throws {
        let result: Result<Void, any Error>
        do {
            let reply = try await EngineLink.noticing(self.folder.path) { try await ask() }
            result = .success(try await then(reply))
        } catch {
            result = .failure(error)
        }
        await self.client.close()
        try result.get()
    }

    private func carry(_ reply: CommandReply) async throws {
        let (done, finish) = AsyncStream.makeStream(of: Void.self)
        let follower = Follower(
            control: self.client,
            readings: Readings(self.folder.journal),
            options: self.follow,
            output: self.output,
            shows: self.shows,
            dataFolder: self.folder.path,
            stop: await StopSignal(),
            atStop: { finish.finish() },
            farewell: { _ in "the run goes on in its engine" },
            isBesideOthers: DataFolder.holder(of: self.folder.path).takesRuns,
            // What was before the wish is no news.
            skipping: Position(reply.accepted.value - 1)
        )
        let reason = try await withThrowingTaskGroup(of: Follower.Reason?.self) { group in
            group.addTask { try await follower.follow(reply.run) }
            // Ctrl-C leaves the run alone and only ends the following.
            group.addTask {
                for await _ in done {}
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
        try await self.end(reply.run, reason)
    }

    private func end(_ run: RunID, _ reason: Follower.Reason?) async throws {
        let viewer = Console.viewer(dataFolder: self.folder.path)
        switch reason {
        case .ended, .waitsForPeople:
            let sheet = try await self.folder.sheet(of: run)
            let outputs = Readings(self.folder.journal)
            try await Console.summarise(sheet, outputs, for: viewer, asJSON: self.output.json, self.shows)
            if case .ended(let end) = sheet.run.phase {
                if let code = Exit.code(of: end) { throw code }
                return
            }
            Console.note("only people are waited for; answer with: \(viewer.command(["inbox"]))")
            throw Exit.waitsForPeople
        case .interrupted, nil:
            Console.note("see it again with: \(viewer.command(["watch", run.text]))")
            throw Exit.interrupted
        }
    }
}

extension BatonError.Code {
    /// The engine starts commands in another project folder than the one that is meant.
    fileprivate static let otherProject = BatonError.Code("engine.other_project")
}
