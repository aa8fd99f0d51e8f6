import ArgumentParser
import BatonCore
import BatonEngine
import BatonReports

/// `baton run`: plays a plan to its end.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Runs a plan to its end; a run that is cut off can be resumed.",
        discussion: """
            Examples:
              baton run plan.yml
              baton run plan.yml --rehearse --seed 7
              baton run --goal "Make a web site for a bakery" --agents knowledge,code
            Ctrl-C stops cleanly and prints how to resume; a second one stops at once.
            """
    )

    @OptionGroup var start: StartOptions
    @Flag(help: "Let stand-ins play every agent: free, offline, repeatable by seed.") var rehearse = false
    @OptionGroup var cost: CostOptions
    @OptionGroup var follow: FollowOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Exit.reporting(self.output) {
            var plan = try self.start.read(output: self.output, rehearsing: self.rehearse)
            if !self.rehearse { try self.cost.limit(&plan, data: self.data, output: self.output) }
            // A plan whose agents nothing performs can only be played.
            let isPlayed = self.rehearse || plan.isPlayed
            if !isPlayed, try await self.ranElsewhere(plan) { return }
            let session = try await Session(data: self.data.path, follow: self.follow, output: self.output)
            guard isPlayed else {
                if self.start.goal != nil { try GoalPlan.refuseStandIns(in: plan) }
                Self.nameStandIns(plan, quiet: self.output.json)
                return try await session.run(plan, self.start.options)
            }
            if !self.rehearse, !self.output.json {
                Console.note(
                    "\(StandIn.mark): no agent of this plan has a type, command or model; stand-ins play them all."
                )
            }
            try await session.rehearse(plan, self.start.options)
        }
    }

    // Where an engine serves the folder, the run is its.
    private func ranElsewhere(_ plan: Plan) async throws -> Bool {
        guard let remote = try await RemoteSession(data: self.data.path, follow: self.follow, output: self.output)
        else {
            return false
        }
        return try await remote.took(plan, self.start.options)
    }

    private static func nameStandIns(_ plan: Plan, quiet: Bool) {
        guard !quiet else { return }
        if let words = RehearsedWords.line(of: plan) { Console.note(words) }
        let names = plan.agents.filter { $0.kind == .standIn }.map(\.id.text)
        guard !names.isEmpty else { return }
        Console.note(
            "\(StandIn.mark): stand-ins play \(names.prefix(10).joined(separator: ", ")), which have no type, command or model."
        )
    }
}

/// `baton rehearse`: the same as `run --rehearse`.
struct RehearseCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rehearse",
        abstract: "Plays a plan with stand-ins: free, offline, repeatable by seed.",
        discussion: "Example: baton rehearse plan.yml --seed 7"
    )

    @OptionGroup var start: StartOptions
    @OptionGroup var follow: FollowOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Exit.reporting(self.output) {
            let plan = try self.start.read(output: self.output, rehearsing: true)
            let session = try await Session(data: self.data.path, follow: self.follow, output: self.output)
            try await session.rehearse(plan, self.start.options)
        }
    }
}

/// `baton resume`: goes on where a run was cut off.
struct ResumeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract:
            "Goes on with a run that has not ended; without a name the newest, or of a serving engine the paused one.",
        discussion: """
            Examples:
              baton resume
              baton resume demo-20261121-090000 --detach
            It stays until the run has ended, and prints what happens from here on. Where another process carries the run, \
            Ctrl-C only ends the looking on, and with --detach there is none.
            """
    )

    @Argument(help: "The run.", completion: RunNames.unended) var run: String?
    @Flag(help: "Say that the run goes on, and leave it to the engine that carries it.") var detach = false
    @OptionGroup var naming: KeyOptions
    @OptionGroup var follow: FollowOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Exit.reporting(self.output) {
            // A folder that is not there must not be made just to find nothing in it.
            let folder = try ReadOnly(self.data.path)
            if let remote = try await RemoteSession(data: self.data.path, follow: self.follow, output: self.output) {
                return self.detach
                    ? try await remote.resumeAndLeave(self.run, self.naming.caller)
                    : try await remote.resume(self.run, self.naming.caller)
            }
            if self.detach {
                throw try await EngineLink.absent(folder, try await RemoteSession.waiting(self.run, in: folder))
            }
            let session = try await Session(data: self.data.path, follow: self.follow, output: self.output)
            try await session.resume(self.run.map { RunID($0) })
        }
    }
}
