import BatonCore
import BatonEngine
import BatonReports
import Hummingbird

// What only reads: each answers what a command of the same name prints with --json.
extension Handlers {
    func reading(of route: Route) -> Handler? {
        guard route.method == "GET" else { return nil }
        let readings = Readings(self.engine.journal)
        return switch route.path {
        case "/v1/runs": { _, _ in .json(try await readings.runs()) }
        case "/v1/runs/{run}": { _, context in .json(try await readings.sheet(of: Self.run(context)).json) }
        case "/v1/runs/{run}/status":
            { request, context in
                let percent = try Self.percent(request)
                return .json(try await readings.team(Self.run(context)).json(warningBelow: percent))
            }
        case "/v1/runs/{run}/agents": { _, context in .json(try await readings.agents(Self.run(context))) }
        case "/v1/runs/{run}/tasks/{task}":
            { _, context in .json(try await readings.task(Self.task(context), of: Self.run(context))) }
        case "/v1/runs/{run}/graph":
            { _, context in .json(GraphDrawing(try await readings.sheet(of: Self.run(context))).json) }
        case "/v1/agents": { _, _ in .json(try await readings.agents()) }
        case "/v1/inbox": { _, _ in .json(try await readings.inbox()) }
        case "/v1/stats": { request, _ in .json(try await Self.statistics(request, readings).json) }
        default: self.account(of: route, readings)
        }
    }

    // What tells of a whole run.
    private func account(of route: Route, _ readings: Readings) -> Handler? {
        let (command, clock, takesRuns) = (self.command, self.engine.clock, self.engine.configuration.takesRuns)
        return switch route.path {
        case "/v1/runs/{run}/diagnosis":
            { _, context in .json(RunDiagnosis.json(of: try await readings.report(on: Self.run(context)))) }
        case "/v1/runs/{run}/report":
            { _, context in
                let report = try await readings.report(on: Self.run(context))
                let outputs = try await readings.outputs(of: report.run)
                return .json(JSONReport.value(report, ReportSources(outputs: outputs, command: command)))
            }
        case "/v1/runs/{run}/why":
            { _, context in
                let inquiry = try await readings.inquiry(into: Self.run(context), beside: takesRuns)
                let goesOn = inquiry.run.seed.mode == .real && !inquiry.run.isEnded
                return .json(RunExplanation(inquiry, now: goesOn ? clock.now() : nil).json(inquiry))
            }
        case "/v1/runs/{run}/tasks/{task}/why":
            { _, context in
                let (run, task) = (try Self.run(context), try Self.task(context))
                let inquiry = try await readings.inquiry(into: run, about: task, beside: takesRuns)
                guard let explanation = TaskExplanation(inquiry) else { throw Readings.unknown(task, in: inquiry.run) }
                return .json(explanation.json(inquiry))
            }
        default: nil
        }
    }

    private static func task(_ context: BasicRequestContext) throws -> String {
        let text = context.parameters.get("task") ?? ""
        guard NameRule.fault(of: text) == nil else {
            throw BatonError.http(
                "http.task",
                "that is no identifier of a task",
                remedy: "/v1/runs/RUN lists the tasks"
            )
        }
        return text
    }

    private static func percent(_ request: Request) throws -> Double {
        guard let text = request.uri.queryParameters.get("warn_below") else { return TeamStatus.usualWarning }
        guard let percent = Double(text), 0...100 ~= percent else {
            throw BatonError.http(
                "http.query",
                "`warn_below` is no percentage",
                remedy: "send 0 to 100, or leave it out"
            )
        }
        return percent
    }

    private static func statistics(_ request: Request, _ readings: Readings) async throws -> RunStatistics {
        let query = request.uri.queryParameters
        let last = query.get("last").map { Int($0) ?? 0 }
        guard last ?? 1 > 0, ["true", "false"].contains(query.get("agents") ?? "false") else {
            throw BatonError.http(
                "http.query",
                "`last` is a number from 1, `agents` is true or false",
                remedy: "correct it, or leave it out"
            )
        }
        return try await readings.statistics(of: last, withAgents: query.get("agents") == "true")
    }
}
