import AsyncHTTPClient
package import BatonCore
package import BatonEngine
import Foundation
import NIOCore
import NIOHTTP1

/// An engine in another process, by its socket.
package struct ControlClient: Control {
    private let socket: String
    private let connections: Connections
    private var client: HTTPClient { self.connections.client }
    private let patience: Duration
    private static let largestReply = 256 << 20

    /// Speaks to the engine at a socket; ``close()`` it at the end.
    ///
    /// - Parameter patience: how long a reply may take; long enough for a busy engine and a slow disk.
    package init(socket: String, patience: Duration = .seconds(30)) {
        self.socket = socket
        self.patience = patience
        var configuration = HTTPClient.Configuration()
        configuration.timeout = HTTPClient.Configuration.Timeout(connect: .seconds(2))
        configuration.redirectConfiguration = .disallow
        // Each watcher keeps a connection for itself.
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = 4096
        self.connections = Connections(
            HTTPClient(eventLoopGroup: HTTPClient.defaultEventLoopGroup, configuration: configuration)
        )
    }

    package func close() async {
        // Nothing is in flight any more that anybody waits for.
        try? await self.client.shutdown()
    }

    package func start(_ plan: Plan, _ options: Engine.StartOptions, _ caller: Caller) async throws -> CommandReply {
        try await self.post("/v1/runs", StartRequest(plan: plan, options: options).json, caller)
    }

    package func put(_ command: Wish, to run: RunID, _ caller: Caller) async throws -> CommandReply {
        try await self.post("/v1/runs/\(run.text)/commands", command.json, caller)
    }

    package func fork(_ wish: RunFork.Wish, _ caller: Caller) async throws -> CommandReply {
        try await self.post("/v1/runs/\(wish.run.text)/forks", wish.json, caller)
    }

    /// What an address answers.
    package func get(_ path: String) async throws -> JSON {
        try await self.reply(to: self.request(path), deadline: .now() + TimeAmount(self.patience))
    }

    package func facts(of run: RunID) async throws -> FactFeed {
        let response = try await self.send(
            self.request("/v1/runs/\(run.text)/events?form=journal"),
            deadline: .distantFuture
        )
        guard response.status.code == 200 else { throw try await Self.error(in: response) }
        let reader = FactReader(response.body)
        return FactFeed { try await reader.next() }
    }

    // MARK: HTTP

    private func request(_ path: String) -> HTTPClientRequest {
        let host = self.socket.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        return HTTPClientRequest(url: "http+unix://\(host)\(path)")
    }

    private func post(_ path: String, _ body: JSON, _ caller: Caller) async throws -> CommandReply {
        var request = self.request(path)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.headers.add(name: "baton-user", value: PlainText.line(caller.by, limit: 80))
        // With a key it can be sent again when a connection was closed under it, and is done once.
        let key = caller.key ?? UUID().uuidString
        request.headers.add(name: "idempotency-key", value: key)
        request.body = .bytes(ByteBuffer(bytes: body.bytes))
        let json: JSON
        do {
            json = try await self.reply(to: request, deadline: .now() + TimeAmount(self.patience))
        } catch let error as BatonError where Self.wasCutOff(error.cause) {
            json = try await self.again(request, key)
        }
        guard let reply = CommandReply(json: json) else { throw Self.unreadable }
        return reply
    }

    // Whether the connection was there and ended, so that the request may have been heard.
    private static func wasCutOff(_ error: (any Error)?) -> Bool {
        if let error = error as? IOError { return error.errnoCode == ECONNRESET || error.errnoCode == EPIPE }
        return error as? HTTPClientError == .remoteConnectionClosed
    }

    // The engine went away with the request: it may have done what was asked before.
    private func again(_ request: HTTPClientRequest, _ key: String) async throws -> JSON {
        do {
            return try await self.reply(to: request, deadline: .now() + TimeAmount(self.patience))
        } catch let error as BatonError where error.code == .engineAbsent {
            throw BatonError(
                .engineSilent,
                "the engine at \(self.socket) went away before it answered; whether it did what was asked is not known",
                remedy: "say the same again with --key \(key): it is done once",
                cause: error
            )
        }
    }

    private func reply(to request: HTTPClientRequest, deadline: NIODeadline) async throws -> JSON {
        let response = try await self.send(request, deadline: deadline)
        do {
            guard response.status.code == 200 else { throw try await Self.error(in: response) }
            let body = try await response.body.collect(upTo: Self.largestReply)
            guard let json = try? JSON(parsing: body.readableBytesView) else { throw Self.unreadable }
            return json
        } catch let error as HTTPClientError where error == .deadlineExceeded {
            throw self.silent(error)
        }
    }

    private func send(_ request: HTTPClientRequest, deadline: NIODeadline) async throws -> HTTPClientResponse {
        do {
            return try await self.client.execute(request, deadline: deadline)
        } catch let error as BatonError {
            throw error
        } catch let error as HTTPClientError where error == .deadlineExceeded {
            throw self.silent(error)
        } catch {
            throw BatonError(
                .engineAbsent,
                "the engine at \(self.socket) does not answer: \(Self.words(of: error))",
                remedy: "if its process has ended, go on with: baton resume",
                cause: error
            )
        }
    }

    // The texts of libraries name their own functions.
    private static func words(of error: any Error) -> String {
        if let error = error as? IOError { return String(cString: strerror(error.errnoCode)) }
        return PlainText.line(String(describing: error), limit: 200)
    }

    private func silent(_ error: HTTPClientError) -> BatonError {
        BatonError(
            .engineSilent,
            "the engine at \(self.socket) has not answered for \(Int(self.patience.inSeconds.rounded(.up))) s",
            remedy: "see what its process does; `baton doctor` names it",
            cause: error
        )
    }

    private static func error(in response: HTTPClientResponse) async throws -> BatonError {
        let body = try await response.body.collect(upTo: 1 << 20)
        guard let json = try? JSON(parsing: body.readableBytesView), let error = json["error"].flatMap(BatonError.init)
        else { return Self.unreadable }
        return error
    }

    private static let unreadable = BatonError(
        .engineAbsent,
        "the engine answers what this Baton does not understand",
        remedy: "use the Baton that runs there"
    )
}

