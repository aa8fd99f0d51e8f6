import ArgumentParser
import BatonCore
import BatonEngine
import BatonReports
import Foundation

/// Options that every command has.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print JSON, as docs/api.md describes it.")
    var json = false
}

/// Where the data lies.
struct DataOptions: ParsableArguments {
    @Option(
        name: .customLong("data-dir"),
        help: "The data folder. Default: $BATON_DATA_DIR, else .baton below the current folder.",
        completion: .directory
    )
    var dataDir: String?

    func validate() throws {
        if self.dataDir?.isEmpty == true { throw ValidationError("--data-dir is empty; name a folder") }
    }

    var path: String {
        self.dataDir ?? Self.usualPath
    }

    /// Where the data lies if neither flag nor variable says.
    static let usualName = ".baton"

    /// Where the data lies without the flag.
    static var usualPath: String {
        if let named = Surroundings.variables[SettingChecks.dataFolder], !named.isEmpty { return named }
        return Self.usualName
    }
}

/// How a run is followed.
struct FollowOptions: ParsableArguments {
    @Option(
        name: .customLong("project-dir"),
        help: "Where commands start. Default: the current folder.",
        completion: .directory
    )
    var projectDir: String?

    @Flag(help: "Stay while only people are waited for, also without a terminal.")
    var wait = false

    @Flag(help: "Print a line for every change, also on a terminal.")
    var plain = false

    /// A screen where there is a terminal for it, else lines.
    func display(_ output: OutputOptions, dataFolder: String, _ shows: Showing = .run) -> Display {
        switch shows {
        case .run: Display.of(plain: self.plain, output, dataFolder: dataFolder)
        case .answer, .minutes: Display.silent
        }
    }

    var projectFolder: String { URL(fileURLWithPath: self.projectDir ?? ".").standardizedFileURL.path }

    /// The same without symbolic links, to tell whether two mean the same place.
    var realProjectFolder: String { URL(fileURLWithPath: self.projectFolder).resolvingSymlinksInPath().path }
}

/// What a new run begins with.
struct StartOptions: ParsableArguments {
    @Argument(help: "The plan: JSON or YAML.", completion: .file(extensions: RunNames.planEndings)) var plan: String?
    @Option(help: "A goal, in the place of a plan: a manager breaks it down for the agents.") var goal: String?
    @Option(help: "For a goal: a file with agents, or names of built-in ones, such as knowledge,code.") var agents:
        String?
    @Flag(help: "For a goal: one task after the other.") var oneByOne = false
    @Option(help: "The run's identifier. Default: the project_id with date and time.") var id: String?
    @Option(help: "What stand-ins and jitter draw from.") var seed: UInt64 = 0

    func validate() throws {
        guard self.plan != nil || self.goal != nil else {
            throw ValidationError("Missing expected argument '<plan>': name a plan, or a goal with --goal")
        }
        guard self.plan == nil || self.goal == nil else {
            throw ValidationError("a plan and --goal exclude each other")
        }
        guard self.goal != nil || (self.agents == nil && !self.oneByOne) else {
            throw ValidationError("--agents and --one-by-one belong to --goal; a plan names its agents")
        }
        guard let id, let fault = NameRule.fault(of: id) else { return }
        throw ValidationError(
            "--id \"\(PlainText.line(id, limit: 60))\" is no name: \(fault); a name has \(NameRule.form)"
        )
    }

    /// The plan that is named, or one for the goal.
    func read(output: OutputOptions, rehearsing: Bool) throws -> Plan {
        if let goal { return try GoalPlan.make(goal, agents: self.agents, isParallel: !self.oneByOne) }
        return try PlanGate.plan(self.plan ?? "", output: output, rehearsing: rehearsing)
    }

    var options: Engine.StartOptions {
        var options = Engine.StartOptions()
        options.id = self.id.map { RunID($0) }
        options.seed = self.seed
        return options
    }
}
