import BatonCore
package import BatonEngine
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// The API of an engine on a Unix socket, for as long as ``run()`` goes on.
package final class ControlServer: Sendable {
    private let engine: Engine
    private let path: String
    private let clients: Int
    private let silence: Duration
    private let patience: Duration
    private let command: @Sendable ([String]) -> String
    private let broadcasts = EventBroadcasts()
    private let service = Mutex(Service.fresh)

    private enum Service {
        case fresh
        case running(ServiceGroup)
        case closed
    }

    /// How long requests that are under way may take once nothing new is accepted.
    private static let graceAtEnd = Duration.seconds(1)

    /// Serves an engine on the socket at a path where there is nothing yet, in a folder that only this user may enter.
    ///
    /// - Parameters:
    ///   - clients: so many may be connected at once; others wait until one goes.
    ///   - silence: how long somebody who is connected may take to ask something.
    ///   - patience: how long a body may take to come whole, however little of it comes at a time.
    ///   - command: a line of `baton` that can be typed as it is, from its words: reports name some.
    package init(
        _ engine: Engine,
        at path: String,
        clients: Int = 4096,
        silence: Duration = .seconds(60),
        patience: Duration = .seconds(120),
        command: @escaping @Sendable ([String]) -> String = { (["baton"] + $0).joined(separator: " ") }
    ) {
        self.engine = engine
        self.path = path
        self.clients = clients
        self.silence = silence
        self.patience = patience
        self.command = command
    }

    /// Listens until ``close()``, or until it is cancelled, which drops whatever is just being accepted.
    ///
    /// - Parameter onListening: called once, when clients can connect.
    /// - Throws: ``BatonError`` with `engine.socket` if it cannot listen.
    package func run(onListening: @escaping @Sendable () -> Void = {}) async throws {
        let router = Router(context: BasicRequestContext.self, options: .autoGenerateHeadEndpoints)
        router.add(middleware: RequestRules())
        Handlers(
            engine: self.engine,
            broadcasts: self.broadcasts,
            patience: self.patience,
            command: self.command
        ).register(on: router)
        var logger = Logger(label: "baton.control")
        // What goes wrong is said to who asked; a client that went away is nobody's error.
        logger.logLevel = .critical
        let application = Application(
            responder: router.buildResponder(),
            server: .http1(configuration: .init(idleTimeout: TimeAmount(self.silence))),
            configuration: ApplicationConfiguration(
                address: .unixDomainSocket(path: self.path),
                serverName: "baton/\(Baton.version)",
                backlog: 4096,
                availableConnectionsDelegate: MaximumAvailableConnections(self.clients)
            ),
            onServerRunning: { _ in onListening() },
            logger: logger
        )
        let group = Self.group(application, logger)
        let isFresh = self.service.withLock { service in
            guard case .fresh = service else { return false }
            service = .running(group)
            return true
        }
        guard isFresh else { return }
        do {
            try await group.run()
        } catch is CancellationError {
            return
        } catch {
            throw BatonError(
                BatonError.Code("engine.socket"),
                "cannot listen on \(self.path): \(String(describing: error))",
                remedy: "check the folder; the run goes on without control from outside"
            )
        }
    }

    private static func group(_ application: some ApplicationProtocol, _ logger: Logger) -> ServiceGroup {
        var configuration = ServiceGroupConfiguration(
            services: [.init(service: application, successTerminationBehavior: .gracefullyShutdownGroup)],
            logger: logger
        )
        configuration.maximumGracefulShutdownDuration = Self.graceAtEnd
        return ServiceGroup(configuration: configuration)
    }

    /// Lets event streams send their last, accepts nothing more, and ends ``run(onListening:)``.
    ///
    /// To cancel instead would drop connections that are just being accepted, which NIO takes for a fault of the program.
    package func close() async {
        for _ in 0..<100 where self.broadcasts.count > 0 { try? await Task.sleep(for: .milliseconds(10)) }
        let group: ServiceGroup? = self.service.withLock { service in
            defer { service = .closed }
            if case .running(let group) = service { return group }
            return nil
        }
        await group?.triggerGracefulShutdown()
    }
}

