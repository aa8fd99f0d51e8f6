import BatonCore
import BatonEngine
import BatonReports
import BatonTestKit
import Testing

@testable import BatonServer

/// What the API tells of runs is what the command line prints.
@Suite struct ReadingTests {
    private static func lend(
        performer: ScriptedPerformer,
        _ body: @escaping @Sendable (ControlClient, Engine, RunID) async throws -> Void
    ) async throws {
        let engine = Engine(journal: MemoryJournal()) { _ in performer }
        try await engine.running { engine in
            try await Served.lend(engine) { client, _ in
                let run = try await client.start(chain(3), Engine.StartOptions(), ada).run
                try await body(client, engine, run)
            }
        }
    }

    @Test func `a report, the agents and all accounts of an ended run are those of the command line`() async throws {
        let long = JSON.string(String(repeating: "x", count: 5000))
        let performer = ScriptedPerformer { work in work.task.id == "t1" ? .done(long) : .done("short") }
        try await Self.lend(performer: performer) { client, engine, run in
            _ = try await client.facts(of: run).all()
            let readings = Readings(engine.journal)
            let report = try await readings.report(on: run)
            let outputs = try await readings.outputs(of: report.run)
            let inquiry = try await readings.inquiry(into: run, beside: true)
            let aboutTask = try await readings.inquiry(into: run, about: "t1", beside: true)
            let told: [(String, JSON)] = [
                (
                    "report",
                    JSONReport.value(
                        report,
                        ReportSources(outputs: outputs) { (["baton"] + $0).joined(separator: " ") }
                    )
                ),
                ("diagnosis", RunDiagnosis.json(of: report)),
                ("agents", try await readings.agents(run)),
                ("status", try await readings.team(run).json(warningBelow: 80)),
                ("graph", GraphDrawing(report.sheet).json),
                ("why", RunExplanation(inquiry).json(inquiry)),
                ("tasks/t1", report.sheet.task(TaskIndex(1)).adding("output", long)),
                ("tasks/t1/why", try #require(TaskExplanation(aboutTask)).json(aboutTask)),
            ]
            for (path, json) in told {
                #expect(try await client.get("/v1/runs/\(run)/\(path)") == json, "\(path)")
            }
            #expect(told[0].1["tasks"]?[1]?["output"] == long)
            #expect(try await client.get("/v1/agents") == ["agents": []])
            let figures = try await readings.statistics(of: 1, withAgents: true).json
            #expect(try await client.get("/v1/stats?agents=true&last=1") == figures)
            #expect(figures["agents"]?[0]?["agent"] == "f")
        }
    }

    @Test func `while a run goes on its report is there, and the agents say what they have in hand`() async throws {
        let (gate, begun) = (Gate(), Gate())
        let performer = ScriptedPerformer { _ in
            begun.open()
            await gate.wait()
            return .done("done")
        }
        try await Self.lend(performer: performer) { client, _, run in
            await begun.wait()
            let report = try await client.get("/v1/runs/\(run)/report")
            #expect(report["state"] == "running")
            #expect(report["task_summary"]?["open"] == 3)
            for path in ["/v1/agents", "/v1/runs/\(run)/agents"] {
                let agents = try await client.get(path)
                #expect(agents["agents"]?[0]?["in_hand"]?[0]?["task"] == "t0", "\(path)")
                #expect(agents["agents"]?[0]?["load"] == .number(1), "\(path)")
            }
            gate.open()
            _ = try await client.facts(of: run).all()
            let ended = try await client.get("/v1/runs/\(run)/report")
            #expect(ended["state"] == "completed")
            #expect(ended["task_summary"]?["open"] == 0)
        }
    }
}
