import BatonEngine
import BatonPlans
import BatonReports
import BatonTestKit
import Testing

@testable import BatonCore

/// docs/api.md says what the code does, no more and no less.
@Suite struct ApiDocTests {
    private let page: Document

    init() throws { self.page = try Document("docs/api.md") }

    /// The fields of a heading's table: name, and whether each is always there.
    private func fields(_ title: String) throws -> [String: Bool] {
        let rows = try #require(self.page.rows(of: title, first: "field"), "docs/api.md has no table for \(title)")
        return Dictionary(rows.map { ($0[0], $0[2] == "always") }, uniquingKeysWith: { $0 && $1 })
    }

    /// Objects of one shape print what is documented, and together all of it but `elsewhere`.
    private func expect(
        _ objects: [JSON],
        match title: String,
        common: [String: Bool] = [:],
        elsewhere: Set<String> = []
    ) throws {
        let own = try self.fields(title)
        let documented = own.merging(common) { $0 || $1 }
        var printed: Set<String> = []
        for object in objects {
            let keys = try Self.keys(of: object)
            printed.formUnion(keys)
            for key in keys { #expect(documented[key] != nil, "\(title) prints \(key), which is not documented") }
            for (field, isAlways) in documented where isAlways {
                #expect(keys.contains(field), "\(title) has not always \(field): \(object)")
            }
        }
        for field in own.keys where !elsewhere.contains(field) {
            #expect(printed.contains(field), "\(title) never prints \(field)")
        }
    }

    private static func keys(of object: JSON) throws -> Set<String> {
        let node = try JSONReader.read(object.bytes, depth: JSONReader.usualDepth)
        guard case .object(let members) = node.kind else { return [] }
        return Set(members.map(\.name))
    }

    private func parts(_ name: String, in objects: [JSON]) -> [JSON] {
        objects.flatMap { object -> [JSON] in
            guard let part = object[name] else { return [] }
            if case .array(let elements) = part { return elements }
            return [part]
        }
    }

    // MARK: Events

    @Test func `the event kinds documented are exactly those of the codec`() throws {
        let source = try SourceFiles.text("Sources/BatonCore/Facts/EventCodec.swift")
        let known = Set(
            source.matches(of: /case \.[A-Za-z]+(?:\([^:]*\) where [^:]*)?: "([a-z_]+)"/).map { String($0.1) }
        )
        #expect(Set(EventSpecimens.events.map { EventCodec.kind(of: $0) }) == known)
        let start = try #require(self.page.sections.firstIndex { $0.title == "Events" })
        let end = try #require(self.page.sections.firstIndex { $0.title == "Parts" })
        let documented = self.page.sections[start..<end].filter { $0.level == 3 && !$0.title.contains(" ") }
        #expect(Set(documented.map(\.title)) == known)
        #expect(documented.count == known.count)
    }

    @Test func `every field of an event is documented, and every documented field is printed`() throws {
        let common = try self.fields("every event")
        let printed = EventSpecimens.printed()
        for kind in Set(printed.map(\.kind)) {
            try self.expect(printed.filter { $0.kind == kind }.map(\.json), match: kind, common: common)
        }
    }

    @Test func `the parts of events are documented`() throws {
        let printed = EventSpecimens.printed().map(\.json)
        try self.expect(self.parts("failure", in: printed), match: "failure")
        try self.expect(self.parts("candidates", in: printed), match: "candidate")
        try self.expect(self.parts("lacking", in: printed), match: "gap")
        try self.expect(self.parts("models", in: printed), match: "weighed model")
        try self.expect(self.parts("weighed", in: printed), match: "weighed agent")
        let asked = printed.filter { $0["kind"]?.string == "asked" }
        try self.expect(self.parts("question", in: asked), match: "question")
    }

    @Test func `an open question of the inbox is documented`() throws {
        let runs = try RunScenes.histories().map { try #require(RunSheet($0)).run }
        let open = runs.flatMap { run in
            run.openQuestions.map { question in
                EventView.json(of: question, in: run).adding("digest", .string(run.digest(of: question).description))
            }
        }
        try self.expect(open, match: "open question", common: try self.fields("question"))
        try self.expect(self.parts("context", in: open), match: "context")
    }

    // MARK: Shapes

    @Test func `a run, its tasks, attempts and agents are documented`() throws {
        let runs = try RunScenes.sheets().map(\.json)
        try self.expect(runs, match: "run")
        try self.expect(self.parts("agents", in: runs), match: "agent_load")
        let tasks = self.parts("tasks", in: runs)
        try self.expect(tasks, match: "task", elsewhere: ["output"])
        try self.expect(self.parts("attempts", in: tasks), match: "attempt")
        try self.expect(self.parts("checks", in: tasks), match: "check")
        try self.expect(self.parts("error", in: tasks), match: "failure", elsewhere: ["causes", "stderr"])
    }

    @Test func `what baton why prints of a task is documented`() throws {
        let tasks = try WhyScenes.all().map { scene in
            let inquiry = try #require(scene.inquiry)
            return try #require(TaskExplanation(inquiry)).json(inquiry)
        }
        try self.expect(tasks, match: "baton why RUN TASK --json")
        try self.expect(self.parts("waits", in: tasks), match: "wait")
        try self.expect(self.parts("attempts", in: tasks), match: "told_attempt")
        try self.expect(
            self.parts("answers", in: tasks),
            match: "given_answer",
            elsewhere: ["assigned", "output_sha256", "output_bytes"]
        )
        try self.expect(self.parts("advice", in: tasks), match: "advice", elsewhere: ["run"])
        let choices = self.parts("choices", in: tasks)
        try self.expect(choices, match: "choice")
        let verdicts = self.parts("candidates", in: choices)
        try self.expect(verdicts, match: "verdict")
        try self.expect(self.parts("terms", in: verdicts), match: "terms")
        try self.expect(self.parts("gaps", in: verdicts), match: "gap")
    }

    @Test func `what baton why prints of a run is documented`() throws {
        let runs = try WhyScenes.all().map { scene in
            let inquiry = try #require(Inquiry(scene.facts, about: nil))
            return RunExplanation(inquiry).json(inquiry)
        }
        try self.expect(runs, match: "baton why RUN --json")
        try self.expect(self.parts("failures", in: runs), match: "trouble")
        try self.expect(self.parts("resting", in: runs) + self.parts("scheduled", in: runs), match: "date_of_task")
        try self.expect(self.parts("agents", in: runs), match: "share")
        try self.expect(self.parts("queues", in: runs), match: "queue")
        try self.expect(self.parts("longest", in: runs), match: "stretch")
    }

    @Test func `a report is documented, its summary and its statistics among it`() throws {
        let reports = try RunScenes.histories().map { facts -> JSON in
            let report = try #require(RunReport(facts))
            let outputs = Dictionary(uniqueKeysWithValues: report.results.map { ($0, JSON.string("done")) })
            return JSONReport.value(report, ReportSources(outputs: outputs) { $0.joined(separator: " ") })
        }
        try self.expect(reports, match: "baton report --json")
        try self.expect(self.parts("task_summary", in: reports), match: "task_summary")
        try self.expect(self.parts("statistics", in: reports), match: "statistics")
        try self.expect(self.parts("success_criteria", in: reports), match: "success_criteria")
        for part in ["execution", "performance", "issues"] {
            try self.expect(self.parts(part, in: reports), match: part)
        }
        try self.expect(self.parts("dependency_graph", in: reports), match: "graph_node")
        let glances = self.parts("glance", in: reports)
        try self.expect(glances, match: "glance")
        let lines = ["failed", "took_longest", "did_most", "next"].flatMap { self.parts($0, in: glances) }
        try self.expect(lines, match: "glance_line")
        try self.expect(self.parts("tasks", in: reports), match: "task")
        try self.expect(self.parts("agents", in: reports), match: "report_agent")
        try self.expect(self.parts("failures", in: reports), match: "failure_group")
        try self.expect(self.parts("decisions", in: reports), match: "decision")
        for report in reports {
            #expect(report["task_summary"]?["spawned"] == 0)
            #expect(report["statistics"]?["tasks_spawned"] == 0)
            #expect(report["statistics"]?["skill_gains"] == [])
        }
    }

    @Test func `the diagnosis of a run is documented`() throws {
        let shown = try RunScenes.histories().map { RunDiagnosis.json(of: try #require(RunReport($0))) }
        try self.expect(shown, match: "diagnosis")
        try self.expect(self.parts("contributions", in: shown), match: "report_agent")
        let times = self.parts("times", in: shown)
        try self.expect(times, match: "times")
        try self.expect(self.parts("tasks", in: times), match: "task_times")
        try self.expect(self.parts("by_type", in: times) + self.parts("by_agent", in: times), match: "time_group")
    }

    @Test func `a team is documented`() throws {
        let teams = try RunScenes.sheets().map { TeamStatus([$0]).json(warningBelow: 80) }
        try self.expect(teams, match: "team")
        try self.expect(self.parts("runs", in: teams), match: "team_run")
        try self.expect(self.parts("agents", in: teams), match: "team_agent")
    }

    @Test func `what models cost is documented`() throws {
        let facts = EventSpecimens.conversation
        let sheet = CostSheet(try #require(Run(facts[0])), facts)
        #expect(sheet.total.calls == 1)
        let all = sheet.json.adding("run", "r")
        let cost = try self.fields("cost").filter { $0.value }
        try self.expect([all], match: "baton cost --json", common: cost)
        try self.expect(["agents", "tasks", "models"].flatMap { self.parts($0, in: [all]) }, match: "cost")
    }

    @Test func `figures over runs are documented`() throws {
        let told = try [false, true].map { hasAgents in
            var statistics = RunStatistics(hasAgents: hasAgents)
            for sheet in try RunScenes.sheets() {
                var chain = ChunkWriter.Chain(createdAt: .zero)
                let (_, head) = ChunkWriter.chunk(of: [], run: sheet.run, chain: &chain, wallClock: sheet.run.now)
                statistics.take(head, of: sheet.run.plan.id)
                if hasAgents { statistics.take(sheet) }
            }
            return statistics.json
        }
        try self.expect(told, match: "baton stats --json")
        try self.expect(self.parts("plans", in: told), match: "plan_figures")
        try self.expect(self.parts("agents", in: told.suffix(1)), match: "agent_figures")
    }

    @Test func `the figures of the event stream are documented`() throws {
        let told = try RunScenes.histories().map { facts in
            var figures = try #require(LiveFigures(of: RunID("doc-1"), facts[0]))
            for fact in facts.dropFirst() { figures.take(fact) }
            return figures.json(at: .zero)
        }
        try self.expect(told, match: "figures")
    }

    @Test func `a finding is documented`() throws {
        let reading = PlanFile.read(bytes: Array("{}".utf8), name: "plan.json")
        let findings = reading.diagnostics.map { DiagnosticPrinter.json($0, file: "plan.json") }
        #expect(!findings.isEmpty)
        try self.expect(findings, match: "diagnostic")
    }

    @Test func `the status of every state is the one documented`() throws {
        let rows = try #require(self.page.rows(of: "States", first: "state"))
        let documented = Dictionary(rows.map { ($0[0], $0[1]) }, uniquingKeysWith: { $1 })
        let attempt = Attempt(
            number: 1,
            busySince: .zero,
            idleSince: .zero,
            assignment: EventSpecimens.assignments[0],
            pattern: .single(.fresh)
        )
        let states: [(String, TaskState)] = [
            ("waiting", .waiting(open: 1)), ("scheduled", .scheduled(.zero)), ("ready", .ready),
            ("resting", .resting(until: .zero)), ("blocked, nobody at work", .blocked(QuestionID(1), nil)),
            ("blocked, a person at work", .blocked(QuestionID(1), attempt)), ("running", .running(attempt)),
            ("stopping", .stopping(attempt, .timedOut)), ("completed", .ended(.completed(.inline(.null)))),
            ("failed", .ended(.failed(EventSpecimens.failures[0]))), ("skipped", .ended(.skipped(.person(note: "")))),
            ("cancelled", .ended(.cancelled(.person))),
        ]
        for (name, state) in states {
            #expect(documented[name] == RunSheet.status(of: state))
            #expect(name.hasPrefix(state.word))
        }
        #expect(documented.count == states.count)
    }

    // MARK: Codes

    @Test func `the codes documented are exactly those of the sources`() throws {
        let documented = self.page.sections.filter { $0.title.hasPrefix("codes of ") }.flatMap { section in
            section.tables.flatMap { $0.dropFirst().map { $0[0] } }
        }
        let known = try SourceFiles.codes()
        #expect(Set(documented).subtracting(known).sorted() == [], "documented, and in no source")
        #expect(known.subtracting(documented).sorted() == [], "in a source, and not documented")
        #expect(Set(documented).count == documented.count)
    }
}