extension BatonError.Code {
    /// No engine runs in the data folder, or it does not answer.
    package static let engineAbsent = BatonError.Code("engine.absent")
    /// The engine is there and says nothing.
    package static let engineSilent = BatonError.Code("engine.silent")
}

/// The connections of a client; also where an error comes between, they are closed with the last who knows them.
private final class Connections: Sendable {
    let client: HTTPClient

    init(_ client: HTTPClient) { self.client = client }

    // Shut down before: that is said, and nobody has to know.
    deinit { self.client.shutdown { _ in } }
}

/// Makes facts of an event stream in the form of the journal.
private actor FactReader {
    private var body: HTTPClientResponse.Body.AsyncIterator
    private var decoder = EventStreamDecoder()
    private var plan: Plan?

    init(_ body: HTTPClientResponse.Body) { self.body = body.makeAsyncIterator() }

    func next() async throws -> [Recorded]? {
        while true {
            guard let chunk = try await self.chunk() else { return nil }
            let facts = try self.decoder.take(chunk.readableBytesView).compactMap { try self.fact($0) }
            if !facts.isEmpty { return facts }
        }
    }

    private func chunk() async throws -> ByteBuffer? {
        var body = self.body
        do {
            let chunk = try await body.next(isolation: #isolation)
            self.body = body
            return chunk
        } catch let error as CancellationError {
            throw error
        } catch {
            throw BatonError(
                .engineAbsent,
                "the engine has gone in the middle of the run",
                remedy: "go on with it: baton resume",
                cause: error
            )
        }
    }

    private func fact(_ message: EventStreamDecoder.Message) throws -> Recorded? {
        switch message.event {
        case "plan":
            self.plan = (try? JSON(parsing: message.data)).map { PlanDecoder.plan(SourceNode($0)) }
            return nil
        case "fact":
            guard let position = Int64(message.id) else { throw Self.garbled }
            let plan = self.plan
            do throws(EventCodec.Fault) {
                return try EventCodec.read(message.data, position: Position(position)) { _ throws(EventCodec.Fault) in
                    guard let plan else { throw .plan("it did not come") }
                    return plan
                }
            } catch {
                throw BatonError(
                    .engineAbsent,
                    "an event cannot be read: \(error.message)",
                    remedy: "use the same Baton"
                )
            }
        default: return nil
        }
    }

    private static let garbled = BatonError(
        .engineAbsent,
        "the engine's events came garbled",
        remedy: "try again; `baton show` reads the journal itself"
    )
}
