import BatonCore
import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// The only way of a browser to the network: carries what goes to places that agents may reach, and refuses the rest.
///
/// A browser asks for far more than the address that an agent has named: pictures, scripts, what pages send and where they lead. Each
/// connection is held against the guard here, and goes to the address that was looked at, whatever the name leads to by then.
final class BrowserProxy: Sendable {
    private typealias Wire = NIOAsyncChannel<ByteBuffer, ByteBuffer>

    /// The head of a request is no longer.
    private static let longestHead = 64 << 10
    private static let connectWithin = TimeAmount.seconds(10)
    /// So many refusals are kept in mind.
    private static let mostRefusals = 100

    let port: Int
    private let egress: EgressGuard
    private let server: NIOAsyncChannel<Wire, Never>
    private let refusals = Mutex<[String: String]>([:])
    private let serving = Mutex<Task<Void, Never>?>(nil)

    /// Listens on a port of loopback that the system gives.
    init(_ egress: EgressGuard) async throws {
        self.egress = egress
        self.server = try await ServerBootstrap(group: OutboundHTTP.group)
            .serverChannelOption(.backlog, value: 128)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture { try Self.wire(channel) }
            }
        self.port = self.server.channel.localAddress?.port ?? 0
        // Unstructured: it lasts as long as the browser, and its end is waited for by `close`.
        self.serving.withLock { $0 = Task { await self.serve() } }
    }

    /// Why the host and port of an address were not reached; nil if nobody has refused them.
    func refusal(of url: String) -> String? {
        guard let place = Self.place(of: url) else { return nil }
        return self.refusals.withLock { $0[place] }
    }

    private static func place(of url: String) -> String? {
        guard let url = URL(string: url), let host = url.host()?.lowercased() else { return nil }
        return "\(host):\(EgressGuard.port(of: url))"
    }

    /// Ends all connections.
    func close() async {
        let serving = self.serving.withLock { serving in
            defer { serving = nil }
            return serving
        }
        serving?.cancel()
        await serving?.value
    }

    private func serve() async {
        try? await self.server.executeThenClose { clients in
            try await withThrowingDiscardingTaskGroup { group in
                for try await client in clients { group.addTask { await self.carry(client) } }
            }
        }
    }

    // What goes wrong in one connection is told to the browser by its end.
    private func carry(_ client: Wire) async {
        try? await client.executeThenClose { inbound, outbound in
            var parts = inbound.makeAsyncIterator()
            var head = ByteBuffer()
            var request: ProxyRequest?
            while request == nil, head.readableBytes <= Self.longestHead, var part = try await parts.next() {
                head.writeBuffer(&part)
                request = ProxyRequest(head.readableBytesView)
            }
            guard let request else { return }
            let target: EgressGuard.Target
            do throws(EgressGuard.Blocked) {
                target = try await self.egress.target(of: request.url)
            } catch {
                self.note(error.words, of: request.url)
                return try await outbound.write(Self.answer("403 Forbidden", "Baton goes no further: \(error.words)\n"))
            }
            guard let far = await Self.connection(to: target) else {
                return try await outbound.write(Self.answer("502 Bad Gateway", "\(target.host) does not answer\n"))
            }
            try await far.executeThenClose { answer, question in
                if let first = request.forwarded {
                    try await question.write(ByteBuffer(bytes: first))
                } else {
                    try await outbound.write(ByteBuffer(string: "HTTP/1.1 200 Connection established\r\n\r\n"))
                }
                if !request.rest.isEmpty { try await question.write(ByteBuffer(bytes: request.rest)) }
                try await withThrowingDiscardingTaskGroup { group in
                    group.addTask {
                        for try await part in answer { try await outbound.write(part) }
                        // What is on its way still goes.
                        outbound.finish()
                    }
                    while let part = try await parts.next() { try await question.write(part) }
                    // A browser that goes does not listen either.
                    group.cancelAll()
                }
            }
        }
    }

    private func note(_ words: String, of url: String) {
        guard let place = Self.place(of: url) else { return }
        self.refusals.withLock { refusals in
            if refusals.count < Self.mostRefusals { refusals[place] = words }
        }
    }

    private static func wire(_ channel: any Channel) throws -> Wire {
        try Wire(wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
    }

    private static func connection(to target: EgressGuard.Target) async -> Wire? {
        try? await ClientBootstrap(group: OutboundHTTP.group)
            .connectTimeout(Self.connectWithin)
            .connect(to: SocketAddress(ipAddress: target.address, port: target.port)) { channel in
                channel.eventLoop.makeCompletedFuture { try Self.wire(channel) }
            }
    }

    private static func answer(_ status: String, _ words: String) -> ByteBuffer {
        ByteBuffer(
            string:
                "HTTP/1.1 \(status)\r\ncontent-type: text/plain; charset=utf-8\r\ncontent-length: \(words.utf8.count)\r\n"
                + "connection: close\r\n\r\n\(words)"
        )
    }
}
