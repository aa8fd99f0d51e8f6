public import BatonCore
public import BatonEngine
import Foundation

/// Performs the work of agents that are language models, for programs that make an `Engine` of their own.
///
///     let models = LanguageModels()
///     let engine = try Engine(dataFolder: "data", performers: { models.performer(for: $0) })
public final class LanguageModels: Sendable {
    private let thinking: ThinkingPerformer

    /// Knows the providers of `docs/models.md`.
    ///
    /// - Parameters:
    ///   - environment: holds addresses and keys; nil is the process's own.
    ///   - keyFiles: hold those that the environment does not; files that others can read are not used.
    ///   - projectFolder: where scripts of `scripted/FILE` lie, and the files that tools may touch; nil is the current folder.
    ///   - dataFolder: the engine's own, if it has one: no tool touches it.
    ///   - tools: Swift functions that agents may have as `swift/NAME`.
    public convenience init(
        environment: [String: String]? = nil,
        keyFiles: [String] = [],
        projectFolder: String? = nil,
        dataFolder: String? = nil,
        tools: [Tool] = []
    ) {
        let environment = environment ?? ProcessInfo.processInfo.environment
        let folder = URL(fileURLWithPath: projectFolder ?? FileManager.default.currentDirectoryPath)
        let keys = KeyRing(environment: environment, files: keyFiles)
        self.init(
            Providers(keys: keys, clock: SystemClock()),
            tools: ToolBox(
                projectFolder: folder.resolvingSymlinksInPath().path,
                dataFolder: dataFolder,
                commands: nil,
                functions: tools,
                servers: ToolServers(commands: nil, environment: environment, clock: SystemClock()),
                keeping: keys.secrets,
                environment: environment
            ),
            projectFolder: folder.resolvingSymlinksInPath().path
        )
    }

    /// - Parameter journal: holds the runs of `recorded/RUN`; nil where there are none.
    package init(_ providers: Providers, tools: ToolBox, projectFolder: String, journal: (any Journal)? = nil) {
        let recordings = journal.map { journal in
            RecordedMind.Recordings { task, run in try await Recording.of(task, in: run, journal) }
        }
        self.thinking = ThinkingPerformer(tools: tools, keeping: providers.keys.secrets) { name in
            switch name.provider {
            case ModelName.scripted: ScriptedMind(name, in: projectFolder, keeping: providers.keys.secrets)
            case ModelName.rehearsal: providers.rehearsal(of: name)
            case ModelName.recorded: recordings.map { RecordedMind(name, $0) }
            default: providers.mind(of: name)
            }
        }
    }

    /// Who performs for an agent; nil if it is no language model.
    public func performer(for agent: AgentProfile) -> (any Performer)? { agent.kind == .model ? self.thinking : nil }
}
