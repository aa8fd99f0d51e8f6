import BatonAgents
import BatonCore
import BatonEngine
import BatonPlans
import BatonReports
import Foundation

/// Whether each agent of a plan can do its work here: its program, its model's key and network, its servers of tools.
struct PlanChecks {
    let plan: Plan
    let projectFolder: String
    let dataFolder: String

    func look(_ report: (Checkup) -> Void) async {
        for agent in self.plan.agents { self.look(at: agent, report) }
        await self.lookAtModels(report)
        self.lookAtSearch(report)
        self.lookAtBrowser(report)
        await self.lookAtServers(report)
    }

    private func look(at agent: AgentProfile, _ report: (Checkup) -> Void) {
        let (subject, who) = ("agent", agent.id)
        switch agent.kind {
        case .command:
            var task = Self.task
            task.workingDirectory = agent.workingDirectory ?? self.plan.workingDirectory
            do throws(Failure) {
                report(.ok(subject, "\(who) starts \(try self.commands.program(of: agent, for: task))"))
            } catch {
                report(.error(subject, "\(who): \(error.message)", remedy: error.remedy, .agent))
            }
        case .person: report(.ok(subject, "\(who) is asked by the inbox"))
        case .model, .conductor: break
        case .standIn:
            report(.warning(subject, "\(who) is played by a stand-in", remedy: "give it a command, a model or a type"))
        case .function:
            report(
                .error(
                    subject,
                    "\(who) is a Swift function, and `baton` has none",
                    remedy: "run the program that holds it",
                    .agent
                )
            )
        case .builtIn(let type):
            report(
                .error(
                    subject,
                    "\(who) is of the type \(type) and has no model",
                    remedy: "set its model, defaults.model or BATON_MODEL, as provider/model",
                    .agent
                )
            )
        }
    }

    // MARK: Models

    private func lookAtModels(_ report: (Checkup) -> Void) async {
        let files = [self.projectFolder, self.dataFolder].map { "\($0)/.env" }
        let keys = KeyRing(environment: Surroundings.variables, files: files)
        let providers = Providers(keys: keys, clock: SystemClock())
        var names: [String: Set<String>] = [:]
        for name in self.plan.allModels {
            guard let model = ModelName(name) else {
                report(
                    .error(
                        "model",
                        "\(PlainText.line(name, limit: 80)) is of no known provider",
                        remedy: "write provider/model",
                        .agent
                    )
                )
                continue
            }
            names[model.provider, default: []].insert(model.model)
        }
        for (provider, models) in names.sorted(by: { $0.key < $1.key }) {
            switch provider {
            case ModelName.rehearsal:
                report(
                    .warning(
                        "model",
                        "rehearsal: nobody thinks: words are made up",
                        remedy: "name a model where they should not be"
                    )
                )
            case ModelName.recorded: report(.ok("model", "recorded: what runs have said is said again"))
            case ModelName.scripted:
                for file in models.sorted() { self.look(atScript: file, report) }
            default:
                let probe = await providers.probe(provider)
                for model in models.sorted() { report(Self.checkup(of: "\(provider)/\(model)", model, probe)) }
            }
        }
    }

    private func look(atScript file: String, _ report: (Checkup) -> Void) {
        let name = ModelName("\(ModelName.scripted)/\(file)")
        let fault = name.flatMap { ScriptedMind($0, in: self.projectFolder).fault }
        let shown = PlainText.line(file, limit: 100)
        report(
            fault.map { .error("model", $0.message, remedy: $0.remedy, .agent) }
                ?? .ok("model", "scripted/\(shown) can be read")
        )
    }

