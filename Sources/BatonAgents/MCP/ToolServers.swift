import BatonCore
package import BatonEngine

/// The servers of tools that the agents of this engine speak to.
///
/// Each agent of a run has a connection of its own to each of its servers, so that no answer comes to another and what a server keeps in
/// mind is the agent's. It is opened when it is needed, and closed when nobody has needed it for some time.
package final class ToolServers: Sendable {
    private struct Key: Hashable {
        let run: RunID
        let agent: AgentID
        let server: String
        /// Where a program works.
        let folder: String?
    }

    /// How long a connection that nobody uses stays open.
    static let idle = Duration.seconds(300)

    private let commands: CommandPerformer?
    private let environment: [String: String]
    private let clock: any EngineClock
    private let sessions: LinePool<Key, MCPSession, MCPFault>

    /// - Parameters:
    ///   - commands: starts those that are programs; nil where nobody starts any.
    ///   - environment: what `${NAME}` in a header stands for.
    package init(commands: CommandPerformer?, environment: [String: String], clock: any EngineClock) {
        self.commands = commands
        self.environment = environment
        self.clock = clock
        self.sessions = LinePool(idle: Self.idle, clock: clock)
        if commands != nil { LaunchLimit.shared.whenFull { [weak self] in self?.closeUnused() } }
    }

    // Programs that wait for a call hold the places of commands.
    func closeUnused() { self.sessions.closeUnused() }

    /// Speaks to servers at addresses only.
    package static let none = ToolServers(commands: nil, environment: [:], clock: SystemClock())

    func offers(of server: String, for work: Work) async throws(Failure) -> [ToolOffer] {
        guard let spec = Self.spec(of: server, work) else { throw Self.unknown(server) }
        let offers = await self.with(spec, work) { session throws(MCPFault) in
            try await MCPOffers.all(of: session, spec)
        }
        let secrets = self.secrets(of: spec)
        switch offers {
        case .success(let offers):
            return offers.map { offer in
                ToolOffer(
                    name: offer.name,
                    source: offer.source,
                    text: secrets.redacting(offer.text),
                    input: secrets.redacting(offer.input),
                    isRepeatable: offer.isRepeatable
                )
            }
        case .failure(let fault): throw Self.failure(spec, "cannot be asked for its tools", fault, secrets)
        }
    }

    /// What a server of a plan offers, for people who want to know it.
    package func offers(of server: ToolServer, in plan: Plan) async throws(Failure) -> [ToolOffer] {
        var task = TaskSpec(id: "tools")
        task.workingDirectory = plan.workingDirectory
        let work = Work(run: "tools", task: task, agent: AgentProfile(id: "tools"), toolServers: [server])
        return try await self.offers(of: server.name, for: work)
    }

    func call(_ tool: String, _ input: JSON, of server: String, for work: Work) async -> WorkResult {
        guard let spec = Self.spec(of: server, work) else { return .failed(Self.unknown(server)) }
        let result = await self.with(spec, work) { session throws(MCPFault) in
            try await MCPOffers.call(tool, input, of: session)
        }
        if Task.isCancelled { return .stopped() }
        let secrets = self.secrets(of: spec)
        switch result {
        case .success(let value): return .done(secrets.redacting(value))
        case .failure(.failed(let words)):
            let told = PlainText.line(secrets.redacting(words), limit: 2000)
            return .failed(Failure(.permanent, "tool.failed", told, remedy: "call it otherwise"))
        case .failure(let fault):
            return .failed(Self.failure(spec, "does not bring \(PlainText.line(tool, limit: 60))", fault, secrets))
        }
    }

    // What it was given, and may say again.
    private func secrets(of spec: ToolServer) -> Secrets {
        Secrets(spec.passedVariables + HeaderText.variables(in: spec.headers), of: self.environment)
    }

    /// Closes all connections; returns when no process of theirs is left.
    package func close() async { await self.sessions.close() }

    // MARK: Connections

    private func with<Value: Sendable>(
        _ spec: ToolServer,
        _ work: Work,
        _ body: @Sendable (MCPSession) async throws(MCPFault) -> Value
    ) async -> Result<Value, MCPFault> {
        let folder = spec.url == nil ? work.workingDirectory : nil
        let key = Key(run: work.run, agent: work.agent.id, server: spec.name, folder: folder)
        return await self.sessions.with(key, open: { await self.open(spec, work) }, body)
    }

    private func open(_ spec: ToolServer, _ work: Work) async -> Result<MCPSession, MCPFault> {
        do throws(MCPFault) {
            let session = MCPSession(try self.line(to: spec, work), within: spec.timeoutSeconds)
            do throws(MCPFault) {
                try await session.open()
                return .success(session)
            } catch {
                await session.close()
                throw error
            }
        } catch {
            return .failure(error)
        }
    }

    private func line(to spec: ToolServer, _ work: Work) throws(MCPFault) -> any MCPLine {
        if let url = spec.url {
            var headers: [(String, String)] = []
            for header in spec.headers {
                do throws(HeaderText.Fault) {
                    headers.append((header.name, try HeaderText.filled(header, self.environment)))
                } catch {
                    throw .impossible(error.words)
                }
            }
            return MCPAddress(url, headers: headers, self.clock)
        }
        guard let commands else { throw .impossible("nobody here starts programs; let `baton run` play the plan") }
        return MCPProgram(
            work.running(spec.command, spec.environment),
            passing: spec.passedVariables,
            by: commands,
            self.clock
        )
    }

    // MARK: What goes wrong

    private static func failure(_ spec: ToolServer, _ what: String, _ fault: MCPFault, _ secrets: Secrets) -> Failure {
        Failure(
            fault.mayPass ? .transient : .permanent,
            "tool.server",
            "the server \(spec.name) \(what): \(secrets.redacting(fault.words))",
            remedy: "see that it is there and well; `baton tools PLAN` asks it the same"
        )
    }

    private static func spec(of server: String, _ work: Work) -> ToolServer? {
        work.toolServers.first { $0.name == server }
    }

    private static func unknown(_ server: String) -> Failure {
        Failure(
            .permanent,
            "tool.unknown",
            "the plan has no server \(PlainText.line(server, limit: 60))",
            remedy: "add it to mcp_servers"
        )
    }
}
