import BatonCore
package import BatonEngine

/// Calls the tools of agents that think.
///
/// Which tools an agent has, and whether a person has to say yes first, is decided before: a call that arrives here may be made.
package struct ToolBox: Sendable {
    let projectFolder: String
    private let commands: CommandPerformer?
    let dataFolder: String?
    let functions: [Tool]
    let servers: ToolServers
    let browsers: Browsers?
    let texts: (any TextStore)?
    private let addTasks: TaskAdder?
    let clock: any EngineClock
    let secrets: Secrets
    private let web: Web

    /// - Parameters:
    ///   - projectFolder: an absolute path without links; files and commands are at home there or below.
    ///   - dataFolder: the engine's own, which agents have no business with.
    ///   - commands: nil where nobody runs any.
    ///   - functions: tools of the program that holds the engine.
    ///   - servers: those that speak the Model Context Protocol.
    ///   - browsers: those of agents that have one; nil where nobody starts any.
    ///   - texts: finds documents and keeps memories; nil where nobody does.
    ///   - addTasks: adds tasks to a run, once for a key; nil where nobody does.
    ///   - secrets: taken out of what is kept.
    ///   - environment: what `${NAME}` in a header stands for.
    package init(
        projectFolder: String,
        dataFolder: String? = nil,
        commands: CommandPerformer?,
        functions: [Tool] = [],
        servers: ToolServers = .none,
        browsers: Browsers? = nil,
        texts: (any TextStore)? = nil,
        addTasks: TaskAdder? = nil,
        keeping secrets: Secrets = .none,
        environment: [String: String] = [:],
        clock: any EngineClock = SystemClock()
    ) {
        self.clock = clock
        self.secrets = secrets
        self.web = Web(environment: environment, clock: clock)
        self.projectFolder = projectFolder
        self.commands = commands
        self.dataFolder = dataFolder
        self.functions = functions
        self.texts = texts
        self.addTasks = addTasks
        self.servers = servers
        self.browsers = browsers
    }

    package func call(_ call: Transcript.Call, of work: Work, offers: [ToolOffer] = []) async -> WorkResult {
        if let offer = offers.first(where: { $0.name == call.tool }) {
            return await self.callForeign(call, offer, work)
        }
        guard let tool = BuiltInTool.named(call.tool), work.task.tools(of: work.agent).contains(call.tool) else {
            return .failed(
                Self.failure(call, "there is no such tool", "take it out of the tools of agent \(work.agent.id)")
            )
        }
        let faults = tool.faults(of: call.input)
        guard faults.isEmpty else {
            return .failed(
                Self.failure(call, faults.joined(separator: "; "), "call it again with arguments of its schema")
            )
        }
        do throws(Failure) {
            return try await self.result(of: call, work)
        } catch {
            return .failed(error)
        }
    }

    private func result(of call: Transcript.Call, _ work: Work) async throws(Failure) -> WorkResult {
        switch call.tool {
        case "list_files", "read_file", "search_files", "write_file":
            return try await self.withFiles(call, work) { files throws(WorkFiles.Fault) in
                try files.call(call.tool, call.input)
            }
        case "run_command": return await self.run(call, work)
        case "fetch_url", "web_search": return await self.lookAtWeb(call, work)
        case "browser_open", "browser_read", "browser_click", "browser_fill", "browser_screenshot":
            return try await self.browse(call, work)
        case "propose_tasks": return await self.propose(call, work)
        case "search_documents", "remember", "recall": return await self.lookAtTexts(call, work)
        case "report_progress":
            let percent = call.input["percent"]?.integer.map { Double($0) }
            work.say(ProgressLine.words(percent: percent, text: call.input["text"]?.string ?? ""))
            return .done("People are told.")
        default:
            throw Self.failure(
                call,
                "a person answers it, and nobody calls it",
                "this is a fault of Baton: please report it"
            )
        }
    }

    /// Adds tasks of the plan form to a run.
    package typealias TaskAdder = @Sendable (_ tasks: JSON, _ run: RunID, _ caller: Caller) async throws -> Void

    /// Tells a call from all others; said again after a crash it is the same.
    static func key(of call: Transcript.Call, _ work: Work) -> String {
        let parts = [work.run.text, work.task.id.text, "\(work.attempt)", call.id, call.input.description]
        return HashChain.digest(of: Array(parts.joined(separator: "\u{0}").utf8)).description
    }

    private func propose(_ call: Transcript.Call, _ work: Work) async -> WorkResult {
        guard let addTasks = self.addTasks else {
            return .failed(Self.failure(call, "nobody here adds tasks", "let `baton run` play the plan"))
        }
        let tasks = call.input["tasks"] ?? []
        do {
            let caller = Caller(key: "tool-\(Self.key(of: call, work))", by: work.agent.id.text, in: work.task.id)
            try await addTasks(tasks, work.run, caller)
            let names = (tasks.elements ?? []).compactMap { $0["task_id"]?.string }
            return .done(.string("They are added: \(names.joined(separator: ", ")). Do not wait for them."))
        } catch let error as BatonError {
            return .failed(Self.failure(call, error.message, error.remedy))
        } catch {
            return Task.isCancelled ? .stopped() : .failed(Self.failure(call, "\(error)", "propose them otherwise"))
        }
    }

    private func lookAtWeb(_ call: Transcript.Call, _ work: Work) async -> WorkResult {
        do throws(Web.Fault) {
            let isFetch = call.tool == "fetch_url"
            return .done(
                isFetch
                    ? try await self.web.fetch(call.input, for: work) : try await self.web.search(call.input, for: work)
            )
        } catch {
            if Task.isCancelled { return .stopped() }
            return .failed(Self.webFailure(call, error.words, isBlocked: error.isBlocked, "look somewhere else"))
        }
    }

    static func webFailure(_ call: Transcript.Call, _ words: String, isBlocked: Bool, _ remedy: String) -> Failure {
        Failure(
            .permanent,
            isBlocked ? "tool.blocked_address" : "tool.failed",
            "\(call.tool): \(PlainText.line(words, limit: 600))",
            remedy: remedy
        )
    }

    /// Does something with the files of a task's working folder.
    func withFiles(
        _ call: Transcript.Call,
        _ work: Work,
        _ body: @Sendable @escaping (borrowing WorkFiles) throws(WorkFiles.Fault) -> JSON
    ) async throws(Failure) -> WorkResult {
        let (project, data) = (self.projectFolder, self.dataFolder)
        return .done(
            try await Self.onDisk { () -> Result<JSON, Failure> in
                do throws(Failure) {
                    let files = try WorkFiles(for: work, in: project, dataFolder: data)
                    do throws(WorkFiles.Fault) {
                        return .success(try body(files))
                    } catch {
                        return .failure(Self.failure(call, error.words, "name another file"))
                    }
                } catch {
                    return .failure(error)
                }
            }.get()
        )
    }

    // The agent's word for word command, as if it were an agent of its own.
    private func run(_ call: Transcript.Call, _ work: Work) async -> WorkResult {
        guard let commands = self.commands else {
            return .failed(Self.failure(call, "nobody here runs commands", "let `baton run` play the plan"))
        }
        let words = (call.input["command"]?.elements ?? []).compactMap(\.string)
        guard !words.contains(where: { $0.utf8.contains(0) }) else {
            return .failed(Self.failure(call, "a word has a NUL in it", "leave it out"))
        }
        let most = min(work.agent.limits.outputBytes, 256 << 10)
        let inner = work.running(words, work.agent.environment, outputBytes: most)
        return await commands.perform(inner.saying(to: work.live), asText: true)
    }

    static func failure(_ call: Transcript.Call, _ why: String, _ remedy: String) -> Failure {
        Failure(.permanent, "tool.failed", "\(PlainText.line(call.tool, limit: 60)): \(why)", remedy: remedy)
    }
}
