import AsyncHTTPClient
import BatonCore
import BatonEngine
import BatonTestKit
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

@testable import BatonServer

/// Requests as anybody may send them, good and bad.
@Suite struct RequestTests {
    private struct Answer {
        let status: Int
        let json: JSON
        let text: String
        let headers: HTTPHeaders
    }

    private static func request(_ method: String, _ path: String, at socket: String) -> HTTPClientRequest {
        let host = socket.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        var request = HTTPClientRequest(url: "http+unix://\(host)\(path)")
        request.method = HTTPMethod(rawValue: method)
        return request
    }

    private static func send(
        _ method: String,
        _ path: String,
        at socket: String,
        headers: [(String, String)] = [],
        body: String? = nil
    ) async throws -> Answer {
        var request = Self.request(method, path, at: socket)
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
        let bytes = try await response.body.collect(upTo: 1 << 24)
        return Answer(
            status: Int(response.status.code),
            json: (try? JSON(parsing: bytes.readableBytesView)) ?? .null,
            text: String(buffer: bytes),
            headers: response.headers
        )
    }

    private static func lend(_ body: @escaping @Sendable (String, Engine) async throws -> Void) async throws {
        let engine = Engine(journal: MemoryJournal()) { _ in ScriptedPerformer { _ in .done("done") } }
        try await engine.running { engine in
            try await Served.lend(engine) { _, socket in try await body(socket, engine) }
        }
    }

