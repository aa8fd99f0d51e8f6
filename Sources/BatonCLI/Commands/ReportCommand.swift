import ArgumentParser
import BatonCore
import BatonEngine
import BatonReports

/// `baton report`: what became of a run, for people and for programs.
struct ReportCommand: AsyncParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case md
        case json
        case html
    }

    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Reports on a run at any moment: results, graph, Gantt chart, agents, failures, timeline, decisions.",
        discussion: """
            Examples:
              baton report
              baton report demo-20261121-090000 --format html --output report.html
            The HTML page is one file that opens offline, needs no script and loads nothing.
            """
    )

    @Argument(help: "The run. Default: the newest.") var run: String?
    @Option(help: "md (Markdown), html (one page) or json. Default: md.") var format: Format?
    @OptionGroup var file: FileOptions
    @OptionGroup var data: DataOptions
    @OptionGroup var json: OutputOptions

    func validate() throws {
        if self.json.json, let format, format != .json {
            throw ValidationError("--json and --format \(format.rawValue) exclude each other; take one")
        }
    }

    private var chosen: Format { self.json.json ? .json : self.format ?? .md }

    func run() async throws {
        var errors = self.json
        errors.json = self.chosen == .json
        try await Exit.reporting(errors) {
            let folder = try ReadOnly(self.data.path)
            let run = try await folder.run(self.run)
            let report = try await folder.report(of: run)
            let shown = self.chosen == .json ? nil : report.results
            let outputs = try await Readings(folder.journal).outputs(of: report.sheet.run, among: shown)
            let path = folder.path
            let sources = ReportSources(outputs: outputs) { CommandHint.line($0, dataFolder: path) }
            try self.write(self.text(report, sources))
        }
    }

    private func text(_ report: RunReport, _ sources: ReportSources) -> String {
        switch self.chosen {
        case .md: MarkdownReport.text(report, sources)
        case .json: JSONReport.value(report, sources).description
        case .html: String(HTMLReport.page(report, sources).dropLast())
        }
    }

    private func write(_ text: String) throws {
        guard let output = self.file.path else { return Console.print(text) }
        try OutputFile.write("report", (text + "\n").utf8, to: output, .reportUnwritable)
        Console.note("wrote \(PlainText.line(output, limit: 200))")
    }
}

extension ReadOnly {
    /// All there is to tell of a run by now.
    func report(of run: RunID) async throws -> RunReport { try await Readings(self.journal).report(on: run) }
}

extension BatonError.Code {
    /// The file for a report cannot be written.
    static let reportUnwritable = BatonError.Code("report.unwritable")
}
