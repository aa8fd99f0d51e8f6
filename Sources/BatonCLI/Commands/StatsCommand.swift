import ArgumentParser
import BatonCore
import BatonEngine
import BatonReports
import BatonSQLite

/// `baton stats`: figures over many runs.
struct StatsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract: "Tells how the runs of each plan went, and how well each agent did over all of them.",
        discussion: """
            Examples:
              baton stats
              baton stats --agents --last 100
            Rehearsals do not count. --agents reads the events of each run, for its agents and for what was spent. RUNS, ATTEMPTS \
            and RATE of an agent are of attempts that it led: each counts once, also one that was tried again, and for a fork only \
            those behind it.
            """
    )

    @Flag(help: "Read every run for its agents and what was spent.") var agents = false
    @Option(help: "Only so many of the newest runs.") var last: Int?
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard self.last ?? 1 > 0 else { throw ValidationError("--last is 1 or more") }
    }

    func run() async throws {
        try await Exit.reporting(self.output) {
            let readings = Readings(try ReadOnly(self.data.path).journal)
            let statistics = try await readings.statistics(of: self.last, withAgents: self.agents)
            guard !self.output.json else { return Console.print(statistics.json) }
            guard statistics.runs > 0 else { return Console.print("no run here but rehearsals") }
            TextTable.print(Self.plans(statistics))
            guard self.agents else { return }
            Console.print("")
            TextTable.print(Self.agents(statistics))
        }
    }

    private static func plans(_ statistics: RunStatistics) -> [[String]] {
        let spends = statistics.hasAgents
        return [
            ["PLAN", "RUNS", "DONE", "PARTIAL", "FAILED", "CANCELLED", "OPEN", "RATE", "MEAN", "P95"]
                + (spends ? ["SPENT", "CPU"] : [])
        ]
            + statistics.plans.map { plan in
                let ends = [RunEnd.completed, .partial, .failed, .cancelled].map { "\(plan.ends[$0] ?? 0)" }
                return [PlainText.line(plan.name, limit: 40), "\(plan.runs)"] + ends + [
                    "\(plan.runs - plan.ended)", Self.rate(plan.successRate),
                    plan.ended > 0 ? SpanText.of(plan.duration.mean) : "",
                    plan.ended > 0 ? SpanText.of(plan.duration.p95) : "",
                ] + (spends ? ["\(plan.usage?.money ?? .zero)", plan.usage?.cpu.map { SpanText.of($0) } ?? ""] : [])
            }
    }

    private static func agents(_ statistics: RunStatistics) -> [[String]] {
        [["AGENT", "TYPE", "RUNS", "ATTEMPTS", "RATE", "MEAN", "P95", "SPENT", "CPU"]]
            + statistics.agents.map { agent in
                [
                    PlainText.line(agent.agent.text, limit: 40), agent.type, "\(agent.runs)", "\(agent.attempts)",
                    Self.rate(agent.successRate), SpanText.of(agent.duration.mean), SpanText.of(agent.duration.p95),
                    "\(agent.usage.money)", agent.usage.cpu.map { SpanText.of($0) } ?? "",
                ]
            }
    }

    private static func rate(_ percent: Double?) -> String { percent.map { "\(Int($0.rounded()))%" } ?? "" }
}
