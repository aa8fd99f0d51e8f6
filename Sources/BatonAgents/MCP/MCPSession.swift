import BatonCore
import BatonEngine
import Synchronization

/// A server that is spoken to: finds out how it speaks, what it offers, and calls its tools.
final class MCPSession: PooledLine {
    private struct State {
        var lastID: Int64 = 0
        var era: MCPEra?
        var capabilities = JSON.null
        /// Which arguments of a tool are repeated in headers.
        var headers: [String: [MCPHeader]] = [:]
        var tools: Set<String>?
    }

    private let line: any MCPLine
    private let seconds: Double
    private let state = Mutex(State())

    /// So long a server may take to say how it speaks, before it is taken for one of those that never say.
    static let probeSeconds = 10.0
    private static let mostPages = 50
    private static let mostTools = 2000

    /// - Parameter seconds: how long an answer may take.
    init(_ line: any MCPLine, within seconds: Double) {
        self.line = line
        self.seconds = seconds
    }

    var isBroken: Bool { self.line.isBroken }

    func close() async { await self.line.close() }

    // MARK: Opening

    /// Asks a server without a handshake first, and shakes hands where that is not understood.
    func open() async throws(MCPFault) {
        let probe = self.request("server/discover")
        do throws(MCPFault) {
            let seconds = min(self.seconds, Self.probeSeconds)
            switch try await self.line.exchange(probe, in: .modern, within: seconds) {
            case .result(_, let result):
                let versions = (result["supportedVersions"]?.elements ?? []).compactMap(\.string)
                guard versions.contains(MCPEra.modernVersion) else { return try await self.choose(among: versions) }
                return self.take(.modern, result["capabilities"])
            case .error(_, let error) where error.isModern: return try await self.choose(among: error.versions ?? [])
            default: break
            }
        } catch {
            // Whoever has ended or cannot be reached does not shake hands either.
            switch error {
            case .impossible, .unreachable, .ended, .cancelled, .foreign: throw error
            case .nonsense, .refused, .failed, .status, .late: break
            }
        }
        try await self.shakeHands()
    }

    private func choose(among versions: [String]) async throws(MCPFault) {
        guard versions.contains(where: MCPEra.legacyVersions.contains) else { throw .foreign(versions: versions) }
        try await self.shakeHands()
    }

    private func shakeHands() async throws(MCPFault) {
        let params: [(String, JSON)] = [
            ("protocolVersion", .string(MCPEra.legacyVersion)), ("capabilities", .members([])),
            ("clientInfo", MCPEra.clientInfo),
        ]
        let era = MCPEra.legacy(version: MCPEra.legacyVersion)
        let hello = self.request("initialize", params)
        let result = try Self.result(of: try await self.line.exchange(hello, in: era, within: self.seconds))
        let version = result["protocolVersion"]?.string ?? ""
        guard MCPEra.legacyVersions.contains(version) else { throw .foreign(versions: [version]) }
        let agreed = MCPEra.legacy(version: version)
        try await self.line.notify("notifications/initialized", in: agreed)
        self.take(agreed, result["capabilities"])
    }

    private func take(_ era: MCPEra, _ capabilities: JSON?) {
        self.state.withLock { state in
            state.era = era
            state.capabilities = capabilities ?? .null
        }
    }

    // MARK: What it offers

    /// Whether it has resources, or prompts.
    func has(_ capability: String) -> Bool { self.state.withLock { $0.capabilities[capability] != nil } }

    /// Its tools, as it tells of them.
    func tools() async throws(MCPFault) -> [JSON] {
        guard self.has("tools") else { return [] }
        let tools = try await self.list("tools/list", "tools")
        let headers = tools.map { ($0["name"]?.string ?? "", MCPHeader.all(in: $0["inputSchema"] ?? .null)) }
        self.state.withLock { state in
            for case (let name, let found?) in headers { state.headers[name] = found }
            state.tools = Set(headers.map(\.0))
        }
        // One whose headers break the rules is no tool.
        return zip(tools, headers).compactMap { $1.1 == nil ? nil : $0 }
    }

    /// Whether it has told of a tool of that name.
    func hasTool(_ name: String) -> Bool { self.state.withLock { $0.tools?.contains(name) ?? false } }

    /// Whether it has told which tools it has, over this connection.
    var isListed: Bool { self.state.withLock { $0.tools != nil } }

    /// All pages of a list.
    func list(_ method: String, _ member: String) async throws(MCPFault) -> [JSON] {
        var found: [JSON] = []
        var cursor: JSON?
        for _ in 0..<Self.mostPages {
            let result = try await self.ask(method, cursor.map { [("cursor", $0)] } ?? [])
            found += result[member]?.elements ?? []
            guard found.count <= Self.mostTools else {
                throw .nonsense("it lists more than \(Self.mostTools) of \(member)")
            }
            guard let next = result["nextCursor"], next.string != nil, next != cursor else { return found }
            cursor = next
        }
        throw .nonsense("its list of \(member) does not end")
    }

    // MARK: Calling

    /// The result of a request, once it is whole.
    func ask(_ method: String, _ params: [(String, JSON)] = []) async throws(MCPFault) -> JSON {
        guard let era = self.state.withLock(\.era) else { throw .nonsense("it has not said how it speaks") }
        var request = self.request(method, params)
        if method == "tools/call", case .modern = era {
            let name = request.subject ?? ""
            let arguments = params.first { $0.0 == "arguments" }?.1 ?? .null
            request.headers = self.state.withLock { $0.headers[name] ?? [] }.compactMap { $0.field(of: arguments) }
        }
        let result = try Self.result(of: try await self.line.exchange(request, in: era, within: self.seconds))
        if result["resultType"] == "input_required" { throw .failed(Self.wish(result)) }
        return result
    }

    private static func result(of message: MCPMessage) throws(MCPFault) -> JSON {
        switch message {
        case .result(_, let result): return result
        case .error(_, let error): throw .refused(error)
        case .request, .notification: throw .nonsense("it answers with a request")
        }
    }

    // Nobody here can give a server what it wants in the middle of a call; the model may ask a person, and call again.
    private static func wish(_ result: JSON) -> String {
        let wishes = (result["inputRequests"]?.memberNames ?? []).compactMap { name in
            result["inputRequests"]?[name]?["params"]?["message"]?.string
        }
        return "the server wants to know more before it goes on"
            + (wishes.isEmpty ? "" : ": \(wishes.joined(separator: "; "))")
    }

    private func request(_ method: String, _ params: [(String, JSON)] = []) -> MCPRequest {
        let id = self.state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        return MCPRequest(id: id, method: method, params: params)
    }
}
