import AsyncHTTPClient
import BatonCore
import BatonEngine
import NIOCore
import NIOHTTP1
import Synchronization

/// A server at an address: each message is a request of its own, by streamable HTTP.
final class MCPAddress: MCPLine {
    static let largestAnswer = 16 << 20

    private let url: String
    private let headers: [(String, String)]
    private let clock: any EngineClock
    /// Of a server with a handshake that keeps sessions.
    private let session = Mutex<(id: String?, isLost: Bool)>((nil, false))

    /// - Parameter headers: sent with each request; they may hold keys, so no fault shows them.
    init(_ url: String, headers: [(String, String)], _ clock: any EngineClock) {
        self.clock = clock
        self.url = url
        self.headers = headers
    }

    var isBroken: Bool { self.session.withLock(\.isLost) }

    func exchange(_ request: MCPRequest, in era: MCPEra, within seconds: Double) async throws(MCPFault) -> MCPMessage {
        var fields = self.fields(of: era, isFirst: request.method == "initialize")
        if case .modern = era {
            fields.append(("mcp-method", request.method))
            if let subject = request.subject { fields.append(("mcp-name", MCPHeader.safe(subject))) }
            fields += request.headers
        }
        let (response, bytes, events) = try await self.post(
            request.body(in: era),
            fields,
            for: request.id,
            within: seconds
        )
        if let id = response.headers.first(name: "mcp-session-id"), request.method == "initialize" {
            guard id.utf8.allSatisfy({ 0x21...0x7E ~= $0 }) else { throw .nonsense("its session has no proper name") }
            self.session.withLock { $0.id = id }
        }
        let status = Int(response.status.code)
        let messages = events ?? (try? [MCPMessage(bytes)]) ?? []
        if let answer = messages.first(where: { $0.answers(request.id, status) }) { return answer }
        if status == 404, self.session.withLock({ $0.id != nil }) {
            self.session.withLock { $0.isLost = true }
            throw .ended("its session is over")
        }
        guard 200..<300 ~= status else { throw .status(status, Self.words(bytes)) }
        throw .nonsense("its answer is not among what it sent")
    }

    func notify(_ method: String, in era: MCPEra) async throws(MCPFault) {
        let fields = self.fields(of: era, isFirst: false)
        let (response, bytes, _) = try await self.post(MCPMessage.notification(method), fields, for: nil, within: 10)
        let status = Int(response.status.code)
        guard 200..<300 ~= status else { throw .status(status, Self.words(bytes)) }
    }

    func close() async {
        guard let id = self.session.withLock(\.id) else { return }
        var request = HTTPClientRequest(url: self.url)
        request.method = .DELETE
        for (name, text) in self.headers { request.headers.add(name: name, value: text) }
        request.headers.add(name: "mcp-session-id", value: id)
        // Out of courtesy: whoever does not take it forgets the session by itself.
        _ = try? await OutboundHTTP.client.execute(request, timeout: .seconds(2))
    }

    private func fields(of era: MCPEra, isFirst: Bool) -> [(String, String)] {
        var fields: [(String, String)] = []
        if !isFirst { fields.append(("mcp-protocol-version", era.version)) }
        if case .legacy = era, !isFirst, let id = self.session.withLock(\.id) { fields.append(("mcp-session-id", id)) }
        return fields
    }

    private func post(
        _ body: [UInt8],
        _ fields: [(String, String)],
        for id: Int64?,
        within seconds: Double
    ) async throws(MCPFault) -> (HTTPClientResponse, [UInt8], events: [MCPMessage]?) {
        var request = HTTPClientRequest(url: self.url)
        request.method = .POST
        request.headers = [
            "content-type": "application/json", "accept": "application/json, text/event-stream",
            "user-agent": "baton/\(Baton.version)",
        ]
        for (name, text) in self.headers + fields { request.headers.replaceOrAdd(name: name, value: text) }
        request.body = .bytes(body)
        do {
            return try await OutboundHTTP.within(seconds, by: self.clock) { [request] in
                let response = try await OutboundHTTP.client.execute(request, deadline: .distantFuture)
                let type = response.headers.first(name: "content-type")?.lowercased() ?? ""
                var bytes: [UInt8] = []
                var size = 0
                var stream = type.hasPrefix("text/event-stream") ? Stream() : nil
                for try await part in response.body {
                    size += part.readableBytes
                    guard size <= Self.largestAnswer else { throw MCPFault.nonsense("its answer is too large") }
                    guard stream != nil else {
                        bytes += part.readableBytesView
                        continue
                    }
                    // A stream may stay open when all has been said.
                    if try stream?.take(part.readableBytesView, until: id) == true { break }
                }
                return (response, bytes, stream?.messages)
            }
        } catch let fault as MCPFault {
            throw fault
        } catch is CancellationError {
            throw .cancelled
        } catch is OutboundHTTP.Late {
            throw .late(seconds: seconds)
        } catch {
            if Task.isCancelled { throw .cancelled }
            throw .unreachable("it cannot be reached: \(OutboundHTTP.words(for: error))")
        }
    }

    // MARK: Reading

    /// Messages as they come; those that are for nobody who waits are passed over.
    private struct Stream {
        private var decoder = EventStreamDecoder(longest: MCPAddress.largestAnswer)
        private(set) var messages: [MCPMessage] = []

        /// Whether the answer has come.
        mutating func take(_ bytes: ByteBufferView, until id: Int64?) throws(MCPFault) -> Bool {
            guard let events = try? self.decoder.take(bytes) else { throw .nonsense("a line of it is too long") }
            for event in events {
                guard let message = try? MCPMessage(event.data), let id, message.answers(id, 200) else { continue }
                self.messages.append(message)
            }
            return !self.messages.isEmpty
        }
    }

    private static func words(_ bytes: [UInt8]) -> String {
        if let message = try? MCPMessage(bytes), case .error(_, let error) = message { return error.message }
        return PlainText.line(String(decoding: bytes.prefix(400), as: UTF8.self), limit: 200)
    }
}

extension MCPMessage {
    /// Whether it is what a request waits for; errors of HTTP need not name it.
    fileprivate func answers(_ id: Int64, _ status: Int) -> Bool {
        switch self {
        case .result(let own, _): own == id
        case .error(let own, let error): own == id || (own == nil && (error.isModern || status >= 400))
        case .request, .notification: false
        }
    }
}
