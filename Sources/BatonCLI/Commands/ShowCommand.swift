import ArgumentParser
import BatonCore
import BatonEngine
import BatonReports
import BatonSQLite

/// `baton show`: one run, or one task of it.
struct ShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Shows a run with its tasks and results, or one task with its attempts.",
        usage: "baton show [RUN] [TASK] [OPTIONS]",
        discussion: """
            Examples:
              baton show
              baton show demo-20261121-090000 research
              baton show research
              baton show --diagnostics
            """
    )

    @Argument(help: "The run. Default: the newest.", completion: RunNames.all) var run: String?
    @Argument(help: "A task of the run.") var task: String?
    @Flag(help: "Tell how the run went as a whole: what succeeded, how well its slots were used, what held it up.")
    var diagnostics = false
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func validate() throws {
        guard self.diagnostics, self.task != nil else { return }
        throw ValidationError("--diagnostics tells of a whole run; leave the task out")
    }

    func run() async throws {
        try await Exit.reporting(self.output) {
            let folder = try ReadOnly(self.data.path)
            guard !self.diagnostics else { return try await self.diagnose(try await folder.run(self.run), folder) }
            let (run, named) = try await folder.subject(self.run, self.task)
            let sheet = try await folder.sheet(of: run)
            let outputs = Readings(folder.journal)
            if let task = named {
                let viewer = Console.viewer(dataFolder: folder.path)
                try await self.show(try Self.index(of: task, in: sheet), sheet, outputs, for: viewer)
            } else if self.output.json {
                Console.print(try await Self.json(sheet, outputs))
            } else {
                let viewer = Console.viewer(dataFolder: folder.path)
                let texts = try await outputs.texts(of: sheet)
                for line in RunSummary(sheet, outputs: texts, for: viewer).lines { Console.print(line) }
                self.warn(of: sheet.run, Carrier(of: folder), viewer)
            }
        }
    }

    private func warn(of run: Run, _ carrier: Carrier, _ viewer: Viewer) {
        guard !run.isEnded else { return }
        if !carrier.carries(run.id) {
            let resume = viewer.command(["resume", run.id.text])
            Console.print(StyledText("nothing carries this run now; go on with: \(resume)", .waiting))
        } else if let warning = carrier.suspension {
            Console.print(warning)
        }
    }

    private func diagnose(_ run: RunID, _ folder: ReadOnly) async throws {
        let report = try await folder.report(of: run)
        guard !self.output.json else { return Console.print(RunDiagnosis.json(of: report)) }
        let viewer = Console.viewer(dataFolder: folder.path)
        for line in DiagnosisLines(report, for: viewer).lines { Console.print(line) }
    }

    private static func index(of name: String, in sheet: RunSheet) throws -> TaskIndex {
        guard let index = sheet.run.index(of: TaskID(name)) else { throw Readings.unknown(name, in: sheet.run) }
        return index
    }

    private static func json(_ sheet: RunSheet, _ outputs: Readings) async throws -> JSON {
        let values = try await outputs.outputs(of: sheet.run)
        let tasks = sheet.run.tasks.indices.map { offset -> JSON in
            let json = sheet.task(TaskIndex(offset))
            return values[TaskIndex(offset)].map { json.adding("output", $0) } ?? json
        }
        let left = sheet.remaining(at: SystemClock().now()).map { JSON.number($0.inSeconds) }
        return sheet.json.adding("eta_seconds", left ?? .null).adding("tasks", .array(tasks))
    }

    private func show(
        _ task: TaskIndex,
        _ sheet: RunSheet,
        _ outputs: Readings,
        for viewer: Viewer
    ) async throws {
        let value = try await outputs.outputs(of: sheet.run, among: [task])[task]
        if self.output.json {
            let json = sheet.task(task)
            Console.print(value.map { json.adding("output", $0) } ?? json)
            return
        }
        let spec = sheet.run.spec(task)
        let record = sheet.run.tasks[task.offset]
        let reason = RunSummary.reason(of: record.state, in: sheet.run, for: viewer).map { " (\($0))" } ?? ""
        Console.print("\(spec.id): \(record.state.word)\(reason)")
        if !spec.description.isEmpty { Console.print(PlainText.of(spec.description)) }
        for line in ProofText.lines(of: sheet.run.proof(of: task)) { Console.print(line) }
        for attempt in sheet.attempts[task.offset] {
            let span = attempt.endedAt.map { ", \(SpanText.of(attempt.span(at: $0)))" } ?? ""
            Console.print("attempt \(attempt.number) by \(attempt.agent): \(attempt.result)\(span)")
            guard let failure = attempt.failure else { continue }
            Console.print("  [\(failure.code)] \(PlainText.of(failure.message)); \(PlainText.of(failure.remedy))")
            for cause in failure.causes { Console.print("  because: \(PlainText.of(cause))") }
            if let tail = failure.stderrTail {
                Console.print("  stderr:")
                for line in tail.split(separator: "\n").suffix(20) {
                    Console.print("  | \(PlainText.of(String(line)))")
                }
            }
        }
        if let value { Console.print("\n\(PlainText.of(value.plainText, keepingLines: true))") }
    }
}