    // Somebody who says nothing.
    private static func connect(to path: String) throws -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8).prefix($0.count - 1)) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let outcome = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { Foundation.connect(descriptor, $0, size) }
        }
        guard outcome == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        return descriptor
    }

    private static let asJSON = ("content-type", "application/json")

    @Test func `an engine that does not answer in time is told from one that is not there`() async throws {
        try await Self.lend { socket, _ in
            for (patience, path, code) in [
                (Duration.zero, socket, BatonError.Code.engineSilent), (.seconds(60), socket + "-none", .engineAbsent),
            ] {
                let client = ControlClient(socket: path, patience: patience)
                do {
                    _ = try await client.put(.pause(now: false), to: "r", Caller(by: "test"))
                    Issue.record("it was answered")
                } catch let error as BatonError {
                    #expect(error.code == code)
                }
                await client.close()
            }
        }
    }

    @Test func `bad requests are told what is wrong, and nothing happens`() async throws {
        try await Self.lend { socket, engine in
            let run = try await engine.start(chain(1)).id.text
            let commands = "/v1/runs/\(run)/commands"
            let events = "/v1/runs/\(run)/events"
            let cases: [(String, String, [(String, String)], String?, Int, String)] = [
                ("GET", "/nowhere", [], nil, 404, "http.not_found"),
                ("GET", "/v1/runs/no-such", [], nil, 404, "run.unknown"),
                ("GET", "/v1/runs/..%2F..%2Fx", [], nil, 400, "http.run"),
                ("GET", "/v1/runs/%00", [], nil, 400, "http.run"),
                ("GET", "/v1/runs", [("origin", "http://evil.example")], nil, 403, "http.origin"),
                ("POST", "/v1/runs", [("origin", "null"), Self.asJSON], "{}", 403, "http.origin"),
                ("OPTIONS", "/v1/runs", [], nil, 405, "http.method"),
                ("TRACE", "/v1/runs", [], nil, 405, "http.method"),
                ("DELETE", "/v1/runs/\(run)", [], nil, 405, "http.method"),
                ("POST", "/v1/runs", [("content-type", "text/plain")], "{}", 415, "http.content_type"),
                (
                    "POST", "/v1/runs", [("content-type", "application/x-www-form-urlencoded")], "a=b", 415,
                    "http.content_type"
                ),
                ("POST", "/v1/runs", [], "{}", 415, "http.content_type"),
                ("POST", "/v1/runs", [Self.asJSON], "", 400, "http.json"),
                ("POST", "/v1/runs", [Self.asJSON], "{\"plan\": {},}", 400, "http.json"),
                ("POST", "/v1/runs", [Self.asJSON], "{}", 400, "command.form"),
                ("POST", "/v1/runs", [Self.asJSON], "{\"plan\": {\"nonsense\": 1}}", 422, "plan.unknown_field"),
                ("POST", "/v1/runs", [Self.asJSON], "{\"plan\": 1, \"x\": 2}", 400, "command.form"),
                ("POST", commands, [Self.asJSON], "{}", 400, "command.form"),
                ("POST", commands, [Self.asJSON], "{\"command\": \"explode\"}", 400, "command.form"),
                ("POST", commands, [Self.asJSON], "{\"command\": \"pause\", \"later\": 1}", 400, "command.form"),
                ("POST", commands, [Self.asJSON], "{\"command\": \"skip\", \"task\": 1}", 400, "command.form"),
                (
                    "POST", commands, [Self.asJSON, ("idempotency-key", "a b")], "{\"command\": \"pause\"}", 400,
                    "request.key"
                ),
                ("GET", "/v1/runs/no-such/report", [], nil, 404, "run.unknown"),
                ("GET", "/v1/runs/no-such/agents", [], nil, 404, "run.unknown"),
                ("GET", "/v1/runs/no-such/why", [], nil, 404, "run.unknown"),
                ("GET", "/v1/runs/\(run)/tasks/t9", [], nil, 404, "run.unknown"),
                ("GET", "/v1/runs/\(run)/tasks/t9/why", [], nil, 404, "run.unknown"),
                ("GET", "/v1/runs/\(run)/tasks/..%2Fx", [], nil, 400, "http.task"),
                ("GET", "/v1/runs/\(run)/status?warn_below=101", [], nil, 400, "http.query"),
                ("GET", "/v1/stats?last=0", [], nil, 400, "http.query"),
                ("GET", "/v1/stats?last=many", [], nil, 400, "http.query"),
                ("GET", "/v1/stats?agents=perhaps", [], nil, 400, "http.query"),
                ("GET", "/v1/runs/\(run)/diff/no-such", [], nil, 404, "run.unknown"),
                ("GET", "/v1/runs/\(run)/diff/..%2Fx", [], nil, 400, "http.run"),
                ("GET", "/v1/runs/no-such/replay", [], nil, 404, "run.unknown"),
                ("GET", "/v1/runs/no-such/archive", [], nil, 404, "run.unknown"),
                ("GET", "/v1/prunable", [], nil, 400, "http.query"),
                ("GET", "/v1/prunable?keep=-1", [], nil, 400, "http.query"),
                ("GET", "/v1/prunable?older_than=soon", [], nil, 400, "http.query"),
                ("GET", "/v1/prunable?run=no-such", [], nil, 404, "run.unknown"),
                ("GET", "/v1/prunable?run=r&keep=1", [], nil, 400, "http.query"),
                ("GET", "/v1/prunable?older_than=1d&kep=3", [], nil, 400, "http.query"),
                ("GET", "/v1/runs?state=running", [], nil, 400, "http.query"),
                ("POST", "/v1/asks", [Self.asJSON], "{\"agents\": []}", 400, "command.form"),
                ("POST", "/v1/asks", [Self.asJSON], "{\"words\": \"hi\"}", 400, "command.form"),
                ("POST", "/v1/asks", [Self.asJSON], "{\"words\": \"hi\", \"run\": \"no-such\"}", 404, "run.unknown"),
                ("POST", "/v1/asks", [Self.asJSON], "{\"words\": \"hi\", \"who\": \"you\"}", 400, "command.form"),
                (
                    "POST", "/v1/asks", [Self.asJSON], "{\"words\": \"hi\", \"run\": \"\(run)\", \"agent\": \"no\"}",
                    422,
                    "agent.unknown"
                ),
                (
                    "POST", "/v1/asks", [Self.asJSON],
                    "{\"words\": \"hi\", \"run\": \"\(run)\", \"agent\": \"a\", \"type\": \"b\"}", 400, "command.form"
                ),
                (
                    "POST", "/v1/asks", [Self.asJSON], "{\"words\": \"hi\", \"agents\": [{\"nonsense\": 1}]}", 422,
                    "plan.unknown_field"
                ),
                ("GET", "/v1/runs", [("host", "baton"), ("host", "evil.example")], nil, 400, "http.host"),
                ("GET", "/v1/engine?team=perhaps", [], nil, 400, "http.query"),
                ("POST", "/v1/agents", [Self.asJSON], "{}", 405, "http.method"),
                ("GET", events, [("last-event-id", "-1")], nil, 400, "http.position"),
                ("GET", events, [("last-event-id", "+1")], nil, 400, "http.position"),
                ("GET", events, [("last-event-id", "1e3")], nil, 400, "http.position"),
                (
                    "GET", events, [("last-event-id", "1" + String(repeating: "0", count: 30))], nil, 400,
                    "http.position"
                ),
                ("GET", events + "?after=999999", [], nil, 400, "http.position"),
                ("GET", events + "?form=sql%27--", [], nil, 400, "http.form"),
                ("GET", "/v1/runs?" + String(repeating: "x", count: 8192), [], nil, 400, "http.uri"),
            ]
            for (method, path, headers, body, status, code) in cases {
                let answer = try await Self.send(method, path, at: socket, headers: headers, body: body)
                let name = "\(method) \(path.prefix(80)) \(headers) \(body ?? "")"
                #expect(answer.status == status, "\(name)")
                #expect(answer.json["error"]?["code"]?.string == code, "\(name)")
                #expect(answer.json["error"]?["remedy"]?.string?.isEmpty == false, "\(name)")
                #expect(answer.headers["access-control-allow-origin"] == [], "\(name)")
            }
            #expect(try await engine.journal.heads().count == 1)
        }
    }

    @Test func `every route of the document answers`() async throws {
        try await Self.lend { socket, engine in
            let run = try await engine.start(chain(1)).id
            _ = try await engine.facts(of: run).all()
            for route in Route.all where route.method == "GET" && route.answer != "stream" {
                var path = route.path.replacing("{task}", with: "t0")
                for name in ["{run}", "{other}"] { path = path.replacing(name, with: run.text) }
                if route.answer == "prunable" { path += "?keep=0" }
                let answer = try await Self.send("GET", path, at: socket)
                #expect(answer.status == 200, "\(route.path)")
                let type = route.answer == "archive" ? Route.lines : "application/json"
                #expect(answer.headers["content-type"] == [type], "\(route.path)")
            }
            let document = try await Self.send("GET", "/v1/openapi.json", at: socket)
            #expect(document.json == OpenAPI.document)
            let runs = try await Self.send("GET", "/v1/runs", at: socket)
            #expect(runs.json["runs"]?[0]?["run"]?.string == run.text)
        }
    }

    @Test func `a run is compared, folded again, taken elsewhere and looked over`() async throws {
        try await Self.lend { socket, engine in
            let run = try await engine.start(chain(2)).id
            _ = try await engine.facts(of: run).all()
            let path = "/v1/runs/\(run)"
            let replay = try await Self.send("GET", "\(path)/replay", at: socket).json
            #expect(replay == (try await RunReplay.play(run, of: engine.journal)).json)
            let fork = try await engine.fork(RunFork.Wish(of: run, at: Position(3), id: "f"), Caller(by: "ada"))
            _ = try await engine.facts(of: fork.run).all()
            let diff = try await Self.send("GET", "\(path)/diff/f", at: socket).json
            #expect(diff == (try await Readings(engine.journal).difference(between: run, and: "f")).json)
            #expect(diff["shared_events"] == 3)
            let audit = try await Self.send("GET", "/v1/audit", at: socket).json
            #expect(audit["healthy"] == true)
            #expect(audit["runs"] == 2)
            let prunable = try await Self.send("GET", "/v1/prunable?run=f&run=\(run)", at: socket).json
            #expect(Set(prunable["runs"]?.elements ?? []) == ["f", .string(run.text)])
            let archive = try await Self.send("GET", "/v1/runs/f/archive", at: socket).text
            let elsewhere = MemoryJournal()
            let stored = try await RunArchive.read(Array(archive.utf8)).store(in: elsewhere)
            #expect(stored.count == 2)
            #expect(try await RunReplay.play("f", of: elsewhere).differences == [])
        }
    }

    @Test func `somebody is asked without a plan, once for a key`() async throws {
        try await Self.lend { socket, engine in
            let body = """
                {"words": "What is {{new}}?", "agent": "w", "agents": [{"agent_id": "w", "type": "function"}], "id": "q"}
                """
            let headers = [Self.asJSON, ("idempotency-key", "k")]
            let reply = try await Self.send("POST", "/v1/asks", at: socket, headers: headers, body: body)
            #expect(reply.status == 200, "\(reply.text)")
            #expect(
                try await Self.send("POST", "/v1/asks", at: socket, headers: headers, body: body).text == reply.text
            )
            _ = try await engine.facts(of: "q").all()
            #expect(try await Self.send("GET", "/v1/runs/q/tasks/ask", at: socket).json["output"] == "done")
            let other = "{\"words\": \"and now?\", \"run\": \"q\", \"id\": \"q2\"}"
            let next = try await Self.send("POST", "/v1/asks", at: socket, headers: [Self.asJSON], body: other)
            #expect(next.json["run"] == "q2")
        }
    }

    @Test func `who is connected and asks nothing makes room for others`() async throws {
        let engine = Engine(journal: MemoryJournal()) { _ in nil }
        try await engine.running { engine in
            try await Served.lend(engine, clients: 1, silence: .milliseconds(20)) { _, socket in
                let silent = try Self.connect(to: socket)
                defer { close(silent) }
                #expect(try await Self.send("GET", "/v1/runs", at: socket).status == 200)
            }
        }
    }

    @Test func `a body that does not come whole in time is refused, and its connection makes room`() async throws {
        let engine = Engine(journal: MemoryJournal()) { _ in nil }
        try await engine.running { engine in
            try await Served.lend(engine, clients: 1, patience: .milliseconds(20)) { _, socket in
                let (bytes, sender) = AsyncStream.makeStream(of: ByteBuffer.self)
                sender.yield(ByteBuffer(string: "{"))
                var request = Self.request("POST", "/v1/asks", at: socket)
                request.headers.add(name: "content-type", value: "application/json")
                request.body = .stream(bytes, length: .known(Int64(10)))
                let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
                let said = try JSON(parsing: try await response.body.collect(upTo: 1 << 16).readableBytesView)
                #expect(response.status == .requestTimeout)
                #expect(said["error"]?["code"] == "http.slow")
                #expect(try await Self.send("GET", "/v1/runs", at: socket).status == 200)
                sender.finish()
            }
        }
    }

    @Test func `who sends a body that nobody reads is answered and let go, and makes room`() async throws {
        let engine = Engine(journal: MemoryJournal()) { _ in nil }
        try await engine.running { engine in
            try await Served.lend(engine, clients: 1) { _, socket in
                for (method, path, status) in [
                    ("GET", "/v1/runs", 200), ("DELETE", "/v1/runs", 405),
                    ("POST", "/v1/asks", 415),
                ] {
                    let (bytes, sender) = AsyncStream.makeStream(of: ByteBuffer.self)
                    sender.yield(ByteBuffer(string: "{"))
                    var request = Self.request(method, path, at: socket)
                    request.body = .stream(bytes, length: .known(Int64(10)))
                    let response = try await HTTPClient.shared.execute(request, timeout: .seconds(30))
                    #expect(Int(response.status.code) == status, "\(method) \(path)")
                    #expect(response.headers["connection"] == ["close"], "\(method) \(path)")
                    #expect(try await Self.send("GET", "/v1/engine?team=false", at: socket).status == 200)
                    sender.finish()
                }
            }
        }
    }

    @Test func `who hears nothing of what was asked is told with which key it can be said again`() async throws {
        let folder = try TemporaryFolder()
        let path = folder("engine.sock")
        // It takes one request, and goes away with it.
        let bootstrap = ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { $0.pipeline.addHandler(Deserter(path: path)) }
        let server = try await bootstrap.bind(unixDomainSocketPath: path).get()
        let client = ControlClient(socket: path, patience: .seconds(60))
        let error = await #expect(throws: BatonError.self) {
            _ = try await client.put(.pause(now: false), to: "r", Caller(key: "k7", by: "test"))
        }
        #expect(error?.code == .engineSilent)
        #expect(error?.remedy.contains("--key k7") == true)
        await client.close()
        try await server.close()
    }

    private final class Deserter: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        private let path: String

        init(path: String) { self.path = path }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            unlink(self.path)
            context.close(promise: nil)
        }
    }

    @Test func `HEAD is answered as GET without a body, also where that is an error`() async throws {
        try await Self.lend { socket, engine in
            let run = try await engine.start(chain(1)).id
            _ = try await engine.facts(of: run).all()
            let paths = ["/v1/runs", "/v1/runs/\(run)", "/v1/runs/no-such", "/nowhere", "/v1/runs/\(run)/commands"]
            for (path, status) in zip(paths, [200, 200, 404, 404, 405]) {
                let whole = try await Self.send("GET", path, at: socket)
                let head = try await Self.send("HEAD", path, at: socket)
                #expect(head.status == status, "\(path)")
                #expect(head.status == whole.status, "\(path)")
                #expect(head.json == .null, "\(path)")
                #expect(head.headers["content-length"] == whole.headers["content-length"], "\(path)")
                #expect(head.headers["content-type"] == ["application/json"], "\(path)")
            }
            #expect(try await Self.send("HEAD", "/v1/runs/\(run)/events", at: socket).status == 200)
        }
    }

    @Test func `an engine tells its project folder, and leaves the team out when it is told to`() async throws {
        var configuration = Engine.Configuration()
        configuration.projectFolder = "/srv/shop"
        let engine = Engine(journal: MemoryJournal(), configuration: configuration) { _ in nil }
        try await engine.running { engine in
            try await Served.lend(engine) { _, socket in
                let whole = try await Self.send("GET", "/v1/engine", at: socket).json
                #expect(whole["project_folder"] == "/srv/shop")
                #expect(whole["team"] != nil)
                let brief = try await Self.send("GET", "/v1/engine?team=false", at: socket).json
                #expect(brief["project_folder"] == "/srv/shop")
                #expect(brief["team"] == nil)
            }
        }
        try await Self.lend { socket, _ in
            let json = try await Self.send("GET", "/v1/engine", at: socket).json
            #expect(json["project_folder"] == nil, "an engine that starts no commands has none")
        }
    }

    @Test func `an ended stream tells a browser not to come back`() async throws {
        try await Self.lend { socket, engine in
            let run = try await engine.start(chain(1)).id
            let last = try await engine.facts(of: run).all().count
            let answer = try await Self.send("GET", "/v1/runs/\(run)/events?after=\(last)", at: socket)
            #expect(answer.status == 204)
        }
    }

    @Test func `a hundred at once see every event, and one that does not read holds nobody up`() async throws {
        let engine = Engine(journal: MemoryJournal()) { _ in ScriptedPerformer { _ in .done("done") } }
        try await engine.running { engine in
            try await Served.lend(engine) { client, socket in
                let run = try await client.start(chain(20), Engine.StartOptions(), ada).run
                let lazy = try await client.facts(of: run)
                let counts = try await withThrowingTaskGroup(of: Int.self) { group in
                    for _ in 0..<100 { group.addTask { try await client.facts(of: run).all().count } }
                    return try await group.reduce(into: Set<Int>()) { $0.insert($1) }
                }
                let all = try await JournalReader(engine.journal).all(of: run).count
                #expect(counts == [all])
                _ = try await lazy.next()
            }
        }
    }
}