/// What every request must keep, before anything of it is read; and errors in the form of the API.
private struct RequestRules: RouterMiddleware {
    typealias Context = BasicRequestContext

    @concurrent func handle(
        _ request: Request,
        context: BasicRequestContext,
        next: @concurrent (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        var response = try await self.answer(request, context: context, next: next)
        // A body behind a HEAD would be read as the next answer.
        if request.method == .head { response = response.createHeadResponse() }
        // The rest of a body that nobody reads would be waited for as long as somebody sends it.
        if request.hasBody, request.method != .post || response.status.kind != .successful {
            response = response.closing
        }
        return response
    }

    @concurrent private func answer(
        _ request: Request,
        context: BasicRequestContext,
        next: @concurrent (Request, BasicRequestContext) async throws -> Response
    ) async throws -> Response {
        do {
            try Self.check(request)
            return try await next(request, context)
        } catch let error as BatonError {
            return Self.response(error)
        } catch let error as HTTPError where error.status == .notFound {
            return Self.response(Self.nowhere(request))
        } catch let error as HTTPError where error.status == .contentTooLarge {
            return Self.response(
                .http("http.size", "the body is too large", remedy: "send less than \(Handlers.largestBody >> 20) MiB")
            )
        }
    }

    private static func check(_ request: Request) throws {
        // Programs of this user send none; pages of other sites would.
        guard request.headers[.origin] == nil else {
            throw BatonError.http("http.origin", "requests of web pages are refused", remedy: "ask from a program")
        }
        // Any name will do on a socket, and none. The first is the authority of the request, another one a field.
        guard request.header("host") == nil else {
            throw BatonError.http("http.host", "there are several Host headers", remedy: "send one")
        }
        guard request.uri.string.utf8.count <= 8192 else {
            throw BatonError.http("http.uri", "the address is over 8192 bytes", remedy: "send a shorter one")
        }
        guard request.method != .post || Self.isJSON(request.headers[.contentType]) else {
            throw BatonError.http(
                "http.content_type",
                "the body is not JSON",
                remedy: "send content-type: application/json"
            )
        }
    }

    private static func isJSON(_ type: String?) -> Bool {
        guard let type = type?.split(separator: ";").first else { return false }
        return type.trimmingCharacters(in: .whitespaces).lowercased() == "application/json"
    }

    private static func nowhere(_ request: Request) -> BatonError {
        let path = PlainText.line(request.uri.path, limit: 80)
        return .http("http.not_found", "there is nothing at \(path)", remedy: "/v1/openapi.json lists the addresses")
    }

    private static func response(_ error: BatonError) -> Response {
        Response.json(["error": error.json], status: .init(code: Status.code(of: error)))
    }
}

extension Request {
    fileprivate var hasBody: Bool {
        self.headers[.transferEncoding] != nil || self.headers[.contentLength].map { $0 != "0" } ?? false
    }
}

extension Response {
    /// The same, and the connection ends behind it.
    fileprivate var closing: Response {
        let body = self.body
        var headers = self.headers
        headers[.connection] = "close"
        // Its length is among the headers already; that of an answer to HEAD is not the length of what is sent.
        let closing = ResponseBody { writer in
            try await body.write(writer)
            throw CancellationError()
        }
        return Response(status: self.status, headers: headers, body: closing)
    }

    static func json(_ value: JSON, status: HTTPResponse.Status = .ok) -> Response {
        var bytes = value.bytes
        bytes.append(UInt8(ascii: "\n"))
        return Response(
            status: status,
            headers: [
                .contentType: "application/json", .cacheControl: "no-store",
                .xContentTypeOptions: "nosniff",
            ],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes))
        )
    }
}
