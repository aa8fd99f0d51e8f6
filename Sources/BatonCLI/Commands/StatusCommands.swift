import ArgumentParser
import BatonCore
import BatonEngine
import BatonReports

/// `baton status`: what goes on, in figures.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Tells what goes on now: runs, attempts, queues, agents and how well it goes.",
        discussion: """
            Examples:
              baton status
              baton status demo-20261121-090000 --warn-below 95
            Without a run it tells of all runs that have not ended.
            """
    )

    @Argument(help: "The run. Default: all that have not ended.", completion: RunNames.all) var run: String?
    @Option(name: .customLong("warn-below"), help: "The success rate, in percent, below which a warning is due.")
    var percent = 80.0
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard (0...100).contains(self.percent) else { throw ValidationError("--warn-below is 0 to 100") }
    }

    func run() async throws {
        try await Exit.reporting(self.output) {
            let folder = try ReadOnly(self.data.path)
            let team = try await Readings(folder.journal).team(self.run.map { RunID($0) })
            let carrier = Carrier(of: folder)
            guard !self.output.json else { return Console.print(carrier.json(team.json(warningBelow: self.percent))) }
            if let warning = carrier.warning(of: team) { Console.print(warning) }
            let lines = TeamLines(team, for: Console.viewer(dataFolder: folder.path)) { carrier.word($0, of: $1) }
            for line in lines.status(warningBelow: self.percent) { Console.print(line) }
        }
    }
}

/// `baton agents`: who works on what.
struct AgentsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agents",
        abstract: "Lists the agents of a run, or of all that go on, with what each has in hand.",
        discussion: """
            Examples:
              baton agents
              baton agents --capability research
              baton agents --built-in
            Agents of several runs are one if identifier, type, command and model are equal; what they can take is divided.
            """
    )

    @Argument(help: "The run. Default: all that have not ended.", completion: RunNames.all) var run: String?
    @Option(help: "Only those that declare it, with what a task costs and how long it takes, the best first.")
    var capability: String?
    @Flag(help: "The agents that every Baton has, and no plan needs to name.") var builtIn = false
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Exit.reporting(self.output) {
            if self.builtIn { return BuiltInTable.print(json: self.output.json) }
            let folder = try ReadOnly(self.data.path)
            let (readings, run, carrier) = (Readings(folder.journal), self.run.map { RunID($0) }, Carrier(of: folder))
            if let capability {
                return CapabilityTable.print(
                    try await readings.team(run).offers(of: capability),
                    json: self.output.json
                )
            }
            guard !self.output.json else {
                return Console.print(carrier.json(try await readings.agents(run)))
            }
            let team = try await readings.team(run)
            guard !team.members.isEmpty else { return Console.print("no run goes on here") }
            if let warning = carrier.warning(of: team) { Console.print(warning) }
            for line in TeamLines(team, for: Console.viewer(dataFolder: folder.path)).agents { Console.print(line) }
        }
    }
}

extension Carrier {
    fileprivate func warning(of team: TeamStatus) -> StyledText? {
        self.warning(team.runs.map { ($0.run.id, $0.run.phase.word) })
    }
}
