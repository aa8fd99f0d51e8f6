import BatonCore
package import BatonEngine
import Synchronization

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

    private struct Connection {
        let opening: Task<Result<MCPSession, MCPFault>, Never>
        var users = 0
        /// Rises with each use, so that an alarm knows whether it is still meant.
        var uses = 0

        func close() async { if case .success(let session) = await self.opening.value { await session.close() } }
    }

    /// How long a connection that nobody uses stays open.
    static let idle = Duration.seconds(300)

    private let commands: CommandPerformer?
    private let environment: [String: String]
    private let clock: any EngineClock
    private let connections = Mutex<[Key: Connection]>([:])

    /// - Parameters:
    ///   - commands: starts those that are programs; nil where nobody starts any.
    ///   - environment: what `${NAME}` in a header stands for.
    package init(commands: CommandPerformer?, environment: [String: String], clock: any EngineClock) {
        self.commands = commands
        self.environment = environment
        self.clock = clock
        if commands != nil { LaunchGate.shared.whenFull { [weak self] in self?.closeUnused() } }
    }

    // Programs that wait for a call hold the places of commands.
    func closeUnused() {
        let unused = self.connections.withLock { connections in
            let unused = connections.filter { $0.value.users == 0 }
            for key in unused.keys { connections[key] = nil }
            return Array(unused.values)
        }
        for connection in unused {
            // Unstructured: whoever waits for a place hears of it by the place.
            Task { await connection.close() }
        }
    }

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
    package func close() async {
        let all = self.connections.withLock { connections in
            defer { connections = [:] }
            return Array(connections.values)
        }
        await withTaskGroup { group in
            for connection in all {
                group.addTask {
                    connection.opening.cancel()
                    await connection.close()
                }
            }
        }
    }

    // MARK: Connections

    private func with<Value: Sendable>(
        _ spec: ToolServer,
        _ work: Work,
        _ body: @Sendable (MCPSession) async throws(MCPFault) -> Value
    ) async -> Result<Value, MCPFault> {
        let folder = spec.url == nil ? work.workingDirectory : nil
        let key = Key(run: work.run, agent: work.agent.id, server: spec.name, folder: folder)
        let opening = self.enter(key, spec, work)
        defer { self.leave(key, opening) }
        let opened = await withTaskCancellationHandler {
            await opening.value
        } onCancel: {
            // Somebody else may wait for it too, and opens it anew.
            if self.connections.withLock({ $0[key]?.users ?? 0 <= 1 }) { opening.cancel() }
        }
        switch opened {
        case .failure(let fault):
            self.forget(key, opening)
            return .failure(fault)
        case .success(let session):
            do throws(MCPFault) {
                return .success(try await body(session))
            } catch {
                if session.isBroken {
                    self.forget(key, opening)
                    await session.close()
                }
                return .failure(error)
            }
        }
    }

    private func enter(_ key: Key, _ spec: ToolServer, _ work: Work) -> Task<Result<MCPSession, MCPFault>, Never> {
        self.connections.withLock { connections in
            // Unstructured: several may wait for it, and each may be called off alone.
            var connection = connections[key] ?? Connection(opening: Task { await self.open(spec, work) })
            connection.users += 1
            connection.uses += 1
            connections[key] = connection
            return connection.opening
        }
    }

    // Another connection may have taken its place meanwhile, which has users of its own.
    private func leave(_ key: Key, _ opening: Task<Result<MCPSession, MCPFault>, Never>) {
        let uses = self.connections.withLock { connections -> Int? in
            guard connections[key]?.opening == opening else { return nil }
            connections[key]?.users -= 1
            return connections[key].flatMap { $0.users == 0 ? $0.uses : nil }
        }
        guard let uses else { return }
        // Unstructured: the call that was the last one does not wait for it.
        Task { [weak self, clock] in
            try await clock.sleep(until: clock.now() + Self.idle)
            await self?.closeIdle(key, opening, uses)
        }
    }

    private func closeIdle(_ key: Key, _ opening: Task<Result<MCPSession, MCPFault>, Never>, _ uses: Int) async {
        let idle = self.connections.withLock { connections -> Connection? in
            guard let connection = connections[key], connection.opening == opening, connection.uses == uses else {
                return nil
            }
            return connections.removeValue(forKey: key)
        }
        await idle?.close()
    }

    private func forget(_ key: Key, _ opening: Task<Result<MCPSession, MCPFault>, Never>) {
        self.connections.withLock { connections in
            if connections[key]?.opening == opening { connections[key] = nil }
        }
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
