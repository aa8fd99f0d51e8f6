import ArgumentParser
import BatonAgents
import BatonCore
import BatonEngine
import BatonPlans
import BatonReports
import Foundation

/// `baton tools`: what agents that think may be given, from Baton and from the servers of a plan.
struct ToolsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tools",
        abstract: "Lists the tools that agents may be given, and asks the servers of a plan for theirs.",
        discussion: """
            Examples:
              baton tools
              baton tools plan.yml --json
            With a plan it starts the programs of mcp_servers, asks each what it offers, and ends them again.
            """
    )

    @Argument(help: "A plan with mcp_servers.", completion: .file(extensions: RunNames.planEndings)) var plan: String?
    @Option(name: .customLong("project-dir"), help: "Where programs start. Default: the current folder.")
    var projectDir: String?
    @OptionGroup var data: DataOptions
    @OptionGroup var output: OutputOptions

    private struct Offer {
        let name: String
        let needsYes: Bool
        let text: String
    }

    func run() async throws {
        try await Exit.reporting(self.output) {
            var offers = BuiltInTool.all.map { Offer(name: $0.name, needsYes: $0.isAction, text: $0.text) }
            var failures: [Failure] = []
            if let plan { offers += try await self.offers(of: plan, &failures) }
            self.print(offers, failures)
            if !failures.isEmpty { throw Exit.unavailable }
        }
    }

    private func offers(of path: String, _ failures: inout [Failure]) async throws -> [Offer] {
        let plan = try PlanGate.plan(path, output: self.output, rehearsing: true)
        let folder = URL(fileURLWithPath: self.projectDir ?? FileManager.default.currentDirectoryPath)
        let environment = Surroundings.variables
        let commands = CommandPerformer(
            projectFolder: folder.resolvingSymlinksInPath().path,
            dataFolder: URL(fileURLWithPath: self.data.path).standardizedFileURL.path,
            environment: environment
        )
        let servers = ToolServers(commands: commands, environment: environment, clock: SystemClock())
        var offers: [Offer] = []
        for server in plan.toolServers {
            do throws(Failure) {
                offers += try await servers.offers(of: server, in: plan).map {
                    Offer(name: $0.source, needsYes: !$0.isRepeatable, text: $0.text)
                }
            } catch {
                failures.append(error)
            }
        }
        await servers.close()
        return offers
    }

    private func print(_ offers: [Offer], _ failures: [Failure]) {
        if self.output.json {
            let tools = offers.map { offer -> JSON in
                ["name": .string(offer.name), "needs_yes": .bool(offer.needsYes), "description": .string(offer.text)]
            }
            return Console.print(["tools": .array(tools), "failures": .array(failures.map(\.json))])
        }
        let columns = Console.viewer(dataFolder: self.data.path).width
        for offer in offers {
            let asks = offer.needsYes ? "  (asks first)" : ""
            Console.print(StyledText(PlainText.line(offer.name, limit: 160), .strong) + StyledText(asks, .faint))
            let text = StyledText("  \(PlainText.line(offer.text, limit: 1000))")
            for line in text.wrapped(to: columns, indent: 2) { Console.print(line) }
        }
        for failure in failures { Console.note("error[\(failure.code)]: \(failure.message); \(failure.remedy)") }
    }
}