    private static func checkup(of name: String, _ model: String, _ probe: ProviderProbe?) -> Checkup {
        let (subject, name) = ("model", PlainText.line(name, limit: 100))
        switch probe {
        case .lists(let models) where models.contains(model) || models.contains("models/\(model)"):
            return .ok(subject, "\(name): its provider has it, and takes the key")
        case .lists(let models):
            let near =
                NearestName.of(model, among: models).map { "; did you mean \(PlainText.line($0, limit: 80))?" } ?? ""
            return .warning(
                subject,
                "\(name): its provider answers, and does not list it\(near)",
                remedy: "see that the name is right"
            )
        case .answers(let status):
            return .warning(
                subject,
                "\(name): its provider answers, and keeps no list of models (status \(status))",
                remedy: "a run will tell whether it has this one"
            )
        case .refusesKey(let status):
            return .error(
                subject,
                "\(name): its provider refuses the key (status \(status))",
                remedy: "see that the key is right and not used up",
                .agent
            )
        case .failed(let failure): return .error(subject, "\(name): \(failure.message)", remedy: failure.remedy, .agent)
        case nil: return .error(subject, "\(name) is of no known provider", remedy: "write provider/model", .agent)
        }
    }

    // MARK: Servers of tools

    private func compare(_ server: ToolServer, _ sources: [String], _ report: (Checkup) -> Void) {
        for agent in self.plan.agents where agent.kind == .model {
            let own = agent.tools.filter { ToolGrant.isForeign($0) && ToolGrant.server(of: $0) == server.name }
            for grant in own where !sources.contains(where: { ToolGrant.covers([grant], $0) }) {
                let near = NearestName.of(grant, among: sources).map { "did you mean \($0)?" }
                let what = "\(agent.id) has \(PlainText.line(grant, limit: 100)), which \(server.name) does not offer"
                report(.error("tools", what, remedy: near ?? "`baton tools PLAN` lists what there is", .agent))
            }
        }
    }

    private func lookAtSearch(_ report: (Checkup) -> Void) {
        guard let agent = self.plan.agents.first(where: { $0.tools.contains("web_search") }) else { return }
        guard let search = self.plan.web.search else {
            let what = "\(agent.id) has web_search, and the plan names no place to search"
            return report(.error("tools", what, remedy: "add web: {search: {url: …}}", .agent))
        }
        let environment = Surroundings.variables
        for name in search.variables where environment[name]?.isEmpty ?? true {
            let remedy = "set it where the engine is started"
            report(.error("tools", "web_search wants the variable \(name), which is not set", remedy: remedy, .agent))
        }
    }

    private func lookAtBrowser(_ report: (Checkup) -> Void) {
        guard let agent = self.plan.agents.first(where: { $0.tools.contains { $0.hasPrefix("browser_") } }) else {
            return
        }
        var driver = AgentProfile(id: agent.id)
        driver.command = [Browsers.program]
        do throws(Failure) {
            report(
                .ok(
                    "tools",
                    "\(agent.id)'s browser is driven by \(try self.commands.program(of: driver, for: Self.task))"
                )
            )
        } catch {
            let remedy = "install Chromium with its chromedriver (Debian: chromium-driver)"
            report(.error("tools", "\(agent.id) has no browser: \(error.message)", remedy: remedy, .agent))
        }
    }

    private var commands: CommandPerformer {
        CommandPerformer(
            projectFolder: self.projectFolder,
            dataFolder: self.dataFolder,
            environment: Surroundings.variables
        )
    }

    private static let task = TaskSpec(id: "doctor")

    private func lookAtServers(_ report: (Checkup) -> Void) async {
        guard !self.plan.toolServers.isEmpty else { return }
        let environment = Surroundings.variables
        let servers = ToolServers(commands: self.commands, environment: environment, clock: SystemClock())
        for server in self.plan.toolServers {
            do throws(Failure) {
                let offers = try await servers.offers(of: server, in: self.plan)
                report(.ok("tools", "\(server.name) offers \(CountText.of(offers.count, "tool"))"))
                self.compare(server, offers.map(\.source), report)
            } catch {
                report(.error("tools", error.message, remedy: error.remedy, .agent))
            }
        }
        await servers.close()
    }
}
