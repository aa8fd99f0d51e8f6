import BatonCore
import BatonEngine
import BatonReports
import HTTPTypes
import Hummingbird
import NIOCore

/// Answers the routes; `Route.all` says what each is for.
struct Handlers: Sendable {
    /// A plan file has as much at most.
    static let largestBody = 64 << 20

    let engine: Engine
    let broadcasts: EventBroadcasts
    /// So long may a body take to come whole.
    let patience: Duration
    /// A line of `baton` from its words.
    let command: @Sendable ([String]) -> String

    typealias Handler = @Sendable (Request, BasicRequestContext) async throws -> Response

    func register(on router: Router<BasicRequestContext>) {
        for route in Route.all {
            guard let handler = self.handler(of: route), let method = HTTPRequest.Method(rawValue: route.method) else {
                preconditionFailure("a route without a handler: \(route.path)")
            }
            let known = route.parameters.filter { $0.place == "query" }.map(\.name)
            router.on(RouterPath(route.path), method: method) { request, context -> Response in
                try Self.check(request, known)
                return try await handler(request, context)
            }
        }
        self.refuseOtherMethods(on: router)
    }

    // A parameter with a slip in its name would be passed over, and prune more than was meant.
    private static func check(_ request: Request, _ known: [String]) throws {
        guard let name = request.uri.queryParameters.lazy.map({ String($0.key) }).first(where: { !known.contains($0) })
        else { return }
        throw BatonError.http(
            "http.query",
            "there is no parameter `\(PlainText.line(name, limit: 80))` here",
            remedy: known.isEmpty ? "leave it out" : "there is \(known.joined(separator: ", "))"
        )
    }

    private func refuseOtherMethods(on router: Router<BasicRequestContext>) {
        let methods: [HTTPRequest.Method] = [.get, .post, .put, .patch, .delete, .options, .trace, .connect]
        for path in Set(Route.all.map(\.path)).sorted() {
            let allowed = Route.all.filter { $0.path == path }.map(\.method)
            for method in methods where !allowed.contains(method.rawValue) {
                router.on(RouterPath(path), method: method) { _, _ -> Response in
                    throw BatonError.http(
                        "http.method",
                        "\(method.rawValue) is not answered here",
                        remedy: "send \(allowed.joined(separator: " or "))"
                    )
                }
            }
        }
    }

    private func handler(of route: Route) -> Handler? {
        let (engine, readings, broadcasts) = (self.engine, Readings(self.engine.journal), self.broadcasts)
        return switch (route.method, route.path) {
        case ("GET", "/v1/engine"):
            { request, _ in .json(try await Self.status(request, engine, readings)) }
        case ("GET", "/v1/openapi.json"): { _, _ in .json(OpenAPI.document) }
        case ("POST", "/v1/runs"): { request, _ in .json(try await self.start(request, engine).json) }
        case ("GET", "/v1/runs/{run}/events"):
            { request, context in
                try await EventStream(engine: engine, run: Self.run(context), broadcasts: broadcasts)
                    .response(to: request)
            }
        case ("POST", "/v1/runs/{run}/commands"):
            { request, context in
                let command = try await self.command(request)
                return .json(try await engine.put(command, to: Self.run(context), Self.caller(request)).json)
            }
        case ("POST", "/v1/runs/{run}/forks"):
            { request, context in
                let wish = try await self.fork(request, of: Self.run(context))
                return .json(try await engine.fork(wish, Self.caller(request)).json)
            }
        case ("POST", "/v1/asks"):
            { request, _ in .json(try await engine.ask(try await self.ask(request), Self.caller(request)).json) }
        default: self.journaling(of: route) ?? self.reading(of: route)
        }
    }

    private static func status(_ request: Request, _ engine: Engine, _ readings: Readings) async throws -> JSON {
        let wanted = request.uri.queryParameters.get("team") ?? "true"
        guard ["true", "false"].contains(wanted) else {
            throw BatonError.http("http.query", "`team` is true or false", remedy: "correct it, or leave it out")
        }
        return wanted == "false" ? engine.status : engine.status.adding("team", try await readings.team().json)
    }

    // MARK: What a request says

    static func run(_ context: BasicRequestContext, _ name: String = "run") throws -> RunID {
        let text = context.parameters.get(name) ?? ""
        guard NameRule.fault(of: text) == nil else {
            throw BatonError.http("http.run", "that is no identifier of a run", remedy: "/v1/runs lists the runs")
        }
        return RunID(text)
    }

    private static func caller(_ request: Request) throws -> Caller {
        let key = request.header("Idempotency-Key")
        if let fault = key.flatMap({ Caller.fault(ofKey: $0) }) { throw fault }
        let user = request.header("Baton-User").map { PlainText.line($0, limit: 80) } ?? ""
        return Caller(key: key, by: user.isEmpty ? "api" : user)
    }

    private func body(_ request: Request) async throws -> JSON {
        let buffer = try await self.bytes(of: request)
        do {
            return try JSON(parsing: buffer.readableBytesView)
        } catch {
            throw BatonError.http("http.json", "the body is no JSON: \(error)", remedy: "send one JSON object")
        }
    }

    // Whoever sends it byte by byte would keep a connection for ever.
    private func bytes(of request: Request) async throws -> ByteBuffer {
        let patience = self.patience
        return try await withThrowingTaskGroup(of: ByteBuffer?.self) { group in
            group.addTask { try await request.body.collect(upTo: Self.largestBody) }
            group.addTask {
                try await Task.sleep(for: patience)
                return nil
            }
            defer { group.cancelAll() }
            guard let buffer = try await group.next() ?? nil else {
                throw BatonError(
                    .slowBody,
                    "the body was not whole after \(SpanText.of(patience))",
                    remedy: "send it at once"
                )
            }
            return buffer
        }
    }

    private func command(_ request: Request) async throws -> Wish {
        do {
            return try Wish(json: try await self.body(request))
        } catch let refusal as Refusal {
            throw BatonError(refusal)
        }
    }

    private func ask(_ request: Request) async throws -> AskRequest {
        do {
            return try AskRequest(json: try await self.body(request))
        } catch let refusal as Refusal {
            throw BatonError(refusal)
        }
    }

    private func fork(_ request: Request, of run: RunID) async throws -> RunFork.Wish {
        do {
            return try RunFork.Wish(of: run, json: try await self.body(request))
        } catch let refusal as Refusal {
            throw BatonError(refusal)
        }
    }

    private func start(_ request: Request, _ engine: Engine) async throws -> CommandReply {
        let caller = try Self.caller(request)
        do {
            let start = try StartRequest(json: try await self.body(request))
            return try await engine.start(start.plan, start.options, caller)
        } catch let refusal as Refusal {
            throw BatonError(refusal)
        }
    }
}

extension Request {
    /// The text of a header; nil if there is none.
    func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { self.headers[$0] } }
}
