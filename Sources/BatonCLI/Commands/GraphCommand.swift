import ArgumentParser
import BatonCore
import BatonEngine
import BatonReports
import Foundation

/// `baton graph`: who waits for whom, drawn.
struct GraphCommand: AsyncParsableCommand {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case mermaid
        case dot
        case text
    }

    static let configuration = CommandConfiguration(
        commandName: "graph",
        abstract: "Draws a plan or a run: layers that can run side by side, the critical path, the states.",
        discussion: """
            Examples:
              baton graph plan.yml --format text
              baton graph plan.yml > graph.mmd
              baton graph demo-20261121-090000 --format dot | dot -Tsvg > graph.svg
            A file is a plan; any other name is a run of the data folder. GitHub shows Mermaid in Markdown.
            """
    )

    @Argument(help: "The file of a plan, or a run. Default: the newest run.", completion: RunNames.orPlans)
    var subject: String?
    @Option(help: "mermaid, dot (for Graphviz) or text (for terminals).") var format = Format.mermaid
    @Flag(help: "Draw each task, also where there are more than \(GraphDrawing.mostTasks).") var all = false
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    func run() async throws {
        try await Exit.reporting(self.output) {
            let drawing = try await self.drawing()
            guard !self.output.json else { return Console.print(drawing.json) }
            let isCut: Bool
            switch self.format {
            case .mermaid: isCut = Self.print(MermaidGraph.text(drawing, drawsAll: self.all))
            case .dot: isCut = Self.print(DotGraph.text(drawing, drawsAll: self.all))
            case .text:
                let (lines, isShort) = TextGraph.lines(drawing, columns: Console.size.width, drawsAll: self.all)
                for line in lines { Console.print(line) }
                isCut = isShort
            }
            if isCut {
                Console.note("too large to name each of \(drawing.graph.count) tasks; --all names them, --json too")
            }
        }
    }

    private static func print(_ drawn: (text: String, isCut: Bool)) -> Bool {
        Console.print(String(drawn.text.dropLast()))
        return drawn.isCut
    }

    private func drawing() async throws -> GraphDrawing {
        if let subject, Self.isFile(subject) {
            let plan = try PlanGate.plan(subject, output: self.output, rehearsing: true)
            return GraphDrawing(plan, file: subject)
        }
        do {
            let folder = try ReadOnly(self.data.path)
            return GraphDrawing(try await folder.sheet(of: try await folder.run(self.subject)))
        } catch let error as BatonError where error.code == .unknownRun {
            // Whoever has misspelt a file must not be told of runs alone.
            guard let subject else { throw error }
            let name = PlainText.line(subject, limit: 60)
            throw BatonError(.unknownRun, "there is no file \(name), and \(error.message)", remedy: error.remedy)
        }
    }

    // A name that can only be meant as a file is one, so that what is said of it is that it is missing.
    private static func isFile(_ name: String) -> Bool {
        name == "-" || name.contains("/") || [".yml", ".yaml", ".json"].contains { name.hasSuffix($0) }
            || FileManager.default.fileExists(atPath: name)
    }
}
