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
        guard self.follow.projectDir == nil else {
            throw BatonError(
                .refused,
                "the engine that serves \(self.folder.path) starts commands in its own project folder",
                remedy: "leave --project-dir out, or use another --data-dir"
            )
        }
        try await self.following { try await self.client.start(plan, options, Caller(by: Person.name)) }
    }

    /// Goes on with a run there and follows it.
    func resume(_ wanted: String?, _ caller: Caller) async throws {
        let heads = try await self.folder.journal.heads()
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
        try await self.following { try await self.client.put(.resume, to: head.run, caller) }
    }

    private func following(_ begin: () async throws -> CommandReply) async throws {
        let result: Result<Void, any Error>
        do {
            let reply = try await EngineLink.noticing(self.folder.path) { try await begin() }
            result = .success(try await self.carry(reply))
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
            skipping: .start
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
