import BatonCore
import BatonEngine

/// One request of the Model Context Protocol, before it is put on a line.
struct MCPRequest: Sendable {
    let id: Int64
    let method: String
    var params: [(String, JSON)] = []
    /// Headers that the tool wants beside the usual ones, for lines of HTTP.
    var headers: [(String, String)] = []

    /// What is sent.
    ///
    /// - Parameter era: of the modern one each request says which it is.
    func body(in era: MCPEra) -> [UInt8] {
        var params = self.params
        if case .modern = era { params.append(("_meta", MCPEra.meta)) }
        return MCPMessage.bytes([
            ("jsonrpc", "2.0"), ("id", .integer(self.id)), ("method", .string(self.method)),
            ("params", .members(params)),
        ])
    }

    /// The tool, resource or prompt that it is about.
    var subject: String? {
        switch self.method {
        case "tools/call", "prompts/get": self.params.first { $0.0 == "name" }?.1.string
        case "resources/read": self.params.first { $0.0 == "uri" }?.1.string
        default: nil
        }
    }
}

/// How a server is spoken to.
enum MCPEra: Hashable, Sendable {
    /// From 2026-07-28 on: no handshake, each request stands for itself.
    case modern
    /// Up to 2025-11-25: a handshake, then a session of this version.
    case legacy(version: String)

    static let modernVersion = "2026-07-28"
    /// The newest one with a handshake; servers may choose an older one.
    static let legacyVersion = "2025-11-25"
    static let legacyVersions = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"]

    var version: String {
        switch self {
        case .modern: Self.modernVersion
        case .legacy(let version): version
        }
    }

    static let clientInfo: JSON = ["name": "baton", "version": .string(Baton.version)]

    static let meta: JSON = [
        "io.modelcontextprotocol/protocolVersion": .string(Self.modernVersion),
        "io.modelcontextprotocol/clientInfo": Self.clientInfo,
        "io.modelcontextprotocol/clientCapabilities": .members([]),
    ]
}

/// What comes from a server.
enum MCPMessage: Hashable, Sendable {
    case result(id: Int64, JSON)
    case error(id: Int64?, MCPError)
    /// The server wants something of us.
    case request(id: JSON, method: String)
    case notification(method: String, params: JSON)

    static let deepest = 64

    /// - Throws: a fault that says what is wrong with the text.
    init(_ bytes: [UInt8]) throws(MCPFault) {
        guard let node = try? JSONReader.read(bytes, depth: Self.deepest), let value = JSON(node) else {
            throw .nonsense("it is no JSON")
        }
        guard value["jsonrpc"] == "2.0" else { throw .nonsense("it is no message of JSON-RPC 2.0") }
        if let method = value["method"]?.string {
            let id = value["id"] ?? .null
            self =
                id == .null
                ? .notification(method: method, params: value["params"] ?? .null) : .request(id: id, method: method)
        } else if let error = value["error"] {
            self = .error(id: value["id"]?.integer, MCPError(error))
        } else if let id = value["id"]?.integer, let result = value["result"], result.isObject {
            self = .result(id: id, result)
        } else {
            throw .nonsense("it is neither a result nor a request")
        }
    }

    /// What a request of a server is answered with: nobody here samples, lists roots or is elicited; a ping is answered.
    static func answer(to id: JSON, method: String) -> [UInt8] {
        guard method != "ping" else {
            return Self.bytes([("jsonrpc", "2.0"), ("id", id), ("result", .members([]))])
        }
        let error: JSON = ["code": -32601, "message": "Baton does not offer this to servers"]
        return Self.bytes([("jsonrpc", "2.0"), ("id", id), ("error", error)])
    }

    static func notification(_ method: String, _ params: [(String, JSON)] = []) -> [UInt8] {
        Self.bytes([("jsonrpc", "2.0"), ("method", .string(method)), ("params", .members(params))])
    }

    static func bytes(_ members: [(String, JSON)]) -> [UInt8] { Array(JSON.members(members).description.utf8) }
}

/// An error that a server returned.
struct MCPError: Hashable, Sendable {
    let code: Int64
    let message: String
    /// The versions that it speaks, where it does not speak ours.
    let versions: [String]?

    static let unsupportedVersion: Int64 = -32022
    static let headerMismatch: Int64 = -32020

    init(_ error: JSON) {
        self.code = error["code"]?.integer ?? 0
        self.message = error["message"]?.string ?? ""
        self.versions = error["data"]?["supported"]?.elements.map { $0.compactMap(\.string) }
    }

    /// Whether only servers without a handshake say so.
    var isModern: Bool { self.code == Self.unsupportedVersion || self.code == Self.headerMismatch }
}

/// Why a server could not be spoken to.
enum MCPFault: Error, Hashable, Sendable {
    /// It cannot be started or reached as it is written.
    case impossible(String)
    /// It cannot be reached now.
    case unreachable(String)
    /// It ended, or broke off, while an answer was waited for.
    case ended(String)
    case nonsense(String)
    case refused(MCPError)
    /// The tool itself says that it has failed.
    case failed(String)
    /// It answers HTTP with this status, and says no more that could be understood.
    case status(Int, String)
    case late(seconds: Double)
    /// It speaks none of our versions.
    case foreign(versions: [String])
    case cancelled

    var words: String {
        switch self {
        case .impossible(let why), .unreachable(let why), .ended(let why): PlainText.line(why, limit: 600)
        case .nonsense(let why): "it says what cannot be understood: \(PlainText.line(why, limit: 300))"
        case .refused(let error): "\(PlainText.line(error.message, limit: 1000)) (error \(error.code))"
        case .failed(let words): PlainText.line(words, limit: 2000)
        case .status(let status, let text):
            "it answers with status \(status)" + (text.isEmpty ? "" : ": \(PlainText.line(text, limit: 300))")
        case .late(let seconds): "it has not answered within \(seconds) s"
        case .foreign(let versions):
            "it speaks only \(PlainText.line(versions.joined(separator: ", "), limit: 200)); Baton speaks "
                + "\(MCPEra.modernVersion) and \(MCPEra.legacyVersions.joined(separator: ", "))"
        case .cancelled: "it was called off"
        }
    }

    /// Whether trying again later may help.
    var mayPass: Bool {
        switch self {
        case .unreachable, .ended, .late: true
        case .status(let status, _): status == 408 || status == 429 || status >= 500
        case .impossible, .nonsense, .refused, .failed, .foreign, .cancelled: false
        }
    }
}
