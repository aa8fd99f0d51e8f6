import ArgumentParser
import BatonCore
import BatonEngine
import BatonPlans
import BatonReports

/// `baton check`: a compiler for plans.
struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Reads a plan and says all that is wrong with it.",
        discussion: "Example: baton check plan.yml"
    )

    @Argument(help: "The plan: JSON or YAML.", completion: .file(extensions: RunNames.planEndings)) var plan: String
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Exit.reporting(self.output) { try self.check() }
    }

    private func check() throws {
        let reading = PlanFile.read(path: self.plan, model: Surroundings.model)
        let forecast = reading.hasErrors ? nil : reading.plan.flatMap { Forecast.of($0) }
        let prices = try Prices.table(in: self.data.path)
        let cost = reading.hasErrors ? nil : reading.plan.map { CostEstimate(of: $0, prices) }
        if self.output.json {
            Console.print(Self.json(reading, forecast, cost))
        } else {
            for finding in reading.diagnostics { Console.print(DiagnosticPrinter.line(finding, file: reading.file)) }
            Console.print(DiagnosticPrinter.summary(reading.diagnostics, file: reading.file))
            if let forecast, let plan = reading.plan { Console.print(Self.words(plan, forecast)) }
            if let words = cost?.words { Console.print(words) }
            if let model = reading.plan.flatMap({ prices.missing(for: $0) }) {
                Console.print(
                    "`baton run` refuses it: no budget of money holds \(PlainText.line(model, limit: 80)), whose price is not known"
                )
            }
        }
        if reading.hasErrors { throw PlanGate.code(of: reading) }
    }

    private static func words(_ plan: Plan, _ forecast: Forecast) -> String {
        let path = forecast.criticalPath.map(\.text)
        let shown = path.count > 12 ? path.prefix(11) + ["… (\(path.count) tasks)"] : path[...]
        return """
            \(CountText.of(plan.tasks.count, "task")), \(CountText.of(plan.agents.count, "agent")); by its own estimates the plan takes \
            \(SpanText.of(forecast.duration)), with at most \(CountText.of(forecast.widest, "task")) side by side
            critical path, \(SpanText.of(.seconds(fraction: forecast.criticalHours * 3600))): \(shown.joined(separator: " → "))
            """
    }

    private static func json(_ reading: PlanFile, _ forecast: Forecast?, _ cost: CostEstimate?) -> JSON {
        var json: JSON = [
            "file": .string(reading.file), "valid": .bool(!reading.hasErrors),
            "diagnostics": .array(reading.diagnostics.map { DiagnosticPrinter.json($0, file: reading.file) }),
        ]
        if let cost, cost.tasks > 0 { json = json.adding("cost", cost.json) }
        guard let forecast, let plan = reading.plan else { return json }
        return json.adding(
            "forecast",
            [
                "tasks": .integer(Int64(plan.tasks.count)), "agents": .integer(Int64(plan.agents.count)),
                "duration_seconds": .number(Double(forecast.duration.microseconds) / 1_000_000),
                "widest": .integer(Int64(forecast.widest)),
                "critical_path": .array(forecast.criticalPath.map { .string($0.text) }),
                "critical_hours": .number(forecast.criticalHours),
            ]
        )
    }
}

/// Lets plans through that can run, and says why others cannot.
enum PlanGate {
    static func code(of reading: PlanFile) -> ExitCode {
        reading.diagnostics.contains { $0.code == "parse.file_missing" } ? Exit.missingFile : Exit.wrongData
    }

    /// Reads a plan for a run; findings go to standard error.
    static func plan(_ path: String, output: OutputOptions, rehearsing: Bool) throws -> Plan {
        let reading = PlanFile.read(path: path, model: Surroundings.model)
        let hard = reading.diagnostics.filter { Self.stops($0, rehearsing: rehearsing) }
        if !output.json {
            for finding in reading.diagnostics { Console.note(DiagnosticPrinter.line(finding, file: reading.file)) }
        }
        guard let plan = reading.plan, hard.isEmpty else {
            let summary = DiagnosticPrinter.summary(reading.diagnostics, file: reading.file)
            if output.json {
                let error: JSON = [
                    "code": .string(BatonError.Code.plan.text),
                    "message": .string(Self.refusal(hard)?.message ?? summary),
                    "remedy": "mend the plan; `baton check` shows the same findings",
                ]
                let findings = reading.diagnostics.map { DiagnosticPrinter.json($0, file: reading.file) }
                Console.print(["error": error, "diagnostics": .array(findings)])
            } else {
                Console.note(summary)
                if let refusal = Self.refusal(hard) { Console.note(refusal.description) }
            }
            throw Self.code(of: reading)
        }
        guard !rehearsing else { return plan }
        if let agent = plan.agents.first(where: { $0.kind == .function }) {
            throw BatonError(
                .plan,
                "agent \(agent.id) is a Swift function, which only an embedding program has",
                remedy: "give it a command, or play the plan with --rehearse"
            )
        }
        return plan
    }

    // What only warns of a plan may keep it from running: that has to be said as an error.
    private static func refusal(_ findings: [Diagnostic]) -> BatonError? {
        guard let first = findings.first, !findings.contains(where: \.blocksRun) else { return nil }
        let more = findings.count > 1 ? ", and \(findings.count - 1) more" : ""
        return BatonError(.plan, "the plan is not run: \(first.message)\(more)", remedy: first.remedy)
    }

    private static func stops(_ finding: Diagnostic, rehearsing: Bool) -> Bool {
        finding.blocksRun || (!rehearsing && finding.code == UnplayedParts.code)
    }
}
